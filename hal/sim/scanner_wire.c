/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner_wire.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "scan_frame.h"
#include "text.h"

#define PATH_SIZE 256
#define FIFO_BYTES (1 << 20)

struct scanner_wire_ops {
    int (*plug)(struct scanner_wire *w);
    int (*type)(struct scanner_wire *w, const uint8_t *text, size_t n, bool terminated);
    int (*garble)(struct scanner_wire *w);
};

struct scanner_wire {
    const struct scanner_wire_ops *ops;
    char path[PATH_SIZE];
    struct hid_encode_conf conf;
    int fd;   /* -1: unplugged */
    int held; /* the terminal's other end, so that it does not hang up while nobody has it open */
};

int scanner_wire_raw(struct scanner_wire *w, const uint8_t *bytes, size_t n)
{
    assert(w && (bytes || n == 0));

    if (w->fd < 0)
        return -ENODEV;
    while (n > 0) {
        ssize_t sent = write(w->fd, bytes, n);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd room = {.fd = w->fd, .events = POLLOUT};
            if (poll(&room, 1, -1) < 0 && errno != EINTR)
                return -errno;
            continue;
        }
        if (sent < 0)
            return -errno;
        bytes += sent;
        n -= (size_t)sent;
    }
    return 0;
}

/* --- key events in a FIFO */

static int fifo_plug(struct scanner_wire *w)
{
    if (mkfifo(w->path, 0600) < 0)
        return -errno;
    /* Open for both ways, so that opening does not wait for a reader; the driver reads, we do not.
     */
    w->fd = open(w->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (w->fd < 0)
        return -errno;
    (void)fcntl(w->fd, F_SETPIPE_SZ, FIFO_BYTES); /* less room is only more waiting */
    return 0;
}

/* Events of one moment, in one write: the kernel takes a scanner's events in its own pace, however
 * busy the machine is, so none of its scans has a gap that is ours. */
static int send_events(struct scanner_wire *w, uint16_t type, const struct hid_stroke *strokes,
                       size_t count)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct input_event *events = calloc(2 * count + 1, sizeof(*events));
    if (!events)
        return -ENOMEM;
    for (size_t i = 0; i < 2 * count; i++) {
        events[i] = i % 2 == 0 ? (struct input_event){.type = type,
                                                      .code = strokes[i / 2].code,
                                                      .value = strokes[i / 2].value}
                               : (struct input_event){.type = EV_SYN, .code = SYN_REPORT};
        events[i].input_event_sec = now.tv_sec;
        events[i].input_event_usec = now.tv_nsec / 1000;
    }
    int err = scanner_wire_raw(w, (const uint8_t *)events, 2 * count * sizeof(*events));
    free(events);
    return err;
}

static int fifo_type(struct scanner_wire *w, const uint8_t *text, size_t n, bool terminated)
{
    struct hid_stroke strokes[(SCAN_FRAME_MAX + 1) * HID_ENCODE_PER_CHARACTER];
    struct hid_encode_conf conf = w->conf;
    size_t count = 0;
    if (!terminated)
        conf.terminator = 0;
    int err = hid_encode(&conf, text, n, strokes, ARRAY_LEN(strokes), &count);
    return err < 0 ? err : send_events(w, EV_KEY, strokes, count);
}

static int fifo_garble(struct scanner_wire *w)
{
    return send_events(w, EV_SYN, &(struct hid_stroke){.code = SYN_DROPPED}, 1);
}

static const struct scanner_wire_ops fifo_ops = {
    .plug = fifo_plug, .type = fifo_type, .garble = fifo_garble};

/* --- bytes on a pseudo-terminal */

static int pty_plug(struct scanner_wire *w)
{
    char other[PATH_SIZE];
    w->fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (w->fd < 0)
        return -errno;
    if (grantpt(w->fd) < 0 || unlockpt(w->fd) < 0 || ptsname_r(w->fd, other, sizeof(other)) != 0)
        return -EIO;
    w->held = open(other, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (w->held < 0)
        return -errno;
    struct termios t;
    if (tcgetattr(w->held, &t) < 0)
        return -errno;
    cfmakeraw(&t);
    if (tcsetattr(w->held, TCSANOW, &t) < 0 || symlink(other, w->path) < 0)
        return -errno;
    return 0;
}

static int pty_type(struct scanner_wire *w, const uint8_t *text, size_t n, bool terminated)
{
    uint8_t bytes[SCAN_FRAME_MAX + 1];
    memcpy(bytes, text, n);
    bytes[n] = '\r';
    return scanner_wire_raw(w, bytes, n + (terminated ? 1 : 0));
}

static int pty_garble(struct scanner_wire *w)
{
    return scanner_wire_raw(w, (const uint8_t *)"", 1); /* the NUL that a line error is read as */
}

static const struct scanner_wire_ops pty_ops = {
    .plug = pty_plug, .type = pty_type, .garble = pty_garble};

/* --- both */

static int wire_open(const char *path, const struct hid_encode_conf *conf,
                     const struct scanner_wire_ops *ops, struct scanner_wire **ret)
{
    AUTO(scanner_wire) w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    *w = (struct scanner_wire){.ops = ops, .conf = *conf, .fd = -1, .held = -1};
    int err = text_copy(w->path, sizeof(w->path), path);
    if (err == 0)
        err = scanner_wire_plug(w);
    if (err < 0)
        return err;
    *ret = TAKE(w);
    return 0;
}

int scanner_wire_evdev(const char *path, const struct hid_encode_conf *conf,
                       struct scanner_wire **ret)
{
    assert(path && conf && ret);
    return wire_open(path, conf, &fifo_ops, ret);
}

int scanner_wire_serial(const char *path, struct scanner_wire **ret)
{
    assert(path && ret);
    return wire_open(path, &(struct hid_encode_conf){0}, &pty_ops, ret);
}

static int type(struct scanner_wire *w, const uint8_t *text, size_t n, bool terminated)
{
    assert(w && (text || n == 0));
    if (w->fd < 0)
        return -ENODEV;
    return n > SCAN_FRAME_MAX ? -E2BIG : w->ops->type(w, text, n, terminated);
}

int scanner_wire_scan(struct scanner_wire *w, const uint8_t *text, size_t n)
{
    return type(w, text, n, true);
}

int scanner_wire_type(struct scanner_wire *w, const uint8_t *text, size_t n)
{
    return type(w, text, n, false);
}

int scanner_wire_garble(struct scanner_wire *w)
{
    assert(w);
    return w->fd < 0 ? -ENODEV : w->ops->garble(w);
}

static void let_go(struct scanner_wire *w)
{
    if (w->held >= 0)
        close(w->held);
    if (w->fd >= 0)
        close(w->fd);
    w->held = w->fd = -1;
}

void scanner_wire_unplug(struct scanner_wire *w)
{
    assert(w);
    if (w->fd < 0)
        return;
    unlink(w->path);
    let_go(w);
}

int scanner_wire_plug(struct scanner_wire *w)
{
    assert(w);
    if (w->fd >= 0)
        return 0;
    int err = w->ops->plug(w);
    if (err < 0)
        let_go(w);
    return err;
}

void scanner_wire_free(struct scanner_wire *w)
{
    if (!w)
        return;
    scanner_wire_unplug(w);
    free(w);
}
