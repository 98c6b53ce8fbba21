/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first step of the saga: the world is judged once more, then lines and papers go down. */
#include "transfer_saga.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "compliance.h"
#include "domain_event.h"
#include "paper.h"
#include "text.h"
#include "timer.h"
#include "transfer_line.h"
#include "transfer_step.h"

/* The violation is said before anything moves. */
static int tell_violation(struct agent_step *step, const struct proposal *p, const char *text,
                          const char *cause)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    struct domain_event e = {.type = DOMAIN_COMPLIANCE_VIOLATION};
    struct compliance_violation *v = &e.compliance_violation;
    text_cut(v->rule, sizeof(v->rule), "execution_check");
    text_cut(v->subject, sizeof(v->subject), subject);
    text_cut(v->severity, sizeof(v->severity), "critical");
    text_cut(v->evidence, sizeof(v->evidence), text);
    v->blocking = true;
    int err = domain_event_append(step->s, &e,
                                  &(struct domain_event_origin){"agent:orchestrator", subject,
                                                                cause, p->case_id, step->now_ms},
                                  NULL);
    return err < 0 ? err : 0;
}

static int give_up(struct agent_step *step, const struct proposal *p, const char *why,
                   const char *cause)
{
    struct proposal_by by = transfer_by(step, cause);
    return proposal_withdraw(step->s, p->id, why, &by);
}

/* 0 with *ret: the world is as it was when it was approved; 1: it is not, and that is settled. */
static int check_again(struct agent_step *step, const struct proposal *p, const char *cause,
                       struct compliance_input *ret_input, struct compliance *ret)
{
    struct compliance_ask ask = {.movement = proposal_movement(p->action),
                                 .from_site = p->from_site,
                                 .to_site = p->to_site,
                                 .sku = p->sku,
                                 .batch = p->batch,
                                 .units = p->units,
                                 .day = step->today,
                                 .proposal = p};
    struct autonomy a;
    int err = proposal_autonomy(step->s, p, step->settings, step->now_ms, &a);
    if (err < 0)
        return err;
    if (a.verdict == AUTONOMY_STOPPED || p->expires_ms <= step->now_ms) {
        err = give_up(step, p,
                      a.verdict == AUTONOMY_STOPPED ? "the kill switch is on"
                                                    : "it was approved too late",
                      cause);
        return err < 0 ? err : 1;
    }
    err = compliance_read(step->s, &ask, step->catalogue, step->settings, ret_input);
    if (err == -ENOENT) {
        err = give_up(step, p, "its site or SKU is not known any more", cause);
        return err < 0 ? err : 1;
    }
    if (err < 0)
        return err;
    char text[COMPLIANCE_TEXT_SIZE];
    compliance_judge(ret_input, ret);
    compliance_text(ret, text);
    if (ret->codes == 0 || (!ret->blocked && strcmp(text, p->compliance) == 0))
        return 0;
    err = tell_violation(step, p, text, cause);
    if (err == 0)
        err = give_up(step, p, text, cause);
    return err < 0 ? err : 1;
}

static int write_lines(struct agent_step *step, const struct proposal *p, int32_t lead_days,
                       const char *cause)
{
    int32_t due = step->today + (int32_t)transfer_days(step, p, SETTING_DISPATCH_DAYS);
    struct transfer_line out = {.document = p->document,
                                .site = p->from_site,
                                .kind = "transfer_out",
                                .party = p->to_site,
                                .sku = p->sku,
                                .batch = &p->batch,
                                .qty = p->units,
                                .due_day = due,
                                .now_ms = step->now_ms,
                                .cause = cause};
    int err = transfer_line_received(step->s, p->from_site, p->sku, &p->batch, &out.received_day);
    if (err == 0)
        err = transfer_line_write(step->s, &out);
    struct transfer_line in = out;
    in.site = p->to_site;
    in.party = p->from_site;
    in.kind = "transfer_in";
    in.due_day = due + lead_days;
    return err < 0 ? err : transfer_line_write(step->s, &in);
}

/* A return or a write-off is a line at the goods' own site, which a scan carries out. */
static int write_removal(struct agent_step *step, const struct proposal *p)
{
    bool back = p->action == PROPOSAL_SUPPLIER_RETURN;
    struct transfer_line l = {
        .document = p->document,
        .site = p->from_site,
        .kind = order_kind_name(back ? ORDER_SUPPLIER_RETURN : ORDER_WRITE_OFF),
        .party = back ? p->to_site : p->from_site,
        .sku = p->sku,
        .batch = &p->batch,
        .qty = p->units,
        .due_day = step->today + (int32_t)transfer_days(step, p, SETTING_DISPATCH_DAYS),
        .now_ms = step->now_ms,
        .cause = p->id};
    int err = transfer_line_received(step->s, p->from_site, p->sku, &p->batch, &l.received_day);
    return err < 0 ? err : transfer_line_write(step->s, &l);
}

static int write_paper(struct agent_step *step, const struct proposal *p,
                       const struct compliance_input *input, const struct compliance *judged)
{
    const struct catalogue_sku *sku = catalogue_index_sku(step->catalogue, p->sku);
    char number[DOCUMENT_NO_SIZE];
    int err = paper_write(step->s,
                          &(struct paper_draft){.document = p->document,
                                                .proposal = p,
                                                .input = input,
                                                .judged = judged,
                                                .sku = p->sku,
                                                .name = sku ? sku->name : p->sku,
                                                .batch = p->batch,
                                                .units = p->units,
                                                .now_ms = step->now_ms},
                          number);
    return err < 0 ? err : 0;
}

static int lock_lot(struct sql *s, const struct proposal *p)
{
    char name[TIMER_NAME_SIZE];
    snprintf(name, sizeof(name), "lot:%s:%s:%s:%d:%" PRId64, p->from_site, p->sku, p->batch.number,
             (int)p->batch.expiry_day, p->batch.mrp_paise);
    return sql_lock(s, name);
}

int transfer_execute(struct agent_step *step, const char *proposal_id, const char *cause)
{
    assert(step && proposal_id && cause);
    struct proposal p;
    struct compliance_input input;
    struct compliance judged;
    int err = proposal_find(step->s, proposal_id, &p);
    if (err < 0)
        return err;
    if (p.state != PROPOSAL_APPROVED)
        return -EPERM;
    err = lock_lot(step->s, &p);
    if (err == 0)
        err = check_again(step, &p, cause, &input, &judged);
    if (err != 0)
        return err < 0 ? err : 0;
    snprintf(p.document, sizeof(p.document), "T%.24s", p.id + 1);
    struct proposal_by by = transfer_by(step, cause);
    err = proposal_start(step->s, p.id, p.document, &by);
    if (err < 0)
        return err;
    err = write_paper(step, &p, &input, &judged);
    if (err == 0 && p.action == PROPOSAL_TRANSFER)
        err = write_lines(step, &p, input.lead_days, p.id);
    if (err == 0 && p.action == PROPOSAL_TRANSFER)
        err = transfer_keep_step(step->s, p.id, TRANSFER_LINES);
    if (err == 0 && p.action != PROPOSAL_TRANSFER)
        err = write_removal(step, &p);
    if (err < 0)
        return err;
    int64_t days = transfer_days(step, &p, SETTING_DISPATCH_DAYS);
    return transfer_ring_at(step, p.action == PROPOSAL_TRANSFER ? "dispatch" : "carry", p.id,
                            step->now_ms + days * CIVIL_MS_PER_DAY);
}
