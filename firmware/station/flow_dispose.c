/* SPDX-License-Identifier: Apache-2.0 */
/* Goods that leave for good: destroyed with reason, evidence and a witness, or sent back to the
 * supplier with a reason. Expired, held and quarantined goods may go these ways, and no others.
 * Against a document, what is scanned is the line's goods, no more than it asks for, and is booked
 * on it; without one whatever a supervisor finds. */
#include <string.h>

#include "civil.h"
#include "flow.h"
#include "hand.h"
#include "lines.h"
#include "reason.h"
#include "text.h"
#include "words.h"

struct removal {
    enum entry_kind entry;
    enum order_kind order;
    enum movement movement;
    bool witnessed; /* evidence and a witness besides the reason */
    const char *scan, *confirm, *why, *booked;
};

/* ---- against a document ---- */

struct open_line {
    struct catalogue_order_line line;
    int64_t open;
};

static int on_line(const struct line_state *state, void *context)
{
    struct open_line *ret = context;
    if (state->open <= 0)
        return 0;
    *ret = (struct open_line){state->line, state->open};
    return 1;
}

/* The document's first open line becomes the target. 0: it has none. */
static int find_target(struct step *s, const struct removal *kind, const char *document)
{
    struct work *w = &s->post->work;
    struct open_line next;
    w->has_target = false;
    int found = lines_each(s->journal, document, kind->order, on_line, &next);
    if (found <= 0)
        return found;
    struct target t = {.line = next.line.line,
                       .line_qty = next.open,
                       .qty = next.open,
                       .lot = {.key = next.line.batch, .made_day = CIVIL_NONE}};
    found = master_sku(s->journal, next.line.sku, &t.product);
    if (found == 0) /* the catalogue does not know it (any more): shown by its code alone */
        memcpy(t.product.sku, next.line.sku, sizeof(t.product.sku));
    memcpy(w->party, next.line.party, sizeof(w->party));
    w->target = t;
    w->has_target = true;
    return found < 0 ? found : 1;
}

static int open_document(struct step *s, const struct removal *kind, const char *document)
{
    struct work *w = &s->post->work;
    if (w->draft.has_product) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    int found = find_target(s, kind, document);
    if (found < 0)
        return found;
    if (found > 0)
        text_cut(w->document, sizeof(w->document), document);
    step_say(s, found > 0 ? TONE_NOTED : TONE_REJECT,
             found > 0 ? "document_open" : "unknown_document", document, NULL);
    return 0;
}

/* Whether the goods in hand are not those of the line; then that is said. */
static bool is_other(struct step *s)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    if (!w->has_target)
        return false;
    if (strcmp(w->draft.product.sku, w->target.product.sku) != 0 ||
        !batch_key_equal(&w->lot.key, &w->target.lot.key)) {
        step_say(s, TONE_REJECT, "not_ordered", step_name(s, &w->draft.product), w->document, NULL);
        hand_clear(s->post);
        return true;
    }
    if (w->draft.qty <= w->target.line_qty)
        return false;
    step_say(s, TONE_REJECT, "more_than_wanted",
             words_qty(&w->target.product, w->target.line_qty, step_in_hindi(s), qty), NULL);
    hand_clear(s->post);
    return true;
}

static int next(struct step *s, const struct removal *kind)
{
    struct work *w = &s->post->work;
    if (!w->has_target || s->entries_count == 0)
        return 0;
    int found = find_target(s, kind, w->document);
    return found < 0 ? found : 0;
}

/* ---- goods ---- */

static int go_on(struct step *s, const struct removal *kind, const struct draft *before)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    if (!w->draft.has_product)
        return 0;
    int r = hand_find_lot(s, w->bin[0] ? w->bin : NULL);
    if (r <= 0)
        return r;
    if (movement_judge(kind->movement, (enum stock_status)w->lot.status, w->lot.key.expiry_day,
                       s->judged_day) != MOVEMENT_PERMITTED) {
        step_say(s, TONE_REJECT, "not_permitted", NULL);
        hand_clear(s->post);
        return 0;
    }
    if (is_other(s))
        return 0;
    if (w->draft.qty > w->lot.qty) {
        w->draft = *before;
        step_say(s, TONE_REJECT, "more_than_lot",
                 words_qty(&w->draft.product, w->lot.qty, step_in_hindi(s), qty), NULL);
        return 0;
    }
    hand_say(s);
    return 0;
}

static int take(struct step *s, const struct removal *kind, const struct goods *g)
{
    struct draft before = s->post->work.draft;
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    hand_say(s);
    return go_on(s, kind, &before);
}

static int book(struct step *s, const struct removal *kind)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    char batch[STATION_ARG_SIZE];
    int there = hand_still_there(s, w->draft.qty);
    if (there <= 0)
        return there;
    struct entry *e = step_add(s, kind->entry, true);
    hand_fill_lot(e, w->draft.product.sku, &w->lot);
    e->qty = w->draft.qty;
    e->value_paise = hand_lot_value(&w->lot, &w->draft.product, e->qty);
    memcpy(e->reason, w->reason, sizeof(e->reason));
    memcpy(e->note, w->note, sizeof(e->note));
    memcpy(e->witness, w->witness, sizeof(e->witness));
    if (w->has_target) {
        memcpy(e->document, w->document, sizeof(e->document));
        memcpy(e->party, w->party, sizeof(e->party));
        e->line = w->target.line;
    }
    e->scan_len = 0; /* the last scan was the witness's badge, if any */
    memset(e->scan, 0, sizeof(e->scan));
    step_say(
        s, TONE_ACCEPT, kind->booked, words_qty(&w->draft.product, e->qty, step_in_hindi(s), qty),
        step_name(s, &w->draft.product), words_batch(&w->lot.key, step_in_hindi(s), batch), NULL);
    step_booked(s);
    hand_clear(s->post);
    return 0;
}

/* What is still to be told, one question after the other, then the booking. */
static int ask_next(struct step *s, const struct removal *kind)
{
    struct work *w = &s->post->work;
    const struct reason *reason = reason_find(kind->entry, w->reason);
    bool needs_note = kind->witnessed || (reason && reason->needs_note);
    if (!reason) {
        w->ask = ASK_REASON;
        step_say(s, TONE_ATTENTION, kind->why, NULL);
    } else if (needs_note && w->note[0] == '\0') {
        w->ask = ASK_NOTE;
        step_say(s, TONE_ATTENTION, "key_note", NULL);
    } else if (kind->witnessed && w->witness[0] == '\0') {
        w->ask = ASK_WITNESS;
        step_say(s, TONE_ATTENTION, "scan_witness", NULL);
    } else {
        w->ask = ASK_NOTHING;
        return book(s, kind);
    }
    return 0;
}

static int take_witness(struct step *s, const struct removal *kind, const char *code)
{
    struct work *w = &s->post->work;
    struct catalogue_worker worker;
    int found = master_worker(s->journal, code, &worker);
    if (found < 0)
        return found;
    if (found == 0 || strcmp(worker.worker, s->post->worker) == 0) {
        step_say(s, TONE_REJECT, "witness_other", NULL);
        return 0;
    }
    text_cut(w->witness, sizeof(w->witness), worker.worker);
    return ask_next(s, kind);
}

static int answer(struct step *s, const struct removal *kind, const struct command *c)
{
    struct work *w = &s->post->work;
    if (c->verb == VERB_CANCEL) {
        w->ask = ASK_NOTHING;
        w->reason[0] = w->note[0] = w->witness[0] = '\0';
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    if (w->ask == ASK_REASON && c->verb == VERB_REASON && reason_find(kind->entry, c->text)) {
        text_cut(w->reason, sizeof(w->reason), c->text);
        return ask_next(s, kind);
    }
    if (w->ask == ASK_NOTE && c->verb == VERB_NOTE) {
        text_cut(w->note, sizeof(w->note), c->text);
        return ask_next(s, kind);
    }
    if (w->ask == ASK_WITNESS && c->verb == VERB_WITNESS)
        return take_witness(s, kind, c->text);
    step_say(s, TONE_REJECT, "answer_first", NULL);
    return 0;
}

static int told(struct step *s, const struct removal *kind, const struct command *c)
{
    struct work *w = &s->post->work;
    bool answers = w->ask == ASK_REASON || w->ask == ASK_NOTE || w->ask == ASK_WITNESS;
    if (answers)
        return answer(s, kind, c);
    if (w->ask == ASK_LOT && c->verb == VERB_CANCEL) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    struct draft before = w->draft;
    int r = hand_command(s, c);
    if (r == HAND_CHANGED)
        return go_on(s, kind, &before);
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    if (c->verb == VERB_BIN)
        return hand_work_at(s, c->text, w->draft.has_product ? "finish_first" : NULL);
    if (c->verb == VERB_DOCUMENT)
        return open_document(s, kind, c->text);
    if (c->verb == VERB_CANCEL) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
    }
    if (c->verb != VERB_OK)
        return 0;
    if (!w->has_lot || w->draft.qty == 0) {
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
        return 0;
    }
    return ask_next(s, kind);
}

static int show(struct step *s, const struct removal *kind, struct station_view *v)
{
    const struct work *w = &s->post->work;
    if (w->ask == ASK_REASON) {
        view_prompt(v, kind->why, NULL);
        view_reasons(v, kind->entry);
    } else if (w->ask == ASK_NOTE) {
        view_prompt(v, "key_note", NULL);
        view_keypad(v, KEYPAD_TEXT, "note:");
        view_choice(v, "cancel", false, false, "cancel", NULL);
    } else if (w->ask == ASK_WITNESS) {
        view_prompt(v, "scan_witness", NULL);
        view_keypad(v, KEYPAD_TEXT, "witness:");
        view_choice(v, "cancel", false, false, "cancel", NULL);
    } else if (hand_view_question(s, v)) {
        return 0;
    } else if (!w->has_lot) {
        if (w->has_target)
            view_lot(s, v, &w->target.product, &w->target.lot, w->target.qty);
        view_prompt(v, kind->scan, NULL);
    } else {
        view_prompt(v, kind->confirm, NULL);
        view_keypad(v, KEYPAD_NUMBER, "qty:");
        view_choice(v, "ok", false, true, "ok", NULL);
        view_choice(v, "cancel", true, false, "cancel", NULL);
    }
    return 0;
}

static const struct removal disposal = {
    .entry = ENTRY_DISPOSED,
    .order = ORDER_WRITE_OFF,
    .movement = MOVEMENT_DISPOSAL,
    .witnessed = true,
    .scan = "scan_bin_to_dispose",
    .confirm = "ok_to_dispose",
    .why = "why_disposed",
    .booked = "disposed",
};

static int dispose_goods(struct step *s, const struct goods *g)
{
    return take(s, &disposal, g);
}

static int dispose_command(struct step *s, const struct command *c)
{
    return told(s, &disposal, c);
}

static int dispose_next(struct step *s)
{
    return next(s, &disposal);
}

static int dispose_view(struct step *s, struct station_view *v)
{
    return show(s, &disposal, v);
}

const struct flow flow_dispose = {
    .name = "dispose",
    .role = 1,
    .counts_singly = true,
    .goods = dispose_goods,
    .command = dispose_command,
    .next = dispose_next,
    .view = dispose_view,
};

static const struct removal to_supplier = {
    .entry = ENTRY_SENT_BACK,
    .order = ORDER_SUPPLIER_RETURN,
    .movement = MOVEMENT_SUPPLIER_RETURN,
    .scan = "scan_bin_to_dispose",
    .confirm = "ok_to_send_back",
    .why = "why_sent_back",
    .booked = "sent_back",
};

static int send_back_goods(struct step *s, const struct goods *g)
{
    return take(s, &to_supplier, g);
}

static int send_back_command(struct step *s, const struct command *c)
{
    return told(s, &to_supplier, c);
}

static int send_back_next(struct step *s)
{
    return next(s, &to_supplier);
}

static int send_back_view(struct step *s, struct station_view *v)
{
    return show(s, &to_supplier, v);
}

const struct flow flow_send_back = {
    .name = "send_back",
    .counts_singly = true,
    .goods = send_back_goods,
    .command = send_back_command,
    .next = send_back_next,
    .view = send_back_view,
};
