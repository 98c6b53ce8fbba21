/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/contract/sql_bench.h -- the engines that sql.h's promises are kept on, and the steps that
 * those promises are told in. */
#pragma once

#include "promises.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "scratch.h"
#include "sql.h"

struct bench {
    const char *engine;
    char address[512];
    char owner[512]; /* that may create tenants; "": skip */
};

static inline const struct bench *bench_of(void **state)
{
    const struct bench *b = *state;
    if (b->owner[0] == '\0')
        skip();
    return b;
}

/* A tenant of its own for each promise. */
static inline struct sql *fresh(void **state, const char *tenant)
{
    const struct bench *b = bench_of(state);
    struct diag why = {0};
    struct sql *s = NULL;
    if (sql_tenant_create(b->owner, tenant, &why) < 0 || sql_open(b->address, tenant, &why, &s) < 0)
        fail_msg("%s: %s", b->engine, why.text);
    return s;
}

static inline struct sql *again(const struct bench *b, const char *tenant)
{
    struct diag why = {0};
    struct sql *s = NULL;
    if (sql_open(b->address, tenant, &why, &s) < 0)
        fail_msg("%s: %s", b->engine, why.text);
    return s;
}

static inline void begin(struct sql *s, enum sql_mode mode)
{
    int err = sql_begin(s, mode);
    if (err < 0)
        fail_msg("sql_begin: %s: %s", strerror(-err), sql_words(s));
}

static inline void commit(struct sql *s)
{
    assert_int_equal(sql_commit(s), 0);
}

static const char PUT[] = "INSERT INTO position(consumer, source, seq) VALUES($1, $2, $3)";
static const char GET[] = "SELECT seq FROM position WHERE consumer = $1 AND source = $2";
static const char COUNT[] = "SELECT count(*) FROM position";

static inline int put(struct sql *s, const char *consumer, const char *source, int64_t seq)
{
    AUTO(sql_query) q = sql_query(s, PUT);
    sql_bind_text(q, 1, consumer);
    sql_bind_text(q, 2, source);
    sql_bind_int(q, 3, seq);
    return sql_run(q);
}

static inline int64_t get(struct sql *s, const char *consumer, const char *source)
{
    AUTO(sql_query) q = sql_query(s, GET);
    sql_bind_text(q, 1, consumer);
    sql_bind_text(q, 2, source);
    int got = sql_step(q);
    assert_in_range(got, 0, 1);
    return got == 1 ? sql_int(q, 0) : -1;
}

static inline int64_t count(struct sql *s)
{
    AUTO(sql_query) q = sql_query(s, COUNT);
    assert_int_equal(sql_step(q), 1);
    return sql_int(q, 0);
}

/* SQLite in a folder of its own, and PostgreSQL where tests/postgres has started one. */
static inline int sql_benches_keep(const char *name, const struct CMUnitTest *promises, size_t n)
{
    struct scratch folder = scratch_new();
    struct bench benches[] = {{.engine = "sqlite"}, {.engine = "postgres"}};
    snprintf(benches[0].address, sizeof(benches[0].address), "sqlite:%s/store", folder.folder);
    snprintf(benches[0].owner, sizeof(benches[0].owner), "sqlite:%s/store", folder.folder);
    const char *worker = getenv("STORE_POSTGRES");
    const char *owner = getenv("STORE_POSTGRES_OWNER");
    if (worker && owner) {
        snprintf(benches[1].address, sizeof(benches[1].address), "%s", worker);
        snprintf(benches[1].owner, sizeof(benches[1].owner), "%s", owner);
    }
    int failed = promises_keep(name, benches, ARRAY_LEN(benches), sizeof(benches[0]), promises, n);
    scratch_remove(&folder);
    return failed;
}
