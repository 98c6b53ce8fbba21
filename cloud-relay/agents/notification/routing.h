/* SPDX-License-Identifier: GPL-3.0-or-later */
/* notification/routing.h -- who is told of something, by which channel and when: by duty and role,
 * territory, what the person prefers, quiet hours and urgency; and who next, when nobody answers.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert.h"
#include "attr.h"
#include "channel_message.h"

/* Roles of people, as bits; names as in the store. */
#define ROUTING_OWNER 1
#define ROUTING_MANAGER 2
#define ROUTING_PROCUREMENT 4
#define ROUTING_FIELD 8
#define ROUTING_TECHNICIAN 16
#define ROUTING_AUDITOR 32
int routing_role(const char *name); /* 0: nobody who is told anything */

#define ROUTING_LEVELS 3 /* 0: those whose duty it is; 2: the owners */

/* Roles that are told of an alert of that type at that level; level 0 to 2. The duty of a type that
 * is in no row is the manager's. */
int routing_roles(const char *alert_type, int level);
#define ROUTING_APPROVAL "approval" /* a decision that is wanted, among the types */

/* How long an answer is waited for before the next level is told; 0: for ever. */
int64_t routing_patience_ms(enum alert_severity severity);

struct routing_person {
    int role;
    const char *territories; /* joined by "+"; "": all */
    int channels;            /* bits 1 << enum message_channel that reach this person */
    /* What the person prefers; routing_person_default() where nothing is said. */
    enum alert_severity least; /* nothing less urgent is sent, but what is critical always is */
    int channel;               /* enum message_channel, or -1 */
    int32_t quiet_from_min, quiet_to_min; /* of the Indian day, may pass midnight; equal: none */
};
struct routing_person routing_person_default(void); /* low, none, 21:00 to 08:00 */

struct routing_matter {
    const char *type;
    enum alert_severity severity;
    const char *territory; /* "": of the whole distributor */
    int level;
    int64_t now_ms;
};

struct routing {
    bool told;
    enum message_channel channel;
    int64_t due_ms; /* in the person's quiet hours: their end, unless it is critical */
};
struct routing routing_decide(const struct routing_matter *m, const struct routing_person *p);
