/* SPDX-License-Identifier: Apache-2.0 */
/* Taking in a transfer: each line of it is balanced by what arrived whole, what arrived damaged and
 * what did not arrive, so that the sender sees the difference. The whole go to the dock, all else
 * to quarantine. */
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "hand.h"
#include "lines.h"
#include "text.h"
#include "words.h"

struct line_search {
    struct step *step;
    const struct draft *draft; /* NULL: any open line */
    int32_t after;             /* lines behind this one first */
    struct line_state first, next;
    bool has_first, has_next;
};

static bool fits(const struct draft *d, const struct catalogue_order_line *line)
{
    const struct batch_key *key = &line->batch;
    return strcmp(d->product.sku, line->sku) == 0 &&
           (d->key.number[0] == '\0' || key->number[0] == '\0' ||
            strcmp(d->key.number, key->number) == 0) &&
           (d->key.expiry_day == CIVIL_NONE || key->expiry_day == CIVIL_NONE ||
            d->key.expiry_day == key->expiry_day);
}

static int on_line(const struct line_state *state, void *context)
{
    struct line_search *q = context;
    if (q->draft ? !fits(q->draft, &state->line) : state->open <= 0)
        return 0;
    if (!q->has_first || (q->first.open <= 0 && state->open > 0))
        q->first = *state;
    q->has_first = true;
    if (state->open > 0 && state->line.line > q->after && !q->has_next) {
        q->next = *state;
        q->has_next = true;
    }
    return 0;
}

static int aim(struct step *s, const struct line_state *state)
{
    struct work *w = &s->post->work;
    struct target t = {.line = state->line.line, .line_qty = state->open, .qty = state->open};
    int found = master_sku(s->journal, state->line.sku, &t.product);
    if (found < 0)
        return found;
    if (found == 0)
        memcpy(t.product.sku, state->line.sku, sizeof(t.product.sku));
    t.lot.key = state->line.batch;
    t.lot.made_day = CIVIL_NONE;
    t.lot.received_day = state->line.received_day;
    t.has_lot = true;
    w->target = t;
    w->has_target = true;
    return 1;
}

/* The line of the goods in hand, or (draft NULL) the next open one, becomes the target. 1, 0 when
 * there is none, or an error. */
static int find_line(struct step *s, const struct draft *d)
{
    struct work *w = &s->post->work;
    struct line_search q = {.step = s, .draft = d, .after = w->skipped_line};
    int err = lines_each(s->journal, w->document, ORDER_TRANSFER_IN, on_line, &q);
    if (err < 0)
        return err;
    if (!q.has_first) {
        if (!d)
            w->has_target = false;
        return 0;
    }
    return aim(s, q.has_next && !d ? &q.next : &q.first);
}

/* ---- booking ---- */

static struct batch_key arrived_key(const struct work *w, int32_t *ret_kind)
{
    struct batch_key key = draft_key(&w->draft, ret_kind);
    const struct batch_key *sent = &w->target.lot.key;
    if (key.number[0] == '\0')
        memcpy(key.number, sent->number, sizeof(key.number));
    if (key.expiry_day == CIVIL_NONE) {
        key.expiry_day = sent->expiry_day;
        *ret_kind = w->target.product.expiry_kind;
    }
    if (key.mrp_paise == 0)
        key.mrp_paise = sent->mrp_paise;
    return key;
}

static void add_line(struct step *s, struct entry *e, int64_t qty)
{
    const struct work *w = &s->post->work;
    int32_t kind = 0;
    struct batch_key key = arrived_key(w, &kind);
    hand_fill(e, w->target.product.sku, &key, kind, w->draft.made_day);
    e->qty = qty;
    e->value_paise = hand_catalogue_value(&w->target.product, qty);
    memcpy(e->document, w->document, sizeof(e->document));
    memcpy(e->party, w->party, sizeof(e->party));
    e->line = w->target.line;
}

static void add_arrived(struct step *s, int64_t qty, enum stock_status status, const char *reason)
{
    struct entry *e = step_add(s, ENTRY_ARRIVED, true);
    add_line(s, e, qty);
    e->status = (int32_t)status;
    text_cut(e->reason, sizeof(e->reason), reason);
    e->due_day = s->post->work.target.lot.received_day;
    const char *bin = status == STOCK_SELLABLE ? s->place->dock_bin : s->place->quarantine_bin;
    text_cut(e->bin, sizeof(e->bin), bin);
}

/* Goods as they were sent; expired ones are set apart at once. */
static void add_taken_in(struct step *s, int64_t qty)
{
    int32_t kind = 0;
    struct batch_key key = arrived_key(&s->post->work, &kind);
    bool expired = shelf_life_expired(key.expiry_day, s->judged_day);
    add_arrived(s, qty, expired ? STOCK_EXPIRED : STOCK_SELLABLE, expired ? "expired" : "");
}

static void say_booked(struct step *s, const char *code, int64_t qty)
{
    const struct work *w = &s->post->work;
    char text[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    int32_t kind = 0;
    struct batch_key key = arrived_key(w, &kind);
    step_say(s, TONE_ACCEPT, code, words_qty(&w->target.product, qty, step_in_hindi(s), text),
             step_name(s, &w->target.product), words_batch(&key, step_in_hindi(s), batch), NULL);
    step_booked(s);
}

static int book(struct step *s, bool excess_confirmed)
{
    struct work *w = &s->post->work;
    char open[STATION_ARG_SIZE];
    if (!w->draft.has_product || w->draft.qty == 0) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return 0;
    }
    int64_t qty = w->draft.qty;
    int64_t whole = w->target.line_qty > 0 ? w->target.line_qty : 0;
    if (qty > whole && !excess_confirmed) {
        w->ask = ASK_TOO_MANY;
        step_say(s, TONE_ATTENTION, "more_than_sent",
                 words_qty(&w->target.product, whole, step_in_hindi(s), open), NULL);
        return 0;
    }
    whole = qty < whole ? qty : whole;
    if (whole > 0)
        add_taken_in(s, whole);
    if (qty > whole)
        add_arrived(s, qty - whole, STOCK_QUARANTINE, "more_than_sent");
    say_booked(s, "arrived", qty);
    hand_clear(s->post);
    return 0;
}

static int book_damaged(struct step *s, int64_t qty)
{
    struct work *w = &s->post->work;
    char open[STATION_ARG_SIZE];
    if (!w->has_target || qty > w->target.line_qty) {
        step_say(s, TONE_REJECT, "more_than_sent",
                 words_qty(&w->target.product, w->has_target ? w->target.line_qty : 0,
                           step_in_hindi(s), open),
                 NULL);
        return 0;
    }
    add_arrived(s, qty, STOCK_QUARANTINE, "damaged");
    say_booked(s, "arrived_damaged", qty);
    hand_clear(s->post);
    return 0;
}

static int book_short(struct step *s)
{
    struct work *w = &s->post->work;
    int64_t taken = w->draft.qty;
    if (!w->has_target || w->target.line_qty - taken <= 0) {
        step_say(s, TONE_REJECT, "more_than_sent", "0", NULL);
        return 0;
    }
    if (taken > 0)
        add_taken_in(s, taken);
    struct entry *e = step_add(s, ENTRY_LOST, false);
    add_line(s, e, w->target.line_qty - taken);
    text_cut(e->reason, sizeof(e->reason), "short");
    say_booked(s, "lost", e->qty);
    hand_clear(s->post);
    return 0;
}

/* ---- inputs ---- */

static int goods(struct step *s, const struct goods *g)
{
    struct work *w = &s->post->work;
    if (w->document[0] == '\0') {
        step_say(s, TONE_REJECT, "document_first", NULL);
        return 0;
    }
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    hand_say(s);
    if (!w->draft.has_product)
        return 0;
    r = find_line(s, &w->draft);
    if (r == 0) {
        step_add_refused(s, "not_in_transfer", w->draft.product.sku, &w->draft.key);
        step_say(s, TONE_REJECT, "not_in_transfer", step_name(s, &w->draft.product), w->document,
                 NULL);
        hand_clear(s->post);
    }
    return r < 0 ? r : 0;
}

static int open_document(struct step *s, const char *document)
{
    struct work *w = &s->post->work;
    struct lines_total total;
    int err = lines_total(s->journal, document, ORDER_TRANSFER_IN, &total);
    if (err < 0 && err != -ENOENT)
        return err;
    if (err == -ENOENT || w->draft.qty > 0) {
        step_say(s, TONE_REJECT, err ? "unknown_document" : "finish_first", document, NULL);
        return 0;
    }
    *w = work_new();
    text_cut(w->document, sizeof(w->document), document);
    memcpy(w->party, total.party, sizeof(w->party));
    int r = find_line(s, NULL);
    if (r >= 0)
        step_say(s, TONE_NOTED, r > 0 ? "document_open" : "document_done", document, NULL);
    return r < 0 ? r : 0;
}

static int skip(struct step *s)
{
    struct work *w = &s->post->work;
    if (w->draft.qty > 0) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    w->skipped_line = w->target.line;
    step_say(s, TONE_NOTED, "line_skipped", NULL);
    int r = find_line(s, NULL);
    return r < 0 ? r : 0;
}

static int plain_command(struct step *s, const struct command *c)
{
    switch ((int)c->verb) {
    case VERB_OK:
        return book(s, false);
    case VERB_SHORT:
        return book_short(s);
    case VERB_DAMAGED:
        return book_damaged(s, c->number);
    case VERB_SKIP:
        return skip(s);
    case VERB_CANCEL:
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    default:
        return 0;
    }
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_TOO_MANY) {
        if (c->verb != VERB_OK && c->verb != VERB_CANCEL) {
            step_say(s, TONE_REJECT, "answer_first", NULL);
            return 0;
        }
        w->ask = ASK_NOTHING;
        if (c->verb == VERB_OK)
            return book(s, true);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    if (c->verb == VERB_DOCUMENT && w->ask == ASK_NOTHING)
        return open_document(s, c->text);
    if (w->document[0] == '\0') {
        step_say(s, TONE_REJECT, "document_first", NULL);
        return 0;
    }
    int r = hand_command(s, c);
    if (r == HAND_CHANGED && w->draft.has_product) {
        r = find_line(s, &w->draft);
        if (r == 0) {
            step_say(s, TONE_REJECT, "not_in_transfer", step_name(s, &w->draft.product),
                     w->document, NULL);
            hand_clear(s->post);
        }
        return r < 0 ? r : 0;
    }
    return r == HAND_NOT_MINE ? plain_command(s, c) : r < 0 ? r : 0;
}

static int next(struct step *s)
{
    struct work *w = &s->post->work;
    if (w->document[0] == '\0' || s->entries_count == 0 || w->draft.qty > 0)
        return 0;
    int r = find_line(s, NULL);
    return r < 0 ? r : 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    struct lines_total total;
    if (w->document[0] == '\0') {
        view_prompt(v, "scan_document", NULL);
        view_keypad(v, KEYPAD_TEXT, "document:");
        return 0;
    }
    int err = lines_total(s->journal, w->document, ORDER_TRANSFER_IN, &total);
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    v->done = total.closed;
    v->total = total.lines;
    if (w->has_target)
        view_lot(s, v, &w->target.product, &w->target.lot, w->target.qty);
    if (w->ask == ASK_TOO_MANY) {
        view_prompt(v, "ask_more_than_sent", NULL);
        view_choice(v, "cancel", true, false, "cancel", NULL);
        view_choice(v, "ok", false, true, "receive_anyway", NULL);
        return 0;
    }
    if (hand_view_question(s, v))
        return 0;
    if (!w->has_target && !w->draft.has_product) {
        view_prompt(v, "document_done", w->document, NULL);
        view_choice(v, "flow:home", true, false, "home", NULL);
        return 0;
    }
    view_prompt(v, "scan_to_take_in", NULL);
    view_keypad(v, KEYPAD_NUMBER, w->draft.has_product ? "qty:" : "damaged:");
    if (w->draft.qty > 0)
        view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "short", false, true, "short", NULL);
    view_choice(v, "skip", false, false, "skip", NULL);
    return 0;
}

const struct flow flow_arrive = {
    .name = "arrive",
    .counts_singly = true,
    .goods = goods,
    .command = command,
    .next = next,
    .view = view,
};
