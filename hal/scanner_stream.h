/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scanner_stream.h -- for drivers only: a scanner that sends characters as bytes over any
 * descriptor. The serial driver gives it a terminal, the fake a pipe. */
#pragma once

#include "scanner.h"

/* Takes fd, which is non-blocking, also when it fails. -EINVAL as scan_frame_init(); -ENOMEM. */
NODISCARD int scanner_stream_open(int fd, const char *name, const struct scan_frame_conf *conf,
                                  struct scanner **ret);
