/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods between sites, and whether none were lost or made on the way through the books. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "conservation.h"

#define BREACHES_MAX 100

static const char select_transfers[] =
    "SELECT t.document || '|' || t.sku || '|' || t.batch || '|' || CAST(t.expiry_day AS TEXT) ||"
    " '|' || CAST(t.mrp_paise AS TEXT), t.document, t.sku, t.batch, t.expiry_day, t.mrp_paise,"
    " t.from_site, t.to_site, t.sent, t.arrived, t.damaged, t.lost, t.sent - t.arrived - t.lost,"
    " t.sent_ms, t.arrived_ms, CASE WHEN t.to_site <> '' THEN t.to_site ELSE t.from_site END FROM"
    " transit t WHERE ($1 = '' OR EXISTS (SELECT 1 FROM site s WHERE s.site IN (t.from_site,"
    " t.to_site) AND replace($1, '+' || s.territory || '+', '') <> $1)) AND ($3 = '' OR t.document"
    " || '|' || t.sku || '|' || t.batch || '|' || CAST(t.expiry_day AS TEXT) || '|' ||"
    " CAST(t.mrp_paise AS TEXT) > $3) AND ($4 = 0 OR t.sent > t.arrived + t.lost) ORDER BY"
    " t.document || '|' || t.sku || '|' || t.batch || '|' || CAST(t.expiry_day AS TEXT) || '|' ||"
    " CAST(t.mrp_paise AS TEXT) LIMIT $2";
static const struct api_column transfer_columns[] = {
    {"key", FIELD_KEY},           {"document", FIELD_TEXT},
    {"sku", FIELD_TEXT},          {"batch", FIELD_TEXT},
    {"expiryDate", FIELD_DAY},    {"mrpPaise", FIELD_INT},
    {"fromSite", FIELD_TEXT},     {"toSite", FIELD_TEXT},
    {"sent", FIELD_INT},          {"arrived", FIELD_INT},
    {"damaged", FIELD_INT},       {"lost", FIELD_INT},
    {"inTransit", FIELD_INT},     {"sentAt", FIELD_INSTANT},
    {"arrivedAt", FIELD_INSTANT}, {"siteDataAgeSeconds", FIELD_AGE},
};

int handle_list_transfers(struct api_call *call)
{
    int64_t limit = api_arg_int(call, "limit");
    AUTO(sql_query) q = sql_query(call->s, select_transfers);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_text(q, 3, api_arg(call, "after"));
    sql_bind_int(q, 4, api_arg_true(call, "open"));
    int err = api_rows(call, q, transfer_columns, ARRAY_LEN(transfer_columns), limit);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

static void add_sums(struct api_call *call, cJSON *to, const struct conservation *c)
{
    const struct {
        const char *name;
        int64_t value;
    } sums[] = {
        {"opening", c->accounts[ACCOUNT_OPENING]},
        {"received", c->accounts[ACCOUNT_RECEIVED]},
        {"returned", c->accounts[ACCOUNT_RETURNED]},
        {"adjusted", c->accounts[ACCOUNT_ADJUSTED] + c->accounts[ACCOUNT_INTERNAL]},
        {"sold", -c->accounts[ACCOUNT_SOLD]},
        {"sentBack", -c->accounts[ACCOUNT_SENT_BACK]},
        {"disposed", -c->accounts[ACCOUNT_DISPOSED]},
        {"dispatched", c->sent},
        {"arrived", c->arrived},
        {"lost", c->lost},
        {"onHand", c->on_hand},
        {"inTransit", c->sent - c->arrived - c->lost},
        {"difference", conservation_difference(c)},
    };
    for (size_t i = 0; i < ARRAY_LEN(sums); i++)
        http_json_number(&call->answer, to, sums[i].name, sums[i].value);
}

struct books {
    struct api_call *call;
    cJSON *breaches;
    struct conservation all;
    int64_t batches, broken;
};

static int on_batch(const struct conservation *c, void *context)
{
    struct books *a = context;
    struct http_json *b = &a->call->answer;
    a->batches++;
    conservation_add(&a->all, c);
    if (conservation_difference(c) == 0 || a->broken++ >= BREACHES_MAX)
        return 0;
    cJSON *to = http_json_add_object(b, a->breaches, NULL);
    http_json_text(b, to, "sku", c->sku);
    http_json_text(b, to, "batch", c->batch.number);
    http_json_day(b, to, "expiryDate", c->batch.expiry_day);
    http_json_number(b, to, "mrpPaise", c->batch.mrp_paise);
    add_sums(a->call, http_json_add_object(b, to, "sums"), c);
    return 0;
}

int handle_get_conservation(struct api_call *call)
{
    struct books a = {.call = call};
    struct http_json *b = &call->answer;
    a.breaches = http_json_add_array(b, call->root, "breaches");
    int err = conservation_each(call->s, on_batch, &a);
    if (err < 0)
        return err;
    http_json_bool(b, call->root, "conserved", a.broken == 0);
    http_json_number(b, call->root, "batches", a.batches);
    add_sums(call, http_json_add_object(b, call->root, "sums"), &a.all);
    return api_add_freshness(call, call->root, "");
}
