/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_walk_state.h"

#include "decimal.h"

/* In the order of the walk: what others are foreseen from comes first. A group stands together. */
/* clang-format off */
static const struct plan plans[] = {
    {COLUMN_REST, DOMAIN_NONE, ALONE, 4, {{BY_ORDER, ONE_LESS, 0, 0}}},
    {COLUMN_WALL_MS, DOMAIN_NONE, ALONE, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_MONO_MS, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, WITH_CLOCK, 0, 0}}},
    {COLUMN_BOOT, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_TRUST, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_VERSION, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_DOCUMENT, DOMAIN_DOCUMENT, OF_PAPER, 0, {{BY_KIND, AS_IT_IS, 0, 2}}},
    {COLUMN_LINE, DOMAIN_NONE, OF_PAPER, 4, {{BY_DOCUMENT, ONE_MORE, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_PARTY, DOMAIN_PARTY, OF_PAPER, 0, {{BY_DOCUMENT, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_WORKER, DOMAIN_PERSON, OF_PAPER, 0, {{BY_DOCUMENT, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}, {BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_DEVICE, DOMAIN_DEVICE, OF_PAPER, 0, {{BY_KIND, AS_IT_IS, 0, 3}, {BY_DOCUMENT, AS_IT_IS, 0, 0}}},
    {COLUMN_SKU, DOMAIN_SKU, ALONE, 0, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_BATCH, DOMAIN_BATCH, ALONE, 0, {{BY_SKU, AS_IT_IS, 0, 4}}},
    {COLUMN_QTY, DOMAIN_NONE, ALONE, 6, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_EXPIRY_DAY, DOMAIN_NONE, OF_GOODS, 4, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, AS_IT_IS, 0, 0}}},
    {COLUMN_MRP_PAISE, DOMAIN_NONE, OF_GOODS, 8, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, AS_IT_IS, 0, 0}}},
    {COLUMN_EXPIRY_KIND, DOMAIN_NONE, OF_GOODS, 4, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_MADE_DAY, DOMAIN_NONE, OF_GOODS, 8, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, WITH_SHELF, 0, 0}, {BY_KIND, WITH_SHELF, 0, 2}}},
    {COLUMN_STATUS, DOMAIN_NONE, OF_GOODS, 4, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_BIN, DOMAIN_BIN, OF_GOODS, 0, {{BY_BATCH, AS_IT_IS, 0, 2}, {BY_SKU, AS_IT_IS, 0, 2}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_VALUE_PAISE, DOMAIN_NONE, OF_GOODS, 4, {{BY_BATCH, WITH_QTY, 0, 0}, {BY_SKU, WITH_QTY, 0, 0}}},
    {COLUMN_BIN_TO, DOMAIN_BIN, ALONE, 0, {{BY_SKU, AS_IT_IS, COLUMN_BIN, 3}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_STATUS_TO, DOMAIN_NONE, ALONE, 4, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_OBSERVED, DOMAIN_NONE, ALONE, 4, {{BY_BATCH, AS_IT_IS, 0, 0}}},
    {COLUMN_EXPECTED, DOMAIN_NONE, ALONE, 4, {{BY_NONE, AS_IT_IS, 0, 0}}},
    {COLUMN_REASON, DOMAIN_REASON, ALONE, 0, {{BY_KIND, AS_IT_IS, 0, 2}}},
    {COLUMN_NOTE, DOMAIN_NOTE, ALONE, 0, {{BY_KIND, AS_IT_IS, 0, 2}}},
    {COLUMN_WITNESS, DOMAIN_PERSON, ALONE, 0, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_PROPOSED, DOMAIN_BATCH, ALONE, 0, {{BY_SKU, AS_IT_IS, COLUMN_BATCH, 4}}},
    {COLUMN_CORRECTS, DOMAIN_NONE, ALONE, 4, {{BY_NONE, AS_IT_IS, 0, 0}}},
    {COLUMN_AMOUNT, DOMAIN_NONE, ALONE, 4, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_DUE_DAY, DOMAIN_NONE, ALONE, 4, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_SCORE, DOMAIN_NONE, ALONE, 6, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_BATCH, AS_IT_IS, 0, 0}}},
    {COLUMN_RISK_UNITS, DOMAIN_NONE, ALONE, 6, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_BATCH, AS_IT_IS, 0, 0}}},
    {COLUMN_RISK_PAISE, DOMAIN_NONE, ALONE, 3, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_BATCH, WITH_RISK, 0, 0}}},
    {COLUMN_SHA256, DOMAIN_SHA256, ALONE, 0, {{BY_NONE, AS_IT_IS, 0, 0}}},
    {COLUMN_SCAN, DOMAIN_SCAN, ALONE, 0, {{BY_SKU, AS_IT_IS, 0, 4}}},
};
/* clang-format on */

const struct plan *batch_plans(size_t *ret_count)
{
    *ret_count = ARRAY_LEN(plans);
    return plans;
}

int64_t batch_walk_minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

int64_t batch_walk_plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t in_proportion(const struct walk *w, const struct memory_row *row, int64_t v,
                             int column)
{
    int64_t was = row->values[column];
    int64_t rate = 0;
    if (was > 0 && decimal_muldiv(v, w->now.values[column], was, &rate) == 0)
        return rate;
    return v;
}

static int64_t turned(const struct walk *w, const struct memory_row *row, enum turn turn, int64_t v)
{
    const int64_t *now = w->now.values;
    switch (turn) {
    case AS_IT_IS:
        return v;
    case ONE_MORE:
        return batch_walk_plus(v, 1);
    case ONE_LESS:
        return batch_walk_minus(v, 1);
    case WITH_CLOCK:
        return batch_walk_plus(v,
                               batch_walk_minus(now[COLUMN_WALL_MS], row->values[COLUMN_WALL_MS]));
    case WITH_SHELF:
        return batch_walk_plus(
            v, batch_walk_minus(now[COLUMN_EXPIRY_DAY], row->values[COLUMN_EXPIRY_DAY]));
    case WITH_QTY:
        return in_proportion(w, row, v, COLUMN_QTY);
    case WITH_RISK:
        return in_proportion(w, row, v, COLUMN_RISK_UNITS);
    }
    return v;
}

static void add_try(struct tries *t, int64_t v, uint32_t from)
{
    for (int i = 0; i < t->count; i++)
        if (t->values[i] == v)
            return;
    if (t->count == TRIES_MAX)
        return;
    t->values[t->count] = v;
    t->from[t->count++] = from;
}

/* What rows have in common with this one is asked for once a key, not once a column. */
static uint32_t latest(struct walk *w, enum memory_key key)
{
    unsigned bit = 1U << key;
    if (!(w->asked & bit)) {
        w->latest[key] = batch_memory_latest(w->m, key, &w->now);
        w->asked |= bit;
    }
    return w->latest[key];
}

void batch_walk_find_tries(struct walk *w, const struct plan *p, struct tries *ret, int max)
{
    ret->count = 0;
    for (int i = 0; ret->count < max && i < SOURCES_MAX && p->sources[i].key != BY_NONE; i++) {
        const struct source *s = &p->sources[i];
        int column = s->column ? s->column : p->column;
        int wanted = ret->count + (s->values ? s->values : 1);
        wanted = wanted < max ? wanted : max;
        uint32_t number = latest(w, s->key);
        const struct memory_row *row = NULL;
        for (int looked = 0; looked < ROWS_MAX && ret->count < wanted &&
                             (row = batch_memory_row(w->m, number)) != NULL;
             looked++, number = row->before[s->key]) {
            bool has =
                row->columns >> column & 1 && (p->domain == DOMAIN_NONE || row->values[column]);
            if (has)
                add_try(ret, turned(w, row, s->turn, row->values[column]),
                        (uint32_t)(i * TRIES_MAX + ret->count));
            if (has && wanted == 1)
                break;
        }
    }
}

int batch_walk_tries(struct walk *w, const struct plan *p, const struct tries *t, int64_t right,
                     bool can_be)
{
    for (int i = 0; i < t->count; i++) {
        uint32_t before = w->last && w->last->columns >> p->column & 1
                              ? (w->last->values[p->column] == t->values[i]) + 1U
                              : 0;
        uint32_t about = (uint32_t)i << 8 | t->from[i];
        struct bit_situation s = batch_walk_situation(w, STEP_TRY, p->column, about,
                                                      before << 16 | batch_walk_last_shape(w));
        if (bit_guess_code(w->g, w->c, &s, 0, can_be && t->values[i] == right))
            return i;
    }
    return t->count;
}
