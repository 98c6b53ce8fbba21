/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner_fake.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "scanner_stream.h"

struct scanner_fake {
    int wire; /* the device's end; -1: no scanner is open on it */
    bool plugged;
};

int scanner_fake_new(struct scanner_fake **ret)
{
    assert(ret);

    struct scanner_fake *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    *f = (struct scanner_fake){.wire = -1, .plugged = true};
    *ret = f;
    return 0;
}

static void hang_up(struct scanner_fake *f)
{
    if (f->wire >= 0)
        close(f->wire);
    f->wire = -1;
}

int scanner_fake_open(struct scanner_fake *f, const struct scanner_profile *p, struct scanner **ret)
{
    assert(f && p && ret);

    if (!f->plugged)
        return -ENODEV;
    int ends[2];
    if (pipe2(ends, O_NONBLOCK | O_CLOEXEC) < 0)
        return -errno;
    hang_up(f);
    f->wire = ends[1];
    return scanner_stream_open(ends[0], p->name, &p->frame, ret);
}

int scanner_fake_send(struct scanner_fake *f, const void *bytes, size_t n)
{
    assert(f && (bytes || n == 0));

    if (f->wire < 0)
        return -ENODEV;
    ssize_t sent = write(f->wire, bytes, n);
    if (sent < 0)
        return -errno;
    return (size_t)sent == n ? 0 : -EAGAIN;
}

void scanner_fake_unplug(struct scanner_fake *f)
{
    assert(f);
    f->plugged = false;
    hang_up(f);
}

void scanner_fake_plug(struct scanner_fake *f)
{
    assert(f);
    f->plugged = true;
}

void scanner_fake_free(struct scanner_fake *f)
{
    if (!f)
        return;
    hang_up(f);
    free(f);
}
