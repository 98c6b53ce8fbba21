/* SPDX-License-Identifier: Apache-2.0 */
/* Measures how long the appliance takes to score its stock again: all batches, and those of one
 * SKU. A machine is told apart from the code by a baseline of the same run: sorting the same
 * batches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "expiry_risk.h"
#include "rng.h"

#define SKUS 5000
#define BATCHES_A_SKU 10
#define BATCHES (SKUS * BATCHES_A_SKU)
#define WEEKS 104
#define RUNS 15

struct stock {
    struct demand demand[SKUS];
    struct expiry_batch batches[BATCHES];
    struct expiry_batch sorted[BATCHES];
    struct expiry_risk risks[BATCHES];
};

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Two years of weekly sales from slow to brisk, and stock of a few days to a year of them. */
static double fill(struct stock *s)
{
    struct rng rng = rng_seed(50000);
    struct demand_pool pool = demand_pool_vague();
    double us_fit = 0;
    for (int i = 0; i < SKUS; i++) {
        double y[WEEKS];
        double work[WEEKS];
        double chance = rng_unit(&rng);
        uint64_t size = 1 + rng_below(&rng, UINT64_C(1) << rng_below(&rng, 12));
        for (int t = 0; t < WEEKS; t++)
            y[t] = rng_unit(&rng) < chance ? (double)(1 + rng_below(&rng, size)) : 0;
        double start = now_us();
        s->demand[i] = demand_fit(y, WEEKS, &pool, work);
        us_fit += now_us() - start;
        int32_t days = (int32_t)rng_below(&rng, 30) - 5;
        for (int k = 0; k < BATCHES_A_SKU; k++) {
            uint64_t cover = 1 + rng_below(&rng, 60) * (uint64_t)(s->demand[i].rate + 1) / 7;
            days += (int32_t)rng_below(&rng, 45);
            s->batches[i * BATCHES_A_SKU + k] =
                (struct expiry_batch){.units = (int64_t)cover,
                                      .days_to_expiry = days,
                                      .refuse_days = 20,
                                      .landed_paise = (int64_t)cover * 4500,
                                      .credit_paise = (int64_t)cover * 225,
                                      .disposal_paise = (int64_t)cover * 60};
        }
    }
    return us_fit / SKUS;
}

static int by_value(const void *pa, const void *pb)
{
    const struct expiry_batch *a = pa;
    const struct expiry_batch *b = pb;
    return (a->landed_paise > b->landed_paise) - (a->landed_paise < b->landed_paise);
}

static double time_baseline(struct stock *s)
{
    memcpy(s->sorted, s->batches, sizeof(s->sorted));
    double start = now_us();
    qsort(s->sorted, BATCHES, sizeof(*s->sorted), by_value);
    return now_us() - start;
}

static double time_rescore(struct stock *s, const struct expiry_terms *terms)
{
    double start = now_us();
    for (int i = 0; i < SKUS; i++)
        expiry_risk_batches(&s->demand[i], 7, terms, &s->batches[i * BATCHES_A_SKU], BATCHES_A_SKU,
                            &s->risks[i * BATCHES_A_SKU]);
    return now_us() - start;
}

int main(void)
{
    struct stock *s = calloc(1, sizeof(*s));
    if (!s)
        return 1;
    struct expiry_terms terms = expiry_terms_default();
    double fit = fill(s);
    double rescore = 0;
    double baseline = 0;
    for (int i = 0; i < RUNS; i++) { /* the least of several: the rest is the machine's noise */
        double b = time_baseline(s);
        double r = time_rescore(s, &terms);
        baseline = i == 0 || b < baseline ? b : baseline;
        rescore = i == 0 || r < rescore ? r : rescore;
    }
    int64_t at_risk = 0;
    for (int i = 0; i < BATCHES; i++)
        at_risk += s->risks[i].total_paise;
    printf("rescore %d batches of %d SKUs: %.1f ms (wanted: at most 100)\n", BATCHES, SKUS,
           rescore / 1e3);
    printf("baseline, qsort of the same batches: %.1f ms; ratio %.2f\n", baseline / 1e3,
           rescore / baseline);
    printf("one SKU of %d batches: %.1f us; one batch: %.2f us\n", BATCHES_A_SKU, rescore / SKUS,
           rescore / BATCHES);
    printf("demand_fit over %d weeks: %.1f us a SKU\n", WEEKS, fit);
    printf("memory: %zu bytes a SKU, %zu a batch, %zu a result\n", sizeof(struct demand),
           sizeof(struct expiry_batch), sizeof(struct expiry_risk));
    printf("rupees at risk: %lld\n", (long long)(at_risk / 100));
    free(s);
    return rescore <= 100e3 ? 0 : 1;
}
