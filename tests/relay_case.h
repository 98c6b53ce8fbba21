/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/relay_case.h -- a tenant's store for a test of the relay, on each engine that can run here:
 * SQLite, and PostgreSQL where tests/postgres has started one. */
#pragma once

#include "contract/promises.h"

#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "scratch.h"
#include "sql.h"

struct relay_case {
    const char *engine;
    char address[512]; /* as daemons have it; "": this engine cannot run here */
    char owner[512];   /* that creates tenants */
};

/* Of a test's state; skips it where the engine cannot run. */
static inline const struct relay_case *relay_case_of(void **state)
{
    const struct relay_case *c = *state;
    if (c->address[0] == '\0')
        skip();
    return c;
}

/* Another connection to a tenant that is there. */
static inline struct sql *relay_again(const struct relay_case *c, const char *tenant)
{
    struct diag why = {0};
    struct sql *s = NULL;
    if (sql_open(c->address, tenant, &why, &s) < 0)
        fail_msg("%s: %s", c->engine, why.text);
    return s;
}

/* A connection to that tenant, which is made when it is not there. The test is skipped where the
 * engine cannot run, so this stands before anything that would have to be freed. */
static inline struct sql *relay_open(const struct relay_case *c, const char *tenant)
{
    if (c->address[0] == '\0')
        skip();
    struct diag why = {0};
    if (sql_tenant_create(c->owner, tenant, &why) < 0)
        fail_msg("%s: %s", c->engine, why.text);
    return relay_again(c, tenant);
}

static inline void relay_begin(struct sql *s, enum sql_mode mode)
{
    int err = sql_begin(s, mode);
    if (err < 0)
        fail_msg("sql_begin: %s: %s", strerror(-err), sql_words(s));
}

static inline void relay_commit(struct sql *s)
{
    int err = sql_commit(s);
    if (err < 0)
        fail_msg("sql_commit: %s: %s", strerror(-err), sql_words(s));
}

/* The first column of the first row; the test fails when there is none. */
static inline int64_t relay_number(struct sql *s, const char *text)
{
    AUTO(sql_query) q = sql_query(s, text);
    int got = sql_step(q);
    if (got != 1)
        fail_msg("%s: %d: %s", text, got, sql_words(s));
    return sql_int(q, 0);
}

static inline void relay_run(struct sql *s, const char *text)
{
    AUTO(sql_query) q = sql_query(s, text);
    int err = sql_run(q);
    if (err < 0)
        fail_msg("%s: %s: %s", text, strerror(-err), sql_words(s));
}

/* Runs every test on every engine; in a test *state is its struct relay_case. Returns how many
 * failed. */
static inline int relay_cases_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
    struct scratch folder = scratch_new();
    struct relay_case cases[] = {{.engine = "sqlite"}, {.engine = "postgres"}};
    const char *address = getenv("STORE_POSTGRES");
    const char *owner = getenv("STORE_POSTGRES_OWNER");
    snprintf(cases[0].address, sizeof(cases[0].address), "sqlite:%s/store", folder.folder);
    snprintf(cases[0].owner, sizeof(cases[0].owner), "sqlite:%s/store", folder.folder);
    if (address && owner) {
        snprintf(cases[1].address, sizeof(cases[1].address), "%s", address);
        snprintf(cases[1].owner, sizeof(cases[1].owner), "%s", owner);
    }
    int failed = promises_keep(name, cases, ARRAY_LEN(cases), sizeof(cases[0]), tests, n);
    scratch_remove(&folder);
    return failed;
}

struct relay_test {
    const char *name; /* a sentence */
    CMUnitTestFunction run;
};

/* The same for tests that are told in sentences. */
static inline int relay_run_tests(const char *name, const struct relay_test *tests, size_t n)
{
    struct CMUnitTest all[PROMISES_MAX] = {{NULL, NULL, NULL, NULL, NULL}};
    assert_true(n <= PROMISES_MAX);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct CMUnitTest){tests[i].name, tests[i].run, NULL, NULL, NULL};
    return relay_cases_run(name, all, n);
}
