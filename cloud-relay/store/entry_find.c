/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "entry_find.h"

#include <assert.h>

#include "entry_codec.h"

int entry_find(int64_t seq, void *journal, struct entry *ret)
{
    const struct entry_journal *j = journal;
    assert(j && j->s && j->device && ret);
    AUTO(sql_query)
    q = sql_query(j->s, "SELECT body FROM entry WHERE device = $1 AND epoch = $2 AND seq = $3");
    sql_bind_text(q, 1, j->device);
    sql_bind_int(q, 2, j->epoch);
    sql_bind_int(q, 3, seq);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    size_t len = 0;
    const void *body = sql_bytes(q, 0, &len);
    return entry_decode(body, len, ret) == 0 && entry_check(ret, NULL) == 0;
}
