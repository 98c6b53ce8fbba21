/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goods between sites, and whether none were lost or made on the way through the books. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "stock_effect.h"

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

/* What the books say of a batch over the whole network: the accounts of the journals by their
 * numbers, and what lies and travels. */
enum book {
    BOOK_ON_HAND = 100,
    BOOK_SENT = 101,
    BOOK_ARRIVED = 102,
    BOOK_LOST = 103,
};
static const char select_books[] =
    "SELECT x.sku, x.batch, x.expiry_day, x.mrp_paise, x.book, CAST(sum(x.qty) AS BIGINT) FROM"
    " (SELECT sku, batch, expiry_day, mrp_paise, account AS book, qty FROM account UNION ALL"
    " SELECT sku, batch, expiry_day, mrp_paise, 100, qty FROM stock UNION ALL"
    " SELECT sku, batch, expiry_day, mrp_paise, 101, sent FROM transit UNION ALL"
    " SELECT sku, batch, expiry_day, mrp_paise, 102, arrived FROM transit UNION ALL"
    " SELECT sku, batch, expiry_day, mrp_paise, 103, lost FROM transit) x"
    " GROUP BY x.sku, x.batch, x.expiry_day, x.mrp_paise, x.book"
    " ORDER BY x.sku, x.batch, x.expiry_day, x.mrp_paise, x.book";

struct books {
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    int64_t accounts[ACCOUNT_COUNT]; /* signed as they change the stock */
    int64_t on_hand, sent, arrived, lost;
};

/* All that came and went, but between sites, is on hand, or was sent and did not arrive. Transfers
 * are taken from what both ends say of them, the rest from the accounts of each. */
static int64_t difference(const struct books *b)
{
    int64_t came = 0;
    for (int i = 0; i < ACCOUNT_COUNT; i++) {
        if (i != ACCOUNT_DISPATCHED && i != ACCOUNT_ARRIVED)
            came += b->accounts[i];
    }
    return came - b->on_hand - (b->sent - b->arrived);
}

static void add_sums(struct api_call *call, cJSON *to, const struct books *b)
{
    const struct {
        const char *name;
        int64_t value;
    } sums[] = {
        {"opening", b->accounts[ACCOUNT_OPENING]},
        {"received", b->accounts[ACCOUNT_RECEIVED]},
        {"returned", b->accounts[ACCOUNT_RETURNED]},
        {"adjusted", b->accounts[ACCOUNT_ADJUSTED] + b->accounts[ACCOUNT_INTERNAL]},
        {"sold", -b->accounts[ACCOUNT_SOLD]},
        {"sentBack", -b->accounts[ACCOUNT_SENT_BACK]},
        {"disposed", -b->accounts[ACCOUNT_DISPOSED]},
        {"dispatched", b->sent},
        {"arrived", b->arrived},
        {"lost", b->lost},
        {"onHand", b->on_hand},
        {"inTransit", b->sent - b->arrived - b->lost},
        {"difference", difference(b)},
    };
    for (size_t i = 0; i < ARRAY_LEN(sums); i++)
        http_json_number(&call->answer, to, sums[i].name, sums[i].value);
}

struct audit {
    struct api_call *call;
    cJSON *breaches;
    struct books all;
    int64_t batches, broken;
};

static void close_batch(struct audit *a, const struct books *b)
{
    struct http_json *json = &a->call->answer;
    a->batches++;
    for (int i = 0; i < ACCOUNT_COUNT; i++)
        a->all.accounts[i] += b->accounts[i];
    a->all.on_hand += b->on_hand;
    a->all.sent += b->sent;
    a->all.arrived += b->arrived;
    a->all.lost += b->lost;
    if (difference(b) == 0 || a->broken++ >= BREACHES_MAX)
        return;
    cJSON *to = http_json_add_object(json, a->breaches, NULL);
    http_json_text(json, to, "sku", b->sku);
    http_json_text(json, to, "batch", b->batch.number);
    http_json_day(json, to, "expiryDate", b->batch.expiry_day);
    http_json_number(json, to, "mrpPaise", b->batch.mrp_paise);
    add_sums(a->call, http_json_add_object(json, to, "sums"), b);
}

static void put(struct books *b, int64_t book, int64_t qty)
{
    if (book == BOOK_ON_HAND)
        b->on_hand = qty;
    else if (book == BOOK_SENT)
        b->sent = qty;
    else if (book == BOOK_ARRIVED)
        b->arrived = qty;
    else if (book == BOOK_LOST)
        b->lost = qty;
    else if (book >= 0 && book < ACCOUNT_COUNT)
        b->accounts[book] = qty;
}

static int walk_books(struct audit *a)
{
    AUTO(sql_query) q = sql_query(a->call->s, select_books);
    struct books now = {.on_hand = 0};
    bool any = false;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        struct books next = {
            .batch = {.expiry_day = (int32_t)sql_int(q, 2), .mrp_paise = sql_int(q, 3)}};
        sql_copy(q, 0, next.sku, sizeof(next.sku));
        sql_copy(q, 1, next.batch.number, sizeof(next.batch.number));
        if (!any || strcmp(now.sku, next.sku) != 0 || !batch_key_equal(&now.batch, &next.batch)) {
            if (any)
                close_batch(a, &now);
            now = next;
            any = true;
        }
        put(&now, sql_int(q, 4), sql_int(q, 5));
    }
    if (any && n == 0)
        close_batch(a, &now);
    return n;
}

int handle_get_conservation(struct api_call *call)
{
    struct audit a = {.call = call};
    struct http_json *b = &call->answer;
    a.breaches = http_json_add_array(b, call->root, "breaches");
    int err = walk_books(&a);
    if (err < 0)
        return err;
    http_json_bool(b, call->root, "conserved", a.broken == 0);
    http_json_number(b, call->root, "batches", a.batches);
    add_sums(call, http_json_add_object(b, call->root, "sums"), &a.all);
    return api_add_freshness(call, call->root, "");
}
