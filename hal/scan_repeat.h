/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scan_repeat.h -- tells a scanner's stutter from a second scan. Pure: it is told the time, and
 * suppresses nothing itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan_frame.h"

#define SCAN_REPEAT_WINDOW_MS 700       /* the window of every flow but counting */
#define SCAN_REPEAT_COUNT_WINDOW_MS 250 /* counting: equal items are scanned on purpose */

#define SCAN_REPEAT_SCANNERS_MAX 8
#define SCAN_REPEAT_RECENT 4 /* two symbols on one label come as A B A B */

struct scan_repeat_seen {
    int64_t mono_ms;
    size_t len; /* 0: empty */
    uint8_t bytes[SCAN_FRAME_MAX];
};

/* All zero begins. */
struct scan_repeat {
    struct scan_repeat_seen seen[SCAN_REPEAT_SCANNERS_MAX][SCAN_REPEAT_RECENT];
    uint64_t suppressed[SCAN_REPEAT_SCANNERS_MAX]; /* per scanner, for the operator's numbers */
};

/* Whether this frame repeats one of the same bytes from the same scanner, seen less than window_ms
 * before; it is then counted. A repeat opens the window anew: an item left lying before a
 * presentation scanner is one scan, however long it lies. Never across scanners, and never by the
 * product: another batch of it is another scan. */
bool scan_repeat_check(struct scan_repeat *r, unsigned scanner, const uint8_t *bytes, size_t len,
                       int64_t mono_ms, int32_t window_ms);
