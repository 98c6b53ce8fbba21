/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relay_clock.h -- the relay's time: the system's, or a faster calendar that it shares
 * with simulated appliances. It sets no clock. Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "lapse.h"

struct relay_clock {
    bool lapsed;
    struct lapse lapse;
};

/* "system", or what base/lapse.h reads. -EINVAL with *reterr. */
NODISCARD int relay_clock_parse(const char *text, struct relay_clock *ret, struct diag *reterr);

int64_t relay_clock_wall_ms(const struct relay_clock *c); /* UTC */
int64_t relay_clock_steady_ms(void);                      /* CLOCK_MONOTONIC, never lapsed */
