/* SPDX-License-Identifier: Apache-2.0 */
#include "appliance.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "civil.h"
#include "clock_lapse.h"
#include "clock_system.h"
#include "detect.h"
#include "document_folder.h"
#include "floor_lamp.h"
#include "floor_printer.h"
#include "floor_scale.h"
#include "floor_scanner.h"
#include "folder_lock.h"
#include "journal.h"
#include "log.h"
#include "release.h"
#include "site_origin.h"
#include "station.h"
#include "stationd_meaning.h"
#include "sync_desk.h"
#include "text.h"
#include "web.h"

#define TICK_USEC 100000        /* lamps, days, idle posts: nothing of it is more urgent */
#define ENROLMENT_USEC 1000000  /* between looks whether a new appliance has its name */
#define SWEEP_SKUS 20           /* scored in one go between scans: about a millisecond */
#define SWEEP_RETRY_TICKS 50    /* a sweep that failed is tried again after five seconds */
#define SYNC_TICKS 5            /* what syncd has brought is seen within half a second */
#define PERSIST_TICKS (5 * 600) /* the clock's last time, every five minutes */

struct appliance {
    int lock_fd; /* -1: not taken */
    struct stationd_conf conf;
    struct station_conf floor_conf;
    struct clock *clock;
    struct journal *journal;
    struct detect *detect;
    struct station *station;
    struct floor_scanners *scanners;
    struct floor_scales *scales;
    struct floor_lamps *lamps;
    struct floor_printers *printers;
    struct web *web;
    struct sync_desk *sync;

    sd_event *event;
    sd_event_source *group; /* commits what arrived; armed by arrivals */
    sd_event_source *sweep; /* the day's sweep; armed by a new day */
    sd_event_source *tick;
    sd_event_source *web_io;
    sd_event_source *documents;

    struct web_device devices[WEB_DEVICES_MAX];
    size_t devices_count;
    int64_t boot;
    int32_t today;
    bool sweeping; /* SKUs of the day are left, also after a step that failed */
    uint32_t ticks;
    int inputs; /* of scanners and scales that wait for their answers */
};

void appliance_free(struct appliance *a)
{
    if (!a)
        return;
    floor_scanners_free(a->scanners);
    floor_scales_free(a->scales);
    web_free(a->web);
    sync_desk_free(a->sync);
    floor_printers_free(a->printers);
    floor_lamps_free(a->lamps);
    station_free(a->station);
    detect_free(a->detect);
    journal_free(a->journal);
    clock_free(a->clock);
    sd_event_source_disable_unref(a->group);
    sd_event_source_disable_unref(a->sweep);
    sd_event_source_disable_unref(a->tick);
    sd_event_source_disable_unref(a->web_io);
    sd_event_source_disable_unref(a->documents);
    sd_event_unref(a->event);
    if (a->lock_fd >= 0)
        close(a->lock_fd);
    free(a);
}

/* A clock that cannot be read leaves the last entry's time: the journal raises it to that. */
static struct journal_time now(struct appliance *a)
{
    struct journal_time t = {.boot = a->boot};
    struct clock_reading r;
    if (clock_now(a->clock, &r) == 0) {
        t.wall_ms = r.wall_ms;
        t.mono_ms = r.mono_ms;
        t.trust = r.trust;
    }
    return t;
}

static struct web_floor web_floor(struct appliance *a)
{
    return (struct web_floor){.station = a->station,
                              .journal = a->journal,
                              .detect = a->detect,
                              .conf = &a->floor_conf,
                              .now = now(a),
                              .steady_ms = clock_steady_ms(),
                              .devices = a->devices,
                              .devices_count = a->devices_count,
                              .release = RELEASE,
                              .sync = a->sync ? sync_desk_show(a->sync, a->journal) : NULL};
}

/* When the loop has ended nothing can be armed, and nothing needs to be. */
static void arm(sd_event_source *source)
{
    int err = sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    assert(err >= 0 || err == -ESTALE);
}

/* Detection's own findings: nobody waits for them, so they share no commit with answers. */
static void commit_findings(struct appliance *a)
{
    if (journal_pending(a->journal) == 0)
        return;
    int err = journal_commit(a->journal);
    if (err < 0)
        log_line(LOG_LEVEL_ERROR, "journal: findings are not saved, retrying: %s", strerror(-err));
    detect_committed(a->detect, err == 0);
    if (detect_alerts_raised(a->detect) > 0)
        floor_lamps_alert(a->lamps, clock_steady_ms());
}

static void score_touched(struct appliance *a)
{
    struct journal_time t = now(a);
    char sku[ENTRY_SKU_SIZE];
    while (station_touched(a->station, sku) == 1) {
        int err = detect_sku(a->detect, sku, &t);
        if (err < 0)
            log_line(LOG_LEVEL_WARNING, "detection: SKU not scored, the night will: %s",
                     strerror(-err));
    }
    commit_findings(a);
}

static void print_labels(struct appliance *a)
{
    struct station_label label;
    while (station_print(a->station, &label) == 1)
        floor_printers_put(a->printers, &label);
}

static void settle_group(struct appliance *a)
{
    struct web_floor floor = web_floor(a);
    web_collect(a->web, &floor);
    arm(a->web_io);
    int err = station_commit(a->station);
    if (err < 0)
        log_line(LOG_LEVEL_ERROR, "journal: not saved, work is refused: %s", strerror(-err));
    int64_t steady = clock_steady_ms();
    struct station_answer answer;
    for (; a->inputs > 0 && station_answer(a->station, &answer) == 1; a->inputs--)
        floor_lamps_show(a->lamps, &answer, steady);
    a->inputs = 0;
    floor.now = now(a);
    web_settle(a->web, &floor, err);
    print_labels(a);
    score_touched(a);
    err = journal_tidy(a->journal);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "journal: its log stays as it is, retrying: %s",
                 strerror(-err));
}

static int on_group(sd_event_source *source, void *userdata)
{
    (void)source;
    settle_group(userdata);
    return 0;
}

static void on_input(const struct station_input *in, void *context)
{
    struct appliance *a = context;
    struct journal_time t = now(a);
    int err = station_input(a->station, in, &t);
    if (err == -EAGAIN) { /* the group is full: answer it first */
        settle_group(a);
        err = station_input(a->station, in, &t);
    }
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "input from %s for post %s dropped: %s", in->device, in->post,
                 strerror(-err));
    else
        a->inputs++;
    arm(a->group);
}

static void on_web_answer(const struct station_answer *answer, void *context)
{
    struct appliance *a = context;
    floor_lamps_show(a->lamps, answer, clock_steady_ms());
}

static struct web_device *find_device(struct appliance *a, const char *device)
{
    for (size_t i = 0; i < a->devices_count; i++)
        if (strcmp(a->devices[i].name, device) == 0)
            return &a->devices[i];
    return NULL;
}

static bool has_post(const struct appliance *a, const char *post)
{
    for (size_t i = 0; i < a->floor_conf.posts_count; i++)
        if (strcmp(a->floor_conf.posts[i].post, post) == 0)
            return true;
    return false;
}

/* What is awaited is lost until it is heard of; a printer is off until it is needed. */
static int on_claim(const char *what, const struct floor_device *device, void *context,
                    struct diag *reterr)
{
    struct appliance *a = context;
    if (*device->post && !has_post(a, device->post)) {
        diag_set(reterr, 0, "%s: post=%s: no [floor] post is called so", what, device->post);
        return -EINVAL;
    }
    if (find_device(a, device->name)) {
        diag_set(reterr, 0, "%s: two devices are called %s", what, device->name);
        return -EINVAL;
    }
    assert(a->devices_count < WEB_DEVICES_MAX);
    struct web_device *d = &a->devices[a->devices_count++];
    text_cut(d->name, sizeof(d->name), device->name);
    text_cut(d->kind, sizeof(d->kind), device->kind);
    text_cut(d->post, sizeof(d->post), device->post);
    d->state = device->awaited ? WEB_DEVICE_LOST : WEB_DEVICE_OFF;
    return 0;
}

static void on_state(const char *device, bool online, void *context)
{
    struct appliance *a = context;
    struct web_device *d = find_device(a, device);
    assert(d); /* it was claimed */
    d->state = online ? WEB_DEVICE_FINE : WEB_DEVICE_LOST;
}

/* Once: the requests are taken behind the scans, so until then their descriptor stays ready and
 * would keep the loop from ever coming to the commit. */
static int on_web(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct appliance *a = userdata;
    arm(a->group);
    return 0;
}

static int on_sweep(sd_event_source *source, void *userdata)
{
    struct appliance *a = userdata;
    struct journal_time t = now(a);
    int left = detect_step(a->detect, &t, SWEEP_SKUS);
    commit_findings(a);
    a->sweeping = left != 0;
    if (left > 0)
        arm(source);
    if (left < 0) /* armed again by the tick: a full disk must not keep the loop busy */
        log_line(LOG_LEVEL_WARNING, "detection: the sweep pauses, retrying: %s", strerror(-left));
    if (a->sweeping)
        return 0;
    struct web_floor floor = web_floor(a);
    station_refresh(a->station);
    web_notify(a->web, &floor);
    return 0;
}

static void take_in_force(struct appliance *a)
{
    if (!a->station)
        return; /* it will be opened with what is in force */
    station_refresh(a->station);
    detect_begin_day(a->detect, a->today); /* catalogue facts may have changed */
    arm(a->sweep);
}

static void apply_documents(struct appliance *a)
{
    if (!*a->conf.documents)
        return;
    struct journal_time t = now(a);
    int applied = document_folder_apply(a->conf.documents, a->journal, &t);
    if (applied > 0)
        take_in_force(a);
}

/* What the relay asked for once; that it is done stands in the journal already. */
static void carry_out(struct appliance *a, enum sync_command command)
{
    switch (command) {
    case SYNC_COMMAND_RESTART:
        sd_event_exit(a->event, 0);
        return;
    case SYNC_COMMAND_UNLOCK:
        station_unlock(a->station);
        return;
    case SYNC_COMMAND_RESCORE:
        take_in_force(a);
        return;
    }
}

static void take_from_inbox(struct appliance *a)
{
    if (sync_desk_look(a->sync) == 0)
        return;
    if (a->event && a->web) /* at the start nothing waits yet */
        settle_group(a);    /* the transaction must be free */
    struct journal_time t = now(a);
    if (sync_desk_work(a->sync, a->journal, a->clock, &t) > 0)
        take_in_force(a);
    enum sync_command command;
    if (a->station && sync_desk_command(a->sync, a->journal, &t, &command) == 1)
        carry_out(a, command);
}

static int on_documents(sd_event_source *source, const struct inotify_event *event, void *userdata)
{
    (void)source;
    (void)event;
    struct appliance *a = userdata;
    settle_group(a); /* the transaction must be free */
    apply_documents(a);
    return 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)usec;
    struct appliance *a = userdata;
    struct journal_time t = now(a);
    floor_lamps_step(a->lamps, clock_steady_ms());
    int32_t day = civil_ist_day(t.wall_ms);
    if (a->ticks % SYNC_TICKS == 0)
        take_from_inbox(a);
    if (day != a->today) {
        a->today = day;
        detect_begin_day(a->detect, day);
        arm(a->sweep);
    }
    if (++a->ticks % SWEEP_RETRY_TICKS == 0 && a->sweeping)
        arm(a->sweep);
    if (a->ticks % PERSIST_TICKS == 0) {
        int err = clock_persist(a->clock);
        if (err < 0)
            log_line(LOG_LEVEL_WARNING, "clock: last time not stored: %s", strerror(-err));
    }
    if (a->inputs == 0) { /* else what posts show is not durable yet, and its commit will notify */
        struct web_floor floor = web_floor(a);
        web_notify(a->web, &floor);
    }
    int err = sd_event_source_set_time_relative(source, TICK_USEC);
    return err < 0 ? err : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int open_clock(struct appliance *a, struct diag *reterr)
{
    if (strcmp(a->conf.clock, "system") != 0) {
        struct lapse spec;
        int err = lapse_parse(a->conf.clock, &spec, reterr);
        return err < 0 ? err : clock_lapse_open(&spec, &a->clock);
    }
    char last_time[STATIOND_PATH_SIZE + 16];
    snprintf(last_time, sizeof(last_time), "%s/last-time", a->conf.folder);
    struct clock_system_conf conf = {
        .build_ms = RELEASE_BUILD_MS, .last_time = last_time, .rtc_dir = "/sys/class/rtc"};
    return clock_system_open(&conf, &a->clock);
}

/* A new appliance has no name: syncd is granted one by the claim code that somebody lays down.
 * -ECANCELED: a signal came instead. */
static int wait_for_origin(struct appliance *a, struct site_origin *ret)
{
    int err = site_origin(&a->conf, ret);
    if (err != -EAGAIN && err != -EBUSY) /* syncd may just be making the inbox */
        return err;
    log_line(LOG_LEVEL_NOTICE, "stationd: waits for enrolment: vyaparctl claim CODE URL");
    sd_event_set_watchdog(a->event, true);
    sd_notify(0, "READY=1\nSTATUS=waits for enrolment");
    while ((err = site_origin(&a->conf, ret)) == -EAGAIN || err == -EBUSY) {
        int got = sd_event_run(a->event, ENROLMENT_USEC);
        if (got < 0)
            return got;
        if (sd_event_get_state(a->event) == SD_EVENT_FINISHED)
            return -ECANCELED;
    }
    return err;
}

static int open_journal(struct appliance *a, struct diag *reterr)
{
    char path[STATIOND_PATH_SIZE + 16];
    snprintf(path, sizeof(path), "%s/journal.db", a->conf.folder);
    struct site_origin who;
    int err = wait_for_origin(a, &who);
    if (err < 0)
        return err;
    struct journal_conf conf = {.path = path,
                                .origin = who.origin,
                                .site = who.site,
                                .disk_reserve_bytes = a->conf.disk_reserve_mb << 20};
    struct journal_time t = now(a);
    struct journal_opening opening;
    err = journal_open(&conf, &t, &opening, reterr, &a->journal);
    if (err < 0)
        return err;
    log_line(LOG_LEVEL_NOTICE, "journal: %s, head %" PRId64 ", %" PRId64 " entries verified%s",
             opening.created ? "begun" : "opened", opening.head, opening.verified,
             opening.folds_rebuilt ? ", folds rebuilt" : "");

    clock_set_floor(a->clock, journal_last_wall_ms(a->journal));
    a->boot = journal_last_boot(a->journal) + 1;
    struct entry booted = entry_new(ENTRY_BOOTED);
    strcpy(booted.note, RELEASE);
    t = now(a);
    int64_t seq = 0;
    err = journal_append(a->journal, &t, &booted, 1, reterr, &seq);
    return err < 0 ? err : journal_commit(a->journal);
}

static int open_devices(struct appliance *a, struct diag *reterr)
{
    const struct floor_hooks hooks = {
        .on_claim = on_claim, .on_input = on_input, .on_state = on_state, .context = a};
    const char *lines[STATIOND_DEVICES_MAX];
    for (size_t i = 0; i < STATIOND_DEVICES_MAX; i++)
        lines[i] = a->conf.indicators[i];
    int err = floor_lamps_open(lines, STATIOND_DEVICES_MAX, &hooks, reterr, &a->lamps);
    for (size_t i = 0; i < STATIOND_DEVICES_MAX; i++)
        lines[i] = a->conf.printers[i];
    if (err == 0)
        err = floor_printers_open(lines, STATIOND_DEVICES_MAX, a->event, &hooks, reterr,
                                  &a->printers);
    for (size_t i = 0; i < STATIOND_DEVICES_MAX; i++)
        lines[i] = a->conf.scales[i];
    if (err == 0)
        err = floor_scales_open(lines, STATIOND_DEVICES_MAX, a->event, &hooks, reterr, &a->scales);
    for (size_t i = 0; i < STATIOND_DEVICES_MAX; i++)
        lines[i] = a->conf.scanners[i];
    if (err == 0)
        err = floor_scanners_open(lines, STATIOND_DEVICES_MAX, a->event, &hooks, reterr,
                                  &a->scanners);
    return err;
}

static int open_web(struct appliance *a, struct diag *reterr)
{
    struct web_conf conf = {.address = a->conf.bind,
                            .port = (uint16_t)a->conf.port,
                            .host_name = "",
                            .panel = true,
                            .on_answer = on_web_answer,
                            .context = a};
    return web_open(&conf, reterr, &a->web);
}

/* Arrivals are looked at before the commit that answers them, and both before the sweep. */
static int open_loop(struct appliance *a)
{
    int err = sd_event_add_defer(a->event, &a->group, on_group, a);
    if (err >= 0)
        err = sd_event_source_set_priority(a->group, SD_EVENT_PRIORITY_NORMAL + 10);
    if (err >= 0)
        err = sd_event_source_set_enabled(a->group, SD_EVENT_OFF);
    if (err >= 0)
        err = sd_event_add_defer(a->event, &a->sweep, on_sweep, a);
    if (err >= 0)
        err = sd_event_source_set_priority(a->sweep, SD_EVENT_PRIORITY_IDLE);
    if (err >= 0)
        err = sd_event_source_set_enabled(a->sweep, SD_EVENT_OFF);
    if (err >= 0)
        err = sd_event_add_time_relative(a->event, &a->tick, CLOCK_MONOTONIC, TICK_USEC, 0, on_tick,
                                         a);
    if (err >= 0)
        err = sd_event_add_io(a->event, &a->web_io, web_fd(a->web), EPOLLIN, on_web, a);
    if (err >= 0)
        err = sd_event_source_set_enabled(a->web_io, SD_EVENT_ONESHOT);
    return err;
}

/* Before the folder is read for the first time: what is laid there from then on is told, however
 * long the start takes. */
static int watch_documents(struct appliance *a)
{
    if (!*a->conf.documents)
        return 0;
    return sd_event_add_inotify(a->event, &a->documents, a->conf.documents,
                                IN_CLOSE_WRITE | IN_MOVED_TO, on_documents, a);
}

static int open_signals(struct appliance *a)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -errno;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit refuses work, as a full disk does */
    int err = sd_event_add_signal(a->event, NULL, SIGTERM, NULL, NULL); /* NULL: ends the loop */
    return err < 0 ? err : sd_event_add_signal(a->event, NULL, SIGINT, NULL, NULL);
}

int appliance_open(const struct stationd_conf *conf, struct diag *reterr, struct appliance **ret)
{
    assert(conf && ret);
    AUTO(appliance) a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    a->conf = *conf;
    a->lock_fd = -1;
    int err = sd_event_default(&a->event);
    if (err >= 0)
        err = open_signals(a); /* before the first thread, which inherits the mask */
    if (err >= 0)
        err = stationd_conf_station(conf, &a->floor_conf, reterr);
    if (err >= 0)
        err = folder_lock_take(conf->folder, "stationd", reterr, &a->lock_fd);
    if (err >= 0)
        err = open_clock(a, reterr);
    if (err >= 0)
        err = open_journal(a, reterr);
    if (err >= 0)
        err = sync_desk_open(conf->folder, &a->sync);
    if (err >= 0)
        err = watch_documents(a);
    if (err < 0)
        return err;
    apply_documents(a);
    take_from_inbox(a);
    a->today = civil_ist_day(now(a).wall_ms);
    struct detect_conf risk = stationd_conf_detect(conf);
    err = detect_open(&risk, a->journal, a->today, reterr, &a->detect);
    if (err >= 0)
        err = station_open(&a->floor_conf, a->journal, reterr, &a->station);
    if (err >= 0)
        err = open_web(a, reterr);
    if (err >= 0)
        err = open_loop(a);
    if (err >= 0)
        err = open_devices(a, reterr);
    if (err < 0)
        return err;
    arm(a->sweep); /* what crossed a threshold while the power was off */
    detect_begin_day(a->detect, a->today);
    *ret = TAKE(a);
    return 0;
}

int appliance_run(struct appliance *a)
{
    assert(a);
    log_line(LOG_LEVEL_NOTICE, "stationd: screen at http://%s:%u/", a->conf.bind,
             (unsigned)web_port(a->web));
    sd_event_set_watchdog(a->event, true);
    sd_notify(0, "READY=1");
    int err = sd_event_loop(a->event);
    sd_notify(0, "STOPPING=1");
    settle_group(a);
    int stored = clock_persist(a->clock);
    if (stored < 0)
        log_line(LOG_LEVEL_WARNING, "clock: last time not stored: %s", strerror(-stored));
    log_line(LOG_LEVEL_NOTICE, "stationd: ended, head %" PRId64, journal_head(a->journal));
    return err;
}
