/* SPDX-License-Identifier: Apache-2.0 */
#include "forecast_sets.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "civil.h"
#include "csv_table.h"
#include "text.h"

#define KEY_SIZE 40
#define WEEK 7

/* The protocol: lengths follow from the published span of each file. */
static const struct forecast_set protocol[FORECAST_SETS] = {
    {.name = "carparts", .source = "carparts_monthly", .train = 39, .horizon = 12, .dead = 12},
    {.name = "carparts-h6",
     .source = "carparts_monthly",
     .train = 45,
     .horizon = 6,
     .life = 6,
     .dead = 6},
    {.name = "raf", .source = "raf_monthly", .train = 72, .horizon = 12, .life = 12, .dead = 12},
    {.name = "auto", .source = "auto_monthly", .train = 18, .horizon = 6, .life = 6},
    {.name = "online-daily",
     .source = "online_retail_lines",
     .train = 346,
     .horizon = 28,
     .life = 28},
    {.name = "online-weekly",
     .source = "online_retail_lines",
     .train = 45,
     .horizon = 8,
     .life = 8,
     .dead = 8},
    {.name = "online-terr-wk",
     .source = "online_retail_lines",
     .train = 45,
     .horizon = 8,
     .dead = 8},
    {.name = "pasta-daily",
     .source = "pasta_daily",
     .train = 1770,
     .horizon = 28,
     .life = 28,
     .origins = 7},
    {.name = "pasta-weekly", .source = "pasta_daily", .train = 248, .horizon = 8},
};

enum set_index {
    CARPARTS,
    CARPARTS_H6,
    RAF,
    AUTO_PARTS,
    ONLINE_DAILY,
    ONLINE_WEEKLY,
    ONLINE_TERRITORY,
    PASTA_DAILY,
    PASTA_WEEKLY,
};

static uint32_t span(const struct forecast_set *set)
{
    return set->train + set->horizon;
}

const double *forecast_set_row(const struct forecast_set *set, uint32_t i)
{
    assert(i < set->n);
    return set->y + (size_t)i * span(set);
}

/* A row of zeros at the end of the set. */
static int add_row(struct forecast_set *set, double **ret)
{
    if (set->n % 1024 == 0) {
        double *grown = reallocarray(set->y, (size_t)(set->n + 1024) * span(set), sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        set->y = grown;
    }
    double *row = set->y + (size_t)set->n++ * span(set);
    for (uint32_t t = 0; t < span(set); t++)
        row[t] = 0;
    *ret = row;
    return 0;
}

/* --- one row a series, one column a month */

static int on_wide_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct forecast_set *set = context;
    double *y = NULL;
    int err = add_row(set, &y);
    if (err < 0)
        return err;
    for (uint32_t t = 0; t < span(set); t++) {
        char column[16];
        snprintf(column, sizeof(column), "m%02u", t + 1);
        const char *text = csv_row_get(row, column);
        if (!text) {
            diag_set(reterr, csv_row_line(row), "column %s is missing", column);
            return -EINVAL;
        }
        if (*text == '\0') { /* not available: the series is left out */
            set->n--;
            return 0;
        }
        y[t] = strtod(text, NULL);
    }
    return 0;
}

static const char *const wide_columns[] = {"id", "m01", NULL};

/* --- one row a SKU and day */

struct pasta {
    struct forecast_set *daily;
    char id[KEY_SIZE];
    double *y;
    uint32_t t;
};

static int on_pasta_row(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct pasta *p = context;
    const char *id = csv_row_get(row, "id");
    if (!p->y || strcmp(id, p->id) != 0) {
        int err = text_copy(p->id, sizeof(p->id), id);
        if (err == 0)
            err = add_row(p->daily, &p->y);
        if (err < 0)
            return err;
        p->t = 0;
    }
    if (p->t == span(p->daily)) {
        diag_set(reterr, csv_row_line(row), "%s has more than %u days", id, span(p->daily));
        return -EINVAL;
    }
    p->y[p->t++] = strtod(csv_row_get(row, "qty"), NULL);
    return 0;
}

static const char *const pasta_columns[] = {"id", "qty", NULL};

/* Sums of seven days; the week that is not full lies at the head and is dropped. */
static int weeks_of(const struct forecast_set *daily, struct forecast_set *weekly)
{
    uint32_t skip = span(daily) - span(weekly) * WEEK;
    for (uint32_t i = 0; i < daily->n; i++) {
        double *y = NULL;
        int err = add_row(weekly, &y);
        if (err < 0)
            return err;
        const double *day = forecast_set_row(daily, i) + skip;
        for (uint32_t t = 0; t < span(weekly) * WEEK; t++)
            y[t / WEEK] += day[t];
    }
    return 0;
}

/* --- one row an invoice line */

struct line {
    char id[KEY_SIZE];
    char customer[16];
    char territory[KEY_SIZE];
    uint32_t day;
    uint32_t seq;
    double qty;
    bool cancelled;
    bool priced; /* lines at price 0 are stock adjustments and samples, not demand */
};

struct lines {
    struct line *line;
    uint32_t n;
};

#define ONLINE_FIRST_DAY 14944 /* 2010-12-01 */

static int on_line(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct lines *all = context;
    if (all->n % 65536 == 0) {
        struct line *grown = reallocarray(all->line, all->n + 65536, sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        all->line = grown;
    }
    struct line *l = &all->line[all->n];
    *l = (struct line){.seq = all->n,
                       .qty = strtod(csv_row_get(row, "qty"), NULL),
                       .priced = strtod(csv_row_get(row, "price"), NULL) > 0};
    char date[CIVIL_TEXT_SIZE] = "";
    int32_t day = 0;
    int err = text_copy_n(date, sizeof(date), csv_row_get(row, "ts"), 10);
    if (err == 0)
        err = civil_parse(date, &day);
    if (err == 0 && (day < ONLINE_FIRST_DAY || day >= ONLINE_FIRST_DAY + 374))
        err = -ERANGE;
    if (err == 0)
        err = text_copy(l->id, sizeof(l->id), csv_row_get(row, "id"));
    if (err == 0)
        err = text_copy(l->customer, sizeof(l->customer), csv_row_get(row, "customer"));
    if (err == 0)
        err = text_copy(l->territory, sizeof(l->territory), csv_row_get(row, "territory"));
    if (err < 0) {
        diag_set(reterr, csv_row_line(row), "not an invoice line of the year");
        return err;
    }
    l->day = (uint32_t)(day - ONLINE_FIRST_DAY);
    all->n++;
    return 0;
}

static const char *const line_columns[] = {"id",       "qty",       "ts", "price",
                                           "customer", "territory", NULL};

static int by_id_and_customer(const void *pa, const void *pb)
{
    const struct line *a = pa;
    const struct line *b = pb;
    int c = strcmp(a->id, b->id);
    if (c == 0)
        c = strcmp(a->customer, b->customer);
    return c != 0 ? c : (a->seq > b->seq) - (a->seq < b->seq);
}

static int by_id_and_territory(const void *pa, const void *pb)
{
    const struct line *a = pa;
    const struct line *b = pb;
    int c = strcmp(a->id, b->id);
    return c != 0 ? c : strcmp(a->territory, b->territory);
}

/* A cancellation of a whole line takes back the latest earlier sale of that customer, SKU and
 * quantity: both are struck out. */
static void strike_full_cancellations(struct lines *all)
{
    qsort(all->line, all->n, sizeof(*all->line), by_id_and_customer);
    for (uint32_t i = 0; i < all->n; i++) {
        const struct line *c = &all->line[i];
        for (uint32_t k = i; c->qty < 0 && *c->customer && k-- > 0;) {
            struct line *sale = &all->line[k];
            if (strcmp(sale->id, c->id) != 0 || strcmp(sale->customer, c->customer) != 0)
                break;
            if (sale->qty == -c->qty && sale->priced && !sale->cancelled) {
                sale->cancelled = true;
                break;
            }
        }
    }
}

/* Sums sales by day into one row a SKU, or a SKU and territory. Lines are sorted that way. */
static int daily_rows(const struct lines *all, bool by_territory, struct forecast_set *daily)
{
    double *y = NULL;
    for (uint32_t i = 0; i < all->n; i++) {
        const struct line *l = &all->line[i];
        bool same = y && strcmp(l->id, l[-1].id) == 0 &&
                    (!by_territory || strcmp(l->territory, l[-1].territory) == 0);
        if (!same) {
            int err = add_row(daily, &y);
            if (err < 0)
                return err;
        }
        if (l->qty > 0 && l->priced && !l->cancelled)
            y[l->day] += l->qty;
    }
    return 0;
}

static int online_sets(struct lines *all, struct forecast_set *sets)
{
    strike_full_cancellations(all);
    qsort(all->line, all->n, sizeof(*all->line), by_id_and_territory);
    int err = daily_rows(all, false, &sets[ONLINE_DAILY]);
    if (err == 0)
        err = weeks_of(&sets[ONLINE_DAILY], &sets[ONLINE_WEEKLY]);
    if (err < 0)
        return err;

    struct forecast_set by_territory = sets[ONLINE_DAILY];
    by_territory.n = 0;
    by_territory.y = NULL;
    err = daily_rows(all, true, &by_territory);
    if (err == 0)
        err = weeks_of(&by_territory, &sets[ONLINE_TERRITORY]);
    free(by_territory.y);
    return err;
}

/* --- the folder */

/* 1 when the file was read, 0 when the folder has none of that name. */
static int read_file(const char *folder, const char *source, const char *const columns[],
                     csv_table_row_fn on_row, void *context, struct diag *reterr)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s.csv", folder, source);
    if (len < 0 || (size_t)len >= sizeof(path))
        return -ENAMETOOLONG;
    if (access(path, R_OK) < 0)
        return errno == ENOENT ? 0 : -errno;
    int err = csv_table_read_file(path, columns, on_row, context, reterr);
    return err < 0 ? err : 1;
}

int forecast_sets_load(const char *folder, struct forecast_set sets[FORECAST_SETS],
                       struct diag *reterr)
{
    for (int i = 0; i < FORECAST_SETS; i++)
        sets[i] = protocol[i];
    for (int i = CARPARTS; i <= AUTO_PARTS; i++) {
        int err = read_file(folder, sets[i].source, wide_columns, on_wide_row, &sets[i], reterr);
        if (err < 0)
            return err;
    }

    struct pasta pasta = {.daily = &sets[PASTA_DAILY]};
    int err = read_file(folder, pasta.daily->source, pasta_columns, on_pasta_row, &pasta, reterr);
    if (err > 0)
        err = weeks_of(&sets[PASTA_DAILY], &sets[PASTA_WEEKLY]);
    if (err < 0)
        return err;

    struct lines all = {0};
    err = read_file(folder, sets[ONLINE_DAILY].source, line_columns, on_line, &all, reterr);
    if (err > 0)
        err = online_sets(&all, sets);
    free(all.line);
    return err < 0 ? err : 0;
}

void forecast_sets_free(struct forecast_set sets[FORECAST_SETS])
{
    for (int i = 0; i < FORECAST_SETS; i++)
        free(sets[i].y);
}
