/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conservation.h"

#include <assert.h>
#include <string.h>

/* The accounts of the journals by their numbers, and what lies and travels. */
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

int64_t conservation_difference(const struct conservation *c)
{
    assert(c);
    int64_t came = 0;
    for (int i = 0; i < ACCOUNT_COUNT; i++) {
        if (i != ACCOUNT_DISPATCHED && i != ACCOUNT_ARRIVED)
            came += c->accounts[i];
    }
    return came - c->on_hand - (c->sent - c->arrived);
}

void conservation_add(struct conservation *sum, const struct conservation *more)
{
    assert(sum && more);
    for (int i = 0; i < ACCOUNT_COUNT; i++)
        sum->accounts[i] += more->accounts[i];
    sum->on_hand += more->on_hand;
    sum->sent += more->sent;
    sum->arrived += more->arrived;
    sum->lost += more->lost;
}

static void put(struct conservation *c, int64_t book, int64_t qty)
{
    if (book == BOOK_ON_HAND)
        c->on_hand = qty;
    else if (book == BOOK_SENT)
        c->sent = qty;
    else if (book == BOOK_ARRIVED)
        c->arrived = qty;
    else if (book == BOOK_LOST)
        c->lost = qty;
    else if (book >= 0 && book < ACCOUNT_COUNT)
        c->accounts[book] = qty;
}

int conservation_each(struct sql *s, conservation_fn on_batch, void *context)
{
    assert(s && on_batch);
    AUTO(sql_query) q = sql_query(s, select_books);
    struct conservation now = {.on_hand = 0};
    bool any = false;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        struct conservation next = {
            .batch = {.expiry_day = (int32_t)sql_int(q, 2), .mrp_paise = sql_int(q, 3)}};
        sql_copy(q, 0, next.sku, sizeof(next.sku));
        sql_copy(q, 1, next.batch.number, sizeof(next.batch.number));
        if (!any || strcmp(now.sku, next.sku) != 0 || !batch_key_equal(&now.batch, &next.batch)) {
            int err = any ? on_batch(&now, context) : 0;
            if (err != 0)
                return err;
            now = next;
            any = true;
        }
        put(&now, sql_int(q, 4), sql_int(q, 5));
    }
    return any && n == 0 ? on_batch(&now, context) : n;
}
