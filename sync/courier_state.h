/* SPDX-License-Identifier: Apache-2.0 */
/* sync/courier_state.h -- what the files of courier share: the wired appliance, and what each of
 * them does for the loop. Private to courier*.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "anchor.h"
#include "clock.h"
#include "courier.h"
#include "enrolment.h"
#include "fetcher.h"
#include "identity_folder.h"
#include "inbox.h"
#include "mqtt.h"
#include "relay_server.h"
#include "rng.h"
#include "shipper.h"

struct courier {
    struct syncd_conf conf;
    int lock_fd;
    struct clock *clock;
    bool lapse; /* the calendar is simulated: certificates and anchors are not of it */
    struct inbox *inbox;
    int64_t life;
    struct rng rng;
    struct identity_folder identity;
    struct enrolment_grant grant; /* of the relay, or put together from the configuration */
    bool granted;
    struct shipper *shipper;
    struct fetcher *fetcher;
    struct mqtt *mqtt;
    bool up;

    struct anchor anchor; /* the last of this boot */
    bool anchored;
    bool doubtful; /* as the transport was told last */

    int64_t journal_due_ms;
    int64_t enrol_due_ms;
    uint32_t enrol_attempt;
    int64_t say_due_ms;
    bool unsaid; /* the last note was not taken: the next one is due at say_due_ms */
    struct inbox_link said;
    int64_t secured;     /* the last that the inbox was told may be deleted */
    const char *trouble; /* courier_trouble.h; "": none */
    int64_t trouble_ms;
    int64_t connected_ms;
    int64_t acked_ms;

    sd_event *event;
    sd_event_source *tick;
    sd_event_source *io;
};

/* --- courier.c */

struct clock_reading courier_now(struct courier *c);

/* One of courier_trouble.h; "": none. */
void courier_set_trouble(struct courier *c, const char *trouble);

/* Has the transport judge certificates by the clock as it is now. */
void courier_tell_clock(struct courier *c);

/* --- courier_enrol.c: a name and a certificate, first and anew */

struct relay_server courier_server(struct courier *c);
void courier_enrol(struct courier *c, int64_t now_ms);

/* --- courier_hear.c: what comes from the transport */

void courier_hear(struct courier *c, const struct mqtt_event *e);
void courier_hear_link(struct courier *c, const struct mqtt_event *e);
void courier_hear_published(struct courier *c, const struct mqtt_event *e);
