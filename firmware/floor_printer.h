/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/floor_printer.h -- the label printers: takes labels from the station and prints them
 * from a thread of its own, because a printer may block for seconds. Stock never depends on it. */
#pragma once

#include <stddef.h>
#include <systemd/sd-event.h>

#include "attr.h"
#include "diag.h"
#include "floor_device.h"
#include "station.h"

struct floor_printers;

#define FLOOR_LABELS_MAX 64 /* that wait for a printer; more are dropped, and said so */

/* `lines`: drivers tcp (path ADDRESS:PORT) and file; option name. A label goes to the first printer
 * that takes it; while none does it waits. -EINVAL with *reterr. */
NODISCARD int floor_printers_open(const char *const lines[], size_t count, sd_event *event,
                                  const struct floor_hooks *hooks, struct diag *reterr,
                                  struct floor_printers **ret);

/* Queues a label; never blocks. Without printers it is passed over. */
void floor_printers_put(struct floor_printers *f, const struct station_label *label);

void floor_printers_free(struct floor_printers *f); /* blocks for the label that is being sent */
DEFINE_AUTO(floor_printers);
