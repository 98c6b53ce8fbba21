/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/appliance_state.h -- what the files of the appliance share: its parts, and what happens
 * before its loop runs as well as in it. Not for others. */
#pragma once

#include <stdbool.h>
#include <systemd/sd-event.h>

#include "clock.h"
#include "detect.h"
#include "device_roster.h"
#include "floor_lamp.h"
#include "floor_printer.h"
#include "floor_scale.h"
#include "floor_scanner.h"
#include "journal.h"
#include "retention.h"
#include "station.h"
#include "sync_desk.h"
#include "web.h"

#include "appliance.h"

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
    struct retention retention;
    bool trimming; /* entries went at the last tick: there may be more */

    sd_event *event;
    sd_event_source *group; /* commits what arrived; armed by arrivals */
    sd_event_source *sweep; /* the day's sweep; armed by a new day */
    sd_event_source *tick;
    sd_event_source *web_io;
    sd_event_source *documents;

    struct device_roster roster;
    int64_t boot;
    int32_t today;
    bool sweeping; /* SKUs of the day are left, also after a step that failed */
    uint32_t ticks;
    int inputs; /* of scanners and scales that wait for their answers */
};

/* What the clock says, as the journal takes it; one that cannot be read leaves the last entry's
 * time, to which the journal raises it. */
struct journal_time appliance_now(struct appliance *a);

/* Takes the loop's sources into its hands: what arrives is looked at before the commit that answers
 * it, and both before the sweep. */
NODISCARD int appliance_attach(struct appliance *a);

/* Before the folder is read for the first time: what is laid there from then on is told, however
 * long the start takes. */
NODISCARD int appliance_watch_documents(struct appliance *a);

/* What lies in the documents folder, and what syncd has brought, takes effect. */
void appliance_apply_documents(struct appliance *a);
void appliance_take_from_inbox(struct appliance *a);

/* All stock will be swept: at a new day, with new facts, and at the start, since something may have
 * crossed a threshold while the power was off. */
void appliance_begin_day(struct appliance *a, int32_t day);

/* Hooks of the devices and of the screen; the context is the appliance. */
void appliance_on_input(const struct station_input *in, void *context);
void appliance_on_answer(const struct station_answer *answer, void *context);
