/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal_row.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "text.h"

static void read_watermark(struct sql_query *q, struct journal_row *r)
{
    size_t len = 0;
    const void *hash = sql_bytes(q, 6, &len);
    if (len == SHA256_SIZE)
        memcpy(r->intake.head.hash, hash, SHA256_SIZE);
    r->intake.wm = sql_int(q, 5);
    r->intake.safe = sql_int(q, 7);
    r->intake.s = sql_int(q, 8);
    r->fork_seq = sql_int(q, 9);
    r->entries_bytes = sql_int(q, 10);
    r->wire_bytes = sql_int(q, 11);
    r->batches = sql_int(q, 12);
    r->first_ms = sql_int(q, 13);
    r->last_ms = sql_int(q, 14);
}

static enum intake_hold hold_of(const struct journal_row *r)
{
    return r->device_epoch > r->epoch ? INTAKE_FENCED
           : r->fork_seq > 0          ? INTAKE_FORKED
                                      : INTAKE_OPEN;
}

int journal_row_read(struct sql *s, const char *device, int64_t epoch, bool secured,
                     struct journal_row *ret)
{
    assert(s && device && ret);
    AUTO(sql_query)
    q = sql_query(
        s, "SELECT d.site, d.shard, d.epoch, d.state,"
           " (SELECT coalesce(max(o.epoch), 0) FROM watermark o WHERE o.device = d.device"
           " AND o.epoch < $2 AND o.wm > 0),"
           " w.wm, w.head_hash, w.safe, w.session, w.fork_seq, w.entries_bytes, w.wire_bytes,"
           " w.batches, w.first_ms, w.last_ms,"
           " (SELECT count(*) FROM early n WHERE n.device = d.device AND n.epoch = $2)"
           " FROM device d LEFT JOIN watermark w ON w.device = d.device AND w.epoch = $2"
           " WHERE d.device = $1 AND d.state <> 'revoked'");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct journal_row r = {.epoch = epoch,
                            .shard = sql_int(q, 1),
                            .device_epoch = sql_int(q, 2),
                            .claimed = strcmp(sql_text(q, 3), "claimed") == 0,
                            .old_epoch = sql_int(q, 4),
                            .early = sql_int(q, 15)};
    sql_copy(q, 0, r.site, sizeof(r.site));
    if (text_copy(r.device, sizeof(r.device), device) < 0)
        return -ENOENT; /* longer than any that was given */
    if (sql_null(q, 5)) {
        struct origin origin = {.epoch = (uint32_t)epoch};
        if (text_copy(origin.tenant, sizeof(origin.tenant), sql_tenant(s)) < 0 ||
            text_copy(origin.device, sizeof(origin.device), device) < 0)
            return -ENOENT;
        r.intake.head = chain_genesis(&origin);
    } else {
        read_watermark(q, &r);
    }
    got = sql_step(q); /* also whether the texts fitted */
    if (got < 0)
        return got;
    r.intake.hold = (int32_t)hold_of(&r);
    if (secured)
        intake_secured(&r.intake, r.intake.wm);
    *ret = r;
    return 0;
}

enum {
    EPOCH,
    WM,
    SAFE,
    SESSION,
    FORK_SEQ,
    ENTRIES_BYTES,
    WIRE_BYTES,
    BATCHES,
    FIRST_MS,
    LAST_MS,
    INTS
};

static const char *const names[INTS] = {
    [EPOCH] = "epoch",       [WM] = "wm",
    [SAFE] = "safe",         [SESSION] = "session",
    [FORK_SEQ] = "fork_seq", [ENTRIES_BYTES] = "entries_bytes",
    [BATCHES] = "batches",   [WIRE_BYTES] = "wire_bytes",
    [FIRST_MS] = "first_ms", [LAST_MS] = "last_ms",
};

static void fill(const struct journal_row *r, int64_t ints[INTS])
{
    ints[EPOCH] = r->epoch;
    ints[WM] = r->intake.wm;
    ints[SAFE] = r->intake.safe;
    ints[SESSION] = r->intake.s;
    ints[FORK_SEQ] = r->fork_seq;
    ints[ENTRIES_BYTES] = r->entries_bytes;
    ints[WIRE_BYTES] = r->wire_bytes;
    ints[BATCHES] = r->batches;
    ints[FIRST_MS] = r->first_ms;
    ints[LAST_MS] = r->last_ms;
}

int journal_rows_write(struct sql *s, const struct journal_row *rows, const bool *changed, size_t n)
{
    assert(s && rows && changed && n <= JOURNAL_ROWS_MAX);
    const char *devices[JOURNAL_ROWS_MAX];
    const void *hashes[JOURNAL_ROWS_MAX];
    size_t lens[JOURNAL_ROWS_MAX];
    int64_t ints[INTS][JOURNAL_ROWS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!changed[i])
            continue;
        int64_t row[INTS];
        fill(&rows[i], row);
        for (size_t c = 0; c < INTS; c++)
            ints[c][count] = row[c];
        devices[count] = rows[i].device;
        hashes[count] = rows[i].intake.head.hash;
        lens[count++] = SHA256_SIZE;
    }
    if (count == 0)
        return 0;
    struct sql_column columns[INTS + 2] = {
        [INTS] = {.name = "device", .type = SQL_TEXT, .texts = devices},
        [INTS + 1] = {.name = "head_hash", .type = SQL_BYTES, .bytes = hashes, .lens = lens}};
    for (size_t c = 0; c < INTS; c++)
        columns[c] = (struct sql_column){.name = names[c], .type = SQL_INT, .ints = ints[c]};
    int64_t done = sql_insert(
        s, "watermark", columns, ARRAY_LEN(columns), count,
        "ON CONFLICT (tenant, device, epoch) DO UPDATE SET wm = excluded.wm,"
        " head_hash = excluded.head_hash, safe = excluded.safe, session = excluded.session,"
        " fork_seq = excluded.fork_seq, entries_bytes = excluded.entries_bytes,"
        " wire_bytes = excluded.wire_bytes, batches = excluded.batches,"
        " first_ms = excluded.first_ms, last_ms = excluded.last_ms");
    return done < 0 ? (int)done : 0;
}
