/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/network: who has too much, who needs it, and at which prices. Surplus is what
 * analysis found at risk; need is what a site sells within the horizon beyond what lies there and
 * travels. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answer_site.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "text.h"

#define NEED_DAYS 30
#define SCORES_MAX 400000
#define CELLS_MAX 20000
#define FLOWS_MAX 5000
#define KEYS_MAX 600 /* categories of a site */

struct flow {
    char sku[ENTRY_SKU_SIZE];
    char from[ENTRY_PARTY_SIZE];
    char to[ENTRY_PARTY_SIZE];
    const char *key; /* SKU or category */
    int64_t ask, bid;
};

struct cell {
    char key[CATALOGUE_WORD_SIZE];
    int64_t surplus_units, surplus_paise, need_units, need_paise;
};

struct network {
    struct api_call *call;
    const struct catalogue_index *catalogue;
    bool by_sku;
    struct flow *flows;
    size_t flows_count;
    cJSON *cells_json;
    int64_t cells_written;
    char site[ENTRY_PARTY_SIZE]; /* whose cells are collected */
    struct cell *cells;
    size_t cells_count;
};

static const char select_flows[] =
    "SELECT p.proposal_id, p.sku, p.from_site, p.to_site, p.units, p.gain_paise, p.state,"
    " p.ask_milli_paise, p.bid_milli_paise FROM proposal p JOIN site s ON s.site = p.from_site"
    " WHERE ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND"
    " p.action = 'transfer' AND p.state IN ('proposed', 'approved', 'executing') AND ($3 = '' OR"
    " p.sku = $3) ORDER BY p.gain_paise DESC, p.proposal_id LIMIT $2";
static const struct api_column flow_columns[] = {
    {"proposalId", FIELD_TEXT}, {"sku", FIELD_TEXT},  {"fromSite", FIELD_TEXT},
    {"toSite", FIELD_TEXT},     {"units", FIELD_INT}, {"gainPaise", FIELD_INT},
    {"state", FIELD_TEXT},
};

static const char *key_of(const struct network *n, const char *sku)
{
    const struct catalogue_sku *known = catalogue_index_sku(n->catalogue, sku);
    return n->by_sku ? sku : known ? known->category : "";
}

static bool category_is_wanted(const struct network *n, const char *sku)
{
    const char *category = api_arg(n->call, "category");
    const struct catalogue_sku *known = catalogue_index_sku(n->catalogue, sku);
    return category[0] == '\0' || (known && strcmp(known->category, category) == 0);
}

static int read_flows(struct network *n)
{
    struct api_call *call = n->call;
    cJSON *flows = http_json_add_array(&call->answer, call->root, "flows");
    AUTO(sql_query) q = sql_query(call->s, select_flows);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, FLOWS_MAX);
    sql_bind_text(q, 3, api_arg(call, "sku"));
    int found = 0;
    while ((found = sql_step(q)) == 1) {
        if (!category_is_wanted(n, sql_text(q, 1)))
            continue;
        struct flow *f = &n->flows[n->flows_count++];
        sql_copy(q, 1, f->sku, sizeof(f->sku));
        sql_copy(q, 2, f->from, sizeof(f->from));
        sql_copy(q, 3, f->to, sizeof(f->to));
        f->key = key_of(n, f->sku);
        f->ask = sql_int(q, 7);
        f->bid = sql_int(q, 8);
        int err = api_row(call, http_json_add_object(&call->answer, flows, NULL), q, flow_columns,
                          ARRAY_LEN(flow_columns));
        if (err < 0)
            return err;
    }
    return found;
}

/* The lowest ask from here and the highest bid to here, of open proposals; 0: none. */
static void find_prices(const struct network *n, const char *key, int64_t *ret_ask,
                        int64_t *ret_bid)
{
    *ret_ask = *ret_bid = 0;
    for (size_t i = 0; i < n->flows_count; i++) {
        const struct flow *f = &n->flows[i];
        if (strcmp(f->key, key) != 0)
            continue;
        if (strcmp(f->from, n->site) == 0 && (*ret_ask == 0 || f->ask < *ret_ask))
            *ret_ask = f->ask;
        if (strcmp(f->to, n->site) == 0 && f->bid > *ret_bid)
            *ret_bid = f->bid;
    }
}

static void add_price(struct http_json *b, cJSON *to, const char *name, int64_t price)
{
    if (price > 0)
        http_json_number(b, to, name, price);
    else
        http_json_null(b, to, name);
}

static void write_cells(struct network *n)
{
    struct http_json *b = &n->call->answer;
    for (size_t i = 0; i < n->cells_count; i++) {
        const struct cell *c = &n->cells[i];
        int64_t ask = 0;
        int64_t bid = 0;
        if ((c->surplus_units == 0 && c->need_units == 0) || n->cells_written == CELLS_MAX)
            continue;
        n->cells_written++;
        find_prices(n, c->key, &ask, &bid);
        cJSON *to = http_json_add_object(b, n->cells_json, NULL);
        http_json_text(b, to, "site", n->site);
        http_json_text(b, to, "key", c->key);
        http_json_number(b, to, "surplusUnits", c->surplus_units);
        http_json_number(b, to, "surplusPaise", c->surplus_paise);
        http_json_number(b, to, "needUnits", c->need_units);
        http_json_number(b, to, "needPaise", c->need_paise);
        add_price(b, to, "askMilliPaise", ask);
        add_price(b, to, "bidMilliPaise", bid);
    }
    n->cells_count = 0;
}

static struct cell *cell_of(struct network *n, const char *key)
{
    for (size_t i = n->cells_count; i-- > 0;) { /* the last one is the likeliest */
        if (strcmp(n->cells[i].key, key) == 0)
            return &n->cells[i];
    }
    if (n->cells_count == KEYS_MAX) {
        write_cells(n);
    }
    struct cell *c = &n->cells[n->cells_count++];
    *c = (struct cell){.surplus_units = 0};
    text_cut(c->key, sizeof(c->key), key);
    return c;
}

static int64_t need_of(int64_t rate_milli, int64_t there)
{
    int64_t wanted = rate_milli * NEED_DAYS / 1000;
    return wanted > there ? wanted - there : 0;
}

static const char select_scores[] =
    "SELECT c.site, c.sku, c.risk_units, c.risk_paise, c.rate_milli, c.units, coalesce(i.qty, 0)"
    " FROM sku_score c JOIN site s ON s.site = c.site LEFT JOIN (SELECT to_site, sku,"
    " CAST(sum(sent - arrived - lost) AS BIGINT) AS qty FROM transit GROUP BY to_site, sku) i ON"
    " i.to_site = c.site AND i.sku = c.sku WHERE ($1 = '' OR replace($1, '+' || s.territory ||"
    " '+', '') <> $1) AND ($3 = '' OR c.sku = $3) ORDER BY c.site, c.sku LIMIT $2";

static int read_scores(struct network *n)
{
    AUTO(sql_query) q = sql_query(n->call->s, select_scores);
    sql_bind_text(q, 1, n->call->who.territories);
    sql_bind_int(q, 2, SCORES_MAX);
    sql_bind_text(q, 3, api_arg(n->call, "sku"));
    int found = 0;
    while ((found = sql_step(q)) == 1) {
        const char *sku = sql_text(q, 1);
        if (strcmp(n->site, sql_text(q, 0)) != 0) {
            write_cells(n);
            sql_copy(q, 0, n->site, sizeof(n->site));
        }
        if (!category_is_wanted(n, sku))
            continue;
        const struct catalogue_sku *known = catalogue_index_sku(n->catalogue, sku);
        struct cell *c = cell_of(n, key_of(n, sku));
        int64_t need = need_of(sql_int(q, 4), sql_int(q, 5) + sql_int(q, 6));
        c->surplus_units += sql_int(q, 2);
        c->surplus_paise += sql_int(q, 3);
        c->need_units += need;
        c->need_paise += known ? need * known->price_paise : 0;
    }
    write_cells(n);
    return found;
}

static int answer_network(struct network *n)
{
    struct api_call *call = n->call;
    int err = api_catalogue(call, &n->catalogue);
    if (err < 0)
        return err;
    http_json_text(&call->answer, call->root, "by", n->by_sku ? "sku" : "category");
    http_json_number(&call->answer, call->root, "needHorizonDays", NEED_DAYS);
    AUTO(sql_query) sites = answer_sites(call, "");
    err = api_rows_into(call, call->root, "sites", sites, answer_site_columns, ANSWER_SITE_COLUMNS);
    if (err == 0)
        err = read_flows(n);
    n->cells_json = http_json_add_array(&call->answer, call->root, "cells");
    if (err == 0)
        err = read_scores(n);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

int handle_get_network(struct api_call *call)
{
    struct network n = {.call = call, .by_sku = strcmp(api_arg(call, "by"), "sku") == 0};
    n.flows = calloc(FLOWS_MAX, sizeof(*n.flows));
    n.cells = calloc(KEYS_MAX, sizeof(*n.cells));
    int err = n.flows && n.cells ? answer_network(&n) : -ENOMEM;
    free(n.flows);
    free(n.cells);
    return err;
}
