/* SPDX-License-Identifier: Apache-2.0 */
/* hal/indicator.h -- the light and the sound by which the appliance answers a scan. It does not
 * know why: the caller says accept only when the event is durable. Nothing blocks; not
 * thread-safe. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct indicator;

/* ACCEPT and REJECT play once, the newer over the older. ATTENTION and ALERT stand: they repeat
 * until cleared, and step back while a scan is answered; ALERT goes before ATTENTION. */
enum indicator_signal {
    INDICATOR_ACCEPT,
    INDICATOR_REJECT,
    INDICATOR_ATTENTION,
    INDICATOR_ALERT,
};
#define INDICATOR_SIGNALS 4

const char *indicator_signal_name(enum indicator_signal signal); /* static: "accept" */

/* Begins the signal. Like all below it returns when indicator_step() must be called next;
 * INT64_MAX: never. All times are CLOCK_MONOTONIC. */
int64_t indicator_show(struct indicator *i, enum indicator_signal signal, int64_t now_mono_ms);

/* Ends a standing signal; one that does not stand, or has played, is fine. */
int64_t indicator_clear(struct indicator *i, enum indicator_signal signal, int64_t now_mono_ms);

/* Brings lamps and buzzer to what they must be now. */
int64_t indicator_step(struct indicator *i, int64_t now_mono_ms);

/* How often lamps or buzzer could not be set. The caller logs when it begins to grow; work goes on
 * without them, as the screen says the same. */
uint64_t indicator_failures(const struct indicator *i);

void indicator_free(struct indicator *i); /* all off; NULL is fine */
DEFINE_AUTO(indicator);
