/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "supplier_return.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"

/* ---- pure ---- */

bool supplier_window_open(const struct supplier_terms *t, int32_t expiry_day, int32_t day)
{
    assert(t);
    if (!t->returnable || expiry_day == CIVIL_NONE)
        return false;
    int64_t from_expiry = (int64_t)day - expiry_day;
    return from_expiry >= t->window_from_days && from_expiry <= t->window_to_days;
}

static void bound(int64_t *least, int64_t quota, int64_t used)
{
    int64_t left = quota > used ? quota - used : 0;
    if (left < *least)
        *least = left;
}

struct supplier_quota supplier_quota_left(const struct supplier_terms *t,
                                          const struct supplier_flow *seen)
{
    assert(t && seen);
    struct supplier_quota q = {SUPPLIER_NO_LIMIT, SUPPLIER_NO_LIMIT};
    if (!t->returnable)
        return (struct supplier_quota){0, 0};
    if (t->quota_units > 0)
        bound(&q.units, t->quota_units, seen->back_units);
    if (t->quota_paise > 0)
        bound(&q.paise, t->quota_paise, seen->back_paise);
    int64_t share = 0;
    if (t->quota_permille > 0 && decimal_muldiv(seen->bought_paise > 0 ? seen->bought_paise : 0,
                                                t->quota_permille, 1000, &share) == 0)
        bound(&q.paise, share, seen->back_paise);
    return q;
}

int64_t supplier_credit_paise(const struct supplier_terms *t, int64_t landed_paise)
{
    assert(t);
    int64_t credit = 0;
    return landed_paise > 0 && decimal_muldiv(landed_paise, t->credit_permille, 1000, &credit) == 0
               ? credit
               : 0;
}

int64_t supplier_freight_paise(const struct supplier_terms *t, int64_t weight_g)
{
    assert(t);
    int64_t freight = 0;
    return t->freight_ours && weight_g > 0 &&
                   decimal_muldiv(weight_g, t->freight_paise_kg, 1000, &freight) == 0
               ? freight
               : 0;
}

/* ---- from the store ---- */

/* Whether a SKU is one of those that these terms hold for. */
static int holds_for(struct sql *s, const struct catalogue_index *catalogue,
                     const struct supplier_terms *t, const char *sku)
{
    const struct catalogue_sku *known = catalogue_index_sku(catalogue, sku);
    const char *brand = known ? known->brand : "";
    if (t->brand[0])
        return strcmp(brand, t->brand) == 0;
    struct supplier_terms other;
    int got = supplier_terms_find(s, t->supplier, brand, &other);
    return got <= 0 ? got : other.brand[0] == '\0';
}

static int add_supply(struct sql *s, const struct catalogue_index *catalogue,
                      const struct supplier_terms *t, int32_t today, struct supplier_flow *f)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT sku, CAST(sum(paise) AS BIGINT), CAST(sum(back_units) AS BIGINT),"
                     " CAST(sum(back_paise) AS BIGINT) FROM supply WHERE supplier = $1"
                     " AND day > $2 GROUP BY sku");
    sql_bind_text(q, 1, t->supplier);
    sql_bind_int(q, 2, today - SUPPLIER_DAYS);
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        got = holds_for(s, catalogue, t, sql_text(q, 0));
        if (got < 0)
            return got;
        f->bought_paise += got ? sql_int(q, 1) : 0;
        f->back_units += got ? sql_int(q, 2) : 0;
        f->back_paise += got ? sql_int(q, 3) : 0;
    }
}

/* What of open proposals is not scanned yet. */
static int add_open(struct sql *s, const struct catalogue_index *catalogue,
                    const struct supplier_terms *t, const char *but, struct supplier_flow *f)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT sku, units, done_units, landed_paise FROM proposal WHERE"
                     " action = 'supplier_return' AND to_site = $1 AND proposal_id <> $2"
                     " AND state IN ('proposed', 'approved', 'executing')");
    sql_bind_text(q, 1, t->supplier);
    sql_bind_text(q, 2, but);
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        got = holds_for(s, catalogue, t, sql_text(q, 0));
        int64_t left = sql_int(q, 1) - sql_int(q, 2), landed = 0;
        if (got > 0 && decimal_muldiv(sql_int(q, 3), left, sql_int(q, 1), &landed) < 0)
            got = -ERANGE;
        if (got < 0)
            return got;
        f->back_units += got ? left : 0;
        f->back_paise += landed;
    }
}

int supplier_flow_read(struct sql *s, const struct catalogue_index *catalogue,
                       const struct supplier_terms *t, int32_t today, const char *but,
                       struct supplier_flow *ret)
{
    assert(s && catalogue && t && but && ret);
    struct supplier_flow f = {0};
    int err = add_supply(s, catalogue, t, today, &f);
    if (err == 0)
        err = add_open(s, catalogue, t, but, &f);
    if (err == 0)
        *ret = f;
    return err;
}

static int ask_one(struct sql_query *q, char ret[ENTRY_PARTY_SIZE])
{
    int got = sql_step(q);
    if (got > 0)
        sql_copy(q, 0, ret, ENTRY_PARTY_SIZE);
    return got;
}

static int of_brand(struct sql *s, const char *brand, char ret[ENTRY_PARTY_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT min(supplier) FROM supplier_terms WHERE brand = $1 AND brand <> ''"
                     " HAVING count(DISTINCT supplier) = 1");
    sql_bind_text(q, 1, brand);
    return ask_one(q, ret);
}

static int of_sku(struct sql *s, const char *sku, char ret[ENTRY_PARTY_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT supplier FROM supply WHERE sku = $1 AND units > 0"
                     " ORDER BY day DESC, supplier LIMIT 1");
    sql_bind_text(q, 1, sku);
    return ask_one(q, ret);
}

static int of_batch(struct sql *s, const char *sku, const struct batch_key *batch,
                    char ret[ENTRY_PARTY_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT supplier FROM supply WHERE sku = $1 AND batch = $2 AND expiry_day = $3"
                     " AND mrp_paise = $4 AND units > 0 ORDER BY day DESC, supplier LIMIT 1");
    sql_bind_text(q, 1, sku);
    sql_bind_text(q, 2, batch->number);
    sql_bind_int(q, 3, batch->expiry_day);
    sql_bind_int(q, 4, batch->mrp_paise);
    return ask_one(q, ret);
}

int supplier_of_lot(struct sql *s, const struct catalogue_sku *sku, const struct batch_key *batch,
                    char ret[ENTRY_PARTY_SIZE])
{
    assert(s && sku && batch && ret);
    int got = of_batch(s, sku->sku, batch, ret);
    if (got == 0)
        got = of_sku(s, sku->sku, ret);
    return got == 0 ? of_brand(s, sku->brand, ret) : got;
}

int supplier_bought_day(struct sql *s, const char *supplier, const char *sku,
                        const struct batch_key *batch, int32_t *ret)
{
    assert(s && supplier && sku && batch && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT day FROM supply WHERE supplier = $1 AND sku = $2 AND batch = $3"
                     " AND expiry_day = $4 AND mrp_paise = $5 AND units > 0"
                     " ORDER BY day DESC LIMIT 1");
    sql_bind_text(q, 1, supplier);
    sql_bind_text(q, 2, sku);
    sql_bind_text(q, 3, batch->number);
    sql_bind_int(q, 4, batch->expiry_day);
    sql_bind_int(q, 5, batch->mrp_paise);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = got > 0 ? (int32_t)sql_int(q, 0) : CIVIL_NONE;
    return 0;
}

int supplier_claim_read(struct sql *s, const char *supplier, const char *site, int64_t now_ms,
                        int64_t *ret_paise)
{
    assert(s && supplier && site && ret_paise);
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(CASE WHEN state IN ('done', 'partial')"
                     " THEN actual_revenue_paise ELSE revenue_paise END), 0) AS BIGINT)"
                     " FROM proposal WHERE action = 'supplier_return' AND to_site = $1"
                     " AND from_site = $2 AND (state IN ('proposed', 'approved', 'executing')"
                     " OR (state IN ('done', 'partial') AND decided_ms > $3))");
    sql_bind_text(q, 1, supplier);
    sql_bind_text(q, 2, site);
    sql_bind_int(q, 3, now_ms - SUPPLIER_CLAIM_DAYS * CIVIL_MS_PER_DAY);
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_paise = sql_int(q, 0);
    return 0;
}
