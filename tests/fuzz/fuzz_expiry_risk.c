/* SPDX-License-Identifier: Apache-2.0 */
/* Any history, terms and batches: risks stay within what is there, and totals add up. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expiry_risk.h"

#define PERIODS_MAX 64
#define BATCHES_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

/* Takes len bytes; what is missing at the end is zero. */
static void take(struct input *in, void *to, size_t len)
{
    size_t n = len < in->size ? len : in->size;
    memset(to, 0, len);
    if (n > 0)
        memcpy(to, in->data, n);
    in->data += n;
    in->size -= n;
}

static void check(const struct expiry_batch *b, const struct expiry_risk *r)
{
    int64_t units = b->units < 0 ? 0 : b->units > EXPIRY_UNITS_MAX ? EXPIRY_UNITS_MAX : b->units;
    if (r->at_risk_units < 0 || r->at_risk_units > units)
        abort();
    if (r->unsold_milli < 0 || r->unsold_milli > units * 1000)
        abort();
    if (r->not_sold_out_permille > 1000 || r->score > 100)
        abort();
    if (r->landed_paise < 0 || r->carrying_paise < 0 || r->disposal_paise < 0 ||
        r->credit_paise < 0)
        abort();
    if (r->total_paise != r->landed_paise + r->carrying_paise + r->disposal_paise + r->credit_paise)
        abort();
    unsigned sum = 0;
    for (int f = 0; f < EXPIRY_FACTORS; f++)
        sum += r->factor[f];
    if (r->score != sum)
        abort();
    if (units == 0 && (r->score > 0 || r->total_paise > 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, size};
    struct expiry_terms terms;
    uint8_t custom;
    take(&in, &custom, 1);
    if (custom & 1)
        take(&in, &terms, sizeof(terms));
    else
        terms = expiry_terms_default();
    if (expiry_terms_check(&terms) < 0)
        terms = expiry_terms_default();

    uint8_t shape[3];
    take(&in, shape, sizeof(shape));
    uint32_t periods = shape[0] % (PERIODS_MAX + 1);
    uint32_t n = shape[1] % (BATCHES_MAX + 1);
    double y[PERIODS_MAX];
    double work[PERIODS_MAX];
    for (uint32_t t = 0; t < periods; t++) {
        uint32_t units;
        take(&in, &units, sizeof(units));
        y[t] = custom & 2 ? units : units & 15;
    }
    struct demand_pool pool = demand_pool_vague();
    struct demand d = demand_fit(y, periods, &pool, work);

    struct expiry_batch batches[BATCHES_MAX];
    struct expiry_risk risks[BATCHES_MAX];
    for (uint32_t i = 0; i < n; i++) {
        take(&in, &batches[i], sizeof(batches[i]));
        if (custom & 4) { /* sizes that occur */
            batches[i].units &= 1023;
            batches[i].days_to_expiry %= 400;
            batches[i].refuse_days %= 100;
        }
    }
    expiry_risk_batches(&d, 1 + shape[2] % 31, &terms, batches, n, risks);
    for (uint32_t i = 0; i < n; i++)
        check(&batches[i], &risks[i]);
    return 0;
}
