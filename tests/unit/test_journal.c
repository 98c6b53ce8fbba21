/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_case.h"

#include <errno.h>

static void a_new_journal_begins_with_its_opening(void **state)
{
    struct journal_case *c = *state;
    assert_true(c->opening.created);
    assert_int_equal(journal_head(c->j), 1);
    case_close(c);
    assert_int_equal(case_open(c), 0);
    assert_false(c->opening.created);
    assert_false(c->opening.folds_rebuilt);
    assert_int_equal(c->opening.migrated_from, 0);
    assert_int_equal(c->opening.head, 1);
    assert_int_equal(c->opening.verified, 1);
    case_sound(c->j);
}

static void what_was_committed_is_there_after_opening_again(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 30));
    struct chain_head hash = journal_head_hash(c->j);
    case_close(c);
    assert_int_equal(case_open(c), 0);
    assert_int_equal(journal_head(c->j), 3);
    struct chain_head again = journal_head_hash(c->j);
    assert_memory_equal(hash.hash, again.hash, SHA256_SIZE);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 70);
    case_sound(c->j);
}

static void what_was_not_committed_is_gone(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    struct entry e = case_entry(ENTRY_PICKED, "B1", 30);
    case_append(c, &e, 1);
    assert_int_equal(journal_pending(c->j), 1);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 70);
    journal_rollback(c->j);
    assert_int_equal(journal_pending(c->j), 0);
    assert_int_equal(journal_head(c->j), 2);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 100);
    case_append(c, &e, 1);
    case_close(c);
    assert_int_equal(case_open(c), 0);
    assert_int_equal(journal_head(c->j), 2);
    case_sound(c->j);
}

static void a_unit_is_whole_and_says_how_many_follow(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    struct entry unit[2] = {case_entry(ENTRY_CORRECTED_OUT, "B1", 40),
                            case_entry(ENTRY_CORRECTED_IN, "B2", 40)};
    strcpy(unit[0].reason, "wrong_batch");
    strcpy(unit[1].reason, "wrong_batch");
    assert_int_equal(case_append(c, unit, 2), 3);
    assert_int_equal(unit[0].rest, 1);
    assert_int_equal(unit[1].rest, 0);
    assert_int_equal(unit[1].seq, 4);
    assert_int_equal(journal_commit(c->j), 0);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 60);
    assert_int_equal(case_qty(c, "B2", "A", STOCK_SELLABLE), 40);
    case_sound(c->j);
}

static void a_bad_entry_undoes_its_unit_and_no_other(void **state)
{
    struct journal_case *c = *state;
    struct entry good = case_entry(ENTRY_RECEIVED, "B1", 100);
    case_append(c, &good, 1);
    struct entry unit[2] = {case_entry(ENTRY_PICKED, "B1", 40), case_entry(ENTRY_PICKED, "B1", 0)};
    int64_t seq = -7;
    assert_int_equal(journal_append(c->j, &c->now, unit, 2, &c->why, &seq), -EINVAL);
    assert_string_equal(c->why.text, "entry 2 of 2: picked: qty is missing");
    assert_int_equal(seq, -7);
    assert_int_equal(journal_pending(c->j), 1);
    assert_int_equal(journal_commit(c->j), 0);
    assert_int_equal(journal_head(c->j), 2);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 100);
    case_sound(c->j);
}

/* Sums that 64 bits do not hold are refused when they are booked, not found out later. */
static void an_entry_that_no_sum_can_hold_is_refused(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 1);
    e.value_paise = INT64_C(100000000000000000);
    int64_t seq = 0;
    int err = 0;
    for (int i = 0; i < 100 && err == 0; i++) {
        struct entry again = e;
        err = journal_append(c->j, &c->now, &again, 1, &c->why, &seq);
    }
    assert_int_equal(err, -EINVAL);
    assert_non_null(strstr(c->why.text, "value received of the batch"));
    assert_int_equal(journal_commit(c->j), 0);
    assert_int_equal(journal_head(c->j), 93);
    case_sound(c->j);
}

static void time_never_steps_back(void **state)
{
    struct journal_case *c = *state;
    c->now = case_time(CASE_DAY0 + 5, 1000);
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 1));
    int64_t high = journal_last_wall_ms(c->j);
    c->now = case_time(CASE_DAY0 + 2, 0);
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 1);
    case_append(c, &e, 1);
    assert_int_equal(e.wall_ms, high);
    journal_rollback(c->j);
    case_close(c);
    assert_int_equal(case_open(c), 0);
    assert_int_equal(journal_last_wall_ms(c->j), high);
}

static void the_number_of_the_last_boot_is_known(void **state)
{
    struct journal_case *c = *state;
    c->now.boot = 7;
    struct entry booted = entry_new(ENTRY_BOOTED);
    case_book(c, booted);
    case_close(c);
    assert_int_equal(case_open(c), 0);
    assert_int_equal(journal_last_boot(c->j), 7);
}

struct reading {
    int64_t next;
    struct chain_head hash;
};

static int read_one(const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash, void *context)
{
    struct reading *r = context;
    assert_int_equal(e->seq, r->next);
    r->next++;
    if (e->seq > 1) {
        struct chain_head want = chain_next(&r->hash, raw, raw_len);
        assert_memory_equal(want.hash, hash->hash, SHA256_SIZE);
    }
    r->hash = *hash;
    return e->seq == 4 ? 9 : 0;
}

static void entries_are_read_in_order_until_the_reader_stops(void **state)
{
    struct journal_case *c = *state;
    for (int i = 0; i < 5; i++)
        case_book(c, case_entry(ENTRY_RECEIVED, "B1", 1));
    struct reading r = {.next = 1};
    assert_int_equal(journal_read(c->j, 1, read_one, &r), 9);
    assert_int_equal(r.next, 5);
    assert_int_equal(journal_read(c->j, 5, read_one, &r), 0);
    assert_int_equal(r.next, 7);
    assert_int_equal(journal_read(c->j, 99, read_one, &r), 0);
}

static void another_journal_is_not_taken_for_ours(void **state)
{
    struct journal_case *c = *state;
    case_close(c);
    c->conf.origin.epoch = 2;
    assert_int_equal(case_open(c), -EINVAL);
    assert_string_equal(c->why.text, "this is the journal of acme, wh-1, epoch 1");
    assert_null(c->j);
    c->conf.origin.epoch = 1;
    assert_int_equal(case_open(c), 0);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct journal_case *c = *state;
    case_close(c);
    c->conf.path = "/nonexistent/journal.db";
    assert_int_equal(case_open(c), -ENOENT);
    assert_non_null(strstr(c->why.text, "/nonexistent/journal.db"));
}

static void nothing_is_booked_below_the_reserve_and_all_works_above_it(void **state)
{
    struct journal_case *c = *state;
    case_close(c);
    c->conf.disk_reserve_bytes = INT64_MAX / 2;
    assert_int_equal(case_open(c), 0);
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 1);
    int64_t seq = 0;
    assert_int_equal(journal_append(c->j, &c->now, &e, 1, &c->why, &seq), -ENOSPC);
    assert_non_null(strstr(c->why.text, "kB are free"));
    assert_int_equal(journal_pending(c->j), 0);
    struct journal_disk disk;
    assert_int_equal(journal_disk(c->j, CASE_DAY0, &disk), 0);
    assert_int_equal(disk.days_left, INT32_MAX); /* nothing was booked on the days before */
    case_close(c);
    c->conf.disk_reserve_bytes = 1;
    assert_int_equal(case_open(c), 0);
    assert_int_equal(case_book(c, e), 2);
}

static void days_left_follow_the_pace_of_the_last_week(void **state)
{
    struct journal_case *c = *state;
    for (int i = 0; i < 70; i++) {
        struct entry e = case_entry(ENTRY_RECEIVED, "B1", 1);
        case_append(c, &e, 1);
    }
    assert_int_equal(journal_commit(c->j), 0);
    struct journal_disk disk;
    assert_int_equal(journal_disk(c->j, CASE_DAY0, &disk), 0);
    assert_int_equal(disk.days_left, INT32_MAX); /* today is not a whole day yet */
    assert_int_equal(journal_disk(c->j, CASE_DAY0 + 1, &disk), 0);
    assert_true(disk.used_bytes > 0 && disk.free_bytes > 0);
    int64_t a_week = disk.used_bytes / 71 * 71; /* all 71 entries fell into it */
    int64_t want = disk.free_bytes * 7 / a_week;
    assert_int_equal(disk.days_left, want > INT32_MAX ? INT32_MAX : want);
    assert_int_equal(journal_disk(c->j, CASE_DAY0 + 9, &disk), 0);
    assert_int_equal(disk.days_left, INT32_MAX);
}

static void folds_are_not_rebuilt_under_an_open_transaction(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 1);
    case_append(c, &e, 1);
    assert_int_equal(journal_rebuild(c->j), -EBUSY);
    assert_int_equal(journal_commit(c->j), 0);
    assert_int_equal(journal_rebuild(c->j), 0);
    assert_int_equal(journal_tidy(c->j), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, case_setup, case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_journal_begins_with_its_opening),
        TEST(what_was_committed_is_there_after_opening_again),
        TEST(what_was_not_committed_is_gone),
        TEST(a_unit_is_whole_and_says_how_many_follow),
        TEST(a_bad_entry_undoes_its_unit_and_no_other),
        TEST(an_entry_that_no_sum_can_hold_is_refused),
        TEST(time_never_steps_back),
        TEST(the_number_of_the_last_boot_is_known),
        TEST(entries_are_read_in_order_until_the_reader_stops),
        TEST(another_journal_is_not_taken_for_ours),
        TEST(a_folder_that_is_not_there_is_named),
        TEST(nothing_is_booked_below_the_reserve_and_all_works_above_it),
        TEST(days_left_follow_the_pace_of_the_last_week),
        TEST(folds_are_not_rebuilt_under_an_open_transaction),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
