/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/relay_entries.h -- entries of sites, laid into a relay's store as ingest leaves them: the
 * row with its canonical bytes, the watermark, and the folds of transfers that the orchestrator
 * reads. */
#pragma once

#include "relay_case.h"

#include <inttypes.h>

#include "civil.h"
#include "entry.h"
#include "entry_codec.h"

static inline void relay_device(struct sql *s, const char *device, const char *site)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO device(device, site, shard, epoch, state, certificate, release,"
                     " wire, head, floor, last_heard_ms, skew_ms, facts)"
                     " VALUES($1, $2, 0, 1, 'active', '', '', 1, 0, 0, 0, 0, '')");
    sql_bind_text(q, 1, device);
    sql_bind_text(q, 2, site);
    assert_int_equal(sql_run(q), 0);
}

static inline void relay_entry_row(struct sql *s, const char *device, int64_t epoch,
                                   const struct entry *e, const void *body, size_t len)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO entry(device, epoch, seq, wall_ms, came_ms, kind, worker, sku,"
                     " batch, expiry_day, mrp_paise, qty, value_paise, document, line, party,"
                     " reason, body) VALUES($1, $2, $3, $4, $4, $5, '', $6, $7, $8, $9, $10, $11,"
                     " $12, $13, $14, $15, $16)");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    sql_bind_int(q, 3, e->seq);
    sql_bind_int(q, 4, e->wall_ms);
    sql_bind_int(q, 5, e->kind);
    sql_bind_text(q, 6, e->sku);
    sql_bind_text(q, 7, e->batch.number);
    sql_bind_int(q, 8, e->batch.expiry_day);
    sql_bind_int(q, 9, e->batch.mrp_paise);
    sql_bind_int(q, 10, e->qty);
    sql_bind_int(q, 11, e->value_paise);
    sql_bind_text(q, 12, e->document);
    sql_bind_int(q, 13, e->line);
    sql_bind_text(q, 14, e->party);
    sql_bind_text(q, 15, e->reason);
    sql_bind_bytes(q, 16, body, len);
    int err = sql_run(q);
    if (err < 0)
        fail_msg("entry: %s: %s", strerror(-err), sql_words(s));
}

static inline void relay_watermark(struct sql *s, const char *device, int64_t epoch, int64_t wm)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO watermark(device, epoch, wm, head_hash, safe, session, fork_seq,"
                     " entries_bytes, wire_bytes, batches, first_ms, last_ms)"
                     " VALUES($1, $2, $3, $4, 0, 0, 0, 0, 0, 0, 0, 0)"
                     " ON CONFLICT (tenant, device, epoch) DO UPDATE SET wm = excluded.wm");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    sql_bind_int(q, 3, wm);
    sql_bind_bytes(q, 4, "", 0);
    assert_int_equal(sql_run(q), 0);
}

static inline int64_t relay_read_wm(struct sql *s, const char *device, int64_t epoch)
{
    AUTO(sql_query) q = sql_query(s, "SELECT wm FROM watermark WHERE device = $1 AND epoch = $2");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    int got = sql_step(q);
    assert_in_range(got, 0, 1);
    return got ? sql_int(q, 0) : 0;
}

/* The next entry of that journal. Gives it its number. */
static inline void relay_entry(struct sql *s, const char *device, int64_t epoch, struct entry *e)
{
    uint8_t body[ENTRY_ENCODED_MAX];
    e->seq = relay_read_wm(s, device, epoch) + 1;
    relay_entry_row(s, device, epoch, e, body, entry_encode(e, body));
    relay_watermark(s, device, epoch, e->seq);
}
