/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace_link.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_age.h"
#include "entry.h"
#include "journal_check.h"
#include "text.h"
#include "trace_stage.h"

/* ---- where a page begins ---- */

struct mark {
    size_t stage;
    int64_t number;
    char id[API_VALUE_SIZE];
};

static int refuse_after(struct api_call *call)
{
    return api_refuse(call, 400, "malformed", "after", "next of the last page",
                      "it is not where a page ended");
}

static int read_mark(struct api_call *call, struct trace_stages stages, struct mark *ret)
{
    const char *after = api_arg(call, "after");
    *ret = (struct mark){.number = INT64_MIN};
    if (after[0] == '\0')
        return 0;
    size_t len = strcspn(after, "|");
    size_t at = 0;
    while (at < stages.count &&
           (strlen(stages.at[at].name) != len || strncmp(stages.at[at].name, after, len) != 0))
        at++;
    if (at == stages.count || after[len] != '|')
        return refuse_after(call);
    char *end = NULL;
    errno = 0;
    long long number = strtoll(after + len + 1, &end, 10);
    if (errno != 0 || end == after + len + 1 || *end != '|')
        return refuse_after(call);
    *ret = (struct mark){.stage = at, .number = number};
    text_cut(ret->id, sizeof(ret->id), end + 1);
    return 0;
}

/* ---- one link ---- */

int trace_add_entry(struct api_call *call, cJSON *to, const char *device, int64_t epoch,
                    int64_t seq)
{
    struct http_json *b = &call->answer;
    struct chain_head head;
    char hex[SHA256_HEX_SIZE];
    int err = journal_chain_at(call->s, device, epoch, seq, &head);
    if (err < 0 && err != -ENOENT)
        return err;
    cJSON *entry = http_json_add_object(b, to, "entry");
    http_json_text(b, entry, "device", device);
    http_json_number(b, entry, "epoch", epoch);
    http_json_number(b, entry, "sequence", seq);
    http_json_text_or_null(b, entry, "chainHash", err == 0 ? sha256_hex(head.hash, hex) : "");
    return 0;
}

static void add_number(struct http_json *b, cJSON *to, const char *name, bool there, int64_t value)
{
    if (there)
        http_json_number(b, to, name, value);
    else
        http_json_null(b, to, name);
}

/* An entry's kind is told by its name. */
static const char *type_of(struct sql_query *q)
{
    const char *type = sql_text(q, TRACE_TYPE);
    const char *name =
        sql_int(q, TRACE_SEQ) > 0 ? entry_kind_name((int32_t)strtol(type, NULL, 10)) : NULL;
    return name ? name : type;
}

static int add_link(struct api_call *call, cJSON *items, const char *stage, struct sql_query *q,
                    const cJSON *body)
{
    static const struct {
        const char *name;
        enum trace_column column;
    } texts[] = {{"who", TRACE_WHO},
                 {"site", TRACE_SITE},
                 {"document", TRACE_DOCUMENT},
                 {"cause", TRACE_CAUSE}};
    struct http_json *b = &call->answer;
    cJSON *to = http_json_add_object(b, items, NULL);
    const char *id = sql_text(q, TRACE_ID);
    int64_t event = sql_int(q, TRACE_EVENT);
    int64_t seq = sql_int(q, TRACE_SEQ);
    http_json_text(b, to, "stage", stage);
    http_json_text(b, to, "type", type_of(q));
    http_json_text_or_null(b, to, "id", seq > 0 ? "" : id);
    http_json_instant(b, to, "at", sql_int(q, TRACE_AT));
    const char *state = sql_text(q, TRACE_STATE);
    http_json_text_or_null(b, to, "state", body ? api_member_text(body, "state", "") : state);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        http_json_text_or_null(b, to, texts[i].name, sql_text(q, (int)texts[i].column));
    http_json_text_or_null(b, to, "party",
                           body ? api_member_text(body, "party", "") : sql_text(q, TRACE_PARTY));
    int64_t units = body ? api_member_int(body, "units", 0) : sql_int(q, TRACE_UNITS);
    add_number(b, to, "units", units != 0, units);
    int64_t paise = sql_int(q, TRACE_PAISE);
    add_number(b, to, "paise", paise != 0 && api_sees_value(call), paise);
    http_json_text_or_null(b, to, "text",
                           body ? api_member_text(body, "why", "") : sql_text(q, TRACE_TEXT));
    add_number(b, to, "event", event > 0, event);
    http_json_text_or_null(b, to, "traceId", sql_text(q, TRACE_TRACE_ID));
    if (seq == 0) {
        http_json_null(b, to, "entry");
        return 0;
    }
    char device[ENTRY_DEVICE_SIZE];
    text_cut(device, sizeof(device), sql_text(q, TRACE_DEVICE));
    return trace_add_entry(call, to, device, sql_int(q, TRACE_EPOCH), seq);
}

/* Of an outlet, the caller's territories. */
static bool is_ours(struct api_call *call, const char *party)
{
    if (call->who.territories[0] == '\0')
        return true;
    const struct catalogue_party *known = catalogue_index_party(call->seat.catalogue, party);
    return known && api_territory_is_ours(call, known->territory);
}

static int add_visible(struct api_call *call, cJSON *items, const struct trace_stage *stage,
                       struct sql_query *q)
{
    const char *text = sql_text(q, TRACE_BODY);
    cJSON *body = text[0] != '\0' ? cJSON_Parse(text) : NULL;
    const char *party = body ? api_member_text(body, "party", "") : sql_text(q, TRACE_PARTY);
    int err = 0;
    if (!stage->of_parties || is_ours(call, party))
        err = add_link(call, items, stage->name, q, body);
    cJSON_Delete(body);
    return err;
}

/* ---- a page ---- */

/* Links of one stage behind the mark, at most `left`. Returns how many rows it read; the mark is
 * then that of the last. */
static int64_t add_stage(struct api_call *call, cJSON *items, const struct trace_stage *stage,
                         const struct trace_subject *x, int64_t left, struct mark *mark)
{
    AUTO(sql_query) q = sql_query(call->s, stage->select);
    sql_bind_int(q, 1, mark->number);
    sql_bind_text(q, 2, mark->id);
    sql_bind_int(q, 3, left);
    trace_stage_bind(stage, q, x);
    int64_t count = 0;
    int got = 0;
    struct mark last = *mark;
    while ((got = sql_step(q)) == 1) {
        int err = add_visible(call, items, stage, q);
        if (err < 0)
            return err;
        last.number = sql_int(q, TRACE_NUMBER);
        text_cut(last.id, sizeof(last.id), sql_text(q, TRACE_ID));
        count++;
    }
    *mark = last;
    return got < 0 ? got : count;
}

static int add_page(struct api_call *call, struct trace_stages stages,
                    const struct trace_subject *x)
{
    const struct catalogue_index *catalogue = NULL;
    struct mark mark;
    int err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = read_mark(call, stages, &mark);
    if (err < 0)
        return err;
    int64_t left = api_arg_int(call, "limit");
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    size_t at = mark.stage;
    while (at < stages.count) {
        int64_t got = add_stage(call, items, &stages.at[at], x, left, &mark);
        if (got < 0)
            return (int)got;
        left -= got;
        if (left == 0)
            break;
        mark = (struct mark){.number = INT64_MIN};
        at++;
    }
    char next[API_VALUE_SIZE + 64] = "";
    if (at < stages.count)
        snprintf(next, sizeof(next), "%s|%" PRId64 "|%s", stages.at[at].name, mark.number, mark.id);
    http_json_text_or_null(&call->answer, call->root, "next", next);
    return 0;
}

int trace_links_of_case(struct api_call *call, const struct trace_case *c)
{
    assert(call && c);
    struct trace_entry at = {.batch = c->batch};
    memcpy(at.site, c->site, sizeof(at.site));
    memcpy(at.sku, c->sku, sizeof(at.sku));
    struct trace_subject x = {.case_id = c->case_id, .cause = "", .at = &at};
    return add_page(call, trace_stages_of_case(), &x);
}

int trace_links_of_entry(struct api_call *call, const struct trace_entry *e)
{
    assert(call && e);
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "entry:%s:%" PRId64 ":%" PRId64, e->device, e->epoch, e->seq);
    struct trace_subject x = {.case_id = "", .cause = cause, .at = e};
    return add_page(call, trace_stages_of_entry(), &x);
}
