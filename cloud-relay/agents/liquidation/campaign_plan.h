/* SPDX-License-Identifier: GPL-3.0-or-later */
/* liquidation/campaign_plan.h -- a campaign before anybody hears of it: price, audience and dates
 * for one lot. Making it is the dry run: it reads and writes nothing. Writing it makes rows;
 * starting it queues messages. */
#pragma once

#include "agent.h"
#include "attr.h"
#include "audience_read.h"
#include "campaign.h"
#include "offer.h"
#include "proposals.h"

struct campaign_plan {
    struct campaign campaign;
    struct offer offer;
    struct audience audience;
    struct audience_choice *choices; /* one an outlet of the audience */
    int64_t offers, holdouts;
};

/* `id` is that of the campaign to be; units, lot, place and the deepest discount are the
 * proposal's.
 *   -ENOENT  site, SKU or its tax rate is not known
 *   -ERANGE  *reterr: no price, no stock or no outlet fits: nothing can be offered */
NODISCARD int campaign_plan_make(struct agent_step *step, const char *id, const struct proposal *p,
                                 struct diag *reterr, struct campaign_plan *ret);
void campaign_plan_free(struct campaign_plan *plan);

NODISCARD int campaign_plan_write(struct agent_step *step, const struct campaign_plan *plan);

/* The price of the day for a campaign that is there; errors as offer_make(), -ENOENT besides. */
NODISCARD int campaign_offer(struct agent_step *step, const struct campaign *c,
                             int64_t deepest_permille, struct offer *ret);

/* approved -> running: one message an outlet and step, ever; and CampaignTriggered. */
NODISCARD int campaign_start(struct agent_step *step, const struct campaign *c, const char *cause);

/* Offers of this step to those who have not ordered yet. */
NODISCARD int campaign_send(struct agent_step *step, const struct campaign *c, int32_t ladder_step);
