/* SPDX-License-Identifier: Apache-2.0 */
/* station/hand.h -- for flows: the goods in hand, completed from the catalogue and the journal. It
 * resolves codes to products, merges what is scanned and keyed, asks where that contradicts, and
 * finds the lots that the goods may belong to. */
#pragma once

#include "step.h"

/* What came of an input. Negative: a look-up failed. */
enum hand {
    HAND_SAID = 0,     /* the reply is made: refused, or something was asked */
    HAND_CHANGED = 1,  /* the goods in hand changed: the flow goes on with them */
    HAND_UNKNOWN = 2,  /* nothing is known of the code */
    HAND_NOT_MINE = 3, /* the command is not about goods in hand */
};

/* Takes goods into the hand. `counts`: each scan adds its pack to the quantity. */
NODISCARD int hand_take(struct step *s, const struct goods *g, bool counts);

/* The product that a code names, by GTIN, in-store item or what workers bound it to. 1, 0 or an
 * error. *ret_units: base units of one such code, 0 when the pack says it. */
NODISCARD int hand_product(struct step *s, const struct goods *g, struct catalogue_sku *ret,
                           size_t *ret_pack, int64_t *ret_units);

/* qty, packs, batch, expiry, made, mrp, sku; ok and cancel where they answer a question about the
 * goods in hand. */
NODISCARD int hand_command(struct step *s, const struct command *c);

/* A stable weight for goods that are counted in grams: ENTRY_WEIGHED, and so much in hand. One
 * weight is taken once: the scale must settle anew for the next. */
NODISCARD int hand_weigh(struct step *s, int64_t grams);

/* ENTRY_WEIGHED with the goods in hand. */
void hand_add_weighed(struct step *s, int64_t grams);

/* Fills the offers with the batches of the product that came last, newest first. */
NODISCARD int hand_offer_recent(struct step *s);

/* The offer of pick_batch:N becomes the batch in hand. HAND_SAID when there is no such offer. */
NODISCARD int hand_pick_offer(struct step *s, int64_t n);

/* Finds the lot that the goods in hand belong to, among those in `bin` (NULL: anywhere). 1: it is
 * work.lot now. 0: the reply is made, for there is none, or several and it was asked which. */
NODISCARD int hand_find_lot(struct step *s, const char *bin);

/* Whether qty units of work.lot lie there still: another post may have taken them meanwhile. 1; 0:
 * the reply is made, and work.lot knows how many are left. */
NODISCARD int hand_still_there(struct step *s, int64_t qty);

/* Fills the offers with the lots that fit the goods in hand, without asking; how many. */
NODISCARD int hand_lots(struct step *s, const char *bin);

struct offer offer_of(const struct journal_lot *lot);

/* Lays goods, batch and hand aside; the document and the bin stay. */
void hand_clear(struct post *p);

/* Landed cost of qty units of the lot; of goods that have none yet, by the catalogue. */
int64_t hand_lot_value(const struct offer *lot, const struct catalogue_sku *product, int64_t qty);
int64_t hand_catalogue_value(const struct catalogue_sku *product, int64_t qty);

/* Labels may be printed for that batch of the product in hand; of one without a number, none. */
void hand_label(struct post *p, const struct batch_key *key, int32_t expiry_kind, int32_t made_day);

/* The bin of a label. 1; 0: there is no such bin, and the reply is made. */
NODISCARD int hand_bin(struct step *s, const char *code, struct catalogue_bin *ret);

/* The bin of a label is worked at from here on. While something is to be done before, `first` is
 * the code that says so, else NULL. Makes the reply. */
NODISCARD int hand_work_at(struct step *s, const char *code, const char *first);

/* SKU, batch and facts into an entry. */
void hand_fill(struct entry *e, const char *sku, const struct batch_key *key, int32_t expiry_kind,
               int32_t made_day);
void hand_fill_lot(struct entry *e, const char *sku, const struct offer *lot);

/* Says what is in hand now: the click of a scan that completes nothing yet. */
void hand_say(struct step *s);

/* The question about goods in hand, if one is open: prompt and choices. True when there was one. */
bool hand_view_question(struct step *s, struct station_view *v);

/* Prompt, keypad and offers for a part that is not known yet. */
void hand_view_missing(struct step *s, struct station_view *v, enum draft_part part);
void hand_view_offers(struct step *s, struct station_view *v);
