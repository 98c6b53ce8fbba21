/* SPDX-License-Identifier: Apache-2.0 */
/* Which lot the goods in hand are, and what of it goes into an entry. */
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "hand.h"
#include "text.h"
#include "words.h"

int hand_offer_recent(struct step *s)
{
    struct work *w = &s->post->work;
    struct journal_batch recent[6];
    int n = journal_batches_recent(s->journal, w->draft.product.sku, recent, ARRAY_LEN(recent));
    w->offers_count = 0;
    for (int i = 0; i < n; i++)
        w->offers[w->offers_count++] =
            (struct offer){.key = recent[i].key,
                           .expiry_kind = recent[i].expiry_kind,
                           .made_day = recent[i].made_day,
                           .cost_paise_per_1000 = recent[i].cost_paise_per_1000};
    return n < 0 ? n : 0;
}

int hand_pick_offer(struct step *s, int64_t n)
{
    struct work *w = &s->post->work;
    if (n < 1 || n > (int64_t)w->offers_count) {
        step_say(s, TONE_REJECT, "no_such_choice", NULL);
        return HAND_SAID;
    }
    const struct offer *o = &w->offers[n - 1];
    draft_set_key(&w->draft, &o->key, o->expiry_kind, o->made_day);
    if (o->bin[0]) {
        w->lot = *o;
        w->has_lot = true;
    }
    if (w->ask == ASK_LOT)
        w->ask = ASK_NOTHING;
    hand_say(s);
    return HAND_CHANGED;
}

/* What is known of the goods does not speak against that lot. */
static bool fits(const struct draft *d, const struct batch_key *key)
{
    int32_t kind = 0;
    struct batch_key known = draft_key(d, &kind);
    return (known.number[0] == '\0' || strcmp(known.number, key->number) == 0) &&
           (known.expiry_day == CIVIL_NONE || known.expiry_day == key->expiry_day) &&
           (known.mrp_paise == 0 || known.mrp_paise == key->mrp_paise);
}

struct offer offer_of(const struct journal_lot *lot)
{
    struct offer o = {.key = lot->batch.key,
                      .expiry_kind = lot->batch.expiry_kind,
                      .made_day = lot->batch.made_day,
                      .status = (int32_t)lot->status,
                      .qty = lot->qty,
                      .cost_paise_per_1000 = lot->batch.cost_paise_per_1000,
                      .received_day = lot->batch.received_day};
    memcpy(o.bin, lot->bin, sizeof(o.bin));
    return o;
}

struct lot_search {
    struct work *work;
    const char *bin;
};

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct lot_search *q = context;
    struct work *w = q->work;
    if (lot->qty <= 0 || (q->bin && strcmp(q->bin, lot->bin) != 0) ||
        !fits(&w->draft, &lot->batch.key))
        return 0;
    w->offers[w->offers_count++] = offer_of(lot);
    return w->offers_count == ARRAY_LEN(w->offers); /* more than a screen shows */
}

int hand_lots(struct step *s, const char *bin)
{
    struct work *w = &s->post->work;
    w->offers_count = 0;
    struct lot_search q = {w, bin};
    int err = journal_lots(s->journal, w->draft.product.sku, on_lot, &q);
    return err < 0 ? err : (int)w->offers_count;
}

int hand_find_lot(struct step *s, const char *bin)
{
    struct work *w = &s->post->work;
    if (w->has_lot && (!bin || strcmp(bin, w->lot.bin) == 0))
        return 1;
    w->has_lot = false;
    int n = hand_lots(s, bin);
    if (n < 0)
        return n;
    if (n == 0) {
        char batch[STATION_ARG_SIZE];
        step_say(s, TONE_REJECT, bin ? "not_in_bin" : "not_in_stock",
                 step_name(s, &w->draft.product),
                 words_batch(&w->draft.key, step_in_hindi(s), batch), bin, NULL);
        hand_clear(s->post);
        return 0;
    }
    if (n > 1) {
        w->ask = ASK_LOT;
        step_say(s, TONE_ATTENTION, "which_batch", step_name(s, &w->draft.product), NULL);
        return 0;
    }
    w->lot = w->offers[0];
    w->has_lot = true;
    draft_set_key(&w->draft, &w->lot.key, w->lot.expiry_kind, w->lot.made_day);
    return 1;
}

int hand_still_there(struct step *s, int64_t qty)
{
    struct work *w = &s->post->work;
    char left[STATION_ARG_SIZE];
    int64_t held = 0;
    int err = journal_qty(s->journal, w->draft.product.sku, &w->lot.key, w->lot.bin,
                          (enum stock_status)w->lot.status, &held);
    if (err < 0)
        return err;
    if (held >= qty)
        return 1;
    w->lot.qty = held;
    step_say(s, TONE_REJECT, "more_than_lot",
             words_qty(&w->draft.product, held, step_in_hindi(s), left), NULL);
    return 0;
}

void hand_clear(struct post *p)
{
    struct work *w = &p->work;
    struct work fresh = work_new();
    memcpy(fresh.bin, w->bin, sizeof(fresh.bin));
    memcpy(fresh.document, w->document, sizeof(fresh.document));
    memcpy(fresh.party, w->party, sizeof(fresh.party));
    fresh.has_target = w->has_target;
    fresh.target = w->target;
    fresh.skipped_walk = w->skipped_walk;
    fresh.skipped_line = w->skipped_line;
    memcpy(fresh.lines, w->lines, sizeof(fresh.lines));
    fresh.lines_count = w->lines_count;
    fresh.recounting = w->recounting;
    fresh.count_from = w->count_from;
    *w = fresh;
}

/* ---- entries ---- */

int64_t hand_catalogue_value(const struct catalogue_sku *product, int64_t qty)
{
    int64_t value = 0; /* quantity and price are bounded far below an overflow */
    if (decimal_muldiv(qty, product->cost_paise, product->packs[0].units, &value) < 0)
        return 0;
    return value;
}

int64_t hand_lot_value(const struct offer *lot, const struct catalogue_sku *product, int64_t qty)
{
    int64_t value = 0;
    if (lot->cost_paise_per_1000 <= 0)
        return hand_catalogue_value(product, qty);
    return decimal_muldiv(qty, lot->cost_paise_per_1000, 1000, &value) < 0 ? 0 : value;
}

void hand_label(struct post *p, const struct batch_key *key, int32_t expiry_kind, int32_t made_day)
{
    const struct catalogue_sku *product = &p->work.draft.product;
    p->has_label = key->number[0] != '\0';
    if (!p->has_label)
        return;
    p->label = (struct station_label){
        .template = "batch", .batch = *key, .expiry_kind = expiry_kind, .made_day = made_day};
    text_cut(p->label.sku, sizeof(p->label.sku), product->sku);
    text_cut(p->label.name, sizeof(p->label.name), product->name);
    text_cut(p->label.name_hi, sizeof(p->label.name_hi), product->name_hi);
    text_cut(p->label.gtin, sizeof(p->label.gtin), product->packs[0].gtin);
}

int hand_bin(struct step *s, const char *code, struct catalogue_bin *ret)
{
    int found = master_bin(s->journal, code, ret);
    if (found == 0)
        step_say(s, TONE_REJECT, "unknown_bin", code, NULL);
    return found;
}

int hand_work_at(struct step *s, const char *code, const char *first)
{
    struct catalogue_bin bin;
    int found = hand_bin(s, code, &bin);
    if (found <= 0)
        return found;
    if (first) {
        step_say(s, TONE_REJECT, first, NULL);
        return 0;
    }
    text_cut(s->post->work.bin, sizeof(s->post->work.bin), bin.bin);
    step_say(s, TONE_NOTED, "bin_chosen", bin.bin, NULL);
    return 0;
}

void hand_fill(struct entry *e, const char *sku, const struct batch_key *key, int32_t expiry_kind,
               int32_t made_day)
{
    text_cut(e->sku, sizeof(e->sku), sku);
    e->batch = *key;
    e->expiry_kind = key->expiry_day == CIVIL_NONE ? 0 : expiry_kind;
    e->made_day = made_day;
}

void hand_fill_lot(struct entry *e, const char *sku, const struct offer *lot)
{
    hand_fill(e, sku, &lot->key, lot->expiry_kind, lot->made_day);
    memcpy(e->bin, lot->bin, sizeof(e->bin));
    e->status = lot->status;
}
