/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "budget.h"

#include <assert.h>

#include "civil.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

#define PPM INT64_C(1000000)

static int64_t left_of(int64_t limit_paise, int64_t used_paise)
{
    if (limit_paise <= 0)
        return BUDGET_NONE;
    return used_paise < limit_paise ? limit_paise - used_paise : 0;
}

/* What freight has truly cost counts where it is known, and what was predicted until then. */
int budget_read(struct agent_step *step, struct budget *ret)
{
    assert(step && ret);
    const struct setting_for whom = {.agent = "reallocation"};
    int64_t days = setting_value(step->settings, SETTING_BUDGET_DAYS, &whom);
    AUTO(sql_query)
    q = sql_query(step->s,
                  "SELECT CAST(coalesce(sum(CASE WHEN state IN ('done', 'partial')"
                  " THEN actual_cost_paise ELSE cost_paise END), 0) AS BIGINT),"
                  " CAST(coalesce(sum(landed_paise), 0) AS BIGINT) FROM proposal"
                  " WHERE action = 'transfer' AND made_ms >= $1"
                  " AND state IN ('proposed', 'approved', 'executing', 'done', 'partial')");
    sql_bind_int(q, 1, step->now_ms - days * CIVIL_MS_PER_DAY);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = (struct budget){
        .freight_left_paise = left_of(
            setting_value(step->settings, SETTING_FREIGHT_BUDGET_PAISE, &whom), sql_int(q, 0)),
        .goods_left_paise = left_of(
            setting_value(step->settings, SETTING_GOODS_BUDGET_PAISE, &whom), sql_int(q, 1)),
        .days = days};
    return 0;
}

static int64_t part_ppm(int64_t paise, int64_t left_paise)
{
    if (left_paise == BUDGET_NONE || paise <= 0)
        return 0;
    int128 ppm = left_paise > 0 ? (int128)paise * PPM / left_paise : INT64_MAX;
    return ppm < INT64_MAX / 2 ? (int64_t)ppm : INT64_MAX / 2;
}

/* The share of the scarcer budget that a move takes, at least 1. */
static int64_t share_ppm(const struct budget *b, const struct budget_move *m)
{
    int64_t freight = part_ppm(m->freight_paise, b->freight_left_paise);
    int64_t goods = part_ppm(m->goods_paise, b->goods_left_paise);
    int64_t most = freight > goods ? freight : goods;
    return most > 0 ? most : 1;
}

static bool takes(int64_t *left_paise, int64_t paise)
{
    return *left_paise == BUDGET_NONE || paise <= *left_paise;
}

static void use(int64_t *left_paise, int64_t paise)
{
    if (*left_paise != BUDGET_NONE)
        *left_paise -= paise;
}

/* Few moves stand in one plan: each time the best that is left. */
size_t budget_choose(const struct budget *budget, struct budget_move *moves, size_t count)
{
    assert(budget && (moves || count == 0));
    struct budget left = *budget;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        moves[i].kept = false;
    for (;;) {
        size_t best = count;
        int128 most = 0, its_share = 1;
        for (size_t i = 0; i < count; i++) {
            const struct budget_move *m = &moves[i];
            if (m->kept || !takes(&left.freight_left_paise, m->freight_paise) ||
                !takes(&left.goods_left_paise, m->goods_paise))
                continue;
            int64_t share = share_ppm(budget, m);
            if (best == count || m->gain_paise * its_share > most * share) {
                best = i;
                most = m->gain_paise;
                its_share = share;
            }
        }
        if (best == count)
            return count - kept;
        moves[best].kept = true;
        use(&left.freight_left_paise, moves[best].freight_paise);
        use(&left.goods_left_paise, moves[best].goods_paise);
        kept++;
    }
}
