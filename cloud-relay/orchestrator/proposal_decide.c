/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who decides on a proposal: persons, and agents within their limits. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "compliance.h"
#include "decimal.h"
#include "event_type.h"
#include "proposal_row.h"
#include "proposals.h"
#include "text.h"
#include "utf8.h"

/* ---- approvals ---- */

static int last_override(struct sql *s, const char *subject, int64_t *ret_seq)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT coalesce(max(seq), 0) FROM event WHERE subject = $1"
                     " AND type = '" EVENT_PROPOSAL_OVERRIDDEN "'");
    sql_bind_text(q, 1, subject);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_seq = sql_int(q, 0);
    return 0;
}

/* What a person approved before it was changed does not count. Who proposed it has approved it. */
static int count_approvals(struct sql *s, const struct proposal *p, const char *but,
                           int64_t *ret_persons, int64_t *ret_of_but)
{
    char subject[EVENT_SUBJECT_SIZE];
    int64_t since = 0;
    snprintf(subject, sizeof(subject), "proposal:%s", p->id);
    int err = last_override(s, subject, &since);
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT count(DISTINCT actor),"
                  " CAST(coalesce(sum(CASE WHEN actor = $2 THEN 1 ELSE 0 END), 0) AS BIGINT)"
                  " FROM event WHERE subject = $1 AND seq > $3 AND substr(actor, 1, 5) = 'user:'"
                  " AND (type = '" EVENT_APPROVAL_GIVEN "' OR type = '" EVENT_PROPOSAL_MADE "')");
    sql_bind_text(q, 1, subject);
    sql_bind_text(q, 2, but);
    sql_bind_int(q, 3, since);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_persons = sql_int(q, 0);
    *ret_of_but = sql_int(q, 1);
    return 0;
}

int proposal_approvals(struct sql *s, const struct proposal *p, int64_t *ret_persons)
{
    int64_t of_nobody = 0;
    return count_approvals(s, p, "", ret_persons, &of_nobody);
}

int proposal_approve(struct sql *s, struct proposal *p, const char *reason,
                     const struct proposal_by *by)
{
    if (!proposal_may(p->state, PROPOSAL_APPROVED))
        return -EPERM;
    p->state = PROPOSAL_APPROVED;
    p->decided_ms = by->now_ms;
    text_cut(p->decided_by, sizeof(p->decided_by), by->actor);
    text_cut(p->decided_reason, sizeof(p->decided_reason), reason);
    int err = proposal_row_update(s, p);
    if (err == 0)
        err = proposal_tell(s, p, EVENT_PROPOSAL_APPROVED, reason, by);
    return err < 0 ? err : 0;
}

/* ---- limits ---- */

/* "agent:NAME" or "user:NAME": the name of an agent; a person's proposal has the limits of none. */
static const char *agent_of(const char *made_by)
{
    return strncmp(made_by, "agent:", 6) == 0 ? made_by + 6 : "person";
}

static int read_place(struct sql *s, const char *site, char *ret, size_t size)
{
    AUTO(sql_query) q = sql_query(s, "SELECT territory FROM site WHERE site = $1");
    sql_bind_text(q, 1, site);
    int got = sql_step(q);
    ret[0] = '\0';
    if (got > 0)
        sql_copy(q, 0, ret, size);
    return got < 0 ? got : 0;
}

int proposal_autonomy(struct sql *s, const struct proposal *p, const struct setting_book *settings,
                      int64_t now_ms, struct autonomy *ret)
{
    char territory[CATALOGUE_WORD_SIZE];
    struct autonomy_ask ask = {.agent = agent_of(p->made_by),
                               .territory = territory,
                               .value_paise = p->landed_paise,
                               .units = p->units,
                               .discount_permille = p->discount_permille,
                               .spend_paise = p->cost_paise};
    int err = read_place(s, p->from_site, territory, sizeof(territory));
    if (err == 0)
        err = autonomy_spent(s, ask.agent, civil_ist_day(now_ms), &ask.spent_today_paise);
    if (err < 0)
        return err;
    *ret = autonomy_judge(settings, &ask);
    return 0;
}

/* ---- what a person says ---- */

static const struct {
    const char *command;
    bool needs_reason;
} decisions[] = {
    [PROPOSAL_APPROVE] = {COMMAND_PROPOSAL_APPROVE, false},
    [PROPOSAL_REJECT] = {COMMAND_PROPOSAL_REJECT, true},
    [PROPOSAL_OVERRIDE] = {COMMAND_PROPOSAL_OVERRIDE, true},
};

static int refuse(struct diag *reterr, const char *why)
{
    diag_set(reterr, 0, "%s", why);
    return -EPERM;
}

static int check_said(const struct proposal *p, const struct proposal_said *said,
                      struct diag *reterr)
{
    bool mute = !said->reason || !said->reason[0];
    if (p->state != PROPOSAL_PROPOSED)
        return refuse(reterr, "it does not wait for a decision any more");
    if (mute && decisions[said->decision].needs_reason) {
        diag_set(reterr, 0, "a reason is needed");
        return -EINVAL;
    }
    if (!mute && (strlen(said->reason) >= PROPOSAL_TEXT_SIZE || !utf8_is_clean(said->reason))) {
        diag_set(reterr, 0, "reason: at most %d bytes of plain text", PROPOSAL_TEXT_SIZE - 1);
        return -EINVAL;
    }
    if (said->decision == PROPOSAL_OVERRIDE && (said->units < 0 || said->units > p->units)) {
        diag_set(reterr, 0, "units: 1 to %" PRId64, p->units);
        return -EINVAL;
    }
    return 0;
}

static int command(struct sql *s, const struct proposal *p, const struct proposal_said *said,
                   const struct proposal_by *by)
{
    AUTO(event_body) b = proposal_body(p);
    event_body_text(b, "reason", said->reason ? said->reason : "");
    event_body_int(b, "saidUnits", said->units);
    event_body_text(b, "saidToSite", said->to_site ? said->to_site : "");
    return proposal_say(s, p, b, decisions[said->decision].command, by);
}

static int reject(struct sql *s, struct proposal *p, const struct proposal_said *said,
                  const struct proposal_by *by)
{
    int err = proposal_rest_lane(s, p, by->now_ms);
    if (err < 0)
        return err;
    return proposal_end(s, p, PROPOSAL_REJECTED, EVENT_PROPOSAL_REJECTED, said->reason, by);
}

static int approve(struct sql *s, struct proposal *p, const struct proposal_said *said,
                   const struct setting_book *settings, const struct proposal_by *by,
                   struct diag *reterr)
{
    struct autonomy a;
    int64_t persons = 0, mine = 0;
    if (!p->compliance[0])
        return refuse(reterr, "its compliance is not checked yet");
    if (compliance_blocks(p->compliance))
        return refuse(reterr, "its compliance does not permit it, whoever approves");
    int err = proposal_autonomy(s, p, settings, by->now_ms, &a);
    if (err == 0)
        err = count_approvals(s, p, said->by, &persons, &mine);
    if (err < 0)
        return err;
    if (a.verdict == AUTONOMY_STOPPED)
        return refuse(reterr, "the kill switch is on");
    if (mine > 0)
        return refuse(reterr, "another person must approve besides");
    err = proposal_tell(s, p, EVENT_APPROVAL_GIVEN, said->reason, by);
    if (err < 0)
        return err;
    int64_t needed = a.verdict == AUTONOMY_TWO_PERSONS ? 2 : 1;
    if (persons + 1 < needed)
        return 1;
    return proposal_approve(s, p, said->reason ? said->reason : "", by);
}

/* What it costs and brings, for fewer units: in proportion, until it is planned anew. */
static int scale(struct proposal *p, int64_t units)
{
    int64_t *const parts[] = {&p->cost_paise, &p->revenue_paise, &p->gain_paise, &p->landed_paise};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (decimal_muldiv(*parts[i], units, p->units, parts[i]) < 0)
            return -ERANGE;
    p->units = units;
    return 0;
}

/* It is checked again as it stands now, and the person who changed it has approved it. */
static int override(struct sql *s, struct proposal *p, const struct proposal_said *said,
                    const struct proposal_by *by, struct diag *reterr)
{
    if (said->to_site && said->to_site[0]) {
        if (p->action != PROPOSAL_TRANSFER || strcmp(said->to_site, p->from_site) == 0 ||
            text_copy(p->to_site, sizeof(p->to_site), said->to_site) < 0) {
            diag_set(reterr, 0, "toSite: another site, of a transfer");
            return -EINVAL;
        }
    }
    int err = said->units > 0 ? scale(p, said->units) : 0;
    if (err < 0)
        return err;
    p->compliance[0] = '\0';
    err = proposal_row_update(s, p);
    if (err == 0)
        err = proposal_tell(s, p, EVENT_PROPOSAL_OVERRIDDEN, said->reason, by);
    if (err >= 0)
        err = proposal_tell(s, p, EVENT_APPROVAL_GIVEN, said->reason, by);
    return err < 0 ? err : 1;
}

int proposal_decide(struct sql *s, const char *id, const struct proposal_said *said,
                    const struct setting_book *settings, struct diag *reterr)
{
    assert(s && id && said && said->by && said->cause);
    assert((size_t)said->decision < ARRAY_LEN(decisions));
    struct proposal p;
    struct proposal_by by = {.actor = said->by, .cause = said->cause, .now_ms = said->now_ms};
    int64_t held = 0;
    int err = event_next(s, &held); /* no other decision is made meanwhile */
    if (err == 0)
        err = proposal_find(s, id, &p);
    if (err == -ENOENT)
        diag_set(reterr, 0, "there is no proposal %s", id);
    if (err == 0)
        err = check_said(&p, said, reterr);
    if (err == 0)
        err = command(s, &p, said, &by);
    if (err != 0)
        return err;
    switch (said->decision) {
    case PROPOSAL_APPROVE:
        return approve(s, &p, said, settings, &by, reterr);
    case PROPOSAL_REJECT:
        return reject(s, &p, said, &by);
    case PROPOSAL_OVERRIDE:
        return override(s, &p, said, &by, reterr);
    }
    return -EINVAL;
}
