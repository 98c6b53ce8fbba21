/* SPDX-License-Identifier: Apache-2.0 */
/* hal/printer_file.h -- a printer behind a path: a USB printer (/dev/usb/lp0), a tty, or a plain
 * file that labels are appended to. */
#pragma once

#include "printer.h"

/* Opens nothing yet: it is opened for each label, so that it may be unplugged in between. A plain
 * file is made when it is missing. -ENAMETOOLONG. */
NODISCARD int printer_file_open(const char *path, struct printer **ret);
