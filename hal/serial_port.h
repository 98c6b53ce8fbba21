/* SPDX-License-Identifier: Apache-2.0 */
/* hal/serial_port.h -- opens a tty raw at a speed: the one place of the drivers that knows termios.
 * It reads and writes nothing. */
#pragma once

#include "attr.h"

/* Data bits, parity, stop bits. */
enum serial_mode { SERIAL_8N1, SERIAL_7E1, SERIAL_8E1 };

/* Returns a descriptor that the caller closes: non-blocking, close-on-exec, no controlling
 * terminal, without flow control, what had come before thrown away, and locked against every other
 * opener of this kind until it is closed. A byte with wrong parity is read as NUL.
 *   -ENOENT, -ENODEV, -ENXIO, -EIO  not there; worth retrying
 *   -EACCES, -EBUSY                 somebody else's
 *   -ENOTTY                         the path is no terminal; retrying is useless
 *   -EINVAL                         the speed is none of 1200, 2400 .. 38400, 57600, 115200 */
NODISCARD int serial_port_open(const char *device, int baud, enum serial_mode mode);
