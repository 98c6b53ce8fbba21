/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One minimum-cost flow a SKU of a drawn instance: our network simplex against GLPK's primal
 * simplex with presolve and LEMON's network simplex, on the same integers, each from building its
 * own network to having the flows. Values must be equal to the paisa. Usage: flow SITES SKUS SEED.
 * Exit 1 when values differ or a floor is missed. */
#include <glpk.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "attr.h"
#include "flow_lemon.h"
#include "territory_draw.h"

#define FLOOR_GLPK 5.0  /* times faster */
#define FLOOR_LEMON 3.0 /* times slower */
#define RUNS 5

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct netflow_network network_of(const struct plan_problem *p, uint32_t k)
{
    const struct plan_sku *sku = &p->sku[k];
    return (struct netflow_network){sku->nodes, sku->arcs, p->supply + sku->node_at,
                                    p->arc + sku->arc_at};
}

static int64_t solve_ours(const struct netflow_network *n)
{
    AUTO(netflow) f = NULL;
    if (netflow_open(n, &f) < 0 || netflow_solve(f) != NETFLOW_OPTIMAL)
        abort();
    return netflow_value(f);
}

static int64_t solve_glpk(const struct netflow_network *n)
{
    if (n->arcs == 0)
        return 0; /* GLPK knows no empty model */
    glp_prob *lp = glp_create_prob();
    glp_add_rows(lp, (int)n->nodes);
    glp_add_cols(lp, (int)n->arcs);
    for (uint32_t v = 0; v < n->nodes; v++)
        glp_set_row_bnds(lp, (int)v + 1, GLP_FX, (double)n->supply[v], 0);
    for (uint32_t a = 0; a < n->arcs; a++) {
        const int index[3] = {0, (int)n->arc[a].tail + 1, (int)n->arc[a].head + 1};
        const double value[3] = {0, 1, -1};
        glp_set_mat_col(lp, (int)a + 1, 2, index, value);
        glp_set_col_bnds(lp, (int)a + 1, n->arc[a].capacity > 0 ? GLP_DB : GLP_FX, 0,
                         (double)n->arc[a].capacity);
        glp_set_obj_coef(lp, (int)a + 1, (double)n->arc[a].cost);
    }
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = GLP_PRIMAL;
    how.presolve = GLP_ON;
    if (glp_simplex(lp, &how) != 0 || glp_get_status(lp) != GLP_OPT)
        abort();
    int64_t cost = 0;
    for (uint32_t a = 0; a < n->arcs; a++)
        cost += n->arc[a].cost * llround(glp_get_col_prim(lp, (int)a + 1));
    glp_delete_prob(lp);
    return cost;
}

struct solver {
    const char *name;
    int64_t (*solve)(const struct netflow_network *n);
    double best; /* seconds for all SKUs */
    int64_t value;
};

static void run(struct solver *s, const struct plan_problem *p)
{
    double begin = cpu_seconds();
    s->value = 0;
    for (uint32_t k = 0; k < p->skus; k++) {
        struct netflow_network n = network_of(p, k);
        s->value -= s->solve(&n);
    }
    double took = cpu_seconds() - begin;
    s->best = took < s->best ? took : s->best;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: flow SITES SKUS SEED\n", stderr);
        return 2;
    }
    struct territory_sizes sizes = {.sites = (uint32_t)strtoul(argv[1], NULL, 10),
                                    .skus = (uint32_t)strtoul(argv[2], NULL, 10),
                                    .seed = strtoull(argv[3], NULL, 10)};
    struct territory *t = territory_draw(&sizes);
    AUTO(lots) l = NULL;
    struct diag why = {0};
    if (lots_build(territory_input(t), &l, &why) < 0) {
        fprintf(stderr, "flow: %s\n", why.text);
        return 2;
    }
    const struct plan_problem *p = lots_problem(l);
    struct solver solvers[] = {{"ours", solve_ours, INFINITY, 0},
                               {"LEMON network simplex", flow_lemon, INFINITY, 0},
                               {"GLPK primal, presolve", solve_glpk, INFINITY, 0}};
    for (int i = 0; i < RUNS; i++) { /* in turns; GLPK once, it is slow enough to measure */
        for (size_t s = 0; s < ARRAY_LEN(solvers) - (i > 0); s++)
            run(&solvers[s], p);
    }
    bool ok = true;
    printf("%zu arcs, %" PRIu32 " SKUs\n", plan_arcs(p), p->skus);
    for (size_t s = 0; s < ARRAY_LEN(solvers); s++) {
        printf("%-22s %8.4f s  value %" PRId64 "  %.2f times ours\n", solvers[s].name,
               solvers[s].best, solvers[s].value, solvers[s].best / solvers[0].best);
        ok = ok && solvers[s].value == solvers[0].value;
    }
    ok = ok && solvers[0].best <= FLOOR_LEMON * solvers[1].best &&
         solvers[2].best >= FLOOR_GLPK * solvers[0].best;
    printf("%s\n", ok ? "values equal, floors held" : "FAILED: values differ or a floor is missed");
    territory_free(t);
    return ok ? 0 : 1;
}
