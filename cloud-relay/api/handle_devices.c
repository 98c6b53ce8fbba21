/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "api_claim.h"
#include "api_handlers.h"
#include "api_quota.h"
#include "api_rows.h"
#include "api_state.h"
#include "certificate.h"

#define DEVICES_MAX 2000
#define ONLINE_MS 600000
#define HOUR_MS INT64_C(3600000)

static const char select_devices[] =
    "SELECT d.device, d.site, s.territory, d.state, d.epoch, d.shard, d.release, d.wire, d.head,"
    " coalesce(w.wm, 0), CASE WHEN d.head > coalesce(w.wm, 0) THEN d.head - coalesce(w.wm, 0) ELSE"
    " 0 END, d.last_heard_ms, d.skew_ms, d.site, d.certificate, d.last_heard_ms FROM device d JOIN"
    " site s ON s.site = d.site LEFT JOIN watermark w ON w.device = d.device AND w.epoch = d.epoch"
    " WHERE ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND"
    " ($3 = '' OR d.device = $3) ORDER BY d.device LIMIT $2";
static const struct api_column device_columns[] = {
    {"device", FIELD_TEXT},    {"site", FIELD_TEXT},
    {"territory", FIELD_TEXT}, {"state", FIELD_TEXT},
    {"epoch", FIELD_INT},      {"shard", FIELD_INT},
    {"release", FIELD_TEXT},   {"wire", FIELD_INT},
    {"head", FIELD_INT},       {"watermark", FIELD_INT},
    {"queue", FIELD_INT},      {"lastHeard", FIELD_INSTANT},
    {"skewMs", FIELD_INT},     {"siteDataAgeSeconds", FIELD_AGE},
};

static struct sql_query *query_devices(struct api_call *call, const char *device)
{
    struct sql_query *q = sql_query(call->s, select_devices);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, DEVICES_MAX);
    sql_bind_text(q, 3, device);
    return q;
}

static int add_device(struct api_call *call, cJSON *to, struct sql_query *q)
{
    int err = api_row(call, to, q, device_columns, ARRAY_LEN(device_columns));
    if (err < 0)
        return err;
    struct certificate_facts facts;
    int64_t until_ms = certificate_read(sql_text(q, 14), &facts) == 0 ? facts.to_ms : 0;
    http_json_instant(&call->answer, to, "certificateUntil", until_ms);
    int64_t heard_ms = sql_int(q, 15);
    http_json_bool(&call->answer, to, "online",
                   heard_ms > 0 && call->now_ms - heard_ms < ONLINE_MS);
    return 0;
}

int handle_list_devices(struct api_call *call)
{
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query) q = query_devices(call, "");
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        int err = add_device(call, http_json_add_object(&call->answer, items, NULL), q);
        if (err < 0)
            return err;
    }
    return n < 0 ? n : api_add_freshness(call, call->root, "");
}

/* Writes the device into `to`, or refuses: it is not there, or not the caller's. */
static int find_device(struct api_call *call, cJSON *to, const char *device)
{
    AUTO(sql_query) q = query_devices(call, device);
    int n = sql_step(q);
    if (n < 0)
        return n;
    return n == 1 ? add_device(call, to, q) : api_absent(call, "device", device);
}

static const char select_journals[] =
    "SELECT epoch, wm, safe, head_hash, fork_seq, entries_bytes, wire_bytes, batches, first_ms,"
    " last_ms FROM watermark WHERE device = $1 ORDER BY epoch DESC LIMIT $2";
static const struct api_column journal_columns[] = {
    {"epoch", FIELD_INT},     {"watermark", FIELD_INT}, {"safe", FIELD_INT},
    {"headHash", FIELD_HEX},  {"forkSeq", FIELD_INT},   {"entriesBytes", FIELD_INT},
    {"wireBytes", FIELD_INT}, {"batches", FIELD_INT},   {"first", FIELD_INSTANT},
    {"last", FIELD_INSTANT},
};
static const char select_has[] =
    "SELECT type, version, wall_ms FROM applied WHERE device = $1 ORDER BY type LIMIT $2";
static const struct api_column has_columns[] = {
    {"type", FIELD_TEXT}, {"version", FIELD_INT}, {"at", FIELD_INSTANT}};

int handle_get_device(struct api_call *call)
{
    const char *device = api_arg(call, "device");
    int err = find_device(call, http_json_add_object(&call->answer, call->root, "device"), device);
    if (err < 0)
        return err;
    AUTO(sql_query) journals = sql_query(call->s, select_journals);
    sql_bind_text(journals, 1, device);
    sql_bind_int(journals, 2, DEVICES_MAX);
    err = api_rows_into(call, call->root, "journals", journals, journal_columns,
                        ARRAY_LEN(journal_columns));
    if (err < 0)
        return err;
    AUTO(sql_query) has = sql_query(call->s, select_has);
    sql_bind_text(has, 1, device);
    sql_bind_int(has, 2, DEVICES_MAX);
    return api_rows_into(call, call->root, "documents", has, has_columns, ARRAY_LEN(has_columns));
}

int handle_revoke_device(struct api_call *call)
{
    static const char update[] = "UPDATE device SET state = 'revoked' WHERE device = $1";
    const char *device = api_arg(call, "device");
    cJSON *was = cJSON_CreateObject();
    int err = was ? find_device(call, was, device) : -ENOMEM;
    const char *state = api_member_text(was, "state", "");
    bool revoked = strcmp(state, "revoked") == 0;
    char site[ENTRY_PARTY_SIZE];
    snprintf(site, sizeof(site), "%s", api_member_text(was, "site", ""));
    cJSON_Delete(was);
    if (err < 0)
        return err;
    if (revoked)
        return api_refuse(call, 409, "revoked", "device", "", "it is revoked already");
    AUTO(sql_query) q = sql_query(call->s, update);
    sql_bind_text(q, 1, device);
    err = sql_run(q);
    if (err == 0)
        err = find_device(call, call->root, device);
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "device:%s", device);
    struct api_change change = {.type = "DeviceRevoked",
                                .subject = subject,
                                .place = site,
                                .why = api_body_text(call, "reason", ""),
                                .before = "",
                                .after = "\"revoked\""};
    return err < 0 ? err : api_audit(call, &change);
}

static const char select_claims[] =
    "SELECT c.device, c.site, c.made_ms, c.expires_ms, c.used_ms, c.made_by FROM claim c JOIN site"
    " s ON s.site = c.site WHERE $1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1"
    " ORDER BY c.made_ms DESC, c.device LIMIT $2";
static const struct api_column claim_columns[] = {
    {"device", FIELD_TEXT},       {"site", FIELD_TEXT},      {"madeAt", FIELD_INSTANT},
    {"expiresAt", FIELD_INSTANT}, {"usedAt", FIELD_INSTANT}, {"madeBy", FIELD_TEXT},
};

int handle_list_claims(struct api_call *call)
{
    AUTO(sql_query) q = sql_query(call->s, select_claims);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, DEVICES_MAX);
    return api_rows(call, q, claim_columns, ARRAY_LEN(claim_columns), 0);
}

/* A claim for one that is in already adds none. An error shows where the claim is made. */
static bool is_known(struct api_call *call, const char *device)
{
    AUTO(sql_query)
    q = sql_query(call->s, "SELECT 1 FROM device WHERE device = $1 AND state <> 'revoked'");
    sql_bind_text(q, 1, device);
    return sql_step(q) == 1;
}

int handle_create_claim(struct api_call *call)
{
    const char *device = api_body_text(call, "device", "");
    const char *site = api_body_text(call, "site", "");
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    if (!api_site_find(call, site))
        return api_absent(call, "site", site);
    struct claim claim = {
        .device = device,
        .site = site,
        .made_ms = api_real_ms(),
        .expires_ms = api_real_ms() + api_body_int(call, "validHours", 72) * HOUR_MS,
        .made_by = call->actor,
    };
    char code[CLAIM_CODE_SIZE];
    err = is_known(call, device) ? 0 : api_quota_check(call, QUOTA_DEVICES, "device");
    if (err < 0)
        return err;
    err = claim_make(call->s, call->who.tenant, &claim, code);
    if (err < 0)
        return err;
    char qr[CLAIM_CODE_SIZE + 16];
    snprintf(qr, sizeof(qr), "VYAPAR:%s", code);
    http_json_text(&call->answer, call->root, "code", code);
    http_json_text(&call->answer, call->root, "qr", qr);
    http_json_instant(&call->answer, call->root, "expiresAt", claim.expires_ms);
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "device:%s", device);
    struct api_change change = {.type = "ClaimMade",
                                .subject = subject,
                                .place = site,
                                .why = "an appliance is to be let in",
                                .before = "",
                                .after = ""};
    return api_audit(call, &change);
}
