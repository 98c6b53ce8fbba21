/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_serial.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "clock.h"
#include "scale_driver.h"
#include "scale_stream.h"

#define FRESH_MS 500   /* what a continuous stream left in the buffer for longer is not live */
#define DRAIN_MAX 8192 /* bytes looked at in one read of a stream that never pauses */
#define TARE_TIMEOUT_MS 3000 /* T and Z wait for the load to come to rest */

struct scale_serial {
    struct scale base;
    int fd;
    struct scale_stream stream;
    enum scale_unit unit;
    uint8_t data_bits; /* a mask: hardware without seven-bit modes leaves the parity bit in */
    int32_t timeout_ms;
    int64_t quiet_until_ms; /* after an error: a late answer may come until then; 0: none */
    int64_t last_ms;        /* of the last read of a continuous stream */
};

static void scale_serial_free(struct scale_serial *m)
{
    if (!m)
        return;
    if (m->fd >= 0)
        close(m->fd);
    free(m);
}
DEFINE_AUTO(scale_serial);

static void empty_line(struct scale_serial *m)
{
    tcflush(m->fd, TCIFLUSH);
    scale_stream_reset(&m->stream);
}

/* Reads what there is. 0 when nothing is; -EIO when the other end is gone. */
static int read_some(struct scale_serial *m, uint8_t *buf, size_t size)
{
    ssize_t n = read(m->fd, buf, size);
    for (ssize_t i = 0; i < n; i++)
        buf[i] &= m->data_bits;
    if (n > 0)
        return (int)n;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    return -EIO; /* end of file is a hang-up on a tty */
}

/* Waits until the deadline for input. -ETIMEDOUT, or -EIO for a hang-up. */
static int wait_input(struct scale_serial *m, int64_t deadline_ms)
{
    int64_t left_ms = deadline_ms - clock_steady_ms();
    struct pollfd p = {.fd = m->fd, .events = POLLIN};
    int n = poll(&p, 1, left_ms > 0 ? (int)left_ms : 0);
    if (n < 0)
        return errno == EINTR ? 0 : -EIO;
    if (n == 0)
        return -ETIMEDOUT;
    return p.revents & POLLIN ? 0 : -EIO;
}

/* Puts bytes through the stream and keeps the newest frame. Returns how many frames there were. */
static int feed(struct scale_serial *m, const uint8_t *bytes, size_t len, struct scale_frame *ret)
{
    int frames = 0;
    size_t at = 0;
    int found;
    do {
        size_t taken = 0;
        found = scale_stream_next(&m->stream, bytes + at, len - at, &taken, ret);
        at += taken;
        frames += found;
    } while (found || at < len);
    return frames;
}

/* The newest frame that is there or comes within timeout_ms; *ret_at_ms is when it was read. */
static int next_frame(struct scale_serial *m, int32_t timeout_ms, struct scale_frame *ret,
                      int64_t *ret_at_ms)
{
    int64_t deadline_ms = clock_steady_ms() + timeout_ms;
    size_t bytes = 0;
    int frames = 0;
    while (bytes < DRAIN_MAX) {
        uint8_t buf[256];
        int n = read_some(m, buf, sizeof(buf));
        if (n < 0)
            return n;
        if (n > 0) {
            bytes += (size_t)n;
            frames += feed(m, buf, (size_t)n, ret);
            *ret_at_ms = clock_steady_ms();
            continue;
        }
        if (frames > 0)
            return 0;
        int err = wait_input(m, deadline_ms);
        if (err == -ETIMEDOUT)
            return bytes > 0 ? -EBADMSG : -ETIMEDOUT;
        if (err < 0)
            return err;
    }
    return frames > 0 ? 0 : -EBADMSG;
}

static int reply_err(enum scale_reply reply)
{
    switch (reply) {
    case SCALE_REPLY_WEIGHT:
    case SCALE_REPLY_NOTICE:
        return 0;
    case SCALE_REPLY_TRANSMISSION_ERROR:
        return -EBADMSG;
    case SCALE_REPLY_TARED:
    case SCALE_REPLY_UNTARED:
    case SCALE_REPLY_ZEROED: /* answers to what was not asked */
        return -EBADMSG;
    case SCALE_REPLY_SYNTAX_ERROR:
    case SCALE_REPLY_LOGICAL_ERROR:
        return -EPROTO;
    }
    return -EPROTO;
}

static int to_reading(const struct scale_serial *m, const struct scale_frame *f, int64_t at_ms,
                      struct scale_reading *ret)
{
    int err = reply_err(f->reply);
    if (err < 0)
        return err;
    *ret = f->reading;
    ret->at_mono_ms = at_ms;
    if (ret->unit == SCALE_UNIT_NONE)
        ret->unit = m->unit;
    return 0;
}

static int continuous_read(struct scale *s, struct scale_reading *ret)
{
    struct scale_serial *m = (struct scale_serial *)s;
    if (clock_steady_ms() - m->last_ms > FRESH_MS)
        empty_line(m);
    struct scale_frame f;
    int64_t at_ms = 0;
    int err = next_frame(m, m->timeout_ms, &f, &at_ms);
    m->last_ms = clock_steady_ms();
    return err < 0 ? err : to_reading(m, &f, at_ms, ret);
}

/* Sends a command and takes one answer. As on Modbus, an answer carries no number: after any error
 * the line is left to itself for a timeout, then emptied. */
static int ask(struct scale_serial *m, const char *command, int32_t timeout_ms,
               struct scale_frame *ret, int64_t *ret_at_ms)
{
    clock_sleep_until(m->quiet_until_ms);
    empty_line(m);
    ssize_t n = write(m->fd, command, strlen(command));
    int err = n == (ssize_t)strlen(command) ? next_frame(m, timeout_ms, ret, ret_at_ms) : -EIO;
    m->quiet_until_ms = err < 0 ? clock_steady_ms() + timeout_ms : 0;
    return err;
}

static int demand_read(struct scale *s, struct scale_reading *ret)
{
    struct scale_serial *m = (struct scale_serial *)s;
    struct scale_frame f;
    int64_t at_ms = 0;
    int err = ask(m, "SI\r\n", m->timeout_ms, &f, &at_ms); /* S would wait for the load to rest */
    return err < 0 ? err : to_reading(m, &f, at_ms, ret);
}

static int command(struct scale_serial *m, const char *line, enum scale_reply done)
{
    struct scale_frame f;
    int64_t at_ms = 0;
    int err = ask(m, line, TARE_TIMEOUT_MS, &f, &at_ms);
    if (err < 0)
        return err;
    if (f.reply == done)
        return 0;
    if (f.reply == SCALE_REPLY_SYNTAX_ERROR)
        return -ENOTSUP;
    if (f.reply != SCALE_REPLY_NOTICE)
        return reply_err(f.reply) < 0 ? reply_err(f.reply) : -EBADMSG;
    return f.reading.status == SCALE_NOT_READY ? -EBUSY : -ERANGE;
}

static int demand_tare(struct scale *s)
{
    return command((struct scale_serial *)s, "T\r\n", SCALE_REPLY_TARED);
}

static int demand_zero(struct scale *s)
{
    return command((struct scale_serial *)s, "Z\r\n", SCALE_REPLY_ZEROED);
}

static void serial_free(struct scale *s)
{
    scale_serial_free((struct scale_serial *)s);
}

static const struct scale_ops continuous_ops = {.read = continuous_read, .free = serial_free};
static const struct scale_ops demand_ops = {
    .read = demand_read, .tare = demand_tare, .zero = demand_zero, .free = serial_free};

int scale_serial_open(const struct scale_serial_conf *conf, struct scale **ret)
{
    assert(conf && conf->device && conf->timeout_ms > 0 && ret);
    AUTO(scale_serial) m = calloc(1, sizeof(*m));
    if (!m)
        return -ENOMEM;
    *m = (struct scale_serial){
        .base = {.ops = scale_protocol_continuous(conf->protocol) ? &continuous_ops : &demand_ops,
                 .capacity_g = conf->capacity_g,
                 .last_status = SCALE_NOT_READY},
        .fd = -1,
        .stream = scale_stream_init(conf->protocol),
        .unit = conf->unit,
        .data_bits = conf->mode == SERIAL_7E1 ? 0x7f : 0xff,
        .timeout_ms = conf->timeout_ms,
    };
    m->fd = serial_port_open(conf->device, conf->baud, conf->mode);
    if (m->fd < 0)
        return m->fd;
    *ret = &TAKE(m)->base;
    return 0;
}
