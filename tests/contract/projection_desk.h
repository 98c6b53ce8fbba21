/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/contract/projection_desk.h -- journals that a test writes, and the folds of a store that
 * they are shipped to. */
#pragma once

#include "relay_case.h"

#include <errno.h>
#include <stdlib.h>

#include "civil.h"
#include "entry_codec.h"
#include "entry_rows.h"
#include "projection.h"

#define DAY0 20000
#define ENTRIES_MAX 400

/* A journal that a test writes. */
struct pen {
    const char *device;
    const char *site;
    int64_t epoch;
    struct entry entries[ENTRIES_MAX];
    size_t count;
    size_t shipped;
};

struct desk {
    struct sql *s;
    struct projection *f;
    struct entry_rows *rows;
};

static inline struct desk desk_open(void **state)
{
    static int tenants; /* so that every desk has one of its own */
    const struct relay_case *c = relay_case_of(state);
    char tenant[32];
    snprintf(tenant, sizeof(tenant), "row-%d", ++tenants);
    struct desk d = {.s = relay_open(c, tenant)};
    assert_int_equal(projection_open(&d.f), 0);
    assert_int_equal(entry_rows_open(&d.rows), 0);
    assert_int_equal(projection_ensure(d.s), 1); /* an empty store lacks every fold */
    assert_int_equal(projection_ensure(d.s), 0);
    return d;
}

static inline void desk_close(struct desk *d)
{
    projection_free(d->f);
    entry_rows_free(d->rows);
    sql_free(d->s);
}

static inline int64_t number(struct sql *s, const char *text)
{
    relay_begin(s, SQL_READ);
    int64_t n = relay_number(s, text);
    sql_rollback(s);
    return n;
}

static inline struct entry *write_entry(struct pen *p, enum entry_kind kind, int32_t day,
                                        const char *sku, int64_t qty)
{
    assert_true(p->count < ENTRIES_MAX);
    struct entry *e = &p->entries[p->count++];
    *e = entry_new(kind);
    e->seq = (int64_t)p->count;
    e->wall_ms = civil_ist_start_ms(day) + e->seq;
    strcpy(e->sku, sku);
    strcpy(e->batch.number, "B1");
    e->batch.expiry_day = DAY0 + 100;
    e->qty = qty;
    strcpy(e->bin, "A-01");
    return e;
}

static inline void introduce(struct desk *d, const struct pen *p)
{
    AUTO(sql_query)
    q = sql_query(d->s,
                  "INSERT INTO device(device, site, shard, epoch, state, certificate, release,"
                  " wire, head, floor, last_heard_ms, skew_ms, facts)"
                  " VALUES($1, $2, 0, $3, 'active', '', '', 1, 0, 0, 0, 0, '')"
                  " ON CONFLICT (tenant, device) DO UPDATE SET epoch = excluded.epoch");
    sql_bind_text(q, 1, p->device);
    sql_bind_text(q, 2, p->site);
    sql_bind_int(q, 3, p->epoch);
    assert_int_equal(sql_run(q), 0);
    AUTO(sql_query)
    w = sql_query(d->s, "INSERT INTO watermark(device, epoch, wm, head_hash, safe, session,"
                        " fork_seq, entries_bytes, wire_bytes, batches, first_ms, last_ms)"
                        " VALUES($1, $2, 1, $3, 0, 0, 0, 0, 0, 0, 0, 0)"
                        " ON CONFLICT (tenant, device, epoch) DO NOTHING");
    sql_bind_text(w, 1, p->device);
    sql_bind_int(w, 2, p->epoch);
    sql_bind_bytes(w, 3, "", 0);
    assert_int_equal(sql_run(w), 0);
}

/* The next n entries of a journal, in a transaction of their own. Returns how many were refused. */
static inline int ship(struct desk *d, struct pen *p, size_t n, bool new_epoch)
{
    int refused = 0;
    struct projection_source from = {.device = p->device, .site = p->site, .epoch = p->epoch};
    relay_begin(d->s, SQL_WRITE);
    introduce(d, p);
    n = n < p->count - p->shipped ? n : p->count - p->shipped;
    for (size_t i = 0; i < n; i++) {
        uint8_t raw[ENTRY_ENCODED_MAX];
        const struct entry *e = &p->entries[p->shipped + i];
        assert_int_equal(entry_rows_add(d->rows, e, raw, entry_encode(e, raw)), 0);
    }
    assert_int_equal(entry_rows_belong(d->rows, 0, p->device, p->epoch, 1), 0);
    assert_int_equal(entry_rows_write(d->rows, d->s), 0);
    entry_rows_forget(d->rows);
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = &p->entries[p->shipped + i];
        if (e->seq == 1 && new_epoch)
            assert_int_equal(projection_new_epoch(d->f, d->s, &from, civil_ist_day(e->wall_ms)), 0);
        struct diag why = {0};
        int err = projection_entry(d->f, d->s, &from, e, &why);
        assert_true(err == 0 || (err == -EINVAL && why.text[0] != '\0'));
        refused += err < 0;
    }
    int err = projection_write(d->f, d->s);
    if (err < 0)
        fail_msg("projection_write: %s: %s", strerror(-err), sql_words(d->s));
    relay_commit(d->s);
    p->shipped += n;
    return refused;
}

static inline void ship_all(struct desk *d, struct pen *p)
{
    assert_int_equal(ship(d, p, ENTRIES_MAX, false), 0);
}

static inline void assert_rebuilds_to_the_same(struct desk *d)
{
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(projection_digest(d->s, before), 0);
    int err = projection_rebuild(d->s);
    if (err < 0)
        fail_msg("projection_rebuild: %s: %s", strerror(-err), sql_words(d->s));
    assert_int_equal(projection_digest(d->s, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}
