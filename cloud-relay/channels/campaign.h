/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/campaign.h -- campaigns and their targets as rows, the moves between their states, and
 * their figures. It chooses no price and no outlet (liquidation does).
 *
 *   draft -> approved -> running <-> paused    running, paused -> done      any -> stopped
 * A campaign that is paused because its stock is promised (why CAMPAIGN_EXHAUSTED) sends no more
 * offers and takes no more orders; it is done when what was ordered is picked. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "channel_message.h"
#include "diag.h"
#include "entry.h"
#include "sql.h"

#define CAMPAIGN_ID_SIZE 33
#define CAMPAIGN_WHY_SIZE 161
#define CAMPAIGN_EXHAUSTED "exhausted"

enum campaign_state {
    CAMPAIGN_DRAFT,
    CAMPAIGN_APPROVED,
    CAMPAIGN_RUNNING,
    CAMPAIGN_PAUSED,
    CAMPAIGN_STOPPED,
    CAMPAIGN_DONE,
};
#define CAMPAIGN_STATE_COUNT 6
const char *campaign_state_name(enum campaign_state state); /* static; as in the store */
bool campaign_may(enum campaign_state from, enum campaign_state to);

struct campaign {
    char id[CAMPAIGN_ID_SIZE];
    char proposal_id[33]; /* "": a person's own */
    enum campaign_state state;
    char why[CAMPAIGN_WHY_SIZE];
    char site[ENTRY_PARTY_SIZE];
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    int64_t units, sold_units;
    int64_t price_paise, floor_paise, ceiling_paise, discount_permille; /* of a piece pack */
    char template[65];
    char channels[33]; /* joined by "," */
    int64_t holdout_permille;
    int32_t start_day, end_day;
    int64_t made_ms;
    char decided_by[97];
    int64_t decided_ms;
};

struct campaign_target {
    char party[49];
    bool held_out;
    char channel[17]; /* "" of the holdout */
    int64_t score, expected_units;
    char reason[161];
    int64_t ordered_units, units, value_paise;
};

NODISCARD int campaign_insert(struct sql *s, const struct campaign *c);
NODISCARD int campaign_find(struct sql *s, const char *id, struct campaign *ret); /* -ENOENT */
NODISCARD int campaign_find_proposal(struct sql *s, const char *proposal_id,
                                     struct campaign *ret); /* -ENOENT */
/* The one whose lot this is and which is not a draft: the newest. -ENOENT */
NODISCARD int campaign_find_lot(struct sql *s, const char *site, const char *sku,
                                const struct batch_key *batch, struct campaign *ret);
/* The next id behind `after` in one of the states (bits 1 << state). -ENOENT: no more. */
NODISCARD int campaign_next(struct sql *s, int states, const char *after, struct campaign *ret);

/* Moves it, with CampaignMoved. 1: it is there. -EPERM: not from its state. */
struct campaign_by {
    const char *actor;
    const char *cause;
    int64_t now_ms;
};
NODISCARD int campaign_move(struct sql *s, const char *id, enum campaign_state to, const char *why,
                            const struct campaign_by *by);

/* The same by a person, who is written down as having decided; the trail is the caller's. */
NODISCARD int campaign_decide(struct sql *s, const char *id, enum campaign_state to,
                              const char *why, const struct campaign_by *by);

/* A new price, with an audit record of old and new. */
NODISCARD int campaign_reprice(struct sql *s, const struct campaign *c, int64_t price_paise,
                               int64_t discount_permille, const struct campaign_by *by);
/* What may still be promised; campaigns are locked where somebody is about to ("campaign"). */
struct campaign_left {
    int64_t units;      /* of what was approved and of what lies there; none or less: nothing */
    int64_t open_units; /* ordered and not picked yet */
    int64_t lines;      /* that it has had */
};
NODISCARD int campaign_left(struct sql *s, const struct campaign *c, struct campaign_left *ret);
/* An order is cancelled: what of its open lines answered campaigns and is not picked yet counts as
 * ordered no more, in the caller's transaction, before the lines are closed. It takes the lock
 * "campaign". */
NODISCARD int campaign_give_back(struct sql *s, const char *document);
/* Units of the lot that lie sellable at the site. */
NODISCARD int campaign_stock(struct sql *s, const struct campaign *c, int64_t *ret_units);

NODISCARD int campaign_sold(struct sql *s, const char *id, int64_t units); /* added */

NODISCARD int campaign_target_insert(struct sql *s, const char *id,
                                     const struct campaign_target *t);
NODISCARD int campaign_target_find(struct sql *s, const char *id, const char *party,
                                   struct campaign_target *ret); /* -ENOENT */
typedef int (*campaign_target_fn)(const struct campaign_target *t, void *context);
NODISCARD int campaign_target_each(struct sql *s, const char *id, campaign_target_fn on_target,
                                   void *context);
NODISCARD int campaign_target_add(struct sql *s, const char *id, const char *party,
                                  int64_t ordered_units, int64_t units, int64_t value_paise);

/* The letter by which this outlet answers this offer, given at the first call and kept: another one
 * than that of any open offer to an outlet with the same address, in turn, so that the text of an
 * offer that is over hardly ever names a later one. *ret is '\0' when all are taken. Takes the lock
 * "campaign". -ENOENT: it is no target. */
#define CAMPAIGN_WORDS "ABCDEFGHJKLMNPQRSTUVWXYZ" /* I and O are read as digits */
NODISCARD int campaign_word(struct sql *s, const char *id, const char *party, char *ret);

/* The figures, from messages and targets as they stand. */
struct campaign_arm {
    int64_t outlets, buyers, units, value_paise;
};
struct campaign_figures {
    int64_t queued;      /* messages ever, stand-ins included */
    int64_t impressions; /* outlets that got an offer on any channel */
    int64_t clicks;      /* outlets that read it or answered */
    int64_t conversions; /* outlets of the offer that took the lot */
    int64_t revenue_paise;
    int64_t ordered_units;
    struct campaign_arm offer, holdout;
    int64_t lift_permille; /* buyers a thousand outlets, offer less holdout; 0 without either */
};
NODISCARD int campaign_figures(struct sql *s, const char *id, struct campaign_figures *ret);
