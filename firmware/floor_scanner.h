/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/floor_scanner.h -- the scanners that are wired to posts: kept open, reopened when they
 * come back, their frames handed on as inputs of the station. Judges nothing.
 *
 * They are read in a thread of their own: the kernel keeps some 20 ms of key events for a reader,
 * and the loop may wait longer than that for the disk, in the middle of somebody's scan. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "attr.h"
#include "diag.h"
#include "station.h"

struct floor_scanners;

/* Called in the event loop for each frame, and for each loss (INPUT_LOST). */
typedef void (*floor_input_fn)(const struct station_input *in, void *context);

/* A configured device, as its line names it. */
struct floor_device {
    const char *name;
    const char *kind; /* scanner, scale, printer, lamp */
    const char *post; /* "": of every post */
    bool awaited;     /* its loss is found out; else its state shows when it is used */
};

/* Called for each configured line before any device is opened, with its key. -EINVAL with *reterr
 * when the name is taken or there is no such post. */
typedef int (*floor_claim_fn)(const char *what, const struct floor_device *device, void *context,
                              struct diag *reterr);

/* Told when a claimed device is lost or back, to be shown. */
typedef void (*floor_state_fn)(const char *device, bool online, void *context);

struct floor_hooks {
    floor_claim_fn on_claim;
    floor_input_fn on_input;
    floor_state_fn on_state;
    void *context;
};

/* `lines` are as device_line.h reads them, drivers evdev and serial, options post (must be there),
 * name, baud, line (8n1, 7e1), prefix, suffix, terminator (enter, tab), gap_ms, separator, match,
 * serial; "" lines are passed over. A scanner that is not there is waited for. Borrows event.
 *   -EINVAL  *reterr names the line's key and what is allowed */
NODISCARD int floor_scanners_open(const char *const lines[], size_t count, sd_event *event,
                                  const struct floor_hooks *hooks, struct diag *reterr,
                                  struct floor_scanners **ret);

void floor_scanners_free(struct floor_scanners *f); /* stops the thread */
DEFINE_AUTO(floor_scanners);
