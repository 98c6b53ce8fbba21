/* SPDX-License-Identifier: Apache-2.0 */
#include "demand_point.h"

#include <assert.h>
#include <math.h>

#include "attr.h"

#define SES_GRID 16
#define SES_OPT_LO 0.01
#define SES_OPT_HI 0.5
#define BLOCK_LO 0.1 /* the range of statsforecast for aggregated series */
#define BLOCK_HI 0.3

struct ses_best {
    double constant;
    double level;
};

/* One pass over y with SES_GRID constants side by side: independent chains keep the core busy. */
static struct ses_best ses_grid(const double *y, uint32_t n, double lo, double step)
{
    double constant[SES_GRID];
    double level[SES_GRID];
    double sse[SES_GRID] = {0};
    for (int i = 0; i < SES_GRID; i++) {
        constant[i] = lo + i * step;
        level[i] = y[0];
    }
    for (uint32_t t = 1; t < n; t++) {
        for (int i = 0; i < SES_GRID; i++) {
            double e = y[t] - level[i];
            sse[i] += e * e;
            level[i] += constant[i] * e;
        }
    }
    int best = 0;
    for (int i = 1; i < SES_GRID; i++) {
        if (sse[i] < sse[best])
            best = i;
    }
    return (struct ses_best){constant[best], level[best]};
}

double demand_point_ses(const double *y, uint32_t n, double lo, double hi)
{
    assert(n >= 1 && lo > 0 && lo < hi && hi < 1);
    double step = (hi - lo) / (SES_GRID - 1);
    struct ses_best coarse = ses_grid(y, n, lo, step);

    /* Between the neighbours of the best, once more. */
    double from = fmax(lo, coarse.constant - step);
    double to = fmin(hi, coarse.constant + step);
    return ses_grid(y, n, from, (to - from) / (SES_GRID - 1)).level;
}

double demand_point_ses_opt(const double *y, uint32_t n)
{
    return demand_point_ses(y, n, SES_OPT_LO, SES_OPT_HI);
}

static const double tsb_size[] = {.01, .05, .1, .2, .3};
static const double tsb_chance[] = {.005, .01, .02, .05, .1, .15, .2, .3};

#define TSB_SIZES ARRAY_LEN(tsb_size)
#define TSB_CHANCES ARRAY_LEN(tsb_chance)

double demand_point_tsb_opt(const double *y, uint32_t n)
{
    assert(n >= 1);
    double total = 0;
    uint32_t sales = 0;
    for (uint32_t t = 0; t < n; t++) {
        total += y[t];
        sales += y[t] > 0;
    }
    if (sales == 0)
        return 0;

    double size[TSB_SIZES];
    double chance[TSB_CHANCES];
    double sse[TSB_SIZES][TSB_CHANCES] = {0};
    for (unsigned a = 0; a < TSB_SIZES; a++)
        size[a] = total / sales;
    for (unsigned b = 0; b < TSB_CHANCES; b++)
        chance[b] = (double)sales / n;

    for (uint32_t t = 0; t < n; t++) {
        for (unsigned a = 0; a < TSB_SIZES; a++) {
            for (unsigned b = 0; b < TSB_CHANCES; b++) {
                double e = y[t] - chance[b] * size[a];
                sse[a][b] += e * e;
            }
        }
        double sold = y[t] > 0 ? 1 : 0;
        for (unsigned b = 0; b < TSB_CHANCES; b++)
            chance[b] += tsb_chance[b] * (sold - chance[b]);
        for (unsigned a = 0; a < TSB_SIZES && y[t] > 0; a++)
            size[a] += tsb_size[a] * (y[t] - size[a]);
    }

    unsigned best_a = 0;
    unsigned best_b = 0;
    for (unsigned a = 0; a < TSB_SIZES; a++) {
        for (unsigned b = 0; b < TSB_CHANCES; b++) {
            if (sse[a][b] < sse[best_a][best_b]) {
                best_a = a;
                best_b = b;
            }
        }
    }
    return chance[best_b] * size[best_a];
}

double demand_point_croston(const double *y, uint32_t n, double constant)
{
    double size = 0;
    double interval = 0;
    uint32_t since = 0;
    for (uint32_t t = 0; t < n; t++) {
        since++;
        if (!(y[t] > 0))
            continue;
        if (interval == 0) { /* the first sale */
            size = y[t];
            interval = since;
        } else {
            size += constant * (y[t] - size);
            interval += constant * (since - interval);
        }
        since = 0;
    }
    return interval > 0 ? size / interval : 0;
}

double demand_point_sba(const double *y, uint32_t n, double constant)
{
    return (1 - constant / 2) * demand_point_croston(y, n, constant);
}

uint32_t demand_point_interval(const double *y, uint32_t n)
{
    uint32_t last = 0;
    uint32_t sales = 0;
    for (uint32_t t = 0; t < n; t++) {
        if (y[t] > 0) {
            last = t + 1;
            sales++;
        }
    }
    return sales > 0 ? (2 * last + sales) / (2 * sales) : 1; /* last / sales, half up */
}

/* SES over the sums of blocks of k periods; the head that fills no block is dropped. */
static double block_ses(const double *y, uint32_t n, uint32_t k, double *work)
{
    uint32_t blocks = n / k;
    const double *from = y + n % k;
    for (uint32_t b = 0; b < blocks; b++) {
        double sum = 0;
        for (uint32_t t = 0; t < k; t++)
            sum += from[b * k + t];
        work[b] = sum;
    }
    return demand_point_ses(work, blocks, BLOCK_LO, BLOCK_HI) / k;
}

double demand_point_adida(const double *y, uint32_t n, double *work)
{
    return block_ses(y, n, demand_point_interval(y, n), work);
}

double demand_point_imapa(const double *y, uint32_t n, double *work)
{
    uint32_t longest = demand_point_interval(y, n);
    double sum = 0;
    for (uint32_t k = 1; k <= longest; k++)
        sum += block_ses(y, n, k, work);
    return sum / longest;
}
