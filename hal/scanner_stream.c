/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner_stream.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "scanner_driver.h"
#include "text.h"

#define STREAM_BYTES 4096

struct scanner_stream {
    struct scanner base;
    struct scan_frame frame;
    size_t at; /* decoded up to here */
    size_t len;
    uint8_t bytes[STREAM_BYTES];
};

static int stream_fill(struct scanner *s, int64_t now_ms)
{
    struct scanner_stream *t = (struct scanner_stream *)s;
    (void)now_ms;
    memmove(t->bytes, t->bytes + t->at, t->len - t->at);
    t->len -= t->at;
    t->at = 0;
    if (t->len == sizeof(t->bytes))
        return 0;
    ssize_t n = read(s->fd, t->bytes + t->len, sizeof(t->bytes) - t->len);
    if (n > 0) {
        t->len += (size_t)n;
        return 1;
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -EIO;
}

static enum scan_frame_end stream_next(struct scanner *s, int64_t now_ms)
{
    struct scanner_stream *t = (struct scanner_stream *)s;
    size_t used = 0;
    enum scan_frame_end how =
        scan_frame_next(&t->frame, t->bytes + t->at, t->len - t->at, now_ms, &used);
    t->at += used;
    return how;
}

static enum scan_frame_end stream_cut(struct scanner *s)
{
    return scan_frame_cut(&((struct scanner_stream *)s)->frame);
}

static void stream_free(struct scanner *s)
{
    close(s->fd);
    free((struct scanner_stream *)s);
}

static const struct scanner_ops ops = {
    .fill = stream_fill, .next = stream_next, .cut = stream_cut, .free = stream_free};

int scanner_stream_open(int fd, const char *name, const struct scan_frame_conf *conf,
                        struct scanner **ret)
{
    assert(fd >= 0 && name && conf && ret);

    struct scanner_stream *t = calloc(1, sizeof(*t));
    if (!t) {
        close(fd);
        return -ENOMEM;
    }
    t->base = (struct scanner){.ops = &ops, .frame = &t->frame, .fd = fd};
    AUTO(scanner) s = &t->base;
    int err = text_copy(s->name, sizeof(s->name), name);
    if (err == 0)
        err = scan_frame_init(&t->frame, conf);
    if (err < 0)
        return err;
    *ret = TAKE(s);
    return 0;
}
