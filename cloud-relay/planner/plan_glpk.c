/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows GLPK. Its state is thread-local and its errors abort the process unless
 * hooked: they leave by longjmp, and the environment of this thread is dropped. */
#include <assert.h>
#include <errno.h>
#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include "plan_part.h"

#define MEMORY_MB 1024
#define PIVOTS_MAX 200000
#define WHOLE_SLACK 1e-6 /* of a number of cases */
#define GAP 1e-7
#define PAISE 100.0 /* rupees in the model: numbers nearer to 1 */
#define MG_PER_KG 1e6
#define BOUND_SLACK 1e-7 /* of a bound: what doubles may have lost */

struct model {
    struct plan_state *s;
    const struct plan_part *part;
    struct plan_exact *exact;
    glp_prob *lp;
    int *place;      /* a SKU of the problem: its place in the part + 1 */
    int *sku_column; /* by place in the part: before its first arc */
    int lane_column; /* before the first lane */
    int *lane_at;    /* a lane of the problem: its place in the part + 1 */
    int *site_row;   /* a site of the problem */
    int *index;      /* scratch for one row or column */
    double *value;
    double *known; /* the plan at hand, a column */
    bool known_given;
    uint64_t nodes;
    double best_bound;
    double best;
    jmp_buf failed;
};

static void model_free(struct model *m)
{
    if (!m)
        return;
    if (m->lp)
        glp_delete_prob(m->lp);
    free(m->place);
    free(m->sku_column);
    free(m->lane_at);
    free(m->site_row);
    free(m->index);
    free(m->value);
    free(m->known);
    free(m);
}
DEFINE_AUTO(model);

static void on_error(void *info)
{
    struct model *m = info;
    longjmp(m->failed, 1);
}

/* --- the model */

static size_t count_columns(const struct plan_state *s, const struct plan_part *part)
{
    size_t n = part->lanes;
    for (size_t i = 0; i < part->skus; i++)
        n += s->p->sku[part->sku[i]].arcs;
    return n;
}

static int model_open(struct plan_state *s, const struct plan_part *part, struct plan_exact *exact,
                      struct model **ret)
{
    AUTO(model) m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    size_t columns = count_columns(s, part) + 2;
    *m = (struct model){.s = s,
                        .part = part,
                        .exact = exact,
                        .place = calloc((size_t)s->p->skus + 1, sizeof(*m->place)),
                        .sku_column = calloc(part->skus + 1, sizeof(*m->sku_column)),
                        .lane_at = calloc((size_t)s->p->lanes + 1, sizeof(*m->lane_at)),
                        .site_row = calloc(s->p->sites, sizeof(*m->site_row)),
                        .index = calloc(columns, sizeof(*m->index)),
                        .value = calloc(columns, sizeof(*m->value)),
                        .known = calloc(columns, sizeof(*m->known)),
                        .best_bound = -INFINITY,
                        .best = INFINITY};
    if (!m->place || !m->sku_column || !m->lane_at || !m->site_row || !m->index || !m->value ||
        !m->known)
        return -ENOMEM;
    *ret = TAKE(m);
    return 0;
}

/* No more than all that can ever be on the lane fills. */
static int64_t trucks_filled(const struct plan_state *s, uint32_t l)
{
    const struct plan_lane *lane = &s->p->lane[l];
    int64_t most_mg = 0;
    for (size_t i = s->lane_first[l]; i < s->lane_first[l + 1]; i++) {
        const struct plan_move *m = &s->move[s->lane_move[i]];
        int64_t mg = 0;
        if (__builtin_mul_overflow(m->most, m->case_mg, &mg) ||
            __builtin_add_overflow(most_mg, mg, &most_mg))
            return lane->trucks_max;
    }
    int64_t most = plan_trucks(lane, most_mg);
    return most < lane->trucks_max ? most : lane->trucks_max;
}

static void add_lanes(struct model *m)
{
    const struct plan_state *s = m->s;
    m->lane_column = glp_add_cols(m->lp, (int)m->part->lanes) - 1;
    for (size_t i = 0; i < m->part->lanes; i++) {
        uint32_t l = m->part->lane[i];
        const struct plan_lane *lane = &s->p->lane[l];
        int column = m->lane_column + 1 + (int)i;
        m->lane_at[l] = (int)i + 1;
        glp_set_col_kind(m->lp, column, GLP_IV);
        int64_t least = m->part->trucks ? m->part->trucks[i] : 0;
        int64_t most = m->part->trucks ? least : trucks_filled(s, l);
        glp_set_col_bnds(m->lp, column, most > least ? GLP_DB : GLP_FX, (double)least,
                         (double)most);
        glp_set_obj_coef(m->lp, column, most > 0 ? (double)lane->truck_paise / PAISE : 0);
        m->known[column] = (double)plan_trucks(lane, s->lane_mg[l]);
    }
}

static void add_sku(struct model *m, size_t place)
{
    const struct plan_state *s = m->s;
    uint32_t k = m->part->sku[place];
    const struct plan_sku *sku = &s->p->sku[k];
    const struct netflow_arc *arc = s->p->arc + sku->arc_at;
    int row = glp_add_rows(m->lp, (int)sku->nodes) - 1;
    for (uint32_t v = 0; v < sku->nodes; v++) {
        double units = (double)s->p->supply[sku->node_at + v];
        if (v + 1 < sku->nodes) /* the last follows from the others */
            glp_set_row_bnds(m->lp, row + 1 + (int)v, GLP_FX, units, units);
    }
    m->sku_column[place] = glp_add_cols(m->lp, (int)sku->arcs) - 1;
    for (uint32_t a = 0; a < sku->arcs; a++) {
        int column = m->sku_column[place] + 1 + (int)a;
        double most = s->p->arc_lane[sku->arc_at + a] < 0 ? (double)arc[a].capacity : 0;
        m->index[1] = row + 1 + (int)arc[a].tail;
        m->value[1] = 1;
        m->index[2] = row + 1 + (int)arc[a].head;
        m->value[2] = -1;
        if (arc[a].tail != arc[a].head)
            glp_set_mat_col(m->lp, column, 2, m->index, m->value);
        glp_set_col_bnds(m->lp, column, most > 0 ? GLP_DB : GLP_FX, 0, most);
        glp_set_obj_coef(m->lp, column, (double)arc[a].cost / PAISE);
        m->known[column] = (double)netflow_units(s->flow[k], a);
    }
    for (size_t i = s->sku_first[k]; i < s->sku_first[k + 1]; i++) {
        int column = m->sku_column[place] + 1 + (int)s->move[i].arc;
        if (m->part->whole)
            glp_set_col_kind(m->lp, column, GLP_IV);
        glp_set_col_bnds(m->lp, column, GLP_DB, 0, (double)s->move[i].most);
    }
}

static int move_column(const struct model *m, size_t move)
{
    const struct plan_move *mv = &m->s->move[move];
    return m->sku_column[m->place[mv->sku] - 1] + 1 + (int)mv->arc;
}

/* m y <= sum w x + what others bring <= U y, and x <= u y for each move. */
static void add_lane_rows(struct model *m, size_t at)
{
    const struct plan_state *s = m->s;
    uint32_t l = m->part->lane[at];
    const struct plan_lane *lane = &s->p->lane[l];
    int trucks = m->lane_column + 1 + (int)at;
    int n = 0;
    int64_t others_mg = 0;
    for (size_t i = s->lane_first[l]; i < s->lane_first[l + 1]; i++) {
        size_t move = s->lane_move[i];
        const struct plan_move *mv = &s->move[move];
        if (m->place[mv->sku] == 0) {
            others_mg += s->cases[move] * mv->case_mg;
            continue;
        }
        double a_truck = (double)mv->most_on_truck_mg / (double)mv->case_mg;
        int row = glp_add_rows(m->lp, 1);
        int index[3] = {0, move_column(m, move), trucks};
        double value[3] = {0, 1, -a_truck};
        glp_set_row_bnds(m->lp, row, GLP_UP, 0, 0);
        glp_set_mat_row(m->lp, row, 2, index, value);
        m->index[++n] = index[1];
        m->value[n] = (double)mv->case_mg / MG_PER_KG;
    }
    m->index[++n] = trucks;
    m->value[n] = -(double)lane->truck_mg / MG_PER_KG;
    int row = glp_add_rows(m->lp, 1);
    double others = (double)others_mg / MG_PER_KG;
    glp_set_row_bnds(m->lp, row, GLP_UP, 0, -others);
    glp_set_mat_row(m->lp, row, n, m->index, m->value);
    if (lane->least_mg > 0) {
        m->value[n] = -(double)lane->least_mg / MG_PER_KG;
        row = glp_add_rows(m->lp, 1);
        glp_set_row_bnds(m->lp, row, GLP_LO, -others, 0);
        glp_set_mat_row(m->lp, row, n, m->index, m->value);
    }
}

static void add_site_row(struct model *m, uint32_t site)
{
    const struct plan_state *s = m->s;
    int n = 0;
    int64_t room_mg = s->p->room_mg[site] - s->site_mg[site];
    for (size_t i = 0; i < m->part->lanes; i++) {
        uint32_t l = m->part->lane[i];
        if (s->p->lane[l].to != site)
            continue;
        for (size_t at = s->lane_first[l]; at < s->lane_first[l + 1]; at++) {
            size_t move = s->lane_move[at];
            if (m->place[s->move[move].sku] == 0)
                continue;
            room_mg += s->cases[move] * s->move[move].case_mg;
            m->index[++n] = move_column(m, move);
            m->value[n] = (double)s->move[move].case_mg / MG_PER_KG;
        }
    }
    int row = glp_add_rows(m->lp, 1);
    glp_set_row_bnds(m->lp, row, GLP_UP, 0, (double)room_mg / MG_PER_KG);
    glp_set_mat_row(m->lp, row, n, m->index, m->value);
}

static void build(struct model *m)
{
    add_lanes(m);
    for (size_t i = 0; i < m->part->skus; i++) {
        m->place[m->part->sku[i]] = (int)i + 1;
        add_sku(m, i);
    }
    for (size_t i = 0; i < m->part->lanes; i++)
        add_lane_rows(m, i);
    for (size_t i = 0; i < m->part->sites; i++)
        add_site_row(m, m->part->site[i]);
}

/* --- the search */

/* Cases of the best plan, rounded up: whether that fits is for others to say. */
static void keep_plan(struct model *m, glp_prob *lp)
{
    const struct plan_state *s = m->s;
    m->exact->found = true;
    for (size_t place = 0; place < m->part->skus; place++) {
        uint32_t k = m->part->sku[place];
        for (size_t i = s->sku_first[k]; i < s->sku_first[k + 1]; i++) {
            int column = m->sku_column[place] + 1 + (int)s->move[i].arc;
            m->exact->cases[i] = (int64_t)ceil(glp_mip_col_val(lp, column) - WHOLE_SLACK);
        }
    }
    for (size_t i = 0; i < m->part->lanes; i++)
        m->exact->trucks[i] = llround(glp_mip_col_val(lp, m->lane_column + 1 + (int)i));
}

static void on_node(glp_tree *tree, void *info)
{
    struct model *m = info;
    int best = glp_ios_best_node(tree);
    if (best > 0) {
        double bound = glp_ios_node_bound(tree, best);
        m->best_bound = bound > m->best_bound ? bound : m->best_bound;
    }
    int reason = glp_ios_reason(tree);
    if (reason == GLP_IHEUR && !m->known_given && !m->part->trucks) {
        m->known_given = true;
        (void)glp_ios_heur_sol(tree, m->known);
    }
    if (reason == GLP_IBINGO && glp_mip_obj_val(glp_ios_get_prob(tree)) < m->best) {
        m->best = glp_mip_obj_val(glp_ios_get_prob(tree));
        keep_plan(m, glp_ios_get_prob(tree));
    }
    if (reason == GLP_ISELECT)
        m->nodes++;
    if (m->nodes > m->part->nodes || plan_stopped(m->s))
        glp_ios_terminate(tree);
}

static int branch_and_cut(struct model *m)
{
    glp_smcp simplex;
    glp_init_smcp(&simplex);
    simplex.msg_lev = GLP_MSG_OFF;
    simplex.it_lim = PIVOTS_MAX;
    simplex.meth = GLP_DUALP;
    glp_scale_prob(m->lp, GLP_SF_AUTO);
    glp_adv_basis(m->lp, 0);
    if (glp_simplex(m->lp, &simplex) != 0 || glp_get_status(m->lp) != GLP_OPT)
        return -ENOTSUP;
    m->best_bound = glp_get_obj_val(m->lp);
    glp_iocp cut;
    glp_init_iocp(&cut);
    cut.msg_lev = GLP_MSG_OFF;
    cut.br_tech = GLP_BR_PCH;
    cut.mir_cuts = GLP_ON;
    cut.gmi_cuts = GLP_ON;
    cut.mip_gap = GAP;
    cut.cb_func = on_node;
    cut.cb_info = m;
    int err = glp_intopt(m->lp, &cut);
    if (err == 0 && glp_mip_status(m->lp) == GLP_OPT) {
        double value = glp_mip_obj_val(m->lp);
        m->best_bound = value - GAP * (1 + fabs(value));
    }
    return 0;
}

static int run(struct model *m)
{
    if (setjmp(m->failed) != 0) {
        m->lp = NULL; /* gone with its environment */
        glp_free_env();
        return -ENOTSUP;
    }
    glp_term_out(GLP_OFF);
    glp_error_hook(on_error, m);
    glp_mem_limit(MEMORY_MB);
    m->lp = glp_create_prob();
    build(m);
    int err = branch_and_cut(m);
    glp_delete_prob(m->lp);
    m->lp = NULL;
    glp_error_hook(NULL, NULL);
    return err;
}

int plan_glpk(struct plan_state *s, const struct plan_part *part, struct plan_exact *exact)
{
    assert(s && part && exact);
    AUTO(model) m = NULL;
    int err = model_open(s, part, exact, &m);
    if (err < 0)
        return err;
    err = run(m);
    double bound = (m->best_bound - BOUND_SLACK * (1 + fabs(m->best_bound))) * PAISE;
    exact->bound_cost = err == 0 && bound > -9e18 ? (int64_t)floor(bound) : INT64_MIN;
    return err;
}
