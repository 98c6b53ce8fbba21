/* SPDX-License-Identifier: Apache-2.0 */
/* tests/unit/batch_entries.h -- entries to be put into batches, and the judge of what comes out. */
#pragma once

#include "test.h"

#include <string.h>

#include "batch.h"
#include "scan_stream.h"

static inline void batch_entries_fill(struct scan_stream *stream, struct entry *entries, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        entries[i] = scan_stream_next(stream);
}

/* For batch_decode(): *context is the next entry that must come, and moves on. */
static inline int batch_entries_expect(const struct entry *e, const uint8_t *raw, size_t raw_len,
                                       void *context)
{
    const struct entry **want = context;
    uint8_t bytes[ENTRY_ENCODED_MAX];
    size_t len = entry_encode(*want, bytes);
    assert_int_equal(raw_len, len);
    assert_memory_equal(raw, bytes, len);
    assert_int_equal(e->seq, (*want)->seq);
    (*want)++;
    return 0;
}
