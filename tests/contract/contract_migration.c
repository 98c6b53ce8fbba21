/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What migration.h promises, kept on every engine: stores that are empty, old, newer, or broken in
 * the middle. */
#include "sql_steps.h"

#include <pthread.h>

#include "migration.h"
#include "sql_engine.h"

static const struct migration first[] = {
    {1, "001_first",
     "-- A comment with a ; in it;\n"
     "CREATE TABLE animal(@tenant@, name TEXT NOT NULL, body @bytes@ NOT NULL,\n"
     "  legs BIGINT NOT NULL, PRIMARY KEY(tenant, name))@spread@;\n"
     "CREATE INDEX animal_legs ON animal(tenant, legs);\n"},
};
static const struct migration second[] = {
    {1, "001_first", "this is not run again;\n"},
    {2, "002_second",
     "ALTER TABLE animal ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';\n"
     "\n"
     "CREATE TABLE keeper(@tenant@, name TEXT NOT NULL, PRIMARY KEY(tenant, name));\n"},
};
static const struct migration broken[] = {
    {1, "001_first", ""},
    {2, "002_second", ""},
    {3, "003_broken",
     "CREATE TABLE half(@tenant@, name TEXT NOT NULL, PRIMARY KEY(tenant, name));\n"
     "CREATE TABLE animal(@tenant@, is_there_already TEXT);\n"},
};

/* A store of this test's own: another folder, or another schema of the database. */
static struct relay_case own_store(void **state, const char *name)
{
    const struct relay_case *b = relay_case_of(state);
    struct relay_case own = *b;
    if (strcmp(b->engine, "sqlite") == 0) {
        snprintf(own.address, sizeof(own.address), "%.400s-%s", b->address, name);
        snprintf(own.owner, sizeof(own.owner), "%.400s-%s", b->owner, name);
        return own;
    }
    AUTO(sql) s = NULL;
    assert_int_equal(sql_postgres_open(strchr(b->owner, ':') + 1, "any", false, NULL, &s), 0);
    char text[128];
    snprintf(text, sizeof(text), "CREATE SCHEMA %s; GRANT USAGE ON SCHEMA %s TO relay", name, name);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(s->ops->run_text(s, text), 0);
    relay_commit(s);
    snprintf(own.address, sizeof(own.address),
             "%.300s options='-csearch_path=%s -crelay.partitions=1'", b->address, name);
    snprintf(own.owner, sizeof(own.owner), "%.300s options='-csearch_path=%s -crelay.partitions=1'",
             b->owner, name);
    return own;
}

/* A connection before any migration. */
static struct sql *raw(const struct relay_case *b, const char *address)
{
    struct sql *s = NULL;
    struct diag why = {0};
    const char *place = strchr(address, ':') + 1;
    int err = strcmp(b->engine, "sqlite") == 0 ? sql_sqlite_open(place, "zoo", true, &why, &s)
                                               : sql_postgres_open(place, "zoo", true, &why, &s);
    if (err < 0)
        fail_msg("%s", why.text);
    return s;
}

static int64_t version_of(struct sql *s)
{
    int64_t version = -1;
    relay_begin(s, SQL_READ);
    assert_int_equal(s->ops->version(s, &version), 0);
    sql_rollback(s);
    return version;
}

static int run(struct sql *s, const char *text)
{
    AUTO(sql_query) q = sql_query(s, text);
    return sql_run(q);
}

static void an_empty_store_is_filled_when_it_is_created(void **state)
{
    struct relay_case b = own_store(state, "filled");
    AUTO(sql) s = raw(&b, b.owner);
    struct diag why = {0};
    assert_int_equal(version_of(s), 0);
    assert_int_equal(migration_run(s, first, 1, false, &why), -ENOENT);
    assert_true(strlen(why.text) > 0);
    assert_int_equal(version_of(s), 0);
    assert_int_equal(migration_run(s, first, 1, true, &why), 0);
    assert_int_equal(migration_run(s, first, 1, false, &why), 0);
    assert_int_equal(version_of(s), 1);
}

static void an_old_store_keeps_its_rows_and_gets_what_it_lacks(void **state)
{
    struct relay_case b = own_store(state, "grows");
    AUTO(sql) s = raw(&b, b.owner);
    struct diag why = {0};
    assert_int_equal(migration_run(s, first, 1, true, &why), 0);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(run(s, "INSERT INTO animal(name, body, legs) VALUES('cow', '', 4)"), 0);
    relay_commit(s);
    assert_int_equal(migration_run(s, second, 2, false, &why), 0);
    assert_int_equal(version_of(s), 2);
    relay_begin(s, SQL_READ);
    AUTO(sql_query) q = sql_query(s, "SELECT name, colour FROM animal");
    assert_int_equal(sql_step(q), 1);
    assert_string_equal(sql_text(q, 0), "cow");
    assert_string_equal(sql_text(q, 1), "grey");
    assert_int_equal(run(s, "SELECT name FROM keeper"), 0);
}

static void a_migration_that_fails_changes_nothing(void **state)
{
    struct relay_case b = own_store(state, "broken");
    AUTO(sql) s = raw(&b, b.owner);
    struct diag why = {0};
    assert_int_equal(migration_run(s, second + 1, 1, true, NULL) < 0, 1); /* no table to alter */
    assert_int_equal(version_of(s), 0);
    assert_int_equal(migration_run(s, first, 1, true, &why), 0);
    assert_int_equal(migration_run(s, second, 2, true, &why), 0);
    assert_true(migration_run(s, broken, 3, true, &why) < 0);
    assert_non_null(strstr(why.text, "CREATE TABLE animal"));
    assert_int_equal(version_of(s), 2);
    relay_begin(s, SQL_READ);
    assert_true(run(s, "SELECT name FROM half") < 0);
    relay_begin(s, SQL_READ);
    assert_int_equal(run(s, "SELECT name FROM keeper"), 0);
}

static void a_store_of_a_newer_release_is_refused(void **state)
{
    struct relay_case b = own_store(state, "newer");
    struct diag why = {0};
    struct sql *none = NULL;
    AUTO(sql) s = raw(&b, b.owner);
    assert_int_equal(sql_tenant_create(b.owner, "zoo", &why), 0);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(s->ops->set_version(s, (int64_t)store_migrations_count + 1), 0);
    relay_commit(s);
    assert_int_equal(sql_open(b.address, "zoo", &why, &none), -EPROTO);
    assert_non_null(strstr(why.text, "version"));
    assert_int_equal(sql_tenant_create(b.owner, "zoo", &why), -EPROTO);
}

static void a_store_of_each_older_release_is_brought_up(void **state)
{
    for (size_t n = 1; n < store_migrations_count; n++) {
        char name[32];
        snprintf(name, sizeof(name), "older%zu", n);
        struct relay_case b = own_store(state, name);
        struct diag why = {0};
        AUTO(sql) s = raw(&b, b.owner);
        assert_int_equal(migration_run(s, store_migrations, n, true, &why), 0);
        assert_int_equal(version_of(s), n);
        assert_int_equal(sql_tenant_create(b.owner, "zoo", &why), 0);
        assert_int_equal(version_of(s), store_migrations_count);
    }
}

static void only_the_tables_owner_migrates(void **state)
{
    struct relay_case b = own_store(state, "owned");
    if (strcmp(b.owner, b.address) == 0)
        skip(); /* SQLite knows no roles: the file's rights say who may */
    struct diag why = {0};
    struct sql *none = NULL;
    AUTO(sql) s = raw(&b, b.owner);
    assert_int_equal(sql_tenant_create(b.address, "zoo", &why), -EPERM);
    assert_int_equal(migration_run(s, store_migrations, 1, true, &why), 0);
    assert_int_equal(sql_open(b.address, "zoo", &why, &none), -EPERM);
    assert_non_null(strstr(why.text, "permission"));
    assert_int_equal(sql_tenant_create(b.owner, "zoo", &why), 0);
    assert_int_equal(sql_tenant_create(b.address, "park", &why), -EPERM);
    assert_int_equal(sql_open(b.address, "zoo", &why, &none), 0);
    sql_free(none);
}

static void *create_store(void *context)
{
    const struct relay_case *b = context;
    struct diag why = {0};
    return sql_tenant_create(b->owner, "zoo", &why) == 0 ? context : NULL;
}

static void many_may_make_one_store_at_once(void **state)
{
    struct relay_case b = own_store(state, "raced");
    pthread_t threads[4];
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, create_store, &b), 0);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
        void *made = NULL;
        assert_int_equal(pthread_join(threads[i], &made), 0);
        assert_ptr_equal(made, &b);
    }
    AUTO(sql) s = relay_again(&b, "zoo");
    relay_begin(s, SQL_READ);
    assert_int_equal(count(s), 0);
}

/* Queries name no tenant: a key that began with it could not be searched on SQLite. */
static void rows_are_searched_by_key_and_not_scanned(void **state)
{
    const struct relay_case *c = relay_case_of(state);
    if (strcmp(c->engine, "sqlite") != 0)
        skip();
    static const char *const questions[] = {
        "EXPLAIN QUERY PLAN SELECT body FROM entry WHERE device = 'a' AND epoch = 1 AND seq = 2",
        "EXPLAIN QUERY PLAN SELECT qty FROM stock WHERE site = 'a' AND sku = 'b'",
        "EXPLAIN QUERY PLAN SELECT wm FROM watermark WHERE device = 'a' AND epoch = 1",
        "EXPLAIN QUERY PLAN SELECT seq FROM event WHERE subject = 'a' AND seq > 1",
    };
    AUTO(sql) s = relay_open(c, "searched");
    relay_begin(s, SQL_READ);
    for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
        AUTO(sql_query) q = sql_query(s, questions[i]);
        assert_int_equal(sql_step(q), 1);
        assert_non_null(strstr(sql_text(q, 3), "SEARCH"));
    }
    sql_rollback(s);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(rows_are_searched_by_key_and_not_scanned),
    cmocka_unit_test(an_empty_store_is_filled_when_it_is_created),
    cmocka_unit_test(an_old_store_keeps_its_rows_and_gets_what_it_lacks),
    cmocka_unit_test(a_migration_that_fails_changes_nothing),
    cmocka_unit_test(a_store_of_a_newer_release_is_refused),
    cmocka_unit_test(a_store_of_each_older_release_is_brought_up),
    cmocka_unit_test(only_the_tables_owner_migrates),
    cmocka_unit_test(many_may_make_one_store_at_once),
};

int main(void)
{
    return relay_cases_run("migration", promises, ARRAY_LEN(promises));
}
