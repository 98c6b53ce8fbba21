/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "event.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_chain.h"
#include "utf8.h"

#define COLUMNS                                                                                    \
    "seq, wall_ms, kind, type, version, actor, subject, cause, trace, body, hash FROM event"

static const char *const kind_names[] = {
    [EVENT_COMMAND] = "command",
    [EVENT_HAPPENED] = "event",
    [EVENT_AUDIT] = "audit",
};

const char *event_kind_name(enum event_kind kind)
{
    assert((size_t)kind < ARRAY_LEN(kind_names));
    return kind_names[kind];
}

static int read_kind(const char *name, enum event_kind *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(kind_names); i++)
        if (strcmp(kind_names[i], name) == 0) {
            *ret = (enum event_kind)i;
            return 0;
        }
    return -EBADMSG;
}

/* ---- reading ---- */

/* The present row, but for the body, which is borrowed from it. */
static int read_row(struct sql_query *q, struct event *ret)
{
    struct event e = {
        .seq = sql_int(q, 0), .wall_ms = sql_int(q, 1), .version = (int32_t)sql_int(q, 4)};
    sql_copy(q, 3, e.type, sizeof(e.type));
    sql_copy(q, 5, e.actor, sizeof(e.actor));
    sql_copy(q, 6, e.subject, sizeof(e.subject));
    sql_copy(q, 7, e.cause, sizeof(e.cause));
    sql_copy(q, 8, e.trace, sizeof(e.trace));
    e.body = sql_text(q, 9);
    size_t len = 0;
    const void *hash = sql_bytes(q, 10, &len);
    if (len != sizeof(e.hash))
        return -EBADMSG;
    memcpy(e.hash, hash, len);
    int err = read_kind(sql_text(q, 2), &e.kind);
    if (err == 0)
        *ret = e;
    return err;
}

static int read_head(struct sql *s, int64_t *ret_seq, uint8_t ret_hash[SHA256_SIZE])
{
    AUTO(sql_query) q = sql_query(s, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");
    int got = sql_step(q);
    if (got < 0)
        return got;
    if (got == 0) {
        event_chain_genesis(sql_tenant(s), ret_hash);
        *ret_seq = 0;
        return 0;
    }
    size_t len = 0;
    const void *hash = sql_bytes(q, 1, &len);
    if (len != SHA256_SIZE)
        return -EBADMSG;
    memcpy(ret_hash, hash, len);
    *ret_seq = sql_int(q, 0);
    return 0;
}

int event_last(struct sql *s, int64_t *ret_seq)
{
    assert(s && ret_seq);
    uint8_t hash[SHA256_SIZE];
    return read_head(s, ret_seq, hash);
}

int event_next(struct sql *s, int64_t *ret_seq)
{
    assert(s && ret_seq);
    int err = sql_lock(s, "event");
    int64_t last = 0;
    if (err == 0)
        err = event_last(s, &last);
    if (err == 0)
        *ret_seq = last + 1;
    return err;
}

/* One text for each order, and for subjects one that its index serves. */
#define RESTRICTED                                                                                 \
    " seq > $1 AND ($2 = 0 OR seq < $2) AND wall_ms >= $3 AND ($4 = 0 OR wall_ms <= $4)"           \
    " AND ($5 = '' OR actor = $5) AND ($6 = '' OR type = $6)"
#define OF_SUBJECT " AND subject = $8"

static const char *const walks[2][2] = {
    {"SELECT " COLUMNS " WHERE" RESTRICTED " ORDER BY seq LIMIT $7",
     "SELECT " COLUMNS " WHERE" RESTRICTED " ORDER BY seq DESC LIMIT $7"},
    {"SELECT " COLUMNS " WHERE" RESTRICTED OF_SUBJECT " ORDER BY seq LIMIT $7",
     "SELECT " COLUMNS " WHERE" RESTRICTED OF_SUBJECT " ORDER BY seq DESC LIMIT $7"},
};

int event_each(struct sql *s, const struct event_filter *f, event_fn on_event, void *context)
{
    assert(s && f && on_event && f->limit > 0);
    bool of_subject = f->subject && f->subject[0];
    AUTO(sql_query) q = sql_query(s, walks[of_subject][f->newest_first]);
    sql_bind_int(q, 1, f->after_seq);
    sql_bind_int(q, 2, f->before_seq);
    sql_bind_int(q, 3, f->from_ms);
    sql_bind_int(q, 4, f->to_ms);
    sql_bind_text(q, 5, f->actor ? f->actor : "");
    sql_bind_text(q, 6, f->type ? f->type : "");
    sql_bind_int(q, 7, f->limit);
    if (of_subject)
        sql_bind_text(q, 8, f->subject);
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        struct event e;
        int err = read_row(q, &e);
        if (err == 0)
            err = on_event(&e, context);
        if (err != 0)
            return err;
    }
}

/* ---- appending ---- */

static bool text_fits(const char *text, size_t size, bool needed)
{
    return text && (text[0] || !needed) && strlen(text) < size && utf8_is_clean(text);
}

static bool draft_fits(const struct event_draft *d)
{
    return text_fits(d->type, EVENT_TYPE_SIZE, true) &&
           text_fits(d->actor, EVENT_ACTOR_SIZE, true) &&
           text_fits(d->subject, EVENT_SUBJECT_SIZE, true) &&
           text_fits(d->cause, EVENT_CAUSE_SIZE, true) &&
           text_fits(d->trace, EVENT_TRACE_SIZE, false) &&
           text_fits(d->body, EVENT_BODY_MAX, true) && d->body[0] == '{' && d->version > 0;
}

/* 1 with *ret_seq: it has been said. */
static int find_said(struct sql *s, const struct event_draft *d, int64_t *ret_seq)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT seq FROM event WHERE type = $1 AND subject = $2 AND cause = $3");
    sql_bind_text(q, 1, d->type);
    sql_bind_text(q, 2, d->subject);
    sql_bind_text(q, 3, d->cause);
    int got = sql_step(q);
    if (got > 0)
        *ret_seq = sql_int(q, 0);
    return got;
}

static int insert(struct sql *s, const struct event *e)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO event(seq, wall_ms, kind, type, version, actor, subject, cause,"
                     " trace, body, hash) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)");
    sql_bind_int(q, 1, e->seq);
    sql_bind_int(q, 2, e->wall_ms);
    sql_bind_text(q, 3, event_kind_name(e->kind));
    sql_bind_text(q, 4, e->type);
    sql_bind_int(q, 5, e->version);
    sql_bind_text(q, 6, e->actor);
    sql_bind_text(q, 7, e->subject);
    sql_bind_text(q, 8, e->cause);
    sql_bind_text(q, 9, e->trace);
    sql_bind_text(q, 10, e->body);
    sql_bind_bytes(q, 11, e->hash, sizeof(e->hash));
    return sql_run(q);
}

int event_append(struct sql *s, const struct event_draft *d, int64_t *ret_seq)
{
    assert(s && d);
    if (!draft_fits(d))
        return -EINVAL;
    int64_t seq = 0;
    int err = sql_lock(s, "event");
    if (err == 0)
        err = find_said(s, d, &seq);
    if (err != 0) {
        if (err > 0 && ret_seq)
            *ret_seq = seq;
        return err;
    }
    uint8_t before[SHA256_SIZE];
    err = read_head(s, &seq, before);
    if (err < 0)
        return err;
    struct event e = {.seq = seq + 1,
                      .wall_ms = d->wall_ms,
                      .kind = d->kind,
                      .version = d->version,
                      .body = d->body};
    snprintf(e.type, sizeof(e.type), "%s", d->type);
    snprintf(e.actor, sizeof(e.actor), "%s", d->actor);
    snprintf(e.subject, sizeof(e.subject), "%s", d->subject);
    snprintf(e.cause, sizeof(e.cause), "%s", d->cause);
    snprintf(e.trace, sizeof(e.trace), "%s", d->trace);
    err = event_chain_next(before, &e, e.hash);
    if (err == 0)
        err = insert(s, &e);
    if (err == 0 && ret_seq)
        *ret_seq = e.seq;
    return err;
}

/* ---- verifying ---- */

struct verifying {
    struct event_verdict verdict;
    int err;
};

static int verify_one(const struct event *e, void *context)
{
    struct verifying *v = context;
    uint8_t want[SHA256_SIZE];
    v->err = event_chain_next(v->verdict.head, e, want);
    if (v->err < 0)
        return 1;
    if (e->seq != v->verdict.checked + 1 || memcmp(want, e->hash, sizeof(want)) != 0) {
        v->verdict.broken_seq = v->verdict.checked + 1;
        return 1;
    }
    memcpy(v->verdict.head, want, sizeof(want));
    v->verdict.checked++;
    return 0;
}

#define VERIFY_PAGE 1024

static int verify_all(struct sql *s, struct verifying *v)
{
    event_chain_genesis(sql_tenant(s), v->verdict.head);
    for (;;) {
        int64_t before = v->verdict.checked;
        struct event_filter page = {.after_seq = before, .limit = VERIFY_PAGE};
        int err = event_each(s, &page, verify_one, v);
        if (err < 0)
            return err;
        if (v->err < 0)
            return v->err;
        if (v->verdict.broken_seq > 0 || v->verdict.checked == before)
            return 0;
    }
}

int event_verify(struct sql *s, struct event_verdict *ret_verdict)
{
    assert(s && ret_verdict);
    bool own = !sql_in_transaction(s);
    int err = own ? sql_begin(s, SQL_READ) : 0;
    struct verifying v = {0};
    if (err == 0)
        err = verify_all(s, &v);
    if (own)
        sql_rollback(s);
    if (err < 0)
        return err;
    *ret_verdict = v.verdict;
    return v.verdict.broken_seq > 0 ? -EBADMSG : 0;
}

/* ---- audit records ---- */

/* As it was written: parsed and printed again, large numbers would lose digits. */
static int add_value(cJSON *body, const char *name, const char *json, struct diag *reterr)
{
    if (!json || !json[0])
        return cJSON_AddNullToObject(body, name) ? 0 : -ENOMEM;
    cJSON *value = cJSON_ParseWithOpts(json, NULL, true);
    cJSON_Delete(value);
    if (!value) {
        diag_set(reterr, 0, "%s is not a JSON value", name);
        return -EINVAL;
    }
    char *text = strdup(json);
    if (text)
        cJSON_Minify(text);
    bool added = text && cJSON_AddRawToObject(body, name, text);
    free(text);
    return added ? 0 : -ENOMEM;
}

static int audit_body(const struct audit_record *r, struct diag *reterr, char **ret)
{
    cJSON *body = cJSON_CreateObject();
    if (!body)
        return -ENOMEM;
    int err = cJSON_AddStringToObject(body, "where", r->where ? r->where : "") &&
                      cJSON_AddStringToObject(body, "device", r->device ? r->device : "") &&
                      cJSON_AddStringToObject(body, "why", r->why)
                  ? 0
                  : -ENOMEM;
    if (err == 0)
        err = add_value(body, "before", r->before, reterr);
    if (err == 0)
        err = add_value(body, "after", r->after, reterr);
    char *text = err == 0 ? cJSON_PrintUnformatted(body) : NULL;
    cJSON_Delete(body);
    if (err < 0)
        return err;
    if (!text)
        return -ENOMEM;
    *ret = text;
    return 0;
}

int audit_append(struct sql *s, const struct audit_record *r, struct diag *reterr, int64_t *ret_seq)
{
    assert(s && r);
    const struct {
        const char *name;
        const char *text;
    } needed[] = {{"type", r->type},
                  {"who", r->who},
                  {"why", r->why},
                  {"cause", r->cause},
                  {"subject", r->subject}};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (!needed[i].text || !needed[i].text[0]) {
            diag_set(reterr, 0, "an audit record needs its %s", needed[i].name);
            return -EINVAL;
        }
    char *body = NULL;
    int err = audit_body(r, reterr, &body);
    if (err < 0)
        return err;
    err = event_append(s,
                       &(struct event_draft){.kind = EVENT_AUDIT,
                                             .type = r->type,
                                             .version = 1,
                                             .actor = r->who,
                                             .subject = r->subject,
                                             .cause = r->cause,
                                             .trace = r->trace ? r->trace : "",
                                             .body = body,
                                             .wall_ms = r->wall_ms},
                       ret_seq);
    if (err == -EINVAL)
        diag_set(reterr, 0, "a text of the audit record is too long or not clean UTF-8");
    free(body);
    return err;
}
