/* SPDX-License-Identifier: Apache-2.0 */
#include "fefo.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"

#define PERMILLE 1000

typedef int (*compare_fn)(const struct fefo_lot *a, const struct fefo_lot *b);

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* CIVIL_NONE sorts before every date, which is right for the age but not for expiry. */
static int64_t expiry_rank(int32_t day)
{
    return day == CIVIL_NONE ? INT64_MAX : day;
}

int fefo_compare(const struct fefo_lot *a, const struct fefo_lot *b)
{
    assert(a && b && a->batch && b->batch);
    int order = compare_numbers(expiry_rank(a->goods.expiry_day), expiry_rank(b->goods.expiry_day));
    if (order == 0)
        order = compare_numbers(a->received_day, b->received_day);
    if (order == 0)
        order = strcmp(a->batch, b->batch);
    if (order == 0)
        order = compare_numbers(a->mrp_paise, b->mrp_paise);
    if (order == 0)
        order = (a->id > b->id) - (a->id < b->id);
    return order;
}

/* Largest first; equal ones as FEFO has them. */
static int compare_units(const struct fefo_lot *a, const struct fefo_lot *b)
{
    int order = compare_numbers(b->free_units, a->free_units);
    return order != 0 ? order : fefo_compare(a, b);
}

/* The eligible lots, as indices into the caller's array. */
struct eligible {
    const struct fefo_lot *lots;
    uint16_t at[FEFO_LOTS_MAX];
    size_t count;
    int64_t units;
};

static void sift_down(struct eligible *e, size_t root, size_t end, compare_fn compare)
{
    for (size_t child = 2 * root + 1; child < end; child = 2 * root + 1) {
        if (child + 1 < end && compare(&e->lots[e->at[child]], &e->lots[e->at[child + 1]]) < 0)
            child++;
        if (compare(&e->lots[e->at[root]], &e->lots[e->at[child]]) >= 0)
            return;
        uint16_t swapped = e->at[root];
        e->at[root] = e->at[child];
        e->at[child] = swapped;
        root = child;
    }
}

/* Heapsort: in place, no allocation (qsort may), n log n whatever comes. */
static void sort(struct eligible *e, compare_fn compare)
{
    for (size_t i = e->count / 2; i > 0; i--)
        sift_down(e, i - 1, e->count, compare);
    for (size_t end = e->count; end > 1; end--) {
        uint16_t last = e->at[end - 1];
        e->at[end - 1] = e->at[0];
        e->at[0] = last;
        sift_down(e, 0, end - 1, compare);
    }
}

static bool add(int64_t *sum, int64_t units)
{
    return !__builtin_add_overflow(*sum, units, sum);
}

static int gather(const struct fefo_lot *lots, size_t count, const struct fefo_request *request,
                  struct eligible *e, struct fefo_result *r)
{
    int64_t all = 0; /* bounds the three sums below */
    bool expired_may_go =
        movement_judge(request->movement, STOCK_EXPIRED, CIVIL_NONE, request->today) ==
        MOVEMENT_PERMITTED; /* a return or a disposal asks for no remaining life */
    for (size_t i = 0; i < count; i++) {
        const struct fefo_lot *lot = &lots[i];
        if (lot->free_units <= 0)
            continue;
        if (!add(&all, lot->free_units))
            return -ERANGE;
        struct shelf_life life =
            shelf_life_judge(&lot->goods, &request->min, request->delivery_day);
        if (movement_judge(request->movement, lot->status, lot->goods.expiry_day, request->today) !=
            MOVEMENT_PERMITTED) {
            r->blocked_units += lot->free_units;
        } else if (!expired_may_go && life.reason != SHELF_LIFE_OK) {
            r->short_life_units += lot->free_units;
        } else {
            e->at[e->count++] = (uint16_t)i;
            e->units += lot->free_units;
        }
    }
    return 0;
}

/* How many lots are needed at least, given them by size. */
static size_t fewest(const struct eligible *by_units, int64_t wanted)
{
    size_t n = 0;
    for (; n < by_units->count && wanted > 0; n++)
        wanted -= by_units->lots[by_units->at[n]].free_units;
    return n;
}

/* Whether `n` of the lots behind `after` in picking order hold `units`. */
static bool rest_suffices(const struct eligible *by_units, const struct fefo_lot *after, size_t n,
                          int64_t units)
{
    for (size_t i = 0; i < by_units->count && n > 0 && units > 0; i++) {
        const struct fefo_lot *lot = &by_units->lots[by_units->at[i]];
        if (fefo_compare(lot, after) <= 0)
            continue;
        units -= lot->free_units;
        n--;
    }
    return units <= 0;
}

/* Keeps, in picking order, the first lots of which a smallest number still suffices. */
static void keep_fewest(struct eligible *e, int64_t wanted)
{
    struct eligible by_units = *e;
    sort(&by_units, compare_units);
    size_t open = fewest(&by_units, wanted);
    size_t kept = 0;
    for (size_t i = 0; i < e->count && open > 0; i++) {
        const struct fefo_lot *lot = &e->lots[e->at[i]];
        if (!rest_suffices(&by_units, lot, open - 1, wanted - lot->free_units))
            continue;
        e->at[kept++] = e->at[i];
        wanted -= lot->free_units;
        open--;
    }
    e->count = kept;
}

int fefo_allocate(const struct fefo_lot *lots, size_t count, const struct fefo_request *request,
                  struct fefo_line *ret_lines, struct fefo_result *ret)
{
    assert((lots || count == 0) && request && (ret_lines || count == 0) && ret);
    if (count > FEFO_LOTS_MAX)
        return -E2BIG;
    if (request->wanted_units < 0 || request->delivery_day < request->today ||
        request->min.days < 0 || request->min.permille < 0 || request->min.permille > PERMILLE)
        return -EINVAL;

    struct eligible e = {.lots = lots};
    struct fefo_result r = {0};
    int err = gather(lots, count, request, &e, &r);
    if (err < 0)
        return err;
    sort(&e, fefo_compare);
    if (request->fewest_lots && e.units >= request->wanted_units)
        keep_fewest(&e, request->wanted_units);

    r.short_units = request->wanted_units;
    for (size_t i = 0; i < e.count && r.short_units > 0; i++) {
        int64_t units = lots[e.at[i]].free_units;
        if (units > r.short_units)
            units = r.short_units;
        ret_lines[r.lines++] = (struct fefo_line){.lot = e.at[i], .units = units};
        r.allocated_units += units;
        r.short_units -= units;
    }
    *ret = r;
    return 0;
}
