/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>

#include "attr.h"
#include "demand_point.h"

#define PERIODS_MAX 16

enum method { SES, TSB, CROSTON, SBA, ADIDA, IMAPA, INTERVAL };

struct row {
    const char *name;
    enum method method;
    double want;
    double tolerance;
    uint32_t n;
    double y[PERIODS_MAX];
};

/* Worked by hand from the formulae. Constant of Croston and SBA is 0.5, the range of SES .1 to .3.
 */
static struct row rows[] = {
    {"SES of one period is that period", SES, 7, 0, 1, {7}},
    {"SES of a level is the level", SES, 5, 0, 4, {5, 5, 5, 5}},
    {"SES takes the lowest constant when all err alike", SES, 11, 1e-12, 2, {10, 20}},
    {"SES takes the highest constant when the level shifts", SES, 6.57, 1e-9, 4, {0, 10, 10, 10}},
    {"TSB without a sale is nothing", TSB, 0, 0, 3, {0, 0, 0}},
    {"TSB of a level is the level", TSB, 3, 1e-12, 5, {3, 3, 3, 3, 3}},
    {"TSB fades by its lowest constant", TSB, 0.999975, 1e-12, 2, {2, 0}},
    {"Croston without a sale is nothing", CROSTON, 0, 0, 3, {0, 0, 0}},
    {"Croston of one sale is size by interval", CROSTON, 1.5, 0, 3, {0, 3, 0}},
    {"Croston smooths size and interval apart", CROSTON, 4.5 / 2.5, 1e-12, 5, {0, 3, 0, 0, 6}},
    {"Croston does not fade", CROSTON, 4.5 / 2.5, 1e-12, 9, {0, 3, 0, 0, 6, 0, 0, 0, 0}},
    {"SBA takes Croston's bias out", SBA, 0.75 * 4.5 / 2.5, 1e-12, 5, {0, 3, 0, 0, 6}},
    {"the mean interval counts from before the start", INTERVAL, 3, 0, 5, {0, 3, 0, 0, 6}},
    {"the mean interval is at least one", INTERVAL, 1, 0, 3, {0, 0, 0}},
    {"ADIDA drops the head that fills no block", ADIDA, 2, 1e-12, 5, {0, 3, 0, 0, 6}},
    {"ADIDA smooths block sums", ADIDA, 3.3 / 2, 1e-12, 4, {0, 3, 0, 6}},
    {"IMAPA without a sale is nothing", IMAPA, 0, 0, 3, {0, 0, 0}},
    {"IMAPA of a level is the level", IMAPA, 4, 1e-12, 6, {4, 4, 4, 4, 4, 4}},
    {"IMAPA averages the block lengths", IMAPA, (1.829 + 1.65 + 2) / 3, 0.02, 5, {0, 3, 0, 0, 6}},
};

static double forecast(const struct row *r)
{
    double work[PERIODS_MAX];
    switch (r->method) {
    case SES:
        return demand_point_ses(r->y, r->n, .1, .3);
    case TSB:
        return demand_point_tsb_opt(r->y, r->n);
    case CROSTON:
        return demand_point_croston(r->y, r->n, .5);
    case SBA:
        return demand_point_sba(r->y, r->n, .5);
    case ADIDA:
        return demand_point_adida(r->y, r->n, work);
    case IMAPA:
        return demand_point_imapa(r->y, r->n, work);
    case INTERVAL:
        return demand_point_interval(r->y, r->n);
    }
    return -1;
}

static void forecast_row(void **state)
{
    const struct row *r = *state;
    double got = forecast(r);
    if (!(fabs(got - r->want) <= r->tolerance))
        fail_msg("%.9f instead of %.9f", got, r->want);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, forecast_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("demand_point", tests, NULL, NULL);
}
