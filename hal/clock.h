/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock.h -- what time it is, and how far that is to be believed. It does not set the system's
 * clock: that is chrony's work. Nothing blocks but clock_persist() and clock_sleep_until(). Not
 * thread-safe, but for the last two, which have no state. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "clock_trust.h"

#define CLOCK_BOOT_ID_SIZE 37 /* a UUID and its NUL */

/* A floor further ahead than this is no rounding or drift: the wall time is then not believed. */
#define CLOCK_SLACK_MS (10 * 60 * 1000)

struct clock;

struct clock_reading {
    int64_t wall_ms; /* UTC; not before the floor */
    int64_t mono_ms; /* never runs backwards within a boot; not for timeouts of devices */
    enum clock_trust trust;
    char boot_id[CLOCK_BOOT_ID_SIZE]; /* what mono_ms belongs to */
};

/* -EIO when the clock cannot be read; *ret is then left alone. */
NODISCARD int clock_now(struct clock *c, struct clock_reading *ret);

/* The wall time of the last journal entry: clock_now() never gives less, whatever the sources say,
 * so that the journal does not run backwards. A lower floor than before is ignored. */
void clock_set_floor(struct clock *c, int64_t wall_ms);

/* The relay said that it was wall_ms at mono_ms of this boot (the midpoint of the round trip). From
 * now on that is the time. A time-lapse clock has its calendar and ignores it. */
void clock_anchor(struct clock *c, int64_t wall_ms, int64_t mono_ms);

/* Stores the present time durably, to be restored at the next boot where there is no other source.
 * Blocks for a write to flash: call it every few minutes and at the end. -errno of the file. A
 * clock that needs none returns 0. */
NODISCARD int clock_persist(struct clock *c);

void clock_free(struct clock *c); /* NULL is fine */
DEFINE_AUTO(clock);

/* CLOCK_MONOTONIC of the machine: for the timeouts of devices and loops, which no simulated
 * calendar may hurry. */
int64_t clock_steady_ms(void);

/* Blocks until that instant of clock_steady_ms(); returns at once when it has passed. */
void clock_sleep_until(int64_t steady_ms);
