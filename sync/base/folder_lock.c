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

int folder_lock_take(const char *folder, const char *program, struct diag *reterr, int *ret_fd)
{
    assert(folder && program && ret_fd);
    char path[PATH_MAX];
    if (snprintf(path, sizeof(path), "%s/%s.lock", folder, program) >= (int)sizeof(path))
        return -ENAMETOOLONG;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0) {
        int err = -errno;
        diag_set(reterr, 0, "%.100s: %s", path, strerror(-err));
        return err;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        int err = errno == EWOULDBLOCK ? -EBUSY : -errno;
        diag_set(reterr, 0, "%.100s: %s", folder,
                 err == -EBUSY ? "another one of this daemon works here" : strerror(-err));
        close(fd);
        return err;
    }
    *ret_fd = fd;
    return 0;
}
