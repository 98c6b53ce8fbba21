/* SPDX-License-Identifier: Apache-2.0 */
/* Putting away, and any move from bin to bin: goods are scanned where they lie (the dock, or a bin
 * that was scanned before them), then the bin that they go to. */
#include <string.h>

#include "bin_suggest.h"
#include "flow.h"
#include "hand.h"
#include "text.h"
#include "words.h"

static const char *from_bin(const struct step *s)
{
    return s->post->work.bin[0] ? s->post->work.bin : s->place->dock_bin;
}

static void lay_aside(struct step *s)
{
    s->post->work.has_target = false;
    hand_clear(s->post);
}

static int suggest(struct step *s)
{
    struct work *w = &s->post->work;
    w->target = (struct target){.product = w->draft.product, .qty = w->draft.qty};
    int found = bin_suggest(s, &w->draft.product, w->draft.qty, w->lot.bin, w->target.lot.bin);
    w->has_target = found > 0;
    return found < 0 ? found : 0;
}

/* The goods in hand changed: do so many lie there, and where should they go? */
static int go_on(struct step *s, const struct draft *before)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    if (!w->draft.has_product)
        return 0;
    int r = hand_find_lot(s, from_bin(s));
    if (r <= 0)
        return r;
    if (w->draft.qty > w->lot.qty) {
        w->draft = *before;
        step_say(s, TONE_REJECT, "more_than_lot",
                 words_qty(&w->draft.product, w->lot.qty, step_in_hindi(s), qty), NULL);
        return 0;
    }
    hand_say(s);
    return suggest(s);
}

static int goods(struct step *s, const struct goods *g)
{
    struct draft before = s->post->work.draft;
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    hand_say(s);
    return go_on(s, &before);
}

/* Goods that may be sold stay where pickers go; others stay out of their way. */
static bool fits(const struct catalogue_bin *bin, int32_t status)
{
    bool for_stock = bin->kind == BIN_RACK || bin->kind == BIN_DOCK;
    if (status == STOCK_SELLABLE)
        return for_stock;
    return status == STOCK_HOLD || !for_stock;
}

static int move_to(struct step *s, const struct catalogue_bin *bin)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    if (!fits(bin, w->lot.status) || strcmp(bin->bin, w->lot.bin) == 0) {
        step_say(s, TONE_REJECT, "bin_unfit", bin->bin, NULL);
        return 0;
    }
    int there = hand_still_there(s, w->draft.qty);
    if (there <= 0)
        return there;
    struct entry *e = step_add(s, ENTRY_MOVED, true);
    hand_fill_lot(e, w->draft.product.sku, &w->lot);
    memcpy(e->bin_to, bin->bin, sizeof(e->bin_to));
    e->qty = w->draft.qty;
    e->value_paise = hand_lot_value(&w->lot, &w->draft.product, e->qty);
    step_say(s, TONE_ACCEPT, "moved", words_qty(&w->draft.product, e->qty, step_in_hindi(s), qty),
             step_name(s, &w->draft.product), bin->bin, NULL);
    step_booked(s);
    lay_aside(s);
    return 0;
}

static int take_bin(struct step *s, const char *code)
{
    const struct work *w = &s->post->work;
    if (!w->draft.has_product || !w->has_lot || w->draft.qty == 0)
        return hand_work_at(s, code, w->draft.has_product ? "qty_missing" : NULL);
    struct catalogue_bin bin;
    int found = hand_bin(s, code, &bin);
    return found <= 0 ? found : move_to(s, &bin);
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_LOT && c->verb == VERB_CANCEL) {
        lay_aside(s);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    struct draft before = w->draft;
    int r = hand_command(s, c);
    if (r == HAND_CHANGED)
        return go_on(s, &before);
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    if (c->verb == VERB_BIN && w->ask == ASK_NOTHING)
        return take_bin(s, c->text);
    if (c->verb == VERB_CANCEL) {
        lay_aside(s);
        step_say(s, TONE_NOTED, "cancelled", NULL);
    }
    return 0;
}

static int weight(struct step *s, int64_t grams)
{
    struct draft before = s->post->work.draft;
    int r = hand_weigh(s, grams);
    return r == HAND_CHANGED ? go_on(s, &before) : r < 0 ? r : 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    if (hand_view_question(s, v))
        return 0;
    if (!w->draft.has_product || !w->has_lot) {
        view_prompt(v, "scan_to_put_away", NULL);
        return 0;
    }
    char all[32];
    words_qty(&w->draft.product, w->draft.qty, step_in_hindi(s), qty);
    if (w->has_target)
        view_prompt(v, "take_to_bin", qty, step_name(s, &w->draft.product), w->target.lot.bin,
                    NULL);
    else
        view_prompt(v, "no_free_bin", NULL);
    view_keypad(v, KEYPAD_NUMBER, "qty:");
    if (w->draft.qty < w->lot.qty) {
        (void)words_number(w->lot.qty, qty);
        memcpy(all, "qty:", 5);
        text_cut(all + 4, sizeof(all) - 4, qty);
        view_choice(v, all, false, false, "all_of_it",
                    words_qty(&w->draft.product, w->lot.qty, step_in_hindi(s), qty), NULL);
    }
    view_choice(v, "cancel", false, false, "cancel", NULL);
    return 0;
}

const struct flow flow_put_away = {
    .name = "put_away",
    .counts_singly = true,
    .goods = goods,
    .command = command,
    .weight = weight,
    .view = view,
};
