/* SPDX-License-Identifier: Apache-2.0 */
/* hal/mono.h -- the monotonic clock, which every timeout of the drivers is taken from, and a wait
 * on it. Not the wall clock. */
#pragma once

#include <stdint.h>

int64_t mono_ms(void);

/* Returns at once when the instant has passed. */
void mono_sleep_until(int64_t at_ms);
