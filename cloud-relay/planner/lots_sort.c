/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "lots_input.h"

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_sku(const void *a, const void *b)
{
    return order((*(const struct lots_sku *const *)a)->id,
                 (*(const struct lots_sku *const *)b)->id);
}

static int by_lot(const void *a, const void *b)
{
    const struct lots_lot *x = *(const struct lots_lot *const *)a;
    const struct lots_lot *y = *(const struct lots_lot *const *)b;
    int o = order(x->sku, y->sku);
    return o != 0 ? o : order(x->id, y->id);
}

static int by_place(const void *a, const void *b)
{
    const struct lots_demand *x = *(const struct lots_demand *const *)a;
    const struct lots_demand *y = *(const struct lots_demand *const *)b;
    int o = order(x->sku, y->sku);
    return o != 0 ? o : order(x->site, y->site);
}

static int by_way(const void *a, const void *b)
{
    const struct plan_lane *x = &(*(const struct lots_lane *const *)a)->lane;
    const struct plan_lane *y = &(*(const struct lots_lane *const *)b)->lane;
    int o = order(x->from, y->from);
    o = o != 0 ? o : order(x->to, y->to);
    return o != 0 ? o : order(x->id, y->id);
}

int lots_by_bar(const void *a, const void *b)
{
    const struct lots_bar *x = *(const struct lots_bar *const *)a;
    const struct lots_bar *y = *(const struct lots_bar *const *)b;
    int o = order(x->sku, y->sku);
    return o != 0 ? o : order(x->lane_id, y->lane_id);
}

static int by_u64(const void *a, const void *b)
{
    return order(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* 1 when two of the numbers are one; 0; -ENOMEM. */
static int has_double(const struct lots_input *in, bool of_lots, uint64_t *ret_id)
{
    size_t n = of_lots ? in->lots : in->lanes;
    uint64_t *id = malloc((n + 1) * sizeof(*id));
    if (!id)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        id[i] = of_lots ? in->lot[i].id : in->lane[i].lane.id;
    qsort(id, n, sizeof(*id), by_u64);
    int found = 0;
    for (size_t i = 1; i < n && !found; i++) {
        found = id[i - 1] == id[i];
        *ret_id = id[i];
    }
    free(id);
    return found;
}

void lots_sorted_free(struct lots_sorted *s)
{
    if (!s)
        return;
    free(s->sku);
    free(s->lot);
    free(s->demand);
    free(s->lane);
    free(s->bar);
    free(s);
}

int lots_sort(const struct lots_input *in, struct lots_sorted **ret)
{
    AUTO(lots_sorted) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    s->sku = malloc((in->skus + 1) * sizeof(*s->sku));
    s->lot = malloc((in->lots + 1) * sizeof(*s->lot));
    s->demand = malloc((in->demands + 1) * sizeof(*s->demand));
    s->lane = malloc((in->lanes + 1) * sizeof(*s->lane));
    s->bar = malloc((in->bars + 1) * sizeof(*s->bar));
    if (!s->sku || !s->lot || !s->demand || !s->lane || !s->bar)
        return -ENOMEM;
    for (size_t i = 0; i < in->skus; i++)
        s->sku[i] = &in->sku[i];
    for (size_t i = 0; i < in->lots; i++)
        s->lot[i] = &in->lot[i];
    for (size_t i = 0; i < in->demands; i++)
        s->demand[i] = &in->demand[i];
    for (size_t i = 0; i < in->lanes; i++)
        s->lane[i] = &in->lane[i];
    for (size_t i = 0; i < in->bars; i++)
        s->bar[i] = &in->bar[i];
    qsort(s->sku, in->skus, sizeof(*s->sku), by_sku);
    qsort(s->lot, in->lots, sizeof(*s->lot), by_lot);
    qsort(s->demand, in->demands, sizeof(*s->demand), by_place);
    qsort(s->lane, in->lanes, sizeof(*s->lane), by_way);
    qsort(s->bar, in->bars, sizeof(*s->bar), lots_by_bar);
    *ret = TAKE(s);
    return 0;
}

int lots_check_doubles(const struct lots_input *in, const struct lots_sorted *s,
                       struct diag *reterr)
{
    for (size_t i = 1; i < in->skus; i++) {
        if (s->sku[i - 1]->id == s->sku[i]->id)
            return lots_refuse(reterr, "SKU", s->sku[i]->id, "comes twice");
    }
    for (size_t i = 1; i < in->demands; i++) {
        if (by_place(&s->demand[i - 1], &s->demand[i]) == 0)
            return lots_refuse(reterr, "demand of SKU", in->sku[s->demand[i]->sku].id,
                               "comes twice for one site");
    }
    for (int of_lots = 0; of_lots < 2; of_lots++) {
        uint64_t id = 0;
        int found = has_double(in, of_lots != 0, &id);
        if (found != 0)
            return found < 0 ? found
                             : lots_refuse(reterr, of_lots ? "lot" : "lane", id, "comes twice");
    }
    return 0;
}
