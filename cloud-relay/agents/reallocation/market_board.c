/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "market_board.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_body.h"

#define BIDS_SIZE (MARKET_BIDS_MAX * 192)

struct board_row {
    const struct situation_lot *lot;
    int64_t units, promised_units;
    int64_t reserve_milli, best_milli;
    const char *best_site; /* "": nobody asks */
    char bids[BIDS_SIZE];
};

static int64_t net(const struct standing_bid *b)
{
    return b->bid_paise - b->transport_paise;
}

/* The best of a lot's bids, by what is left of them behind the way; ties by lane. Bids of nothing
 * are none. Returns how many. */
static size_t best_bids(const struct standing *s, size_t lot,
                        const struct standing_bid *ret[MARKET_BIDS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < s->bids; i++) {
        const struct standing_bid *b = &s->bid[i];
        if (b->lot != lot || b->bid_paise <= 0)
            continue;
        size_t at = n;
        while (at > 0 && (net(b) > net(ret[at - 1]) ||
                          (net(b) == net(ret[at - 1]) && b->lane < ret[at - 1]->lane)))
            at--;
        if (at == MARKET_BIDS_MAX)
            continue;
        n += n < MARKET_BIDS_MAX;
        memmove(&ret[at + 1], &ret[at], (n - 1 - at) * sizeof(*ret));
        ret[at] = b;
    }
    return n;
}

static int write_bids(const struct situation *t, const struct standing_bid *const *bids, size_t n,
                      int64_t in_case, char text[BIDS_SIZE])
{
    size_t len = (size_t)snprintf(text, BIDS_SIZE, "[");
    for (size_t i = 0; i < n; i++) {
        const struct situation_lane *lane = &t->lanes[bids[i]->lane];
        AUTO(event_body) b = event_body_new();
        event_body_text(b, "site", t->sites[lane->to].site);
        event_body_int(b, "bidMilliPaise", bids[i]->bid_paise * 1000 / in_case);
        event_body_int(b, "transportMilliPaise", bids[i]->transport_paise * 1000 / in_case);
        event_body_int(b, "leadDays", lane->terms.lead_days);
        char *one = event_body_write(b);
        if (!one)
            return -ENOMEM;
        len += (size_t)snprintf(text + len, BIDS_SIZE - len, "%s%s", i > 0 ? "," : "", one);
        free(one);
        if (len + 2 > BIDS_SIZE)
            return -ERANGE; /* not reached: a site's code has at most 32 bytes */
    }
    snprintf(text + len, BIDS_SIZE - len, "]");
    return 0;
}

static int price(const struct situation *t, const struct standing *s, size_t i,
                 struct board_row *row)
{
    const struct standing_bid *bids[MARKET_BIDS_MAX];
    const struct situation_lot *lot = row->lot;
    int64_t in_case = t->skus[lot->sku].case_units;
    size_t n = best_bids(s, i, bids);
    row->units = lot->c.risk_units < lot->units ? lot->c.risk_units : lot->units;
    row->reserve_milli = s->reserve_paise[i] * 1000 / in_case;
    row->best_milli = n > 0 ? net(bids[0]) * 1000 / in_case : 0;
    row->best_site = n > 0 ? t->sites[t->lanes[bids[0]->lane].to].site : "";
    return write_bids(t, bids, n, in_case, row->bids);
}

static int store(struct sql *s, const struct board_row *row, int64_t now_ms)
{
    const struct recovery_case *c = &row->lot->c;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO market_lot(case_id, site, sku, batch, expiry_day, mrp_paise,"
                     " units, promised_units, reserve_milli_paise, best_milli_paise, best_site,"
                     " priced_ms, bids) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,"
                     " $13) ON CONFLICT (tenant, case_id) DO UPDATE SET units = $7,"
                     " promised_units = $8, reserve_milli_paise = $9, best_milli_paise = $10,"
                     " best_site = $11, priced_ms = $12, bids = $13");
    sql_bind_text(q, 1, c->id);
    sql_bind_text(q, 2, c->site);
    sql_bind_text(q, 3, c->sku);
    sql_bind_text(q, 4, c->batch.number);
    sql_bind_int(q, 5, c->batch.expiry_day);
    sql_bind_int(q, 6, c->batch.mrp_paise);
    sql_bind_int(q, 7, row->units);
    sql_bind_int(q, 8, row->promised_units);
    sql_bind_int(q, 9, row->reserve_milli);
    sql_bind_int(q, 10, row->best_milli);
    sql_bind_text(q, 11, row->best_site);
    sql_bind_int(q, 12, now_ms);
    sql_bind_text(q, 13, row->bids);
    return sql_run(q);
}

static int clear_gone(struct sql *s)
{
    AUTO(sql_query)
    q = sql_query(s, "DELETE FROM market_lot WHERE case_id NOT IN (SELECT case_id FROM"
                     " recovery_case WHERE state IN ('assessed', 'proposed'))");
    return sql_run(q);
}

/* Units of each lot that the plan's decisions take. */
static int64_t *sum_promised(const struct situation *t, const struct decisions *d)
{
    int64_t *units = calloc(t->lots_count + 1, sizeof(*units));
    for (size_t i = 0; units && i < d->count; i++)
        units[d->rows[i].lot] += d->rows[i].units;
    return units;
}

int market_board_write(struct agent_step *step, const struct situation *t,
                       const struct decisions *d)
{
    assert(step && t && d && d->standing && d->standing->lots == t->lots_count);
    int64_t *promised = sum_promised(t, d);
    int err = promised ? clear_gone(step->s) : -ENOMEM;
    for (size_t i = 0; err == 0 && i < t->lots_count; i++) {
        struct board_row row = {.lot = &t->lots[i], .promised_units = promised[i]};
        err = price(t, d->standing, i, &row);
        if (row.promised_units > row.units)
            row.promised_units = row.units;
        if (err == 0 && row.units > 0)
            err = store(step->s, &row, step->now_ms);
    }
    free(promised);
    return err;
}
