/* SPDX-License-Identifier: Apache-2.0 */
#include "issue.h"

#include <errno.h>
#include <string.h>

#include "civil.h"
#include "hand.h"
#include "judge.h"
#include "lines.h"
#include "proposal.h"
#include "reason.h"
#include "text.h"
#include "words.h"

static const struct issue *kind_of(const struct step *s)
{
    return s->post->flow->issue;
}

/* Lays the goods aside and stays at the line. */
static void drop(struct step *s)
{
    hand_clear(s->post);
    struct work *w = &s->post->work;
    w->draft.product = w->target.product;
    w->draft.has_product = w->has_target && w->target.product.packs_count > 0;
}

static bool same_lot(const struct offer *a, const struct offer *b)
{
    return batch_key_equal(&a->key, &b->key) && strcmp(a->bin, b->bin) == 0 &&
           a->status == b->status;
}

static bool is_proposed_batch(const struct work *w)
{
    return w->target.has_lot && batch_key_equal(&w->lot.key, &w->target.lot.key);
}

static bool knows_batch(const struct draft *d)
{
    return d->key.number[0] || d->key.expiry_day != CIVIL_NONE || d->key.mrp_paise > 0 ||
           d->made_day != CIVIL_NONE;
}

/* ---- booking ---- */

static void add_issue(struct step *s, const struct issue *kind, int64_t qty)
{
    struct work *w = &s->post->work;
    struct entry *e = step_add(s, kind->entry, true);
    hand_fill_lot(e, w->target.product.sku, &w->lot);
    e->qty = qty;
    e->value_paise = hand_lot_value(&w->lot, &w->target.product, qty);
    memcpy(e->document, w->document, sizeof(e->document));
    e->line = w->target.line;
    memcpy(e->party, w->party, sizeof(e->party));
    memcpy(e->reason, w->reason, sizeof(e->reason));
    if (kind->entry == ENTRY_DISPATCHED)
        e->due_day = w->lot.received_day; /* the age of goods travels with them */
    if (w->target.has_lot && !is_proposed_batch(w)) {
        char day[CIVIL_TEXT_SIZE]; /* a batch without a number is known by its date */
        const char *number = w->target.lot.key.number;
        text_cut(e->proposed, sizeof(e->proposed),
                 number[0] ? number : civil_format(w->target.lot.key.expiry_day, day));
    }
}

static int book(struct step *s, const struct issue *kind)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    int64_t n = w->draft.qty;
    int there = hand_still_there(s, n);
    if (there <= 0)
        return there;
    add_issue(s, kind, n);
    step_say(s, TONE_ACCEPT, kind->booked, words_qty(&w->target.product, n, step_in_hindi(s), qty),
             step_name(s, &w->target.product), words_batch(&w->lot.key, step_in_hindi(s), batch),
             NULL);
    step_booked(s);
    drop(s);
    return 0;
}

/* ---- goods ---- */

static int refuse(struct step *s, enum verdict v)
{
    struct work *w = &s->post->work;
    char batch[STATION_ARG_SIZE];
    step_add_refused(s, verdict_code(v), w->target.product.sku, &w->lot.key);
    step_say(s, TONE_REJECT, verdict_code(v), step_name(s, &w->target.product),
             words_batch(&w->lot.key, step_in_hindi(s), batch), NULL);
    drop(s);
    return 0;
}

static enum verdict judge_lot(const struct step *s)
{
    const struct work *w = &s->post->work;
    return judge_issue(&w->lot, w->target.product.shelf_life_days, &w->target.demand,
                       (struct judge_day){s->today, s->judged_day});
}

/* Which lot the goods in hand are: 1 it is work.lot, 0 the reply is made. */
static int find_lot(struct step *s)
{
    struct work *w = &s->post->work;
    if (w->has_lot)
        return 1;
    const char *bin = w->bin[0] ? w->bin : NULL;
    if (!knows_batch(&w->draft) && w->target.has_lot && (!bin || !strcmp(bin, w->target.lot.bin))) {
        int n = hand_lots(s, w->target.lot.bin);
        if (n < 0)
            return n;
        if (n == 1) { /* nothing else of it lies there */
            w->lot = w->target.lot;
            w->has_lot = true;
            return 1;
        }
        bin = w->target.lot.bin;
    }
    int n = hand_lots(s, bin);
    if (n < 0)
        return n;
    for (int i = 0; i < n && knows_batch(&w->draft); i++)
        if (w->target.has_lot && same_lot(&w->offers[i], &w->target.lot)) {
            w->lot = w->offers[i];
            w->has_lot = true;
            return 1;
        }
    int r = hand_find_lot(s, bin);
    if (r == 0 && w->ask != ASK_LOT)
        drop(s);
    return r;
}

/* The goods in hand changed: may they go, are they enough? `before` is put back when they are too
 * many. */
static int go_on(struct step *s, const struct issue *kind, const struct draft *before)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    char wanted[STATION_ARG_SIZE];
    int r = find_lot(s);
    if (r <= 0)
        return r;
    enum verdict v = judge_lot(s);
    if (v != VERDICT_GOOD)
        return refuse(s, v);
    int64_t most = w->lot.qty < w->target.line_qty ? w->lot.qty : w->target.line_qty;
    if (w->draft.qty > most) {
        w->draft = *before;
        step_say(s, TONE_REJECT, "more_than_wanted",
                 words_qty(&w->target.product, most, step_in_hindi(s), wanted), NULL);
        return 0;
    }
    if (!is_proposed_batch(w) && w->target.has_lot && w->reason[0] == '\0') {
        w->ask = ASK_OVERRIDE;
        step_say(s, TONE_ATTENTION, "not_proposed",
                 words_batch(&w->target.lot.key, step_in_hindi(s), wanted), NULL);
        return 0;
    }
    if (w->draft.qty > 0 && w->draft.qty == most)
        return book(s, kind);
    step_say(s, TONE_NOTED, "in_hand_of",
             words_qty(&w->target.product, w->draft.qty, step_in_hindi(s), qty),
             words_qty(&w->target.product, most, step_in_hindi(s), wanted), NULL);
    return 0;
}

int issue_goods(struct step *s, const struct goods *g)
{
    const struct issue *kind = kind_of(s);
    struct work *w = &s->post->work;
    if (!w->has_target) {
        step_say(s, TONE_REJECT, "document_first", NULL);
        return 0;
    }
    if (w->ask != ASK_NOTHING) {
        step_say(s, TONE_REJECT, "answer_first", NULL);
        return 0;
    }
    struct draft before = w->draft;
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    return r == HAND_CHANGED ? go_on(s, kind, &before) : r < 0 ? r : 0;
}

int issue_weight(struct step *s, int64_t grams)
{
    const struct issue *kind = kind_of(s);
    struct work *w = &s->post->work;
    if (!w->has_target) {
        step_say(s, TONE_REJECT, "document_first", NULL);
        return 0;
    }
    struct draft before = w->draft;
    int r = hand_weigh(s, grams);
    return r == HAND_CHANGED ? go_on(s, kind, &before) : r < 0 ? r : 0;
}

/* ---- commands ---- */

static int open_document(struct step *s, const struct issue *kind, const char *document)
{
    struct lines_total total;
    int err = lines_total(s->journal, document, kind->order, &total);
    if (err == -ENOENT) {
        step_say(s, TONE_REJECT, "unknown_document", document, NULL);
        return 0;
    }
    if (err < 0)
        return err;
    if (s->post->work.draft.qty > 0) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    struct work *w = &s->post->work;
    *w = work_new();
    text_cut(w->document, sizeof(w->document), document);
    memcpy(w->party, total.party, sizeof(w->party));
    int r = proposal_next(s, kind->order, kind->receiver_wants_life);
    if (r < 0)
        return r;
    step_say(s, TONE_NOTED, r > 0 ? "document_open" : "document_done", document, NULL);
    return 0;
}

static int close_short(struct step *s, const struct issue *kind, const char *reason)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    int64_t taken = w->has_lot ? w->draft.qty : 0;
    int there = taken > 0 ? hand_still_there(s, taken) : 1;
    if (there <= 0)
        return there;
    if (taken > 0)
        add_issue(s, kind, taken);
    struct entry *e = step_add(s, ENTRY_TASK_DONE, false);
    memcpy(e->document, w->document, sizeof(e->document));
    e->line = w->target.line;
    memcpy(e->party, w->party, sizeof(e->party));
    memcpy(e->sku, w->target.product.sku, sizeof(e->sku));
    e->qty = w->target.line_qty - taken;
    text_cut(e->reason, sizeof(e->reason), reason);
    step_say(s, TONE_ACCEPT, "closed_short",
             words_qty(&w->target.product, e->qty, step_in_hindi(s), qty),
             step_name(s, &w->target.product), NULL);
    step_booked(s);
    drop(s);
    return 0;
}

static int answer(struct step *s, const struct issue *kind, const struct command *c)
{
    struct work *w = &s->post->work;
    enum ask asked = w->ask;
    if (c->verb == VERB_CANCEL) {
        w->ask = ASK_NOTHING;
        if (asked == ASK_OVERRIDE)
            drop(s);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    if (c->verb != VERB_REASON || !reason_find(ENTRY_PICKED, c->text)) {
        step_say(s, TONE_REJECT, "answer_first", NULL);
        return 0;
    }
    w->ask = ASK_NOTHING;
    if (asked == ASK_SHORT)
        return close_short(s, kind, c->text);
    text_cut(w->reason, sizeof(w->reason), c->text);
    struct draft before = w->draft;
    return go_on(s, kind, &before);
}

static int set_bin(struct step *s, const char *code)
{
    struct work *w = &s->post->work;
    struct catalogue_bin bin;
    int found = hand_bin(s, code, &bin);
    if (found <= 0)
        return found;
    bool right = w->has_target && w->target.has_lot && strcmp(w->target.lot.bin, bin.bin) == 0;
    text_cut(w->bin, sizeof(w->bin), bin.bin);
    w->has_lot = false;
    step_say(s, right ? TONE_NOTED : TONE_ATTENTION, right ? "bin_right" : "bin_other", bin.bin,
             w->has_target && w->target.has_lot ? w->target.lot.bin : NULL, NULL);
    return 0;
}

static int skip(struct step *s, const struct issue *kind)
{
    struct work *w = &s->post->work;
    w->skipped_walk = w->target.walk;
    w->skipped_line = w->target.line;
    drop(s);
    s->post->work.bin[0] = '\0';
    int r = proposal_next(s, kind->order, kind->receiver_wants_life);
    if (r >= 0)
        step_say(s, TONE_NOTED, "line_skipped", NULL);
    return r < 0 ? r : 0;
}

static int ask_short(struct step *s)
{
    s->post->work.ask = ASK_SHORT;
    step_say(s, TONE_ATTENTION, "why_short", NULL);
    return 0;
}

int issue_command(struct step *s, const struct command *c)
{
    const struct issue *kind = kind_of(s);
    struct work *w = &s->post->work;
    if (c->verb == VERB_DOCUMENT && w->ask == ASK_NOTHING)
        return open_document(s, kind, c->text);
    if (!w->has_target) {
        step_say(s, TONE_REJECT, "document_first", NULL);
        return 0;
    }
    if (w->ask == ASK_OVERRIDE || w->ask == ASK_SHORT)
        return answer(s, kind, c);
    if (w->ask == ASK_LOT && c->verb == VERB_CANCEL) {
        drop(s);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    struct draft before = w->draft;
    int r = hand_command(s, c);
    if (r == HAND_CHANGED)
        return go_on(s, kind, &before);
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    switch ((int)c->verb) {
    case VERB_OK:
        if (w->draft.qty == 0 || !w->has_lot) {
            step_say(s, TONE_REJECT, "scan_product_first", NULL);
            return 0;
        }
        return book(s, kind);
    case VERB_CANCEL:
        drop(s);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    case VERB_BIN:
        return set_bin(s, c->text);
    case VERB_SKIP:
        return skip(s, kind);
    case VERB_SHORT:
        return ask_short(s);
    default:
        return 0;
    }
}

int issue_next(struct step *s)
{
    const struct issue *kind = kind_of(s);
    struct work *w = &s->post->work;
    if (!w->has_target || s->entries_count == 0 || w->draft.qty > 0 || w->ask != ASK_NOTHING)
        return 0;
    int r = proposal_next(s, kind->order, kind->receiver_wants_life);
    if (r > 0)
        w->bin[0] = '\0';
    return r < 0 ? r : 0;
}

/* ---- view ---- */

static void view_target(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    view_lot(s, v, &w->target.product, &w->target.lot, w->target.qty);
    if (!w->target.has_lot) {
        view_prompt(v, "line_without_stock", step_name(s, &w->target.product), NULL);
    } else {
        view_prompt(
            v, "take_from_bin", words_qty(&w->target.product, w->target.qty, step_in_hindi(s), qty),
            step_name(s, &w->target.product),
            words_batch(&w->target.lot.key, step_in_hindi(s), batch), w->target.lot.bin, NULL);
        view_keypad(v, KEYPAD_NUMBER, "qty:");
    }
    if (w->draft.qty > 0)
        view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "short", false, true, "short", NULL);
    view_choice(v, "skip", false, false, "skip", NULL);
}

int issue_view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    struct lines_total total;
    if (w->document[0] == '\0') {
        view_prompt(v, "scan_document", NULL);
        view_keypad(v, KEYPAD_TEXT, "document:");
        return 0;
    }
    int err = lines_total(s->journal, w->document, kind_of(s)->order, &total);
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    v->done = total.closed;
    v->total = total.lines;
    if (!w->has_target) {
        view_prompt(v, "document_done", w->document, NULL);
        view_choice(v, "flow:home", true, false, "home", NULL);
        return 0;
    }
    if (w->ask == ASK_OVERRIDE || w->ask == ASK_SHORT) {
        view_prompt(v, w->ask == ASK_SHORT ? "why_short" : "why_other_batch", NULL);
        view_reasons(v, ENTRY_PICKED);
        view_lot(s, v, &w->target.product, &w->target.lot, w->target.qty);
        return 0;
    }
    if (!hand_view_question(s, v))
        view_target(s, v);
    return 0;
}
