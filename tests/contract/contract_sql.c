/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sql.h promises, kept by every engine. */
#include "sql_steps.h"

#include <pthread.h>

#include "dead_letter.h"

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

static void a_placeholder_may_stand_twice_and_in_any_order(void **state)
{
    AUTO(sql) s = relay_open(*state, "twice");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "same", "same", 7), 0);
    assert_int_equal(put(s, "same", "other", 8), 0);
    AUTO(sql_query)
    q = sql_query(s, "SELECT seq FROM position WHERE seq < $2 AND consumer = $1 "
                     "AND source = $1 AND seq < $2 + 1 LIMIT $3");
    sql_bind_int(q, 3, 10);
    sql_bind_text(q, 1, "same");
    sql_bind_int(q, 2, 100);
    assert_int_equal(sql_step(q), 1);
    assert_int_equal(sql_int(q, 0), 7);
    assert_int_equal(sql_step(q), 0);
}

/* tests/e2e/test_relay_store.py has one with a standby, and what becomes of it. */
static void without_a_standby_there_is_none(void **state)
{
    AUTO(sql) s = relay_open(*state, "alone");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(sql_standby(s), 0);
    relay_commit(s);
}

static void a_list_is_a_table_of_its_texts(void **state)
{
    static const char ask[] = "SELECT k.text, (SELECT CAST(sum(p.seq) AS BIGINT) FROM position p"
                              " WHERE p.consumer = $1 AND p.source = k.text) FROM $2[] AS k"
                              " WHERE k.text NOT IN (SELECT l.text FROM $3[] AS l)"
                              " ORDER BY k.text";
    static const char *const texts[] = {"b",         "a \"quoted\"", "absent",
                                        "\\ \x01\n", "\xE0\xA4\xB8", "left out"};
    static const char *const without[] = {"left out"};
    AUTO(sql) s = relay_open(*state, "lists");
    relay_begin(s, SQL_WRITE);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (strcmp(texts[i], "absent") != 0)
            assert_int_equal(put(s, "agent", texts[i], (int64_t)i + 1), 0);
    for (size_t round = 0; round < 2; round++) { /* the same text again, with none and with one */
        AUTO(sql_query) q = sql_query_lists(s, ask);
        sql_bind_text(q, 1, "agent");
        sql_bind_texts(q, 2, texts, ARRAY_LEN(texts));
        sql_bind_texts(q, 3, without, round);
        static const size_t order[] = {3, 1, 2, 0, 5, 4};
        for (size_t i = 0; i < ARRAY_LEN(order); i++) {
            if (round == 1 && order[i] == 5)
                continue;
            assert_int_equal(sql_step(q), 1);
            assert_string_equal(sql_text(q, 0), texts[order[i]]);
            assert_int_equal(sql_int(q, 1), order[i] == 2 ? 0 : order[i] + 1);
        }
        assert_int_equal(sql_step(q), 0);
    }
}

static void null_is_null_and_reads_as_nothing(void **state)
{
    AUTO(sql) s = relay_open(*state, "null");
    relay_begin(s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(s, "SELECT $1, $2, $3, coalesce($1, 5), CASE WHEN $2 IS NULL THEN 1 ELSE 0 END");
    sql_bind_null_int(q, 1);
    sql_bind_null_text(q, 2);
    sql_bind_null_bytes(q, 3);
    assert_int_equal(sql_step(q), 1);
    size_t len = 1;
    for (int c = 0; c < 3; c++)
        assert_true(sql_null(q, c));
    assert_int_equal(sql_int(q, 0), 0);
    assert_string_equal(sql_text(q, 1), "");
    assert_non_null(sql_bytes(q, 2, &len));
    assert_int_equal(len, 0);
    assert_false(sql_null(q, 3));
    assert_int_equal(sql_int(q, 3), 5);
    assert_int_equal(sql_int(q, 4), 1);
}

static void null_where_none_may_be_is_einval(void **state)
{
    AUTO(sql) s = relay_open(*state, "notnull");
    relay_begin(s, SQL_WRITE);
    AUTO(sql_query) q = sql_query(s, PUT);
    sql_bind_text(q, 1, "agent");
    sql_bind_text(q, 2, "event");
    sql_bind_null_int(q, 3);
    assert_int_equal(sql_run(q), -EINVAL);
}

static void bytes_carry_every_octet(void **state)
{
    AUTO(sql) s = relay_open(*state, "bytes");
    unsigned char all[512];
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (unsigned char)i;
    relay_begin(s, SQL_WRITE);
    AUTO(sql_query)
    put_q =
        sql_query(s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes, "
                     "body) VALUES('*', 't', $1, $2, 0, '', 0, $3)");
    sql_bind_int(put_q, 1, 1);
    sql_bind_bytes(put_q, 2, NULL, 0);
    sql_bind_bytes(put_q, 3, all, sizeof(all));
    assert_int_equal(sql_run(put_q), 0);
    AUTO(sql_query) q = sql_query(s, "SELECT sha256, body FROM document WHERE body = $1");
    sql_bind_bytes(q, 1, all, sizeof(all));
    assert_int_equal(sql_step(q), 1);
    size_t len = 1;
    assert_non_null(sql_bytes(q, 0, &len));
    assert_int_equal(len, 0);
    assert_false(sql_null(q, 0));
    const void *got = sql_bytes(q, 1, &len);
    assert_int_equal(len, sizeof(all));
    assert_memory_equal(got, all, len);
}

static void values_are_never_statements(void **state)
{
    static const char *const evil[] = {
        "'; DROP TABLE position; --",
        "' OR '1'='1",
        "$1",
        "?1",
        "\\",
        "\"",
        "%",
        "{1,2}",
        "NULL",
        "\xE0\xA4\xB8\xE0\xA4\xB9\xE0\xA4\xBE\xE0\xA4\xAF\xE0\xA4\x95",
        "line\nbreak\ttab",
        "",
    };
    AUTO(sql) s = relay_open(*state, "values");
    relay_begin(s, SQL_WRITE);
    for (size_t i = 0; i < ARRAY_LEN(evil); i++)
        assert_int_equal(put(s, evil[i], evil[i], (int64_t)i), 0);
    relay_commit(s);
    relay_begin(s, SQL_READ);
    for (size_t i = 0; i < ARRAY_LEN(evil); i++)
        assert_int_equal(get(s, evil[i], evil[i]), i);
    assert_int_equal(count(s), ARRAY_LEN(evil));
}

static void text_is_ordered_by_bytes(void **state)
{
    static const char *const ascending[] = {"",  "-",  "A",  "B", "Z",        "_",
                                            "a", "aB", "ab", "b", "\xC3\x84", "\xE0\xA4\xB8"};
    AUTO(sql) s = relay_open(*state, "order");
    relay_begin(s, SQL_WRITE);
    for (size_t i = ARRAY_LEN(ascending); i-- > 0;)
        assert_int_equal(put(s, ascending[i], "", 0), 0);
    AUTO(sql_query) q = sql_query(s, "SELECT consumer FROM position ORDER BY consumer");
    for (size_t i = 0; i < ARRAY_LEN(ascending); i++) {
        assert_int_equal(sql_step(q), 1);
        assert_string_equal(sql_text(q, 0), ascending[i]);
    }
    assert_int_equal(sql_step(q), 0);
    AUTO(sql_query) after = sql_query(s, "SELECT count(*) FROM position WHERE consumer > $1");
    sql_bind_text(after, 1, "Z");
    assert_int_equal(sql_step(after), 1);
    assert_int_equal(sql_int(after, 0), 7);
}

static void walks_stand_inside_each_other(void **state)
{
    static const char WALK[] = "SELECT seq FROM position ORDER BY seq";
    AUTO(sql) s = relay_open(*state, "walks");
    relay_begin(s, SQL_WRITE);
    for (int64_t i = 0; i < 4; i++)
        assert_int_equal(put(s, i % 2 ? "odd" : "even", i < 2 ? "low" : "high", i), 0);
    int64_t seen = 0;
    AUTO(sql_query) outer = sql_query(s, WALK);
    while (sql_step(outer) == 1) {
        AUTO(sql_query) inner = sql_query(s, WALK);
        while (sql_step(inner) == 1)
            seen += sql_int(outer, 0) * 10 + sql_int(inner, 0);
    }
    assert_int_equal(seen, 4 * (0 + 10 + 20 + 30) + 4 * (0 + 1 + 2 + 3));
}

static void numbers_are_read_whatever_makes_them(void **state)
{
    AUTO(sql) s = relay_open(*state, "numbers");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "a", "1", 4000000000000000000), 0);
    assert_int_equal(put(s, "a", "2", 5000000000000000000), 0);
    assert_int_equal(put(s, "a", "3", -1230000), 0);
    AUTO(sql_query)
    q = sql_query(
        s, "SELECT sum(seq), count(*), max(seq), 7, coalesce(sum(seq - seq), 0), length('abc'), "
           "CASE WHEN 1 < 2 THEN 1 ELSE 0 END, sum(CASE WHEN seq < 0 THEN seq ELSE 0 END), 7 / 2, "
           "seq / seq FROM position WHERE consumer = $1 GROUP BY seq / seq");
    sql_bind_text(q, 1, "a");
    static const int64_t want[] = {
        8999999999998770000, 3, 5000000000000000000, 7, 0, 3, 1, -1230000, 3, 1};
    assert_int_equal(sql_step(q), 1);
    for (size_t i = 0; i < ARRAY_LEN(want); i++)
        assert_true(sql_int(q, (int)i) == want[i]);
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

static void changes_are_counted_and_rows_returned(void **state)
{
    AUTO(sql) s = relay_open(*state, "changes");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "x", 1), 0);
    assert_int_equal(put(s, "agent", "y", 2), 0);
    AUTO(sql_query) up = sql_query(s, "UPDATE position SET seq = seq + $1 WHERE seq > $1");
    sql_bind_int(up, 1, 1);
    assert_int_equal(sql_run(up), 0);
    assert_int_equal(sql_changes(up), 1);
    AUTO(sql_query) all = sql_query(s, "UPDATE position SET seq = seq + 10 RETURNING seq");
    int64_t sum = 0;
    while (sql_step(all) == 1)
        sum += sql_int(all, 0);
    assert_int_equal(sum, 11 + 13);
    assert_int_equal(sql_changes(all), 2);
    AUTO(sql_query) none = sql_query(s, "DELETE FROM position WHERE seq < 0");
    assert_int_equal(sql_run(none), 0);
    assert_int_equal(sql_changes(none), 0);
}

static void a_text_that_does_not_fit_is_ebadmsg(void **state)
{
    AUTO(sql) s = relay_open(*state, "fits");
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, "SELECT $1");
    sql_bind_text(q, 1, "four");
    assert_int_equal(sql_step(q), 1);
    char five[5] = "";
    char four[4] = "old";
    sql_copy(q, 0, five, sizeof(five));
    assert_string_equal(five, "four");
    sql_copy(q, 0, four, sizeof(four));
    assert_string_equal(four, "");
    assert_int_equal(sql_step(q), -EBADMSG);
}

static void a_wrong_statement_says_so_when_stepped(void **state)
{
    AUTO(sql) s = relay_open(*state, "wrong");
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, "SELECT nonsense FROM nowhere");
    sql_bind_int(q, 1, 1);
    assert_true(sql_step(q) < 0);
    assert_non_null(strstr(sql_words(s), "nowhere"));
    relay_begin(s, SQL_READ);
    assert_int_equal(count(s), 0);
}

#define ROWS 1000

static int64_t insert_positions(struct sql *s, size_t from, size_t n, const char *conflict)
{
    static char names[2 * ROWS][16];
    static const char *texts[2 * ROWS];
    static int64_t seqs[2 * ROWS];
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof(names[i]), "d%zu:1", from + i);
        texts[i] = names[i];
        seqs[i] = (int64_t)(from + i) * INT32_MAX - 5;
    }
    static const char *agent[2 * ROWS];
    for (size_t i = 0; i < n; i++)
        agent[i] = "agent";
    const struct sql_column columns[] = {{.name = "source", .type = SQL_TEXT, .texts = texts},
                                         {.name = "seq", .type = SQL_INT, .ints = seqs},
                                         {.name = "consumer", .type = SQL_TEXT, .texts = agent}};
    return sql_insert(s, "position", columns, ARRAY_LEN(columns), n, conflict);
}

static const char SKIP[] = "ON CONFLICT (tenant, consumer, source) DO NOTHING";
static const char ADD[] = "ON CONFLICT (tenant, consumer, source) DO UPDATE SET seq = "
                          "position.seq + excluded.seq";

static void many_rows_go_in_at_once(void **state)
{
    AUTO(sql) s = relay_open(*state, "many");
    relay_begin(s, SQL_WRITE);
    assert_int_equal(insert_positions(s, 0, ROWS, ""), ROWS);
    assert_int_equal(insert_positions(s, 0, 0, ""), 0);
    assert_int_equal(insert_positions(s, ROWS / 2, ROWS, SKIP), ROWS / 2);
    relay_commit(s);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(count(s), ROWS + ROWS / 2);
    assert_int_equal(get(s, "agent", "d999:1"), 999 * (int64_t)INT32_MAX - 5);
    assert_int_equal(insert_positions(s, 999, 2, ADD), 2);
    assert_int_equal(get(s, "agent", "d999:1"), 2 * (999 * (int64_t)INT32_MAX - 5));
    assert_int_equal(insert_positions(s, 2 * ROWS, 1, ""), 1);
    assert_int_equal(insert_positions(s, ROWS, 2, ""), -EEXIST);
    relay_begin(s, SQL_READ);
    assert_int_equal(count(s), ROWS + ROWS / 2);
}

static void many_rows_carry_bytes_and_nulls(void **state)
{
    AUTO(sql) s = relay_open(*state, "carry");
    static const int64_t versions[] = {1, 2, 3};
    static const int64_t zero[] = {0, 0, 0};
    static const char *const stars[] = {"*", "{\"a\",NULL}", "'"};
    static const void *const bodies[] = {"\0\xFF\\x", "", "NULL"};
    static const size_t lens[] = {4, 0, 4};
    const struct sql_column columns[] = {
        {.name = "version", .type = SQL_INT, .ints = versions},
        {.name = "scope", .type = SQL_TEXT, .texts = stars},
        {.name = "type", .type = SQL_TEXT, .texts = stars},
        {.name = "sha256", .type = SQL_BYTES, .bytes = bodies, .lens = lens},
        {.name = "made_ms", .type = SQL_INT, .ints = zero},
        {.name = "made_by", .type = SQL_TEXT, .texts = stars},
        {.name = "bytes", .type = SQL_INT, .ints = zero},
        {.name = "body", .type = SQL_BYTES, .bytes = bodies, .lens = lens},
    };
    relay_begin(s, SQL_WRITE);
    assert_int_equal(sql_insert(s, "document", columns, ARRAY_LEN(columns), 3, ""), 3);
    AUTO(sql_query) q = sql_query(s, "SELECT scope, body FROM document ORDER BY version");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sql_step(q), 1);
        assert_string_equal(sql_text(q, 0), stars[i]);
        size_t len = 99;
        const void *got = sql_bytes(q, 1, &len);
        assert_int_equal(len, lens[i]);
        assert_memory_equal(got, bodies[i], len);
    }
    static const char *const hole[] = {"a", NULL, "b"};
    struct sql_column broken[ARRAY_LEN(columns)];
    memcpy(broken, columns, sizeof(columns));
    broken[1].texts = hole;
    assert_int_equal(sql_insert(s, "document", broken, ARRAY_LEN(broken), 3, ""), -EINVAL);
}

/* --- several at once */

#define ROUNDS 40

struct hand {
    const struct relay_case *store;
    const char *tenant;
    const char *first;
    const char *second;
    int err;
};

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

static void *number_rounds(void *context)
{
    struct hand *h = context;
    struct sql *s = NULL;
    h->err = sql_open(h->store->address, h->tenant, NULL, &s);
    for (int done = 0; done < ROUNDS && h->err == 0; done++) {
        const struct dead_letter letter = {.source = h->first, .device = "", .reason = ""};
        int64_t number = 0;
        h->err = sql_begin(s, SQL_WRITE);
        if (h->err == 0)
            h->err = dead_letter_put(s, &letter, 0, &number);
        if (h->err == 0)
            h->err = sql_commit(s);
    }
    sql_free(s);
    return NULL;
}

static void *create_one(void *context)
{
    struct hand *h = context;
    h->err = sql_tenant_create(h->store->owner, h->tenant, NULL);
    return NULL;
}

static void at_once(struct hand *hands, size_t n, void *(*work)(void *))
{
    pthread_t threads[8];
    assert_true(n <= ARRAY_LEN(threads));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &hands[i]), 0);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
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
    at_once(hands, ARRAY_LEN(hands), add_rounds);
    assert_int_equal(hands[0].err, 0);
    assert_int_equal(hands[1].err, 0);
    relay_begin(s, SQL_READ);
    assert_int_equal(get(s, "agent", "a"), 2 * ROUNDS);
    assert_int_equal(get(s, "agent", "b"), 2 * ROUNDS);
}

static void a_lock_holds_off_its_other_holders(void **state)
{
    AUTO(sql) s = relay_open(*state, "locks");
    struct hand hands[] = {{.store = *state, .tenant = "locks", .first = "a"},
                           {.store = *state, .tenant = "locks", .first = "b"},
                           {.store = *state, .tenant = "locks", .first = "c"}};
    at_once(hands, ARRAY_LEN(hands), number_rounds);
    for (size_t i = 0; i < ARRAY_LEN(hands); i++)
        assert_int_equal(hands[i].err, 0);
    relay_begin(s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*), min(letter), max(letter) FROM dead_letter");
    assert_int_equal(sql_step(q), 1);
    assert_int_equal(sql_int(q, 0), 3 * ROUNDS);
    assert_int_equal(sql_int(q, 1), 1);
    assert_int_equal(sql_int(q, 2), 3 * ROUNDS);
}

static void many_may_create_one_tenant_at_once(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    struct hand hands[6];
    for (size_t i = 0; i < ARRAY_LEN(hands); i++)
        hands[i] = (struct hand){.store = b, .tenant = "race"};
    at_once(hands, ARRAY_LEN(hands), create_one);
    for (size_t i = 0; i < ARRAY_LEN(hands); i++)
        assert_int_equal(hands[i].err, 0);
    AUTO(sql) s = relay_again(b, "race");
    relay_begin(s, SQL_READ);
    assert_int_equal(count(s), 0);
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

static void a_statement_at_its_end_is_not_run_again(void **state)
{
    AUTO(sql) s = relay_open(*state, "once");
    relay_begin(s, SQL_WRITE);
    AUTO(sql_query) q = sql_query(s, PUT);
    sql_bind_text(q, 1, "a");
    sql_bind_text(q, 2, "b");
    sql_bind_int(q, 3, 1);
    assert_int_equal(sql_run(q), 0);
    assert_int_equal(sql_changes(q), 1);
    assert_int_equal(sql_run(q), 0);
    assert_int_equal(sql_step(q), 0);
    assert_int_equal(count(s), 1);
}

/* --- a server that dies */

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

/* --- tenants */

static void a_tenant_must_have_been_created(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    struct diag why = {0};
    struct sql *s = NULL;
    assert_int_equal(sql_open(b->address, "nobody", &why, &s), -ENOENT);
    assert_true(strlen(why.text) > 0);
    assert_null(s);
    assert_int_equal(sql_open(b->address, "nobody", NULL, &s), -ENOENT);
    assert_int_equal(sql_tenant_create(b->owner, "somebody", NULL), 0);
    assert_int_equal(sql_tenant_create(b->owner, "somebody", NULL), 0);
    assert_int_equal(sql_open(b->address, "somebody", NULL, &s), 0);
    assert_string_equal(sql_tenant(s), "somebody");
    sql_free(s);
}

static void a_tenants_name_is_never_a_path_or_a_statement(void **state)
{
    static const char *const evil[] = {
        "",  "..",           "../keeps", "a/b",      "a.b",
        "A", "a b",          "a'b",      "a\"",      "a;drop table entry",
        "*", "a' OR '1'='1", "$1",       "\xC3\xA4", "0123456789012345678901234567890123",
    };
    const struct relay_case *b = relay_case_of(state);
    for (size_t i = 0; i < ARRAY_LEN(evil); i++) {
        struct diag why = {0};
        struct sql *s = NULL;
        assert_int_equal(sql_open(b->address, evil[i], &why, &s), -EINVAL);
        assert_true(strlen(why.text) > 0);
        assert_int_equal(sql_tenant_create(b->owner, evil[i], &why), -EINVAL);
    }
}

struct names {
    char all[4096];
    int stop_after;
};

static int on_name(const char *tenant, void *context)
{
    struct names *n = context;
    strncat(n->all, tenant, sizeof(n->all) - strlen(n->all) - 1);
    strncat(n->all, " ", sizeof(n->all) - strlen(n->all) - 1);
    return --n->stop_after == 0 ? 42 : 0;
}

static void tenants_are_listed_in_order(void **state)
{
    const struct relay_case *b = relay_case_of(state);
    assert_int_equal(sql_tenant_create(b->owner, "list", NULL), 0);
    assert_int_equal(sql_tenant_create(b->owner, "list0", NULL), 0);
    assert_int_equal(sql_tenant_create(b->owner, "list-b", NULL), 0);
    struct names n = {0};
    assert_int_equal(sql_tenants(b->address, on_name, &n, NULL), 0);
    assert_non_null(strstr(n.all, "list list-b list0 "));
    struct names one = {.stop_after = 1};
    assert_int_equal(sql_tenants(b->address, on_name, &one, NULL), 42);
    assert_int_equal(strcspn(one.all, " "), strlen(one.all) - 1);
}

static void an_address_must_name_an_engine(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "sqlite", "sqlite:", "oracle:x", "/tmp"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct diag why = {0};
        struct sql *s = NULL;
        assert_int_equal(sql_open(wrong[i], "a", &why, &s), -EINVAL);
        assert_non_null(strstr(why.text, "sqlite:FOLDER"));
        assert_int_equal(sql_tenants(wrong[i], on_name, NULL, &why), -EINVAL);
    }
}

/* --- what stands on it */

static void dead_letters_are_numbered_and_decided_once(void **state)
{
    AUTO(sql) s = relay_open(*state, "letters");
    const struct dead_letter letter = {.source = "ingest",
                                       .device = "kol-1",
                                       .epoch = 2,
                                       .seq = 7,
                                       .reason = "another hash",
                                       .body = "\0bytes",
                                       .len = 6};
    relay_begin(s, SQL_WRITE);
    int64_t first = 0;
    int64_t second = 0;
    assert_int_equal(dead_letter_put(s, &letter, 1000, &first), 0);
    assert_int_equal(dead_letter_put(s, &letter, 1001, &second), 0);
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
    assert_int_equal(dead_letter_decide(s, second, "repaired", "asha", 2000), 0);
    assert_int_equal(dead_letter_decide(s, second, "dropped", "asha", 2001), -ENOENT);
    assert_int_equal(dead_letter_decide(s, 99, "dropped", "asha", 2001), -ENOENT);
    relay_commit(s);
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, "SELECT letter, state, body FROM dead_letter ORDER BY letter");
    assert_int_equal(sql_step(q), 1);
    assert_string_equal(sql_text(q, 1), "open");
    size_t len = 0;
    assert_memory_equal(sql_bytes(q, 2, &len), letter.body, letter.len);
    assert_int_equal(len, letter.len);
    assert_int_equal(sql_step(q), 1);
    assert_int_equal(sql_int(q, 0), 2);
    assert_string_equal(sql_text(q, 1), "repaired");
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(keeps_what_was_committed),
    cmocka_unit_test(rollback_leaves_nothing),
    cmocka_unit_test(a_new_begin_rolls_back_what_is_open),
    cmocka_unit_test(a_placeholder_may_stand_twice_and_in_any_order),
    cmocka_unit_test(without_a_standby_there_is_none),
    cmocka_unit_test(a_list_is_a_table_of_its_texts),
    cmocka_unit_test(null_is_null_and_reads_as_nothing),
    cmocka_unit_test(null_where_none_may_be_is_einval),
    cmocka_unit_test(bytes_carry_every_octet),
    cmocka_unit_test(values_are_never_statements),
    cmocka_unit_test(text_is_ordered_by_bytes),
    cmocka_unit_test(walks_stand_inside_each_other),
    cmocka_unit_test(numbers_are_read_whatever_makes_them),
    cmocka_unit_test(a_doubled_key_is_eexist_and_ends_the_transaction),
    cmocka_unit_test(a_part_may_fail_by_itself),
    cmocka_unit_test(a_read_transaction_sees_one_state),
    cmocka_unit_test(a_read_transaction_cannot_write),
    cmocka_unit_test(changes_are_counted_and_rows_returned),
    cmocka_unit_test(a_text_that_does_not_fit_is_ebadmsg),
    cmocka_unit_test(a_wrong_statement_says_so_when_stepped),
    cmocka_unit_test(many_rows_go_in_at_once),
    cmocka_unit_test(many_rows_carry_bytes_and_nulls),
    cmocka_unit_test(a_statement_at_its_end_is_not_run_again),
    cmocka_unit_test(a_walk_ends_with_its_transaction),
    cmocka_unit_test(two_that_write_the_same_rows_both_get_through),
    cmocka_unit_test(a_lock_holds_off_its_other_holders),
    cmocka_unit_test(what_was_not_committed_is_gone_with_its_connection),
    cmocka_unit_test(many_may_create_one_tenant_at_once),
    cmocka_unit_test(the_connection_comes_back_after_its_server),
    cmocka_unit_test(a_tenant_must_have_been_created),
    cmocka_unit_test(a_tenants_name_is_never_a_path_or_a_statement),
    cmocka_unit_test(tenants_are_listed_in_order),
    cmocka_unit_test(an_address_must_name_an_engine),
    cmocka_unit_test(dead_letters_are_numbered_and_decided_once),
};

int main(void)
{
    return relay_cases_run("sql", promises, ARRAY_LEN(promises));
}
