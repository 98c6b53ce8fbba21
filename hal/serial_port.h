/* SPDX-License-Identifier: Apache-2.0 */
/* hal/serial_port.h -- opens a tty raw at a speed: the one place that knows termios. */
#pragma once

#include "attr.h"

enum serial_mode { SERIAL_8N1, SERIAL_7E1, SERIAL_8E1 };

/* Returns a descriptor (non-blocking, close-on-exec, no controlling terminal, input emptied) that
 * the caller closes. -EINVAL for a speed that is not one of 1200 .. 115200 of the usual; else
 * -errno. */
NODISCARD int serial_port_open(const char *device, int baud, enum serial_mode mode);
