/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/floor_scale.h -- the scales that are wired to posts: one thread a line polls them
 * (hal/scale_thread.h), here they settle, and a weight that may be booked becomes one input of the
 * station. A weight is handed on once, when it settles; never again, and never when it is old. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "attr.h"
#include "diag.h"
#include "floor_device.h"

struct floor_scales;

/* `lines`: drivers rtu, tcp and ascii; path is the tty, or ADDRESS:PORT; options post (must be
 * there), name, profile (rtu and tcp: a register profile; ascii: a protocol), unit (1..247), baud,
 * parity (none, even, odd; ascii: 8n1, 7e1), decimals, weight_unit (g, kg), capacity_g, timeout_ms.
 *   -EINVAL  *reterr names the line's key and what is allowed */
NODISCARD int floor_scales_open(const char *const lines[], size_t count, sd_event *event,
                                const struct floor_hooks *hooks, struct diag *reterr,
                                struct floor_scales **ret);

void floor_scales_free(struct floor_scales *f); /* stops the threads: blocks for one read each */
DEFINE_AUTO(floor_scales);
