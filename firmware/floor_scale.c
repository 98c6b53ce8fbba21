/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_scale.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "civil.h"
#include "clock.h"
#include "decimal.h"
#include "device_line.h"
#include "log.h"
#include "queue.h"
#include "scale_modbus.h"
#include "scale_serial.h"
#include "scale_thread.h"
#include "settle.h"
#include "text.h"

#define SCALES_MAX 8
#define EVENTS_MAX 64
#define POLL_MS 150
#define HOST_SIZE 64

enum wire { WIRE_RTU, WIRE_TCP, WIRE_ASCII };
static const char *const drivers[] = {"rtu", "tcp", "ascii", NULL};

struct attached {
    char name[SCALE_THREAD_ID_SIZE];
    char post[STATION_POST_SIZE];
    char path[DEVICE_LINE_SIZE]; /* what the confs point into */
    enum wire wire;
    struct scale_modbus_conf modbus;
    struct scale_serial_conf serial;
    struct scale_thread *thread;
    struct settle settle;
    struct scale_reading handed_on; /* the load that was, while it lies there */
    bool has_handed_on;
};

struct floor_scales {
    struct attached scales[SCALES_MAX];
    size_t count;
    struct queue *events;
    sd_event_source *io;
    struct floor_hooks hooks;
};

void floor_scales_free(struct floor_scales *f)
{
    if (!f)
        return;
    sd_event_source_disable_unref(f->io);
    for (size_t i = 0; i < f->count; i++)
        scale_thread_free(f->scales[i].thread);
    queue_free(f->events);
    free(f);
}

static int open_modbus(const void *conf, struct scale **ret)
{
    return scale_modbus_open(conf, ret);
}

static int open_serial(const void *conf, struct scale **ret)
{
    return scale_serial_open(conf, ret);
}

/* Whether the load that was handed on has left the pan: less than half of it lies there. */
static bool has_gone(const struct scale_reading *load, const struct scale_reading *now)
{
    int64_t before_mg = 0;
    int64_t now_mg = 0;
    return scale_reading_milligrams(load, &before_mg) == 0 &&
           scale_reading_milligrams(now, &now_mg) == 0 && now_mg < before_mg / 2;
}

/* A load is handed on once, at the moment it settles; another weight is another load, also when the
 * scale called it stable between two polls. A knock, or a scale that was lost and found, does not
 * make the same weight a new load: for that the pan must have been seen without it. */
static void take_reading(struct floor_scales *f, struct attached *a, const struct scale_event *e)
{
    if (a->has_handed_on && has_gone(&a->handed_on, &e->reading))
        a->has_handed_on = false;
    settle_feed(&a->settle, &e->reading);
    struct scale_reading r;
    if (settle_judge(&a->settle, e->at_mono_ms, &r) != SETTLE_BOOKABLE ||
        (a->has_handed_on && scale_reading_same(&a->handed_on, &r)))
        return;
    a->has_handed_on = true;
    a->handed_on = r;
    int64_t grams = 0;
    int err = scale_reading_grams(&r, &grams);
    if (err < 0) {
        log_line(LOG_LEVEL_WARNING, "scale %s: a weight in %s is not whole grams, dropped", a->name,
                 scale_unit_name(r.unit));
        return;
    }
    if (grams <= 0)
        return;
    struct station_input in = {.kind = INPUT_WEIGHT, .grams = grams};
    strcpy(in.post, a->post);
    text_cut(in.device, sizeof(in.device), a->name);
    memcpy(in.bytes, r.raw, r.raw_len);
    in.len = r.raw_len;
    f->hooks.on_input(&in, f->hooks.context);
}

static void take_event(struct floor_scales *f, const struct scale_event *e)
{
    struct attached *a = NULL;
    for (size_t i = 0; i < f->count && !a; i++)
        if (strcmp(f->scales[i].name, e->id) == 0)
            a = &f->scales[i];
    assert(a);
    switch (e->kind) {
    case SCALE_EVENT_ONLINE:
        log_line(LOG_LEVEL_NOTICE, "scale %s: there", a->name);
        f->hooks.on_state(a->name, true, f->hooks.context);
        break;
    case SCALE_EVENT_OFFLINE:
        log_line(LOG_LEVEL_WARNING, "scale %s: lost, retrying: %s", a->name, strerror(-e->err));
        settle_lost(&a->settle);
        f->hooks.on_state(a->name, false, f->hooks.context);
        break;
    case SCALE_EVENT_READING:
        take_reading(f, a, e);
        break;
    case SCALE_EVENT_REFUSED:
        settle_lost(&a->settle);
        break;
    case SCALE_EVENT_DONE:
        break;
    }
}

static int on_event(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct floor_scales *f = userdata;
    struct scale_event e;
    while (queue_take(f->events, &e) == 1)
        take_event(f, &e);
    return 0;
}

static int protocol_by_name(const char *what, const char *name, enum scale_protocol *ret,
                            struct diag *reterr)
{
    if (scale_protocol_by_name(name, ret) == 0)
        return 0;
    diag_set(reterr, 0, "%s: profile=%.30s: an ASCII protocol, as mtsics or toledo17", what, name);
    return -EINVAL;
}

static int read_ascii(const struct device_line *l, const char *what, struct attached *a,
                      enum scale_unit unit, struct diag *reterr)
{
    static const char *const modes[] = {"8n1", "7e1", "8e1", NULL};
    int64_t baud = 0;
    int64_t timeout = 0;
    int mode = 0;
    a->serial = (struct scale_serial_conf){.device = a->path, .unit = unit};
    int err =
        protocol_by_name(what, device_line_text(l, "profile", ""), &a->serial.protocol, reterr);
    if (err == 0)
        err = device_line_number(l, what, "baud", 9600, 1200, 115200, &baud, reterr);
    if (err == 0)
        err = device_line_number(l, what, "timeout_ms", 2000, 100, 10000, &timeout, reterr);
    if (err == 0)
        err = device_line_choice(l, what, "parity", modes, 0, &mode, reterr);
    if (err == 0)
        err = device_line_number(l, what, "capacity_g", 150000, 1, 100000000, &a->serial.capacity_g,
                                 reterr);
    a->serial.baud = (int)baud;
    a->serial.timeout_ms = (int32_t)timeout;
    a->serial.mode = (enum serial_mode)mode;
    return err;
}

static int split_address(const char *what, struct attached *a, struct diag *reterr)
{
    char *colon = strrchr(a->path, ':');
    int64_t port = 0;
    if (!colon || decimal_parse(colon + 1, 0, &port) < 0 || port < 1 || port > 65535) {
        diag_set(reterr, 0, "%s: \"%.60s\": ADDRESS:PORT", what, a->path);
        return -EINVAL;
    }
    *colon = '\0';
    a->modbus.host = a->path;
    a->modbus.port = (int)port;
    return 0;
}

static int read_modbus(const struct device_line *l, const char *what, struct attached *a,
                       enum scale_unit unit, struct diag *reterr)
{
    static const char *const parities[] = {"none", "even", "odd", NULL};
    static const char *const orders[] = {"ABCD", "CDAB", "BADC", "DCBA", NULL};
    const char *profile = device_line_text(l, "profile", "");
    a->modbus = (struct scale_modbus_conf){
        .profile = scale_register_profile(profile), .registers.unit = unit, .address = -1};
    if (!a->modbus.profile) {
        diag_set(reterr, 0, "%s: profile=%.30s: a register profile, as laumas_tl or float32", what,
                 profile);
        return -EINVAL;
    }
    int64_t baud = 0;
    int64_t id = 0;
    int64_t timeout = 0;
    int64_t decimals = 0;
    int parity = 0;
    int order = 0;
    int err = device_line_number(l, what, "baud", 9600, 1200, 115200, &baud, reterr);
    if (err == 0)
        err = device_line_number(l, what, "unit", 1, 1, 247, &id, reterr);
    if (err == 0)
        err = device_line_number(l, what, "timeout_ms", SCALE_MODBUS_TIMEOUT_MS, 50, 5000, &timeout,
                                 reterr);
    if (err == 0)
        err = device_line_number(l, what, "decimals", 3, 0, 6, &decimals, reterr);
    if (err == 0)
        err = device_line_choice(l, what, "parity", parities, 0, &parity, reterr);
    if (err == 0)
        err = device_line_choice(l, what, "order", orders, 0, &order, reterr);
    if (err == 0)
        err = device_line_number(l, what, "capacity_g", 150000, 1, 100000000, &a->modbus.capacity_g,
                                 reterr);
    if (err < 0)
        return err;
    a->modbus.baud = (int)baud;
    a->modbus.parity = "NEO"[parity];
    a->modbus.unit_id = (int)id;
    a->modbus.timeout_ms = (int32_t)timeout;
    a->modbus.registers.decimals = (uint8_t)decimals;
    a->modbus.registers.order = (enum scale_word_order)order;
    if (a->wire == WIRE_TCP)
        return split_address(what, a, reterr);
    a->modbus.device = a->path;
    return 0;
}

static int read_scale(const struct device_line *l, const char *what, struct attached *a,
                      struct diag *reterr)
{
    static const char *const units[] = {"g", "kg", NULL};
    if (text_copy(a->name, sizeof(a->name), device_line_text(l, "name", what)) < 0 ||
        text_copy(a->post, sizeof(a->post), device_line_text(l, "post", "")) < 0 || !*a->post) {
        diag_set(reterr, 0, "%s: post=NAME must be there; names have at most %d characters", what,
                 STATION_POST_SIZE - 1);
        return -EINVAL;
    }
    if (text_copy(a->path, sizeof(a->path), l->path) < 0)
        return -ENAMETOOLONG;
    int unit = 0;
    int err = device_line_choice(l, what, "weight_unit", units, 1, &unit, reterr);
    if (err < 0)
        return err;
    enum scale_unit shown = unit == 0 ? SCALE_UNIT_G : SCALE_UNIT_KG;
    a->wire = WIRE_RTU;
    while (strcmp(drivers[a->wire], l->driver) != 0)
        a->wire++;
    return a->wire == WIRE_ASCII ? read_ascii(l, what, a, shown, reterr)
                                 : read_modbus(l, what, a, shown, reterr);
}

static int start(struct floor_scales *f, struct attached *a)
{
    struct scale_thread_scale scale = {.open = a->wire == WIRE_ASCII ? open_serial : open_modbus,
                                       .conf = a->wire == WIRE_ASCII ? (const void *)&a->serial
                                                                     : (const void *)&a->modbus,
                                       .calibration_due_day = CIVIL_NONE};
    strcpy(scale.id, a->name);
    struct scale_thread_conf conf = {
        .scales = &scale, .count = 1, .poll_ms = POLL_MS, .events = f->events};
    a->settle = settle_init(settle_conf_default());
    return scale_thread_start(&conf, &a->thread);
}

int floor_scales_open(const char *const lines[], size_t count, sd_event *event,
                      const struct floor_hooks *hooks, struct diag *reterr,
                      struct floor_scales **ret)
{
    assert(count <= SCALES_MAX && event && hooks && ret);
    static const char *const keys[] = {"post",        "name",       "profile",    "unit",
                                       "baud",        "parity",     "order",      "decimals",
                                       "weight_unit", "capacity_g", "timeout_ms", NULL};
    AUTO(floor_scales) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->hooks = *hooks;
    int err = queue_open(EVENTS_MAX, sizeof(struct scale_event), &f->events);
    if (err == 0)
        err = sd_event_add_io(event, &f->io, queue_fd(f->events), EPOLLIN, on_event, f);
    for (size_t i = 0; i < count && err >= 0; i++) {
        if (!*lines[i])
            continue;
        char what[32];
        snprintf(what, sizeof(what), "scale%zu", i + 1);
        struct device_line l;
        struct attached *a = &f->scales[f->count];
        err = device_line_parse(what, lines[i], drivers, keys, &l, reterr);
        if (err == 0)
            err = read_scale(&l, what, a, reterr);
        const struct floor_device device = {a->name, "scale", a->post, true};
        if (err == 0)
            err = hooks->on_claim(what, &device, hooks->context, reterr);
        if (err == 0)
            f->count++; /* the threads start when all lines are known to be good */
    }
    for (size_t i = 0; i < f->count && err >= 0; i++)
        err = start(f, &f->scales[i]);
    if (err < 0)
        return err;
    *ret = TAKE(f);
    return 0;
}
