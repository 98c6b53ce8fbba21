/* SPDX-License-Identifier: Apache-2.0 */
/* Looking: what is this, where does it lie, how long is it good? Lot by lot. A supervisor may
 * change the state of the lot that is shown, and print labels for it. */
#include <string.h>

#include "flow.h"
#include "hand.h"
#include "reason.h"
#include "text.h"
#include "words.h"

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct work *w = context;
    if (lot->qty == 0 ||
        (w->draft.key.number[0] && strcmp(w->draft.key.number, lot->batch.key.number) != 0))
        return 0;
    w->offers[w->offers_count++] = offer_of(lot);
    return w->offers_count == ARRAY_LEN(w->offers);
}

static void turn_to(struct step *s, size_t page)
{
    struct work *w = &s->post->work;
    w->page = (int64_t)page;
    w->lot = w->offers[page];
    w->has_lot = true;
    hand_label(s->post, &w->lot.key, w->lot.expiry_kind, w->lot.made_day);
}

static int look_at_product(struct step *s)
{
    struct work *w = &s->post->work;
    struct journal_sku_life life;
    char qty[STATION_ARG_SIZE];
    w->offers_count = 0;
    int err = journal_lots(s->journal, w->draft.product.sku, on_lot, w);
    if (err >= 0)
        err = journal_sku_life(s->journal, w->draft.product.sku, &life);
    if (err < 0)
        return err;
    if (w->offers_count == 0) {
        step_say(s, TONE_NOTED, "look_none", step_name(s, &w->draft.product), NULL);
        return 0;
    }
    turn_to(s, 0);
    for (size_t i = 0; i < w->offers_count; i++)
        if (w->offers[i].qty < 0) { /* to be repaired: shown first, never clamped */
            turn_to(s, i);
            step_say(s, TONE_ATTENTION, "look_negative", step_name(s, &w->draft.product),
                     words_qty(&w->draft.product, w->lot.qty, step_in_hindi(s), qty), w->lot.bin,
                     NULL);
            return 0;
        }
    step_say(s, TONE_NOTED, "look_goods", step_name(s, &w->draft.product),
             words_qty(&w->draft.product, life.on_hand, step_in_hindi(s), qty), NULL);
    return 0;
}

static int goods(struct step *s, const struct goods *g)
{
    hand_clear(s->post);
    int r = hand_take(s, g, false);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    hand_say(s);
    return s->post->work.draft.has_product ? look_at_product(s) : 0;
}

static int count_lot(const struct journal_lot *lot, void *context)
{
    int64_t *lots = context;
    *lots += lot->qty != 0;
    return 0;
}

static int look_at_bin(struct step *s, const char *code)
{
    struct catalogue_bin bin;
    int64_t lots = 0;
    char n[STATION_ARG_SIZE];
    int found = hand_bin(s, code, &bin);
    if (found <= 0)
        return found;
    int err = journal_lots_in_bin(s->journal, bin.bin, count_lot, &lots);
    if (err < 0)
        return err;
    hand_clear(s->post);
    if (lots == 0)
        step_say(s, TONE_NOTED, "look_bin_empty", bin.bin, NULL);
    else
        step_say(s, TONE_NOTED, "look_bin", bin.bin, words_number(lots, n), NULL);
    return 0;
}

/* ---- changing the state ---- */

static int ask_status(struct step *s, int32_t status)
{
    struct work *w = &s->post->work;
    if (s->post->role < 1) {
        step_add_refused(s, "not_allowed", "", NULL);
        step_say(s, TONE_REJECT, "not_allowed", NULL);
    } else if (!w->has_lot || w->lot.qty <= 0) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
    } else if (w->lot.status == status) {
        step_say(s, TONE_REJECT, "nothing_changed", NULL);
    } else {
        w->status = status;
        w->ask = ASK_REASON;
        step_say(s, TONE_ATTENTION, "why_restated", NULL);
    }
    return 0;
}

static int restate(struct step *s, const char *reason)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    if (w->status == STOCK_SELLABLE && shelf_life_expired(w->lot.key.expiry_day, s->judged_day)) {
        step_say(s, TONE_REJECT, "not_permitted", NULL);
        return 0;
    }
    int64_t n = w->draft.qty > 0 ? w->draft.qty : w->lot.qty;
    int there = hand_still_there(s, n);
    if (there <= 0)
        return there;
    struct entry *e = step_add(s, ENTRY_RESTATED, false);
    hand_fill_lot(e, w->draft.product.sku, &w->lot);
    e->status_to = w->status;
    e->qty = n;
    e->value_paise = hand_lot_value(&w->lot, &w->draft.product, n);
    text_cut(e->reason, sizeof(e->reason), reason);
    step_say(s, TONE_ACCEPT, "restated", words_qty(&w->draft.product, n, step_in_hindi(s), qty),
             step_name(s, &w->draft.product),
             words_status((enum stock_status)w->status, step_in_hindi(s)), NULL);
    step_booked(s);
    hand_clear(s->post);
    return 0;
}

static int answer(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (c->verb != VERB_CANCEL &&
        (c->verb != VERB_REASON || !reason_find(ENTRY_RESTATED, c->text))) {
        step_say(s, TONE_REJECT, "answer_first", NULL);
        return 0;
    }
    w->ask = ASK_NOTHING;
    if (c->verb == VERB_REASON)
        return restate(s, c->text);
    step_say(s, TONE_NOTED, "cancelled", NULL);
    return 0;
}

static int turn_page(struct step *s)
{
    struct work *w = &s->post->work;
    char batch[STATION_ARG_SIZE];
    char qty[STATION_ARG_SIZE];
    if (w->offers_count == 0) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return 0;
    }
    turn_to(s, ((size_t)w->page + 1) % w->offers_count);
    step_say(s, TONE_NOTED, "look_lot",
             words_qty(&w->draft.product, w->lot.qty, step_in_hindi(s), qty),
             words_batch(&w->lot.key, step_in_hindi(s), batch), w->lot.bin,
             words_status((enum stock_status)w->lot.status, step_in_hindi(s)), NULL);
    return 0;
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_REASON)
        return answer(s, c);
    if (w->ask != ASK_NOTHING) {
        int r = hand_command(s, c);
        return r == HAND_CHANGED ? look_at_product(s) : r < 0 ? r : 0;
    }
    switch ((int)c->verb) {
    case VERB_SKIP:
        return turn_page(s);
    case VERB_BIN:
        return look_at_bin(s, c->text);
    case VERB_STATUS:
        return ask_status(s, (int32_t)c->number);
    case VERB_CANCEL:
        hand_clear(s->post);
        s->post->has_label = false;
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    case VERB_SKU: {
        hand_clear(s->post);
        int r = hand_command(s, c);
        return r == HAND_CHANGED ? look_at_product(s) : r < 0 ? r : 0;
    }
    case VERB_QTY:
    case VERB_OK: {
        int r = hand_command(s, c);
        return r < 0 ? r : 0;
    }
    default:
        return 0;
    }
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    static const struct {
        const char *command, *label;
        enum stock_status status;
    } states[] = {
        {"status:hold", "status_hold", STOCK_HOLD},
        {"status:quarantine", "status_quarantine", STOCK_QUARANTINE},
        {"status:sellable", "status_sellable", STOCK_SELLABLE},
    };
    if (w->ask == ASK_REASON) {
        view_prompt(v, "why_restated", NULL);
        view_reasons(v, ENTRY_RESTATED);
        return 0;
    }
    if (hand_view_question(s, v))
        return 0;
    view_prompt(v, "scan_to_look", NULL);
    if (!w->has_lot)
        return 0;
    view_lot(s, v, &w->draft.product, &w->lot, w->lot.qty);
    v->done = (int32_t)w->page + 1;
    v->total = (int32_t)w->offers_count;
    if (w->offers_count > 1)
        view_choice(v, "skip", true, false, "next_lot", NULL);
    for (size_t i = 0; i < ARRAY_LEN(states) && s->post->role > 0; i++)
        if ((int32_t)states[i].status != w->lot.status)
            view_choice(v, states[i].command, false, false, states[i].label, NULL);
    return 0;
}

const struct flow flow_look = {.name = "look", .goods = goods, .command = command, .view = view};
