/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "batch_column.h"
#include "batch_head.h"
#include "batch_work.h"

/* The model that packs each column best, by its number; MODEL_ZERO for the others. Found by
 * tests/bench/wire: a reader takes any, so they may change without a new wire version. */
static const uint8_t models[] = {
    [2] = MODEL_PREVIOUS,  /* wall_ms */
    [3] = MODEL_CLOCK,     /* mono_ms */
    [4] = MODEL_PREVIOUS,  /* boot */
    [5] = MODEL_PREVIOUS,  /* trust */
    [8] = MODEL_PREVIOUS,  /* version */
    [9] = MODEL_KIND,      /* worker */
    [10] = MODEL_KIND,     /* device */
    [11] = MODEL_PREVIOUS, /* sku */
    [12] = MODEL_SKU,      /* batch */
    [13] = MODEL_BATCH,    /* expiry_day */
    [14] = MODEL_BATCH,    /* mrp_paise */
    [15] = MODEL_SKU,      /* expiry_kind */
    [16] = MODEL_SHELF,    /* made_day */
    [19] = MODEL_BATCH,    /* bin */
    [20] = MODEL_KIND,     /* bin_to */
    [23] = MODEL_COUNT,    /* expected */
    [24] = MODEL_RATE,     /* value_paise */
    [25] = MODEL_KIND,     /* document */
    [26] = MODEL_LINE,     /* line */
    [27] = MODEL_DOCUMENT, /* party */
    [28] = MODEL_KIND,     /* reason */
    [32] = MODEL_SEQ,      /* corrects */
};

static enum batch_model model_of(const struct entry_field *f)
{
    return (size_t)f->id < sizeof(models) ? (enum batch_model)models[f->id] : MODEL_ZERO;
}

static bool is_number(const struct entry_field *f)
{
    return f->type == ENTRY_FIELD_I32 || f->type == ENTRY_FIELD_I64;
}

/* ---- shapes ---- */

static uint64_t columns_of(const struct entry *e)
{
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    uint64_t columns = 0;
    for (size_t i = 0; i < count; i++)
        if (fields[i].id != COLUMN_SEQ && fields[i].id != COLUMN_KIND &&
            entry_field_present(e, &fields[i]))
            columns |= UINT64_C(1) << fields[i].id;
    return columns;
}

static void find_shapes(struct batch_work *k, const struct entry *entries)
{
    k->shapes_count = 0;
    for (size_t row = 0; row < k->count; row++) {
        uint64_t columns = columns_of(&entries[row]);
        size_t s = 0;
        size_t same = k->shapes_count;
        for (; s < k->shapes_count; s++) {
            if (k->shapes[s].kind != entries[row].kind)
                continue;
            if (same == k->shapes_count)
                same = s;
            if (k->shapes[s].columns == columns)
                break;
        }
        if (s == k->shapes_count)
            k->shapes[k->shapes_count++] =
                (struct batch_shape){entries[row].kind, columns, (uint16_t)same};
        k->shape_of[row] = (uint16_t)s;
    }
}

static void write_shapes(const struct batch_work *k, struct wire_writer *w)
{
    wire_put_array(w, 2 * k->shapes_count);
    for (size_t s = 0; s < k->shapes_count; s++) {
        wire_put_number(w, k->shapes[s].kind);
        uint8_t bits[8];
        size_t len = 0;
        for (size_t i = 0; i < sizeof(bits); i++) {
            bits[i] = (uint8_t)(k->shapes[s].columns >> (8 * i));
            if (bits[i])
                len = i + 1;
        }
        wire_put_bytes(w, bits, len);
    }
    wire_put_array(w, k->count);
    for (size_t row = 0; row < k->count; row++)
        wire_put_number(w, k->shape_of[row]);
}

/* ---- columns ---- */

static void write_list(const int64_t *v, size_t n, struct wire_writer *w)
{
    while (n > 0 && v[n - 1] == 0)
        n--;
    wire_put_array(w, n);
    for (size_t i = 0; i < n; i++)
        wire_put_number(w, v[i]);
}

static bool row_has(const struct batch_work *k, size_t row, const struct entry_field *f)
{
    return k->shapes[k->shape_of[row]].columns >> f->id & 1;
}

static void write_numbers(struct batch_work *k, const struct entry_field *f,
                          const struct entry *entries, struct wire_writer *w)
{
    enum batch_model model = model_of(f);
    size_t n = 0;
    for (size_t row = 0; row < k->count; row++) {
        if (!row_has(k, row, f))
            continue;
        const struct entry *e = &entries[row];
        int64_t v = batch_turn(model, e, entry_field_number(e, f));
        k->numbers[n++] = (int64_t)((uint64_t)v - (uint64_t)batch_guess(k, model, e, row));
        batch_learn(k, model, e, row, v);
    }
    wire_put_array(w, 2);
    wire_put_number(w, model);
    write_list(k->numbers, n, w);
}

/* FNV-1a (Fowler, Noll, Vo): only places depend on it, nothing on the wire. */
static size_t bucket_of(const uint8_t *text, size_t len)
{
    uint32_t h = 2166136261U;
    for (size_t i = 0; i < len; i++)
        h = (h ^ text[i]) * 16777619U;
    return h % (2 * BATCH_ENTRIES_MAX);
}

/* The number of a text, 1, 2, ... by first use; 0 and its bucket when it is new. */
static size_t find_text(const struct batch_work *k, const struct batch_text *text,
                        size_t *ret_bucket)
{
    size_t b = bucket_of(text->at, text->len);
    for (; k->buckets[b] != 0; b = (b + 1) % (2 * BATCH_ENTRIES_MAX)) {
        const struct batch_text *old = &k->text_of[k->first_row[k->buckets[b]]];
        if (old->len == text->len && memcmp(old->at, text->at, text->len) == 0)
            return k->buckets[b];
    }
    *ret_bucket = b;
    return 0;
}

/* Puts down what a new text does not share with the one before it, NULL: none. */
static void add_fresh(struct batch_work *k, const struct batch_text *before,
                      const struct batch_text *text)
{
    size_t before_len = before ? before->len : 0;
    size_t shared = 0;
    while (shared < before_len && shared < text->len && before->at[shared] == text->at[shared])
        shared++;
    k->shared[k->texts] = (int64_t)shared;
    k->longer[k->texts] = (int64_t)text->len - (int64_t)before_len;
    memcpy(k->bytes + k->bytes_len, text->at + shared, text->len - shared);
    k->bytes_len += text->len - shared;
}

/* Finds every row's text; a scan's with marks, unless one of them does not take them. */
static int gather_texts(struct batch_work *k, const struct entry_field *f,
                        const struct entry *entries)
{
    bool marks = f->id == COLUMN_SCAN;
    for (size_t row = 0; marks && row < k->count; row++) {
        k->text_of[row].at = k->marked[row];
        marks = batch_scan_mark(&entries[row], k->marked[row], &k->text_of[row].len) == 0;
    }
    for (size_t row = 0; !marks && row < k->count; row++)
        k->text_of[row].at = batch_text(&entries[row], f, &k->text_of[row].len);
    return marks ? MODEL_SCAN : (int)model_of(f);
}

static void write_texts(struct batch_work *k, const struct entry_field *f,
                        const struct entry *entries, struct wire_writer *w)
{
    int written = gather_texts(k, f, entries);
    enum batch_model model = written == MODEL_SCAN ? MODEL_SKU : (enum batch_model)written;
    uint16_t *slots = batch_slots(k, f->id);
    const struct batch_text *before = NULL;
    memset(k->buckets, 0, sizeof(k->buckets));
    size_t n = 0;
    for (size_t row = 0; row < k->count; row++) {
        if (!row_has(k, row, f))
            continue;
        size_t bucket = 0;
        size_t at = find_text(k, &k->text_of[row], &bucket);
        int64_t guess = batch_guess(k, model, &entries[row], row);
        if (at == 0) {
            add_fresh(k, before, &k->text_of[row]);
            before = &k->text_of[row];
            at = ++k->texts;
            k->first_row[at] = (uint16_t)row;
            k->buckets[bucket] = (uint16_t)at;
            k->numbers[n++] = 1;
        } else {
            k->numbers[n++] = guess == (int64_t)at ? 0 : (int64_t)(2 + k->texts - at);
        }
        batch_learn(k, model, &entries[row], row, (int64_t)at);
        if (slots)
            slots[row] = (uint16_t)at;
    }
    wire_put_array(w, 4);
    wire_put_number(w, written);
    write_list(k->numbers, n, w);
    write_list(k->shared, k->texts, w);
    write_list(k->longer, k->texts, w);
}

void batch_columns_write(struct batch_work *k, const struct batch_head *head,
                         const struct entry *entries, struct wire_writer *w)
{
    assert(k && head && entries && w);
    k->count = (size_t)head->count;
    memset(k->sku, 0, sizeof(k->sku));
    memset(k->batch, 0, sizeof(k->batch));
    memset(k->document, 0, sizeof(k->document));
    find_shapes(k, entries);
    uint64_t columns = 0;
    size_t columns_count = 0;
    for (size_t s = 0; s < k->shapes_count; s++)
        columns |= k->shapes[s].columns;
    for (uint64_t c = columns; c != 0; c &= c - 1)
        columns_count++;

    wire_put_array(w, 5);
    batch_head_write(head, w);
    write_shapes(k, w);
    wire_put_map(w, columns_count);
    k->bytes_len = 0;
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; i < count; i++) {
        const struct entry_field *f = &fields[i];
        if (!(columns >> f->id & 1))
            continue;
        wire_put_number(w, f->id);
        batch_column_begin(k);
        if (is_number(f))
            write_numbers(k, f, entries, w);
        else
            write_texts(k, f, entries, w);
    }
    wire_put_bytes(w, k->bytes, k->bytes_len);
}
