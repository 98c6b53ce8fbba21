/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_campaign.h -- campaigns as the answers show them, with what came of them. */
#pragma once

#include "api_call.h"
#include "attr.h"

struct metrics { /* of a campaign, from its messages and the scans that answered it */
    int64_t impressions, clicks, conversions, revenue_paise;
};

NODISCARD int campaign_metrics(struct sql *s, const char *campaign_id, struct metrics *ret);
void answer_metrics(struct api_call *call, cJSON *to, const struct metrics *m);

/* "items" and "next". */
NODISCARD int answer_campaigns(struct api_call *call);

/* One into `to`. API_REFUSED: there is none, or not in the caller's territories. */
NODISCARD int answer_campaign(struct api_call *call, cJSON *to, const char *campaign_id);
