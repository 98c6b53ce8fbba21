/* SPDX-License-Identifier: Apache-2.0 */
/* Binding codes that were captured unknown: the worker scans a known code of the same product (or
 * names it) and says how many units one unknown code stands for. Binding and receiving are one unit
 * of entries, so that the stock is counted once. */
#include <string.h>

#include "flow.h"
#include "hand.h"
#include "judge.h"
#include "text.h"
#include "words.h"

struct capture_search {
    struct work *work;
    int64_t after;
    bool found;
};

static int on_capture(const struct journal_capture *c, void *context)
{
    struct capture_search *q = context;
    struct work *w = q->work;
    if (c->seq <= q->after)
        return 0;
    w->capture_seq = c->seq;
    w->capture_qty = c->qty;
    memcpy(w->capture_bin, c->bin, sizeof(w->capture_bin));
    memcpy(w->scan, c->scan, c->scan_len);
    w->scan_len = c->scan_len;
    q->found = true;
    return 1;
}

/* The oldest capture behind `after`, or the oldest of all. */
static int load(struct step *s, int64_t after)
{
    struct post *p = s->post;
    p->work = work_new();
    struct capture_search q = {.work = &p->work, .after = after};
    int err = journal_captures(s->journal, on_capture, &q);
    if (err >= 0 && !q.found && after > 0) {
        q.after = 0;
        err = journal_captures(s->journal, on_capture, &q);
    }
    return err < 0 ? err : 0;
}

static int begin(struct step *s)
{
    return load(s, 0);
}

static int goods(struct step *s, const struct goods *g)
{
    struct work *w = &s->post->work;
    if (w->capture_seq == 0) {
        step_say(s, TONE_REJECT, "bind_none", NULL);
        return 0;
    }
    int r = hand_take(s, g, false);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    if (w->draft.has_product && w->capture_units == 0)
        w->capture_units = w->draft.pack_units; /* as the pack that was scanned; qty:N else */
    hand_say(s);
    return w->draft.has_product ? hand_offer_recent(s) : 0;
}

static int32_t status_of(struct step *s, const struct batch_key *key)
{
    const struct draft *d = &s->post->work.draft;
    struct judge_day day = {s->today, s->judged_day};
    switch (judge_receipt(&d->product, key->expiry_day, d->made_day, day)) {
    case VERDICT_EXPIRED:
        return STOCK_EXPIRED;
    case VERDICT_SHORT_LIFE:
    case VERDICT_CLOCK_DOUBTFUL:
        return STOCK_HOLD;
    case VERDICT_GOOD:
    case VERDICT_ON_HOLD:
    case VERDICT_IN_QUARANTINE:
        break;
    }
    return STOCK_SELLABLE;
}

static void add_entries(struct step *s)
{
    const struct work *w = &s->post->work;
    int32_t kind = 0;
    struct batch_key key = draft_key(&w->draft, &kind);
    struct entry *b = step_add(s, ENTRY_BOUND, false);
    memcpy(b->sku, w->draft.product.sku, sizeof(b->sku));
    b->corrects = w->capture_seq;
    b->line = (int32_t)w->capture_units;
    memcpy(b->scan, w->scan, w->scan_len);
    b->scan_len = w->scan_len;
    struct entry *e = step_add(s, ENTRY_RECEIVED, false);
    hand_fill(e, w->draft.product.sku, &key, kind, w->draft.made_day);
    memcpy(e->bin, w->capture_bin, sizeof(e->bin));
    e->status = status_of(s, &key);
    e->qty = w->capture_qty * w->capture_units;
    e->value_paise = hand_catalogue_value(&w->draft.product, e->qty);
}

static int book(struct step *s)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    enum draft_part missing = DRAFT_BATCH;
    if (w->capture_seq == 0 || !w->draft.has_product) {
        step_say(s, TONE_REJECT, w->capture_seq == 0 ? "bind_none" : "scan_product_first", NULL);
        return 0;
    }
    if (draft_missing(&w->draft, &missing)) {
        step_say(s, TONE_ATTENTION, "part_missing", NULL);
        return 0;
    }
    if (w->capture_units < 1 || w->capture_units > DRAFT_QTY_MAX / w->capture_qty) {
        step_say(s, TONE_REJECT, "too_much", NULL);
        return 0;
    }
    if (draft_dates_check(&w->draft, s->doubtful ? s->today + 366 : s->today) < 0) {
        step_say(s, TONE_REJECT, "date_impossible", NULL);
        return 0;
    }
    add_entries(s);
    step_say(s, TONE_ACCEPT, "bound",
             words_qty(&w->draft.product, w->capture_qty * w->capture_units, step_in_hindi(s), qty),
             step_name(s, &w->draft.product), w->capture_bin, NULL);
    step_booked(s);
    s->post->work = work_new();
    return 0;
}

static int next(struct step *s)
{
    return s->post->work.capture_seq == 0 && s->entries_count > 0 ? load(s, 0) : 0;
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_NOTHING && c->verb == VERB_QTY && w->draft.has_product && c->number > 0) {
        w->capture_units = c->number;
        hand_say(s);
        return 0;
    }
    int r = hand_command(s, c);
    if (r == HAND_CHANGED) {
        if (c->verb == VERB_SKU && w->capture_units == 0)
            w->capture_units = w->draft.product.packs[0].units;
        return w->draft.has_product ? hand_offer_recent(s) : 0;
    }
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    if (c->verb == VERB_OK)
        return book(s);
    if (c->verb == VERB_SKIP || c->verb == VERB_LINE || c->verb == VERB_CANCEL) {
        int64_t after = c->verb == VERB_SKIP ? w->capture_seq : 0;
        int err = load(s, c->verb == VERB_LINE ? c->number - 1 : after);
        step_say(s, TONE_NOTED, c->verb == VERB_CANCEL ? "cancelled" : "line_skipped", NULL);
        return err;
    }
    return 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    char n[STATION_ARG_SIZE];
    enum draft_part missing = DRAFT_BATCH;
    if (hand_view_question(s, v))
        return 0;
    if (w->capture_seq == 0) {
        view_prompt(v, "bind_none", NULL);
        return 0;
    }
    if (!w->draft.has_product) {
        view_prompt(v, "scan_product_to_bind", words_number(w->capture_qty, n), NULL);
        view_choice(v, "skip", false, false, "skip", NULL);
        return 0;
    }
    if (draft_missing(&w->draft, &missing)) {
        hand_view_missing(s, v, missing);
        return 0;
    }
    view_prompt(v, "key_units", step_name(s, &w->draft.product),
                words_qty(&w->draft.product, w->capture_units, step_in_hindi(s), n), NULL);
    view_keypad(v, KEYPAD_NUMBER, "qty:");
    view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "cancel", false, false, "cancel", NULL);
    return 0;
}

const struct flow flow_bind = {
    .name = "bind", .begin = begin, .goods = goods, .command = command, .next = next, .view = view};
