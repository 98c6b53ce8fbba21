/* SPDX-License-Identifier: Apache-2.0 */
/* Correcting what was booked under a wrong batch, expiry or MRP: out of the wrong one and into the
 * right one, in one unit of entries. Nothing is edited. */
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "hand.h"
#include "text.h"
#include "words.h"

static int found(struct step *s)
{
    struct work *w = &s->post->work;
    if (!w->draft.has_product)
        return 0;
    bool was_found = w->has_lot;
    int r = hand_find_lot(s, w->bin[0] ? w->bin : NULL);
    if (r > 0 && !was_found)
        w->pending = goods_new();
    if (r > 0)
        hand_say(s);
    return r < 0 ? r : 0;
}

static int goods(struct step *s, const struct goods *g)
{
    int r = hand_take(s, g, false);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    hand_say(s);
    return found(s);
}

/* What is keyed in now is what is right. 1: it was such a part. */
static int right_part(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    struct goods g = w->pending;
    if (!w->has_lot)
        return 0;
    if (c->verb == VERB_BATCH)
        text_cut(g.batch, sizeof(g.batch), c->text);
    else if (c->verb == VERB_EXPIRY)
        g.expiry_day = c->day;
    else if (c->verb == VERB_MRP)
        g.mrp_paise = c->number;
    else
        return 0;
    struct draft d = w->draft;
    if (g.expiry_day != CIVIL_NONE)
        d.key.expiry_day = g.expiry_day;
    if (draft_dates_check(&d, s->today) < 0) {
        step_say(s, TONE_REJECT, "date_impossible", NULL);
        return 1;
    }
    w->pending = g;
    hand_say(s);
    return 1;
}

static struct batch_key right_key(const struct work *w)
{
    struct batch_key key = w->lot.key;
    if (w->pending.batch[0])
        memcpy(key.number, w->pending.batch, sizeof(key.number));
    if (w->pending.expiry_day != CIVIL_NONE)
        key.expiry_day = w->pending.expiry_day;
    if (w->pending.mrp_paise > 0)
        key.mrp_paise = w->pending.mrp_paise;
    return key;
}

static int book(struct step *s)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    if (!w->has_lot) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return 0;
    }
    struct batch_key key = right_key(w);
    const struct batch_key *old = &w->lot.key;
    int64_t n = w->draft.qty > 0 ? w->draft.qty : w->lot.qty;
    if (batch_key_equal(&key, old)) {
        step_say(s, TONE_REJECT, "nothing_changed", NULL);
        return 0;
    }
    int there = hand_still_there(s, n);
    if (there <= 0)
        return there;
    const char *reason = strcmp(key.number, old->number) != 0 ? "wrong_batch"
                         : key.expiry_day != old->expiry_day  ? "wrong_expiry"
                                                              : "wrong_mrp";
    struct offer right = w->lot;
    right.key = key;
    struct entry *out = step_add(s, ENTRY_CORRECTED_OUT, false);
    struct entry *in = step_add(s, ENTRY_CORRECTED_IN, false);
    hand_fill_lot(out, w->draft.product.sku, &w->lot);
    hand_fill_lot(in, w->draft.product.sku, &right);
    out->qty = in->qty = n;
    out->value_paise = in->value_paise = hand_lot_value(&w->lot, &w->draft.product, n);
    text_cut(out->reason, sizeof(out->reason), reason);
    text_cut(in->reason, sizeof(in->reason), reason);
    in->due_day = w->lot.received_day; /* its age stays */
    step_say(s, TONE_ACCEPT, "corrected", words_qty(&w->draft.product, n, step_in_hindi(s), qty),
             step_name(s, &w->draft.product), words_batch(&key, step_in_hindi(s), batch), NULL);
    step_booked(s);
    hand_clear(s->post);
    return 0;
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (c->verb == VERB_CANCEL && w->ask != ASK_CONFLICT) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    if (w->ask == ASK_NOTHING && right_part(s, c))
        return 0;
    int r = hand_command(s, c);
    if (r == HAND_CHANGED)
        return found(s);
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    if (c->verb == VERB_OK)
        return book(s);
    return c->verb == VERB_BIN
               ? hand_work_at(s, c->text, w->draft.has_product ? "finish_first" : NULL)
               : 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    char batch[STATION_ARG_SIZE];
    if (hand_view_question(s, v))
        return 0;
    if (!w->has_lot) {
        view_prompt(v, "scan_to_correct", NULL);
        return 0;
    }
    struct batch_key key = right_key(w);
    view_prompt(v, "key_right_parts", step_name(s, &w->draft.product),
                words_batch(&key, step_in_hindi(s), batch), NULL);
    view_keypad(v, KEYPAD_TEXT, "batch:");
    view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "cancel", false, false, "cancel", NULL);
    return 0;
}

const struct flow flow_correct = {
    .name = "correct", .role = 1, .goods = goods, .command = command, .view = view};
