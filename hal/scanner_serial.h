/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner_serial.h -- a scanner on a serial line: USB CDC (ttyACM), Bluetooth SPP (rfcomm),
 * RS-232, or a pseudo-terminal. Give a path that survives re-plugging (/dev/serial/by-id/...). */
#pragma once

#include "scanner.h"

/* Opens p->path as a raw terminal for this process alone. Bytes that came before are discarded.
 *   -ENOENT, -ENODEV, -ENXIO, -EIO  not there; worth retrying
 *   -EACCES, -EBUSY                 somebody else's
 *   -ENOTTY                         the path is no terminal; retrying is useless
 *   -EINVAL                         a baud rate or an affix that there is not */
NODISCARD int scanner_serial_open(const struct scanner_profile *p, struct scanner **ret);
