/* SPDX-License-Identifier: Apache-2.0 */
/* tests/peer/story.h -- journals with a plot, for sync_peer --story: biscuits that one site sells
 * every day, and another gets more of than it can sell. The same day and seq give the same entry.
 */
#pragma once

#include <stdint.h>

#include "entry.h"

#define STORY_DAYS 45 /* before the story's day */

struct story {
    const char *name; /* "sells": 8 units a day for STORY_DAYS; "dies": see STORY_SURPLUS_SEQ */
    int64_t entries;  /* how many it has */
    struct entry (*entry)(int32_t day, int64_t scan_ms, int64_t seq);
};

/* Of "dies": the scan, at scan_ms, of 300 units of batch S1 that shops refuse in 40 days. */
#define STORY_SURPLUS_SEQ 3

const struct story *story_find(const char *name); /* NULL: there is none */
