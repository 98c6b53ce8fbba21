/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runtime.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent_feed.h"
#include "agent_row.h"
#include "civil.h"
#include "dead_letter.h"
#include "entry_codec.h"
#include "event_body.h"
#include "event_type.h"
#include "text.h"

#define NEVER INT64_MAX
#define HOPS_MAX 24    /* events that led to one another: beyond, agents talk in a circle */
#define STALE_TRIES 3  /* work whose inputs changed is prepared anew so often, then later */
#define TIMERS_STEP 32 /* rung in one step */

struct runtime {
    struct sql *s;
    const struct agent *const *agents;
    size_t count;
    size_t next; /* whose turn it is */
    struct runtime_conf conf;
    struct catalogue_index *catalogue;
    struct feed_page *page;
};

struct runtime_conf runtime_conf_default(void)
{
    return (struct runtime_conf){.items_step = 256,
                                 .item_tries = 3,
                                 .breaker_failures = 6,
                                 .backoff_ms = 1000,
                                 .backoff_max_ms = 300000,
                                 .heartbeat_ms = 10000};
}

/* The store's own troubles: no item is to blame. */
static bool is_stores(int err)
{
    return err == -EBUSY || err == -EIO || err == -ENOSPC || err == -EROFS || err == -ENOMEM;
}

/* ---- opening ---- */

static int register_one(struct sql *s, const struct agent *a, int64_t now_ms)
{
    int was = agent_row_register(s, a->name, now_ms);
    if (was < 0)
        return was;
    AUTO(sql_query)
    q = sql_query(s, "UPDATE agent SET started_ms = $2, restarts = restarts + $3 WHERE agent = $1");
    sql_bind_text(q, 1, a->name);
    sql_bind_int(q, 2, now_ms);
    sql_bind_int(q, 3, was);
    return sql_run(q);
}

static int register_all(struct runtime *r, int64_t now_ms, struct diag *reterr)
{
    int err = sql_begin(r->s, SQL_WRITE);
    for (size_t i = 0; err == 0 && i < r->count; i++)
        err = register_one(r->s, r->agents[i], now_ms);
    if (err == 0)
        err = catalogue_index_open(r->s, reterr, &r->catalogue);
    if (err == 0)
        return sql_commit(r->s);
    sql_rollback(r->s);
    return err;
}

int runtime_open(struct sql *s, const struct agent *const *agents, size_t count,
                 const struct runtime_conf *conf, int64_t now_ms, struct diag *reterr,
                 struct runtime **ret)
{
    assert(s && agents && count > 0 && conf && ret);
    AUTO(runtime) r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    *r = (struct runtime){.s = s, .agents = agents, .count = count, .conf = *conf};
    r->page = feed_page_new();
    if (!r->page)
        return -ENOMEM;
    int err = register_all(r, now_ms, reterr);
    if (err < 0)
        return err;
    *ret = TAKE(r);
    return 0;
}

void runtime_free(struct runtime *r)
{
    if (!r)
        return;
    catalogue_index_free(r->catalogue);
    feed_page_free(r->page);
    free(r);
}

/* ---- one agent's step ---- */

struct running {
    struct runtime *r;
    const struct agent *agent;
    struct agent_row row;
    struct agent_step step;
    int64_t left;   /* items that may still be taken */
    bool half_open; /* one try, to see whether it is whole again */
    bool failed;    /* something of it failed: the step ends here */
};

static int64_t backoff_ms(const struct runtime_conf *c, int64_t failures)
{
    int64_t ms = c->backoff_ms;
    for (int64_t i = 1; i < failures && ms < c->backoff_max_ms; i++)
        ms *= 2;
    return ms < c->backoff_max_ms ? ms : c->backoff_max_ms;
}

static void set_state(struct running *g, const char *state)
{
    text_cut(g->row.state, sizeof(g->row.state), state);
}

static bool in_state(const struct running *g, const char *state)
{
    return strcmp(g->row.state, state) == 0;
}

static int well(struct running *g)
{
    g->row.failures = 0;
    g->row.retry_ms = 0;
    g->row.tries = 0;
    g->row.stuck_on[0] = '\0';
    g->row.last_error[0] = '\0';
    if (!g->half_open)
        return 0;
    g->half_open = false;
    set_state(g, "running");
    return agent_row_tell(g->r->s, g->agent->name, "running", "whole again", g->step.now_ms);
}

/* One failure more: it rests, and beyond the breaker's limit it is broken. */
static int ill(struct running *g, const char *on, int err)
{
    bool same = strcmp(g->row.stuck_on, on) == 0;
    g->failed = true;
    g->row.failures++;
    g->row.tries = same ? g->row.tries + 1 : 1;
    text_cut(g->row.stuck_on, sizeof(g->row.stuck_on), on);
    g->row.retry_ms = g->step.now_ms + backoff_ms(&g->r->conf, g->row.failures);
    snprintf(g->row.last_error, sizeof(g->row.last_error), "%s: %s: %s", on, strerror(-err),
             g->step.why.text);
    if (g->row.failures < g->r->conf.breaker_failures || in_state(g, "broken"))
        return 0;
    set_state(g, "broken");
    return agent_row_tell(g->r->s, g->agent->name, "broken", g->row.last_error, g->step.now_ms);
}

/* Runs one call in a part of the transaction that can be undone by itself. 0, 1 when it failed and
 * is undone, or the store's error. */
typedef int (*part_fn)(struct running *g, void *context);
static int run_part(struct running *g, const char *on, part_fn part, void *context)
{
    struct sql *s = g->r->s;
    int err = sql_save(s);
    if (err < 0)
        return err;
    g->step.why = (struct diag){0};
    int did = part(g, context);
    if (did >= 0) {
        err = sql_save_keep(s);
        return err < 0 ? err : well(g);
    }
    if (is_stores(did))
        return did;
    err = sql_save_undo(s);
    if (err == 0)
        err = ill(g, on, did);
    return err < 0 ? err : 1;
}

/* ---- items ---- */

struct handing {
    struct feed_page *page;
    struct feed_item *item;
    struct agent_item given;
    struct entry entry;
    char cause[AGENT_CAUSE_SIZE];
};

/* How many events led to one another before this one. */
static int count_hops(struct sql *s, const struct event *e, int *ret_hops)
{
    static const char text[] = "SELECT cause FROM event WHERE seq = $1";
    char cause[EVENT_CAUSE_SIZE];
    int64_t seq = 0;
    text_cut(cause, sizeof(cause), e->cause);
    for (*ret_hops = 0; *ret_hops <= HOPS_MAX && sscanf(cause, "event:%" SCNd64, &seq) == 1;
         ++*ret_hops) {
        AUTO(sql_query) q = sql_query(s, text);
        sql_bind_int(q, 1, seq);
        int got = sql_step(q);
        if (got <= 0)
            return got;
        text_cut(cause, sizeof(cause), sql_text(q, 0));
    }
    return 0;
}

static int ready_event(struct running *g, struct handing *h)
{
    int hops = 0;
    int err = count_hops(g->r->s, &h->item->event, &hops);
    if (err == 0 && hops > HOPS_MAX) {
        diag_set(&g->step.why, 0, "agents answer each other in a circle");
        err = -ELOOP;
    }
    h->given.source = AGENT_EVENT;
    h->given.event = &h->item->event;
    return err;
}

static int ready_entry(struct handing *h)
{
    h->given.source = AGENT_ENTRY;
    h->given.device = h->page->device;
    h->given.site = h->page->site;
    h->given.epoch = h->page->epoch;
    h->given.entry = &h->entry;
    return entry_decode(h->item->bytes, h->item->len, &h->entry);
}

static int hand_over(struct running *g, void *context)
{
    struct handing *h = context;
    int err = h->item->fault;
    if (err == 0)
        err = h->page->device[0] ? ready_entry(h) : ready_event(g, h);
    if (err == -EPROTO)
        diag_set(&g->step.why, 0, "of a newer release");
    return err < 0 ? err : g->agent->take(&g->step, &h->given);
}

static void name_cause(const struct feed_page *p, const struct feed_item *item,
                       char cause[AGENT_CAUSE_SIZE])
{
    snprintf(cause, AGENT_CAUSE_SIZE, "%s%s:%" PRId64, p->device[0] ? "entry:" : "", p->source,
             item->seq);
}

/* What failed too often, and what this release cannot read, goes on a list for a person. */
static int set_aside(struct running *g, const struct handing *h)
{
    char source[64], reason[AGENT_ERROR_SIZE];
    snprintf(source, sizeof(source), "agent:%s", g->agent->name);
    text_cut(reason, sizeof(reason), g->row.last_error);
    int64_t letter = 0;
    int err = dead_letter_put(g->r->s,
                              &(struct dead_letter){.source = source,
                                                    .device = h->page->device,
                                                    .epoch = h->page->epoch,
                                                    .seq = h->item->seq,
                                                    .reason = reason,
                                                    .body = h->item->bytes,
                                                    .len = h->item->len},
                              g->step.now_ms, &letter);
    if (err < 0)
        return err;
    AUTO(event_body) b = event_body_new();
    event_body_int(b, "letter", letter);
    event_body_text(b, "agent", g->agent->name);
    event_body_text(b, "reason", reason);
    g->row.tries = 0;
    g->row.stuck_on[0] = '\0';
    if (!in_state(g, "broken"))
        g->row.retry_ms = g->step.now_ms; /* on with the next */
    err = event_body_append(b, g->r->s,
                            &(struct event_draft){.kind = EVENT_HAPPENED,
                                                  .type = EVENT_LETTER_DEAD,
                                                  .version = 1,
                                                  .actor = source,
                                                  .subject = source,
                                                  .cause = h->cause,
                                                  .trace = "",
                                                  .wall_ms = g->step.now_ms},
                            NULL);
    return err < 0 ? err : 0;
}

/* One item. 0: behind us, handled or set aside; 1: it is tried again later; or the store's error.
 */
static int take_item(struct running *g, struct feed_page *p, struct feed_item *item)
{
    if (!item->wanted)
        return 0;
    struct handing h = {.page = p, .item = item};
    name_cause(p, item, h.cause);
    h.given.cause = h.cause;
    int r = run_part(g, h.cause, hand_over, &h);
    g->left--;
    if (r == 0)
        g->row.handled++;
    if (r <= 0)
        return r;
    bool hopeless = item->fault == -EPROTO;
    if (!hopeless && g->row.tries < g->r->conf.item_tries)
        return 1;
    return set_aside(g, &h);
}

/* The items of a page in their order; the position moves behind the last that is done. */
static int take_page(struct running *g, struct feed_page *p)
{
    int64_t done = -1;
    int r = 0;
    for (size_t i = 0; i < p->count && !g->failed && g->left > 0; i++) {
        r = take_item(g, p, &p->items[i]);
        if (r < 0)
            return r;
        if (r == 0)
            done = p->items[i].seq;
    }
    return done < 0 ? 0 : agent_position_write(g->r->s, g->agent->name, p->source, done);
}

static size_t page_items(const struct running *g)
{
    return g->left < FEED_PAGE ? (size_t)g->left : FEED_PAGE;
}

static int take_events(struct running *g)
{
    while (g->agent->events && g->left > 0 && !g->failed) {
        int err = feed_events(g->r->s, g->agent, page_items(g), g->r->page);
        if (err == 0 && g->r->page->count == 0)
            return 0;
        if (err == 0)
            err = take_page(g, g->r->page);
        if (err < 0)
            return err;
        g->left -= g->r->page->items[g->r->page->count - 1].wanted ? 0 : 1; /* ends some day */
    }
    return 0;
}

/* Journals take turns, a page each, so that one site's backlog does not hold up the others. */
static int take_entries(struct running *g)
{
    char after[FEED_SOURCE_SIZE] = "";
    bool any = false;
    while (g->agent->entries && g->left > 0 && !g->failed) {
        int err = feed_entries(g->r->s, g->agent, after, page_items(g), g->r->page);
        if (err < 0)
            return err;
        if (g->r->page->count == 0) {
            if (!any)
                return 0;
            any = false;
            after[0] = '\0';
            continue;
        }
        any = true;
        text_cut(after, sizeof(after), g->r->page->source);
        err = take_page(g, g->r->page);
        if (err < 0)
            return err;
        g->left--;
    }
    return 0;
}

/* ---- letters that a person wants tried again ---- */

static int take_letters(struct running *g)
{
    char source[64], cause[AGENT_CAUSE_SIZE];
    snprintf(source, sizeof(source), "agent:%s", g->agent->name);
    while (g->agent->take && g->left > 0 && !g->failed) {
        struct dead_letter_item letter;
        int err = dead_letter_again(g->r->s, source, &letter);
        if (err < 0)
            return err == -ENOENT ? 0 : err;
        err = feed_one(g->r->s, letter.device, letter.epoch, letter.seq, g->r->page);
        if (err == -ENOENT) {
            err = dead_letter_close(g->r->s, letter.letter, "it is not there any more");
            if (err < 0)
                return err;
            continue;
        }
        if (err < 0)
            return err;
        struct handing h = {.page = g->r->page, .item = &g->r->page->items[0]};
        name_cause(h.page, h.item, cause);
        snprintf(h.cause, sizeof(h.cause), "%s", cause);
        h.given.cause = h.cause;
        g->left--;
        int r = run_part(g, h.cause, hand_over, &h);
        if (r < 0)
            return r;
        err = dead_letter_close(g->r->s, letter.letter, r == 0 ? "" : g->row.last_error);
        if (err < 0)
            return err;
    }
    return 0;
}

/* ---- timers and period ---- */

struct ringing {
    char timer[161], subject[161], what[65];
    struct agent_timer given;
};

static int read_timer(struct running *g, struct ringing *ret)
{
    AUTO(sql_query)
    q = sql_query(g->r->s, "SELECT timer, subject, what, due_ms FROM timer WHERE consumer = $1"
                           " AND due_ms <= $2 ORDER BY due_ms, timer LIMIT 1");
    sql_bind_text(q, 1, g->agent->name);
    sql_bind_int(q, 2, g->step.now_ms);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    sql_copy(q, 0, ret->timer, sizeof(ret->timer));
    sql_copy(q, 1, ret->subject, sizeof(ret->subject));
    sql_copy(q, 2, ret->what, sizeof(ret->what));
    ret->given = (struct agent_timer){ret->timer, ret->subject, ret->what, sql_int(q, 3)};
    return 1;
}

static int forget_timer(struct running *g, const char *timer)
{
    AUTO(sql_query) q = sql_query(g->r->s, "DELETE FROM timer WHERE timer = $1");
    sql_bind_text(q, 1, timer);
    return sql_run(q);
}

/* It is gone before it rings, so that ringing may set it again. */
static int ring_part(struct running *g, void *context)
{
    struct ringing *t = context;
    int err = forget_timer(g, t->timer);
    if (err < 0)
        return err;
    return g->agent->ring ? g->agent->ring(&g->step, &t->given) : 0;
}

/* A timer that rang in vain too often is put off: it is not lost, and the others come to their
 * turn. */
static int put_off(struct running *g, const struct ringing *t)
{
    AUTO(sql_query) q = sql_query(g->r->s, "UPDATE timer SET due_ms = $2 WHERE timer = $1");
    sql_bind_text(q, 1, t->timer);
    sql_bind_int(q, 2, g->step.now_ms + g->r->conf.backoff_max_ms);
    g->row.tries = 0;
    g->row.stuck_on[0] = '\0';
    return sql_run(q);
}

static int ring_timers(struct running *g)
{
    for (int i = 0; i < TIMERS_STEP && !g->failed; i++) {
        struct ringing t;
        int got = read_timer(g, &t);
        if (got <= 0)
            return got;
        char on[AGENT_CAUSE_SIZE];
        snprintf(on, sizeof(on), "timer:%.80s", t.timer);
        int r = run_part(g, on, ring_part, &t);
        if (r > 0 && g->row.tries >= g->r->conf.item_tries)
            r = put_off(g, &t);
        if (r < 0)
            return r;
    }
    return 0;
}

static int wake_part(struct running *g, void *context)
{
    (void)context;
    return g->agent->wake(&g->step);
}

static bool is_due(const struct running *g)
{
    return (g->agent->period_ms > 0 || g->row.due_ms > 0) && g->row.due_ms <= g->step.now_ms;
}

static int wake(struct running *g)
{
    if (g->failed || !is_due(g))
        return 0;
    int r = g->agent->wake ? run_part(g, "wake", wake_part, NULL) : 0;
    if (r != 0)
        return r < 0 ? r : 0;
    if (g->agent->work)
        g->step.wants_work = true; /* due_ms moves when the work is done */
    else
        g->row.due_ms = g->step.now_ms + g->agent->period_ms;
    return 0;
}

/* ---- long work ---- */

static int open_step(struct running *g, struct setting_book **ret_book)
{
    int err = setting_book_read(g->r->s, ret_book);
    if (err == 0)
        err = catalogue_index_refresh(g->r->catalogue, g->r->s, &g->step.why);
    g->step.settings = *ret_book;
    g->step.catalogue = g->r->catalogue;
    return err < 0 ? err : 0;
}

static int prepare(struct running *g, struct setting_book **ret_book, void **ret_work)
{
    int err = sql_begin(g->r->s, SQL_READ);
    if (err == 0)
        err = open_step(g, ret_book);
    if (err == 0)
        err = g->agent->work->prepare(&g->step, ret_work);
    sql_rollback(g->r->s);
    return err;
}

static int apply(struct running *g, void *work)
{
    int err = sql_begin(g->r->s, SQL_WRITE);
    if (err == 0)
        err = sql_lock(g->r->s, g->agent->name);
    if (err == 0)
        err = g->agent->work->apply(&g->step, work);
    if (err < 0)
        sql_rollback(g->r->s);
    return err;
}

/* Leaves the write transaction of apply open when it returns 0 with *ret_open. */
static int work_once(struct running *g, bool *ret_open)
{
    AUTO(setting_book) book = NULL;
    void *work = NULL;
    g->step.wants_work = false; /* from here on: apply wants more of it */
    int r = prepare(g, &book, &work);
    if (r > 0) {
        g->step.s = NULL;
        r = g->agent->work->compute(&g->step, work);
        g->step.s = g->r->s;
        if (r >= 0)
            r = apply(g, work);
        *ret_open = r >= 0;
    }
    if (work)
        g->agent->work->free(work);
    g->step.settings = NULL;
    return r < 0 ? r : 0;
}

static int note_work(struct running *g, int err)
{
    int r = agent_row_read(g->r->s, g->agent->name, &g->row);
    if (r < 0)
        return r;
    g->row.heartbeat_ms = g->row.ran_ms = g->step.now_ms;
    if (err == -ESTALE) {
        g->row.due_ms = g->step.now_ms + g->r->conf.backoff_ms;
    } else if (err < 0) {
        r = ill(g, "work", err);
    } else {
        g->row.due_ms = g->step.wants_work        ? g->step.now_ms
                        : g->agent->period_ms > 0 ? g->step.now_ms + g->agent->period_ms
                                                  : 0;
        r = well(g);
    }
    return r < 0 ? r : agent_row_write(g->r->s, g->agent->name, &g->row);
}

static int do_work(struct running *g)
{
    int err = -ESTALE;
    bool open = false;
    g->step.why = (struct diag){0};
    for (int i = 0; i < STALE_TRIES && err == -ESTALE; i++)
        err = work_once(g, &open);
    if (is_stores(err))
        return err;
    int r = open ? 0 : sql_begin(g->r->s, SQL_WRITE);
    if (r == 0)
        r = note_work(g, err);
    if (r == 0)
        return sql_commit(g->r->s);
    sql_rollback(g->r->s);
    return r;
}

/* ---- the step ---- */

/* Follows what is wanted. 1: the agent is to do nothing now. */
static int follow_wanted(struct running *g)
{
    bool stop = strcmp(g->row.wanted, "stopped") == 0;
    if (stop && in_state(g, "stopped"))
        return 1;
    if (stop) {
        set_state(g, "stopped");
        int err = agent_row_tell(g->r->s, g->agent->name, "stopped", "by command", g->step.now_ms);
        return err < 0 ? err : 1;
    }
    if (in_state(g, "running"))
        return 0;
    if (in_state(g, "broken")) {
        g->half_open = true;
        g->left = 1;
        return 0;
    }
    set_state(g, "running");
    return agent_row_tell(g->r->s, g->agent->name, "running", "by command", g->step.now_ms);
}

static int run_all(struct running *g)
{
    int err = ring_timers(g);
    if (err == 0)
        err = take_letters(g);
    if (err == 0)
        err = take_events(g);
    if (err == 0)
        err = take_entries(g);
    if (err == 0)
        err = wake(g);
    return err;
}

static int step_in_transaction(struct running *g)
{
    struct sql *s = g->r->s;
    int err = sql_lock(s, g->agent->name);
    if (err == 0)
        err = agent_row_read(s, g->agent->name, &g->row);
    if (err == 0)
        err = follow_wanted(g);
    bool rests = err > 0;
    AUTO(setting_book) book = NULL;
    if (err == 0 && g->row.retry_ms <= g->step.now_ms) {
        err = open_step(g, &book);
        if (err == 0)
            err = run_all(g);
        g->step.settings = NULL;
    }
    if (err < 0)
        return err;
    g->row.heartbeat_ms = g->step.now_ms;
    if (!rests)
        g->row.ran_ms = g->step.now_ms;
    if (g->step.wants_work && !g->failed)
        g->row.due_ms = g->step.now_ms; /* kept in the store until it is done */
    return agent_row_write(s, g->agent->name, &g->row);
}

static int step_agent(struct runtime *r, const struct agent *a, int64_t now_ms)
{
    struct running g = {
        .r = r,
        .agent = a,
        .left = r->conf.items_step,
        .step = {.s = r->s, .agent = a->name, .now_ms = now_ms, .today = civil_ist_day(now_ms)}};
    int err = sql_begin(r->s, SQL_WRITE);
    if (err == 0)
        err = step_in_transaction(&g);
    if (err == 0)
        err = sql_commit(r->s);
    else
        sql_rollback(r->s);
    if (err == 0 && g.step.wants_work && !g.failed && a->work)
        err = do_work(&g);
    return err;
}

/* ---- whose turn it is ---- */

static int next_timer(struct sql *s, const struct agent *a, int64_t *ret_due_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT due_ms FROM timer WHERE consumer = $1 ORDER BY due_ms LIMIT 1");
    sql_bind_text(q, 1, a->name);
    int got = sql_step(q);
    if (got > 0)
        *ret_due_ms = sql_int(q, 0);
    return got < 0 ? got : 0;
}

static void earlier(int64_t *due_ms, int64_t other_ms)
{
    if (other_ms < *due_ms)
        *due_ms = other_ms;
}

/* When the agent has something to do: *ret_due_ms, at most now_ms if at once. */
static int look(struct runtime *r, const struct agent *a, int64_t now_ms, int64_t *ret_due_ms)
{
    struct agent_row row;
    int err = agent_row_read(r->s, a->name, &row);
    if (err < 0)
        return err;
    bool stop = strcmp(row.wanted, "stopped") == 0;
    bool stopped = strcmp(row.state, "stopped") == 0;
    bool starting = strcmp(row.state, "starting") == 0;
    int64_t due = NEVER;
    earlier(&due, row.heartbeat_ms + r->conf.heartbeat_ms);
    if (stop != stopped || starting)
        earlier(&due, now_ms);
    *ret_due_ms = due;
    if (stop)
        return 0;
    int64_t own = NEVER;
    if (a->period_ms > 0 || row.due_ms > 0)
        earlier(&own, row.due_ms);
    err = next_timer(r->s, a, &own);
    if (err < 0)
        return err;
    int waits = feed_waits(r->s, a);
    if (waits == 0 && a->take) {
        char source[64];
        struct dead_letter_item letter;
        snprintf(source, sizeof(source), "agent:%s", a->name);
        int found = dead_letter_again(r->s, source, &letter);
        if (found < 0 && found != -ENOENT)
            return found;
        waits = found == 0;
    }
    if (waits < 0)
        return waits;
    if (waits > 0)
        own = now_ms;
    if (own < row.retry_ms)
        own = row.retry_ms;
    earlier(ret_due_ms, own);
    return 0;
}

/* The next agent in turn that has something to do now. 1 with *ret_at, or 0 with the time. */
static int find_turn(struct runtime *r, int64_t now_ms, size_t *ret_at, int64_t *ret_due_ms)
{
    int64_t due = NEVER;
    for (size_t i = 0; i < r->count; i++) {
        size_t at = (r->next + i) % r->count;
        int64_t own = NEVER;
        int err = look(r, r->agents[at], now_ms, &own);
        if (err < 0)
            return err;
        if (own <= now_ms) {
            *ret_at = at;
            return 1;
        }
        earlier(&due, own);
    }
    *ret_due_ms = due;
    return 0;
}

int runtime_step(struct runtime *r, int64_t now_ms, int64_t *ret_due_ms)
{
    assert(r && ret_due_ms);
    size_t at = 0;
    int turn = sql_begin(r->s, SQL_READ);
    if (turn == 0)
        turn = find_turn(r, now_ms, &at, ret_due_ms);
    sql_rollback(r->s);
    if (turn <= 0)
        return turn;
    r->next = (at + 1) % r->count;
    int err = step_agent(r, r->agents[at], now_ms);
    return err < 0 ? err : 1;
}

int runtime_step_agent(struct runtime *r, const char *agent, int64_t now_ms)
{
    assert(r && agent);
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->agents[i]->name, agent) == 0)
            return step_agent(r, r->agents[i], now_ms);
    return -ENOENT;
}
