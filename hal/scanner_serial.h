/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner_serial.h -- a scanner on a serial line: USB CDC (ttyACM), Bluetooth SPP (rfcomm),
 * RS-232, or a pseudo-terminal. Give a path that survives re-plugging (/dev/serial/by-id/...). */
#pragma once

#include "scanner.h"

/* Opens p->path for this process alone. Bytes that came before are discarded. -errno as
 * serial_port_open(); -EINVAL also for an affix that is too long; -ENOMEM. */
NODISCARD int scanner_serial_open(const struct scanner_profile *p, struct scanner **ret);
