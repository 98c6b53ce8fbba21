/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_event.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "civil.h"
#include "journal_check.h"

static int keep_one(const struct event *e, void *context)
{
    struct api_call *call = context;
    answer_event(&call->answer, call->root, e);
    return 1;
}

int handle_create_audit(struct api_call *call)
{
    struct http_json body = http_json_object();
    cJSON *root = body.root;
    char device[HTTP_PEER_SIZE];
    http_json_text(&body, root, "who", call->actor);
    http_json_text(&body, root, "where", "");
    http_json_text(&body, root, "device", http_peer(call->request, device));
    http_json_text(&body, root, "what", api_body_text(call, "what", ""));
    const cJSON *details = cJSON_GetObjectItemCaseSensitive(call->body, "details");
    if (details)
        http_json_add(&body, root, "details", cJSON_Duplicate(details, true));
    char *text = http_json_end(&body);
    if (!text)
        return -ENOMEM;
    struct event_draft draft = {
        .kind = EVENT_AUDIT,
        .type = "ExternalRecord",
        .version = 1,
        .actor = call->actor,
        .subject = api_body_text(call, "subject", ""),
        .cause = call->cause,
        .trace = call->trace,
        .body = text,
        .wall_ms = call->now_ms,
    };
    int64_t seq = 0;
    int err = event_append(call->s, &draft, &seq);
    free(text);
    if (err == -EINVAL)
        return api_refuse(call, 422, "audit", "details", "at most 256 KiB", "it cannot be kept");
    if (err < 0)
        return err;
    struct event_filter filter = {.after_seq = seq - 1, .limit = 1};
    err = event_each(call->s, &filter, keep_one, call);
    return err < 0 ? err : 0;
}

/* Newest first, so a page ends at a seq. */
static const char select_events[] =
    "SELECT CAST(seq AS TEXT) AS key, seq, wall_ms, kind, type, version, actor, subject, cause, "
    "trace,"
    " body, hash FROM event WHERE seq < $2 AND ($3 = '' OR actor = $3) AND ($4 = '' OR"
    " subject = $4) AND ($5 = '' OR type = $5) AND ($6 = '' OR trace = $6) AND wall_ms >= $7 AND"
    " wall_ms < $8 ORDER BY seq DESC LIMIT $1";
static const struct api_column event_columns[] = {
    {"key", FIELD_KEY},      {"seq", FIELD_INT},      {"timestamp", FIELD_INSTANT},
    {"kind", FIELD_TEXT},    {"type", FIELD_TEXT},    {"version", FIELD_INT},
    {"actor", FIELD_TEXT},   {"subject", FIELD_TEXT}, {"cause", FIELD_TEXT},
    {"traceId", FIELD_TEXT}, {"body", FIELD_JSON},    {"hash", FIELD_HEX},
};

int handle_list_audit(struct api_call *call)
{
    const char *after = api_arg(call, "after");
    int32_t from = api_arg_day(call, "fromDate");
    int32_t to = api_arg_day(call, "toDate");
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, select_events);
    sql_bind_int(q, 1, limit);
    sql_bind_int(q, 2, after[0] != '\0' ? strtoll(after, NULL, 10) : INT64_MAX);
    sql_bind_text(q, 3, api_arg(call, "actor"));
    sql_bind_text(q, 4, api_arg(call, "subject"));
    sql_bind_text(q, 5, api_arg(call, "type"));
    sql_bind_text(q, 6, api_arg(call, "trace"));
    sql_bind_int(q, 7, from == CIVIL_NONE ? 0 : civil_ist_start_ms(from));
    sql_bind_int(q, 8, to == CIVIL_NONE ? INT64_MAX : civil_ist_start_ms(to + 1));
    return api_rows(call, q, event_columns, ARRAY_LEN(event_columns), limit);
}

/* ---- verification ---- */

struct verdicts {
    struct api_call *call;
    cJSON *journals;
    bool intact;
};

static int add_journal(const struct journal_verdict *v, void *context)
{
    struct verdicts *all = context;
    struct http_json *b = &all->call->answer;
    cJSON *to = http_json_add_object(b, all->journals, NULL);
    http_json_text(b, to, "device", v->device);
    http_json_number(b, to, "epoch", v->epoch);
    http_json_number(b, to, "entries", v->broken_seq > 0 ? v->broken_seq - 1 : v->wm);
    http_json_bool(b, to, "intact", v->broken_seq == 0);
    if (v->broken_seq > 0)
        http_json_number(b, to, "firstBadSeq", v->broken_seq);
    else
        http_json_null(b, to, "firstBadSeq");
    all->intact = all->intact && v->broken_seq == 0;
    return 0;
}

int handle_verify_audit(struct api_call *call)
{
    struct event_verdict verdict;
    int err = event_verify(call->s, &verdict);
    if (err < 0 && err != -EBADMSG)
        return err;
    bool intact = err == 0;
    char hex[SHA256_HEX_SIZE];
    struct http_json *b = &call->answer;
    http_json_number(b, call->root, "events", verdict.checked);
    http_json_text(b, call->root, "headHash", sha256_hex(verdict.head, hex));
    if (intact)
        http_json_null(b, call->root, "firstBadSeq");
    else
        http_json_number(b, call->root, "firstBadSeq", verdict.broken_seq);
    struct verdicts all = {
        .call = call, .journals = http_json_add_array(b, call->root, "journals"), .intact = intact};
    err = journals_check(call->s, add_journal, &all);
    http_json_bool(b, call->root, "intact", all.intact);
    return err;
}
