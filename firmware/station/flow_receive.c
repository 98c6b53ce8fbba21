/* SPDX-License-Identifier: Apache-2.0 */
/* Receiving: goods from a supplier, free or against a purchase order, onto the dock. Scans and
 * keyed parts gather in hand; OK books them. Codes that nobody knows are captured with their number
 * of pieces, and bound later. */
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "hand.h"
#include "judge.h"
#include "lines.h"
#include "text.h"
#include "words.h"

static int capture_unknown(struct step *s)
{
    struct work *w = &s->post->work;
    if (w->draft.has_product) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    if (s->in->kind != INPUT_SCAN) {
        step_say(s, TONE_REJECT, "unknown_code", NULL);
        return 0;
    }
    memcpy(w->scan, s->in->bytes, s->in->len);
    w->scan_len = s->in->len;
    w->ask = ASK_CAPTURE;
    step_say(s, TONE_ATTENTION, "capture_wanted", NULL);
    return 0;
}

static int goods(struct step *s, const struct goods *g)
{
    struct work *w = &s->post->work;
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        return capture_unknown(s);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    w->date_confirmed = w->excess_confirmed = w->hold_confirmed = false;
    int err = hand_offer_recent(s);
    hand_say(s);
    return err;
}

/* ---- what OK must know before it books; each asks once ---- */

static struct judge_day judged(const struct step *s)
{
    return (struct judge_day){s->today, s->judged_day};
}

/* 1: go on; 0: the reply is made. */
static int check_dates(struct step *s, const struct batch_key *key)
{
    struct work *w = &s->post->work;
    char day[STATION_ARG_SIZE];
    const struct catalogue_sku *product = &w->draft.product;
    if (draft_dates_check(&w->draft, s->doubtful ? s->today + 366 : s->today) < 0) {
        step_say(s, TONE_REJECT, "date_impossible", NULL);
        return 0;
    }
    /* A month's slack: many packs print the month only. */
    if (!w->date_confirmed && key->expiry_day != CIVIL_NONE && product->shelf_life_days > 0 &&
        !s->doubtful && key->expiry_day > s->today + product->shelf_life_days + 31) {
        w->ask = ASK_FAR_DATE;
        step_say(s, TONE_ATTENTION, "far_date", words_day(key->expiry_day, day), NULL);
        return 0;
    }
    enum verdict v = judge_receipt(product, key->expiry_day, w->draft.made_day, judged(s));
    if (v == VERDICT_GOOD || w->hold_confirmed)
        return 1;
    if (v == VERDICT_EXPIRED) {
        step_add_refused(s, "expired", product->sku, key);
        step_say(s, TONE_REJECT, "expired_at_receipt", step_name(s, product),
                 words_day(key->expiry_day, day), NULL);
        hand_clear(s->post);
        return 0;
    }
    w->ask = ASK_SHORT_LIFE;
    step_say(s, TONE_ATTENTION,
             v == VERDICT_SHORT_LIFE ? "short_life_at_receipt" : "receipt_clock_doubtful",
             step_name(s, product), words_day(key->expiry_day, day), NULL);
    return 0;
}

struct line_search {
    const char *sku;
    int32_t line; /* 0: any */
    struct line_state found;
    bool has;
};

/* The line of the product with the most to come: what is over goes where most was expected. */
static int on_line(const struct line_state *line, void *context)
{
    struct line_search *q = context;
    if (strcmp(line->line.sku, q->sku) != 0 || (q->line > 0 && q->line != line->line.line))
        return 0;
    if (!q->has || line->open > q->found.open)
        q->found = *line;
    q->has = true;
    return 0;
}

/* 1: go on, with *ret_line the document's line or 0; 0: the reply is made. */
static int check_document(struct step *s, int32_t *ret_line)
{
    struct work *w = &s->post->work;
    *ret_line = 0;
    if (w->document[0] == '\0')
        return 1;
    struct line_search q = {.sku = w->draft.product.sku, .line = w->doc_line};
    int err = lines_each(s->journal, w->document, ORDER_PURCHASE, on_line, &q);
    if (err < 0)
        return err;
    char open[STATION_ARG_SIZE];
    if (!q.has && !w->excess_confirmed) {
        w->ask = ASK_NOT_ORDERED;
        step_say(s, TONE_ATTENTION, "not_ordered", step_name(s, &w->draft.product), w->document,
                 NULL);
        return 0;
    }
    if (q.has && w->draft.qty > q.found.open && !w->excess_confirmed) {
        w->ask = ASK_TOO_MANY;
        step_say(s, TONE_ATTENTION, "more_than_ordered",
                 words_qty(&w->draft.product, q.found.open > 0 ? q.found.open : 0, step_in_hindi(s),
                           open),
                 NULL);
        return 0;
    }
    *ret_line = q.has ? q.found.line.line : 0;
    return 1;
}

static int book(struct step *s)
{
    struct work *w = &s->post->work;
    enum draft_part missing = DRAFT_BATCH;
    if (!w->draft.has_product) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return 0;
    }
    if (draft_missing(&w->draft, &missing)) {
        step_say(s, TONE_ATTENTION, "part_missing", NULL);
        return 0;
    }
    if (w->draft.qty == 0) {
        step_say(s, TONE_ATTENTION, "qty_missing", NULL);
        return 0;
    }
    int32_t kind = 0;
    struct batch_key key = draft_key(&w->draft, &kind);
    int32_t line = 0;
    int r = check_dates(s, &key);
    if (r > 0)
        r = check_document(s, &line);
    if (r <= 0)
        return r;

    char qty[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    struct entry *e = step_add(s, ENTRY_RECEIVED, true);
    hand_fill(e, w->draft.product.sku, &key, kind, w->draft.made_day);
    memcpy(e->bin, s->place->dock_bin, sizeof(e->bin));
    e->qty = w->draft.qty;
    e->value_paise = hand_catalogue_value(&w->draft.product, e->qty);
    if (w->hold_confirmed) {
        e->status = STOCK_HOLD;
        text_cut(e->reason, sizeof(e->reason), "short_life");
    }
    memcpy(e->document, w->document, sizeof(e->document));
    memcpy(e->party, w->party, sizeof(e->party));
    e->line = line;
    hand_label(s->post, &key, kind, w->draft.made_day);
    s->post->has_label &= !w->draft.number_scanned;
    step_say(s, TONE_ACCEPT, w->hold_confirmed ? "received_on_hold" : "received",
             words_qty(&w->draft.product, e->qty, step_in_hindi(s), qty),
             step_name(s, &w->draft.product), words_batch(&key, step_in_hindi(s), batch), NULL);
    step_booked(s);
    hand_clear(s->post);
    return 0;
}

/* ---- commands ---- */

static int set_document(struct step *s, const char *document)
{
    struct work *w = &s->post->work;
    struct lines_total total;
    int err = lines_total(s->journal, document, ORDER_PURCHASE, &total);
    if (err == -ENOENT) {
        step_say(s, TONE_REJECT, "unknown_document", document, NULL);
        return 0;
    }
    if (err < 0)
        return err;
    if (w->draft.has_product) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    text_cut(w->document, sizeof(w->document), document);
    memcpy(w->party, total.party, sizeof(w->party));
    step_say(s, TONE_NOTED, "document_open", document, NULL);
    return 0;
}

static int capture(struct step *s, int64_t qty)
{
    struct work *w = &s->post->work;
    char n[STATION_ARG_SIZE];
    if (qty == 0) {
        step_say(s, TONE_REJECT, "qty_missing", NULL);
        return 0;
    }
    struct entry *e = step_add(s, ENTRY_CAPTURED, false);
    memcpy(e->scan, w->scan, w->scan_len);
    e->scan_len = w->scan_len;
    e->qty = qty;
    memcpy(e->bin, s->place->quarantine_bin, sizeof(e->bin));
    memcpy(e->document, w->document, sizeof(e->document));
    step_say(s, TONE_ACCEPT, "captured", words_number(qty, n), s->place->quarantine_bin, NULL);
    hand_clear(s->post);
    return 0;
}

/* Yes to a question of the list above. */
static int confirm(struct step *s)
{
    struct work *w = &s->post->work;
    enum ask asked = w->ask;
    w->ask = ASK_NOTHING;
    w->date_confirmed |= asked == ASK_FAR_DATE;
    w->excess_confirmed |= asked == ASK_NOT_ORDERED || asked == ASK_TOO_MANY;
    return book(s);
}

static int reject_short_life(struct step *s)
{
    struct work *w = &s->post->work;
    int32_t kind = 0;
    struct batch_key key = draft_key(&w->draft, &kind);
    step_add_refused(s, "short_life", w->draft.product.sku, &key);
    step_say(s, TONE_ACCEPT, "sent_away", step_name(s, &w->draft.product), NULL);
    hand_clear(s->post);
    return 0;
}

static int answer(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_CAPTURE && c->verb == VERB_QTY)
        return capture(s, c->number);
    if (w->ask == ASK_SHORT_LIFE && c->verb == VERB_STATUS && c->number == STOCK_HOLD) {
        w->hold_confirmed = true;
        w->ask = ASK_NOTHING;
        return book(s);
    }
    if (w->ask == ASK_SHORT_LIFE && c->verb == VERB_CANCEL)
        return reject_short_life(s);
    bool asks_yes = w->ask == ASK_FAR_DATE || w->ask == ASK_NOT_ORDERED || w->ask == ASK_TOO_MANY;
    if (asks_yes && c->verb == VERB_OK)
        return confirm(s);
    if (c->verb == VERB_CANCEL) {
        if (w->ask == ASK_CAPTURE)
            hand_clear(s->post);
        w->ask = ASK_NOTHING;
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    step_say(s, TONE_REJECT, "answer_first", NULL);
    return 0;
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    bool hands = w->ask == ASK_CONFLICT || w->ask == ASK_SEPARATOR;
    if (w->ask != ASK_NOTHING && !hands)
        return answer(s, c);
    int r = hand_command(s, c);
    if (r == HAND_CHANGED) {
        w->date_confirmed = w->excess_confirmed = w->hold_confirmed = false;
        return w->draft.has_product && w->offers_count == 0 ? hand_offer_recent(s) : 0;
    }
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    switch ((int)c->verb) {
    case VERB_OK:
        return book(s);
    case VERB_CANCEL:
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    case VERB_DOCUMENT:
        return set_document(s, c->text);
    case VERB_LINE:
        w->doc_line = (int32_t)c->number;
        step_say(s, TONE_NOTED, "line_chosen", c->text, NULL);
        return 0;
    default:
        return 0;
    }
}

static int weight(struct step *s, int64_t grams)
{
    int r = hand_weigh(s, grams);
    return r < 0 ? r : 0;
}

static bool view_question(struct step *s, struct station_view *v)
{
    struct work *w = &s->post->work;
    char day[STATION_ARG_SIZE];
    int32_t kind = 0;
    struct batch_key key = draft_key(&w->draft, &kind);
    words_day(key.expiry_day, day);
    switch ((int)w->ask) {
    case ASK_CAPTURE:
        view_prompt(v, "ask_capture", NULL);
        view_keypad(v, KEYPAD_NUMBER, "qty:");
        break;
    case ASK_SHORT_LIFE:
        view_prompt(v, "ask_short_life", day, NULL);
        view_choice(v, "status:hold", true, false, "take_on_hold", NULL);
        view_choice(v, "cancel", false, true, "send_away", NULL);
        return true;
    case ASK_FAR_DATE:
        view_prompt(v, "ask_far_date", day, NULL);
        view_choice(v, "ok", false, false, "date_is_right", NULL);
        break;
    case ASK_NOT_ORDERED:
        view_prompt(v, "ask_not_ordered", w->document, NULL);
        view_choice(v, "ok", false, true, "receive_anyway", NULL);
        break;
    case ASK_TOO_MANY:
        view_prompt(v, "ask_more_than_ordered", w->document, NULL);
        view_choice(v, "ok", false, true, "receive_anyway", NULL);
        break;
    default:
        return hand_view_question(s, v);
    }
    view_choice(v, "cancel", true, false, "cancel", NULL);
    return true;
}

static int view(struct step *s, struct station_view *v)
{
    struct work *w = &s->post->work;
    if (w->document[0]) {
        struct lines_total total;
        int err = lines_total(s->journal, w->document, ORDER_PURCHASE, &total);
        if (err < 0)
            return err;
        v->done = total.closed;
        v->total = total.lines;
    }
    if (view_question(s, v))
        return 0;
    if (!w->draft.has_product) {
        view_prompt(v, "scan_to_receive", NULL);
        return 0;
    }
    enum draft_part missing = DRAFT_BATCH;
    if (draft_missing(&w->draft, &missing)) {
        hand_view_missing(s, v, missing);
        return 0;
    }
    view_prompt(v, "ok_to_receive", NULL);
    view_keypad(v, KEYPAD_NUMBER, "qty:");
    view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "cancel", false, false, "cancel", NULL);
    return 0;
}

const struct flow flow_receive = {
    .name = "receive",
    .counts_singly = true,
    .goods = goods,
    .command = command,
    .weight = weight,
    .view = view,
};
