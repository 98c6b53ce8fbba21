/* SPDX-License-Identifier: Apache-2.0 */
#include "bin_suggest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"

struct racks {
    struct catalogue_bin bins[BIN_SUGGEST_BINS_MAX];
    size_t count;
    const char *from;
};

static int on_bin(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_bin *bin = record;
    struct racks *r = context;
    if (bin->kind == BIN_RACK && strcmp(bin->bin, r->from) != 0)
        r->bins[r->count++] = *bin;
    return r->count == BIN_SUGGEST_BINS_MAX;
}

static int by_walk(const void *a, const void *b)
{
    const struct catalogue_bin *x = a;
    const struct catalogue_bin *y = b;
    if (x->walk != y->walk)
        return x->walk < y->walk ? -1 : 1;
    return strcmp(x->bin, y->bin);
}

/* What a bin holds. */
struct load {
    struct step *step;
    const char *sku;
    int64_t volume_ml;
    bool holds_sku;
    bool empty;
};

static int64_t volume_of(const struct catalogue_sku *product, int64_t qty)
{
    int64_t ml = 0;
    if (qty <= 0 || decimal_muldiv(qty, product->volume_ml, product->packs[0].units, &ml) < 0)
        return 0;
    return ml;
}

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct load *l = context;
    struct catalogue_sku product;
    if (lot->qty == 0)
        return 0;
    l->empty = false;
    l->holds_sku |= strcmp(lot->batch.sku, l->sku) == 0;
    int found = master_sku(l->step->journal, lot->batch.sku, &product);
    if (found > 0)
        l->volume_ml += volume_of(&product, lot->qty);
    return found < 0 ? found : 0;
}

int bin_suggest(struct step *s, const struct catalogue_sku *product, int64_t qty, const char *from,
                char ret_bin[ENTRY_BIN_SIZE])
{
    assert(s && product && from && ret_bin);
    struct racks racks = {.from = from};
    int err = master_each(s->journal, DOCUMENT_BINS, on_bin, &racks);
    if (err < 0)
        return err;
    qsort(racks.bins, racks.count, sizeof(racks.bins[0]), by_walk);

    int64_t needed = volume_of(product, qty);
    const struct catalogue_bin *empty = NULL;
    for (size_t i = 0; i < racks.count; i++) {
        const struct catalogue_bin *bin = &racks.bins[i];
        struct load load = {.step = s, .sku = product->sku, .empty = true};
        err = journal_lots_in_bin(s->journal, bin->bin, on_lot, &load);
        if (err < 0)
            return err;
        if (bin->volume_ml > 0 && load.volume_ml + needed > bin->volume_ml)
            continue;
        if (load.holds_sku) {
            memcpy(ret_bin, bin->bin, ENTRY_BIN_SIZE);
            return 1;
        }
        if (load.empty && !empty)
            empty = bin;
    }
    if (!empty)
        return 0;
    memcpy(ret_bin, empty->bin, ENTRY_BIN_SIZE);
    return 1;
}
