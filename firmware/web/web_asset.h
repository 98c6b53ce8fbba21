/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_asset.h -- the files of the operator screen, as they were built into the binary; for
 * development, out of a folder instead. Names are flat: no path leads out of either. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define WEB_ASSET_NAME_SIZE 65
#define WEB_ASSET_MAX (1 << 20) /* bytes of a file */

struct web_asset {
    const char *name;
    const char *type; /* Content-Type */
    const char *etag; /* quoted; "" for a file of a folder, which may change */
    const uint8_t *bytes;
    size_t len;
};

/* Written by bundle.py into the build folder; ended by a row without a name. */
extern const struct web_asset web_bundle[];

/* "/" is index.html. NULL when there is no such file. */
const struct web_asset *web_asset_find(const char *path);

/* Reads the file of that path from the folder; the caller frees ret->bytes, name and type are
 * static. -ENOENT for names that are not 1 to 64 of a-z 0-9 . - _ or that begin with a point, and
 * for files of unknown type; -EFBIG, -ENOMEM, -errno of reading. */
NODISCARD int web_asset_read(const char *folder, const char *path, struct web_asset *ret);
