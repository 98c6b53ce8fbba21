/* SPDX-License-Identifier: Apache-2.0 */
/* base/file_replace.h -- a small file written whole: a power cut leaves the old one or the new one,
 * never a part. Not for files that two processes write. */
#pragma once

#include <stddef.h>

#include "attr.h"

#define FILE_MODE_SECRET 0600u
#define FILE_MODE_SHARED 0640u /* the user's and its group's */

/* Writes PATH.new with those rights, syncs it, renames it over PATH and syncs the folder. Blocks
 * for the disk. -errno of what failed: PATH is then as it was. */
NODISCARD int file_replace(const char *path, const void *bytes, size_t len, unsigned mode);
