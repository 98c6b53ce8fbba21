/* SPDX-License-Identifier: Apache-2.0 */
/* What screens and reports ask of detection: lists and sums over the rows, nothing of it stored. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect_state.h"

static struct detect_batch batch_view(const struct detect *d, const struct sku_row *s,
                                      const struct batch_row *b)
{
    struct detect_batch v = {.key = b->key,
                             .expiry_kind = b->expiry_kind,
                             .days_left = detect_days_left(d, &b->key),
                             .units = b->units,
                             .blocked_units = b->blocked_units,
                             .landed_paise = b->landed_paise,
                             .risk = b->risk,
                             .status = s->state.status,
                             .action = detect_action(&b->risk, s->state.status, b->blocked_units)};
    strcpy(v.sku, s->sku);
    return v;
}

struct ranked {
    const struct sku_row *sku;
    const struct batch_row *batch;
};

static int64_t worth(const struct ranked *r)
{
    return r->batch->risk.total_paise;
}

static int compare_rank(const void *x, const void *y)
{
    const struct ranked *a = x;
    const struct ranked *b = y;
    if (worth(a) != worth(b))
        return worth(a) > worth(b) ? -1 : 1;
    int by_sku = strcmp(a->sku->sku, b->sku->sku);
    if (by_sku != 0)
        return by_sku;
    if (a->batch->key.expiry_day != b->batch->key.expiry_day)
        return a->batch->key.expiry_day < b->batch->key.expiry_day ? -1 : 1;
    int by_number = strcmp(a->batch->key.number, b->batch->key.number);
    if (by_number != 0)
        return by_number;
    return (a->batch->key.mrp_paise > b->batch->key.mrp_paise) -
           (a->batch->key.mrp_paise < b->batch->key.mrp_paise);
}

static bool is_listed(const struct batch_row *b)
{
    return b->blocked_units > 0 ||
           (b->units > 0 && (b->risk.score_bucket > 0 || b->risk.at_risk_units > 0 ||
                             b->risk.state != EXPIRY_SELLS));
}

int detect_batches_at_risk(struct detect *d, size_t max, detect_batch_fn on_batch, void *context)
{
    assert(d && on_batch);
    size_t n = 0;
    struct ranked *all = calloc(d->batches_count > 0 ? d->batches_count : 1, sizeof(*all));
    if (!all)
        return -ENOMEM;
    for (uint32_t i = 0; i < d->skus_count; i++)
        for (uint32_t b = d->skus[i].first; b != DETECT_NONE; b = d->batches[b].next)
            if (is_listed(&d->batches[b]))
                all[n++] = (struct ranked){&d->skus[i], &d->batches[b]};
    qsort(all, n, sizeof(*all), compare_rank);
    int stop = 0;
    for (size_t i = 0; i < n && i < max && stop == 0; i++) {
        struct detect_batch v = batch_view(d, all[i].sku, all[i].batch);
        stop = on_batch(&v, context);
    }
    free(all);
    return stop;
}

int detect_batches_of(struct detect *d, const char *sku, detect_batch_fn on_batch, void *context)
{
    assert(d && sku && on_batch);
    const struct sku_row *s = detect_find(d, sku);
    if (!s || s->first == DETECT_NONE)
        return -ENOENT;
    int stop = 0;
    for (uint32_t b = s->first; b != DETECT_NONE && stop == 0; b = d->batches[b].next) {
        struct detect_batch v = batch_view(d, s, &d->batches[b]);
        stop = on_batch(&v, context);
    }
    return stop;
}

static struct detect_sku_score sku_view(const struct detect *d, const struct sku_row *s)
{
    struct detect_sku_score v = {.units = s->units,
                                 .landed_paise = s->landed_paise,
                                 .rate_milli = (int64_t)(s->demand.rate * 1000 + 0.5),
                                 .movement = s->movement,
                                 .no_sale_permille = s->no_sale_permille,
                                 .status = s->state.status,
                                 .dead = s->dead,
                                 .horizon_days = d->conf.dead_horizon_days,
                                 .impact = s->impact};
    strcpy(v.sku, s->sku);
    strcpy(v.category, s->category);
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next) {
        v.risk_paise += d->batches[b].risk.total_paise;
        v.risk_units += d->batches[b].risk.at_risk_units;
    }
    return v;
}

int detect_skus(struct detect *d, detect_sku_fn on_sku, void *context)
{
    assert(d && on_sku);
    int stop = 0;
    for (uint32_t i = 0; i < d->skus_count && stop == 0; i++)
        if (d->skus[i].units != 0) {
            struct detect_sku_score v = sku_view(d, &d->skus[i]);
            stop = on_sku(&v, context);
        }
    return stop;
}

struct detect_total detect_total(const struct detect *d, const char *category)
{
    assert(d);
    struct detect_total t = {0};
    for (uint32_t i = 0; i < d->skus_count; i++) {
        const struct sku_row *s = &d->skus[i];
        if (s->units == 0 || (category && strcmp(category, s->category) != 0))
            continue;
        struct detect_sku_score v = sku_view(d, s);
        t.skus++;
        t.dead_skus += v.status == DEAD_STOCK_DEAD;
        t.slow_skus += v.status == DEAD_STOCK_SLOW_MOVING;
        t.landed_paise += v.landed_paise;
        t.risk_units += v.risk_units;
        t.risk_paise += v.risk_paise;
        t.impact = financial_impact_add(t.impact, v.impact);
        for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next)
            t.batches += d->batches[b].units > 0;
    }
    return t;
}

typedef int (*compare_fn)(const void *x, const void *y);

static int by_category(const void *x, const void *y)
{
    const struct sku_row *a = *(const struct sku_row *const *)x;
    const struct sku_row *b = *(const struct sku_row *const *)y;
    return strcmp(a->category, b->category);
}

static int by_rupees(const void *x, const void *y)
{
    const struct sku_row *a = *(const struct sku_row *const *)x;
    const struct sku_row *b = *(const struct sku_row *const *)y;
    if (a->landed_paise != b->landed_paise)
        return a->landed_paise > b->landed_paise ? -1 : 1;
    return strcmp(a->sku, b->sku);
}

static bool has_stock(const struct sku_row *s)
{
    return s->units != 0;
}

static bool is_slow(const struct sku_row *s)
{
    return s->units > 0 && s->state.status != DEAD_STOCK_ACTIVE;
}

/* The SKUs that are wanted, in order; the caller frees *ret. Returns how many, or -ENOMEM. */
static int sorted(const struct detect *d, bool (*wanted)(const struct sku_row *s),
                  compare_fn compare, const struct sku_row ***ret)
{
    const struct sku_row **all = calloc(d->skus_count > 0 ? d->skus_count : 1, sizeof(*all));
    if (!all)
        return -ENOMEM;
    int n = 0;
    for (uint32_t i = 0; i < d->skus_count; i++)
        if (wanted(&d->skus[i]))
            all[n++] = &d->skus[i];
    qsort(all, (size_t)n, sizeof(all[0]), compare);
    *ret = all;
    return n;
}

int detect_slow_skus(const struct detect *d, size_t max, detect_sku_fn on_sku, void *context)
{
    assert(d && on_sku);
    const struct sku_row **slow = NULL;
    int n = sorted(d, is_slow, by_rupees, &slow);
    int stop = n < 0 ? n : 0;
    for (int i = 0; i < n && (size_t)i < max && stop == 0; i++) {
        struct detect_sku_score v = sku_view(d, slow[i]);
        stop = on_sku(&v, context);
    }
    free(slow);
    return stop;
}

int detect_categories(const struct detect *d, detect_category_fn on_category, void *context)
{
    assert(d && on_category);
    const struct sku_row **stocked = NULL;
    int n = sorted(d, has_stock, by_category, &stocked);
    int stop = n < 0 ? n : 0;
    for (int i = 0; i < n && stop == 0; i++) {
        if (i > 0 && strcmp(stocked[i - 1]->category, stocked[i]->category) == 0)
            continue;
        struct detect_total total = detect_total(d, stocked[i]->category);
        stop = on_category(stocked[i]->category, &total, context);
    }
    free(stocked);
    return stop;
}
