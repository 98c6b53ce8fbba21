/* SPDX-License-Identifier: Apache-2.0 */
/* Stock by batch, bin and status, as it follows from entries. */
#include "journal_told.h"

static int on_lot(const struct journal_lot *l, void *context)
{
    tell(context, "%s %s %s %s %lld\n", l->batch.sku, l->batch.key.number, l->bin,
         stock_status_name(l->status), (long long)l->qty);
    return 0;
}

static struct entry in_bin(struct entry e, const char *bin)
{
    strcpy(e.bin, bin);
    return e;
}

static struct entry expiring(struct entry e, int32_t expiry_day)
{
    e.batch.expiry_day = expiry_day;
    return e;
}

static struct entry of_sku(struct entry e, const char *sku)
{
    strcpy(e.sku, sku);
    return e;
}

static void lots_come_in_fefo_order_and_unknown_dates_last(void **state)
{
    struct journal_case *c = *state;
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "NODATE", 1), CIVIL_NONE));
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "LATE", 2), CASE_DAY0 + 90));
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "SOON", 3), CASE_DAY0 + 9));
    c->now = case_time(CASE_DAY0 + 1, 0); /* the same expiry, received later: behind */
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "AFTER", 4), CASE_DAY0 + 9));
    case_book(c, in_bin(expiring(case_entry(ENTRY_RECEIVED, "SOON", 5), CASE_DAY0 + 9), "B"));
    case_book(c, of_sku(case_entry(ENTRY_RECEIVED, "X", 6), "BISC"));
    struct told t = {.n = 0};
    assert_int_equal(journal_lots(c->j, "TEA", on_lot, &t), 0);
    assert_string_equal(t.text, "TEA SOON A sellable 3\n"
                                "TEA SOON B sellable 5\n"
                                "TEA AFTER A sellable 4\n"
                                "TEA LATE A sellable 2\n"
                                "TEA NODATE A sellable 1\n");
    t.n = 0;
    assert_int_equal(journal_lots(c->j, NULL, on_lot, &t), 0);
    assert_memory_equal(t.text, "BISC X A sellable 6\nTEA SOON A", 30);
    t.n = 0;
    assert_int_equal(journal_lots_in_bin(c->j, "B", on_lot, &t), 0);
    assert_string_equal(t.text, "TEA SOON B sellable 5\n");
}

static void a_lot_of_nothing_is_not_shown(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 10));
    struct told t = {.n = 0};
    assert_int_equal(journal_lots(c->j, "TEA", on_lot, &t), 0);
    assert_string_equal(t.text, "");
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 0);
    struct journal_batch b;
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 1); /* the batch stays known */
    key.mrp_paise = 1100;
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 0);
}

static void a_negative_lot_is_shown_until_a_count_repairs_it(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_PICKED, "B1", 4));
    struct told t = {.n = 0};
    assert_int_equal(journal_lots_negative(c->j, on_lot, &t), 0);
    assert_string_equal(t.text, "TEA B1 A sellable -4\n");
    struct entry e = case_entry(ENTRY_COUNTED, "B1", 0);
    e.observed = 7;
    e.expected = -4;
    case_book(c, e);
    t = (struct told){.n = 0};
    assert_int_equal(journal_lots_negative(c->j, on_lot, &t), 0);
    assert_string_equal(t.text, "");
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 7);
    case_sound(c->j);
}

static void statuses_and_bins_are_lots_of_their_own(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    struct entry e = because(case_entry(ENTRY_RESTATED, "B1", 3), "damaged");
    e.status_to = STOCK_QUARANTINE;
    case_book(c, e);
    e = case_entry(ENTRY_MOVED, "B1", 2);
    strcpy(e.bin_to, "C");
    case_book(c, e);
    struct told t = {.n = 0};
    assert_int_equal(journal_lots(c->j, "TEA", on_lot, &t), 0);
    assert_string_equal(t.text,
                        "TEA B1 A sellable 5\nTEA B1 A quarantine 3\nTEA B1 C sellable 2\n");
    struct journal_sku_life life;
    assert_int_equal(journal_sku_life(c->j, "TEA", &life), 0);
    assert_int_equal(life.sellable, 7);
    assert_int_equal(life.on_hand, 10);
}

static void age_cost_and_facts_follow_what_was_brought(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_ARRIVED, "B1", 30);
    strcpy(e.document, "TR-1");
    e.due_day = CASE_DAY0 - 40; /* the sender's day */
    e.value_paise = 3000;
    e.expiry_kind = EXPIRY_BEST_BEFORE;
    case_book(c, e);
    e = case_entry(ENTRY_RECEIVED, "B1", 10);
    e.value_paise = 1400;
    e.made_day = CASE_DAY0 - 60;
    e.expiry_kind = EXPIRY_SELL_BY; /* the first one counted */
    case_book(c, e);
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 99)); /* without a value: no say on cost */
    struct journal_batch b;
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 1);
    assert_int_equal(b.received_day, CASE_DAY0 - 40);
    assert_int_equal(b.made_day, CASE_DAY0 - 60);
    assert_int_equal(b.expiry_kind, EXPIRY_BEST_BEFORE);
    assert_int_equal(b.cost_paise_per_1000, 110000);
    case_sound(c->j);
}

static void a_pick_before_its_receipt_does_not_fix_the_facts(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_PICKED, "B1", 1));
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 5);
    e.expiry_kind = EXPIRY_COMPUTED;
    case_book(c, e);
    struct journal_batch b;
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 1);
    assert_int_equal(b.expiry_kind, EXPIRY_COMPUTED);
    assert_int_equal(b.cost_paise_per_1000, 0);
}

static void recent_batches_come_newest_first_and_bounded(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "OLD", 1));
    c->now = case_time(CASE_DAY0 + 1, 0);
    case_book(c, case_entry(ENTRY_RECEIVED, "MID", 1));
    case_book(c, case_entry(ENTRY_RECEIVED, "NEW", 1));
    struct journal_batch b[2];
    assert_int_equal(journal_batches_recent(c->j, "TEA", b, 2), 2);
    assert_string_equal(b[0].key.number, "NEW");
    assert_string_equal(b[1].key.number, "MID");
    assert_int_equal(journal_batches_recent(c->j, "NONE", b, 2), 0);
}

static int on_balance(const struct journal_balance *b, void *context)
{
    tell(context, "%s %s in %lld sold %lld adjusted %lld: %lld %lld\n", b->sku, b->key.number,
         (long long)b->accounts[ACCOUNT_RECEIVED], (long long)b->accounts[ACCOUNT_SOLD],
         (long long)b->accounts[ACCOUNT_ADJUSTED], (long long)b->computed, (long long)b->held);
    return 0;
}

static void the_equation_is_computed_from_entries_and_set_beside_the_fold(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 4));
    struct entry e = case_entry(ENTRY_MOVED, "B1", 2);
    strcpy(e.bin_to, "B");
    case_book(c, e);
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "B0", 5), CASE_DAY0 + 9));
    e = because(case_entry(ENTRY_ADJUSTED, "B1", -6), "missing"); /* pending counts, too */
    case_append(c, &e, 1);
    struct told t = {.n = 0};
    assert_int_equal(journal_balances(c->j, on_balance, &t), 0);
    assert_string_equal(t.text, "TEA B0 in 5 sold 0 adjusted 0: 5 5\n"
                                "TEA B1 in 10 sold -4 adjusted -6: 0 0\n");
    assert_int_equal(journal_pending(c->j), 1);
    assert_int_equal(journal_commit(c->j), 0);
    t = (struct told){.n = 0};
    assert_int_equal(journal_balances(c->j, on_balance, &t), 0);
    assert_string_equal(t.text, "TEA B0 in 5 sold 0 adjusted 0: 5 5\n"
                                "TEA B1 in 10 sold -4 adjusted -6: 0 0\n");
}

static int stop_at_once(const struct journal_lot *lot, void *context)
{
    (void)lot;
    ++*(int *)context;
    return 3;
}

static int on_lot_walk_again(const struct journal_lot *lot, void *context)
{
    int inner = 0;
    struct journal *j = context;
    assert_int_equal(journal_lots(j, lot->batch.sku, stop_at_once, &inner), 3);
    assert_int_equal(inner, 1);
    return 0;
}

static int on_sku(const char *sku, void *context)
{
    tell(context, "%s ", sku);
    return 0;
}

static void walks_stop_when_told_and_may_stand_inside_each_other(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, of_sku(case_entry(ENTRY_RECEIVED, "B2", 10), "ATTA"));
    int n = 0;
    assert_int_equal(journal_lots(c->j, "TEA", stop_at_once, &n), 3);
    assert_int_equal(journal_lots(c->j, "TEA", on_lot_walk_again, c->j), 0);
    struct told t = {.n = 0};
    assert_int_equal(journal_skus(c->j, on_sku, &t), 0);
    assert_string_equal(t.text, "ATTA TEA ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, case_setup, case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lots_come_in_fefo_order_and_unknown_dates_last),
        TEST(a_lot_of_nothing_is_not_shown),
        TEST(a_negative_lot_is_shown_until_a_count_repairs_it),
        TEST(statuses_and_bins_are_lots_of_their_own),
        TEST(age_cost_and_facts_follow_what_was_brought),
        TEST(a_pick_before_its_receipt_does_not_fix_the_facts),
        TEST(recent_batches_come_newest_first_and_bounded),
        TEST(the_equation_is_computed_from_entries_and_set_beside_the_fold),
        TEST(walks_stop_when_told_and_may_stand_inside_each_other),
    };
    return cmocka_run_group_tests_name("journal_stock", tests, NULL, NULL);
}
