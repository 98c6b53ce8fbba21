/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/contract/sql_steps.h -- the steps that the promises of sql.h are told in. */
#pragma once

#include "relay_case.h"

#include <errno.h>

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
