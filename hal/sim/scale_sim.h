/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/scale_sim.h -- a weighing indicator on a pty or a TCP port, with the faults that real
 * ones have. For tests and the demo; it measures nothing.
 *
 * Commands, one a line:
 *   put GRAMS | stable | motion | overload | underload | zero | tare | untare
 *   late MS | garble | silent | clear    (clear ends all three)
 *   unplug | plug                        (the pty or the connection goes away and comes back) */
#pragma once

#include <stdint.h>

#include "scale_ascii.h"
#include "scale_register.h"

enum scale_sim_wire { SCALE_SIM_RTU, SCALE_SIM_TCP, SCALE_SIM_ASCII };

struct scale_sim_conf {
    enum scale_sim_wire wire;
    const char *path; /* RTU and ASCII: a link to the pty is made here */
    int port;         /* TCP: on 127.0.0.1; 0 takes a free one, which the ready line says */
    const struct scale_register_profile *profile; /* RTU and TCP */
    enum scale_word_order order;
    enum scale_protocol protocol; /* ASCII */
    int period_ms;                /* ASCII that sends by itself: how often */
};

/* The sim_run_fn; conf is a struct scale_sim_conf. Returns at the end of the input, or -errno when
 * the wire cannot be opened. */
int scale_sim_run(const void *conf, int in_fd, int out_fd);
