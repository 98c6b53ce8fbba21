/* SPDX-License-Identifier: GPL-3.0-or-later */
/* liquidation/campaign_follow.h -- what outlets make of an offer: orders, picks and returns, and
 * the end of the campaign. No more is promised than lies there. */
#pragma once

#include "agent.h"
#include "attr.h"
#include "campaign.h"

/* An outlet wants some of it (CampaignAnswered): a line for the site's plan, of at most what is
 * left and what it was offered, and a confirmation. 1: it cannot have any. */
NODISCARD int campaign_take_order(struct agent_step *step, const char *id, const char *party,
                                  const char *channel, int64_t units, const char *cause);

/* A pick or a return of the lot at its site, or what undoes one. */
NODISCARD int campaign_take_entry(struct agent_step *step, const struct agent_item *item);

/* Exhausted, over or stopped: pauses it, ends it, settles its proposal. */
NODISCARD int campaign_look(struct agent_step *step, const struct campaign *c, const char *cause);
