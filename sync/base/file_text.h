/* SPDX-License-Identifier: Apache-2.0 */
/* base/file_text.h -- a whole file in memory, bounded. Not for files that grow while they are read.
 */
#pragma once

#include <stddef.h>

#include "attr.h"

/* Reads at most max bytes into memory from malloc(), with a NUL behind them, that the caller frees.
 * -EFBIG when there are more; else -errno of opening or reading. Blocks for the disk, or for the
 * writer of a pipe. */
NODISCARD int file_text(const char *path, size_t max, char **ret_text, size_t *ret_len);
