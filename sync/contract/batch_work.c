/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_work.h"

#include <assert.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"

size_t batch_work_size(void)
{
    return sizeof(struct batch_work);
}

void batch_column_begin(struct batch_work *k)
{
    memset(k->seen, 0, sizeof(k->seen));
    k->previous = 0;
    k->texts = 0;
}

/* Differences wrap around: any two numbers have one. */
static int64_t less(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static size_t slot(const struct batch_work *k, enum batch_model model, size_t row)
{
    switch (model) {
    case MODEL_KIND:
        return (size_t)k->shapes[k->shape_of[row]].same + 1;
    case MODEL_SKU:
    case MODEL_SHELF:
    case MODEL_RATE:
        return k->sku[row];
    case MODEL_BATCH:
        return k->batch[row] ? (size_t)BATCH_ENTRIES_MAX + k->batch[row] : k->sku[row];
    case MODEL_DOCUMENT:
    case MODEL_LINE:
        return k->document[row];
    case MODEL_ZERO:
    case MODEL_PREVIOUS:
    case MODEL_CLOCK:
    case MODEL_SEQ:
    case MODEL_COUNT:
        return 0;
    }
    return 0;
}

int64_t batch_guess(const struct batch_work *k, enum batch_model model, const struct entry *e,
                    size_t row)
{
    if (model == MODEL_ZERO || model == MODEL_SEQ || model == MODEL_COUNT)
        return 0;
    size_t at = slot(k, model, row);
    bool seen = at > 0 && k->seen[at];
    int64_t guess = seen ? k->last[at] : k->previous;
    if (model == MODEL_LINE)
        return (seen ? guess : 0) < INT64_MAX ? (seen ? guess : 0) + 1 : 0;
    if (model != MODEL_RATE)
        return guess;
    int64_t rate = 0;
    if (seen && k->last_qty[at] > 0 && decimal_muldiv(guess, e->qty, k->last_qty[at], &rate) == 0)
        return rate;
    return 0;
}

void batch_learn(struct batch_work *k, enum batch_model model, const struct entry *e, size_t row,
                 int64_t v)
{
    size_t at = slot(k, model, row);
    k->last[at] = v;
    k->last_qty[at] = e->qty;
    k->seen[at] = true;
    k->previous = v;
}

int64_t batch_turn(enum batch_model model, const struct entry *e, int64_t v)
{
    if (model == MODEL_CLOCK)
        return less(e->wall_ms, v);
    if (model == MODEL_SEQ)
        return less(e->seq, v);
    if (model == MODEL_COUNT)
        return less(e->observed, v);
    if (model == MODEL_SHELF)
        return less(e->batch.expiry_day == CIVIL_NONE ? 0 : e->batch.expiry_day, v);
    return v;
}

uint16_t *batch_slots(struct batch_work *k, int column)
{
    return column == COLUMN_SKU        ? k->sku
           : column == COLUMN_BATCH    ? k->batch
           : column == COLUMN_DOCUMENT ? k->document
                                       : NULL;
}

const uint8_t *batch_text(const struct entry *e, const struct entry_field *f, size_t *ret_len)
{
    const char *at = (const char *)e + f->offset;
    *ret_len = f->type == ENTRY_FIELD_BYTES ? *(const uint16_t *)((const char *)e + f->len_offset)
                                            : strnlen(at, f->size - 1);
    return (const uint8_t *)at;
}
