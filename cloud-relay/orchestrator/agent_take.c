/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands items over one by one, each with the cursor in the transaction of its effect. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent_run.h"
#include "dead_letter.h"
#include "entry_codec.h"
#include "event_body.h"
#include "event_type.h"
#include "text.h"

#define HOPS_MAX 24 /* events that led to one another: beyond, agents talk in a circle */

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

static int ready_event(struct agent_run *g, struct handing *h)
{
    int hops = 0;
    int err = count_hops(g->s, &h->item->event, &hops);
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
    h->given.early = h->page->early;
    return entry_decode(h->item->bytes, h->item->len, &h->entry);
}

static int hand_over(struct agent_run *g, void *context)
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
static int set_aside(struct agent_run *g, const struct handing *h)
{
    char source[64], reason[AGENT_ERROR_SIZE], trace[EVENT_TRACE_SIZE];
    bool traced = h->given.event && h->given.event->trace[0];
    text_cut(trace, sizeof(trace), traced ? h->given.event->trace : h->cause);
    snprintf(source, sizeof(source), "agent:%s", g->agent->name);
    text_cut(reason, sizeof(reason), g->row.last_error);
    int64_t letter = 0;
    int err = dead_letter_put(g->s,
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
    if (!agent_run_in_state(g, "broken"))
        g->row.retry_ms = g->step.now_ms; /* on with the next */
    err = event_body_append(b, g->s,
                            &(struct event_draft){.kind = EVENT_HAPPENED,
                                                  .type = EVENT_LETTER_DEAD,
                                                  .version = 1,
                                                  .actor = source,
                                                  .subject = source,
                                                  .cause = h->cause,
                                                  .trace = trace,
                                                  .wall_ms = g->step.now_ms},
                            NULL);
    return err < 0 ? err : 0;
}

/* One item. 0: behind us, handled or set aside; 1: it is tried again later; or the store's error.
 */
static int take_item(struct agent_run *g, struct feed_page *p, struct feed_item *item)
{
    if (!item->wanted)
        return 0;
    struct handing h = {.page = p, .item = item};
    name_cause(p, item, h.cause);
    h.given.cause = h.cause;
    int r = agent_run_part(g, h.cause, hand_over, &h);
    g->left--;
    if (r == 0)
        g->row.handled++;
    if (r <= 0)
        return r;
    bool hopeless = item->fault == -EPROTO;
    if (!hopeless && g->row.tries < g->conf->item_tries)
        return 1;
    return set_aside(g, &h);
}

/* The items of a page in their order; the position moves behind the last that is done. */
static int take_page(struct agent_run *g, struct feed_page *p)
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
    if (done < 0)
        return 0;
    return p->early ? feed_early_seen(g->s, p, done)
                    : agent_position_write(g->s, g->agent->name, p->source, done);
}

static size_t page_items(const struct agent_run *g)
{
    return g->left < FEED_PAGE ? (size_t)g->left : FEED_PAGE;
}

int agent_take_events(struct agent_run *g)
{
    while (g->agent->events && g->left > 0 && !g->failed) {
        int err = feed_events(g->s, g->agent, page_items(g), g->page);
        if (err == 0 && g->page->count == 0)
            return 0;
        if (err == 0)
            err = take_page(g, g->page);
        if (err < 0)
            return err;
        g->left -= g->page->items[g->page->count - 1].wanted ? 0 : 1; /* ends some day */
    }
    return 0;
}

int agent_take_early(struct agent_run *g)
{
    while (g->agent->early && g->left > 0 && !g->failed) {
        int err = feed_early(g->s, g->agent, page_items(g), g->page);
        if (err == 0 && g->page->count == 0)
            return 0;
        if (err == 0)
            err = take_page(g, g->page);
        if (err < 0)
            return err;
        g->left--;
    }
    return 0;
}

/* Journals take turns, a page each, so that one site's backlog does not hold up the others. */
int agent_take_entries(struct agent_run *g)
{
    char after[FEED_SOURCE_SIZE] = "";
    bool any = false;
    while (g->agent->entries && g->left > 0 && !g->failed) {
        int err = feed_entries(g->s, g->agent, after, page_items(g), g->page);
        if (err < 0)
            return err;
        if (g->page->count == 0) {
            if (!any)
                return 0;
            any = false;
            after[0] = '\0';
            continue;
        }
        any = true;
        text_cut(after, sizeof(after), g->page->source);
        err = take_page(g, g->page);
        if (err < 0)
            return err;
        g->left--;
    }
    return 0;
}

/* ---- letters that a person wants tried again ---- */

int agent_take_letters(struct agent_run *g)
{
    char source[64], cause[AGENT_CAUSE_SIZE];
    snprintf(source, sizeof(source), "agent:%s", g->agent->name);
    while (g->agent->take && g->left > 0 && !g->failed) {
        struct dead_letter_item letter;
        int err = dead_letter_again(g->s, source, &letter);
        if (err < 0)
            return err == -ENOENT ? 0 : err;
        err = feed_one(g->s, letter.device, letter.epoch, letter.seq, g->page);
        if (err == -ENOENT) {
            err = dead_letter_close(g->s, letter.letter, "it is not there any more");
            if (err < 0)
                return err;
            continue;
        }
        if (err < 0)
            return err;
        struct handing h = {.page = g->page, .item = &g->page->items[0]};
        name_cause(h.page, h.item, cause);
        snprintf(h.cause, sizeof(h.cause), "%s", cause);
        h.given.cause = h.cause;
        g->left--;
        int r = agent_run_part(g, h.cause, hand_over, &h);
        if (r < 0)
            return r;
        err = dead_letter_close(g->s, letter.letter, r == 0 ? "" : g->row.last_error);
        if (err < 0)
            return err;
    }
    return 0;
}
