/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale.h -- one weighing scale, whatever wire it is on. It reads now; it neither waits for a
 * weight to settle (settle.h) nor reopens a lost link (scale_thread.h). Not thread-safe: one
 * owner. */
#pragma once

#include "attr.h"
#include "scale_reading.h"

struct scale;

/* Reads once, blocking at most twice the driver's timeout (the second time to let a late answer to
 * an earlier request pass). Leaves *ret alone unless it returns 0; then the status is stable,
 * motion or unknown, and at_mono_ms is set.
 *   -ETIMEDOUT  no answer; worth retrying
 *   -EBADMSG    a garbled answer; worth retrying
 *   -EBUSY      the scale says not now: in set-up, or not zeroed since power-up
 *   -ERANGE     the scale reports overload or underload, or a weight beyond its capacity
 *   -EREMOTEIO  the scale reports a fault of its own, such as its load cell
 *   -EPROTO     something answers, but not the scale that the configuration names
 *   -EIO        the link is gone; free this scale and open it again */
NODISCARD int scale_read(struct scale *s, struct scale_reading *ret);

/* Takes what lies on the scale as tare; zeroes it. The indicator may refuse: its seal limits both.
 *   0           done, and the effect was seen
 *   -ENOTSUP    the model has no such command, or none that its manual confirms
 *   -EBUSY      refused, or the effect was not seen: look at the display, do not repeat blindly
 *   others as for scale_read() */
NODISCARD int scale_tare(struct scale *s);
NODISCARD int scale_zero(struct scale *s);

/* What the last scale_read() that got an answer was told: tells overload from underload behind an
 * -ERANGE. SCALE_NOT_READY before the first. */
enum scale_status scale_last_status(const struct scale *s);

void scale_free(struct scale *s); /* NULL is fine */
DEFINE_AUTO(scale);
