/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/floor_device.h -- what scanners, scales, lamps and printers of the floor tell whoever
 * opened them: that they are configured, what came from them, and whether they answer. */
#pragma once

#include <stdbool.h>

#include "diag.h"
#include "station.h"

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
