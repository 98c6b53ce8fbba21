/* SPDX-License-Identifier: Apache-2.0 */
/* What was sold by day, what was done of a document, and what undoing takes back of both. */
#include "journal_told.h"

static void demand_is_what_was_sold_by_day(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 5));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 2));
    c->now = case_time(CASE_DAY0 + 2, CIVIL_MS_PER_DAY - 1); /* the last instant of the day */
    case_book(c, case_entry(ENTRY_PICKED, "B1", 4));
    case_book(c, because(case_entry(ENTRY_RETURNED, "B1", 1), "expired"));
    case_book(c, because(case_entry(ENTRY_SENT_BACK, "B1", 1), "expired"));
    case_book(c, because(case_entry(ENTRY_ADJUSTED, "B1", -1), "missing"));
    struct entry e = case_entry(ENTRY_DISPATCHED, "B1", 8);
    strcpy(e.document, "TR-1");
    strcpy(e.party, "WH-2");
    case_book(c, e);
    int64_t units[5];
    uint8_t in_stock[5];
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0 - 1, CASE_DAY0 + 3, units, in_stock), 0);
    const int64_t want[5] = {0, 7, 0, 4, 0};
    const uint8_t stocked[5] = {0, 1, 1, 1, 1};
    assert_memory_equal(units, want, sizeof(want));
    assert_memory_equal(in_stock, stocked, sizeof(stocked));
    struct journal_sku_life life;
    assert_int_equal(journal_sku_life(c->j, "TEA", &life), 0);
    assert_int_equal(life.first_received_day, CASE_DAY0);
    assert_int_equal(life.first_sold_day, CASE_DAY0);
    assert_int_equal(life.last_sold_day, CASE_DAY0 + 2);
    assert_int_equal(journal_sku_life(c->j, "NONE", &life), 0);
    assert_int_equal(life.first_received_day, CIVIL_NONE);
    case_sound(c->j);
}

static void days_without_sellable_stock_are_told_apart(void **state)
{
    struct journal_case *c = *state;
    struct entry hold;
    /* Day 0 in stock; sold out on day 1; nothing on 2; in quarantine on 3; released and sold on 4;
     * again on 5, so that two spans touch; nothing after. */
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 5));
    c->now = case_time(CASE_DAY0 + 1, 0);
    case_book(c, case_entry(ENTRY_PICKED, "B1", 5));
    c->now = case_time(CASE_DAY0 + 3, 0);
    hold = case_entry(ENTRY_RECEIVED, "B1", 3);
    hold.status = STOCK_QUARANTINE;
    case_book(c, hold);
    c->now = case_time(CASE_DAY0 + 4, 0);
    hold = because(case_entry(ENTRY_RESTATED, "B1", 3), "inspected_good");
    hold.status = STOCK_QUARANTINE;
    hold.status_to = STOCK_SELLABLE;
    case_book(c, hold);
    case_book(c, case_entry(ENTRY_PICKED, "B1", 3));
    c->now = case_time(CASE_DAY0 + 5, 0);
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 1));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 1));
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 1));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 1));
    int64_t units[8];
    uint8_t in_stock[8];
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0, CASE_DAY0 + 7, units, in_stock), 0);
    const uint8_t want[8] = {1, 1, 0, 0, 1, 1, 0, 0};
    assert_memory_equal(in_stock, want, sizeof(want));
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0 + 2, CASE_DAY0 + 2, units, in_stock), 0);
    assert_int_equal(in_stock[0], 0);
    case_sound(c->j);
}

static void an_undone_pick_is_no_demand_and_not_done(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    struct entry pick = case_entry(ENTRY_PICKED, "B1", 6);
    strcpy(pick.document, "SO-1");
    pick.line = 2;
    int64_t seq = case_book(c, pick);
    int64_t done = 0;
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 6);
    c->now = case_time(CASE_DAY0 + 1, 0);
    struct entry undo = because(case_entry(ENTRY_ADJUSTED, "B1", 4), "keying_error");
    undo.corrects = seq;
    case_book(c, undo);
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 2);
    int64_t units[2];
    uint8_t in_stock[2];
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0, CASE_DAY0 + 1, units, in_stock), 0);
    assert_int_equal(units[0], 2);
    assert_int_equal(units[1], 0);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 98);
    case_sound(c->j);
}

static void an_undone_undoing_is_demand_and_done_again(void **state)
{
    struct journal_case *c = *state;
    struct entry pick = case_entry(ENTRY_PICKED, "B1", 6);
    strcpy(pick.document, "SO-1");
    pick.line = 2;
    struct entry undo = because(case_entry(ENTRY_ADJUSTED, "B1", 6), "keying_error");
    undo.corrects = case_book(c, pick);
    struct entry redo = because(case_entry(ENTRY_ADJUSTED, "B1", -6), "keying_error");
    redo.corrects = case_book(c, undo);
    int64_t done = -1;
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 0);
    case_book(c, redo);
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 6);
    int64_t units = 0;
    uint8_t in_stock = 0;
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0, CASE_DAY0, &units, &in_stock), 0);
    assert_int_equal(units, 6);
    case_sound(c->j);
}

static void an_adjustment_that_names_itself_or_the_future_undoes_nothing(void **state)
{
    struct journal_case *c = *state;
    struct entry e = because(case_entry(ENTRY_ADJUSTED, "B1", 6), "keying_error");
    e.corrects = 2; /* its own */
    assert_int_equal(case_book(c, e), 2);
    e.corrects = 99;
    case_book(c, e);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 12);
    case_sound(c->j);
}

static void lines_are_counted_by_document_line_and_kind(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 10);
    strcpy(e.document, "PO-1");
    e.line = 1;
    int64_t seq = case_book(c, e);
    case_book(c, e);
    e.line = 2;
    case_book(c, e);
    struct entry undo = because(case_entry(ENTRY_ADJUSTED, "B1", -3), "keying_error");
    undo.corrects = seq;
    case_book(c, undo);
    int64_t done = 0;
    assert_int_equal(journal_line_done(c->j, "PO-1", 1, ENTRY_RECEIVED, &done), 0);
    assert_int_equal(done, 17);
    assert_int_equal(journal_line_done(c->j, "PO-1", 1, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 0);
    assert_int_equal(journal_line_done(c->j, "PO-2", 1, ENTRY_RECEIVED, &done), 0);
    assert_int_equal(done, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, case_setup, case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(demand_is_what_was_sold_by_day),
        TEST(days_without_sellable_stock_are_told_apart),
        TEST(an_undone_pick_is_no_demand_and_not_done),
        TEST(an_undone_undoing_is_demand_and_done_again),
        TEST(an_adjustment_that_names_itself_or_the_future_undoes_nothing),
        TEST(lines_are_counted_by_document_line_and_kind),
    };
    return cmocka_run_group_tests_name("journal_demand", tests, NULL, NULL);
}
