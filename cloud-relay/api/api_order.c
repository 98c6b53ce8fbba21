/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_order.h"

#include <assert.h>

#include "api_age.h"
#include "civil.h"

static const char insert_line[] =
    "INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day, batch,"
    " expiry_day, mrp_paise, received_day, state, made_ms, cause, price_paise) VALUES($1, $2, $3,"
    " $4, $5, $6, $7, $8, $9, $10, $11, -2147483648, 'open', $12, $13, $14)";

int order_put(struct api_call *call, const struct order_line *line)
{
    assert(call && line);
    AUTO(sql_query) q = sql_query(call->s, insert_line);
    sql_bind_text(q, 1, line->document);
    sql_bind_int(q, 2, line->line);
    sql_bind_text(q, 3, line->site);
    sql_bind_text(q, 4, order_kind_name(line->kind));
    sql_bind_text(q, 5, line->party);
    sql_bind_text(q, 6, line->sku);
    sql_bind_int(q, 7, line->qty);
    sql_bind_int(q, 8, line->due_day);
    sql_bind_text(q, 9, line->batch);
    sql_bind_int(q, 10, line->expiry_day);
    sql_bind_int(q, 11, line->mrp_paise);
    sql_bind_int(q, 12, call->now_ms);
    sql_bind_text(q, 13, line->cause);
    sql_bind_int(q, 14, line->price_paise);
    return sql_run(q);
}

int order_is_known(struct sql *s, const char *document)
{
    static const char select[] = "SELECT 1 FROM order_line WHERE document = $1 LIMIT 1";
    AUTO(sql_query) q = sql_query(s, select);
    sql_bind_text(q, 1, document);
    return sql_step(q);
}

int order_check_sku(struct api_call *call, const char *sku, const char *where)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    if (!catalogue_index_sku(catalogue, sku))
        return api_refuse(call, 422, "unknown_sku", where, "a SKU of the catalogue",
                          "the catalogue has no SKU %s", sku);
    return 0;
}

int order_check_party(struct api_call *call, const char *party, enum party_kind kind,
                      const char *where)
{
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    const struct catalogue_party *known = catalogue_index_party(catalogue, party);
    const char *word = kind == PARTY_OUTLET ? "outlet" : "supplier";
    if (!known || known->kind != kind)
        return api_refuse(call, 422, "unknown_party", where, "a code of the parties document",
                          "there is no %s %s", word, party);
    if (kind == PARTY_OUTLET && !api_territory_is_ours(call, known->territory))
        return api_forbidden(call, word, party);
    return 0;
}
