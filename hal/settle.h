/* SPDX-License-Identifier: Apache-2.0 */
/* hal/settle.h -- when a weight may be booked: the scale calls it stable, or, where the protocol
 * does not say, k equal readings lie over at least a second. A weight that has grown old is stale
 * and is never handed out as live. Judges readings, reads none; takes the time. Pure. */
#pragma once

#include <stdint.h>

#include "scale_reading.h"

/* For trade scales the span may not be configured below this. */
#define SETTLE_SPAN_MIN_MS 1000
#define SETTLE_EQUAL_MIN 3

struct settle_conf {
    uint32_t equal_needed; /* k, at least SETTLE_EQUAL_MIN */
    int64_t span_ms;       /* first to last of them, at least SETTLE_SPAN_MIN_MS */
    int64_t fresh_ms;      /* a reading older than this is stale; also the longest gap in a run */
};

enum settle_state {
    SETTLE_NOTHING,  /* no reading since the start or since the scale was lost */
    SETTLE_MOVING,   /* the load moves, or the run of equal readings is too short */
    SETTLE_BOOKABLE, /* the weight may be booked */
    SETTLE_REFUSED,  /* overload, underload, error or not ready: there is no weight */
    SETTLE_STALE,    /* the last reading is too old: show it greyed with its age, book nothing */
};

struct settle {
    struct settle_conf conf;
    struct scale_reading last;
    int64_t run_start_ms;
    uint32_t run; /* equal readings in a row up to `last`; 0: no reading yet */
};

/* Three equal readings over one second; two seconds until stale (no data for 2 s on a continuous
 * stream means offline). */
struct settle_conf settle_conf_default(void);

/* Values below the minima are raised to them. */
struct settle settle_init(struct settle_conf conf);

/* Takes the next reading, with at_mono_ms set. A reading that is older than the last is a caller's
 * mistake and starts a new run. */
void settle_feed(struct settle *s, const struct scale_reading *r);

/* The scale went offline, or another load was called for: nothing before this counts. */
void settle_lost(struct settle *s);

/* What may be done at now_ms. *ret (may be NULL) is written only for SETTLE_BOOKABLE. */
enum settle_state settle_judge(const struct settle *s, int64_t now_ms, struct scale_reading *ret);

const char *settle_state_name(enum settle_state state); /* "bookable" */
