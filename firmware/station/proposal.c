/* SPDX-License-Identifier: Apache-2.0 */
#include "proposal.h"

#include <string.h>

#include "civil.h"
#include "fefo.h"
#include "hand.h"
#include "judge.h"
#include "lines.h"

#define LOTS_MAX 256 /* of one SKU, in FEFO order: what is beyond has the longest life */

struct lot_search {
    struct step *step;
    const struct catalogue_order_line *line;
    int32_t life_days;
    struct offer offers[LOTS_MAX];
    struct fefo_lot lots[LOTS_MAX];
    size_t count;
};

static bool line_takes(const struct catalogue_order_line *line, const struct batch_key *key)
{
    const struct batch_key *want = &line->batch;
    return (want->number[0] == '\0' || strcmp(want->number, key->number) == 0) &&
           (want->expiry_day == CIVIL_NONE || want->expiry_day == key->expiry_day) &&
           (want->mrp_paise == 0 || want->mrp_paise == key->mrp_paise);
}

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct lot_search *q = context;
    struct catalogue_bin bin;
    if (lot->qty <= 0 || !line_takes(q->line, &lot->batch.key))
        return 0;
    int found = master_bin(q->step->journal, lot->bin, &bin);
    if (found < 0)
        return found;
    if (found > 0 && bin.kind != BIN_RACK && bin.kind != BIN_DOCK)
        return 0;
    struct offer *o = &q->offers[q->count];
    *o = offer_of(lot);
    q->lots[q->count] = (struct fefo_lot){
        .id = q->count, /* ties of bins: in the order of journal_lots() */
        .goods = {lot->batch.made_day, lot->batch.key.expiry_day, q->life_days},
        .received_day = lot->batch.received_day,
        .batch = o->key.number,
        .mrp_paise = o->key.mrp_paise,
        .status = lot->status,
        .free_units = lot->qty,
    };
    q->count++;
    return q->count == LOTS_MAX;
}

static int walk_of(struct step *s, const char *code, int32_t *ret)
{
    struct catalogue_bin bin;
    int found = master_bin(s->journal, code, &bin);
    if (found >= 0)
        *ret = found > 0 ? bin.walk : INT32_MAX;
    return found < 0 ? found : 0;
}

int proposal_lot(struct step *s, const struct catalogue_order_line *line, struct target *t)
{
    struct lot_search q = {.step = s, .line = line, .life_days = t->product.shelf_life_days};
    int err = journal_lots(s->journal, line->sku, on_lot, &q);
    if (err < 0)
        return err;
    const struct demand *d = &t->demand;
    struct fefo_request request = {
        .wanted_units = t->line_qty,
        .movement = d->movement,
        .today = s->judged_day,
        .delivery_day = d->delivery_day > s->judged_day ? d->delivery_day : s->judged_day,
        .min = d->min,
        .fewest_lots = s->conf->fewest_lots,
    };
    struct fefo_line lines[LOTS_MAX];
    struct fefo_result result;
    err = fefo_allocate(q.lots, q.count, &request, lines, &result);
    if (err < 0)
        return err;
    t->has_lot = result.lines > 0;
    t->walk = INT32_MAX;
    if (!t->has_lot)
        return 0;
    t->lot = q.offers[lines[0].lot];
    err = walk_of(s, t->lot.bin, &t->walk);
    return err < 0 ? err : 1;
}

struct line_search {
    struct step *step;
    bool receiver_wants_life;
    struct target best;  /* of those behind what was skipped ... */
    struct target first; /* ... and of all */
    bool has_best, has_first;
};

/* On the round a comes before b. */
static bool before(int32_t a_walk, int32_t a_line, int32_t b_walk, int32_t b_line)
{
    return a_walk != b_walk ? a_walk < b_walk : a_line < b_line;
}

static int life_wanted(struct line_search *q, const struct catalogue_order_line *line,
                       struct target *t)
{
    struct catalogue_party party;
    t->demand.movement = q->receiver_wants_life ? MOVEMENT_SALE : MOVEMENT_TRANSFER;
    t->demand.delivery_day = line->due_day == CIVIL_NONE ? q->step->today : line->due_day;
    if (!q->receiver_wants_life)
        return 0;
    int found = master_party(q->step->journal, line->party, &party);
    if (found < 0)
        return found;
    if (found == 0)
        party = (struct catalogue_party){0};
    t->demand.min = judge_min_life(&t->product, &party);
    return 0;
}

static int on_line(const struct line_state *state, void *context)
{
    struct line_search *q = context;
    const struct catalogue_order_line *line = &state->line;
    if (state->open <= 0)
        return 0;
    struct target t = {.line = line->line,
                       .line_qty = state->open,
                       .walk = INT32_MAX,
                       .lot.key.expiry_day = CIVIL_NONE,
                       .lot.made_day = CIVIL_NONE};
    int found = master_sku(q->step->journal, line->sku, &t.product);
    if (found == 0) /* the catalogue does not know it (any more): shown by its code alone */
        memcpy(t.product.sku, line->sku, sizeof(t.product.sku));
    int err = found < 0 ? found : life_wanted(q, line, &t);
    if (err == 0)
        err = proposal_lot(q->step, line, &t);
    if (err < 0)
        return err;
    t.qty = t.has_lot && t.lot.qty < t.line_qty ? t.lot.qty : t.line_qty;
    const struct work *w = &q->step->post->work;
    if (!q->has_first || before(t.walk, t.line, q->first.walk, q->first.line))
        q->first = t;
    q->has_first = true;
    if (!before(w->skipped_walk, w->skipped_line, t.walk, t.line))
        return 0;
    if (!q->has_best || before(t.walk, t.line, q->best.walk, q->best.line))
        q->best = t;
    q->has_best = true;
    return 0;
}

int proposal_next(struct step *s, enum order_kind kind, bool receiver_wants_life)
{
    struct work *w = &s->post->work;
    struct line_search q = {.step = s, .receiver_wants_life = receiver_wants_life};
    int err = lines_each(s->journal, w->document, kind, on_line, &q);
    if (err < 0)
        return err;
    w->has_target = q.has_best || q.has_first;
    if (!w->has_target)
        return 0;
    if (!q.has_best)
        w->skipped_walk = w->skipped_line = 0;
    w->target = q.has_best ? q.best : q.first;
    w->draft = draft_new();
    w->draft.product = w->target.product; /* another GTIN is refused from the first scan on */
    w->draft.has_product = w->target.product.packs_count > 0;
    return 1;
}
