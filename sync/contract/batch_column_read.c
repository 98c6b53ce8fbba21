/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "batch_column.h"
#include "batch_head.h"
#include "batch_work.h"

struct reading {
    struct batch_work *k;
    struct wire_reader r;
    const uint8_t *bytes;
    struct entry *entries;
    struct diag *reterr;
    const uint8_t *texts; /* what is left of the new texts' bytes */
    size_t texts_left;
};

static int broken(const struct reading *g, const char *where)
{
    diag_set(g->reterr, 0, "%s, before byte %td of the columns", where, g->r.at - g->bytes);
    return -EBADMSG;
}

/* ---- head ---- */

static int read_head(struct reading *g, struct batch_head *ret)
{
    size_t items = 0;
    if (wire_next_count(&g->r, WIRE_ARRAY, 5, &items) < 0 || items != 5)
        return broken(g, "no head");
    return batch_head_read(&g->r, ret, g->reterr);
}

/* ---- shapes ---- */

/* Columns as bits, of which none may be one that only stands in the head. */
static int read_columns(struct reading *g, uint64_t *ret)
{
    struct wire_item item;
    if (wire_next_string(&g->r, WIRE_BYTES, 64, &item) < 0)
        return broken(g, "columns of a shape");
    uint64_t columns = 0;
    for (size_t i = 0; i < item.len; i++) {
        if (i >= sizeof(columns) && item.bytes[i] != 0) {
            diag_set(g->reterr, 0, "column %zu or above is of a newer release", 8 * i);
            return -EPROTO;
        }
        if (i < sizeof(columns))
            columns |= (uint64_t)item.bytes[i] << (8 * i);
    }
    if (columns & (UINT64_C(1) << COLUMN_SEQ | UINT64_C(1) << COLUMN_KIND | 1))
        return broken(g, "a shape has a column that cannot be");
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    uint64_t known = 0;
    for (size_t i = 0; i < count; i++)
        known |= UINT64_C(1) << fields[i].id;
    for (int id = 0; id < 64; id++)
        if ((columns & ~known) >> id & 1) {
            diag_set(g->reterr, 0, "column %d is of a newer release", id);
            return -EPROTO;
        }
    *ret = columns;
    return 0;
}

static int read_shapes(struct reading *g)
{
    struct batch_work *k = g->k;
    size_t items = 0;
    if (wire_next_count(&g->r, WIRE_ARRAY, 2 * k->count, &items) < 0 || items == 0 || items % 2)
        return broken(g, "shapes");
    k->shapes_count = items / 2;
    for (size_t s = 0; s < k->shapes_count; s++) {
        int64_t kind = 0;
        if (wire_next_number(&g->r, INT32_MIN, INT32_MAX, &kind) < 0)
            return broken(g, "kind of a shape");
        k->shapes[s] = (struct batch_shape){.kind = (int32_t)kind, .same = (uint16_t)s};
        int err = read_columns(g, &k->shapes[s].columns);
        if (err < 0)
            return err;
        for (size_t t = s; t-- > 0;)
            if (k->shapes[t].kind == k->shapes[s].kind)
                k->shapes[s].same = k->shapes[t].same;
    }
    return 0;
}

static int read_rows(struct reading *g, int64_t first_seq)
{
    struct batch_work *k = g->k;
    size_t rows = 0;
    if (wire_next_count(&g->r, WIRE_ARRAY, k->count, &rows) < 0 || rows != k->count)
        return broken(g, "rows");
    for (size_t row = 0; row < rows; row++) {
        int64_t s = 0;
        if (wire_next_number(&g->r, 0, (int64_t)k->shapes_count - 1, &s) < 0)
            return broken(g, "shape of an entry");
        k->shape_of[row] = (uint16_t)s;
        g->entries[row] = entry_new(ENTRY_OPENED);
        g->entries[row].seq = first_seq + (int64_t)row;
        g->entries[row].kind = k->shapes[s].kind;
    }
    return 0;
}

/* ---- columns ---- */

static bool row_has(const struct batch_work *k, size_t row, const struct entry_field *f)
{
    return k->shapes[k->shape_of[row]].columns >> f->id & 1;
}

/* A list of at most n numbers; what was left out at its end is 0. */
static int read_list(struct reading *g, size_t n, int64_t min, int64_t max, int64_t *ret)
{
    size_t items = 0;
    int err = wire_next_count(&g->r, WIRE_ARRAY, n, &items);
    for (size_t i = 0; err == 0 && i < items; i++)
        err = wire_next_number(&g->r, min, max, &ret[i]);
    for (size_t i = items; err == 0 && i < n; i++)
        ret[i] = 0;
    return err;
}

static size_t rows_with(const struct batch_work *k, const struct entry_field *f)
{
    size_t n = 0;
    for (size_t row = 0; row < k->count; row++)
        n += row_has(k, row, f);
    return n;
}

static int set_number(struct entry *e, const struct entry_field *f, int64_t v)
{
    if (v == f->absent || (f->type == ENTRY_FIELD_I32 && (v < INT32_MIN || v > INT32_MAX)))
        return -EBADMSG;
    char *at = (char *)e + f->offset;
    if (f->type == ENTRY_FIELD_I32)
        *(int32_t *)at = (int32_t)v;
    else
        *(int64_t *)at = v;
    return 0;
}

static int read_numbers(struct reading *g, const struct entry_field *f)
{
    struct batch_work *k = g->k;
    size_t items = 0;
    int64_t model = 0;
    if (wire_next_count(&g->r, WIRE_ARRAY, 2, &items) < 0 || items != 2 ||
        wire_next_number(&g->r, 0, INT32_MAX, &model) < 0)
        return broken(g, f->name);
    if (model >= MODEL_NUMBER_COUNT) {
        diag_set(g->reterr, 0, "%s: model %d is of a newer release", f->name, (int)model);
        return -EPROTO;
    }
    if (read_list(g, rows_with(k, f), INT64_MIN, INT64_MAX, k->numbers) < 0)
        return broken(g, f->name);
    enum batch_model m = (enum batch_model)model;
    size_t n = 0;
    for (size_t row = 0; row < k->count; row++) {
        if (!row_has(k, row, f))
            continue;
        struct entry *e = &g->entries[row];
        int64_t v = (int64_t)((uint64_t)batch_guess(k, m, e, row) + (uint64_t)k->numbers[n++]);
        if (set_number(e, f, batch_turn(m, e, v)) < 0)
            return broken(g, f->name);
        batch_learn(k, m, e, row, v);
    }
    return 0;
}

/* What the next new text of a column shares bytes with. */
struct fresh {
    const uint8_t *before; /* the new text before */
    size_t before_len;
};

static int set_fresh(struct reading *g, struct fresh *x, const struct entry_field *f, size_t row)
{
    struct batch_work *k = g->k;
    struct entry *e = &g->entries[row];
    size_t shared = (size_t)k->shared[k->texts];
    int64_t len = (int64_t)x->before_len + k->longer[k->texts];
    bool bytes = f->type == ENTRY_FIELD_BYTES;
    int64_t max = (int64_t)f->size - (bytes ? 0 : 1);
    if (len < 1 || len > max || shared > x->before_len || shared > (size_t)len ||
        (size_t)len - shared > g->texts_left)
        return -EBADMSG;
    uint8_t *at = (uint8_t *)e + f->offset;
    if (shared > 0)
        memcpy(at, x->before, shared);
    memcpy(at + shared, g->texts, (size_t)len - shared);
    g->texts += (size_t)len - shared;
    g->texts_left -= (size_t)len - shared;
    if (bytes)
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)len;
    else if (memchr(at, '\0', (size_t)len))
        return -EBADMSG;
    x->before = at;
    x->before_len = (size_t)len;
    k->first_row[++k->texts] = (uint16_t)row;
    return 0;
}

static void set_again(const struct entry *from, const struct entry_field *f, struct entry *e)
{
    size_t len = 0;
    const uint8_t *text = batch_text(from, f, &len);
    memcpy((char *)e + f->offset, text, len);
    if (f->type == ENTRY_FIELD_BYTES)
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)len;
}

/* Which text a code means: 1 to texts, texts + 1 for a new one. */
static int64_t text_of(const struct batch_work *k, int64_t code, int64_t guess)
{
    int64_t texts = (int64_t)k->texts;
    return code == 0 ? guess : code == 1 ? texts + 1 : texts + 2 - code;
}

static int place_texts(struct reading *g, const struct entry_field *f, enum batch_model m,
                       size_t fresh)
{
    struct batch_work *k = g->k;
    uint16_t *slots = batch_slots(k, f->id);
    struct fresh x = {.before_len = 0};
    size_t n = 0;
    for (size_t row = 0; row < k->count; row++) {
        if (!row_has(k, row, f))
            continue;
        struct entry *e = &g->entries[row];
        int64_t at = text_of(k, k->numbers[n++], batch_guess(k, m, e, row));
        if (at < 1 || at > (int64_t)k->texts + 1 || at > (int64_t)fresh)
            return -EBADMSG;
        if (at > (int64_t)k->texts) {
            if (set_fresh(g, &x, f, row) < 0)
                return -EBADMSG;
        } else {
            set_again(&g->entries[k->first_row[at]], f, e);
        }
        batch_learn(k, m, e, row, at);
        if (slots)
            slots[row] = (uint16_t)at;
    }
    return k->texts == fresh ? 0 : -EBADMSG;
}

static int read_texts(struct reading *g, const struct entry_field *f)
{
    struct batch_work *k = g->k;
    size_t items = 0;
    int64_t model = 0;
    if (wire_next_count(&g->r, WIRE_ARRAY, 4, &items) < 0 || items != 4 ||
        wire_next_number(&g->r, 0, INT32_MAX, &model) < 0)
        return broken(g, f->name);
    bool marks = model == MODEL_SCAN && f->id == COLUMN_SCAN;
    if (model >= MODEL_TEXT_COUNT && !marks) {
        diag_set(g->reterr, 0, "%s: model %d is of a newer release", f->name, (int)model);
        return -EPROTO;
    }
    size_t rows = rows_with(k, f);
    if (read_list(g, rows, 0, BATCH_ENTRIES_MAX + 1, k->numbers) < 0)
        return broken(g, f->name);
    size_t fresh = 0;
    for (size_t i = 0; i < rows; i++)
        fresh += k->numbers[i] == 1;
    if (read_list(g, fresh, 0, (int64_t)f->size, k->shared) < 0 ||
        read_list(g, fresh, -(int64_t)f->size, (int64_t)f->size, k->longer) < 0)
        return broken(g, f->name);
    int err = place_texts(g, f, marks ? MODEL_SKU : (enum batch_model)model, fresh);
    for (size_t row = 0; marks && err == 0 && row < k->count; row++)
        err = row_has(k, row, f) ? batch_scan_unmark(&g->entries[row]) : 0;
    return err < 0 ? broken(g, f->name) : 0;
}

static int read_column(struct reading *g, const struct entry_field *f)
{
    int64_t id = 0;
    if (wire_next_number(&g->r, f->id, f->id, &id) < 0)
        return broken(g, f->name);
    batch_column_begin(g->k);
    return f->type == ENTRY_FIELD_I32 || f->type == ENTRY_FIELD_I64 ? read_numbers(g, f)
                                                                    : read_texts(g, f);
}

/* The bytes of texts stand behind all columns, where they compress better. */
static int find_texts(struct reading *g)
{
    struct wire_reader r = g->r;
    struct wire_item item;
    if (wire_skip(&r) < 0 || wire_next_string(&r, WIRE_BYTES, BATCH_PLAIN_MAX, &item) < 0)
        return broken(g, "the columns are cut");
    if (r.left > 0)
        return broken(g, "more than columns and texts");
    g->texts = item.bytes;
    g->texts_left = item.len;
    return 0;
}

static int read_all_columns(struct reading *g)
{
    size_t columns = 0;
    int err = find_texts(g);
    if (err == 0 && wire_next_count(&g->r, WIRE_MAP, 64, &columns) < 0)
        err = broken(g, "columns");
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; err == 0 && i < count; i++) {
        if (rows_with(g->k, &fields[i]) == 0)
            continue;
        if (columns-- == 0)
            return broken(g, "a column is missing");
        err = read_column(g, &fields[i]);
    }
    if (err == 0 && (columns > 0 || g->texts_left > 0))
        err = broken(g, "more columns or texts than the shapes have");
    return err;
}

int batch_columns_read(struct batch_work *k, const uint8_t *bytes, size_t len,
                       struct batch_head *ret_head, struct entry *entries, struct diag *reterr)
{
    assert(k && bytes && ret_head && entries);
    struct reading g = {
        .k = k, .r = {bytes, len}, .bytes = bytes, .entries = entries, .reterr = reterr};
    int err = read_head(&g, ret_head);
    if (err < 0)
        return err;
    k->count = (size_t)ret_head->count;
    memset(k->sku, 0, sizeof(k->sku));
    memset(k->batch, 0, sizeof(k->batch));
    memset(k->document, 0, sizeof(k->document));
    err = read_shapes(&g);
    if (err == 0)
        err = read_rows(&g, ret_head->first_seq);
    return err < 0 ? err : read_all_columns(&g);
}
