/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in and out. Wrong tenants, users and passwords, and locked users, are answered alike and
 * take as long, so that nobody learns which names there are. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "answer_user.h"
#include "api_account.h"
#include "api_handlers.h"
#include "api_password.h"
#include "api_state.h"

#define SEAT_WAIT_MS 3000

static int wrong(struct api_call *call)
{
    return api_refuse(call, 401, "sign_in", "", "ten wrong passwords lock a user for 15 minutes",
                      "tenant, user or password is wrong, or the user is locked");
}

static int add_token(struct api_call *call, const char *name, enum api_token_kind kind,
                     int64_t version, int64_t seconds)
{
    struct api_token token = {
        .kind = kind, .version = version, .expires_s = api_real_ms() / 1000 + seconds};
    memcpy(token.tenant, call->who.tenant, sizeof(token.tenant));
    memcpy(token.user, call->who.user, sizeof(token.user));
    char text[API_TOKEN_SIZE];
    int err = api_token_write(&call->api->secret, &token, text);
    if (err == 0)
        http_json_text(&call->answer, call->root, name, text);
    return err;
}

static int answer_session(struct api_call *call, int64_t version)
{
    int err = add_token(call, "accessToken", TOKEN_ACCESS, version, API_ACCESS_S);
    if (err == 0)
        err = add_token(call, "refreshToken", TOKEN_REFRESH, version, API_REFRESH_S);
    http_json_number(&call->answer, call->root, "expiresInSeconds", API_ACCESS_S);
    cJSON *user = http_json_add_object(&call->answer, call->root, "user");
    return err < 0 ? err : answer_user(call, user, call->who.user);
}

struct standing { /* of a user who signs in */
    char hash[API_HASH_SIZE];
    int64_t version;
    bool open; /* active and not locked */
};

static int read_standing(struct api_call *call, struct standing *ret)
{
    static const char select[] = "SELECT password_hash, token_version, state, locked_until_ms FROM"
                                 " account_user WHERE user_name = $1";
    *ret = (struct standing){.hash = ""};
    int err = sql_begin(call->s, SQL_READ);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, call->who.user);
    int n = sql_step(q);
    if (n == 1) {
        sql_copy(q, 0, ret->hash, sizeof(ret->hash));
        ret->version = sql_int(q, 1);
        ret->open = strcmp(sql_text(q, 2), "active") == 0 && sql_int(q, 3) <= api_real_ms();
    }
    sql_query_free(TAKE(q));
    sql_rollback(call->s);
    return n < 0 ? n : 0;
}

/* The last failure that is one too many locks, and begins the count anew. */
static const char update_failed[] =
    "UPDATE account_user SET locked_until_ms = CASE WHEN failures + 1 >= $2 THEN $3 ELSE"
    " locked_until_ms END, failures = CASE WHEN failures + 1 >= $2 THEN 0 ELSE failures + 1 END"
    " WHERE user_name = $1 AND locked_until_ms <= $4";
static const char update_good[] =
    "UPDATE account_user SET failures = 0 WHERE user_name = $1 AND failures > 0";

static int note_attempt(struct api_call *call, bool good)
{
    int err = sql_begin(call->s, SQL_WRITE);
    if (err < 0)
        return err;
    int64_t now_ms = api_real_ms();
    AUTO(sql_query) q = sql_query(call->s, good ? update_good : update_failed);
    sql_bind_text(q, 1, call->who.user);
    if (!good) {
        sql_bind_int(q, 2, ACCOUNT_FAILURES_MAX);
        sql_bind_int(q, 3, now_ms + ACCOUNT_LOCK_MS);
        sql_bind_int(q, 4, now_ms);
    }
    err = sql_run(q);
    sql_query_free(TAKE(q));
    if (err < 0) {
        sql_rollback(call->s);
        return err;
    }
    return sql_commit(call->s);
}

static int sign_in(struct api_call *call, const char *password)
{
    struct standing standing;
    int err = read_standing(call, &standing);
    if (err < 0)
        return err;
    bool holds = api_password_holds(password, standing.hash);
    bool good = holds && standing.open;
    if (good || standing.open)
        err = note_attempt(call, good);
    if (err < 0)
        return err;
    if (!good)
        return wrong(call);
    err = sql_begin(call->s, SQL_READ);
    return err < 0 ? err : answer_session(call, standing.version);
}

static int take_seat(struct api_call *call)
{
    int err = api_seat_take(call->api->seats, call->who.tenant, SEAT_WAIT_MS, &call->seat);
    if (err == 0)
        call->s = call->seat.s;
    return err;
}

static void give_seat(struct api_call *call)
{
    api_seat_give(call->api->seats, &call->seat);
    call->s = NULL;
}

int handle_login(struct api_call *call)
{
    snprintf(call->who.tenant, sizeof(call->who.tenant), "%s", api_body_text(call, "tenant", ""));
    snprintf(call->who.user, sizeof(call->who.user), "%s", api_body_text(call, "user", ""));
    const char *password = api_body_text(call, "password", "");
    int err = take_seat(call);
    if (err == -ENOENT) {
        api_password_holds(password, "");
        call->who.tenant[0] = '\0'; /* not for the log: it may be anything */
        return wrong(call);
    }
    if (err < 0)
        return err;
    err = sign_in(call, password);
    give_seat(call);
    return err;
}

static int refresh(struct api_call *call, int64_t version)
{
    static const char select[] =
        "SELECT 1 FROM account_user WHERE user_name = $1 AND state = 'active' AND"
        " token_version = $2";
    int err = sql_begin(call->s, SQL_READ);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, call->who.user);
    sql_bind_int(q, 2, version);
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (n == 0)
        return api_refuse(call, 401, "token_ended", "refreshToken", "sign in again",
                          "the session was ended");
    return answer_session(call, version);
}

int handle_refresh(struct api_call *call)
{
    struct api_token token;
    int err = api_token_read(&call->api->secret, api_body_text(call, "refreshToken", ""),
                             TOKEN_REFRESH, api_real_ms() / 1000, &token);
    if (err < 0)
        return api_refuse(call, 401, err == -ETIME ? "token_over" : "no_token", "refreshToken",
                          "sign in again", "the refresh token is not valid");
    memcpy(call->who.tenant, token.tenant, sizeof(token.tenant));
    memcpy(call->who.user, token.user, sizeof(token.user));
    err = take_seat(call);
    if (err < 0)
        return err;
    err = refresh(call, token.version);
    give_seat(call);
    return err;
}

static int end_sessions(struct api_call *call)
{
    static const char update[] =
        "UPDATE account_user SET token_version = token_version + 1 WHERE user_name = $1";
    AUTO(sql_query) q = sql_query(call->s, update);
    sql_bind_text(q, 1, call->who.user);
    return sql_run(q);
}

int handle_logout(struct api_call *call)
{
    return end_sessions(call);
}

int handle_get_me(struct api_call *call)
{
    return answer_user(call, call->root, call->who.user);
}

int handle_put_password(struct api_call *call)
{
    static const char select[] = "SELECT password_hash FROM account_user WHERE user_name = $1";
    static const char update[] =
        "UPDATE account_user SET password_hash = $2, changed_ms = $3 WHERE user_name = $1";
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, call->who.user);
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (!api_password_holds(api_body_text(call, "oldPassword", ""), sql_text(q, 0)))
        return api_refuse(call, 422, "password", "oldPassword", "", "it is not your password");
    char hash[API_HASH_SIZE];
    int err = api_password_hash(api_body_text(call, "newPassword", ""), hash);
    if (err < 0)
        return err;
    AUTO(sql_query) u = sql_query(call->s, update);
    sql_bind_text(u, 1, call->who.user);
    sql_bind_text(u, 2, hash);
    sql_bind_int(u, 3, api_real_ms());
    err = sql_run(u);
    if (err == 0)
        err = end_sessions(call);
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "user:%s", call->who.user);
    struct api_change change = {.type = "PasswordChanged",
                                .subject = subject,
                                .place = "",
                                .why = "asked for",
                                .before = "",
                                .after = ""};
    return err < 0 ? err : api_audit(call, &change);
}
