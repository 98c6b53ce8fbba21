/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_campaign.h -- campaigns as the answers show them, with what came of them. */
#pragma once

#include "api_call.h"
#include "attr.h"
#include "campaign.h"

/* impressions, clicks, conversions and revenue, as campaign.h counts them. */
void answer_figures(struct api_call *call, cJSON *to, const struct campaign_figures *f);

/* "items" and "next". */
NODISCARD int answer_campaigns(struct api_call *call);

/* One into `to`. API_REFUSED: there is none, or not in the caller's territories. */
NODISCARD int answer_campaign(struct api_call *call, cJSON *to, const char *campaign_id);
