/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_asset.h -- the files of a web page, as they were built into the binary; for
 * development, out of a folder instead. Names are flat: no path leads out of either. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define HTTP_ASSET_NAME_SIZE 65
#define HTTP_ASSET_MAX (1 << 20) /* bytes of a file */

struct http_asset {
    const char *name;
    const char *type; /* Content-Type */
    const char *etag; /* quoted; "" for a file of a folder, which may change */
    const uint8_t *bytes;
    size_t len;
    const char *gzip_etag; /* the same as gzip; all three unset where that is not shorter */
    const uint8_t *gzip;
    size_t gzip_len;
};

/* "/" is index.html. `bundle` is what bundle.py wrote, ended by a row without a name. NULL when
 * there is no such file. */
const struct http_asset *http_asset_find(const struct http_asset *bundle, const char *path);

/* Reads the file of that path from the folder; the caller frees ret->bytes, name and type are
 * static. -ENOENT for names that are not 1 to 64 of a-z 0-9 . - _ or that begin with a point, and
 * for files of unknown type; -EFBIG, -ENOMEM, -errno of reading. */
NODISCARD int http_asset_read(const char *folder, const char *path, struct http_asset *ret);
