/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of a proposal, and what follows for its case and its lane when it ends. */
#include "proposal_row.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "civil.h"
#include "cooldown.h"
#include "event_type.h"
#include "setting.h"
#include "text.h"
#include "timer.h"

struct event_body *proposal_body(const struct proposal *p)
{
    struct event_body *b = event_body_new();
    event_body_text(b, "proposal", p->id);
    event_body_text(b, "case", p->case_id);
    event_body_text(b, "action", proposal_action_name(p->action));
    event_body_text(b, "state", proposal_state_name(p->state));
    event_body_text(b, "sku", p->sku);
    event_body_text(b, "batch", p->batch.number);
    event_body_int(b, "expiryDay", p->batch.expiry_day);
    event_body_int(b, "mrpPaise", p->batch.mrp_paise);
    event_body_text(b, "fromSite", p->from_site);
    event_body_text(b, "toSite", p->to_site);
    event_body_int(b, "units", p->units);
    return b;
}

int proposal_say(struct sql *s, const struct proposal *p, const struct event_body *body,
                 const char *type, const struct proposal_by *by)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    const struct event_type *t = event_type_find(type);
    assert(t);
    return event_body_append(body, s,
                             &(struct event_draft){.kind = t->kind,
                                                   .type = type,
                                                   .version = t->version,
                                                   .actor = by->actor,
                                                   .subject = subject,
                                                   .cause = by->cause,
                                                   .trace = by->trace ? by->trace : p->case_id,
                                                   .wall_ms = by->now_ms},
                             NULL);
}

int proposal_tell(struct sql *s, const struct proposal *p, const char *type, const char *why,
                  const struct proposal_by *by)
{
    AUTO(event_body) b = proposal_body(p);
    event_body_text(b, "why", why ? why : "");
    return proposal_say(s, p, b, type, by);
}

/* ---- what follows for case and lane ---- */

int proposal_conclude_case(struct sql *s, const struct proposal *p, const char *why,
                           const struct proposal_by *by)
{
    if (!p->case_id[0])
        return 0;
    int err = recovery_conclude(s, p->case_id,
                                &(struct recovery_by){by->actor, by->cause, why, by->now_ms});
    return err < 0 ? err : 0;
}

int proposal_rest_lane(struct sql *s, const struct proposal *p, int64_t now_ms)
{
    if (p->action != PROPOSAL_TRANSFER)
        return 0;
    AUTO(setting_book) book = NULL;
    int err = setting_book_read(s, &book);
    if (err < 0)
        return err;
    int64_t days = setting_value(book, SETTING_COOLDOWN_DAYS, NULL);
    return cooldown_refused(s, p->from_site, p->to_site, p->sku, now_ms + days * CIVIL_MS_PER_DAY);
}

/* An offer that was refused, or that nobody could be asked, is not made again before it would have
 * ended: another way for the goods may be found meanwhile. */
static int rest_offer(struct sql *s, const struct proposal *p, int64_t now_ms)
{
    AUTO(setting_book) book = NULL;
    int err = setting_book_read(s, &book);
    if (err < 0)
        return err;
    int64_t days = setting_value(book, SETTING_CAMPAIGN_DAYS, NULL);
    return cooldown_not_offered(s, p->from_site, p->sku, &p->batch,
                                now_ms + days * CIVIL_MS_PER_DAY);
}

int proposal_end(struct sql *s, struct proposal *p, enum proposal_state state, const char *type,
                 const char *why, const struct proposal_by *by)
{
    char timer[PROPOSAL_TIMER_SIZE];
    if (!proposal_may(p->state, state))
        return -EPERM;
    p->state = state;
    p->decided_ms = by->now_ms;
    text_cut(p->decided_by, sizeof(p->decided_by), by->actor);
    text_cut(p->decided_reason, sizeof(p->decided_reason), why);
    int err = proposal_row_update(s, p);
    if (err == 0)
        err = proposal_tell(s, p, type, why, by);
    if (err >= 0 && p->action == PROPOSAL_CAMPAIGN && state != PROPOSAL_EXPIRED)
        err = rest_offer(s, p, by->now_ms);
    if (err >= 0)
        err = timer_cancel(s, proposal_expiry_timer(p, timer));
    return err < 0 ? err : proposal_conclude_case(s, p, why, by);
}

const char *proposal_expiry_timer(const struct proposal *p, char buf[PROPOSAL_TIMER_SIZE])
{
    snprintf(buf, PROPOSAL_TIMER_SIZE, "expire:%s", p->id);
    return buf;
}
