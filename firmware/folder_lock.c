/* SPDX-License-Identifier: Apache-2.0 */
#include "folder_lock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int folder_lock_take(const char *folder, struct diag *reterr, int *ret_fd)
{
    assert(folder && ret_fd);
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/stationd.lock", folder) >= (int)sizeof(path))
        return -ENAMETOOLONG;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) {
        int err = -errno;
        diag_set(reterr, 0, "%.100s: %s", path, strerror(-err));
        return err;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int err = errno == EWOULDBLOCK ? -EBUSY : -errno;
        diag_set(reterr, 0, "the journal in %.100s: %s", folder,
                 err == -EBUSY ? "another stationd writes it" : strerror(-err));
        close(fd);
        return err;
    }
    *ret_fd = fd;
    return 0;
}
