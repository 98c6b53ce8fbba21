/* SPDX-License-Identifier: Apache-2.0 */
/* A second look at a journal: beside its owner, and alone. */
#include "journal_case.h"

#include <errno.h>

static int look(struct journal_case *c, struct journal **ret)
{
    struct origin origin;
    int err = journal_open_readonly(c->conf.path, NULL, &origin, &c->why, ret);
    if (err == 0) {
        assert_string_equal(origin.tenant, "acme");
        assert_string_equal(origin.device, "wh-1");
        assert_int_equal(origin.epoch, 1);
    }
    return err;
}

static void a_reader_sees_what_is_committed_and_no_more(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "L1", 10));
    struct entry open = case_entry(ENTRY_RECEIVED, "L1", 5);
    case_append(c, &open, 1);

    AUTO(journal) reader = NULL;
    assert_int_equal(look(c, &reader), 0);
    assert_int_equal(journal_head(reader), 2);
    struct batch_key key = case_key("L1", CASE_DAY0 + 100, 1000);
    int64_t qty = 0;
    assert_int_equal(journal_qty(reader, "TEA", &key, "A", STOCK_SELLABLE, &qty), 0);
    assert_int_equal(qty, 10);
    assert_int_equal(journal_commit(c->j), 0); /* a reader hinders nobody */
    assert_int_equal(journal_qty(reader, "TEA", &key, "A", STOCK_SELLABLE, &qty), 0);
    assert_int_equal(qty, 15);
    int64_t next = 0;
    assert_int_equal(journal_verify(reader, 1, 100, &next), 3);
}

static int count_balance(const struct journal_balance *b, void *context)
{
    assert_int_equal(b->computed, b->held);
    ++*(int *)context;
    return 0;
}

static void a_reader_gets_the_same_answers_as_the_owner(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "L1", 10));
    case_book(c, case_entry(ENTRY_PICKED, "L1", 3));
    AUTO(journal) reader = NULL;
    assert_int_equal(look(c, &reader), 0);
    uint8_t own[SHA256_SIZE];
    uint8_t read[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(c->j, own), 0);
    assert_int_equal(journal_fold_digest(reader, read), 0);
    assert_memory_equal(own, read, SHA256_SIZE);
    struct chain_head head = journal_head_hash(c->j);
    struct chain_head seen = journal_head_hash(reader);
    assert_memory_equal(head.hash, seen.hash, SHA256_SIZE);
    int batches = 0;
    assert_int_equal(journal_balances(reader, count_balance, &batches), 0);
    assert_int_equal(batches, 1);
}

static void a_reader_changes_nothing(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "L1", 10));
    AUTO(journal) reader = NULL;
    assert_int_equal(look(c, &reader), 0);
    struct entry e = case_entry(ENTRY_RECEIVED, "L1", 5);
    int64_t seq = 0;
    assert_int_equal(journal_append(reader, &c->now, &e, 1, &c->why, &seq), -EROFS);
    assert_int_equal(journal_rebuild(reader), -EROFS);
    assert_int_equal(journal_head(reader), 2);
    assert_int_equal(case_qty(c, "L1", "A", STOCK_SELLABLE), 10);
}

static void what_is_not_there_is_not_made(void **state)
{
    struct journal_case *c = *state;
    c->conf.path = scratch_path(&c->scratch, "absent.db");
    struct journal *reader = NULL;
    assert_int_equal(look(c, &reader), -ENOENT);
    assert_null(reader);
    assert_int_equal(access(c->conf.path, F_OK), -1);
}

static void alone_means_that_nobody_else_has_it_open(void **state)
{
    struct journal_case *c = *state;
    struct journal_conf conf = c->conf;
    conf.alone = true;
    struct journal_opening opening;
    AUTO(journal) second = NULL;
    assert_int_equal(journal_open(&conf, &c->now, &opening, &c->why, &second), -EBUSY);
    case_close(c);
    assert_int_equal(journal_open(&conf, &c->now, &opening, &c->why, &second), 0);
    assert_int_equal(case_open(c), -EBUSY);
    journal_free(second);
    second = NULL;
    assert_int_equal(case_open(c), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_reader_sees_what_is_committed_and_no_more, case_setup,
                                        case_teardown),
        cmocka_unit_test_setup_teardown(a_reader_gets_the_same_answers_as_the_owner, case_setup,
                                        case_teardown),
        cmocka_unit_test_setup_teardown(a_reader_changes_nothing, case_setup, case_teardown),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_not_made, case_setup, case_teardown),
        cmocka_unit_test_setup_teardown(alone_means_that_nobody_else_has_it_open, case_setup,
                                        case_teardown),
    };
    return cmocka_run_group_tests_name("journal_reader", tests, NULL, NULL);
}
