/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/device_roster.h -- the devices that the configuration names, and whether they answer:
 * what the screen's health page shows. It opens none of them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"
#include "diag.h"
#include "floor_device.h"
#include "station.h"
#include "web.h"

struct device_roster {
    const struct station_conf *floor; /* whose posts there are; borrowed */
    struct web_device devices[WEB_DEVICES_MAX];
    size_t count;
};

/* Enters a device that the configuration's key `what` names. One that is awaited is lost until it
 * is heard of; a printer is off until it is needed.
 *   -EINVAL  *reterr: there is no such post, or the name is taken */
NODISCARD int device_roster_claim(struct device_roster *r, const char *what,
                                  const struct floor_device *device, struct diag *reterr);

/* Notes that a claimed device is lost or back. */
void device_roster_note(struct device_roster *r, const char *device, bool online);
