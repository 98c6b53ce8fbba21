/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent_feed.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent_row.h"
#include "event_type.h"

struct feed_page *feed_page_new(void)
{
    return calloc(1, sizeof(struct feed_page));
}

static void clear(struct feed_page *p)
{
    for (size_t i = 0; i < p->count; i++)
        free(p->items[i].bytes);
    p->count = 0;
    p->device[0] = p->site[0] = '\0';
    p->epoch = 0;
    p->early = false;
}

void feed_page_free(struct feed_page *p)
{
    if (!p)
        return;
    clear(p);
    free(p);
}

static int keep(struct feed_item *item, const void *bytes, size_t len)
{
    item->bytes = malloc(len + 1); /* a NUL behind it: a body is a text */
    if (!item->bytes)
        return -ENOMEM;
    if (len > 0)
        memcpy(item->bytes, bytes, len);
    ((char *)item->bytes)[len] = '\0';
    item->len = len;
    return 0;
}

/* ---- events ---- */

static bool consumes(const struct agent *a, const char *type)
{
    for (const char *const *t = a->events; t && *t; t++)
        if (strcmp(*t, type) == 0)
            return true;
    return false;
}

struct filling {
    const struct agent *agent; /* NULL: takes anything */
    struct feed_page *page;
};

static int fill_event(const struct event *e, void *context)
{
    const struct filling *f = context;
    struct feed_item *item = &f->page->items[f->page->count];
    *item = (struct feed_item){
        .seq = e->seq, .wanted = !f->agent || consumes(f->agent, e->type), .event = *e};
    if (item->wanted) {
        const struct event_type *type = event_type_find(e->type);
        if (type && e->version > type->version)
            item->fault = -EPROTO;
        int err = keep(item, e->body, strlen(e->body));
        if (err < 0)
            return err;
    }
    item->event.body = item->bytes ? item->bytes : "";
    f->page->count++;
    return 0;
}

int feed_events(struct sql *s, const struct agent *agent, size_t n, struct feed_page *p)
{
    assert(s && agent && p && n > 0);
    clear(p);
    snprintf(p->source, sizeof(p->source), "event");
    int64_t after = 0;
    int err = agent_position_read(s, agent->name, p->source, &after);
    if (err < 0)
        return err;
    struct event_filter next = {.after_seq = after,
                                .limit = n < FEED_PAGE ? (int64_t)n : FEED_PAGE};
    return event_each(s, &next, fill_event, &(struct filling){agent, p});
}

/* ---- entries ---- */

/* Journals with entries that the agent has not read. */
#define UNREAD                                                                                     \
    " FROM watermark AS w LEFT JOIN position AS p ON p.consumer = $1"                              \
    " AND p.source = w.device || ':' || CAST(w.epoch AS TEXT)"                                     \
    " WHERE w.wm > coalesce(p.seq, 0)"

static int find_journal(struct sql *s, const struct agent *agent, const char *after,
                        struct feed_page *p, int64_t *ret_after, int64_t *ret_wm)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT w.device, w.epoch, w.wm, coalesce(p.seq, 0),"
                     " w.device || ':' || CAST(w.epoch AS TEXT)" UNREAD
                     " AND w.device || ':' || CAST(w.epoch AS TEXT) > $2 ORDER BY 5 LIMIT 1");
    sql_bind_text(q, 1, agent->name);
    sql_bind_text(q, 2, after);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    sql_copy(q, 0, p->device, sizeof(p->device));
    p->epoch = sql_int(q, 1);
    *ret_wm = sql_int(q, 2);
    *ret_after = sql_int(q, 3);
    sql_copy(q, 4, p->source, sizeof(p->source));
    return 1;
}

static int find_site(struct sql *s, struct feed_page *p)
{
    AUTO(sql_query) q = sql_query(s, "SELECT site FROM device WHERE device = $1");
    sql_bind_text(q, 1, p->device);
    p->site[0] = '\0';
    int got = sql_step(q);
    if (got > 0)
        sql_copy(q, 0, p->site, sizeof(p->site));
    return got < 0 ? got : 0;
}

static int fill_entry(struct sql_query *q, const struct filling *f)
{
    struct feed_item *item = &f->page->items[f->page->count];
    int64_t kind = sql_int(q, 1);
    uint64_t wanted = !f->agent ? UINT64_MAX : f->page->early ? f->agent->early : f->agent->entries;
    *item = (struct feed_item){.seq = sql_int(q, 0)};
    item->wanted =
        !f->agent || (kind > 0 && kind < ENTRY_KIND_MAX && (wanted & AGENT_ENTRY_BIT(kind)));
    if (item->wanted) {
        size_t len = 0;
        const void *body = sql_bytes(q, 2, &len);
        int err = keep(item, body, len);
        if (err < 0)
            return err;
    }
    f->page->count++;
    return 0;
}

static int fill_entries(struct sql_query *q, const struct filling *f)
{
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        got = fill_entry(q, f);
        if (got < 0)
            return got;
    }
}

static int read_entries(struct sql *s, int64_t after, int64_t upto, size_t n,
                        const struct filling *f)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT seq, kind, body FROM entry WHERE device = $1 AND epoch = $2"
                     " AND seq > $3 AND seq <= $4 ORDER BY seq LIMIT $5");
    sql_bind_text(q, 1, f->page->device);
    sql_bind_int(q, 2, f->page->epoch);
    sql_bind_int(q, 3, after);
    sql_bind_int(q, 4, upto);
    sql_bind_int(q, 5, n < FEED_PAGE ? (int64_t)n : FEED_PAGE);
    return fill_entries(q, f);
}

int feed_entries(struct sql *s, const struct agent *agent, const char *after, size_t n,
                 struct feed_page *p)
{
    assert(s && agent && after && p && n > 0);
    clear(p);
    int64_t from = 0, wm = 0;
    int got = find_journal(s, agent, after, p, &from, &wm);
    if (got <= 0)
        return got;
    int err = find_site(s, p);
    if (err == 0)
        err = read_entries(s, from, wm, n, &(struct filling){agent, p});
    /* Rows of the hot window may be gone; the archive has them, and agents look forward. */
    if (err == 0 && p->count == 0)
        p->items[p->count++] = (struct feed_item){.seq = wm};
    return err;
}

/* ---- entries ahead of their turn ---- */

static int find_early(struct sql *s, struct feed_page *p)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT device, epoch, device || ':' || CAST(epoch AS TEXT) FROM early"
                     " WHERE told = 0 ORDER BY came_ms, device, epoch LIMIT 1");
    int got = sql_step(q);
    if (got <= 0)
        return got;
    sql_copy(q, 0, p->device, sizeof(p->device));
    p->epoch = sql_int(q, 1);
    sql_copy(q, 2, p->source, sizeof(p->source));
    return 1;
}

int feed_early(struct sql *s, const struct agent *agent, size_t n, struct feed_page *p)
{
    assert(s && agent && p && n > 0);
    clear(p);
    int got = find_early(s, p);
    if (got <= 0)
        return got;
    p->early = true;
    int err = find_site(s, p);
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "SELECT seq, kind, body FROM early WHERE device = $1 AND epoch = $2"
                     " AND told = 0 ORDER BY seq LIMIT $3");
    sql_bind_text(q, 1, p->device);
    sql_bind_int(q, 2, p->epoch);
    sql_bind_int(q, 3, n < FEED_PAGE ? (int64_t)n : FEED_PAGE);
    return fill_entries(q, &(struct filling){agent, p});
}

int feed_early_seen(struct sql *s, const struct feed_page *p, int64_t seq)
{
    assert(s && p && p->early);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE early SET told = 1 WHERE device = $1 AND epoch = $2 AND seq <= $3");
    sql_bind_text(q, 1, p->device);
    sql_bind_int(q, 2, p->epoch);
    sql_bind_int(q, 3, seq);
    return sql_run(q);
}

int feed_one(struct sql *s, const char *device, int64_t epoch, int64_t seq, struct feed_page *p)
{
    assert(s && device && p);
    clear(p);
    struct filling any = {NULL, p};
    int err;
    if (device[0]) {
        snprintf(p->device, sizeof(p->device), "%s", device);
        snprintf(p->source, sizeof(p->source), "%.32s:%" PRId64, device, epoch);
        p->epoch = epoch;
        err = find_site(s, p);
        if (err == 0)
            err = read_entries(s, seq - 1, seq, 1, &any);
    } else {
        snprintf(p->source, sizeof(p->source), "event");
        struct event_filter it = {.after_seq = seq - 1, .before_seq = seq + 1, .limit = 1};
        err = event_each(s, &it, fill_event, &any);
    }
    if (err < 0)
        return err;
    return p->count > 0 ? 0 : -ENOENT;
}

int feed_waits(struct sql *s, const struct agent *agent)
{
    assert(s && agent);
    if (agent->events) {
        int64_t last = 0, read = 0;
        int err = event_last(s, &last);
        if (err == 0)
            err = agent_position_read(s, agent->name, "event", &read);
        if (err < 0 || last > read)
            return err < 0 ? err : 1;
    }
    if (agent->early) {
        AUTO(sql_query) early = sql_query(s, "SELECT 1 FROM early WHERE told = 0 LIMIT 1");
        int got = sql_step(early);
        if (got != 0)
            return got;
    }
    if (!agent->entries)
        return 0;
    AUTO(sql_query) q = sql_query(s, "SELECT 1" UNREAD " LIMIT 1");
    sql_bind_text(q, 1, agent->name);
    return sql_step(q);
}
