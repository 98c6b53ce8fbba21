/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/scale_slave.h -- what an indicator answers to Modbus requests, given what lies on it.
 * Pure; envelopes (RTU check, TCP header) and faults are scale_sim's. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "scale_register.h"

/* What lies on the scale, and what its keys did. */
struct scale_load {
    int64_t load_g;
    int64_t zero_g;
    int64_t tare_g;
    int tared;
    enum scale_status status;
};

int64_t scale_load_gross(const struct scale_load *l);
int64_t scale_load_net(const struct scale_load *l); /* the gross weight while nothing is tared */

struct scale_slave {
    const struct scale_register_profile *profile;
    enum scale_word_order order;
    struct scale_load *load; /* commands change it */
};

/* Answers a request (slave, function, ..) without its envelope; it has the length that
 * scale_slave_request_len() gives. Returns the length of the answer in the same form; ret has
 * MODBUS_FRAME_MAX bytes. */
size_t scale_slave_serve(const struct scale_slave *s, const uint8_t *request, uint8_t *ret);

/* How long the request at hand is, without envelope; 0 when it is not complete. */
size_t scale_slave_request_len(const uint8_t *request, size_t len);
