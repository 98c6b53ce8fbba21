/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which the appliance's parts come and go. */
#include "appliance_state.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "civil.h"
#include "clock_choice.h"
#include "daemon.h"
#include "folder_lock.h"
#include "log.h"
#include "release.h"
#include "site_origin.h"
#include "stationd_meaning.h"

#define ENROLMENT_USEC 1000000 /* between looks whether a new appliance has its name */

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

static int open_clock(struct appliance *a, struct diag *reterr)
{
    char last_time[STATIOND_PATH_SIZE + 16];
    snprintf(last_time, sizeof(last_time), "%s/last-time", a->conf.folder);
    return clock_choice_open(a->conf.clock, last_time, reterr, &a->clock);
}

/* A new appliance has no name: syncd is granted one by the claim code that somebody lays down.
 * -ECANCELED: a signal came instead. */
static int wait_for_origin(struct appliance *a, struct site_origin *ret)
{
    int err = site_origin(&a->conf, ret);
    if (err != -EAGAIN && err != -EBUSY) /* syncd may just be making the inbox */
        return err;
    log_line(LOG_LEVEL_NOTICE, "stationd: waits for enrolment: vyaparctl claim CODE URL");
    daemon_ready(a->event, "waits for enrolment");
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
    struct journal_time t = appliance_now(a);
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
    t = appliance_now(a);
    int64_t seq = 0;
    err = journal_append(a->journal, &t, &booted, 1, reterr, &seq);
    return err < 0 ? err : journal_commit(a->journal);
}

static int on_claim(const char *what, const struct floor_device *device, void *context,
                    struct diag *reterr)
{
    struct appliance *a = context;
    return device_roster_claim(&a->roster, what, device, reterr);
}

static void on_state(const char *device, bool online, void *context)
{
    struct appliance *a = context;
    device_roster_note(&a->roster, device, online);
}

struct device_lines {
    const char *of[STATIOND_DEVICES_MAX];
};

static struct device_lines lines_of(char (*lines)[STATIOND_DEVICE_SIZE])
{
    struct device_lines l;
    for (size_t i = 0; i < STATIOND_DEVICES_MAX; i++)
        l.of[i] = lines[i];
    return l;
}

static int open_devices(struct appliance *a, struct diag *reterr)
{
    const struct floor_hooks hooks = {
        .on_claim = on_claim, .on_input = appliance_on_input, .on_state = on_state, .context = a};
    const struct device_lines lamps = lines_of(a->conf.indicators);
    const struct device_lines printers = lines_of(a->conf.printers);
    const struct device_lines scales = lines_of(a->conf.scales);
    const struct device_lines scanners = lines_of(a->conf.scanners);
    const size_t n = STATIOND_DEVICES_MAX;
    int err = floor_lamps_open(lamps.of, n, &hooks, reterr, &a->lamps);
    if (err == 0)
        err = floor_printers_open(printers.of, n, a->event, &hooks, reterr, &a->printers);
    if (err == 0)
        err = floor_scales_open(scales.of, n, a->event, &hooks, reterr, &a->scales);
    if (err == 0)
        err = floor_scanners_open(scanners.of, n, a->event, &hooks, reterr, &a->scanners);
    return err;
}

static int open_web(struct appliance *a, struct diag *reterr)
{
    struct web_conf conf = {.address = a->conf.bind,
                            .port = (uint16_t)a->conf.port,
                            .host_name = "",
                            .panel = true,
                            .on_answer = appliance_on_answer,
                            .context = a};
    return web_open(&conf, reterr, &a->web);
}

int appliance_open(const struct stationd_conf *conf, struct diag *reterr, struct appliance **ret)
{
    assert(conf && ret);
    AUTO(appliance) a = calloc(1, sizeof(*a));
    if (!a)
        return -ENOMEM;
    a->conf = *conf;
    a->retention.days = conf->retention_days;
    a->lock_fd = -1;
    a->roster.floor = &a->floor_conf;
    int err = daemon_loop(&a->event);
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
        err = appliance_watch_documents(a);
    if (err < 0)
        return err;
    appliance_apply_documents(a);
    appliance_take_from_inbox(a);
    a->today = civil_ist_day(appliance_now(a).wall_ms);
    struct detect_conf risk = stationd_conf_detect(conf);
    err = detect_open(&risk, a->journal, a->today, reterr, &a->detect);
    if (err >= 0)
        err = station_open(&a->floor_conf, a->journal, reterr, &a->station);
    if (err >= 0)
        err = open_web(a, reterr);
    if (err >= 0)
        err = appliance_attach(a);
    if (err >= 0)
        err = open_devices(a, reterr);
    if (err < 0)
        return err;
    appliance_begin_day(a, a->today);
    *ret = TAKE(a);
    return 0;
}
