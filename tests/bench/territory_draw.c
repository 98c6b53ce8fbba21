/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory_draw.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "detmath.h"
#include "rng.h"

#define BUCKETS 3
#define NEAREST 20
#define STATES 28
#define MG_PER_KG 1e6
#define PAISE 100.0

struct place {
    double x, y;
    double size;
    uint32_t state;
};

struct territory {
    struct lots_input in;
    struct rng rng;
    struct place *place;
    int64_t *room_mg;
    struct lots_sku *sku;
    struct lots_lot *lot;
    struct lots_demand *demand;
    struct lots_lane *lane;
    size_t lots_max, demands_max;
};

static const int32_t bucket_end[BUCKETS] = {21, 45, 90};

static void *take(size_t count, size_t size)
{
    void *p = calloc(count + 1, size);
    if (!p) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static double uniform(struct territory *t, double low, double high)
{
    return low + (high - low) * rng_unit(&t->rng);
}

/* Marsaglia's polar method, with logarithms that are the same everywhere. */
static double normal(struct territory *t)
{
    for (;;) {
        double u = uniform(t, -1, 1);
        double v = uniform(t, -1, 1);
        double s = u * u + v * v;
        if (s > 1e-12 && s < 1)
            return u * sqrt(-2 * detmath_log(s) / s);
    }
}

static double lognormal(struct territory *t, double median, double sigma)
{
    return median * detmath_exp(sigma * normal(t));
}

static double clip(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

/* --- sites and lanes */

static void draw_places(struct territory *t)
{
    uint32_t hubs = t->in.sites / 12 > 4 ? t->in.sites / 12 : 4;
    struct place *hub = take(hubs, sizeof(*hub));
    struct place state[STATES];
    for (uint32_t h = 0; h < hubs; h++)
        hub[h] = (struct place){.x = uniform(t, 0, 2400), .y = uniform(t, 0, 2700)};
    for (uint32_t c = 0; c < STATES; c++)
        state[c] = (struct place){.x = uniform(t, 0, 2400), .y = uniform(t, 0, 2700)};
    for (uint32_t i = 0; i < t->in.sites; i++) {
        struct place *p = &t->place[i];
        const struct place *h = &hub[rng_below(&t->rng, hubs)];
        p->x = h->x + 110 * normal(t);
        p->y = h->y + 110 * normal(t);
        p->size = lognormal(t, 1, .6);
        double nearest = INFINITY;
        for (uint32_t c = 0; c < STATES; c++) {
            double dx = p->x - state[c].x;
            double dy = p->y - state[c].y;
            if (dx * dx + dy * dy < nearest) {
                nearest = dx * dx + dy * dy;
                p->state = c;
            }
        }
    }
    free(hub);
}

static double distance(const struct territory *t, uint32_t i, uint32_t j)
{
    double dx = t->place[i].x - t->place[j].x;
    double dy = t->place[i].y - t->place[j].y;
    return sqrt(dx * dx + dy * dy);
}

static struct lots_lane lane_between(const struct territory *t, uint32_t i, uint32_t j)
{
    double km = 15 + 1.3 * distance(t, i, j);
    bool crosses = t->place[i].state != t->place[j].state;
    double truck = 450 + 3.2 * km + (crosses ? 450 : 120);
    return (struct lots_lane){.lane = {.id = (uint32_t)t->in.lanes,
                                       .from = i,
                                       .to = j,
                                       .trucks_max = 3,
                                       .truck_mg = (int64_t)(2500 * MG_PER_KG),
                                       .truck_paise = (int64_t)(truck * PAISE),
                                       .least_mg = (int64_t)(100 * MG_PER_KG)},
                              .lead_days = 1 + (int32_t)ceil(km / 350),
                              .tonne_paise = (int64_t)((.6 + .0022 * km) * PAISE * 1000)};
}

static void draw_lanes(struct territory *t)
{
    uint32_t near = t->in.sites - 1 < NEAREST ? t->in.sites - 1 : NEAREST;
    bool *taken = take(t->in.sites, sizeof(*taken));
    for (uint32_t i = 0; i < t->in.sites; i++) {
        for (uint32_t j = 0; j < t->in.sites; j++)
            taken[j] = j == i;
        for (uint32_t n = 0; n < near; n++) {
            uint32_t best = UINT32_MAX;
            for (uint32_t j = 0; j < t->in.sites; j++) {
                if (!taken[j] && (best == UINT32_MAX || distance(t, i, j) < distance(t, i, best)))
                    best = j;
            }
            taken[best] = true;
            t->lane[t->in.lanes] = lane_between(t, i, best);
            t->in.lanes++;
        }
    }
    free(taken);
}

/* --- goods */

struct goods {
    double kg;
    double cost;     /* rupees a case */
    double price;    /* rupees a case, to the retailer */
    double velocity; /* cases a day at a site of size 1 */
    bool returnable;
};

static struct goods draw_goods(struct territory *t)
{
    struct goods g = {.kg = clip(lognormal(t, 6, .6), 1, 20),
                      .cost = clip(lognormal(t, 900, .7), 150, 6000),
                      .velocity = lognormal(t, .15, 1.1)};
    g.price = g.cost * (1 + uniform(t, .06, .14));
    g.returnable = rng_unit(&t->rng) < .35;
    return g;
}

static struct lots_lot draw_lot(struct territory *t, const struct goods *g, uint32_t k, uint32_t i,
                                double rate)
{
    int32_t days = 14 + (int32_t)rng_below(&t->rng, 97);
    double q = floor(rate * days * uniform(t, 1.3, 4) + uniform(t, 2, 12));
    double deep = uniform(t, .62, .82);
    double deeper = uniform(t, .35, .55);
    double credit = uniform(t, .55, .75);
    struct lots_lot lot = {.id = t->in.lots,
                           .sku = k,
                           .site = i,
                           .cases = (int64_t)q,
                           .days_left = days,
                           .ceiling_paise = (int64_t)(g->price * PAISE) + 1,
                           .carry_paise = (int64_t)(g->cost * PAISE * .18 * 45 / 365 / 10),
                           .tier = {{(int64_t)(q * .3), (int64_t)(g->cost * PAISE * deep)},
                                    {(int64_t)(q * .4), (int64_t)(g->cost * PAISE * deeper)}},
                           .write_off_paise = (int64_t)(g->kg * 5 * PAISE)};
    if (g->returnable && days > 45) {
        lot.return_cases = (int64_t)(q / 2);
        lot.return_paise = (int64_t)((g->cost * credit - 3 * g->kg) * PAISE);
    }
    return lot;
}

static void draw_site(struct territory *t, const struct goods *g, uint32_t k, uint32_t i)
{
    double rate = g->velocity * t->place[i].size * lognormal(t, 1, .7);
    bool distressed = rng_unit(&t->rng) < .08;
    if (distressed)
        t->lot[t->in.lots] = draw_lot(t, g, k, i, rate);
    t->in.lots += distressed;
    if (distressed && rng_unit(&t->rng) < .25)
        rate *= .05; /* delisted, or out of season */
    double held = uniform(t, -10, 45);
    struct lots_demand *d = &t->demand[t->in.demands++];
    *d = (struct lots_demand){.sku = k,
                              .site = i,
                              .price_paise = (int64_t)(g->price * PAISE),
                              .on_hand_units = held > 0 ? (int64_t)(rate * held) : 0};
    for (uint32_t b = 0; b < BUCKETS; b++) {
        double days = bucket_end[b] - (b > 0 ? bucket_end[b - 1] : 0);
        d->mean_units[b] = rate * days;
        d->shape[b] = uniform(t, .6, 3) * days / 10;
    }
}

static void draw_skus(struct territory *t)
{
    for (uint32_t k = 0; k < t->in.skus; k++) {
        struct goods g = draw_goods(t);
        t->sku[k] =
            (struct lots_sku){.id = k, .case_units = 1, .case_mg = (int64_t)(g.kg * 1e4) * 100};
        for (uint32_t i = 0; i < t->in.sites; i++) {
            if (rng_unit(&t->rng) < .3)
                draw_site(t, &g, k, i);
        }
    }
}

struct territory *territory_draw(const struct territory_sizes *sizes)
{
    struct territory *t = take(1, sizeof(*t));
    size_t pairs = (size_t)sizes->sites * sizes->skus;
    t->rng = rng_seed(sizes->seed);
    t->in = (struct lots_input){
        .sites = sizes->sites, .buckets = BUCKETS, .segments = 4, .skus = sizes->skus};
    t->place = take(sizes->sites, sizeof(*t->place));
    t->room_mg = take(sizes->sites, sizeof(*t->room_mg));
    t->sku = take(sizes->skus, sizeof(*t->sku));
    t->lot = take(pairs, sizeof(*t->lot));
    t->demand = take(pairs, sizeof(*t->demand));
    t->lane = take((size_t)sizes->sites * NEAREST, sizeof(*t->lane));
    for (uint32_t b = 0; b < BUCKETS; b++)
        t->in.bucket_end[b] = bucket_end[b];
    draw_places(t);
    draw_lanes(t);
    draw_skus(t);
    for (uint32_t i = 0; i < sizes->sites; i++)
        t->room_mg[i] = (int64_t)(t->place[i].size * sizes->skus * uniform(t, 4, 10) * 1e3) * 1000;
    t->in.room_mg = t->room_mg;
    t->in.sku = t->sku;
    t->in.lot = t->lot;
    t->in.demand = t->demand;
    t->in.lane = t->lane;
    return t;
}

const struct lots_input *territory_input(const struct territory *t)
{
    return &t->in;
}

void territory_free(struct territory *t)
{
    free(t->place);
    free(t->room_mg);
    free(t->sku);
    free(t->lot);
    free(t->demand);
    free(t->lane);
    free(t);
}
