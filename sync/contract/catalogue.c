/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "catalogue_column.h"
#include "civil.h"
#include "csv_table.h"

#define DAYS_MAX 36500
#define UNITS_MAX INT64_C(1000000000000)
#define MONEY_MAX INT64_C(1000000000000) /* paise of one pack: a thousand crore rupees */
#define VOLUME_MAX INT64_C(1000000000000)

#define PLACE(type, field) offsetof(struct type, field), sizeof(((struct type *)0)->field)
#define SKU(field) PLACE(catalogue_sku, field)
#define PARTY(field) PLACE(catalogue_party, field)
#define BIN(field) PLACE(catalogue_bin, field)
#define WORKER(field) PLACE(catalogue_worker, field)
#define ORDER(field) PLACE(catalogue_order_line, field)
#define SALES(field) PLACE(catalogue_sales, field)

#define EXPIRY_KIND_WORDS "use_by", "best_before", "sell_by", "computed"

/* While a row is read, packs[] is indexed by its level; pack_up() closes the gaps. */
static const struct column sku_columns[] = {
    {"sku", COLUMN_CODE, true, SKU(sku), 0, 0, {NULL}},
    {"name", COLUMN_TEXT, true, SKU(name), 0, 0, {NULL}},
    {"name_hi", COLUMN_TEXT, false, SKU(name_hi), 0, 0, {NULL}},
    {"brand", COLUMN_TEXT, false, SKU(brand), 0, 0, {NULL}},
    {"category", COLUMN_TEXT, false, SKU(category), 0, 0, {NULL}},
    {"hsn", COLUMN_DIGITS, false, SKU(hsn), 0, 0, {NULL}},
    {"unit", COLUMN_WORD, true, SKU(unit), 0, 0, {"piece", "g", "ml"}},
    {"expiry_kind", COLUMN_WORD, false, SKU(expiry_kind), 0, 0, {EXPIRY_KIND_WORDS}},
    {"shelf_life_days", COLUMN_I32, false, SKU(shelf_life_days), 0, DAYS_MAX, {NULL}},
    {"receipt_permille", COLUMN_I32, false, SKU(receipt_permille), 0, 1000, {NULL}},
    {"outlet_days", COLUMN_I32, false, SKU(outlet_days), 0, DAYS_MAX, {NULL}},
    {"needs", COLUMN_WORDS, false, SKU(batch_policy), 0, 0, {"batch", "expiry", "mrp"}},
    {"cost", COLUMN_MONEY, false, SKU(cost_paise), 0, MONEY_MAX, {NULL}},
    {"price", COLUMN_MONEY, false, SKU(price_paise), 0, MONEY_MAX, {NULL}},
    {"mrp", COLUMN_MONEY, false, SKU(mrp_paise), 0, MONEY_MAX, {NULL}},
    {"volume_ml", COLUMN_I64, false, SKU(volume_ml), 0, VOLUME_MAX, {NULL}},
    {"weight_g", COLUMN_I64, false, SKU(weight_g), 0, VOLUME_MAX, {NULL}},
    {"instore_item", COLUMN_CODE, false, SKU(instore_item), 0, 0, {NULL}},
    {"piece_units", COLUMN_I64, false, SKU(packs[PACK_PIECE].units), 1, UNITS_MAX, {NULL}},
    {"piece_gtin", COLUMN_GTIN, false, SKU(packs[PACK_PIECE].gtin), 0, 0, {NULL}},
    {"inner_units", COLUMN_I64, false, SKU(packs[PACK_INNER].units), 1, UNITS_MAX, {NULL}},
    {"inner_gtin", COLUMN_GTIN, false, SKU(packs[PACK_INNER].gtin), 0, 0, {NULL}},
    {"case_units", COLUMN_I64, false, SKU(packs[PACK_CASE].units), 1, UNITS_MAX, {NULL}},
    {"case_gtin", COLUMN_GTIN, false, SKU(packs[PACK_CASE].gtin), 0, 0, {NULL}},
};

static const struct column party_columns[] = {
    {"party", COLUMN_CODE, true, PARTY(party), 0, 0, {NULL}},
    {"kind", COLUMN_WORD, true, PARTY(kind), 0, 0, {"outlet", "supplier", "site"}},
    {"name", COLUMN_TEXT, true, PARTY(name), 0, 0, {NULL}},
    {"gstin", COLUMN_GSTIN, false, PARTY(gstin), 0, 0, {NULL}},
    {"territory", COLUMN_TEXT, false, PARTY(territory), 0, 0, {NULL}},
    {"min_life_days", COLUMN_I32, false, PARTY(min_life_days), 0, DAYS_MAX, {NULL}},
    {"min_life_permille", COLUMN_I32, false, PARTY(min_life_permille), 0, 1000, {NULL}},
};

static const struct column bin_columns[] = {
    {"bin", COLUMN_CODE, true, BIN(bin), 0, 0, {NULL}},
    {"kind", COLUMN_WORD, true, BIN(kind), 0, 0, {"dock", "rack", "quarantine", "scrap"}},
    {"volume_ml", COLUMN_I64, false, BIN(volume_ml), 0, VOLUME_MAX, {NULL}},
    {"walk", COLUMN_I32, false, BIN(walk), 0, INT32_MAX, {NULL}},
};

static const struct column worker_columns[] = {
    {"worker", COLUMN_CODE, true, WORKER(worker), 0, 0, {NULL}},
    {"name", COLUMN_TEXT, true, WORKER(name), 0, 0, {NULL}},
    {"pin_hash", COLUMN_CODE, false, WORKER(pin_hash), 0, 0, {NULL}},
    {"role", COLUMN_WORD, false, WORKER(role), 0, 0, {"staff", "supervisor"}},
    {"language", COLUMN_NAMED, false, WORKER(language), 0, 0, {"en", "hi"}},
};

#define ORDER_KIND_WORDS                                                                           \
    "sale", "purchase", "transfer_out", "transfer_in", "supplier_return", "write_off"

static const struct column order_columns[] = {
    {"document", COLUMN_CODE, true, ORDER(document), 0, 0, {NULL}},
    {"kind", COLUMN_WORD, true, ORDER(kind), 0, 0, {ORDER_KIND_WORDS}},
    {"line", COLUMN_I32, true, ORDER(line), 1, INT32_MAX, {NULL}},
    {"party", COLUMN_CODE, true, ORDER(party), 0, 0, {NULL}},
    {"sku", COLUMN_CODE, true, ORDER(sku), 0, 0, {NULL}},
    {"qty", COLUMN_I64, true, ORDER(qty), 1, UNITS_MAX, {NULL}},
    {"due", COLUMN_DAY, false, ORDER(due_day), 0, 0, {NULL}},
    {"batch", COLUMN_CODE, false, ORDER(batch.number), 0, 0, {NULL}},
    {"expiry", COLUMN_DAY, false, ORDER(batch.expiry_day), 0, 0, {NULL}},
    {"mrp", COLUMN_MONEY, false, ORDER(batch.mrp_paise), 0, MONEY_MAX, {NULL}},
    {"received", COLUMN_DAY, false, ORDER(received_day), 0, 0, {NULL}},
};

static const struct column sales_columns[] = {
    {"sku", COLUMN_CODE, true, SALES(sku), 0, 0, {NULL}},
    {"day", COLUMN_DAY, true, SALES(day), 0, 0, {NULL}},
    {"units", COLUMN_I64, true, SALES(units), 0, UNITS_MAX, {NULL}},
};

union record {
    struct catalogue_sku sku;
    struct catalogue_party party;
    struct catalogue_bin bin;
    struct catalogue_worker worker;
    struct catalogue_order_line order;
    struct catalogue_sales sales;
};

static int pack_up(union record *r, int line, struct diag *reterr);
static void unpack(union record *r);
static int check_pin(union record *r, int line, struct diag *reterr);

static const struct document {
    const char *name;
    const struct column *columns;
    size_t count;
    size_t record_size;
    /* What no single column can say, once all are read. NULL: nothing. */
    int (*finish)(union record *r, int line, struct diag *reterr);
    void (*unfinish)(union record *r); /* back to the shape of the columns */
} documents[DOCUMENT_TYPE_COUNT] = {
    [DOCUMENT_CATALOGUE] = {"catalogue", sku_columns, ARRAY_LEN(sku_columns),
                            sizeof(struct catalogue_sku), pack_up, unpack},
    [DOCUMENT_PARTIES] = {"parties", party_columns, ARRAY_LEN(party_columns),
                          sizeof(struct catalogue_party), NULL, NULL},
    [DOCUMENT_BINS] = {"bins", bin_columns, ARRAY_LEN(bin_columns), sizeof(struct catalogue_bin),
                       NULL, NULL},
    [DOCUMENT_WORKERS] = {"workers", worker_columns, ARRAY_LEN(worker_columns),
                          sizeof(struct catalogue_worker), check_pin, NULL},
    [DOCUMENT_ORDERS] = {"orders", order_columns, ARRAY_LEN(order_columns),
                         sizeof(struct catalogue_order_line), NULL, NULL},
    [DOCUMENT_PLAN] = {"plan", order_columns, ARRAY_LEN(order_columns),
                       sizeof(struct catalogue_order_line), NULL, NULL},
    [DOCUMENT_HISTORY] = {"history", sales_columns, ARRAY_LEN(sales_columns),
                          sizeof(struct catalogue_sales), NULL, NULL},
};

const char *order_kind_name(enum order_kind kind)
{
    static const char *const names[ORDER_KIND_COUNT] = {ORDER_KIND_WORDS};
    assert((size_t)kind < ORDER_KIND_COUNT);
    return names[kind];
}

const char *document_name(enum document_type type)
{
    assert((int)type >= 0 && (int)type < DOCUMENT_TYPE_COUNT);
    return documents[type].name;
}

int document_rank(enum document_type type)
{
    static const int ranks[DOCUMENT_TYPE_COUNT] = {
        [DOCUMENT_CATALOGUE] = 0,
        [DOCUMENT_PARTIES] = 1,
        [DOCUMENT_BINS] = 2,
        [DOCUMENT_WORKERS] = 3,
        [DOCUMENT_HISTORY] = 3,
        [DOCUMENT_ORDERS] = DOCUMENT_RANK_MAX,
        [DOCUMENT_PLAN] = DOCUMENT_RANK_MAX,
    };
    assert((size_t)type < DOCUMENT_TYPE_COUNT);
    return ranks[type];
}

int document_parse(const char *name, enum document_type *ret)
{
    assert(name && ret);
    for (int i = 0; i < DOCUMENT_TYPE_COUNT; i++)
        if (strcmp(documents[i].name, name) == 0) {
            *ret = (enum document_type)i;
            return 0;
        }
    return -EINVAL;
}

size_t catalogue_record_size(enum document_type type)
{
    assert((int)type >= 0 && (int)type < DOCUMENT_TYPE_COUNT);
    return documents[type].record_size;
}

/* What no single column can say. */

static bool whole_packs(const struct catalogue_pack *inside, const struct catalogue_pack *pack)
{
    return pack->units > inside->units && pack->units % inside->units == 0;
}

static int pack_up(union record *r, int line, struct diag *reterr)
{
    static const char *const names[CATALOGUE_PACKS_MAX] = {"piece", "inner", "case"};
    struct catalogue_sku *s = &r->sku;
    if (s->packs[PACK_PIECE].units == 0)
        s->packs[PACK_PIECE].units = 1;
    s->packs_count = 0;
    for (int level = PACK_PIECE; level <= PACK_CASE; level++) {
        struct catalogue_pack pack = s->packs[level];
        pack.level = (enum pack_level)level;
        if (pack.units == 0 && pack.gtin[0] == '\0')
            continue;
        if (pack.units == 0) {
            diag_set(reterr, line, "%s_units is empty, but %s_gtin is not", names[level],
                     names[level]);
            return -EINVAL;
        }
        const struct catalogue_pack *inside = s->packs_count ? &s->packs[s->packs_count - 1] : NULL;
        if (inside && !whole_packs(inside, &pack)) {
            diag_set(reterr, line, "%s_units = %" PRId64 ": a multiple of the %" PRId64 " of %s",
                     names[level], pack.units, inside->units, names[inside->level]);
            return -EINVAL;
        }
        s->packs[s->packs_count++] = pack;
    }
    for (size_t i = s->packs_count; i < CATALOGUE_PACKS_MAX; i++)
        s->packs[i] = (struct catalogue_pack){.level = PACK_PIECE};
    return 0;
}

static void unpack(union record *r)
{
    struct catalogue_sku *s = &r->sku;
    struct catalogue_pack by_level[CATALOGUE_PACKS_MAX] = {{.units = 0}};
    for (size_t i = 0; i < s->packs_count; i++)
        by_level[s->packs[i].level] = s->packs[i];
    memcpy(s->packs, by_level, sizeof(by_level));
}

static int check_pin(union record *r, int line, struct diag *reterr)
{
    if (r->worker.language[0] == '\0')
        strcpy(r->worker.language, "en");
    if (r->worker.pin_hash[0] == '\0' || strncmp(r->worker.pin_hash, "$y$", 3) == 0)
        return 0;
    diag_set(reterr, line, "pin_hash: empty, or a yescrypt hash: $y$..."); /* its value is secret */
    return -EINVAL;
}

/* Rows. */

struct reading {
    const struct document *document;
    catalogue_row_fn on_row;
    void *context;
};

static int on_csv_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct reading *r = context;
    const struct document *d = r->document;
    int line = csv_row_line(row);
    union record record;
    memset(&record, 0, sizeof(record));
    for (size_t i = 0; i < d->count; i++) {
        const struct column *c = &d->columns[i];
        void *field = (char *)&record + c->offset;
        const char *value = csv_row_get(row, c->name);
        column_clear(c, field);
        if (value && value[0] != '\0') {
            int err = column_take(c, value, field, line, reterr);
            if (err < 0)
                return err;
        } else if (c->needed) {
            diag_set(reterr, line, "%s is empty", c->name);
            return -EINVAL;
        }
    }
    int err = d->finish ? d->finish(&record, line, reterr) : 0;
    if (err < 0)
        return err;
    err = r->on_row(&record, r->context, reterr);
    if (err < 0 && reterr)
        reterr->line = line;
    return err;
}

int catalogue_read(enum document_type type, const char *body, size_t len, catalogue_row_fn on_row,
                   void *context, struct diag *reterr)
{
    assert((int)type >= 0 && (int)type < DOCUMENT_TYPE_COUNT && on_row);
    if (len > CATALOGUE_BODY_MAX) {
        diag_set(reterr, 0, "%zu bytes: at most %d", len, CATALOGUE_BODY_MAX);
        return -EINVAL;
    }
    const struct document *d = &documents[type];
    const char *required[CSV_TABLE_COLUMNS_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < d->count; i++)
        if (d->columns[i].needed)
            required[n++] = d->columns[i].name;
    required[n] = NULL;
    struct reading r = {d, on_row, context};
    return csv_table_read(body, len, required, on_csv_row, &r, reterr);
}

size_t catalogue_write_header(enum document_type type, char buf[CATALOGUE_ROW_MAX])
{
    assert((int)type >= 0 && (int)type < DOCUMENT_TYPE_COUNT && buf);
    size_t n = 0;
    for (size_t i = 0; i < documents[type].count; i++) {
        if (i > 0)
            buf[n++] = ',';
        n += (size_t)sprintf(buf + n, "%s", documents[type].columns[i].name);
    }
    buf[n] = '\0';
    return n;
}

size_t catalogue_write(enum document_type type, const void *record, char buf[CATALOGUE_ROW_MAX])
{
    assert((int)type >= 0 && (int)type < DOCUMENT_TYPE_COUNT && record && buf);
    const struct document *d = &documents[type];
    union record r;
    memcpy(&r, record, d->record_size);
    if (d->unfinish)
        d->unfinish(&r);
    size_t n = 0;
    for (size_t i = 0; i < d->count; i++) {
        if (i > 0)
            buf[n++] = ',';
        n += column_put(&d->columns[i], (const char *)&r + d->columns[i].offset, buf + n);
    }
    assert(n < CATALOGUE_ROW_MAX); /* every field doubled by quotes is less */
    buf[n] = '\0';
    return n;
}
