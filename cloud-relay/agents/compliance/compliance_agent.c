/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at every proposal before it can be carried out, again when a person has changed it, and
 * says each violation before, never after. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agents.h"
#include "compliance.h"
#include "domain_event.h"
#include "event_body.h"
#include "event_type.h"
#include "proposals.h"
#include "text.h"

static const char actor[] = "agent:compliance";

static int tell_one(struct agent_step *step, const struct proposal *p, enum compliance_code code,
                    bool strict, const char *cause)
{
    const struct compliance_rule *rule = compliance_rule(code);
    char subject[EVENT_SUBJECT_SIZE], once[EVENT_CAUSE_SIZE];
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    snprintf(once, sizeof(once), "%.100s>%s", cause, rule->word);
    struct domain_event e = {.type = DOMAIN_COMPLIANCE_VIOLATION};
    struct compliance_violation *v = &e.compliance_violation;
    text_cut(v->rule, sizeof(v->rule), rule->word);
    text_cut(v->subject, sizeof(v->subject), subject);
    text_cut(v->severity, sizeof(v->severity), rule->severity);
    v->blocking = rule->blocking || strict;
    snprintf(v->evidence, sizeof(v->evidence), "%s (%s): %s, batch %s, %s to %s", rule->text,
             rule->law, p->sku, p->batch.number, p->from_site, p->to_site);
    int err = domain_event_append(
        step->s, &e, &(struct domain_event_origin){actor, subject, once, p->case_id, step->now_ms},
        NULL);
    return err < 0 ? err : 0;
}

static int check(struct agent_step *step, const struct proposal *p, const char *cause)
{
    struct compliance_input in;
    struct compliance c = {0};
    char text[COMPLIANCE_TEXT_SIZE];
    struct compliance_ask ask = {.movement = proposal_movement(p->action),
                                 .from_site = p->from_site,
                                 .to_site = p->to_site,
                                 .sku = p->sku,
                                 .batch = p->batch,
                                 .units = p->units,
                                 .day = step->today,
                                 .proposal = p};
    struct proposal_by by = {.actor = actor, .cause = cause, .now_ms = step->now_ms};
    int err = compliance_read(step->s, &ask, step->catalogue, step->settings, &in);
    if (err == -ENOENT) /* a site or SKU that nobody knows: nothing may move */
        return proposal_checked(step->s, p->id, "blocked:unknown_goods_or_place", &by);
    if (err < 0)
        return err;
    compliance_judge(&in, &c);
    for (int i = 0; err == 0 && i < COMPLIANCE_CODE_COUNT; i++)
        if (c.codes & UINT32_C(1) << i)
            err = tell_one(step, p, (enum compliance_code)i, in.strict, cause);
    if (err < 0)
        return err;
    err = proposal_checked(step->s, p->id, compliance_text(&c, text), &by);
    return err < 0 ? err : 0;
}

static int take(struct agent_step *step, const struct agent_item *item)
{
    char id[PROPOSAL_ID_SIZE];
    struct proposal p;
    int err = event_body_get_text(item->event->body, "proposal", id, sizeof(id));
    if (err == 0)
        err = proposal_find(step->s, id, &p);
    if (err < 0)
        return err;
    return p.state == PROPOSAL_PROPOSED ? check(step, &p, item->cause) : 0;
}

static const char *const events[] = {EVENT_PROPOSAL_MADE, EVENT_PROPOSAL_OVERRIDDEN, NULL};

const struct agent agent_compliance = {
    .name = "compliance",
    .duty = "Checks every movement for GST, documents and the goods themselves before it happens.",
    .events = events,
    .take = take,
};
