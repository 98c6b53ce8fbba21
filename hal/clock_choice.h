/* SPDX-License-Identifier: Apache-2.0 */
/* hal/clock_choice.h -- the clock that a configuration's clock.source chooses: the appliance's own,
 * or a simulated calendar. */
#pragma once

#include <stdbool.h>

#include "clock.h"
#include "diag.h"

/* Whether the calendar is simulated: certificates and the relay's time are not of it. */
bool clock_choice_lapses(const char *source);

/* source: "system", or the words of base/lapse.h; last_time: where the system's clock persists its
 * time. Copies both.
 *   -EINVAL  *reterr: source is neither
 *   else     as clock_system_open() */
NODISCARD int clock_choice_open(const char *source, const char *last_time, struct diag *reterr,
                                struct clock **ret);
