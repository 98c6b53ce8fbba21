/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every further step of the saga: what scans and time have made of it. */
#include "transfer_saga.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "cooldown.h"
#include "decimal.h"
#include "domain_event.h"
#include "event_type.h"
#include "paper.h"
#include "road.h"
#include "text.h"
#include "timer.h"
#include "transfer_line.h"
#include "transfer_step.h"
#include "true_cost.h"

static int read_facts(struct sql *s, const struct proposal *p, struct transfer_facts *ret)
{
    struct transfer_facts f = {.ordered = p->units,
                               .dispatch_late =
                                   p->saga_step & (TRANSFER_DISPATCH_LATE | TRANSFER_CALLED_OFF),
                               .given_up = p->saga_step & TRANSFER_GIVEN_UP};
    const struct {
        enum entry_kind kind;
        const char *site;
        int64_t *into;
    } sums[] = {{ENTRY_DISPATCHED, p->from_site, &f.sent},
                {ENTRY_TASK_DONE, p->from_site, &f.out_short},
                {ENTRY_ARRIVED, p->to_site, &f.arrived},
                {ENTRY_LOST, p->to_site, &f.lost}};
    for (size_t i = 0; i < ARRAY_LEN(sums); i++) {
        int err =
            transfer_line_done(s, p->document, sums[i].site, (int32_t)sums[i].kind, sums[i].into);
        if (err < 0)
            return err;
    }
    int err = transfer_line_damaged(s, p->document, &f.damaged);
    if (err == 0)
        *ret = f;
    return err;
}

static int set_lines(struct sql *s, const struct proposal *p, const struct transfer_facts *f,
                     const struct transfer_verdict *v)
{
    const char *out = v->out_open ? "open" : f->dispatch_late ? "cancelled" : "done";
    bool nothing = v->in_qty == 0 || (f->given_up && v->in_transit > 0);
    const char *in = v->in_open ? "open" : nothing ? "cancelled" : "done";
    int err = transfer_line_set(s, p->document, p->from_site, out, p->units);
    if (err == 0)
        err =
            transfer_line_set(s, p->document, p->to_site, in, v->in_qty > 0 ? v->in_qty : p->units);
    return err;
}

static int tell(struct agent_step *step, const struct proposal *p, const char *type,
                const struct transfer_facts *f, const struct transfer_verdict *v, const char *cause)
{
    struct proposal_by by = transfer_by(step, cause);
    AUTO(event_body) b = proposal_body(p);
    event_body_text(b, "document", p->document);
    event_body_int(b, "ordered", f->ordered);
    event_body_int(b, "sent", f->sent);
    event_body_int(b, "arrived", f->arrived);
    event_body_int(b, "damaged", f->damaged);
    event_body_int(b, "lost", f->lost);
    event_body_int(b, "inTransit", v->in_transit);
    int err = proposal_say(step->s, p, b, type, &by);
    return err < 0 ? err : 0;
}

/* Said once for each set of figures, whatever led to looking. */
static int tell_figures(struct agent_step *step, const struct proposal *p,
                        const struct transfer_facts *f, const struct transfer_verdict *v)
{
    char cause[EVENT_CAUSE_SIZE];
    int err = 0;
    if (f->sent > 0 && !v->out_open) {
        snprintf(cause, sizeof(cause), "transfer:%s:left=%" PRId64, p->document, f->sent);
        err = tell(step, p, EVENT_TRANSFER_LEFT, f, v, cause);
    }
    if (err == 0 && v->differs) {
        snprintf(cause, sizeof(cause),
                 "transfer:%s:lost=%" PRId64 ":damaged=%" PRId64 ":transit=%" PRId64, p->document,
                 f->lost, f->damaged, v->in_transit);
        err = tell(step, p, EVENT_TRANSFER_SHORT, f, v, cause);
    }
    return err;
}

#define PAPERS_MAX 4

struct papers {
    char numbers[PAPERS_MAX][DOCUMENT_NO_SIZE];
    const char *texts[PAPERS_MAX];
    size_t count;
};

static int keep_paper(const char *kind, const char *number, void *context)
{
    struct papers *p = context;
    (void)kind;
    if (p->count < PAPERS_MAX) {
        text_cut(p->numbers[p->count], DOCUMENT_NO_SIZE, number);
        p->texts[p->count] = p->numbers[p->count];
        p->count++;
    }
    return 0;
}

static int tell_executed(struct agent_step *step, const struct proposal *p,
                         const struct transfer_facts *f, const struct transfer_verdict *v,
                         int64_t cost_paise)
{
    static const char *const statuses[PROPOSAL_STATE_COUNT] = {
        [PROPOSAL_DONE] = "success", [PROPOSAL_PARTIAL] = "partial", [PROPOSAL_FAILED] = "failed"};
    char subject[EVENT_SUBJECT_SIZE], cause[EVENT_CAUSE_SIZE];
    struct papers papers = {.count = 0};
    int err = paper_each(step->s, p->document, keep_paper, &papers);
    if (err < 0)
        return err;
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    snprintf(cause, sizeof(cause), "transfer:%s:sent=%" PRId64 ":whole=%" PRId64, p->document,
             f->sent, v->done_units);
    struct domain_event e = {.type = DOMAIN_REALLOCATION_EXECUTED};
    struct reallocation_executed *x = &e.reallocation_executed;
    text_cut(x->recommendation_id, sizeof(x->recommendation_id), p->id);
    text_cut(x->execution_status, sizeof(x->execution_status), statuses[v->state]);
    x->actual_quantity = v->done_units;
    x->actual_cost_paise = cost_paise;
    x->compliance_documents = (struct domain_list){papers.texts, papers.count};
    err = domain_event_append(step->s, &e,
                              &(struct domain_event_origin){"agent:orchestrator", subject, cause,
                                                            p->case_id, step->now_ms},
                              NULL);
    return err < 0 ? err : 0;
}

/* Freight is owed once anything has left; what left and did not arrive whole costs itself. */
static int actual_cost(struct sql *s, const struct proposal *p, const struct transfer_facts *f,
                       const struct transfer_verdict *v, int64_t *ret_paise)
{
    int64_t gone = f->sent > v->done_units ? f->sent - v->done_units : 0;
    int64_t goods = 0, way = 0;
    int err = decimal_muldiv(p->landed_paise, gone, p->units, &goods);
    if (err == 0 && f->sent > 0)
        err = true_cost_of(s, p, &way);
    *ret_paise = way + goods;
    return err;
}

static int close_it(struct agent_step *step, const struct proposal *p,
                    const struct transfer_facts *f, const struct transfer_verdict *v,
                    const char *cause)
{
    struct proposal_by by = transfer_by(step, cause);
    bool called_off = p->saga_step & TRANSFER_CALLED_OFF;
    struct proposal_outcome o = {.done_units = v->done_units,
                                 .revenue_paise = p->actual_revenue_paise,
                                 .why = f->sent == 0 && called_off
                                            ? "called off: a lorry's least load was not reached"
                                        : f->sent == 0 ? "nothing left in time"
                                        : v->differs   ? "sender and receiver do not agree"
                                                       : "scanned at both ends"};
    int err = actual_cost(step->s, p, f, v, &o.cost_paise);
    if (err == 0)
        err = proposal_finish(step->s, p->id, &o, &by);
    if (err != 0)
        return err < 0 ? err : 0;
    if (f->sent == 0 && f->arrived == 0) { /* compensated: as if it had not been */
        err = paper_cancel(step->s, p->document);
        if (err == 0 && !called_off)
            err = proposal_rest_lane(step->s, p, step->now_ms);
    }
    if (err == 0)
        err = tell_executed(step, p, f, v, o.cost_paise);
    if (err == 0)
        err = transfer_ring_not(step, "dispatch", p->id);
    return err < 0 ? err : transfer_ring_not(step, "arrive", p->id);
}

static int lead_days(struct agent_step *step, const struct proposal *p, int32_t *ret)
{
    const struct site *from = catalogue_index_site(step->catalogue, p->from_site);
    const struct site *to = catalogue_index_site(step->catalogue, p->to_site);
    struct road road = {.lead_days = 1};
    int err = from && to ? road_between(step->s, from, to, &road) : 0;
    *ret = road.lead_days;
    return err;
}

/* Goods have left for the first time: from here they are awaited, and the lot rests. */
static int await_arrival(struct agent_step *step, const struct proposal *p)
{
    int32_t lead = 0;
    int64_t due = 0;
    char name[PROPOSAL_TIMER_SIZE];
    int err = timer_due(step->s, transfer_timer("arrive", p->id, name), &due);
    if (err != -ENOENT)
        return err;
    err = lead_days(step, p, &lead);
    if (err < 0)
        return err;
    due = step->now_ms +
          (lead + transfer_days(step, p, SETTING_ARRIVAL_GRACE_DAYS)) * CIVIL_MS_PER_DAY;
    err = transfer_ring_at(step, "arrive", p->id, due);
    if (err < 0)
        return err;
    return cooldown_moved(step->s, p->from_site, p->to_site, p->sku, &p->batch,
                          step->now_ms +
                              transfer_days(step, p, SETTING_COOLDOWN_DAYS) * CIVIL_MS_PER_DAY);
}

static int go_on(struct agent_step *step, const struct proposal *p, const struct transfer_facts *f,
                 const char *cause)
{
    struct proposal_by by = transfer_by(step, cause);
    int err = 0;
    if (p->state != PROPOSAL_EXECUTING) { /* it left after all */
        err = proposal_start(step->s, p->id, p->document, &by);
        if (err >= 0)
            err = paper_restore(step->s, p->document);
    }
    if (err == 0 && f->sent > 0)
        err = await_arrival(step, p);
    return err;
}

static int follow(struct agent_step *step, const struct proposal *p, const char *cause)
{
    struct transfer_facts f;
    int err = read_facts(step->s, p, &f);
    if (err < 0)
        return err;
    struct transfer_verdict v = transfer_judge(&f);
    err = set_lines(step->s, p, &f, &v);
    if (err == 0)
        err = tell_figures(step, p, &f, &v);
    if (err == 0)
        err = v.step == TRANSFER_CLOSED ? close_it(step, p, &f, &v, cause)
                                        : go_on(step, p, &f, cause);
    if (err == 0 && !v.out_open)
        err = transfer_ring_not(step, "dispatch", p->id);
    int64_t flags = p->saga_step & ~(int64_t)TRANSFER_STEP_MASK;
    return err < 0 ? err : transfer_keep_step(step->s, p->id, flags | (int64_t)v.step);
}

int transfer_follow(struct agent_step *step, const char *document, const char *cause)
{
    assert(step && document && cause);
    struct proposal p;
    int err = proposal_find_document(step->s, document, &p);
    if (err < 0)
        return err == -ENOENT ? 1 : err;
    return p.action == PROPOSAL_TRANSFER ? follow(step, &p, cause) : 1;
}

int transfer_time_out(struct agent_step *step, const char *proposal_id, int64_t flag,
                      const char *cause)
{
    assert(step && proposal_id && cause);
    struct proposal p;
    int err = proposal_find(step->s, proposal_id, &p);
    if (err < 0)
        return err;
    if (p.state != PROPOSAL_EXECUTING || p.action != PROPOSAL_TRANSFER)
        return 0;
    p.saga_step |= flag;
    err = proposal_row_update(step->s, &p);
    return err < 0 ? err : follow(step, &p, cause);
}
