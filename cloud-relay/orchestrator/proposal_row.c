/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proposal_row.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "proposal_id, case_id, action, state, sku, batch, expiry_day, mrp_paise, from_site, to_site,"  \
    " units, made_by, made_ms, expires_ms, landed_paise, discount_permille, cost_paise,"           \
    " revenue_paise, gain_paise, ask_milli_paise, bid_milli_paise, urgency, rank, compliance,"     \
    " reason, alternative, limits, inputs, decided_by, decided_ms, decided_reason, document,"      \
    " done_units, actual_cost_paise, actual_revenue_paise, saga_step"

static int read_row(struct sql_query *q, struct proposal *p)
{
    *p = (struct proposal){.batch.expiry_day = (int32_t)sql_int(q, 6),
                           .batch.mrp_paise = sql_int(q, 7),
                           .units = sql_int(q, 10),
                           .made_ms = sql_int(q, 12),
                           .expires_ms = sql_int(q, 13),
                           .landed_paise = sql_int(q, 14),
                           .discount_permille = sql_int(q, 15),
                           .cost_paise = sql_int(q, 16),
                           .revenue_paise = sql_int(q, 17),
                           .gain_paise = sql_int(q, 18),
                           .ask_milli_paise = sql_int(q, 19),
                           .bid_milli_paise = sql_int(q, 20),
                           .urgency = sql_int(q, 21),
                           .rank = sql_int(q, 22),
                           .decided_ms = sql_int(q, 29),
                           .done_units = sql_int(q, 32),
                           .actual_cost_paise = sql_int(q, 33),
                           .actual_revenue_paise = sql_int(q, 34),
                           .saga_step = sql_int(q, 35)};
    const struct {
        int column;
        char *field;
        size_t size;
    } texts[] = {
        {0, p->id, sizeof(p->id)},
        {1, p->case_id, sizeof(p->case_id)},
        {4, p->sku, sizeof(p->sku)},
        {5, p->batch.number, sizeof(p->batch.number)},
        {8, p->from_site, sizeof(p->from_site)},
        {9, p->to_site, sizeof(p->to_site)},
        {11, p->made_by, sizeof(p->made_by)},
        {23, p->compliance, sizeof(p->compliance)},
        {24, p->reason, sizeof(p->reason)},
        {25, p->alternative, sizeof(p->alternative)},
        {26, p->limits, sizeof(p->limits)},
        {27, p->inputs, sizeof(p->inputs)},
        {28, p->decided_by, sizeof(p->decided_by)},
        {30, p->decided_reason, sizeof(p->decided_reason)},
        {31, p->document, sizeof(p->document)},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        sql_copy(q, texts[i].column, texts[i].field, texts[i].size);
    if (proposal_action_parse(sql_text(q, 2), &p->action) < 0 ||
        proposal_state_parse(sql_text(q, 3), &p->state) < 0)
        return -EBADMSG;
    return 1;
}

static int read_one(struct sql_query *q, struct proposal *ret)
{
    struct proposal p;
    int got = sql_step(q);
    if (got > 0)
        got = read_row(q, &p);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret = p;
    return 0;
}

int proposal_find(struct sql *s, const char *id, struct proposal *ret)
{
    assert(s && id && ret);
    AUTO(sql_query) q = sql_query(s, "SELECT " COLUMNS " FROM proposal WHERE proposal_id = $1");
    sql_bind_text(q, 1, id);
    return read_one(q, ret);
}

/* A document is named after its proposal: "T" and the number behind the "P". */
int proposal_find_document(struct sql *s, const char *document, struct proposal *ret)
{
    assert(s && document && ret);
    char id[PROPOSAL_ID_SIZE];
    if (document[0] != 'T' || snprintf(id, sizeof(id), "P%s", document + 1) >= (int)sizeof(id))
        return -ENOENT;
    int err = proposal_find(s, id, ret);
    return err == 0 && strcmp(ret->document, document) != 0 ? -ENOENT : err;
}

int proposal_each(struct sql *s, const struct proposal_filter *f, proposal_fn on_proposal,
                  void *context)
{
    assert(s && f && on_proposal && f->limit > 0);
    AUTO(sql_query)
    q = sql_query(s, "SELECT " COLUMNS " FROM proposal WHERE ($1 = '' OR state = $1)"
                     " AND ($2 = '' OR action = $2)"
                     " AND ($3 = 0 OR state IN ('proposed', 'approved', 'executing'))"
                     " AND ($4 = '' OR case_id = $4) AND ($5 = '' OR sku = $5)"
                     " AND ($6 = '' OR from_site = $6 OR to_site = $6) AND proposal_id > $7"
                     " ORDER BY proposal_id LIMIT $8");
    sql_bind_text(q, 1, f->state >= 0 ? proposal_state_name((enum proposal_state)f->state) : "");
    sql_bind_text(q, 2,
                  f->action >= 0 ? proposal_action_name((enum proposal_action)f->action) : "");
    sql_bind_int(q, 3, f->open_only);
    sql_bind_text(q, 4, f->case_id ? f->case_id : "");
    sql_bind_text(q, 5, f->sku ? f->sku : "");
    sql_bind_text(q, 6, f->site ? f->site : "");
    sql_bind_text(q, 7, f->after_id ? f->after_id : "");
    sql_bind_int(q, 8, f->limit);
    for (;;) {
        struct proposal p;
        int got = sql_step(q);
        if (got > 0)
            got = read_row(q, &p);
        if (got <= 0)
            return got;
        got = on_proposal(&p, context);
        if (got != 0)
            return got;
    }
}

int proposal_row_insert(struct sql *s, const struct proposal *p)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO proposal(" COLUMNS ") VALUES($1, $2, $3, 'proposed', $4, $5, $6,"
                     " $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,"
                     " '', $23, $24, $25, $26, '', 0, '', '', 0, 0, 0, 0)");
    sql_bind_text(q, 1, p->id);
    sql_bind_text(q, 2, p->case_id);
    sql_bind_text(q, 3, proposal_action_name(p->action));
    sql_bind_text(q, 4, p->sku);
    sql_bind_text(q, 5, p->batch.number);
    sql_bind_int(q, 6, p->batch.expiry_day);
    sql_bind_int(q, 7, p->batch.mrp_paise);
    sql_bind_text(q, 8, p->from_site);
    sql_bind_text(q, 9, p->to_site);
    sql_bind_int(q, 10, p->units);
    sql_bind_text(q, 11, p->made_by);
    sql_bind_int(q, 12, p->made_ms);
    sql_bind_int(q, 13, p->expires_ms);
    sql_bind_int(q, 14, p->landed_paise);
    sql_bind_int(q, 15, p->discount_permille);
    sql_bind_int(q, 16, p->cost_paise);
    sql_bind_int(q, 17, p->revenue_paise);
    sql_bind_int(q, 18, p->gain_paise);
    sql_bind_int(q, 19, p->ask_milli_paise);
    sql_bind_int(q, 20, p->bid_milli_paise);
    sql_bind_int(q, 21, p->urgency);
    sql_bind_int(q, 22, p->rank);
    sql_bind_text(q, 23, p->reason);
    sql_bind_text(q, 24, p->alternative);
    sql_bind_text(q, 25, p->limits);
    sql_bind_text(q, 26, p->inputs);
    return sql_run(q);
}

int proposal_row_update(struct sql *s, const struct proposal *p)
{
    AUTO(sql_query)
    q = sql_query(s, "UPDATE proposal SET state = $2, to_site = $3, units = $4, landed_paise = $5,"
                     " cost_paise = $6, revenue_paise = $7, gain_paise = $8, compliance = $9,"
                     " decided_by = $10, decided_ms = $11, decided_reason = $12, document = $13,"
                     " done_units = $14, actual_cost_paise = $15, actual_revenue_paise = $16,"
                     " saga_step = $17 WHERE proposal_id = $1");
    sql_bind_text(q, 1, p->id);
    sql_bind_text(q, 2, proposal_state_name(p->state));
    sql_bind_text(q, 3, p->to_site);
    sql_bind_int(q, 4, p->units);
    sql_bind_int(q, 5, p->landed_paise);
    sql_bind_int(q, 6, p->cost_paise);
    sql_bind_int(q, 7, p->revenue_paise);
    sql_bind_int(q, 8, p->gain_paise);
    sql_bind_text(q, 9, p->compliance);
    sql_bind_text(q, 10, p->decided_by);
    sql_bind_int(q, 11, p->decided_ms);
    sql_bind_text(q, 12, p->decided_reason);
    sql_bind_text(q, 13, p->document);
    sql_bind_int(q, 14, p->done_units);
    sql_bind_int(q, 15, p->actual_cost_paise);
    sql_bind_int(q, 16, p->actual_revenue_paise);
    sql_bind_int(q, 17, p->saga_step);
    return sql_run(q);
}

int proposal_record(struct sql *s, int64_t from_ms, int64_t to_ms, struct proposal_record *ret)
{
    assert(s && ret);
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT count(*), CAST(coalesce(sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END),"
                  " 0) AS BIGINT), CAST(coalesce(sum(units), 0) AS BIGINT),"
                  " CAST(coalesce(sum(done_units), 0) AS BIGINT),"
                  " CAST(coalesce(sum(cost_paise), 0) AS BIGINT),"
                  " CAST(coalesce(sum(actual_cost_paise), 0) AS BIGINT),"
                  " CAST(coalesce(sum(revenue_paise), 0) AS BIGINT),"
                  " CAST(coalesce(sum(actual_revenue_paise), 0) AS BIGINT) FROM proposal"
                  " WHERE action = 'transfer' AND state IN ('done', 'partial', 'failed')"
                  " AND decided_ms >= $1 AND decided_ms < $2");
    sql_bind_int(q, 1, from_ms);
    sql_bind_int(q, 2, to_ms);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = (struct proposal_record){
        .ended = sql_int(q, 0),
        .successes = sql_int(q, 1),
        .proposed_units = sql_int(q, 2),
        .done_units = sql_int(q, 3),
        .predicted_cost_paise = sql_int(q, 4),
        .actual_cost_paise = sql_int(q, 5),
        .predicted_revenue_paise = sql_int(q, 6),
        .actual_revenue_paise = sql_int(q, 7),
    };
    return 0;
}
