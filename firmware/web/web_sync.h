/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_sync.h -- how the link to the relay stands, as the screen shows it: codes and numbers,
 * whose words are in ui/src/words.ts. */
#pragma once

#include <stdint.h>

struct web_sync {
    char state[17];     /* "none": no syncd yet; "unclaimed", "offline", "synced", "sending", ... */
    char trouble[33];   /* what is wrong, as a code; "": nothing */
    int64_t trouble_ms; /* UTC: since when; 0 */
    int64_t queued;     /* entries that the relay has not acknowledged */
    int64_t oldest_ms;  /* UTC: time of the oldest of them; 0: none */
    int64_t acked;      /* the last entry that it has */
    int64_t acked_ms;   /* UTC: when it last said so; 0: never */
    int64_t connected_ms; /* UTC: since when; 0: not connected */
    int64_t left_ms;      /* until all is there, at the pace so far; -1: unknown */
    char refused[161];    /* the document that was refused last, and why; "": none */
};
