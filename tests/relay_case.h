/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/relay_case.h -- a tenant's store for a test of the relay, on each engine that can run here.
 */
#pragma once

#include "test.h"

#include <string.h>

#include "attr.h"
#include "scratch.h"
#include "sql.h"

struct relay_case {
    const char *engine;
    char address[512];
};

/* A connection to that tenant, which is made when it is not there. */
static inline struct sql *relay_open(const struct relay_case *c, const char *tenant)
{
    struct diag why = {0};
    struct sql *s = NULL;
    if (sql_tenant_create(c->address, tenant, &why) < 0 ||
        sql_open(c->address, tenant, &why, &s) < 0)
        fail_msg("%s: %s", c->engine, why.text);
    return s;
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
