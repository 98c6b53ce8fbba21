/* SPDX-License-Identifier: Apache-2.0 */
/* Stock by SKU, and by batch and bin. */
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "journal_stock.h"
#include "master.h"
#include "web_list.h"

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct web_rows *rows = context;
    cJSON *row = NULL;
    int err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct catalogue_sku product;
    err = web_list_sku(rows, row, lot->batch.sku, &product);
    if (err < 0)
        return err;
    web_list_batch(rows, row, &lot->batch.key, lot->batch.expiry_kind);
    http_json_text_or_null(&rows->json, row, "bin", lot->bin);
    http_json_text(&rows->json, row, "status", stock_status_name(lot->status));
    http_json_day(&rows->json, row, "received", lot->batch.received_day);
    web_list_qty(rows, row, &product, lot->qty);
    return 0;
}

/* Totals of one SKU over its lots, which come in FEFO order. */
struct total {
    int64_t qty;
    int64_t lots;
    int32_t first_expiry_day; /* of what may be sold, else of what lies there */
    bool first_sellable;
};

static int add_lot(const struct journal_lot *lot, void *context)
{
    struct total *t = context;
    bool sellable = lot->status == STOCK_SELLABLE;
    if (t->lots == 0 || (sellable && !t->first_sellable))
        t->first_expiry_day = lot->batch.key.expiry_day;
    t->first_sellable |= sellable;
    t->lots++;
    t->qty += lot->qty;
    return 0;
}

static int add_total(struct web_rows *rows, const char *sku)
{
    struct total t = {.first_expiry_day = CIVIL_NONE};
    int err = journal_lots(rows->floor->journal, sku, add_lot, &t);
    if (err < 0 || t.lots == 0)
        return err;
    cJSON *row = NULL;
    err = web_list_row(rows, &row);
    if (err < 0)
        return err;
    struct catalogue_sku product;
    err = web_list_sku(rows, row, sku, &product);
    if (err < 0)
        return err;
    web_list_qty(rows, row, &product, t.qty);
    http_json_number(&rows->json, row, "lots", t.lots);
    web_list_expiry(rows, row, t.first_expiry_day);
    return 0;
}

static int on_sku(const char *sku, void *context)
{
    return add_total(context, sku);
}

/* Found SKUs are few: they are held at once, unlike all that have stock. */
#define SEARCH_MAX 50

static int search(const struct web_rows *rows, struct catalogue_sku ret[SEARCH_MAX])
{
    return master_search(rows->floor->journal, rows->request->args[ARG_TEXT], ret, SEARCH_MAX);
}

int web_list_stock(struct web_rows *rows)
{
    if (rows->request->args[ARG_SKU][0] != '\0')
        return journal_lots(rows->floor->journal, rows->request->args[ARG_SKU], on_lot, rows);
    if (rows->request->args[ARG_TEXT][0] == '\0')
        return journal_skus(rows->floor->journal, on_sku, rows);
    struct catalogue_sku found[SEARCH_MAX];
    int n = search(rows, found);
    int err = n < 0 ? n : 0;
    for (int i = 0; i < n && err == 0; i++)
        err = add_total(rows, found[i].sku);
    return err;
}

int web_list_search(struct web_rows *rows)
{
    struct catalogue_sku found[SEARCH_MAX];
    int n = search(rows, found);
    int err = n < 0 ? n : 0;
    for (int i = 0; i < n && err == 0; i++) {
        cJSON *row = NULL;
        err = web_list_row(rows, &row);
        if (err < 0)
            break;
        http_json_text(&rows->json, row, "sku", found[i].sku);
        http_json_text(&rows->json, row, "name", found[i].name);
        http_json_text_or_null(&rows->json, row, "name_hi", found[i].name_hi);
        http_json_text_or_null(&rows->json, row, "brand", found[i].brand);
    }
    return err;
}
