/* SPDX-License-Identifier: Apache-2.0 */
#include "floor.h"

#include <errno.h>
#include <string.h>

int floor_read(struct db *db, const struct chain_head *genesis, struct entry_floor *ret)
{
    AUTO(query) q = query_of(db, "SELECT seq, hash FROM floor");
    int got = query_step(q);
    if (got < 0)
        return got;
    struct entry_floor floor = {.hash = *genesis};
    if (got > 0) {
        size_t len = 0;
        const void *hash = query_get_blob(q, 1, &len);
        floor.seq = query_get_int(q, 0);
        if (query_get_failed(q) < 0)
            return query_get_failed(q);
        if (len != sizeof(floor.hash.hash) || floor.seq < 1)
            return -EBADMSG;
        memcpy(floor.hash.hash, hash, len);
    }
    *ret = floor;
    return 0;
}

int floor_write(struct db *db, const struct entry_floor *floor, int64_t now_ms)
{
    AUTO(query)
    q = query_of(db, "INSERT INTO floor(one, seq, hash, trimmed_ms) VALUES(1, ?1, ?2, ?3)"
                     " ON CONFLICT DO UPDATE SET seq = ?1, hash = ?2, trimmed_ms = ?3");
    query_int(q, 1, floor->seq);
    query_blob(q, 2, floor->hash.hash, sizeof(floor->hash.hash));
    query_int(q, 3, now_ms);
    return query_run(q);
}
