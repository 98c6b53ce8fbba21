/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What sql.h promises, kept by every engine. */
#include "promises.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "dead_letter.h"
#include "scratch.h"
#include "sql.h"

struct bench {
    const char *engine;
    char address[512];
    char owner[512]; /* that may create tenants; "": skip */
};

static const struct bench *bench_of(void **state)
{
    const struct bench *b = *state;
    if (b->owner[0] == '\0')
        skip();
    return b;
}

/* A tenant of its own for each promise. */
static struct sql *fresh(void **state, const char *tenant)
{
    const struct bench *b = bench_of(state);
    struct diag why = {0};
    struct sql *s = NULL;
    if (sql_tenant_create(b->owner, tenant, &why) < 0 || sql_open(b->address, tenant, &why, &s) < 0)
        fail_msg("%s: %s", b->engine, why.text);
    return s;
}

static struct sql *again(const struct bench *b, const char *tenant)
{
    struct diag why = {0};
    struct sql *s = NULL;
    if (sql_open(b->address, tenant, &why, &s) < 0)
        fail_msg("%s: %s", b->engine, why.text);
    return s;
}

static void begin(struct sql *s, enum sql_mode mode)
{
    int err = sql_begin(s, mode);
    if (err < 0)
        fail_msg("sql_begin: %s: %s", strerror(-err), sql_words(s));
}

static void commit(struct sql *s)
{
    assert_int_equal(sql_commit(s), 0);
}

static const char PUT[] = "INSERT INTO position(consumer, source, seq) VALUES($1, $2, $3)";
static const char GET[] = "SELECT seq FROM position WHERE consumer = $1 AND source = $2";
static const char COUNT[] = "SELECT count(*) FROM position";

static int put(struct sql *s, const char *consumer, const char *source, int64_t seq)
{
    AUTO(sql_query) q = sql_query(s, PUT);
    sql_bind_text(q, 1, consumer);
    sql_bind_text(q, 2, source);
    sql_bind_int(q, 3, seq);
    return sql_run(q);
}

static int64_t get(struct sql *s, const char *consumer, const char *source)
{
    AUTO(sql_query) q = sql_query(s, GET);
    sql_bind_text(q, 1, consumer);
    sql_bind_text(q, 2, source);
    int got = sql_step(q);
    assert_in_range(got, 0, 1);
    return got == 1 ? sql_int(q, 0) : -1;
}

static int64_t count(struct sql *s)
{
    AUTO(sql_query) q = sql_query(s, COUNT);
    assert_int_equal(sql_step(q), 1);
    return sql_int(q, 0);
}

static void keeps_what_was_committed(void **state)
{
    AUTO(sql) s = fresh(state, "keeps");
    begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", INT64_MAX), 0);
    assert_int_equal(put(s, "agent", "d:1", INT64_MIN), 0);
    commit(s);
    AUTO(sql) other = again(*state, "keeps");
    begin(other, SQL_READ);
    assert_true(get(other, "agent", "event") == INT64_MAX);
    assert_true(get(other, "agent", "d:1") == INT64_MIN);
    assert_int_equal(count(other), 2);
}

static void rollback_leaves_nothing(void **state)
{
    AUTO(sql) s = fresh(state, "rollback");
    begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    assert_true(sql_in_transaction(s));
    sql_rollback(s);
    assert_false(sql_in_transaction(s));
    sql_rollback(s);
    begin(s, SQL_READ);
    assert_int_equal(count(s), 0);
}

static void a_new_begin_rolls_back_what_is_open(void **state)
{
    AUTO(sql) s = fresh(state, "begins");
    begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    begin(s, SQL_WRITE);
    assert_int_equal(count(s), 0);
}

static void a_placeholder_may_stand_twice_and_in_any_order(void **state)
{
    AUTO(sql) s = fresh(state, "twice");
    begin(s, SQL_WRITE);
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

static void null_is_null_and_reads_as_nothing(void **state)
{
    AUTO(sql) s = fresh(state, "null");
    begin(s, SQL_READ);
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
    AUTO(sql) s = fresh(state, "notnull");
    begin(s, SQL_WRITE);
    AUTO(sql_query) q = sql_query(s, PUT);
    sql_bind_text(q, 1, "agent");
    sql_bind_text(q, 2, "event");
    sql_bind_null_int(q, 3);
    assert_int_equal(sql_run(q), -EINVAL);
}

static void bytes_carry_every_octet(void **state)
{
    AUTO(sql) s = fresh(state, "bytes");
    unsigned char all[512];
    for (size_t i = 0; i < sizeof(all); i++)
        all[i] = (unsigned char)i;
    begin(s, SQL_WRITE);
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
    AUTO(sql) s = fresh(state, "values");
    begin(s, SQL_WRITE);
    for (size_t i = 0; i < ARRAY_LEN(evil); i++)
        assert_int_equal(put(s, evil[i], evil[i], (int64_t)i), 0);
    commit(s);
    begin(s, SQL_READ);
    for (size_t i = 0; i < ARRAY_LEN(evil); i++)
        assert_int_equal(get(s, evil[i], evil[i]), i);
    assert_int_equal(count(s), ARRAY_LEN(evil));
}

static void text_is_ordered_by_bytes(void **state)
{
    static const char *const ascending[] = {"",  "-",  "A",  "B", "Z",        "_",
                                            "a", "aB", "ab", "b", "\xC3\x84", "\xE0\xA4\xB8"};
    AUTO(sql) s = fresh(state, "order");
    begin(s, SQL_WRITE);
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
    AUTO(sql) s = fresh(state, "walks");
    begin(s, SQL_WRITE);
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
    AUTO(sql) s = fresh(state, "numbers");
    begin(s, SQL_WRITE);
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
    AUTO(sql) s = fresh(state, "doubled");
    begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "event", 1), 0);
    assert_int_equal(put(s, "agent", "event", 2), -EEXIST);
    assert_true(strlen(sql_words(s)) > 0);
    assert_int_equal(put(s, "agent", "other", 3), -ECANCELED);
    assert_int_equal(sql_save(s), -ECANCELED);
    assert_int_equal(sql_commit(s), -ECANCELED);
    assert_false(sql_in_transaction(s));
    begin(s, SQL_WRITE);
    assert_int_equal(count(s), 0);
    assert_int_equal(put(s, "agent", "event", 4), 0);
    commit(s);
}

static void a_part_may_fail_by_itself(void **state)
{
    AUTO(sql) s = fresh(state, "part");
    begin(s, SQL_WRITE);
    assert_int_equal(put(s, "agent", "a", 1), 0);
    assert_int_equal(sql_save(s), 0);
    assert_int_equal(put(s, "agent", "b", 2), 0);
    assert_int_equal(put(s, "agent", "a", 3), -EEXIST);
    assert_int_equal(sql_save_undo(s), 0);
    assert_int_equal(sql_save(s), 0);
    assert_int_equal(put(s, "agent", "c", 4), 0);
    assert_int_equal(sql_save_keep(s), 0);
    commit(s);
    begin(s, SQL_READ);
    assert_int_equal(get(s, "agent", "a"), 1);
    assert_int_equal(get(s, "agent", "b"), -1);
    assert_int_equal(get(s, "agent", "c"), 4);
}

static void a_read_transaction_sees_one_state(void **state)
{
    AUTO(sql) writer = fresh(state, "snapshot");
    AUTO(sql) reader = again(*state, "snapshot");
    begin(reader, SQL_READ);
    assert_int_equal(count(reader), 0);
    begin(writer, SQL_WRITE);
    assert_int_equal(put(writer, "agent", "event", 1), 0);
    assert_int_equal(count(reader), 0);
    commit(writer);
    assert_int_equal(count(reader), 0);
    begin(reader, SQL_READ);
    assert_int_equal(count(reader), 1);
}

static void a_read_transaction_cannot_write(void **state)
{
    AUTO(sql) s = fresh(state, "readonly");
    begin(s, SQL_READ);
    assert_int_equal(put(s, "agent", "event", 1), -EROFS);
    begin(s, SQL_READ);
    static const int64_t seqs[] = {1};
    static const char *const names[] = {"x"};
    const struct sql_column columns[] = {{.name = "consumer", .type = SQL_TEXT, .texts = names},
                                         {.name = "source", .type = SQL_TEXT, .texts = names},
                                         {.name = "seq", .type = SQL_INT, .ints = seqs}};
    assert_int_equal(sql_insert(s, "position", columns, 3, 1, ""), -EROFS);
}

static void changes_are_counted_and_rows_returned(void **state)
{
    AUTO(sql) s = fresh(state, "changes");
    begin(s, SQL_WRITE);
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
    AUTO(sql) s = fresh(state, "fits");
    begin(s, SQL_READ);
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
    AUTO(sql) s = fresh(state, "wrong");
    begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, "SELECT nonsense FROM nowhere");
    sql_bind_int(q, 1, 1);
    assert_true(sql_step(q) < 0);
    assert_non_null(strstr(sql_words(s), "nowhere"));
    begin(s, SQL_READ);
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
    AUTO(sql) s = fresh(state, "many");
    begin(s, SQL_WRITE);
    assert_int_equal(insert_positions(s, 0, ROWS, ""), ROWS);
    assert_int_equal(insert_positions(s, 0, 0, ""), 0);
    assert_int_equal(insert_positions(s, ROWS / 2, ROWS, SKIP), ROWS / 2);
    commit(s);
    begin(s, SQL_WRITE);
    assert_int_equal(count(s), ROWS + ROWS / 2);
    assert_int_equal(get(s, "agent", "d999:1"), 999 * (int64_t)INT32_MAX - 5);
    assert_int_equal(insert_positions(s, 999, 2, ADD), 2);
    assert_int_equal(get(s, "agent", "d999:1"), 2 * (999 * (int64_t)INT32_MAX - 5));
    assert_int_equal(insert_positions(s, 2 * ROWS, 1, ""), 1);
    assert_int_equal(insert_positions(s, ROWS, 2, ""), -EEXIST);
    begin(s, SQL_READ);
    assert_int_equal(count(s), ROWS + ROWS / 2);
}

static void many_rows_carry_bytes_and_nulls(void **state)
{
    AUTO(sql) s = fresh(state, "carry");
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
    begin(s, SQL_WRITE);
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

/* --- tenants */

static void a_tenant_must_have_been_created(void **state)
{
    const struct bench *b = bench_of(state);
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
    const struct bench *b = bench_of(state);
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
    const struct bench *b = bench_of(state);
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
    AUTO(sql) s = fresh(state, "letters");
    const struct dead_letter letter = {.source = "ingest",
                                       .device = "kol-1",
                                       .epoch = 2,
                                       .seq = 7,
                                       .reason = "another hash",
                                       .body = "\0bytes",
                                       .len = 6};
    begin(s, SQL_WRITE);
    int64_t first = 0;
    int64_t second = 0;
    assert_int_equal(dead_letter_put(s, &letter, 1000, &first), 0);
    assert_int_equal(dead_letter_put(s, &letter, 1001, &second), 0);
    assert_int_equal(first, 1);
    assert_int_equal(second, 2);
    assert_int_equal(dead_letter_decide(s, second, "repaired", "asha", 2000), 0);
    assert_int_equal(dead_letter_decide(s, second, "dropped", "asha", 2001), -ENOENT);
    assert_int_equal(dead_letter_decide(s, 99, "dropped", "asha", 2001), -ENOENT);
    commit(s);
    begin(s, SQL_READ);
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
    cmocka_unit_test(a_tenant_must_have_been_created),
    cmocka_unit_test(a_tenants_name_is_never_a_path_or_a_statement),
    cmocka_unit_test(tenants_are_listed_in_order),
    cmocka_unit_test(an_address_must_name_an_engine),
    cmocka_unit_test(dead_letters_are_numbered_and_decided_once),
};

int main(void)
{
    struct scratch folder = scratch_new();
    struct bench benches[] = {{.engine = "sqlite"}, {.engine = "postgres"}};
    snprintf(benches[0].address, sizeof(benches[0].address), "sqlite:%s/store", folder.folder);
    snprintf(benches[0].owner, sizeof(benches[0].owner), "sqlite:%s/store", folder.folder);
    const char *worker = getenv("STORE_POSTGRES"); /* tests/postgres */
    const char *owner = getenv("STORE_POSTGRES_OWNER");
    if (worker && owner) {
        snprintf(benches[1].address, sizeof(benches[1].address), "%s", worker);
        snprintf(benches[1].owner, sizeof(benches[1].owner), "%s", owner);
    }
    int failed = promises_keep("sql", benches, ARRAY_LEN(benches), sizeof(benches[0]), promises,
                               ARRAY_LEN(promises));
    scratch_remove(&folder);
    return failed;
}
