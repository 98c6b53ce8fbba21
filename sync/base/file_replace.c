/* SPDX-License-Identifier: Apache-2.0 */
#include "file_replace.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 512

static int write_all(int fd, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -errno : -EIO;
        bytes += n;
        len -= (size_t)n;
    }
    return fsync(fd) < 0 ? -errno : 0;
}

/* The rename itself is durable when the folder is. */
static int sync_folder(const char *path)
{
    char folder[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    memcpy(folder, path, len);
    strcpy(folder + len, slash ? "/." : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    int err = fsync(fd) < 0 ? -errno : 0;
    close(fd);
    return err;
}

int file_replace(const char *path, const void *bytes, size_t len, unsigned mode)
{
    assert(path && (bytes || len == 0));
    char beside[PATH_SIZE];
    int n = snprintf(beside, sizeof(beside), "%s.new", path);
    if (n < 0 || (size_t)n >= sizeof(beside))
        return -ENAMETOOLONG;
    if (unlink(beside) < 0 && errno != ENOENT) /* of a life that was cut: its rights are unknown */
        return -errno;
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return -errno;
    int err = write_all(fd, bytes, len);
    close(fd);
    if (err == 0 && rename(beside, path) < 0)
        err = -errno;
    if (err < 0) {
        unlink(beside);
        return err;
    }
    return sync_folder(path);
}
