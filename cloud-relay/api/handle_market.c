/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/market/lots: what each site offers and at which reserve, as the last plan that looked
 * at it priced it. Nothing is computed here. */
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"

/* The dearest first by what lies there at its reserve, the widest spread to the best bid, or the
 * first to expire. */
#define SELECT_LOTS(number)                                                                        \
    "SELECT CAST(" number " AS TEXT) || '|' || m.case_id, m.case_id, m.site, s.territory, m.sku,"  \
    " m.sku, m.batch, m.expiry_day, m.mrp_paise, m.units, m.promised_units,"                       \
    " m.reserve_milli_paise, m.best_milli_paise, m.best_site, m.bids, m.priced_ms, m.site"         \
    " FROM market_lot m JOIN site s ON s.site = m.site JOIN recovery_case c"                       \
    " ON c.case_id = m.case_id AND c.state IN ('assessed', 'proposed') WHERE ($1 = '' OR"          \
    " replace($1, '+' || s.territory || '+', '') <> $1) AND (" number " < $3 OR (" number          \
    " = $3 AND m.case_id > $4)) AND ($5 = '' OR m.site = $5) AND ($6 = '' OR m.sku = $6) AND"      \
    " ($7 = 0 OR m.best_site <> '') ORDER BY " number " DESC, m.case_id LIMIT $2"

static const char by_value[] = SELECT_LOTS("(m.units * m.reserve_milli_paise)");
static const char by_spread[] =
    SELECT_LOTS("(CASE WHEN m.best_site = '' THEN 0 ELSE m.units * (m.best_milli_paise"
                " - m.reserve_milli_paise) END)");
static const char by_expiry[] = SELECT_LOTS("(0 - m.expiry_day)");
static const struct api_column columns[] = {
    {"key", FIELD_KEY},
    {"caseId", FIELD_TEXT},
    {"site", FIELD_TEXT},
    {"territory", FIELD_TEXT},
    {"sku", FIELD_TEXT},
    {"name", FIELD_SKU_NAME},
    {"batch", FIELD_TEXT},
    {"expiryDate", FIELD_DAY},
    {"mrpPaise", FIELD_INT},
    {"surplusUnits", FIELD_INT},
    {"promisedUnits", FIELD_INT},
    {"reserveMilliPaise", FIELD_INT},
    {"bestMilliPaise", FIELD_INT},
    {"bestSite", FIELD_TEXT_OR_NULL},
    {"bids", FIELD_JSON},
    {"pricedAt", FIELD_INSTANT},
    {"siteDataAgeSeconds", FIELD_AGE},
};

static const char *sorted(const char *word)
{
    if (strcmp(word, "expiry") == 0)
        return by_expiry;
    return strcmp(word, "value") == 0 ? by_value : by_spread;
}

int handle_list_market_lots(struct api_call *call)
{
    struct api_page page;
    int err = api_page_read(call, &page);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, sorted(api_arg(call, "sort")));
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_int(q, 3, page.number);
    sql_bind_text(q, 4, page.id);
    sql_bind_text(q, 5, api_arg(call, "site"));
    sql_bind_text(q, 6, api_arg(call, "sku"));
    sql_bind_int(q, 7, api_arg_true(call, "wanted"));
    err = api_rows(call, q, columns, ARRAY_LEN(columns), limit);
    return err < 0 ? err : api_add_freshness(call, call->root, api_arg(call, "site"));
}
