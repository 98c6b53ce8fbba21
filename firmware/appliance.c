/* SPDX-License-Identifier: Apache-2.0 */
#include "appliance_state.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>

#include "civil.h"
#include "daemon.h"
#include "document_folder.h"
#include "log.h"
#include "release.h"

#define TICK_USEC 100000        /* lamps, days, idle posts: nothing of it is more urgent */
#define SWEEP_SKUS 20           /* scored in one go between scans: about a millisecond */
#define SWEEP_RETRY_TICKS 50    /* a sweep that failed is tried again after five seconds */
#define SYNC_TICKS 5            /* what syncd has brought is seen within half a second */
#define RETENTION_TICKS 50      /* looks whether old entries may go; each tick while they do */
#define PERSIST_TICKS (5 * 600) /* the clock's last time, every five minutes */

struct journal_time appliance_now(struct appliance *a)
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
                              .now = appliance_now(a),
                              .steady_ms = clock_steady_ms(),
                              .devices = a->roster.devices,
                              .devices_count = a->roster.count,
                              .release = RELEASE,
                              .sync = a->sync ? sync_desk_show(a->sync, a->journal) : NULL};
}

/* When the loop has ended nothing can be armed, and nothing needs to be. */
static void arm(sd_event_source *source)
{
    int err = sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    assert(err >= 0 || err == -ESTALE);
}

/* ---- findings, answers, labels ---- */

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
    struct journal_time t = appliance_now(a);
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
    floor.now = appliance_now(a);
    web_settle(a->web, &floor, err);
    print_labels(a);
    score_touched(a);
    err = journal_tidy(a->journal);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "journal: its log stays as it is, retrying: %s",
                 strerror(-err));
}

/* ---- what arrives ---- */

static int on_group(sd_event_source *source, void *userdata)
{
    (void)source;
    settle_group(userdata);
    return 0;
}

void appliance_on_input(const struct station_input *in, void *context)
{
    struct appliance *a = context;
    struct journal_time t = appliance_now(a);
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

void appliance_on_answer(const struct station_answer *answer, void *context)
{
    struct appliance *a = context;
    floor_lamps_show(a->lamps, answer, clock_steady_ms());
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

/* ---- the day's sweep ---- */

void appliance_begin_day(struct appliance *a, int32_t day)
{
    a->today = day;
    detect_begin_day(a->detect, day);
    arm(a->sweep);
}

static int on_sweep(sd_event_source *source, void *userdata)
{
    struct appliance *a = userdata;
    struct journal_time t = appliance_now(a);
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

/* ---- what comes down: documents and commands ---- */

static void take_in_force(struct appliance *a)
{
    if (!a->station)
        return; /* it will be opened with what is in force */
    station_refresh(a->station);
    appliance_begin_day(a, a->today); /* catalogue facts may have changed */
}

void appliance_apply_documents(struct appliance *a)
{
    if (!*a->conf.documents)
        return;
    struct journal_time t = appliance_now(a);
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

void appliance_take_from_inbox(struct appliance *a)
{
    if (sync_desk_look(a->sync) == 0)
        return;
    if (a->event && a->web) /* at the start nothing waits yet */
        settle_group(a);    /* the transaction must be free */
    struct journal_time t = appliance_now(a);
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
    appliance_apply_documents(a);
    return 0;
}

int appliance_watch_documents(struct appliance *a)
{
    if (!*a->conf.documents)
        return 0;
    return sd_event_add_inotify(a->event, &a->documents, a->conf.documents,
                                IN_CLOSE_WRITE | IN_MOVED_TO, on_documents, a);
}

/* ---- the loop ---- */

static void persist_clock(struct appliance *a)
{
    int err = clock_persist(a->clock);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "clock: last time not stored: %s", strerror(-err));
}

/* When nobody waits: each step takes the disk for some milliseconds. */
static void let_old_go(struct appliance *a, const struct journal_time *t)
{
    if (a->inputs > 0 || journal_pending(a->journal) > 0)
        return;
    struct retention_secured secured = {0};
    sync_desk_secured(a->sync, &secured.seq, &secured.hash);
    a->trimming = retention_step(&a->retention, a->journal, &secured, t) > 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)usec;
    struct appliance *a = userdata;
    struct journal_time t = appliance_now(a);
    floor_lamps_step(a->lamps, clock_steady_ms());
    int32_t day = civil_ist_day(t.wall_ms);
    if (a->ticks % SYNC_TICKS == 0)
        appliance_take_from_inbox(a);
    if (day != a->today)
        appliance_begin_day(a, day);
    if (++a->ticks % SWEEP_RETRY_TICKS == 0 && a->sweeping)
        arm(a->sweep);
    if (a->trimming || a->ticks % RETENTION_TICKS == 0)
        let_old_go(a, &t);
    if (a->ticks % PERSIST_TICKS == 0)
        persist_clock(a);
    if (a->inputs == 0) { /* else what posts show is not durable yet, and its commit will notify */
        struct web_floor floor = web_floor(a);
        web_notify(a->web, &floor);
    }
    int err = sd_event_source_set_time_relative(source, TICK_USEC);
    return err < 0 ? err : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int appliance_attach(struct appliance *a)
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

int appliance_run(struct appliance *a)
{
    assert(a);
    log_line(LOG_LEVEL_NOTICE, "stationd: screen at http://%s:%u/", a->conf.bind,
             (unsigned)web_port(a->web));
    int err = daemon_run(a->event);
    settle_group(a);
    persist_clock(a);
    log_line(LOG_LEVEL_NOTICE, "stationd: ended, head %" PRId64, journal_head(a->journal));
    return err;
}
