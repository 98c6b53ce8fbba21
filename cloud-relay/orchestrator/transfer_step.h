/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/transfer_step.h -- what executing and following a transfer share: who acts, what the
 * settings say for these goods, the timers of a proposal, and its step. For those two alone. */
#pragma once

#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "proposal_row.h"
#include "setting.h"

/* The orchestrator's agent, by that cause. Borrows cause. */
struct proposal_by transfer_by(const struct agent_step *step, const char *cause);

/* Days that a setting gives for the goods and the territory of the proposal. */
int64_t transfer_days(const struct agent_step *step, const struct proposal *p, enum setting_id id);

/* Timer `what` of proposal `id`: its name (returns buf), set, and cancelled whether or not it was
 * set. The errors are the store's. */
const char *transfer_timer(const char *what, const char *id, char buf[PROPOSAL_TIMER_SIZE]);
NODISCARD int transfer_ring_at(struct agent_step *step, const char *what, const char *id,
                               int64_t due_ms);
NODISCARD int transfer_ring_not(struct agent_step *step, const char *what, const char *id);

/* proposal.saga_step, of a proposal that others may have changed meanwhile. */
NODISCARD int transfer_keep_step(struct sql *s, const char *id, int64_t saga_step);
