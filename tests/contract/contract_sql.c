/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sql.h promises of statements and of the values in them, kept by every engine. */
#include "sql_steps.h"

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

/* ---- many rows in one statement ---- */

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

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(a_placeholder_may_stand_twice_and_in_any_order),
    cmocka_unit_test(a_list_is_a_table_of_its_texts),
    cmocka_unit_test(null_is_null_and_reads_as_nothing),
    cmocka_unit_test(null_where_none_may_be_is_einval),
    cmocka_unit_test(bytes_carry_every_octet),
    cmocka_unit_test(values_are_never_statements),
    cmocka_unit_test(text_is_ordered_by_bytes),
    cmocka_unit_test(numbers_are_read_whatever_makes_them),
    cmocka_unit_test(a_text_that_does_not_fit_is_ebadmsg),
    cmocka_unit_test(walks_stand_inside_each_other),
    cmocka_unit_test(changes_are_counted_and_rows_returned),
    cmocka_unit_test(a_statement_at_its_end_is_not_run_again),
    cmocka_unit_test(a_wrong_statement_says_so_when_stepped),
    cmocka_unit_test(many_rows_go_in_at_once),
    cmocka_unit_test(many_rows_carry_bytes_and_nulls),
};

int main(void)
{
    return relay_cases_run("sql", promises, ARRAY_LEN(promises));
}
