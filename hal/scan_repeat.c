/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_repeat.h"

#include <assert.h>
#include <string.h>

static bool same(const struct scan_repeat_seen *s, const uint8_t *bytes, size_t len)
{
    return s->len == len && memcmp(s->bytes, bytes, len) == 0;
}

/* The slot that holds these bytes; else an empty one, else the oldest. */
static struct scan_repeat_seen *find_slot(struct scan_repeat_seen *seen, const uint8_t *bytes,
                                          size_t len)
{
    struct scan_repeat_seen *slot = &seen[0];
    for (size_t i = 0; i < SCAN_REPEAT_RECENT; i++) {
        if (same(&seen[i], bytes, len))
            return &seen[i];
        if (slot->len > 0 && (seen[i].len == 0 || seen[i].mono_ms < slot->mono_ms))
            slot = &seen[i];
    }
    return slot;
}

bool scan_repeat_check(struct scan_repeat *r, unsigned scanner, const uint8_t *bytes, size_t len,
                       int64_t mono_ms, int32_t window_ms)
{
    assert(r && bytes && scanner < SCAN_REPEAT_SCANNERS_MAX && len > 0 && len <= SCAN_FRAME_MAX);

    struct scan_repeat_seen *slot = find_slot(r->seen[scanner], bytes, len);
    bool repeat = same(slot, bytes, len) && mono_ms - slot->mono_ms < window_ms;
    slot->mono_ms = mono_ms;
    slot->len = len;
    memmove(slot->bytes, bytes, len);
    if (repeat)
        r->suppressed[scanner]++;
    return repeat;
}
