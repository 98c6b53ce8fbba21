/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_modbus.h -- a scale on Modbus RTU or TCP, by a register profile (scale_register.h).
 * Reopening after -EIO is the caller's. */
#pragma once

#include <stdint.h>

#include "scale.h"
#include "scale_register.h"

#define SCALE_MODBUS_TIMEOUT_MS 300 /* a good start for RTU at 9600; 1000 for old indicators */

struct scale_modbus_conf {
    const char *device; /* RTU: the tty; NULL: TCP */
    int baud;
    char parity;      /* 'N', 'E', 'O' */
    const char *host; /* TCP: a numeric address, so that no name server is waited for */
    int port;
    int unit_id; /* 1..247 */
    const struct scale_register_profile *profile;
    struct scale_register_conf registers;
    int32_t address; /* where the profile's request starts here; -1: as the profile says */
    int32_t timeout_ms;
    int64_t capacity_g;
};

/* Copies what it needs; the profile is borrowed. Blocks for the timeout at most (TCP).
 * -errno of opening the tty or of connecting. */
NODISCARD int scale_modbus_open(const struct scale_modbus_conf *conf, struct scale **ret);
