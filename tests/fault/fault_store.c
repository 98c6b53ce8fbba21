/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A relay's transaction with the n-th allocation failing, ours or SQLite's, for every n until none
 * fails any more: each call says so, and what the store holds is what was committed. Behind
 * tests/postgres our own allocations fail on PostgreSQL too. An argument k tries every k-th n only.
 */
#include "relay_case.h"

#include <errno.h>

#include "fault_memory.h"

static int64_t stride = 1;

/* ---- the transaction */

#define ROWS 3

static int write_rows(struct sql *s, int64_t n)
{
    int64_t seqs[ROWS];
    const char *names[ROWS] = {"a", "b", "c"};
    char text[32];
    const char *sources[ROWS] = {text, text, text};
    snprintf(text, sizeof(text), "%d", (int)n);
    for (int i = 0; i < ROWS; i++)
        seqs[i] = n;
    const struct sql_column columns[] = {{.name = "consumer", .type = SQL_TEXT, .texts = names},
                                         {.name = "source", .type = SQL_TEXT, .texts = sources},
                                         {.name = "seq", .type = SQL_INT, .ints = seqs}};
    int64_t done = sql_insert(s, "position", columns, ARRAY_LEN(columns), ROWS, "");
    return done < 0 ? (int)done : 0;
}

/* Fails in a part of its own, which is undone. */
static int try_part(struct sql *s, int64_t n)
{
    int err = sql_save(s);
    if (err < 0)
        return err;
    err = write_rows(s, n); /* they are there already */
    if (err >= 0)
        return -EPROTO;
    int undone = sql_save_undo(s); /* SQLite may have ended it all: -ECANCELED */
    return err == -EEXIST ? undone : err;
}

static int read_rows(struct sql *s, int64_t n, int64_t *ret)
{
    AUTO(sql_query) q = sql_query(s, "SELECT consumer, seq FROM position WHERE seq = $1");
    sql_bind_int(q, 1, n);
    int64_t rows = 0;
    int got = sql_step(q);
    for (; got > 0; got = sql_step(q), rows++) {
        char name[8];
        sql_copy(q, 0, name, sizeof(name));
    }
    if (got == 0)
        *ret = rows;
    return got;
}

static int play(struct sql *s, int64_t n)
{
    int64_t rows = 0;
    int err = sql_begin(s, SQL_WRITE);
    if (err == 0)
        err = write_rows(s, n);
    if (err == 0)
        err = try_part(s, n);
    if (err == 0)
        err = read_rows(s, n, &rows);
    if (err == 0 && rows != ROWS)
        err = -EPROTO;
    if (err == 0)
        return sql_commit(s);
    sql_rollback(s);
    return err;
}

static int open_and_play(const struct relay_case *c, int64_t n)
{
    AUTO(sql) s = NULL;
    int err = sql_open(c->address, "fault", NULL, &s);
    return err < 0 ? err : play(s, n);
}

/* ---- every n */

static void check(struct sql *s, int64_t n, int err)
{
    int64_t rows = -1;
    relay_begin(s, SQL_READ);
    assert_int_equal(read_rows(s, n, &rows), 0);
    assert_int_equal(rows, err == 0 ? ROWS : 0);
}

static int64_t fail_each(const struct relay_case *c, struct sql *sound)
{
    /* libpq's own allocations stay whole: there are few, and each is tried. */
    int64_t step = strcmp(c->engine, "sqlite") == 0 ? stride : 1;
    int64_t with_failures = 0;
    for (int64_t n = 1;; n += step) {
        fault_memory_fail_at(n);
        int err = open_and_play(c, n);
        bool happened = fault_memory_failed();
        fault_memory_fail_at(0);
        check(sound, n, err);
        if (!happened) {
            assert_int_equal(err, 0);
            return with_failures;
        }
        /* SQLite does without some of its caches: not every failure is one of the caller. */
        if (err != 0 && err != -ENOMEM)
            fail_msg("allocation %d: %d", (int)n, err);
        with_failures++;
    }
}

static void the_nth_allocation_fails(void **state)
{
    const struct relay_case *c = *state;
    AUTO(sql) sound = relay_open(c, "fault");
    assert_true(fail_each(c, sound) > 3);
}

static void the_nth_allocation_fails_while_a_tenant_is_created(void **state)
{
    const struct relay_case *c = relay_case_of(state);
    int made = 0;
    for (int64_t n = 1; made == 0; n += 53 * stride) {
        char tenant[32];
        snprintf(tenant, sizeof(tenant), "made-%d", (int)n);
        fault_memory_fail_at(n);
        int err = sql_tenant_create(c->owner, tenant, NULL);
        made = !fault_memory_failed();
        fault_memory_fail_at(0);
        if (err != 0 && (err != -ENOMEM || made))
            fail_msg("allocation %d: %d", (int)n, err);
        AUTO(sql) s = NULL;
        int opened = sql_open(c->address, tenant, NULL, &s);
        assert_true(err == 0 ? opened == 0 : opened == 0 || opened == -ENOENT);
        sql_free(relay_open(c, tenant)); /* and it can be done again */
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_nth_allocation_fails),
    cmocka_unit_test(the_nth_allocation_fails_while_a_tenant_is_created),
};

int main(int argc, char **argv)
{
    if (argc > 1)
        stride = strtol(argv[1], NULL, 10);
    if (fault_memory_install() < 0)
        return 2;
    return relay_cases_run("fault_store", tests, ARRAY_LEN(tests));
}
