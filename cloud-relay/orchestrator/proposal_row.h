/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/proposal_row.h -- proposals as rows, and what is said of them in the journal: for
 * the files of proposals and of transfers. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "event_body.h"
#include "proposals.h"
#include "sql.h"

NODISCARD int proposal_row_insert(struct sql *s, const struct proposal *p);
NODISCARD int proposal_row_update(struct sql *s, const struct proposal *p);

/* The body that all events of a proposal begin with. */
struct event_body *proposal_body(const struct proposal *p);

/* Appends an event of subject "proposal:ID" with that body. 0 or 1 as event_append(). */
NODISCARD int proposal_say(struct sql *s, const struct proposal *p, const struct event_body *body,
                           const char *type, const struct proposal_by *by);

/* The same with the plain body and a reason. */
NODISCARD int proposal_tell(struct sql *s, const struct proposal *p, const char *type,
                            const char *why, const struct proposal_by *by);

/* The case follows, when there is one. */
NODISCARD int proposal_conclude_case(struct sql *s, const struct proposal *p, const char *why,
                                     const struct proposal_by *by);

/* The lane rests, by setting transfer.cooldown_days: of transfers that were not wanted. */
NODISCARD int proposal_rest_lane(struct sql *s, const struct proposal *p, int64_t now_ms);

/* To a state without goods having moved, with its event; the timer is cancelled, the case follows.
 */
NODISCARD int proposal_end(struct sql *s, struct proposal *p, enum proposal_state state,
                           const char *type, const char *why, const struct proposal_by *by);

/* proposed -> approved, with ProposalApproved. */
NODISCARD int proposal_approve(struct sql *s, struct proposal *p, const char *reason,
                               const struct proposal_by *by);

#define PROPOSAL_TIMER_SIZE 48
const char *proposal_expiry_timer(const struct proposal *p, char buf[PROPOSAL_TIMER_SIZE]);
