/* SPDX-License-Identifier: Apache-2.0 */
/* Returns from an outlet: whatever comes back lands in quarantine, until somebody has looked at it.
 * A document's label before the goods names the outlet. */
#include <string.h>

#include "flow.h"
#include "hand.h"
#include "reason.h"
#include "text.h"
#include "words.h"

static int goods(struct step *s, const struct goods *g)
{
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    if (r != HAND_CHANGED)
        return r < 0 ? r : 0;
    hand_say(s);
    return s->post->work.draft.has_product ? hand_offer_recent(s) : 0;
}

static int book(struct step *s, const char *reason)
{
    struct work *w = &s->post->work;
    char qty[STATION_ARG_SIZE];
    int32_t kind = 0;
    struct batch_key key = draft_key(&w->draft, &kind);
    struct entry *e = step_add(s, ENTRY_RETURNED, true);
    struct journal_batch batch;
    int known = journal_batch_find(s->journal, w->draft.product.sku, &key, &batch);
    if (known < 0)
        return known;
    struct offer lot = {.cost_paise_per_1000 = known > 0 ? batch.cost_paise_per_1000 : 0};
    hand_fill(e, w->draft.product.sku, &key, kind, w->draft.made_day);
    memcpy(e->bin, s->place->quarantine_bin, sizeof(e->bin));
    e->status = STOCK_QUARANTINE;
    e->qty = w->draft.qty;
    e->value_paise = hand_lot_value(&lot, &w->draft.product, e->qty);
    text_cut(e->reason, sizeof(e->reason), reason);
    memcpy(e->document, w->document, sizeof(e->document));
    memcpy(e->party, w->party, sizeof(e->party));
    step_say(s, TONE_ACCEPT, "returned",
             words_qty(&w->draft.product, e->qty, step_in_hindi(s), qty),
             step_name(s, &w->draft.product), NULL);
    step_booked(s);
    hand_clear(s->post);
    return 0;
}

static int ask_reason(struct step *s)
{
    struct work *w = &s->post->work;
    enum draft_part missing = DRAFT_BATCH;
    if (!w->draft.has_product || w->draft.qty == 0)
        step_say(s, TONE_REJECT, "scan_product_first", NULL);
    else if (draft_missing(&w->draft, &missing))
        step_say(s, TONE_ATTENTION, "part_missing", NULL);
    else {
        w->ask = ASK_REASON;
        step_say(s, TONE_ATTENTION, "why_returned", NULL);
    }
    return 0;
}

struct first_line {
    char party[ENTRY_PARTY_SIZE];
    bool found;
};

static int on_first_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_order_line *line = record;
    struct first_line *f = context;
    memcpy(f->party, line->party, sizeof(f->party));
    f->found = true;
    return 1;
}

static int set_document(struct step *s, const char *document)
{
    struct work *w = &s->post->work;
    struct first_line first = {.found = false};
    int err = master_order(s->journal, document, on_first_line, &first);
    if (err < 0)
        return err;
    if (!first.found) {
        step_say(s, TONE_REJECT, "unknown_document", document, NULL);
        return 0;
    }
    text_cut(w->document, sizeof(w->document), document);
    memcpy(w->party, first.party, sizeof(w->party));
    step_say(s, TONE_NOTED, "document_open", document, NULL);
    return 0;
}

static int answer_reason(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (c->verb == VERB_CANCEL) {
        w->ask = ASK_NOTHING;
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    if (c->verb != VERB_REASON || !reason_find(ENTRY_RETURNED, c->text)) {
        step_say(s, TONE_REJECT, "answer_first", NULL);
        return 0;
    }
    w->ask = ASK_NOTHING;
    return book(s, c->text);
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_REASON)
        return answer_reason(s, c);
    int r = hand_command(s, c);
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    if (c->verb == VERB_OK)
        return ask_reason(s);
    if (c->verb == VERB_DOCUMENT)
        return set_document(s, c->text);
    if (c->verb == VERB_CANCEL) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
    }
    return 0;
}

static int weight(struct step *s, int64_t grams)
{
    int r = hand_weigh(s, grams);
    return r < 0 ? r : 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    enum draft_part missing = DRAFT_BATCH;
    if (w->ask == ASK_REASON) {
        view_prompt(v, "why_returned", NULL);
        view_reasons(v, ENTRY_RETURNED);
        return 0;
    }
    if (hand_view_question(s, v))
        return 0;
    if (!w->draft.has_product) {
        view_prompt(v, "scan_to_return", NULL);
        return 0;
    }
    if (draft_missing(&w->draft, &missing)) {
        hand_view_missing(s, v, missing);
        return 0;
    }
    view_prompt(v, "ok_to_return", NULL);
    view_keypad(v, KEYPAD_NUMBER, "qty:");
    view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "cancel", false, false, "cancel", NULL);
    return 0;
}

const struct flow flow_return = {
    .name = "return",
    .counts_singly = true,
    .goods = goods,
    .command = command,
    .weight = weight,
    .view = view,
};
