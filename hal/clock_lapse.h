/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_lapse.h -- the calendar of base/lapse.h as a clock. */
#pragma once

#include "clock.h"
#include "lapse.h"

/* The simulated instant at mono_ms of the machine. Pure. mono_ms of a reading is hurried by the
 * same factor, so that differences of the two clocks agree. */
struct clock_reading clock_lapse_at(const struct lapse *spec, int64_t mono_ms);

/* The simulated calendar is the true one: its trust is CLOCK_RELAY. -EINVAL for a spec out of
 * range, -EIO as clock_system_open(), -ENOMEM. */
NODISCARD int clock_lapse_open(const struct lapse *spec, struct clock **ret);
