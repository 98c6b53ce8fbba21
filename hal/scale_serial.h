/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_serial.h -- a scale that speaks one of the ASCII protocols (scale_ascii.h) on a tty:
 * asked by SI where it answers (MT-SICS), listened to where it sends by itself. Reopening after
 * -EIO is the caller's. */
#pragma once

#include <stdint.h>

#include "scale.h"
#include "scale_ascii.h"
#include "serial_port.h"

struct scale_serial_conf {
    const char *device;
    int baud;
    enum serial_mode mode;
    enum scale_protocol protocol;
    enum scale_unit unit; /* for protocols that send none */
    int32_t timeout_ms;   /* for one answer; on a continuous stream for one whole frame */
    int64_t capacity_g;
};

/* -errno as serial_port_open(); -ENOMEM. */
NODISCARD int scale_serial_open(const struct scale_serial_conf *conf, struct scale **ret);
