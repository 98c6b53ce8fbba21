/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setting.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "event_body.h"
#include "event_type.h"
#include "text.h"
#include "utf8.h"

static const struct {
    const char *prefix;
    int bit;
} scopes[] = {{"category:", SETTING_BY_CATEGORY},
              {"territory:", SETTING_BY_TERRITORY},
              {"agent:", SETTING_BY_AGENT}};

/* ---- values ---- */

static int read_value(const struct setting_row *row, const char *text, int64_t *ret)
{
    if (row->type == SETTING_BOOL) {
        bool yes = strcmp(text, "true") == 0;
        if (!yes && strcmp(text, "false") != 0)
            return -EINVAL;
        *ret = yes;
        return 0;
    }
    int64_t v = 0;
    if (decimal_parse(text, 0, &v) < 0 || v < row->min || v > row->max)
        return -EINVAL;
    *ret = v;
    return 0;
}

static const char *write_value(const struct setting_row *row, int64_t v, char *buf, size_t size)
{
    if (row->type == SETTING_BOOL)
        snprintf(buf, size, "%s", v ? "true" : "false");
    else
        snprintf(buf, size, "%" PRId64, v);
    return buf;
}

/* ---- the book ---- */

struct held {
    enum setting_id id;
    char scope[SETTING_SCOPE_SIZE];
    int64_t value;
};

struct setting_book {
    int64_t version;
    size_t first[SETTING_COUNT + 1]; /* held[first[id]] .. held[first[id + 1] - 1] are of id */
    struct held *held;
    size_t count;
    size_t room;
};

void setting_book_free(struct setting_book *b)
{
    if (!b)
        return;
    free(b->held);
    free(b);
}

static int hold(struct setting_book *b, const struct held *h)
{
    if (b->count == b->room) {
        size_t room = b->room ? 2 * b->room : 32;
        struct held *more = realloc(b->held, room * sizeof(*more));
        if (!more)
            return -ENOMEM;
        b->held = more;
        b->room = room;
    }
    b->held[b->count++] = *h;
    return 0;
}

/* A value that this release does not know, or no longer allows, counts as not set. */
static int take_row(struct setting_book *b, struct sql_query *q)
{
    struct held h;
    if (setting_find(sql_text(q, 0), &h.id) < 0 ||
        text_copy(h.scope, sizeof(h.scope), sql_text(q, 1)) < 0 ||
        read_value(setting_row(h.id), sql_text(q, 2), &h.value) < 0)
        return 0;
    return hold(b, &h);
}

static int by_id(const void *a, const void *b)
{
    const struct held *x = a;
    const struct held *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return strcmp(x->scope, y->scope);
}

static int read_version(struct sql *s, int64_t *ret)
{
    AUTO(sql_query) q = sql_query(s, "SELECT count(*) FROM setting");
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = sql_int(q, 0);
    return 0;
}

static const char IN_FORCE[] =
    "SELECT name, scope, value FROM setting AS s WHERE version ="
    " (SELECT max(version) FROM setting AS t WHERE t.name = s.name AND t.scope = s.scope)";

int setting_book_read(struct sql *s, struct setting_book **ret)
{
    assert(s && ret);
    AUTO(setting_book) b = calloc(1, sizeof(*b));
    if (!b)
        return -ENOMEM;
    int err = read_version(s, &b->version);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(s, IN_FORCE);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        err = take_row(b, q);
        if (err < 0)
            return err;
    }
    if (got < 0)
        return got;
    if (b->count > 0)
        qsort(b->held, b->count, sizeof(*b->held), by_id);
    for (size_t id = 0, i = 0; id <= SETTING_COUNT; id++) {
        while (i < b->count && (size_t)b->held[i].id < id)
            i++;
        b->first[id] = i;
    }
    *ret = TAKE(b);
    return 0;
}

int64_t setting_version(const struct setting_book *b)
{
    return b ? b->version : 0;
}

/* Whether the scope is "prefix" and that name. */
static bool scope_is(const char *scope, const char *prefix, const char *name)
{
    size_t len = strlen(prefix);
    return strncmp(scope, prefix, len) == 0 && strcmp(scope + len, name) == 0;
}

static bool find_held(const struct setting_book *b, enum setting_id id, const char *prefix,
                      const char *name, int64_t *ret)
{
    for (size_t i = b->first[id]; i < b->first[id + 1]; i++)
        if (scope_is(b->held[i].scope, prefix, name)) {
            *ret = b->held[i].value;
            return true;
        }
    return false;
}

int64_t setting_value(const struct setting_book *b, enum setting_id id,
                      const struct setting_for *whom)
{
    assert((size_t)id < SETTING_COUNT);
    int64_t v = setting_row(id)->preset;
    if (!b || b->first[id] == b->first[id + 1])
        return v;
    const struct {
        const char *prefix;
        const char *name;
    } order[] = {
        {"agent:", whom ? whom->agent : NULL},
        {"territory:", whom ? whom->territory : NULL},
        {"category:", whom ? whom->category : NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (order[i].name && order[i].name[0] &&
            find_held(b, id, order[i].prefix, order[i].name, &v))
            return v;
    find_held(b, id, "", "", &v);
    return v;
}

/* ---- changing ---- */

static int check_scope(const struct setting_row *row, const char *scope, struct diag *reterr)
{
    if (!scope[0])
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        size_t len = strlen(scopes[i].prefix);
        if (strncmp(scope, scopes[i].prefix, len) != 0)
            continue;
        if ((row->scopes & scopes[i].bit) && strlen(scope) < SETTING_SCOPE_SIZE &&
            text_is_code(scope + len))
            return 0;
        diag_set(reterr, 0, "%s cannot be set for \"%s\"", row->name, scope);
        return -EINVAL;
    }
    diag_set(reterr, 0, "scope \"%s\": allowed are \"\", category:, territory: and agent:", scope);
    return -EINVAL;
}

static int check(const struct setting_change *c, enum setting_id *ret_id, int64_t *ret_value,
                 struct diag *reterr)
{
    if (setting_find(c->name, ret_id) < 0) {
        diag_set(reterr, 0, "there is no setting \"%s\"", c->name);
        return -ENOENT;
    }
    const struct setting_row *row = setting_row(*ret_id);
    int err = check_scope(row, c->scope, reterr);
    if (err < 0)
        return err;
    if (read_value(row, c->value, ret_value) < 0) {
        if (row->type == SETTING_BOOL)
            diag_set(reterr, 0, "%s = \"%s\": allowed are true and false", row->name, c->value);
        else
            diag_set(reterr, 0, "%s = \"%s\": allowed is %" PRId64 " to %" PRId64 " %s", row->name,
                     c->value, row->min, row->max, row->unit);
        return -EINVAL;
    }
    if (!c->reason || !c->reason[0] || strlen(c->reason) >= SETTING_REASON_SIZE ||
        !utf8_is_clean(c->reason)) {
        diag_set(reterr, 0, "a change needs its reason, of at most %d bytes",
                 SETTING_REASON_SIZE - 1);
        return -EINVAL;
    }
    return 0;
}

/* The newest version in that scope: 0 when it was never set. */
static int read_newest(struct sql *s, const struct setting_change *c, int64_t *ret_version,
                       char *ret_value, size_t size)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT version, value FROM setting WHERE name = $1 AND scope = $2"
                     " ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, c->name);
    sql_bind_text(q, 2, c->scope);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    *ret_version = sql_int(q, 0);
    text_cut(ret_value, size, sql_text(q, 1));
    return 0;
}

static int write_version(struct sql *s, const struct setting_change *c, int64_t version,
                         const char *value)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO setting(name, scope, version, value, made_ms, made_by, reason)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7)");
    sql_bind_text(q, 1, c->name);
    sql_bind_text(q, 2, c->scope);
    sql_bind_int(q, 3, version);
    sql_bind_text(q, 4, value);
    sql_bind_int(q, 5, c->wall_ms);
    sql_bind_text(q, 6, c->by);
    sql_bind_text(q, 7, c->reason);
    return sql_run(q);
}

static int tell(struct sql *s, const struct setting_change *c, const char *before,
                const char *after, const char *effect)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "setting:%s", c->name);
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "where", c->scope);
    event_body_text(b, "device", "");
    event_body_text(b, "why", c->reason);
    event_body_text(b, "before", before);
    event_body_text(b, "after", after);
    event_body_text(b, "effect", effect);
    return event_body_append(b, s,
                             &(struct event_draft){.kind = EVENT_AUDIT,
                                                   .type = EVENT_SETTING_CHANGED,
                                                   .version = 1,
                                                   .actor = c->by,
                                                   .subject = subject,
                                                   .cause = c->cause,
                                                   .trace = "",
                                                   .wall_ms = c->wall_ms},
                             NULL);
}

int setting_change(struct sql *s, const struct setting_change *c, struct diag *reterr)
{
    assert(s && c && c->name && c->scope && c->value && c->by && c->cause);
    enum setting_id id;
    int64_t wanted = 0;
    int err = check(c, &id, &wanted, reterr);
    if (err < 0)
        return err;
    int64_t version = 0;
    char before[SETTING_VALUE_SIZE] = "";
    char after[SETTING_VALUE_SIZE];
    write_value(setting_row(id), wanted, after, sizeof(after));
    err = sql_lock(s, "setting");
    if (err == 0)
        err = read_newest(s, c, &version, before, sizeof(before));
    if (err < 0)
        return err;
    if (version > 0 && strcmp(before, after) == 0)
        return 1;
    err = tell(s, c, before, after, setting_row(id)->effect);
    if (err != 0) /* 1: this very request has changed it before */
        return err;
    return write_version(s, c, version + 1, after);
}

/* ---- history ---- */

int setting_history(struct sql *s, const char *name, setting_version_fn on_version, void *context)
{
    assert(s && on_version);
    AUTO(sql_query)
    q = sql_query(s, "SELECT name, scope, version, value, made_ms, made_by, reason FROM setting"
                     " WHERE $1 = '' OR name = $1 ORDER BY name, scope, version DESC");
    sql_bind_text(q, 1, name ? name : "");
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        struct setting_version_row row = {.version = sql_int(q, 2), .made_ms = sql_int(q, 4)};
        sql_copy(q, 0, row.name, sizeof(row.name));
        sql_copy(q, 1, row.scope, sizeof(row.scope));
        sql_copy(q, 3, row.value, sizeof(row.value));
        sql_copy(q, 5, row.made_by, sizeof(row.made_by));
        sql_copy(q, 6, row.reason, sizeof(row.reason));
        got = on_version(&row, context);
        if (got != 0)
            return got;
    }
}
