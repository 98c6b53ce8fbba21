/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/floor_scanner.h -- the scanners that are wired to posts: kept open, reopened when they
 * come back, their frames handed on as inputs of the station. Judges nothing.
 *
 * They are read in a thread of their own: the kernel keeps some 20 ms of key events for a reader,
 * and the loop may wait longer than that for the disk, in the middle of somebody's scan. */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

#include "attr.h"
#include "diag.h"
#include "floor_device.h"

struct floor_scanners;

/* `lines` are as device_line.h reads them, drivers evdev and serial, options post (must be there),
 * name, baud, line (8n1, 7e1), prefix, suffix, terminator (enter, tab), gap_ms, separator, match,
 * serial; "" lines are passed over. A scanner that is not there is waited for. Borrows event.
 *   -EINVAL  *reterr names the line's key and what is allowed */
NODISCARD int floor_scanners_open(const char *const lines[], size_t count, sd_event *event,
                                  const struct floor_hooks *hooks, struct diag *reterr,
                                  struct floor_scanners **ret);

void floor_scanners_free(struct floor_scanners *f); /* stops the thread */
DEFINE_AUTO(floor_scanners);
