/* SPDX-License-Identifier: Apache-2.0 */
/* One SKU: what the journal holds of it becomes rows, and the rules turn rows into scores. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "detect_state.h"
#include "journal_stock.h"
#include "master.h"

int32_t detect_days_left(const struct detect *d, const struct batch_key *key)
{
    return key->expiry_day == CIVIL_NONE ? INT32_MAX : key->expiry_day - d->today;
}

static void free_batches(struct detect *d, struct sku_row *s)
{
    while (s->first != DETECT_NONE) {
        uint32_t b = s->first;
        s->first = d->batches[b].next;
        d->batches[b].next = d->free_batch;
        d->free_batch = b;
        d->batches_count--;
    }
}

int detect_row(struct detect *d, const char *sku, struct sku_row **ret)
{
    assert(strlen(sku) < ENTRY_SKU_SIZE);
    uint32_t at = 0;
    for (uint32_t high = d->skus_count; at < high;) {
        uint32_t middle = at + (high - at) / 2;
        int order = strcmp(d->skus[middle].sku, sku);
        if (order == 0) {
            *ret = &d->skus[middle];
            return 0;
        }
        if (order < 0)
            at = middle + 1;
        else
            high = middle;
    }
    if (d->skus_count == d->conf.skus_max)
        return -ENOSPC;
    struct sku_row fresh = {.first = DETECT_NONE};
    strcpy(fresh.sku, sku);
    int err = detect_read_facts(d, &fresh);
    if (err < 0)
        return err;
    memmove(&d->skus[at + 1], &d->skus[at], (d->skus_count - at) * sizeof(d->skus[0]));
    d->skus_count++;
    if (d->swept > at)
        d->swept++; /* the present sweep has passed this place */
    d->skus[at] = fresh;
    *ret = &d->skus[at];
    return 0;
}

int detect_read_facts(struct detect *d, struct sku_row *s)
{
    struct catalogue_sku facts;
    int found = master_sku(d->journal, s->sku, &facts);
    if (found <= 0)
        return found; /* a SKU that left the catalogue keeps its stock, and the facts it had */
    strcpy(s->category, facts.category);
    s->goods = stock_goods_of(facts.hsn, facts.outlet_days, facts.packs[0].units, facts.volume_ml,
                              facts.weight_g);
    return 0;
}

struct lots {
    struct detect *detect;
    struct sku_row *sku;
    uint32_t last; /* batch row, or DETECT_NONE */
    uint32_t count;
};

/* Lots come batch by batch: a new key begins a new row. */
static int add_lot(const struct journal_lot *lot, void *context)
{
    struct lots *in = context;
    struct detect *d = in->detect;
    if (in->last == DETECT_NONE || !batch_key_equal(&d->batches[in->last].key, &lot->batch.key)) {
        if (d->free_batch == DETECT_NONE || in->count == DETECT_SKU_BATCHES_MAX) {
            d->dropped++;
            return 0;
        }
        uint32_t b = d->free_batch;
        d->free_batch = d->batches[b].next;
        d->batches[b] = (struct batch_row){
            .next = DETECT_NONE, .key = lot->batch.key, .expiry_kind = lot->batch.expiry_kind};
        if (in->last == DETECT_NONE)
            in->sku->first = b;
        else
            d->batches[in->last].next = b;
        in->last = b;
        in->count++;
        d->batches_count++;
    }
    struct batch_row *row = &d->batches[in->last];
    if (lot->status != STOCK_SELLABLE) {
        row->blocked_units += lot->qty;
        return 0;
    }
    row->units += lot->qty;
    int64_t landed = 0;
    if (decimal_muldiv(row->units, lot->batch.cost_paise_per_1000, 1000, &landed) == 0)
        row->landed_paise = landed;
    row->credit_paise =
        stock_goods_credit(&in->sku->goods, row->landed_paise, lot->batch.received_day);
    return 0;
}

/* FLAGGED entries carry the state in `reason`; see report in detect_sweep.c. */
int detect_read_lots(struct detect *d, struct sku_row *s)
{
    /* Which batches the journal knows as flagged survives the new reading. */
    struct batch_key flagged[DETECT_SKU_BATCHES_MAX];
    uint32_t n = 0;
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next)
        if (d->batches[b].flagged)
            flagged[n++] = d->batches[b].key;

    free_batches(d, s);
    struct lots in = {.detect = d, .sku = s, .last = DETECT_NONE};
    int err = journal_lots(d->journal, s->sku, add_lot, &in);
    if (err < 0)
        return err;
    s->units = 0;
    s->landed_paise = 0;
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next) {
        struct batch_row *row = &d->batches[b];
        s->units += row->units;
        s->landed_paise += row->landed_paise;
        for (uint32_t i = 0; i < n && !row->flagged; i++)
            row->flagged = batch_key_equal(&flagged[i], &row->key);
    }
    return 0;
}

int detect_history(struct detect *d, const char *sku)
{
    struct journal_sku_life life;
    int err = journal_sku_life(d->journal, sku, &life);
    if (err < 0 || life.first_received_day == CIVIL_NONE)
        return err;
    int32_t from = d->today - DETECT_HISTORY_DAYS;
    int32_t to = d->today - 1; /* the present day is not over */
    int32_t began = CIVIL_NONE;
    err = journal_demand(d->journal, sku, from, to, d->day_units, d->day_stocked);
    if (err == 0)
        err = master_history(d->journal, sku, from, to, d->day_units, &began);
    if (err < 0)
        return err;
    /* Before the journal nobody kept the stock: a day that the history covers counts as stocked. */
    int32_t first = life.first_received_day;
    if (began != CIVIL_NONE && began < first) {
        for (int32_t day = began < from ? from : began; day <= to && day < first; day++)
            d->day_stocked[day - from] = 1;
        first = began;
    }
    if (first > to)
        return 0;
    int32_t skip = first > from ? first - from : 0;
    return (int)demand_in_stock(d->day_units + skip, d->day_stocked + skip,
                                (uint32_t)(DETECT_HISTORY_DAYS - skip), d->series);
}

int detect_fit(struct detect *d, struct sku_row *s)
{
    int n = detect_history(d, s->sku);
    if (n < 0)
        return n;
    s->movement = dead_stock_movement(d->series, (uint32_t)n, d->conf.dead.window_days);
    demand_cut_outliers(d->series, (uint32_t)n, &d->pool);
    s->demand = demand_fit(d->series, (uint32_t)n, &d->pool, d->blocks);
    double no_sale = demand_no_sale(&s->demand, &d->pool, d->conf.dead_horizon_days);
    s->no_sale_permille = (uint16_t)(no_sale * 1000 + 0.5);
    return 0;
}

void detect_score(struct detect *d, struct sku_row *s)
{
    uint32_t n = 0;
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next) {
        const struct batch_row *row = &d->batches[b];
        struct stock_goods_batch batch = {row->units, detect_days_left(d, &row->key),
                                          row->landed_paise, row->credit_paise};
        d->scored[n++] = stock_goods_expiry(&s->goods, &batch, &d->conf.rates);
    }
    expiry_risk_batches(&s->demand, 1, &d->conf.expiry, d->scored, n, d->risks);
    n = 0;
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next)
        d->batches[b].risk = d->risks[n++];

    struct dead_stock_facts facts = {.on_hand_units = s->units,
                                     .movement = s->movement,
                                     .no_sale_permille = s->no_sale_permille};
    s->dead = dead_stock_score(&facts, &d->conf.dead);
    s->impact = (struct financial_impact){0};
    if (s->state.status != DEAD_STOCK_ACTIVE && s->units > 0) {
        struct financial_impact_stock stock =
            stock_goods_lying(&s->goods, s->units, &d->conf.rates);
        stock.landed_paise = s->landed_paise;
        stock.days = (int32_t)d->conf.dead_horizon_days;
        s->impact = financial_impact(&stock, &d->conf.rates);
    }
}
