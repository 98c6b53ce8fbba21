/* SPDX-License-Identifier: Apache-2.0 */
#include "printer_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "printer_driver.h"
#include "text.h"

struct printer_file {
    struct printer base;
    char path[PATH_MAX];
};

/* A device is never made: a missing one would become a plain file in /dev and swallow labels. */
static int open_path(const struct printer_file *f, int flags)
{
    struct stat st;
    int in_dev = strncmp(f->path, "/dev/", 5) == 0;
    if (stat(f->path, &st) < 0 && !in_dev)
        flags |= O_CREAT;
    return open(f->path, flags | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0640);
}

static int file_send(struct printer *p, const uint8_t *label, size_t len, int64_t deadline_ms)
{
    int fd = open_path((struct printer_file *)p, O_WRONLY);
    if (fd < 0)
        return -ENOTCONN;
    int err = printer_write(fd, label, len, deadline_ms);
    if (close(fd) < 0 && err == 0)
        err = -EIO;
    return err;
}

static int file_status(struct printer *p, int64_t deadline_ms, struct printer_status *ret)
{
    struct printer_file *f = (struct printer_file *)p;
    struct stat st;
    if (stat(f->path, &st) < 0)
        return -ENOTCONN;
    if (!S_ISCHR(st.st_mode))
        return -ENOTSUP;
    int fd = open_path(f, O_RDWR);
    if (fd < 0)
        return -ENOTCONN;
    int err = printer_ask(fd, deadline_ms, ret);
    close(fd);
    return err;
}

static void file_free(struct printer *p)
{
    free((struct printer_file *)p);
}

static const struct printer_ops file_ops = {
    .send = file_send, .status = file_status, .free = file_free};

int printer_file_open(const char *path, struct printer **ret)
{
    assert(path && ret);
    struct printer_file *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->base.ops = &file_ops;
    int err = text_copy(f->path, sizeof(f->path), path);
    if (err < 0) {
        free(f);
        return err;
    }
    *ret = &f->base;
    return 0;
}
