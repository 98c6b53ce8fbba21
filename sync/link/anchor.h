/* SPDX-License-Identifier: Apache-2.0 */
/* link/anchor.h -- time from the relay: what RESUME.now says about this boot's clock, how far that
 * can be wrong, and when it is worth an entry in the journal. Nothing written is ever rewritten:
 * anchors are journalled, and whoever reads corrects by them. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

#define ANCHOR_RTT_MAX_MS 60000 /* beyond it, an answer says too little about the time */
#define ANCHOR_DRIFT_PPM 100    /* of a crystal without compensation, with room to spare */

struct anchor {
    int64_t boot;
    int64_t mono_ms;  /* at this time of that boot ... */
    int64_t wall_ms;  /* ... it was so late, UTC */
    int64_t error_ms; /* at most so far off, either way */
};

/* The relay read its clock between sent and received: the middle is taken, error = rtt / 2,
 * rounded up (D. L. Mills, RFC 5905, section 8, with one clock reading for two).
 *   -ERANGE  the answer came before the question, or after more than ANCHOR_RTT_MAX_MS */
NODISCARD int anchor_measure(int64_t boot, int64_t sent_mono_ms, int64_t received_mono_ms,
                             int64_t relay_wall_ms, struct anchor *ret);

/* The time at another moment of the same boot, and how far it can be off by then. */
int64_t anchor_wall_ms(const struct anchor *a, int64_t mono_ms);
int64_t anchor_error_ms(const struct anchor *a, int64_t mono_ms);

/* Whether next is worth journalling after last (NULL: none was, or of another boot): the first of a
 * boot, one that is twice as sure as the last has become, or one that contradicts it. */
bool anchor_worth(const struct anchor *last, const struct anchor *next);
