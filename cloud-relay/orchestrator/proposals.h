/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/proposals.h -- what may be done about a case, from the proposal to its outcome. Who
 * makes proposals, and who carries them out, are agents; here are the states, who may decide, and
 * the one way in which each change reaches store and journal.
 *
 *   proposed --checked by compliance, within the agent's limits--> approved      by the agent
 *   proposed --checked, beyond them--> waits: one person, or two --> approved | rejected
 *   proposed, approved --too old--> expired
 *   approved --goods are still there, compliance still agrees--> executing, else failed
 *   executing --> done | partial | failed       failed --goods left after all--> executing
 *
 * Two that want one lot: the one whose execution commits first has the units, in the order in which
 * they were approved, then by id. A later one that does not find all its units free fails alone,
 * and its case is assessed again with what is left. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "autonomy.h"
#include "diag.h"
#include "entry.h"
#include "event.h"
#include "movement.h"
#include "recovery.h"
#include "sql.h"

#define PROPOSAL_ID_SIZE 25
#define PROPOSAL_TEXT_SIZE 513 /* reason, alternative, limits, inputs, decided_reason */
#define PROPOSAL_COMPLIANCE_SIZE 257

enum proposal_action {
    PROPOSAL_TRANSFER,
    PROPOSAL_CAMPAIGN,
    PROPOSAL_SUPPLIER_RETURN,
    PROPOSAL_WRITE_OFF,
    PROPOSAL_HOLD, /* sell where it lies: nothing to carry out */
};
#define PROPOSAL_ACTION_COUNT 5
const char *proposal_action_name(enum proposal_action action); /* static; as in the store */
enum movement proposal_movement(enum proposal_action action);  /* what it does to the goods */
NODISCARD int proposal_action_parse(const char *name, enum proposal_action *ret);

enum proposal_state {
    PROPOSAL_PROPOSED,
    PROPOSAL_APPROVED,
    PROPOSAL_REJECTED,
    PROPOSAL_EXPIRED,
    PROPOSAL_EXECUTING,
    PROPOSAL_DONE,
    PROPOSAL_PARTIAL,
    PROPOSAL_FAILED,
};
#define PROPOSAL_STATE_COUNT 8
const char *proposal_state_name(enum proposal_state state); /* static; as in the store */
NODISCARD int proposal_state_parse(const char *name, enum proposal_state *ret);
bool proposal_state_open(enum proposal_state state); /* proposed, approved, executing */
bool proposal_may(enum proposal_state from, enum proposal_state to);

struct proposal {
    char id[PROPOSAL_ID_SIZE];
    char case_id[RECOVERY_ID_SIZE];
    enum proposal_action action;
    enum proposal_state state;
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    char from_site[ENTRY_PARTY_SIZE];
    char to_site[ENTRY_PARTY_SIZE]; /* transfer: a site; supplier_return: the supplier; else "" */
    int64_t units;
    char made_by[EVENT_ACTOR_SIZE]; /* "agent:NAME": whose limits hold; "user:NAME" */
    int64_t made_ms, expires_ms;
    int64_t landed_paise;                     /* cost of the goods */
    int64_t discount_permille;                /* campaign: the deepest that it may give */
    int64_t cost_paise;                       /* predicted: what carrying it out costs */
    int64_t revenue_paise;                    /* predicted: what the goods then bring */
    int64_t gain_paise;                       /* predicted: over the best alternative */
    int64_t ask_milli_paise, bid_milli_paise; /* a base unit by 1000: the market's prices */
    int64_t urgency;                          /* 0 to 100 */
    int64_t rank;
    char compliance[PROPOSAL_COMPLIANCE_SIZE]; /* "": not checked yet; see compliance.h */
    char reason[PROPOSAL_TEXT_SIZE];           /* one sentence for a person */
    char alternative[PROPOSAL_TEXT_SIZE];      /* JSON: the next best and its value */
    char limits[PROPOSAL_TEXT_SIZE];           /* JSON: what binds */
    char inputs[PROPOSAL_TEXT_SIZE];           /* JSON: versions that it was decided on */
    char decided_by[EVENT_ACTOR_SIZE];
    int64_t decided_ms;
    char decided_reason[PROPOSAL_TEXT_SIZE];
    char document[ENTRY_DOCUMENT_SIZE]; /* of the transfer, return or write-off: on its lines */
    int64_t done_units;
    int64_t actual_cost_paise, actual_revenue_paise;
    int64_t saga_step; /* transfer_saga.h */
};

struct proposal_by { /* who, and what led to it; for every change here */
    const char *actor;
    const char *cause;
    const char *trace;
    int64_t now_ms;
};

/* Makes a proposal from case, action, goods, sites, units, money, discount, prices, urgency, rank
 * and texts of *draft; expires_ms 0: by setting proposal.hours. With ProposalMade, and the case
 * moves to proposed; case_id may be "" (a person's own idea). actor is "agent:NAME" of who wants
 * it, or "user:NAME": that person has approved it with that.
 *   1          of this case, action, goods and destination one is open: its id
 *   -EALREADY  the lot or the lane rests (cooldown.h), or the way back is open: never to and fro
 *   -EINVAL    *reterr: units, sites or money are not right
 *   -ENOENT    *reterr: no such open case */
NODISCARD int proposal_make(struct sql *s, const struct proposal *draft,
                            const struct setting_book *settings, const struct proposal_by *by,
                            struct diag *reterr, char ret_id[PROPOSAL_ID_SIZE]);

NODISCARD int proposal_find(struct sql *s, const char *id, struct proposal *ret); /* -ENOENT */
NODISCARD int proposal_find_document(struct sql *s, const char *document, struct proposal *ret);

struct proposal_filter {
    int state;  /* enum proposal_state, or -1 */
    int action; /* enum proposal_action, or -1 */
    bool open_only;
    const char *case_id; /* "" */
    const char *sku;     /* "" */
    const char *site;    /* "": else from or to it */
    const char *after_id;
    int64_t limit;
};
typedef int (*proposal_fn)(const struct proposal *p, void *context);
NODISCARD int proposal_each(struct sql *s, const struct proposal_filter *filter,
                            proposal_fn on_proposal, void *context);

/* What a person says about a proposal that waits.
 *   1         heard; another person must approve besides
 *   -ENOENT   no such proposal
 *   -EPERM    *reterr: it is not waiting, its compliance is blocking or not checked yet, the same
 *             person approved before, or the kill switch is on
 *   -EINVAL   *reterr: no reason, or units beyond what is proposed */
enum proposal_decision { PROPOSAL_APPROVE, PROPOSAL_REJECT, PROPOSAL_OVERRIDE };
struct proposal_said {
    enum proposal_decision decision;
    const char *by;      /* "user:NAME" */
    const char *reason;  /* needed to reject and to override */
    int64_t units;       /* override: other units, 1 to those proposed; 0: as they are */
    const char *to_site; /* override: another destination; "" as it is */
    const char *cause;
    int64_t now_ms;
};
NODISCARD int proposal_decide(struct sql *s, const char *id, const struct proposal_said *said,
                              const struct setting_book *settings, struct diag *reterr);

/* ---- for agents that carry out ---- */

/* How many persons have approved it as it stands now. */
NODISCARD int proposal_approvals(struct sql *s, const struct proposal *p, int64_t *ret_persons);

/* What the limits of the agent that proposed it say. Goods and place by the store. */
NODISCARD int proposal_autonomy(struct sql *s, const struct proposal *p,
                                const struct setting_book *settings, int64_t now_ms,
                                struct autonomy *ret);

/* The verdict of compliance (compliance.h) on a proposal that waits, with ProposalChecked. */
NODISCARD int proposal_checked(struct sql *s, const char *id, const char *compliance,
                               const struct proposal_by *by);

/* approved -> executing: lines or a campaign are out. `document` may be "". -EPERM: not approved.
 */
NODISCARD int proposal_start(struct sql *s, const char *id, const char *document,
                             const struct proposal_by *by);

/* executing -> done (all units), partial or failed (none), with predicted beside actual in the
 * event; the case is booked and concluded. Said again with other figures it corrects them. */
struct proposal_outcome {
    int64_t done_units;
    int64_t cost_paise;
    int64_t revenue_paise;
    const char *why;
};
NODISCARD int proposal_finish(struct sql *s, const char *id, const struct proposal_outcome *outcome,
                              const struct proposal_by *by);

/* What the goods have brought since it ended (sales at the destination): added to the actual
 * revenue and to the case. No event: the scans stand in their journals. */
NODISCARD int proposal_earned(struct sql *s, const char *id, int64_t revenue_paise,
                              const struct proposal_by *by);

/* Withdrawn before anything was carried out: expired (or approved -> failed), with the reason. */
NODISCARD int proposal_withdraw(struct sql *s, const char *id, const char *why,
                                const struct proposal_by *by);

/* Predicted against actual of what ended in a span: RLC-12. Rates are of transfers that ended. */
struct proposal_record {
    int64_t ended, successes; /* done: all units arrived whole */
    int64_t proposed_units, done_units;
    int64_t predicted_cost_paise, actual_cost_paise;
    int64_t predicted_revenue_paise, actual_revenue_paise;
};
NODISCARD int proposal_record(struct sql *s, int64_t from_ms, int64_t to_ms,
                              struct proposal_record *ret);
