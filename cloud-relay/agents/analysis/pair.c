/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pair.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "stock_status.h"
#include "text.h"

void pair_clear(struct pair *p)
{
    free(p->lots);
    free(p->risks);
    p->lots = NULL;
    p->risks = NULL;
    p->lots_count = 0;
}

/* ---- which ---- */

static int read_names(struct sql_query *q, struct pair *ret, size_t n, size_t max)
{
    int got = 0;
    while (n < max && (got = sql_step(q)) > 0) {
        ret[n] = (struct pair){.first = SCORE_HISTORY_DAYS};
        sql_copy(q, 0, ret[n].site, sizeof(ret[n].site));
        sql_copy(q, 1, ret[n].sku, sizeof(ret[n].sku));
        n++;
    }
    return got < 0 ? got : (int)n;
}

int pair_next(struct sql *s, int32_t today, struct pair *ret, size_t max)
{
    assert(s && ret);
    AUTO(sql_query)
    changed = sql_query(s, "SELECT site, sku FROM rescore ORDER BY since_ms, site, sku LIMIT $1");
    sql_bind_int(changed, 1, (int64_t)max);
    int n = read_names(changed, ret, 0, max);
    if (n != 0)
        return n;
    AUTO(sql_query)
    stale = sql_query(s, "SELECT site, sku FROM sku_score WHERE day < $1"
                         " ORDER BY site, sku LIMIT $2");
    sql_bind_int(stale, 1, today);
    sql_bind_int(stale, 2, (int64_t)max);
    return read_names(stale, ret, 0, max);
}

int pair_spread(struct sql *s, struct pair *ret, size_t max)
{
    assert(s && ret && max > 0);
    int64_t all = 0;
    {
        AUTO(sql_query) q = sql_query(s, "SELECT count(*) FROM sku_score");
        int got = sql_step(q);
        if (got < 0)
            return got;
        all = got > 0 ? sql_int(q, 0) : 0;
    }
    AUTO(sql_query) q = sql_query(s, "SELECT site, sku FROM sku_score ORDER BY sku, site");
    int64_t step = all / (int64_t)max + 1;
    size_t n = 0;
    int got = 0;
    for (int64_t at = 0; n < max && (got = sql_step(q)) > 0; at++) {
        if (at % step != 0)
            continue;
        ret[n] = (struct pair){.first = SCORE_HISTORY_DAYS};
        sql_copy(q, 0, ret[n].site, sizeof(ret[n].site));
        sql_copy(q, 1, ret[n].sku, sizeof(ret[n].sku));
        n++;
    }
    return got < 0 ? got : (int)n;
}

int pair_touch(struct sql *s, const char *site, const char *sku, int64_t now_ms)
{
    assert(s && site && sku);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO rescore(site, sku, since_ms) VALUES($1, $2, $3)"
                     " ON CONFLICT(tenant, site, sku) DO UPDATE SET since_ms = excluded.since_ms");
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, sku);
    sql_bind_int(q, 3, now_ms);
    return sql_run(q);
}

/* ---- what is there ---- */

static int add_lot(struct pair *p, const struct score_lot *lot)
{
    if ((p->lots_count & (p->lots_count - 1)) == 0) { /* full at each power of two */
        size_t room = p->lots_count > 0 ? (size_t)p->lots_count * 2 : 8;
        struct score_lot *grown = realloc(p->lots, room * sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        p->lots = grown;
    }
    p->lots[p->lots_count++] = *lot;
    return 0;
}

/* Rows come batch by batch; a batch in several bins or states is one lot. */
static int read_lots(struct sql *s, struct pair *p)
{
    AUTO(sql_query)
    q = sql_query(
        s, "SELECT k.batch, k.expiry_day, k.mrp_paise, k.status, k.qty,"
           " l.expiry_kind, l.made_day, l.received_day, l.in_units, l.in_paise"
           " FROM (SELECT batch, expiry_day, mrp_paise, status, CAST(sum(qty) AS BIGINT) AS qty"
           "  FROM stock WHERE site = $1 AND sku = $2"
           "  GROUP BY batch, expiry_day, mrp_paise, status) k"
           " JOIN lot l ON l.site = $1 AND l.sku = $2 AND l.batch = k.batch"
           "  AND l.expiry_day = k.expiry_day AND l.mrp_paise = k.mrp_paise"
           " ORDER BY CASE WHEN k.expiry_day = -2147483648 THEN 1 ELSE 0 END,"
           " k.expiry_day, l.received_day, k.batch, k.mrp_paise, k.status");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    int got = 0;
    while ((got = sql_step(q)) > 0 && p->lots_count < PAIR_LOTS_MAX) {
        struct score_lot lot = {
            .key = {.expiry_day = (int32_t)sql_int(q, 1), .mrp_paise = sql_int(q, 2)},
            .expiry_kind = (int32_t)sql_int(q, 5),
            .made_day = (int32_t)sql_int(q, 6),
            .received_day = (int32_t)sql_int(q, 7)};
        sql_copy(q, 0, lot.key.number, sizeof(lot.key.number));
        struct score_lot *last = p->lots_count > 0 ? &p->lots[p->lots_count - 1] : NULL;
        if (!last || !batch_key_equal(&last->key, &lot.key)) {
            int err = add_lot(p, &lot);
            if (err < 0)
                return err;
            last = &p->lots[p->lots_count - 1];
        }
        int64_t qty = sql_int(q, 4);
        if (sql_int(q, 3) != STOCK_SELLABLE) {
            last->blocked_units += qty;
            continue;
        }
        last->units = qty;
        int64_t landed = 0;
        if (qty > 0 && sql_int(q, 8) > 0 &&
            decimal_muldiv(qty, sql_int(q, 9), sql_int(q, 8), &landed) == 0)
            last->landed_paise = landed;
    }
    return got < 0 ? got : 0;
}

/* Adds the units of a span's days; the query's columns are day and units. */
static int add_days(struct sql_query *q, struct pair *p, int32_t from)
{
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        int64_t at = sql_int(q, 0) - from;
        if (at >= 0 && at < SCORE_HISTORY_DAYS)
            p->units[at] += sql_int(q, 1);
    }
    return got;
}

static int read_sales(struct sql *s, struct pair *p, int32_t from)
{
    AUTO(sql_query)
    sold = sql_query(s, "SELECT day, units - returned FROM demand"
                        " WHERE site = $1 AND sku = $2 AND day >= $3");
    sql_bind_text(sold, 1, p->site);
    sql_bind_text(sold, 2, p->sku);
    sql_bind_int(sold, 3, from);
    int err = add_days(sold, p, from);
    if (err < 0)
        return err;
    AUTO(sql_query)
    before = sql_query(s, "SELECT day, units FROM history"
                          " WHERE site = $1 AND sku = $2 AND day >= $3");
    sql_bind_text(before, 1, p->site);
    sql_bind_text(before, 2, p->sku);
    sql_bind_int(before, 3, from);
    return add_days(before, p, from);
}

static void stock_days(struct pair *p, int64_t from, int64_t to)
{
    for (int64_t at = from < 0 ? 0 : from; at <= to && at < SCORE_HISTORY_DAYS; at++)
        p->stocked[at] = 1;
    if (to >= 0 && from < p->first)
        p->first = from < 0 ? 0 : (uint32_t)from;
}

/* Spans of sellable stock; and before the first of them, where nobody kept stock, every day that
 * the history covers counts as stocked, as on the appliance. */
static int read_stocked(struct sql *s, struct pair *p, int32_t from)
{
    int64_t began = INT32_MAX;
    {
        AUTO(sql_query)
        q = sql_query(s, "SELECT from_day, to_day FROM stocked WHERE site = $1 AND sku = $2");
        sql_bind_text(q, 1, p->site);
        sql_bind_text(q, 2, p->sku);
        int got = 0;
        while ((got = sql_step(q)) > 0) {
            stock_days(p, sql_int(q, 0) - from, sql_int(q, 1) - from);
            began = sql_int(q, 0) < began ? sql_int(q, 0) : began;
        }
        if (got < 0 || began == INT32_MAX)
            return got;
    }
    AUTO(sql_query) q = sql_query(s, "SELECT min(day) FROM history WHERE site = $1");
    sql_bind_text(q, 1, p->site);
    int got = sql_step(q);
    if (got > 0 && !sql_null(q, 0) && sql_int(q, 0) < began)
        stock_days(p, sql_int(q, 0) - from, began - 1 - from);
    return got < 0 ? got : 0;
}

static int read_before(struct sql *s, struct pair *p)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT status, in_episode FROM sku_score WHERE site = $1 AND sku = $2");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    int got = sql_step(q);
    if (got > 0)
        p->before =
            (struct dead_stock_state){(enum dead_stock_status)sql_int(q, 0), sql_int(q, 1) != 0};
    return got < 0 ? got : 0;
}

static int read_campaign(struct sql *s, struct pair *p)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT 1 FROM proposal WHERE from_site = $1 AND sku = $2"
                     " AND action = 'campaign' AND state IN ('approved', 'executing') LIMIT 1");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    int got = sql_step(q);
    p->liquidating = got > 0;
    return got < 0 ? got : 0;
}

int pair_read(struct sql *s, int32_t today, struct pair *p)
{
    assert(s && p && !p->lots);
    int32_t from = today - SCORE_HISTORY_DAYS; /* the present day is not over */
    int err = read_lots(s, p);
    if (err == 0)
        err = read_sales(s, p, from);
    if (err == 0)
        err = read_stocked(s, p, from);
    if (err == 0)
        err = read_before(s, p);
    if (err == 0)
        err = read_campaign(s, p);
    if (err == 0 && p->lots_count > 0 && !(p->risks = calloc(p->lots_count, sizeof(*p->risks))))
        err = -ENOMEM;
    return err;
}

/* ---- what was found ---- */

static int write_sku(struct sql *s, const struct pair *p, int32_t today)
{
    const struct score *c = &p->score;
    AUTO(sql_query)
    q = sql_query(
        s,
        "INSERT INTO sku_score(site, sku, day, status, in_episode, score, factor_idle,"
        " factor_velocity, factor_no_sale, units, landed_paise, rate_milli, idle_days,"
        " no_sale_permille, carrying_paise, opportunity_paise, disposal_paise, transport_paise,"
        " blocked_ml, risk_units, risk_paise, waits_for) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9,"
        " $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)"
        " ON CONFLICT(tenant, site, sku) DO UPDATE SET day = excluded.day,"
        " status = excluded.status, in_episode = excluded.in_episode, score = excluded.score,"
        " factor_idle = excluded.factor_idle, factor_velocity = excluded.factor_velocity,"
        " factor_no_sale = excluded.factor_no_sale, units = excluded.units,"
        " landed_paise = excluded.landed_paise, rate_milli = excluded.rate_milli,"
        " idle_days = excluded.idle_days, no_sale_permille = excluded.no_sale_permille,"
        " carrying_paise = excluded.carrying_paise,"
        " opportunity_paise = excluded.opportunity_paise,"
        " disposal_paise = excluded.disposal_paise,"
        " transport_paise = excluded.transport_paise, blocked_ml = excluded.blocked_ml,"
        " risk_units = excluded.risk_units, risk_paise = excluded.risk_paise,"
        " waits_for = excluded.waits_for");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    const int64_t values[] = {today,
                              c->step.state.status,
                              c->step.state.in_episode,
                              c->dead.score,
                              c->dead.factor[DEAD_STOCK_IDLE],
                              c->dead.factor[DEAD_STOCK_VELOCITY],
                              c->dead.factor[DEAD_STOCK_NO_SALE],
                              c->units,
                              c->landed_paise,
                              (int64_t)(c->demand.rate * 1000 + 0.5),
                              c->movement.idle_days,
                              c->no_sale_permille,
                              c->impact.carrying_paise,
                              c->impact.opportunity_paise,
                              c->impact.disposal_paise,
                              c->impact.transport_paise,
                              c->impact.blocked_ml,
                              c->risk_units,
                              c->risk_paise};
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        sql_bind_int(q, 3 + (int)i, values[i]);
    sql_bind_text(q, 3 + (int)ARRAY_LEN(values), c->festival ? c->festival : "");
    return sql_run(q);
}

static int write_forecast(struct sql *s, const struct pair *p, int32_t today)
{
    static const char *const lives[] = {"new", "going", "discontinued"};
    const struct score *c = &p->score;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO forecast_score(site, sku, method, life, day, units_milli,"
                     " error_permille, origins, season_permille, stock_out_permille,"
                     " return_permille, mean_1, shape_1, mean_2, shape_2, mean_3, shape_3)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
                     " $16, $17)"
                     " ON CONFLICT(tenant, site, sku) DO UPDATE SET method = excluded.method,"
                     " life = excluded.life, day = excluded.day,"
                     " units_milli = excluded.units_milli,"
                     " error_permille = excluded.error_permille, origins = excluded.origins,"
                     " season_permille = excluded.season_permille,"
                     " stock_out_permille = excluded.stock_out_permille,"
                     " return_permille = excluded.return_permille, mean_1 = excluded.mean_1,"
                     " shape_1 = excluded.shape_1, mean_2 = excluded.mean_2,"
                     " shape_2 = excluded.shape_2, mean_3 = excluded.mean_3,"
                     " shape_3 = excluded.shape_3");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    sql_bind_text(q, 3, forecast_method_name(c->forecast.chosen));
    sql_bind_text(q, 4, lives[c->life]);
    const int64_t values[] = {today,
                              (int64_t)(c->forecast.units * 1000 + 0.5),
                              forecast_error_permille(&c->forecast),
                              c->forecast.origins,
                              c->season_permille,
                              c->stock_out_permille,
                              c->returns.share_permille,
                              c->ahead[0].mean_milli,
                              c->ahead[0].shape_milli,
                              c->ahead[1].mean_milli,
                              c->ahead[1].shape_milli,
                              c->ahead[2].mean_milli,
                              c->ahead[2].shape_milli};
    for (size_t i = 0; i < ARRAY_LEN(values); i++)
        sql_bind_int(q, 5 + (int)i, values[i]);
    return sql_run(q);
}

static int forget(struct sql *s, const char *text, const struct pair *p)
{
    AUTO(sql_query) q = sql_query(s, text);
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    return sql_run(q);
}

static int write_lot(struct sql *s, const struct pair *p, uint32_t i, int32_t today)
{
    const struct score_lot *lot = &p->lots[i];
    const struct expiry_risk *risk = &p->risks[i];
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO lot_score(site, sku, batch, expiry_day, mrp_paise, day, units,"
                     " state, score, at_risk_units, unsold_milli, landed_paise, total_paise)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    sql_bind_text(q, 3, lot->key.number);
    const int64_t values[] = {lot->key.expiry_day, lot->key.mrp_paise, today,
                              lot->units,          risk->state,        risk->score,
                              risk->at_risk_units, risk->unsold_milli, lot->landed_paise,
                              risk->total_paise};
    for (size_t k = 0; k < ARRAY_LEN(values); k++)
        sql_bind_int(q, 4 + (int)k, values[k]);
    return sql_run(q);
}

int pair_write(struct sql *s, const struct pair *p, int32_t today, int64_t now_ms)
{
    assert(s && p);
    int err = write_sku(s, p, today);
    if (err == 0)
        err = write_forecast(s, p, today);
    if (err == 0)
        err = forget(s, "DELETE FROM lot_score WHERE site = $1 AND sku = $2", p);
    for (uint32_t i = 0; err == 0 && i < p->lots_count; i++)
        err = write_lot(s, p, i, today);
    if (err < 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "DELETE FROM rescore WHERE site = $1 AND sku = $2 AND since_ms <= $3");
    sql_bind_text(q, 1, p->site);
    sql_bind_text(q, 2, p->sku);
    sql_bind_int(q, 3, now_ms);
    return sql_run(q);
}
