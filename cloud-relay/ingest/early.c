/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "early.h"

#include <assert.h>
#include <string.h>

int early_keep(struct sql *s, const char *device, int64_t epoch, const struct entry *e,
               const uint8_t *raw, size_t raw_len, int64_t now_ms)
{
    assert(s && device && e && raw);
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO early(device, epoch, seq, came_ms, kind, told, body)"
                     " VALUES($1, $2, $3, $4, $5, 0, $6)"
                     " ON CONFLICT (tenant, device, epoch, seq) DO NOTHING");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    sql_bind_int(q, 3, e->seq);
    sql_bind_int(q, 4, now_ms);
    sql_bind_int(q, 5, e->kind);
    sql_bind_bytes(q, 6, raw, raw_len);
    int err = sql_run(q);
    return err < 0 ? err : sql_changes(q) > 0;
}

static int compare(struct sql *s, const char *device, int64_t epoch, int64_t wm,
                   early_differs_fn on_difference, void *context)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT n.seq, n.body, e.body FROM early n JOIN entry e"
                     " ON e.device = n.device AND e.epoch = n.epoch AND e.seq = n.seq"
                     " WHERE n.device = $1 AND n.epoch = $2 AND n.seq <= $3 ORDER BY n.seq");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    sql_bind_int(q, 3, wm);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        size_t told_len = 0;
        size_t came_len = 0;
        const void *told = sql_bytes(q, 1, &told_len);
        const void *came = sql_bytes(q, 2, &came_len);
        if (told_len == came_len && memcmp(told, came, told_len) == 0)
            continue;
        int err = on_difference(sql_int(q, 0), told, told_len, context);
        if (err != 0)
            return err;
    }
    return got;
}

int early_pass(struct sql *s, const char *device, int64_t epoch, int64_t wm,
               early_differs_fn on_difference, void *context)
{
    assert(s && device && on_difference);
    int err = compare(s, device, epoch, wm, on_difference, context);
    if (err != 0)
        return err;
    AUTO(sql_query)
    q = sql_query(s, "DELETE FROM early WHERE device = $1 AND epoch = $2 AND seq <= $3");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    sql_bind_int(q, 3, wm);
    return sql_run(q);
}

int early_forget(struct sql *s, const char *device, int64_t epoch)
{
    assert(s && device);
    AUTO(sql_query) q = sql_query(s, "DELETE FROM early WHERE device = $1 AND epoch < $2");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, epoch);
    return sql_run(q);
}
