/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "routing.h"

#include <assert.h>
#include <string.h>

#include "civil.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

int routing_role(const char *name)
{
    static const struct {
        const char *name;
        int role;
    } roles[] = {{"owner", ROUTING_OWNER},
                 {"manager", ROUTING_MANAGER},
                 {"procurement", ROUTING_PROCUREMENT},
                 {"field", ROUTING_FIELD},
                 {"technician", ROUTING_TECHNICIAN},
                 {"auditor", ROUTING_AUDITOR}};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++)
        if (strcmp(roles[i].name, name) == 0)
            return roles[i].role;
    return 0;
}

/* Types by what they begin with; the first row that fits. */
static const struct {
    const char *type;
    int levels[ROUTING_LEVELS];
} duties[] = {
    {ROUTING_APPROVAL, {ROUTING_MANAGER, ROUTING_MANAGER | ROUTING_OWNER, ROUTING_OWNER}},
    {"low_stock", {ROUTING_PROCUREMENT, ROUTING_MANAGER, ROUTING_OWNER}},
    {"overstock", {ROUTING_PROCUREMENT, ROUTING_MANAGER, ROUTING_OWNER}},
    {"supplier", {ROUTING_PROCUREMENT, ROUTING_MANAGER, ROUTING_OWNER}},
    {"transfer", {ROUTING_FIELD | ROUTING_MANAGER, ROUTING_MANAGER, ROUTING_OWNER}},
    {"order", {ROUTING_FIELD, ROUTING_MANAGER, ROUTING_OWNER}},
    {"device", {ROUTING_TECHNICIAN, ROUTING_MANAGER, ROUTING_OWNER}},
    {"sync", {ROUTING_TECHNICIAN, ROUTING_MANAGER, ROUTING_OWNER}},
    {"compliance", {ROUTING_MANAGER | ROUTING_AUDITOR, ROUTING_OWNER, ROUTING_OWNER}},
    {"", {ROUTING_MANAGER, ROUTING_MANAGER | ROUTING_OWNER, ROUTING_OWNER}},
};

int routing_roles(const char *type, int level)
{
    assert(type && level >= 0 && level < ROUTING_LEVELS);
    size_t i = 0;
    while (strncmp(duties[i].type, type, strlen(duties[i].type)) != 0)
        i++; /* the last row fits all */
    return duties[i].levels[level];
}

int64_t routing_patience_ms(enum alert_severity severity)
{
    static const int64_t waits[] = {[ALERT_LOW] = 0,
                                    [ALERT_MEDIUM] = 24 * HOUR_MS,
                                    [ALERT_HIGH] = 4 * HOUR_MS,
                                    [ALERT_CRITICAL] = HOUR_MS / 2};
    assert((size_t)severity < ARRAY_LEN(waits));
    return waits[severity];
}

struct routing_person routing_person_default(void)
{
    return (struct routing_person){.territories = "",
                                   .least = ALERT_LOW,
                                   .channel = -1,
                                   .quiet_from_min = 21 * 60,
                                   .quiet_to_min = 8 * 60};
}

static bool is_in(const char *territory, const char *list)
{
    size_t len = strlen(territory);
    if (len == 0 || list[0] == '\0')
        return true;
    for (const char *at = list; *at; at += *at == '+') {
        size_t n = strcspn(at, "+");
        if (n == len && strncmp(at, territory, n) == 0)
            return true;
        at += n;
    }
    return false;
}

/* What cannot wait goes where it is seen at once, the rest where it can be read in peace. */
static int channel_of(const struct routing_matter *m, const struct routing_person *p)
{
    static const enum message_channel at_once[] = {CHANNEL_WHATSAPP, CHANNEL_SMS, CHANNEL_EMAIL};
    static const enum message_channel in_peace[] = {CHANNEL_EMAIL, CHANNEL_WHATSAPP, CHANNEL_SMS};
    if (p->channel >= 0 && p->channels & 1 << p->channel)
        return p->channel;
    const enum message_channel *order = m->severity >= ALERT_HIGH ? at_once : in_peace;
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (p->channels & 1 << order[i])
            return (int)order[i];
    return -1;
}

static int64_t loud_ms(const struct routing_person *p, int64_t now_ms)
{
    int64_t start = civil_ist_start_ms(civil_ist_day(now_ms));
    int64_t minute = (now_ms - start) / MINUTE_MS;
    bool over_night = p->quiet_from_min > p->quiet_to_min;
    bool quiet = over_night ? minute >= p->quiet_from_min || minute < p->quiet_to_min
                            : minute >= p->quiet_from_min && minute < p->quiet_to_min;
    if (!quiet)
        return now_ms;
    int64_t ends = start + p->quiet_to_min * MINUTE_MS;
    return ends > now_ms ? ends : ends + CIVIL_MS_PER_DAY;
}

struct routing routing_decide(const struct routing_matter *m, const struct routing_person *p)
{
    assert(m && m->type && m->territory && p && p->territories);
    struct routing r = {.told = false};
    int channel = channel_of(m, p);
    if (!(routing_roles(m->type, m->level) & p->role) || !is_in(m->territory, p->territories) ||
        (m->severity < p->least && m->severity != ALERT_CRITICAL) || channel < 0)
        return r;
    return (struct routing){.told = true,
                            .channel = (enum message_channel)channel,
                            .due_ms =
                                m->severity == ALERT_CRITICAL ? m->now_ms : loud_ms(p, m->now_ms)};
}
