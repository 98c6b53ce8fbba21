/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner_evdev.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "hid_decode.h"
#include "scanner_driver.h"
#include "text.h"

/* A scan of 100 characters is some 600 events of the kernel; the kernel itself holds 64. */
#define EVENTS_MAX 1024

/* An event older than this has its time from another clock: it is taken as coming now. */
#define EVENT_AGE_MAX_MS 60000

struct scanner_evdev {
    struct scanner base;
    struct hid_decode decode;
    int64_t last_ms;
    size_t at; /* events up to here are decoded */
    size_t n;
    size_t tail_len; /* of an event that a pipe delivered in part */
    struct hid_event events[EVENTS_MAX];
    uint8_t tail[sizeof(struct input_event)];
};

/* Times are CLOCK_MONOTONIC. They never run backwards, and never ahead of now. */
static int64_t event_ms(struct scanner_evdev *v, const struct input_event *e, int64_t now_ms)
{
    int64_t ms = (int64_t)e->input_event_sec * 1000 + (int64_t)e->input_event_usec / 1000;
    if (ms > now_ms || ms < now_ms - EVENT_AGE_MAX_MS)
        ms = now_ms;
    if (ms < v->last_ms)
        ms = v->last_ms;
    v->last_ms = ms;
    return ms;
}

static int evdev_fill(struct scanner *s, int64_t now_ms)
{
    struct scanner_evdev *v = (struct scanner_evdev *)s;
    memmove(v->events, v->events + v->at, (v->n - v->at) * sizeof(v->events[0]));
    v->n -= v->at;
    v->at = 0;
    if (v->n == EVENTS_MAX)
        return 0;

    struct input_event raw[EVENTS_MAX];
    uint8_t *bytes = (uint8_t *)raw;
    memcpy(bytes, v->tail, v->tail_len);
    ssize_t got =
        read(s->fd, bytes + v->tail_len, (EVENTS_MAX - v->n) * sizeof(raw[0]) - v->tail_len);
    if (got <= 0)
        return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -EIO;

    size_t len = v->tail_len + (size_t)got;
    size_t whole = len / sizeof(raw[0]);
    v->tail_len = len % sizeof(raw[0]);
    memcpy(v->tail, bytes + whole * sizeof(raw[0]), v->tail_len);
    for (size_t i = 0; i < whole; i++)
        v->events[v->n++] = (struct hid_event){event_ms(v, &raw[i], now_ms), raw[i].type,
                                               raw[i].code, raw[i].value};
    return 1;
}

static enum scan_frame_end evdev_next(struct scanner *s, int64_t now_ms)
{
    struct scanner_evdev *v = (struct scanner_evdev *)s;
    (void)now_ms;
    size_t used = 0;
    enum scan_frame_end how = hid_decode_next(&v->decode, v->events + v->at, v->n - v->at, &used);
    v->at += used;
    return how;
}

static enum scan_frame_end evdev_cut(struct scanner *s)
{
    return hid_decode_cut(&((struct scanner_evdev *)s)->decode);
}

static void evdev_free(struct scanner *s)
{
    close(s->fd); /* which ends the grab */
    free((struct scanner_evdev *)s);
}

static const struct scanner_ops ops = {
    .fill = evdev_fill, .next = evdev_next, .cut = evdev_cut, .free = evdev_free};

/* Makes an input device ours. Whether Caps Lock is on is asked once; from then on only the scanner
 * itself can change it, as the grabbed keyboard is nobody else's. */
static int take_input_device(int fd, bool *ret_caps)
{
    int clock = CLOCK_MONOTONIC;
    uint8_t leds[LED_MAX / 8 + 1] = {0};
    struct input_id id;
    if (ioctl(fd, EVIOCGID, &id) < 0)
        return errno == ENODEV ? -ENODEV : -EINVAL; /* gone meanwhile, or no input device */
    if (ioctl(fd, EVIOCGRAB, 1) < 0 || ioctl(fd, EVIOCSCLOCKID, &clock) < 0)
        return -errno;
    if (ioctl(fd, EVIOCGLED(sizeof(leds)), leds) >= 0)
        *ret_caps = (leds[LED_CAPSL / 8] >> LED_CAPSL % 8 & 1) != 0;
    return 0;
}

/* The device, or the simulator's FIFO. */
static int take(int fd, bool *ret_caps, bool *ret_fifo)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return -errno;
    *ret_fifo = S_ISFIFO(st.st_mode);
    if (*ret_fifo)
        return 0;
    return S_ISCHR(st.st_mode) ? take_input_device(fd, ret_caps) : -EINVAL;
}

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int scanner_evdev_open(const struct scanner_profile *p, struct scanner **ret)
{
    assert(p && ret);

    char path[SCANNER_PATH_SIZE];
    int err = p->path[0] != '\0'
                  ? text_copy(path, sizeof(path), p->path)
                  : scanner_evdev_find(p, SCANNER_EVDEV_SYSFS, SCANNER_EVDEV_DEV, path);
    if (err < 0)
        return err;
    struct scanner_evdev *v = calloc(1, sizeof(*v));
    if (!v)
        return -ENOMEM;
    v->base = (struct scanner){.ops = &ops, .frame = &v->decode.frame};
    v->base.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (v->base.fd < 0) {
        err = -errno;
        free(v);
        return err;
    }
    AUTO(scanner) s = &v->base;
    bool caps = false;
    bool fifo = false;
    err = text_copy(s->name, sizeof(s->name), p->name);
    if (err == 0)
        err = take(s->fd, &caps, &fifo);
    if (err == 0)
        err = hid_decode_init(&v->decode, &p->frame, caps);
    if (err < 0)
        return err;
    /* A FIFO that nobody writes opens all the same, and reads as ended. */
    if (fifo && evdev_fill(s, monotonic_ms()) < 0)
        return -ENODEV;
    *ret = TAKE(s);
    return 0;
}
