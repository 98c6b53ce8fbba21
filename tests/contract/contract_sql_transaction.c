/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sql.h promises of transactions, kept by every engine: alone, several at once, and when the
 * server dies. */
#include "sql_hands.h"

static void keeps_what_was_committed(void **state)
{
    AUTO(sql) s = relay_open(*state, "keeps");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", INT64_MAX), 0);
    assert_int_equal(put(s, "agent", "d:1", INT64_MIN), 0);
    relay_commit(s);
    AUTO(sql) other = relay_again(*state, "keeps");
    relay_begin(other, SQL_READ);
    assert_true(get(other, "agent", "event") == INT64_MAX);
    assert_true(get(other, "agent", "d:1") == INT64_MIN);
    assert_int_equal(count(other), 2);
}

static void rollback_leaves_nothing(void **state)
{
    AUTO(sql) s = relay_open(*state, "rollback");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    assert_true(sql_in_transaction(s));
    sql_rollback(s);
    assert_false(sql_in_transaction(s));
    sql_rollback(s);
    relay_begin(s, SQL_READ);
    assert_int_equal(count(s), 0);
}

static void a_new_begin_rolls_back_what_is_open(void **state)
{
    AUTO(sql) s = relay_open(*state, "begins");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(count(s), 0);
}

static void what_was_not_committed_is_gone_with_its_connection(void **state)
{
    struct sql *s = relay_open(*state, "gone");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    sql_free(s);
    AUTO(sql) other = relay_again(*state, "gone");
    relay_begin(other, SQL_WRITE);
    assert_int_equal(count(other), 0);
}

/* tests/e2e/test_relay_store.py has one with a standby, and what becomes of it. */
static void without_a_standby_there_is_none(void **state)
{
    AUTO(sql) s = relay_open(*state, "alone");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(sql_standby(s), 0);
    relay_commit(s);
}

static void a_doubled_key_is_eexist_and_ends_the_transaction(void **state)
{
    AUTO(sql) s = relay_open(*state, "doubled");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    assert_int_equal(put(s, "agent", "event", 2), -EEXIST);
    assert_true(strlen(sql_words(s)) > 0);
    assert_int_equal(put(s, "agent", "other", 3), -ECANCELED);
    assert_int_equal(sql_save(s), -ECANCELED);
    assert_int_equal(sql_commit(s), -ECANCELED);
    assert_false(sql_in_transaction(s));
    relay_begin(s, SQL_WRITE);
    assert_int_equal(count(s), 0);
    assert_int_equal(put(s, "agent", "event", 4), 0);
    relay_commit(s);
}

static void a_part_may_fail_by_itself(void **state)
{
    AUTO(sql) s = relay_open(*state, "part");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "a", 1), 0);
    assert_int_equal(sql_save(s), 0);
    assert_int_equal(put(s, "agent", "b", 2), 0);
    assert_int_equal(put(s, "agent", "a", 3), -EEXIST);
    assert_int_equal(sql_save_undo(s), 0);
    assert_int_equal(sql_save(s), 0);
    assert_int_equal(put(s, "agent", "c", 4), 0);
    assert_int_equal(sql_save_keep(s), 0);
    relay_commit(s);
    relay_begin(s, SQL_READ);
    assert_int_equal(get(s, "agent", "a"), 1);
    assert_int_equal(get(s, "agent", "b"), -1);
    assert_int_equal(get(s, "agent", "c"), 4);
}

static void a_read_transaction_sees_one_state(void **state)
{
    AUTO(sql) writer = relay_open(*state, "snapshot");
    AUTO(sql) reader = relay_again(*state, "snapshot");
    relay_begin(reader, SQL_READ);
    assert_int_equal(count(reader), 0);
    relay_begin(writer, SQL_WRITE);
    assert_int_equal(put(writer, "agent", "event", 1), 0);
    assert_int_equal(count(reader), 0);
    relay_commit(writer);
    assert_int_equal(count(reader), 0);
    relay_begin(reader, SQL_READ);
    assert_int_equal(count(reader), 1);
}

static void a_read_transaction_cannot_write(void **state)
{
    AUTO(sql) s = relay_open(*state, "readonly");
    relay_begin(s, SQL_READ);
    assert_int_equal(put(s, "agent", "event", 1), -EROFS);
    relay_begin(s, SQL_READ);
    static const int64_t seqs[] = {1};
    static const char *const names[] = {"x"};
    const struct sql_column columns[] = {{.name = "consumer", .type = SQL_TEXT, .texts = names},
                                         {.name = "source", .type = SQL_TEXT, .texts = names},
                                         {.name = "seq", .type = SQL_INT, .ints = seqs}};
    assert_int_equal(sql_insert(s, "position", columns, 3, 1, ""), -EROFS);
}

static void a_walk_ends_with_its_transaction(void **state)
{
    AUTO(sql) s = relay_open(*state, "ends");
    AUTO(sql) other = relay_again(*state, "ends");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "a", "1", 1), 0);
    assert_int_equal(put(s, "a", "2", 2), 0);
    AUTO(sql_query) up = sql_query(s, "UPDATE position SET seq = seq + 10 RETURNING seq");
    assert_int_equal(sql_step(up), 1);
    relay_commit(s);
    assert_int_equal(sql_step(up), -ECANCELED);
    relay_begin(s, SQL_READ);
    AUTO(sql_query) walk = sql_query(s, "SELECT seq FROM position ORDER BY seq");
    assert_int_equal(sql_step(walk), 1);
    assert_int_equal(sql_int(walk, 0), 11);
    sql_rollback(s);
    assert_int_equal(sql_step(walk), -ECANCELED);
    relay_begin(other, SQL_WRITE); /* what the walk saw is history */
    assert_int_equal(put(other, "a", "3", 3), 0);
    relay_commit(other);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(sql_step(walk), -ECANCELED);
    assert_int_equal(count(s), 3);
    assert_int_equal(get(s, "a", "2"), 12);
}

/* ---- several at once ---- */

#define ROUNDS 40

static int add_one(struct sql *s, const char *source)
{
    AUTO(sql_query) q = sql_query(s, "UPDATE position SET seq = seq + 1 WHERE source = $1");
    sql_bind_text(q, 1, source);
    return sql_run(q);
}

static int add_to_both(struct sql *s, const struct hand *h)
{
    int err = sql_begin(s, SQL_WRITE);
    if (err == 0)
        err = add_one(s, h->first);
    if (err == 0)
        err = add_one(s, h->second);
    if (err == 0)
        return sql_commit(s);
    sql_rollback(s);
    return err;
}

static void *add_rounds(void *context)
{
    struct hand *h = context;
    struct sql *s = NULL;
    h->err = sql_open(h->store->address, h->tenant, NULL, &s);
    for (int done = 0; done < ROUNDS && h->err == 0;) {
        h->err = add_to_both(s, h);
        done += h->err == 0;
        if (h->err == -EBUSY)
            h->err = 0;
    }
    sql_free(s);
    return NULL;
}

static void two_that_write_the_same_rows_both_get_through(void **state)
{
    AUTO(sql) s = relay_open(*state, "crossed");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "a", 0), 0);
    assert_int_equal(put(s, "agent", "b", 0), 0);
    relay_commit(s);
    struct hand hands[] = {{.store = *state, .tenant = "crossed", .first = "a", .second = "b"},
                           {.store = *state, .tenant = "crossed", .first = "b", .second = "a"}};
    hands_work(hands, ARRAY_LEN(hands), add_rounds);
    hands_succeeded(hands, ARRAY_LEN(hands));
    relay_begin(s, SQL_READ);
    assert_int_equal(get(s, "agent", "a"), 2 * ROUNDS);
    assert_int_equal(get(s, "agent", "b"), 2 * ROUNDS);
}

/* ---- a server that dies ---- */

static void restart_server(const char *ctl)
{
    char command[1024];
    snprintf(command, sizeof(command), "%s restart", ctl);
    assert_int_equal(system(command), 0);
}

static void the_connection_comes_back_after_its_server(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    const char *ctl = getenv("STORE_POSTGRES_CTL");
    if (strcmp(b->engine, "postgres") != 0 || !ctl)
        skip(); /* SQLite has no server */
    AUTO(sql) s = relay_open(*state, "server");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "kept", "a", 1), 0);
    relay_commit(s);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "lost", "a", 1), 0);
    restart_server(ctl);
    assert_int_equal(put(s, "lost", "b", 1), -EIO);
    assert_true(strlen(sql_words(s)) > 0);
    assert_int_equal(sql_commit(s), -ECANCELED);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(count(s), 1);
    assert_int_equal(put(s, "kept", "b", 2), 0);
    restart_server(ctl);
    assert_int_equal(sql_commit(s), -EIO);
    relay_begin(s, SQL_READ);
    restart_server(ctl); /* and while nothing is under way */
    sql_rollback(s);
    relay_begin(s, SQL_READ);
    assert_int_equal(get(s, "kept", "a"), 1);
    assert_int_equal(get(s, "kept", "b"), -1);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(keeps_what_was_committed),
    cmocka_unit_test(rollback_leaves_nothing),
    cmocka_unit_test(a_new_begin_rolls_back_what_is_open),
    cmocka_unit_test(what_was_not_committed_is_gone_with_its_connection),
    cmocka_unit_test(without_a_standby_there_is_none),
    cmocka_unit_test(a_doubled_key_is_eexist_and_ends_the_transaction),
    cmocka_unit_test(a_part_may_fail_by_itself),
    cmocka_unit_test(a_read_transaction_sees_one_state),
    cmocka_unit_test(a_read_transaction_cannot_write),
    cmocka_unit_test(a_walk_ends_with_its_transaction),
    cmocka_unit_test(two_that_write_the_same_rows_both_get_through),
    cmocka_unit_test(the_connection_comes_back_after_its_server),
};

int main(void)
{
    return relay_cases_run("sql_transaction", promises, ARRAY_LEN(promises));
}
