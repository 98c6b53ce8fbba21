/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner_evdev.h -- a scanner that is a keyboard to the system (USB HID, Bluetooth HID): its
 * events are read from the input device itself, which is grabbed, so that no key of it reaches a
 * console or the operator screen.
 *
 * The kernel keeps 64 events for a reader, some ten characters or 20 ms of a scan. A loop that
 * stays away longer in the middle of one loses events: that scan is reported lost and scanned
 * again, it is never shortened. A serial line has no such limit, which is one more reason to prefer
 * it. */
#pragma once

#include "scanner.h"

#define SCANNER_EVDEV_SYSFS "/sys/class/input"
#define SCANNER_EVDEV_DEV "/dev/input"

/* Finds the input device whose name, and serial number where one is given, are those of p: the
 * number in /dev/input/event7 changes when a scanner is plugged in again or wakes up. Only devices
 * that have digits and Enter count, as scanners show several. The lowest number wins.
 *   -ENODEV        there is none now; worth retrying
 *   -ENAMETOOLONG  the path does not fit
 * sysfs and dev are SCANNER_EVDEV_SYSFS and _DEV, or a tree that a test has made. */
NODISCARD int scanner_evdev_find(const struct scanner_profile *p, const char *sysfs,
                                 const char *dev, char ret_path[SCANNER_PATH_SIZE]);

/* Opens p->path, or finds the device when that is "", and grabs it. A path that is a FIFO is read
 * as if it were a device, without asking it anything: the simulator is at its other end.
 *   -ENOENT, -ENODEV  not there; worth retrying
 *   -EBUSY            another program has grabbed it; worth retrying, and telling the technician
 *   -EACCES           no permission
 *   -EINVAL           neither an input device nor a FIFO, or an affix that is too long */
NODISCARD int scanner_evdev_open(const struct scanner_profile *p, struct scanner **ret);
