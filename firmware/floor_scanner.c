/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_scanner.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "device_line.h"
#include "log.h"
#include "queue.h"
#include "retry.h"
#include "scanner_evdev.h"
#include "scanner_serial.h"
#include "text.h"

#define SCANNERS_MAX 8
#define NEWS_MAX 128

static const char *const drivers[] = {"evdev", "serial", NULL};
static int (*const openers[])(const struct scanner_profile *p,
                              struct scanner **ret) = {scanner_evdev_open, scanner_serial_open};

/* What the thread tells the loop. */
struct news {
    bool is_state; /* else an input */
    bool online;
    size_t scanner;
    struct station_input input;
};

struct attached {
    struct floor_scanners *floor;
    size_t index;
    struct scanner_profile profile;
    char post[STATION_POST_SIZE];
    size_t driver;
    struct scanner *scanner;
    struct retry retry;
    bool online;
};

struct floor_scanners {
    struct attached scanners[SCANNERS_MAX];
    size_t count;
    struct queue *news;
    int stop_fd; /* eventfd: readable when the thread shall end */
    atomic_bool stopping;
    bool running;
    pthread_t thread;
    sd_event_source *io;
    struct floor_hooks hooks;
};

void floor_scanners_free(struct floor_scanners *f)
{
    if (!f)
        return;
    if (f->running) {
        f->stopping = true;
        eventfd_write(f->stop_fd, 1);
        pthread_join(f->thread, NULL);
    }
    sd_event_source_disable_unref(f->io);
    for (size_t i = 0; i < f->count; i++)
        scanner_free(f->scanners[i].scanner);
    queue_free(f->news);
    if (f->stop_fd >= 0)
        close(f->stop_fd);
    free(f);
}

/* In the thread. A full queue means that the loop waits for the disk: the scanners' own buffers
 * hold what comes meanwhile, so the thread waits too. */
static void tell(struct floor_scanners *f, const struct news *n)
{
    while (queue_put(f->news, n) == -EAGAIN && !f->stopping) {
        struct timespec pause = {.tv_nsec = 2000000};
        nanosleep(&pause, NULL);
    }
}

static void set_online(struct attached *a, bool online)
{
    if (a->online == online)
        return;
    a->online = online;
    struct news n = {.is_state = true, .online = online, .scanner = a->index};
    tell(a->floor, &n);
}

static void lost(struct attached *a, int err, int64_t now)
{
    scanner_free(a->scanner);
    a->scanner = NULL;
    int32_t delay = retry_failed(&a->retry, now);
    if (a->retry.failures == 1 || a->online)
        log_line(LOG_LEVEL_WARNING, "scanner %s: gone, retrying in %d ms: %s", a->profile.name,
                 (int)delay, strerror(-err));
    set_online(a, false);
}

static void hand_on(struct attached *a, const struct scanner_frame *frame)
{
    struct news n = {.scanner = a->index, .input.kind = frame ? INPUT_SCAN : INPUT_LOST};
    struct station_input *in = &n.input;
    strcpy(in->post, a->post);
    text_cut(in->device, sizeof(in->device), a->profile.name);
    if (frame) {
        assert(frame->len <= sizeof(in->bytes));
        memcpy(in->bytes, frame->bytes, frame->len);
        in->len = (uint16_t)frame->len;
        in->partial = frame->partial;
        in->separator = (char)a->profile.gs_substitute;
    }
    tell(a->floor, &n);
}

/* Every frame that waits. */
static void drain(struct attached *a, int64_t now)
{
    struct scanner_frame frame;
    int got = 1;
    while (got == 1 || got == -EBADMSG) {
        got = scanner_read(a->scanner, now, &frame);
        if (got == 1 || got == -EBADMSG) {
            retry_succeeded(&a->retry);
            hand_on(a, got == 1 ? &frame : NULL);
        }
    }
    if (got < 0)
        lost(a, got, now);
}

static void attach(struct attached *a, int64_t now)
{
    int err = openers[a->driver](&a->profile, &a->scanner);
    if (err < 0) {
        lost(a, err, now);
        return;
    }
    set_online(a, true);
    drain(a, now); /* bytes may have come already */
}

/* Sleeps until a scanner speaks, one must be looked at, or the end. */
static void wait_for_scanners(struct floor_scanners *f)
{
    struct pollfd fds[SCANNERS_MAX + 1];
    size_t n = 0;
    int64_t due = INT64_MAX;
    fds[n++] = (struct pollfd){.fd = f->stop_fd, .events = POLLIN};
    for (size_t i = 0; i < f->count; i++) {
        const struct attached *a = &f->scanners[i];
        int64_t at = a->scanner ? scanner_deadline_ms(a->scanner) : a->retry.due_mono_ms;
        if (a->scanner)
            fds[n++] = (struct pollfd){.fd = scanner_fd(a->scanner), .events = POLLIN};
        if (at < due)
            due = at;
    }
    int64_t left = due == INT64_MAX ? -1 : due - clock_steady_ms();
    poll(fds, n, left < 0 && due != INT64_MAX ? 0 : (int)left);
}

static void *read_scanners(void *arg)
{
    struct floor_scanners *f = arg;
    while (!f->stopping) {
        int64_t now = clock_steady_ms();
        for (size_t i = 0; i < f->count && !f->stopping; i++) {
            struct attached *a = &f->scanners[i];
            if (a->scanner)
                drain(a, now);
            else if (retry_due(&a->retry, now))
                attach(a, now);
        }
        if (!f->stopping)
            wait_for_scanners(f);
    }
    return NULL;
}

static int on_news(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct floor_scanners *f = userdata;
    struct news n;
    /* Some at a time: the answers of these are due before the next are looked at. */
    for (int i = 0; i < STATION_GROUP_MAX / 2 && queue_take(f->news, &n) == 1; i++) {
        const struct attached *a = &f->scanners[n.scanner];
        if (n.is_state)
            f->hooks.on_state(a->profile.name, n.online, f->hooks.context);
        else
            f->hooks.on_input(&n.input, f->hooks.context);
    }
    return 0;
}

static int read_affix(const struct device_line *l, const char *what, const char *key,
                      uint8_t *affix, uint8_t *ret_len, struct diag *reterr)
{
    const char *text = device_line_text(l, key, "");
    size_t len = strlen(text);
    if (len > SCAN_FRAME_AFFIX_MAX) {
        diag_set(reterr, 0, "%s: %s=%.20s: at most %d characters", what, key, text,
                 SCAN_FRAME_AFFIX_MAX);
        return -EINVAL;
    }
    memcpy(affix, text, len);
    *ret_len = (uint8_t)len;
    return 0;
}

static int read_profile(const struct device_line *l, const char *what, struct attached *a,
                        struct diag *reterr)
{
    static const char *const formats[] = {"8n1", "7e1", NULL};
    static const char *const terminators[] = {"enter", "tab", NULL};
    struct scanner_profile *p = &a->profile;
    a->driver = strcmp(l->driver, drivers[0]) == 0 ? 0 : 1;
    if (text_copy(p->name, sizeof(p->name), device_line_text(l, "name", what)) < 0 ||
        text_copy(a->post, sizeof(a->post), device_line_text(l, "post", "")) < 0 || !*a->post) {
        diag_set(reterr, 0, "%s: post=NAME must be there; names have at most %d characters", what,
                 STATION_POST_SIZE - 1);
        return -EINVAL;
    }
    int64_t baud = 0;
    int64_t gap = 0;
    int format = 0;
    int terminator = 0;
    int err = device_line_number(l, what, "baud", 9600, 1200, 115200, &baud, reterr);
    if (err == 0)
        err = device_line_number(l, what, "gap_ms", SCAN_FRAME_IDLE_MS, 20, 2000, &gap, reterr);
    if (err == 0)
        err = device_line_choice(l, what, "line", formats, 0, &format, reterr);
    if (err == 0)
        err = device_line_choice(l, what, "terminator", terminators, 0, &terminator, reterr);
    if (err == 0)
        err = read_affix(l, what, "prefix", p->frame.prefix, &p->frame.prefix_len, reterr);
    if (err == 0)
        err = read_affix(l, what, "suffix", p->frame.suffix, &p->frame.suffix_len, reterr);
    if (err < 0)
        return err;
    p->baud = (int)baud;
    p->line = (enum serial_mode)format;
    p->frame.idle_ms = (uint16_t)gap;
    p->frame.terminator = terminator == 1 ? '\t' : 0;
    p->frame.seven_bit = format == 1;
    /* A path of "-" is found by its name and serial number instead. */
    if (text_copy(p->path, sizeof(p->path), strcmp(l->path, "-") == 0 ? "" : l->path) < 0 ||
        text_copy(p->match_name, sizeof(p->match_name), device_line_text(l, "match", "")) < 0 ||
        text_copy(p->match_serial, sizeof(p->match_serial), device_line_text(l, "serial", "")) <
            0) {
        diag_set(reterr, 0, "%s: path, match or serial is too long", what);
        return -EINVAL;
    }
    return 0;
}

static int start(struct floor_scanners *f, sd_event *event)
{
    f->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (f->stop_fd < 0)
        return -errno;
    int err = queue_open(NEWS_MAX, sizeof(struct news), &f->news);
    if (err == 0)
        err = sd_event_add_io(event, &f->io, queue_fd(f->news), EPOLLIN, on_news, f);
    if (err < 0)
        return err;
    err = pthread_create(&f->thread, NULL, read_scanners, f);
    f->running = err == 0;
    return -err;
}

int floor_scanners_open(const char *const lines[], size_t count, sd_event *event,
                        const struct floor_hooks *hooks, struct diag *reterr,
                        struct floor_scanners **ret)
{
    assert(count <= SCANNERS_MAX && event && hooks && ret);
    static const char *const keys[] = {"post",   "name",   "baud",       "line",
                                       "prefix", "suffix", "terminator", "gap_ms",
                                       "match",  "serial", "separator",  NULL};
    AUTO(floor_scanners) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->hooks = *hooks;
    f->stop_fd = -1;
    for (size_t i = 0; i < count; i++) {
        if (!*lines[i])
            continue;
        char what[32];
        snprintf(what, sizeof(what), "scanner%zu", i + 1);
        struct device_line l;
        struct attached *a = &f->scanners[f->count];
        a->floor = f;
        a->index = f->count;
        int err = device_line_parse(what, lines[i], drivers, keys, &l, reterr);
        if (err == 0)
            err = read_profile(&l, what, a, reterr);
        const struct floor_device device = {a->profile.name, "scanner", a->post, true};
        if (err == 0)
            err = hooks->on_claim(what, &device, hooks->context, reterr);
        if (err < 0)
            return err;
        f->count++;
    }
    int err = start(f, event);
    if (err < 0)
        return err;
    *ret = TAKE(f);
    return 0;
}
