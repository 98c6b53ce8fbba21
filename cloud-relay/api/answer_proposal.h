/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_proposal.h -- proposals as the answers show them: for a transfer the mission's
 * ReallocationRecommendation with what stands beside it. */
#pragma once

#include "api_call.h"
#include "attr.h"

struct proposal_list {
    const char *proposal_id; /* "" or NULL in all: does not restrict */
    const char *case_id;
    const char *state;
    const char *action;
    const char *site;
    const char *sku;
    bool by_gain; /* the most gained first, not the newest */
    int64_t limit;
};

/* An array of that name into `to`, with `next` when `paged`. */
NODISCARD int answer_proposals(struct api_call *call, cJSON *to, const char *name,
                               const struct proposal_list *list, bool paged);

/* One into `to`. API_REFUSED: there is none, or not in the caller's territories. */
NODISCARD int answer_proposal(struct api_call *call, cJSON *to, const char *proposal_id);
