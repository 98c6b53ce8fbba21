/* SPDX-License-Identifier: Apache-2.0 */
/* hal/retry.h -- when to open a lost device again: after 1, 2, 4 .. 30 s. For scanners and scales
 * alike. Pure: it is told the time and opens nothing itself. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define RETRY_FIRST_MS 1000
#define RETRY_LAST_MS 30000

/* All zero is the state of a device that was never tried: due at once. */
struct retry {
    int64_t due_mono_ms;
    int32_t delay_ms;  /* the last delay given; 0 after a success */
    uint32_t failures; /* in a row; the caller logs the first and counts the others */
};

/* Whether the device should be tried now. */
bool retry_due(const struct retry *r, int64_t now_mono_ms);

/* The try failed, or the device went away. Returns the delay until the next try. */
int32_t retry_failed(struct retry *r, int64_t now_mono_ms);

/* The device delivered something, not merely opened: a device that opens and dies at once would
 * otherwise be tried every second for ever. */
void retry_succeeded(struct retry *r);
