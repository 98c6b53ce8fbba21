/* SPDX-License-Identifier: Apache-2.0 */
#include "http_asset.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The same table as in bundle.py. */
static const char *const types[][2] = {
    {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
    {".json", "application/json"},         {".webmanifest", "application/manifest+json"},
};

static const char *file_name(const char *path)
{
    if (path[0] != '/')
        return "";
    return path[1] == '\0' ? "index.html" : path + 1;
}

const struct http_asset *http_asset_find(const struct http_asset *bundle, const char *path)
{
    assert(bundle && path);
    for (const struct http_asset *a = bundle; a->name; a++) {
        if (strcmp(a->name, file_name(path)) == 0)
            return a;
    }
    return NULL;
}

static const char *type_of(const char *name)
{
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < ARRAY_LEN(types); i++) {
        if (strcmp(ending, types[i][0]) == 0)
            return types[i][1];
    }
    return NULL;
}

static int read_all(int fd, struct http_asset *ret)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    if (!S_ISREG(st.st_mode))
        return -ENOENT;
    if (st.st_size > HTTP_ASSET_MAX)
        return -EFBIG;
    size_t size = (size_t)st.st_size;
    uint8_t *bytes = malloc(size + 1);
    if (!bytes)
        return -ENOMEM;
    size_t len = 0;
    ssize_t n = 0;
    while (len < size && (n = read(fd, bytes + len, size - len)) > 0)
        len += (size_t)n;
    if (n < 0) {
        int err = -errno;
        free(bytes);
        return err;
    }
    ret->bytes = bytes;
    ret->len = len;
    return 0;
}

int http_asset_read(const char *folder, const char *path, struct http_asset *ret)
{
    assert(folder && path && ret);

    const char *name = file_name(path);
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_");
    if (len == 0 || len >= HTTP_ASSET_NAME_SIZE || name[len] != '\0' || name[0] == '.')
        return -ENOENT;
    struct http_asset asset = {.name = "", .type = type_of(name), .etag = ""};
    if (!asset.type)
        return -ENOENT;
    int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -errno;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int err = fd < 0 ? -errno : read_all(fd, &asset);
    if (fd >= 0)
        close(fd);
    close(dir);
    if (err < 0)
        return err;
    *ret = asset;
    return 0;
}
