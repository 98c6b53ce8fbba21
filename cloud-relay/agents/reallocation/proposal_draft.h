/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reallocation/proposal_draft.h -- a decision as a proposal: its figures, and in words and JSON why
 * it is made, what the next best is, what binds and what it was decided on. It stores nothing. */
#pragma once

#include <stdint.h>

#include "agent.h"
#include "decision.h"
#include "proposals.h"
#include "situation.h"

struct proposal_draft_plan { /* borrowed */
    const struct situation *situation;
    const struct decisions *decisions;
    int64_t settings_version, catalogue_version;
};

struct proposal proposal_draft_make(struct agent_step *step, const struct proposal_draft_plan *plan,
                                    const struct decision *d, int64_t rank);
