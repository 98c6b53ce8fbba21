/* SPDX-License-Identifier: Apache-2.0 */
/* Counting one bin, blind: what the books expect never reaches the post, neither as a number nor by
 * the way a question is put. A count that differs much is asked for once more before it is booked;
 * one during which goods were moved in the bin is begun again. */
#include <string.h>

#include "civil.h"
#include "count_compare.h"
#include "flow.h"
#include "hand.h"
#include "text.h"
#include "words.h"

/* ---- counting ---- */

static void start_over(struct step *s)
{
    struct work *w = &s->post->work;
    w->lines_count = 0;
    w->count_from = journal_head(s->journal);
    hand_clear(s->post);
}

static struct count_line *line_of(struct work *w, const struct batch_key *key)
{
    for (size_t i = 0; i < w->lines_count; i++)
        if (strcmp(w->lines[i].sku, w->draft.product.sku) == 0 &&
            batch_key_equal(&w->lines[i].key, key))
            return &w->lines[i];
    if (w->lines_count == ARRAY_LEN(w->lines))
        return NULL;
    struct count_line *line = &w->lines[w->lines_count++];
    *line = (struct count_line){.key = *key, .made_day = w->draft.made_day};
    memcpy(line->sku, w->draft.product.sku, sizeof(line->sku));
    return line;
}

/* Goods in hand onto their line. False: there are too many lines. */
static bool lay_down(struct step *s)
{
    struct work *w = &s->post->work;
    int32_t kind = 0;
    struct batch_key key = draft_key(&w->draft, &kind);
    if (!w->draft.has_product)
        return true;
    struct count_line *line = line_of(w, &key);
    if (!line) {
        step_say(s, TONE_REJECT, "count_full", NULL);
        return false;
    }
    line->expiry_kind = kind;
    line->qty += w->draft.qty;
    hand_clear(s->post);
    return true;
}

static void say_counted(struct step *s)
{
    const struct draft *d = &s->post->work.draft;
    char qty[STATION_ARG_SIZE];
    step_say(s, TONE_NOTED, "counted_line", words_qty(&d->product, d->qty, step_in_hindi(s), qty),
             step_name(s, &d->product), NULL);
}

static bool knows_batch(const struct draft *d)
{
    return d->key.number[0] || d->key.expiry_day != CIVIL_NONE || d->key.mrp_paise > 0;
}

/* Batches of the product that were ever here, without bins and quantities: an offer must not tell
 * what the books expect in this bin. */
static int identify(struct step *s)
{
    struct work *w = &s->post->work;
    struct journal_batch all[STATION_CHOICES_MAX - 2];
    if (w->has_lot || !w->draft.has_product)
        return 1;
    int n = journal_batches_recent(s->journal, w->draft.product.sku, all, ARRAY_LEN(all));
    if (n < 0)
        return n;
    w->offers_count = 0;
    for (int i = 0; i < n; i++) {
        struct batch_key key = w->draft.key;
        if (batch_key_equal(&key, &all[i].key))
            return 1;
        bool fits = (!key.number[0] || strcmp(key.number, all[i].key.number) == 0) &&
                    (key.expiry_day == CIVIL_NONE || key.expiry_day == all[i].key.expiry_day) &&
                    (key.mrp_paise == 0 || key.mrp_paise == all[i].key.mrp_paise);
        if (fits)
            w->offers[w->offers_count++] = (struct offer){
                .key = all[i].key, .expiry_kind = all[i].expiry_kind, .made_day = all[i].made_day};
    }
    if (w->offers_count == 0) /* a batch that the books do not know: it is counted as found */
        return knows_batch(&w->draft) || w->draft.product.batch_policy == 0;
    if (w->offers_count > 1) {
        w->ask = ASK_LOT;
        step_say(s, TONE_ATTENTION, "which_batch", step_name(s, &w->draft.product), NULL);
        return 0;
    }
    draft_set_key(&w->draft, &w->offers[0].key, w->offers[0].expiry_kind, w->offers[0].made_day);
    return 1;
}

static int go_on(struct step *s)
{
    struct work *w = &s->post->work;
    if (!w->draft.has_product)
        return 0;
    int r = identify(s);
    if (r > 0)
        say_counted(s);
    else if (r == 0 && w->ask == ASK_NOTHING)
        step_say(s, TONE_ATTENTION, "part_missing", NULL);
    return r < 0 ? r : 0;
}

/* Other goods than those in hand: these are counted now. */
static int is_other(struct step *s, const struct goods *g)
{
    const struct draft *d = &s->post->work.draft;
    struct catalogue_sku product;
    size_t pack = 0;
    int64_t units = 0;
    if (!d->has_product)
        return 0;
    int found = hand_product(s, g, &product, &pack, &units);
    if (found <= 0)
        return found;
    return strcmp(product.sku, d->product.sku) != 0 ||
           (g->batch[0] && strcmp(g->batch, d->key.number) != 0) ||
           (g->expiry_day != CIVIL_NONE && g->expiry_day != d->key.expiry_day);
}

static int goods(struct step *s, const struct goods *g)
{
    struct work *w = &s->post->work;
    if (w->bin[0] == '\0') {
        step_say(s, TONE_REJECT, "scan_bin_to_count", NULL);
        return 0;
    }
    int other = is_other(s, g);
    if (other < 0)
        return other;
    if (other > 0 && !lay_down(s))
        return 0;
    int r = hand_take(s, g, true);
    if (r == HAND_UNKNOWN)
        step_say(s, TONE_REJECT, "unknown_code", NULL);
    return r == HAND_CHANGED ? go_on(s) : r < 0 ? r : 0;
}

/* ---- finishing ---- */

/* The count is complete: is it booked, asked for again, or asked about? */
static int finish(struct step *s, bool missing_confirmed)
{
    struct work *w = &s->post->work;
    struct count_lots lots;
    int err = count_expected(s, &lots);
    int disturbed = err < 0 ? err : count_disturbed(s);
    if (disturbed < 0)
        return disturbed;
    if (disturbed > 0) {
        start_over(s);
        step_say(s, TONE_ATTENTION, "count_moved", w->bin, NULL);
        return 0;
    }
    if (lots.full || lots.count + w->lines_count > JOURNAL_UNIT_MAX) {
        step_say(s, TONE_REJECT, "count_full", NULL);
        return 0;
    }
    if (!w->recounting && count_differs(s, &lots)) {
        start_over(s);
        s->post->work.recounting = true;
        step_say(s, TONE_ATTENTION, "count_again", s->post->work.bin, NULL);
        return 0;
    }
    if (!missing_confirmed && count_misses(w, &lots)) {
        w->ask = ASK_MISSING;
        step_say(s, TONE_ATTENTION, "ask_missing", w->bin, NULL);
        return 0;
    }
    return count_book(s, &lots);
}

static int ok(struct step *s)
{
    struct work *w = &s->post->work;
    if (w->bin[0] == '\0') {
        step_say(s, TONE_REJECT, "scan_bin_to_count", NULL);
        return 0;
    }
    enum draft_part missing = DRAFT_BATCH;
    if (w->draft.has_product && !knows_batch(&w->draft) && draft_missing(&w->draft, &missing)) {
        step_say(s, TONE_ATTENTION, "part_missing", NULL);
        return 0;
    }
    if (!lay_down(s))
        return 0;
    if (w->lines_count > 0)
        return finish(s, false);
    w->ask = ASK_ZERO;
    step_say(s, TONE_ATTENTION, "ask_zero", w->bin, NULL);
    return 0;
}

/* ---- commands ---- */

static int take_bin(struct step *s, const char *code)
{
    struct work *w = &s->post->work;
    struct catalogue_bin bin;
    int found = hand_bin(s, code, &bin);
    if (found <= 0)
        return found;
    if (w->lines_count > 0 || w->draft.has_product) {
        step_say(s, TONE_REJECT, "finish_first", NULL);
        return 0;
    }
    /* Who is asked to count once more scans the bin again: it is the same second count. */
    bool recounting = w->recounting && strcmp(w->bin, bin.bin) == 0;
    s->post->work = work_new();
    w->recounting = recounting;
    text_cut(w->bin, sizeof(w->bin), bin.bin);
    w->count_from = journal_head(s->journal);
    step_say(s, TONE_NOTED, "bin_chosen", bin.bin, NULL);
    return 0;
}

static int answer(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    bool zero = w->ask == ASK_ZERO;
    if (c->verb == VERB_OK) {
        w->ask = ASK_NOTHING;
        return finish(s, zero ? w->recounting : true);
    }
    if (c->verb == VERB_CANCEL) {
        w->ask = ASK_NOTHING;
        step_say(s, TONE_NOTED, "bin_chosen", w->bin, NULL);
        return 0;
    }
    step_say(s, TONE_REJECT, "answer_first", NULL);
    return 0;
}

static int command(struct step *s, const struct command *c)
{
    struct work *w = &s->post->work;
    if (w->ask == ASK_ZERO || w->ask == ASK_MISSING)
        return answer(s, c);
    if (w->ask == ASK_LOT && c->verb == VERB_CANCEL) {
        hand_clear(s->post);
        step_say(s, TONE_NOTED, "cancelled", NULL);
        return 0;
    }
    int r = hand_command(s, c);
    if (r == HAND_CHANGED)
        return go_on(s);
    if (r != HAND_NOT_MINE)
        return r < 0 ? r : 0;
    if (c->verb == VERB_OK)
        return ok(s);
    if (c->verb == VERB_BIN)
        return take_bin(s, c->text);
    if (c->verb == VERB_AGAIN || c->verb == VERB_CANCEL) {
        start_over(s);
        if (c->verb == VERB_CANCEL)
            s->post->work = work_new();
        step_say(s, TONE_NOTED, "cancelled", NULL);
    }
    return 0;
}

static int weight(struct step *s, int64_t grams)
{
    if (s->post->work.bin[0] == '\0') {
        step_say(s, TONE_REJECT, "scan_bin_to_count", NULL);
        return 0;
    }
    int r = hand_weigh(s, grams);
    return r == HAND_CHANGED ? go_on(s) : r < 0 ? r : 0;
}

static int view(struct step *s, struct station_view *v)
{
    const struct work *w = &s->post->work;
    if (w->ask == ASK_ZERO || w->ask == ASK_MISSING) {
        view_prompt(v, w->ask == ASK_ZERO ? "ask_zero" : "ask_missing", w->bin, NULL);
        view_choice(v, "cancel", true, false, "look_again", NULL);
        view_choice(v, "ok", false, true, w->ask == ASK_ZERO ? "bin_empty" : "none_there", NULL);
        return 0;
    }
    if (hand_view_question(s, v))
        return 0;
    if (w->bin[0] == '\0') {
        view_prompt(v, "scan_bin_to_count", NULL);
        view_keypad(v, KEYPAD_TEXT, "bin:");
        return 0;
    }
    enum draft_part missing = DRAFT_BATCH;
    if (w->draft.has_product && !knows_batch(&w->draft) && draft_missing(&w->draft, &missing)) {
        hand_view_missing(s, v, missing);
        return 0;
    }
    view_prompt(v, "count_bin", w->bin, NULL);
    if (w->draft.has_product)
        view_keypad(v, KEYPAD_NUMBER, "qty:");
    view_choice(v, "ok", true, false, "ok", NULL);
    view_choice(v, "again", false, false, "start_over", NULL);
    return 0;
}

const struct flow flow_count = {
    .name = "count",
    .counts_singly = true,
    .goods = goods,
    .command = command,
    .weight = weight,
    .view = view,
};
