/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans every rnet instance of a folder and prints value, bound, gap and seconds, next to the known
 * optimum where there is one. Usage: reallocate FOLDER SECONDS [OPTIMA.csv]
 * SECONDS of CPU each; 0: 60 for up to 100 SKUs, for which a plan can be proved, else 10.
 * Exit 1 when an instance cannot be read, a plan does not verify, or lies below its floor. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attr.h"
#include "csv_table.h"
#include "file_text.h"
#include "market.h"
#include "plan.h"
#include "rnet.h"

#define OPTIMA_MAX 64
#define NAME_SIZE 64
#define SMALL_SKUS 100
#define SMALL_SECONDS 60
#define LARGE_SECONDS 10

struct optimum {
    char name[NAME_SIZE];
    int64_t value_paise;
    int64_t floor_ppm;
};

struct optima {
    struct optimum row[OPTIMA_MAX];
    size_t n;
};

static int on_optimum(const struct csv_row *row, void *context, struct diag *reterr)
{
    struct optima *all = context;
    if (all->n == OPTIMA_MAX) {
        diag_set(reterr, csv_row_line(row), "more than %d instances", OPTIMA_MAX);
        return -EINVAL;
    }
    struct optimum *o = &all->row[all->n++];
    snprintf(o->name, sizeof(o->name), "%s", csv_row_get(row, "instance"));
    o->value_paise = strtoll(csv_row_get(row, "value_paise"), NULL, 10);
    o->floor_ppm = strtoll(csv_row_get(row, "floor_ppm"), NULL, 10);
    return 0;
}

static const struct optimum *find_optimum(const struct optima *all, const char *file)
{
    for (size_t i = 0; i < all->n; i++) {
        size_t len = strlen(all->row[i].name);
        if (strncmp(file, all->row[i].name, len) == 0 && (file[len] == '.' || file[len] == '\0'))
            return &all->row[i];
    }
    return NULL;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool is_over(void *context)
{
    return cpu_seconds() >= *(double *)context;
}

/* What the market's books must say of any plan: see market.h. */
static const char *market_fault(const struct market *m)
{
    for (size_t i = 0; i < m->trades; i++) {
        const struct market_trade *t = &m->trade[i];
        if (t->bid_paise + t->push_paise !=
            t->ask_paise + t->transport_paise + t->rent_paise + t->surplus_paise)
            return "a trade's prices do not add up";
        if (t->truck_paise > t->gain_paise || t->surplus_paise < 0 || t->push_paise < 0)
            return "somebody loses by a trade";
    }
    for (size_t l = 0; l < m->lanes; l++) {
        if (m->lane[l].uplift_paise != 0)
            return "a lane does not pay for its trucks";
    }
    return NULL;
}

static int plan_instance(const struct plan_problem *p, double seconds, struct plan **ret,
                         double *ret_took)
{
    double begin = cpu_seconds();
    double end = begin + seconds;
    struct plan_limits limits = {.bound_rounds = 200,
                                 .search_rounds = 400,
                                 .nodes = UINT64_MAX - 1,
                                 .stop = is_over,
                                 .context = &end};
    struct diag why = {0};
    int err = plan_solve(p, &limits, ret, &why);
    *ret_took = cpu_seconds() - begin;
    if (err == 0)
        err = plan_verify(p, *ret, &why);
    if (err < 0)
        printf("  %s: %s\n", strerror(-err), why.text);
    return err;
}

static int run_instance(const struct plan_problem *p, const char *name, double seconds,
                        const struct optima *all)
{
    AUTO(plan) plan = NULL;
    double took = 0;
    int err = plan_instance(p, seconds, &plan, &took);
    if (err < 0)
        return err;
    AUTO(market) m = NULL;
    err = market_clear(p, plan, &m);
    const char *fault = err < 0 ? "no market" : market_fault(m);
    printf("%-24s value %14" PRId64 "  bound %14" PRId64 "  gap %7.4f %%  %6.2f s", name,
           plan->value_paise, plan->bound_paise, (double)plan_gap_ppm(plan) / 1e4, took);
    const struct optimum *o = find_optimum(all, name);
    if (o) {
        double off = (double)(o->value_paise - plan->value_paise) / (double)o->value_paise;
        printf("  known %14" PRId64 ", %.4f %% off (floor %.2f)", o->value_paise, 100 * off,
               (double)o->floor_ppm / 1e4);
        if (off * 1e6 > (double)o->floor_ppm)
            fault = "below its floor";
    }
    printf("  trades %zu\n", m ? m->trades : 0);
    if (fault)
        printf("  %s\n", fault);
    return fault ? -EINVAL : 0;
}

static int run_file(const char *folder, const char *name, double seconds, const struct optima *all)
{
    char path[4096];
    char *text = NULL;
    size_t len = 0;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    int err = file_text(path, RNET_FILE_MAX, &text, &len);
    if (err < 0) {
        printf("%s: %s\n", name, strerror(-err));
        return err;
    }
    struct diag why = {0};
    AUTO(rnet) r = NULL;
    err = rnet_read(text, len, &r, &why);
    free(text);
    if (err < 0) {
        printf("%s:%d: %s\n", name, why.line, why.text);
        return err;
    }
    const struct plan_problem *p = rnet_problem(r);
    if (seconds <= 0)
        seconds = p->skus <= SMALL_SKUS ? SMALL_SECONDS : LARGE_SECONDS;
    return run_instance(p, name, seconds, all);
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc > 4) {
        fputs("usage: reallocate FOLDER SECONDS [OPTIMA.csv]\n", stderr);
        return 2;
    }
    static const char *const columns[] = {"instance", "value_paise", "floor_ppm", NULL};
    struct optima all = {0};
    struct diag why = {0};
    if (argc == 4 && csv_table_read_file(argv[3], columns, on_optimum, &all, &why) < 0) {
        fprintf(stderr, "%s:%d: %s\n", argv[3], why.line, why.text);
        return 2;
    }
    struct dirent **names = NULL;
    int n = scandir(argv[1], &names, NULL, alphasort);
    if (n < 0) {
        perror(argv[1]);
        return 2;
    }
    int failed = 0;
    int ran = 0;
    for (int i = 0; i < n; i++) {
        const char *end = strrchr(names[i]->d_name, '.');
        if (end && strcmp(end, ".txt") == 0) {
            failed += run_file(argv[1], names[i]->d_name, strtod(argv[2], NULL), &all) < 0;
            ran++;
            fflush(stdout);
        }
        free(names[i]);
    }
    free(names);
    printf("%d instances, %d failed\n", ran, failed);
    return failed > 0 || ran == 0;
}
