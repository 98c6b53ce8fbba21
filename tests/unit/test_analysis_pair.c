/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "fits.h"
#include "pair.h"
#include "scratch.h"
#include "sql.h"

#define TODAY 20600

struct house {
    struct scratch scratch;
    char address[160];
    struct sql *s;
};

static void run(struct house *h, const char *text)
{
    AUTO(sql_query) q = sql_query(h->s, text);
    int err = sql_run(q);
    if (err < 0)
        fail_msg("%s: %s", text, sql_words(h->s));
}

static int setup(void **state)
{
    static struct house h;
    h = (struct house){.scratch = scratch_new()};
    snprintf(h.address, sizeof(h.address), "sqlite:%s", h.scratch.folder);
    struct diag why = {0};
    assert_int_equal(sql_tenant_create(h.address, "acme", &why), 0);
    assert_int_equal(sql_open(h.address, "acme", &why, &h.s), 0);
    assert_int_equal(sql_begin(h.s, SQL_WRITE), 0);
    *state = &h;
    return 0;
}

static int teardown(void **state)
{
    struct house *h = *state;
    sql_free(h->s);
    scratch_remove(&h->scratch);
    return 0;
}

static struct pair read_pair(struct house *h, const char *site, const char *sku)
{
    struct pair p = {.first = SCORE_HISTORY_DAYS};
    strcpy(p.site, site);
    strcpy(p.sku, sku);
    assert_int_equal(pair_read(h->s, TODAY, &p), 0);
    return p;
}

static void two_bins_are_one_lot_and_quarantine_is_not_for_sale(void **state)
{
    struct house *h = *state;
    run(h, "INSERT INTO stock(site, sku, batch, expiry_day, mrp_paise, status, bin, device, qty)"
           " VALUES('pune', 'TEA', 'B2', 20700, 100, 0, 'A-01', 'd', 30),"
           " ('pune', 'TEA', 'B2', 20700, 100, 0, 'A-02', 'd', 12),"
           " ('pune', 'TEA', 'B2', 20700, 100, 1, 'QUAR', 'd', 5),"
           " ('pune', 'TEA', 'B1', 20650, 100, 0, 'A-01', 'd', 7),"
           " ('belagavi', 'TEA', 'B1', 20650, 100, 0, 'A-01', 'd', 99)");
    run(h, "INSERT INTO lot(site, sku, batch, expiry_day, mrp_paise, expiry_kind, made_day,"
           " received_day, in_units, in_paise, last_moved_day, brought)"
           " VALUES('pune', 'TEA', 'B2', 20700, 100, 1, 20400, 20500, 100, 5000, 20500, 1),"
           " ('pune', 'TEA', 'B1', 20650, 100, 1, 20350, 20450, 10, 400, 20450, 1),"
           " ('belagavi', 'TEA', 'B1', 20650, 100, 1, 20350, 20450, 10, 400, 20450, 1)");
    struct pair p = read_pair(h, "pune", "TEA");
    assert_int_equal(p.lots_count, 2);
    assert_string_equal(p.lots[0].key.number, "B1"); /* FEFO */
    assert_int_equal(p.lots[0].units, 7);
    assert_int_equal(p.lots[0].landed_paise, 280);
    assert_int_equal(p.lots[1].units, 42);
    assert_int_equal(p.lots[1].blocked_units, 5);
    assert_int_equal(p.lots[1].landed_paise, 2100);
    pair_clear(&p);
}

static void days_come_from_sales_history_and_spans_of_stock(void **state)
{
    struct house *h = *state;
    static char text[3][512]; /* a statement is known by its address */
    snprintf(text[0], sizeof(text[0]),
             "INSERT INTO demand(site, sku, day, units, returned) VALUES"
             " ('pune', 'TEA', %d, 9, 2), ('pune', 'TEA', %d, 4, 0), ('pune', 'OIL', %d, 100, 0)",
             TODAY - 1, TODAY - 400, TODAY - 1);
    run(h, text[0]);
    snprintf(text[1], sizeof(text[1]),
             "INSERT INTO history(site, sku, day, units) VALUES('pune', 'TEA', %d, 3),"
             " ('pune', 'OIL', %d, 1)",
             TODAY - 50, TODAY - 60);
    run(h, text[1]);
    snprintf(text[2], sizeof(text[2]),
             "INSERT INTO stocked(site, sku, from_day, device, to_day)"
             " VALUES('pune', 'TEA', %d, 'd', %d), ('pune', 'TEA', %d, 'd', 2147483647)",
             TODAY - 30, TODAY - 20, TODAY - 10);
    run(h, text[2]);
    struct pair p = read_pair(h, "pune", "TEA");
    const int32_t from = TODAY - SCORE_HISTORY_DAYS;
    assert_int_equal(p.units[TODAY - 1 - from], 7);
    assert_int_equal(p.units[TODAY - 50 - from], 3);
    assert_int_equal(p.first, TODAY - 60 - from); /* the site's history began with another SKU */
    assert_int_equal(p.stocked[TODAY - 55 - from], 1);
    assert_int_equal(p.stocked[TODAY - 25 - from], 1);
    assert_int_equal(p.stocked[TODAY - 15 - from], 0);
    assert_int_equal(p.stocked[TODAY - 5 - from], 1);
    pair_clear(&p);
}

static void a_mark_is_taken_by_the_score_that_saw_it(void **state)
{
    struct house *h = *state;
    struct pair found[4];
    assert_int_equal(pair_next(h->s, TODAY, found, 4), 0);
    assert_int_equal(pair_touch(h->s, "pune", "TEA", 1000), 0);
    assert_int_equal(pair_touch(h->s, "pune", "TEA", 2000), 0);
    assert_int_equal(pair_next(h->s, TODAY, found, 4), 1);
    assert_string_equal(found[0].sku, "TEA");
    struct pair p = read_pair(h, "pune", "TEA");
    assert_int_equal(pair_write(h->s, &p, TODAY, 1500), 0);
    assert_int_equal(pair_next(h->s, TODAY, found, 4), 1); /* it changed after that was read */
    assert_int_equal(pair_write(h->s, &p, TODAY, 2000), 0);
    assert_int_equal(pair_next(h->s, TODAY, found, 4), 0);
    assert_int_equal(pair_next(h->s, TODAY + 1, found, 4), 1); /* and each day once */
    pair_clear(&p);
}

static void the_last_status_is_remembered(void **state)
{
    struct house *h = *state;
    struct pair p = read_pair(h, "pune", "TEA");
    p.score.step.state = (struct dead_stock_state){DEAD_STOCK_DEAD, true};
    assert_int_equal(pair_write(h->s, &p, TODAY, 1), 0);
    pair_clear(&p);
    p = read_pair(h, "pune", "TEA");
    assert_int_equal(p.before.status, DEAD_STOCK_DEAD);
    assert_true(p.before.in_episode);
    pair_clear(&p);
}

static void a_history_document_is_taken_once_a_version(void **state)
{
    struct house *h = *state;
    run(h, "INSERT INTO device(device, site, shard, epoch, state, certificate, release, wire, head,"
           " floor, last_heard_ms, skew_ms, facts)"
           " VALUES('wh-1', 'pune', 0, 1, 'active', '', '', 0, 0, 0, 0, 0, '')");
    static const char body[] = "sku,day,units\nTEA,2026-01-05,4\nTEA,2026-01-06,5\n";
    AUTO(sql_query)
    q = sql_query(h->s,
                  "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes,"
                  " body) VALUES('wh-1', 'history', $1, $2, 0, '', 0, $2)");
    sql_bind_int(q, 1, 3);
    sql_bind_bytes(q, 2, body, sizeof(body) - 1);
    assert_int_equal(sql_run(q), 0);
    struct diag why = {0};
    assert_int_equal(fits_take_history(h->s, 77, &why), 1);
    assert_int_equal(fits_take_history(h->s, 77, &why), 0);
    AUTO(sql_query) count = sql_query(h->s, "SELECT count(*), min(units) FROM history");
    assert_int_equal(sql_step(count), 1);
    assert_int_equal(sql_int(count, 0), 2);
    assert_int_equal(sql_int(count, 1), 4);
    struct pair found[2];
    assert_int_equal(pair_next(h->s, TODAY, found, 2), 1);
}

static void fits_that_are_missing_are_vague_and_flat(void **state)
{
    struct house *h = *state;
    AUTO(fits) f = NULL;
    assert_int_equal(fits_read(h->s, &f), 0);
    struct demand_pool vague = demand_pool_vague();
    assert_true(fits_pool(f)->drift == vague.drift);
    assert_true(fits_pool(f)->hurdle.weight == vague.hurdle.weight);
    assert_true(season_factor(fits_season(f, 27, "tea"), TODAY) == 1);
    assert_int_equal(fits_due(h->s, TODAY), 0); /* there is nothing to learn from */
    struct pair p = read_pair(h, "pune", "TEA");
    assert_int_equal(pair_write(h->s, &p, TODAY, 1), 0);
    pair_clear(&p);
    assert_int_equal(fits_due(h->s, TODAY), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(two_bins_are_one_lot_and_quarantine_is_not_for_sale),
        TEST(days_come_from_sales_history_and_spans_of_stock),
        TEST(a_mark_is_taken_by_the_score_that_saw_it),
        TEST(the_last_status_is_remembered),
        TEST(a_history_document_is_taken_once_a_version),
        TEST(fits_that_are_missing_are_vague_and_flat),
    };
    return cmocka_run_group_tests_name("analysis_pair", tests, NULL, NULL);
}
