/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transfer_line.h"

#include <assert.h>
#include <errno.h>

#include "civil.h"
#include "entry_kind_sql.h"
#include "transfer_saga.h"

int transfer_line_write(struct sql *s, const struct transfer_line *l)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day,"
                     " batch, expiry_day, mrp_paise, received_day, price_paise, state, made_ms,"
                     " cause) VALUES($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 'open',"
                     " $12, $13)");
    sql_bind_text(q, 1, l->document);
    sql_bind_text(q, 2, l->site);
    sql_bind_text(q, 3, l->kind);
    sql_bind_text(q, 4, l->party);
    sql_bind_text(q, 5, l->sku);
    sql_bind_int(q, 6, l->qty);
    sql_bind_int(q, 7, l->due_day);
    sql_bind_text(q, 8, l->batch->number);
    sql_bind_int(q, 9, l->batch->expiry_day);
    sql_bind_int(q, 10, l->batch->mrp_paise);
    sql_bind_int(q, 11, l->received_day);
    sql_bind_int(q, 12, l->now_ms);
    sql_bind_text(q, 13, l->cause);
    return sql_run(q);
}

int transfer_line_set(struct sql *s, const char *document, const char *site, const char *state,
                      int64_t qty)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE order_line SET state = $3, qty = $4 WHERE document = $1"
                     " AND site = $2 AND line = 1 AND (state <> $3 OR qty <> $4)");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, site);
    sql_bind_text(q, 3, state);
    sql_bind_int(q, 4, qty);
    return sql_run(q);
}

int transfer_line_done(struct sql *s, const char *document, const char *site, int32_t kind,
                       int64_t *ret_units)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM line_done"
                     " WHERE document = $1 AND site = $2 AND kind = $3");
    sql_bind_text(q, 1, document);
    sql_bind_text(q, 2, site);
    sql_bind_int(q, 3, kind);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_units = sql_int(q, 0);
    return 0;
}

int transfer_line_not_sent(struct sql *s, const char *document, int64_t *ret_units)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(d.qty), 0) AS BIGINT) FROM line_done d"
                     " JOIN proposal p ON p.document = d.document AND p.from_site = d.site"
                     " WHERE d.document = $1 AND d.kind = $2");
    sql_bind_text(q, 1, document);
    sql_bind_int(q, 2, ENTRY_TASK_DONE);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_units = sql_int(q, 0);
    return 0;
}

int transfer_line_damaged(struct sql *s, const char *document, int64_t *ret_units)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(damaged), 0) AS BIGINT) FROM transit"
                     " WHERE document = $1");
    sql_bind_text(q, 1, document);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_units = sql_int(q, 0);
    return 0;
}

static void bind_lot(struct sql_query *q, const char *site, const char *sku,
                     const struct batch_key *b)
{
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, sku);
    sql_bind_text(q, 3, b->number);
    sql_bind_int(q, 4, b->expiry_day);
    sql_bind_int(q, 5, b->mrp_paise);
}

#define OF_LOT " site = $1 AND sku = $2 AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5"
#define OF_SENDER                                                                                  \
    " from_site = $1 AND sku = $2 AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5"

int transfer_line_received(struct sql *s, const char *site, const char *sku,
                           const struct batch_key *batch, int32_t *ret_day)
{
    AUTO(sql_query) q = sql_query(s, "SELECT received_day FROM lot WHERE" OF_LOT);
    bind_lot(q, site, sku, batch);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_day = got ? (int32_t)sql_int(q, 0) : CIVIL_NONE;
    return 0;
}

/* What lies there, and what of it is promised: to lines that are open and not booked yet, to
 * returns and write-offs under way, and to campaigns, whose sales have lines of their own. */
static const char *const terms[] = {
    "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM stock WHERE" OF_LOT " AND status = 0",
    "SELECT CAST(-coalesce(sum(CASE WHEN o.left_units > 0 THEN o.left_units ELSE 0 END), 0)"
    " AS BIGINT) FROM (SELECT l.qty - (SELECT CAST(coalesce(sum(d.qty), 0) AS BIGINT)"
    " FROM line_done AS d WHERE d.document = l.document AND d.line = l.line AND d.site = l.site"
    " AND d.kind IN (" SQL_PICKED ", " SQL_DISPATCHED ", " SQL_TASK_DONE
    ")) AS left_units FROM order_line AS l WHERE" OF_LOT
    " AND state = 'open' AND (kind = 'transfer_out'"
    " OR (kind = 'sale' AND substr(cause, 1, 9) <> 'campaign:'))) AS o",
    "SELECT CAST(-coalesce(sum(CASE WHEN units > done_units THEN units - done_units ELSE 0 END), 0)"
    " AS BIGINT) FROM proposal WHERE" OF_SENDER
    " AND state = 'executing' AND action IN ('supplier_return', 'write_off')",
    "SELECT CAST(-coalesce(sum(CASE WHEN units > sold_units THEN units - sold_units ELSE 0 END), 0)"
    " AS BIGINT) FROM campaign WHERE" OF_LOT " AND state IN ('approved', 'running', 'paused')",
};

int transfer_free_units(struct sql *s, const char *site, const char *sku,
                        const struct batch_key *batch, int64_t *ret_units)
{
    assert(s && site && sku && batch && ret_units);
    int64_t units = 0;
    for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
        AUTO(sql_query) q = sql_query(s, terms[i]);
        bind_lot(q, site, sku, batch);
        int got = sql_step(q);
        if (got < 0)
            return got;
        units += sql_int(q, 0);
    }
    *ret_units = units;
    return 0;
}
