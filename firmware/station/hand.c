/* SPDX-License-Identifier: Apache-2.0 */
#include "hand.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "flow.h"
#include "text.h"
#include "words.h"

/* ---- products ---- */

int hand_product(struct step *s, const struct goods *g, struct catalogue_sku *ret, size_t *ret_pack,
                 int64_t *ret_units)
{
    *ret_pack = 0;
    *ret_units = 0;
    int found = 0;
    if (g->gtin[0])
        found = master_gtin(s->journal, g->gtin, ret, ret_pack);
    else if (g->item[0])
        found = master_instore(s->journal, g->item, ret);
    if (found != 0 || s->in->kind != INPUT_SCAN)
        return found;
    char sku[ENTRY_SKU_SIZE];
    found = journal_bound(s->journal, s->in->bytes, s->in->len, sku, ret_units);
    return found > 0 ? master_sku(s->journal, sku, ret) : found;
}

/* How many units one code stands for, besides its pack: counts and weights in the code itself. */
static int take_units(struct draft *d, const struct catalogue_sku *product, size_t pack,
                      int64_t bound_units, const struct goods *g)
{
    if (product->unit == UNIT_GRAM && g->grams > 0)
        return draft_take_units(d, product, g->grams);
    if (product->unit == UNIT_GRAM && g->price_paise > 0 && product->price_paise > 0) {
        int64_t grams = 0; /* the label tells the price: its weight follows from the price of it */
        if (decimal_muldiv(g->price_paise, product->packs[0].units, product->price_paise, &grams) <
            0)
            return -ERANGE;
        return draft_take_units(d, product, grams);
    }
    if (bound_units > 0)
        return draft_take_units(d, product, bound_units);
    if (g->count > 0)
        return draft_take(d, product, pack, g->count);
    return draft_take(d, product, pack, 1);
}

static void say_take_failed(struct step *s, int err, const struct catalogue_sku *product)
{
    struct draft *d = &s->post->work.draft;
    if (err == -EEXIST)
        step_say(s, TONE_REJECT, "wrong_product", step_name(s, product), step_name(s, &d->product),
                 NULL);
    else
        step_say(s, TONE_REJECT, "too_much", step_name(s, product), NULL);
}

static void ask_conflict(struct step *s)
{
    struct work *w = &s->post->work;
    char now[STATION_ARG_SIZE];
    char then[STATION_ARG_SIZE];
    w->ask = ASK_CONFLICT;
    step_say(s, TONE_ATTENTION, "conflict", words_batch(&w->draft.other_key, step_in_hindi(s), now),
             words_batch(&w->draft.key, step_in_hindi(s), then), NULL);
}

void hand_say(struct step *s)
{
    const struct draft *d = &s->post->work.draft;
    char qty[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    if (!d->has_product) {
        step_say(s, TONE_NOTED, "noted_batch", words_batch(&d->key, step_in_hindi(s), batch), NULL);
        return;
    }
    int32_t kind = 0;
    struct batch_key key = draft_key(d, &kind);
    step_say(s, TONE_NOTED, "in_hand", step_name(s, &d->product),
             words_qty(&d->product, d->qty, step_in_hindi(s), qty),
             words_batch(&key, step_in_hindi(s), batch), NULL);
}

static bool speaks_of_batch(const struct goods *g)
{
    return g->batch[0] || g->expiry_day != CIVIL_NONE || g->made_day != CIVIL_NONE ||
           g->mrp_paise > 0;
}

static int merge(struct step *s, const struct goods *g)
{
    struct work *w = &s->post->work;
    if (draft_merge(&w->draft, g) < 0) {
        ask_conflict(s);
        return HAND_SAID;
    }
    if (g->batch[0])
        w->draft.number_scanned = s->in->kind == INPUT_SCAN;
    if (speaks_of_batch(g))
        w->has_lot = false; /* it may be another now */
    return HAND_CHANGED;
}

int hand_take(struct step *s, const struct goods *g, bool counts)
{
    struct work *w = &s->post->work;
    struct catalogue_sku product;
    size_t pack = 0;
    int64_t units = 0;
    int found = hand_product(s, g, &product, &pack, &units);
    if (found < 0)
        return found;
    if (found == 0) /* batch or date in a code of its own, before or after the product's */
        return !g->gtin[0] && !g->item[0] && speaks_of_batch(g) ? merge(s, g) : HAND_UNKNOWN;

    struct draft d = w->draft; /* taken only if all of the code fits */
    int err = counts ? take_units(&d, &product, pack, units, g) : draft_take(&d, &product, pack, 0);
    if (err < 0) {
        say_take_failed(s, err, &product);
        if (err == -EEXIST)
            step_add_refused(s, "wrong_product", product.sku, NULL);
        return HAND_SAID;
    }
    if (g->separator_lost) {
        char day[STATION_ARG_SIZE];
        w->ask = ASK_SEPARATOR;
        w->pending = *g;
        w->draft = d;
        step_say(s, TONE_ATTENTION, "separator_lost", g->batch, words_day(g->split_expiry, day),
                 g->split_batch, NULL);
        return HAND_SAID;
    }
    struct draft before = w->draft;
    w->draft = d;
    int merged = merge(s, g);
    if (merged == HAND_SAID) { /* the pack counts when the question is answered with yes */
        w->pending_qty = d.qty - before.qty;
        w->draft.qty = before.qty;
    }
    return merged;
}

/* ---- keyed parts ---- */

static int answer_conflict(struct step *s, bool take)
{
    struct work *w = &s->post->work;
    draft_settle(&w->draft, take);
    if (take)
        w->draft.qty += w->pending_qty;
    w->pending_qty = 0;
    w->ask = ASK_NOTHING;
    w->has_lot = false;
    hand_say(s);
    return HAND_CHANGED;
}

static int answer_separator(struct step *s, bool split)
{
    struct work *w = &s->post->work;
    struct goods g = w->pending;
    if (split) {
        memcpy(g.batch, g.split_batch, sizeof(g.batch));
        g.expiry_day = g.split_expiry;
        g.expiry_kind = EXPIRY_USE_BY;
    }
    w->ask = ASK_NOTHING;
    int r = merge(s, &g);
    w->draft.number_scanned = true;
    if (r == HAND_CHANGED)
        hand_say(s);
    return r;
}

static int set_qty(struct step *s, int64_t qty)
{
    struct draft *d = &s->post->work.draft;
    if (!d->has_product) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return HAND_SAID;
    }
    d->qty = qty;
    hand_say(s);
    return HAND_CHANGED;
}

static int set_packs(struct step *s, int64_t packs)
{
    struct draft *d = &s->post->work.draft;
    int err = draft_packs(d, packs);
    if (err < 0) {
        step_say(s, TONE_REJECT, err == -ENOENT ? "scan_product_first" : "too_much",
                 d->has_product ? step_name(s, &d->product) : NULL, NULL);
        return HAND_SAID;
    }
    hand_say(s);
    return HAND_CHANGED;
}

static int set_product(struct step *s, const char *sku)
{
    struct catalogue_sku product;
    int found = master_sku(s->journal, sku, &product);
    if (found < 0)
        return found;
    if (found == 0) {
        step_say(s, TONE_REJECT, "unknown_product", sku, NULL);
        return HAND_SAID;
    }
    int err = draft_take(&s->post->work.draft, &product, 0, 0);
    if (err < 0) {
        say_take_failed(s, err, &product);
        return HAND_SAID;
    }
    hand_say(s);
    return HAND_CHANGED;
}

static int set_part(struct step *s, const struct goods *g)
{
    struct draft before = s->post->work.draft;
    int r = merge(s, g);
    if (r != HAND_CHANGED)
        return r;
    /* The clock may be behind when it is doubtful: a date that it calls future can be right. */
    if (draft_dates_check(&s->post->work.draft, s->doubtful ? s->today + 366 : s->today) < 0) {
        s->post->work.draft = before;
        step_say(s, TONE_REJECT, "date_impossible", NULL);
        return HAND_SAID;
    }
    hand_say(s);
    return HAND_CHANGED;
}

int hand_command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    bool ok = c->verb == VERB_OK;
    if (w->ask == ASK_CONFLICT && (ok || c->verb == VERB_CANCEL))
        return answer_conflict(s, ok);
    if (w->ask == ASK_SEPARATOR && (ok || c->verb == VERB_SKIP))
        return answer_separator(s, ok);
    if (w->ask == ASK_SEPARATOR && c->verb == VERB_CANCEL) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return HAND_SAID;
    }
    if (w->ask == ASK_CONFLICT || w->ask == ASK_SEPARATOR) {
        step_say(s, TONE_REJECT, "answer_first", NULL);
        return HAND_SAID;
    }
    struct goods g = goods_new();
    if (c->verb == VERB_QTY)
        return set_qty(s, c->number);
    if (c->verb == VERB_PACKS)
        return set_packs(s, c->number);
    if (c->verb == VERB_SKU)
        return set_product(s, c->text);
    if (c->verb == VERB_PICK_BATCH)
        return hand_pick_offer(s, c->number);
    if (c->verb == VERB_BATCH) {
        text_cut(g.batch, sizeof(g.batch), c->text);
        return set_part(s, &g);
    }
    if (c->verb == VERB_EXPIRY) {
        g.expiry_day = c->day;
        g.expiry_kind = w->draft.has_product ? w->draft.product.expiry_kind : EXPIRY_USE_BY;
        return set_part(s, &g);
    }
    if (c->verb == VERB_MADE) {
        g.made_day = c->day;
        return set_part(s, &g);
    }
    if (c->verb == VERB_MRP) {
        g.mrp_paise = c->number;
        return set_part(s, &g);
    }
    return HAND_NOT_MINE;
}

int hand_weigh(struct step *s, int64_t grams)
{
    struct work *w = &s->post->work;
    if (!w->draft.has_product) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return HAND_SAID;
    }
    if (w->draft.product.unit != UNIT_GRAM) {
        step_say(s, TONE_REJECT, "not_by_weight", step_name(s, &w->draft.product), NULL);
        return HAND_SAID;
    }
    int err = draft_take_units(&w->draft, &w->draft.product, grams);
    if (err < 0) {
        say_take_failed(s, err, &w->draft.product);
        return HAND_SAID;
    }
    hand_add_weighed(s, grams);
    hand_say(s);
    return HAND_CHANGED;
}

void hand_add_weighed(struct step *s, int64_t grams)
{
    const struct work *w = &s->post->work;
    struct entry *e = step_add(s, ENTRY_WEIGHED, true);
    e->amount = grams;
    if (w->draft.has_product)
        memcpy(e->sku, w->draft.product.sku, sizeof(e->sku));
    e->batch = w->draft.key;
    memcpy(e->document, w->document, sizeof(e->document));
}
