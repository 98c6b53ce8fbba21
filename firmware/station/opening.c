/* SPDX-License-Identifier: Apache-2.0 */
#include "opening.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "civil.h"
#include "csv_table.h"
#include "decimal.h"
#include "journal_stock.h"
#include "master.h"
#include "text.h"

struct import {
    struct journal *journal;
    struct journal_time time;
    int rows;
};

static int refuse(const struct csv_row *row, const char *column, const char *allowed,
                  struct diag *reterr)
{
    diag_set(reterr, csv_row_line(row), "%s \"%.40s\": %s", column, csv_row_get(row, column),
             allowed);
    return -EINVAL;
}

/* An empty date is none. */
static int read_day(const struct csv_row *row, const char *column, int32_t *ret,
                    struct diag *reterr)
{
    const char *text = csv_row_get(row, column);
    if (!*text || civil_parse(text, ret) == 0)
        return 0;
    return refuse(row, column, "a date YYYY-MM-DD, or empty", reterr);
}

static int read_goods(const struct csv_row *row, const struct catalogue_sku *sku, struct entry *e,
                      struct diag *reterr)
{
    if (text_copy(e->batch.number, sizeof(e->batch.number), csv_row_get(row, "batch")) < 0)
        return refuse(row, "batch", "at most 20 characters", reterr);
    int err = read_day(row, "made", &e->made_day, reterr);
    if (err == 0)
        err = read_day(row, "expiry", &e->batch.expiry_day, reterr);
    if (err < 0)
        return err;
    const char *mrp = csv_row_get(row, "mrp");
    if (*mrp && (decimal_parse(mrp, 2, &e->batch.mrp_paise) < 0 || e->batch.mrp_paise <= 0))
        return refuse(row, "mrp", "rupees, as 45.00, or empty", reterr);
    if (decimal_parse(csv_row_get(row, "qty"), 0, &e->qty) < 0 || e->qty <= 0)
        return refuse(row, "qty", "a whole number above 0, in base units", reterr);

    if ((sku->batch_policy & CATALOGUE_NEEDS_BATCH) && !*e->batch.number)
        return refuse(row, "batch", "this SKU needs one", reterr);
    if ((sku->batch_policy & CATALOGUE_NEEDS_EXPIRY) && e->batch.expiry_day == CIVIL_NONE)
        return refuse(row, "expiry", "this SKU needs one", reterr);
    if ((sku->batch_policy & CATALOGUE_NEEDS_MRP) && e->batch.mrp_paise == 0)
        return refuse(row, "mrp", "this SKU needs one", reterr);
    return 0;
}

static int import_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct import *in = context;
    struct catalogue_sku sku;
    int found = master_sku(in->journal, csv_row_get(row, "sku"), &sku);
    if (found == 0)
        return refuse(row, "sku", "not in the catalogue in force", reterr);
    struct catalogue_bin bin;
    if (found > 0)
        found = master_bin(in->journal, csv_row_get(row, "bin"), &bin);
    if (found == 0)
        return refuse(row, "bin", "not among the bins in force", reterr);
    if (found < 0) {
        diag_set(reterr, csv_row_line(row), "the journal cannot be read: %s", strerror(-found));
        return found;
    }

    struct entry e = entry_new(ENTRY_OPENING);
    strcpy(e.sku, sku.sku);
    strcpy(e.bin, bin.bin);
    int err = read_goods(row, &sku, &e, reterr);
    if (err < 0)
        return err;
    e.expiry_kind = sku.expiry_kind;
    if (bin.kind == BIN_QUARANTINE)
        e.status = STOCK_QUARANTINE;
    if (decimal_muldiv(e.qty, sku.cost_paise, sku.packs[0].units, &e.value_paise) < 0)
        return refuse(row, "qty", "its value is beyond all money", reterr);

    int64_t seq = 0;
    struct diag why = {0};
    err = journal_append(in->journal, &in->time, &e, 1, &why, &seq);
    if (err < 0)
        diag_set(reterr, csv_row_line(row), "%.140s", why.text[0] ? why.text : strerror(-err));
    in->rows += err == 0;
    return err;
}

static int stop_at_first(const char *sku, void *context)
{
    (void)sku;
    (void)context;
    return 1;
}

int opening_import(struct journal *j, const struct journal_time *time, const char *body, size_t len,
                   struct diag *reterr)
{
    assert(j && time && (body || len == 0));
    if (journal_pending(j) > 0)
        return -EBUSY;
    int held = journal_skus(j, stop_at_first, NULL);
    if (held < 0)
        return held;
    if (held > 0) {
        diag_set(reterr, 0, "the journal holds stock already: opening stock comes before it");
        return -EEXIST;
    }

    static const char *const columns[] = {"bin",    "sku", "batch", "made",
                                          "expiry", "mrp", "qty",   NULL};
    struct import in = {.journal = j, .time = *time};
    int err = csv_table_read(body, len, columns, import_row, &in, reterr);
    if (err < 0) {
        journal_rollback(j);
        return err;
    }
    err = journal_commit(j);
    return err < 0 ? err : in.rows;
}
