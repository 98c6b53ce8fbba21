/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_gate.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "api_state.h"

#define STRANGER_PER_S 10
#define STRANGER_BURST 40
#define PROVIDER_PER_S 200 /* a campaign's 80 messages a second, with their receipts */
#define PROVIDER_BURST 1000
#define BURST_S 2 /* a bucket holds what comes in so long */

static int limit(struct api_call *call, const char *kind, const char *name, int64_t per_s,
                 int64_t burst)
{
    char bucket[API_LIMIT_NAME_SIZE];
    snprintf(bucket, sizeof(bucket), "%s:%s", kind, name);
    struct api_limit rate = {.per_s = per_s, .burst = burst};
    call->retry_s = api_limit_take(call->api, bucket, &rate);
    if (call->retry_s == 0)
        return 0;
    char allowed[48];
    snprintf(allowed, sizeof(allowed), "%d requests a second", (int)per_s);
    return api_refuse(call, 429, "too_many", "", allowed, "too many requests of this %s", kind);
}

/* The text behind "Bearer ", or "". */
static const char *bearer_of(const struct api_call *call)
{
    const char *header = http_header(call->request, "Authorization");
    return strncasecmp(header, "Bearer ", 7) == 0 ? header + 7 : "";
}

int api_gate_token(struct api_call *call)
{
    assert(call);
    struct api_token token;
    int err = api_token_read(&call->api->secret, bearer_of(call), TOKEN_ACCESS,
                             api_real_ms() / 1000, &token);
    if (err < 0)
        return api_refuse(call, 401, err == -ETIME ? "token_over" : "no_token", "Authorization",
                          "Bearer and the access token of /api/v1/login",
                          err == -ETIME ? "the token is over" : "there is no valid token");
    memcpy(call->who.tenant, token.tenant, sizeof(token.tenant));
    memcpy(call->who.user, token.user, sizeof(token.user));
    call->who.version = token.version;
    call->who.expires_s = token.expires_s;
    int per_s = call->api->conf.user_per_s;
    char name[ORIGIN_TENANT_SIZE + API_USER_SIZE];
    snprintf(name, sizeof(name), "%s/%s", token.tenant, token.user);
    err = limit(call, "user", name, per_s, (int64_t)per_s * BURST_S);
    if (err < 0)
        return err;
    per_s = call->api->conf.tenant_per_s;
    return limit(call, "tenant", token.tenant, per_s, (int64_t)per_s * BURST_S);
}

int api_gate_stranger(struct api_call *call)
{
    assert(call);
    char peer[HTTP_PEER_SIZE];
    return limit(call, "address", http_peer(call->request, peer), STRANGER_PER_S, STRANGER_BURST);
}

int api_gate_provider(struct api_call *call)
{
    assert(call);
    char peer[HTTP_PEER_SIZE];
    return limit(call, "provider", http_peer(call->request, peer), PROVIDER_PER_S, PROVIDER_BURST);
}

int api_gate_callback(struct api_call *call, const char *tenant)
{
    assert(call && tenant);
    int per_s = call->api->conf.tenant_per_s;
    return limit(call, "callback", tenant, per_s, (int64_t)per_s * BURST_S);
}

int api_gate_metrics(struct api_call *call)
{
    assert(call);
    const char *want = call->api->conf.metrics_token;
    const char *got = bearer_of(call);
    size_t len = strlen(want);
    int differ = len == 0 || strlen(got) != len;
    for (size_t i = 0; i < len && strlen(got) == len; i++)
        differ |= want[i] ^ got[i];
    if (differ != 0)
        return api_refuse(call, 401, "no_token", "Authorization",
                          "Bearer and the metrics token of the configuration",
                          "there is no valid token");
    return 0;
}

static const char select_user[] =
    "SELECT role, territories, state, token_version FROM account_user WHERE user_name = $1";

static int read_user(struct api_call *call)
{
    AUTO(sql_query) q = sql_query(call->s, select_user);
    sql_bind_text(q, 1, call->who.user);
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (n == 0 || strcmp(sql_text(q, 2), "active") != 0 || sql_int(q, 3) != call->who.version ||
        api_role_parse(sql_text(q, 0), &call->who.role) < 0)
        return api_refuse(call, 401, "token_ended", "Authorization", "sign in again",
                          "the session was ended");
    const char *territories = sql_text(q, 1);
    call->who.territories[0] = '\0';
    if (territories[0] != '\0')
        snprintf(call->who.territories, sizeof(call->who.territories), "+%s+", territories);
    return 0;
}

int api_gate_user(struct api_call *call)
{
    assert(call && sql_in_transaction(call->s));
    int err = read_user(call);
    if (err < 0)
        return err;
    snprintf(call->actor, sizeof(call->actor), "user:%s", call->who.user);
    if ((call->route->roles & 1U << call->who.role) == 0)
        return api_refuse(call, 403, "role", "", "", "this is not for the role %s",
                          api_role_name(call->who.role));
    if (call->route->scope == SCOPE_TENANT && call->who.territories[0] != '\0')
        return api_refuse(call, 403, "territory", "", "",
                          "this is for users whose territories are not limited");
    return 0;
}
