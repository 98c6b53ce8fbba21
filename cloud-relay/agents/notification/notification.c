/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells people what wants their attention or decision, and the next ones when nobody answers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents.h"
#include "civil.h"
#include "event_body.h"
#include "event_type.h"
#include "outbox.h"
#include "proposals.h"
#include "routing.h"
#include "text.h"
#include "timer.h"

#define AGENT "notification"
#define PEOPLE_MAX 500
#define TELL_AFTER_DAYS                                                                            \
    2 /* an agent that was stopped for long does not wake people for old news                      \
       */

struct matter { /* what is told, from an alert or a proposal */
    struct routing_matter route;
    char type[33];
    char territory[CATALOGUE_WORD_SIZE];
    char event[33];               /* "event:N": of what raised it */
    char trace[EVENT_TRACE_SIZE]; /* of what it is about; else that event */
    const char *template;
    char what[TEMPLATE_VARIABLE_SIZE];
    char why[TEMPLATE_VARIABLE_SIZE];
    char link[31];
};

/* ---- people ---- */

struct user {
    char name[65];
    char territories[257];
    struct routing_person person;
};

static int read_preference(struct sql *s, struct user *u)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT least_severity, channel, quiet_from_min, quiet_to_min"
                     " FROM notify_preference WHERE user_name = $1");
    sql_bind_text(q, 1, u->name);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    enum message_channel channel;
    for (int i = 0; i <= ALERT_CRITICAL; i++)
        if (strcmp(alert_severity_name((enum alert_severity)i), sql_text(q, 0)) == 0)
            u->person.least = (enum alert_severity)i;
    if (channel_parse(sql_text(q, 1), &channel) == 0)
        u->person.channel = (int)channel;
    u->person.quiet_from_min = (int32_t)sql_int(q, 2);
    u->person.quiet_to_min = (int32_t)sql_int(q, 3);
    return 0;
}

static int read_channels(struct sql *s, struct user *u)
{
    char party[CONTACT_PARTY_SIZE];
    if (snprintf(party, sizeof(party), "user:%s", u->name) >= CONTACT_PARTY_SIZE)
        return 0; /* no contact can be under so long a name */
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        struct contact c;
        enum consent_status consent;
        int err = contact_find(s, party, (enum message_channel)i, &c);
        if (err == -ENOENT)
            continue;
        if (err == 0)
            err = consent_now(s, party, (enum message_channel)i, PURPOSE_ALERT, &consent);
        if (err < 0)
            return err;
        if (strcmp(c.state, "active") == 0 && consent != CONSENT_WITHDRAWN)
            u->person.channels |= 1 << i;
    }
    return 0;
}

/* The next active person behind `after` by name. -ENOENT: no more. */
static int next_user(struct sql *s, const char *after, struct user *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT user_name, role, territories FROM account_user WHERE user_name > $1"
                     " AND state = 'active' ORDER BY user_name LIMIT 1");
    sql_bind_text(q, 1, after);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    struct user u = {.person = routing_person_default()};
    text_cut(u.name, sizeof(u.name), sql_text(q, 0));
    text_cut(u.territories, sizeof(u.territories), sql_text(q, 2));
    u.person.role = routing_role(sql_text(q, 1));
    int err = read_preference(s, &u);
    if (err == 0)
        err = read_channels(s, &u);
    if (err == 0)
        *ret = u;
    return err;
}

/* ---- telling ---- */

static char *variables_of(const struct matter *m)
{
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "severity", alert_severity_name(m->route.severity));
    event_body_text(b, "message", m->what);
    event_body_text(b, "action", m->why);
    event_body_text(b, "what", m->what);
    event_body_text(b, "why", m->why);
    event_body_text(b, "link", m->link);
    return event_body_write(b);
}

static int tell_one(struct agent_step *step, const struct matter *m, const struct user *u,
                    const struct routing *r, const char *variables)
{
    char key[OUTBOX_KEY_SIZE];
    char party[CONTACT_PARTY_SIZE];
    snprintf(key, sizeof(key), "notify:%s:%s:%d", m->event, u->name, m->route.level);
    snprintf(party, sizeof(party), "user:%.43s", u->name);
    struct outbox_draft d = {.key = key,
                             .channel = r->channel,
                             .purpose = PURPOSE_ALERT,
                             .party = party,
                             .template = m->template,
                             .language = "",
                             .variables = variables,
                             .rank = OUTBOX_RANK_ALERT,
                             .due_ms = r->due_ms,
                             .cause = m->event,
                             .trace = m->trace};
    int err = outbox_queue(step->s, &d, step->now_ms, NULL);
    return err < 0 ? err : 0;
}

/* All of one level; *ret_told: how many. */
static int tell_level(struct agent_step *step, struct matter *m, int *ret_told)
{
    struct user u = {.name = ""};
    int told = 0;
    int err = 0;
    char *variables = variables_of(m);
    if (!variables)
        return -ENOMEM;
    m->route.type = m->type;
    m->route.territory = m->territory;
    m->route.now_ms = step->now_ms;
    for (int i = 0; err == 0 && i < PEOPLE_MAX; i++) {
        err = next_user(step->s, u.name, &u);
        if (err < 0)
            break;
        u.person.territories = u.territories;
        struct routing r = routing_decide(&m->route, &u.person);
        if (r.told)
            err = tell_one(step, m, &u, &r, variables);
        told += r.told;
    }
    free(variables);
    *ret_told = told;
    return err == -ENOENT ? 0 : err;
}

static void timer_name(const char *event, char ret[TIMER_NAME_SIZE])
{
    snprintf(ret, TIMER_NAME_SIZE, "escalate:%s", event);
}

/* From this level up until somebody is there; then patience. */
static int tell(struct agent_step *step, struct matter *m, const char *subject)
{
    int told = 0;
    int err = tell_level(step, m, &told);
    while (err == 0 && told == 0 && m->route.level + 1 < ROUTING_LEVELS) {
        m->route.level++;
        err = tell_level(step, m, &told);
    }
    int64_t patience = routing_patience_ms(m->route.severity);
    if (err < 0 || patience == 0 || m->route.level + 1 >= ROUTING_LEVELS)
        return err;
    char timer[TIMER_NAME_SIZE];
    char what[16];
    timer_name(m->event, timer);
    snprintf(what, sizeof(what), "%d", m->route.level + 1);
    return timer_set(step->s, timer, AGENT, subject, what, step->now_ms + patience);
}

/* ---- what it is about ---- */

static void territory_of(struct agent_step *step, const char *site, struct matter *m)
{
    const struct site *at = site[0] ? catalogue_index_site(step->catalogue, site) : NULL;
    text_cut(m->territory, sizeof(m->territory), at ? at->territory : "");
}

static bool read_severity(const char *name, enum alert_severity *ret)
{
    for (int i = 0; i <= ALERT_CRITICAL; i++)
        if (strcmp(alert_severity_name((enum alert_severity)i), name) == 0) {
            *ret = (enum alert_severity)i;
            return true;
        }
    return false;
}

/* -ENOENT: no such alert, or somebody looks after it. */
static int read_alert(struct agent_step *step, const char *id, const char *event, struct matter *m)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT type, severity, site, message, action, trace FROM alert"
                           " WHERE alert_id = $1 AND acknowledged_ms = 0");
    sql_bind_text(q, 1, id);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *m = (struct matter){.template = TEMPLATE_ALERT};
    if (!read_severity(sql_text(q, 1), &m->route.severity))
        return -EBADMSG;
    text_cut(m->type, sizeof(m->type), sql_text(q, 0));
    territory_of(step, sql_text(q, 2), m);
    text_cut(m->what, sizeof(m->what), sql_text(q, 3));
    text_cut(m->why, sizeof(m->why), sql_text(q, 4));
    text_cut(m->event, sizeof(m->event), event);
    text_cut(m->trace, sizeof(m->trace), sql_text(q, 5)[0] ? sql_text(q, 5) : event);
    snprintf(m->link, sizeof(m->link), "/alerts/%.20s", event + strlen("event:"));
    return 0;
}

/* -ENOENT: it waits for nobody any more. */
static int read_proposal(struct agent_step *step, const char *id, const char *event,
                         struct matter *m)
{
    struct proposal p;
    int err = proposal_find(step->s, id, &p);
    if (err < 0 || p.state != PROPOSAL_PROPOSED)
        return err < 0 ? err : -ENOENT;
    *m = (struct matter){.template = TEMPLATE_APPROVAL};
    m->route.severity = p.urgency >= 80 ? ALERT_HIGH : ALERT_MEDIUM;
    text_cut(m->type, sizeof(m->type), ROUTING_APPROVAL);
    territory_of(step, p.from_site, m);
    snprintf(m->what, sizeof(m->what), "%s of %" PRId64 " %s at %s", proposal_action_name(p.action),
             p.units, p.sku, p.from_site);
    text_cut(m->why, sizeof(m->why), p.reason[0] ? p.reason : "No reason is given.");
    text_cut(m->event, sizeof(m->event), event);
    text_cut(m->trace, sizeof(m->trace), p.case_id[0] ? p.case_id : event);
    snprintf(m->link, sizeof(m->link), "/proposals/%.18s", p.id);
    return 0;
}

/* Subjects of timers: "alert:ID" or "proposal:ID". */
static int read_matter(struct agent_step *step, const char *subject, const char *event,
                       struct matter *m)
{
    const char *id = strchr(subject, ':');
    if (!id)
        return -ENOENT;
    return strncmp(subject, "alert:", 6) == 0 ? read_alert(step, id + 1, event, m)
                                              : read_proposal(step, id + 1, event, m);
}

/* ---- the agent ---- */

static int take(struct agent_step *step, const struct agent_item *item)
{
    struct matter m;
    char subject[EVENT_SUBJECT_SIZE];
    const struct event *e = item->event;
    if (step->now_ms - e->wall_ms > TELL_AFTER_DAYS * CIVIL_MS_PER_DAY)
        return 0;
    snprintf(subject, sizeof(subject), "%s", e->subject);
    if (strcmp(e->type, EVENT_ALERT_RAISED) == 0) {
        /* The subject may be cut; the body has the whole id. */
        char id[ALERT_ID_SIZE];
        int err = event_body_get_text(e->body, "alertId", id, sizeof(id));
        if (err < 0)
            return err;
        err = read_alert(step, id, item->cause, &m);
        if (err < 0)
            return err == -ENOENT ? 0 : err;
        return tell(step, &m, subject);
    }
    int err = read_matter(step, subject, item->cause, &m);
    return err == -ENOENT ? 0 : err < 0 ? err : tell(step, &m, subject);
}

static int ring(struct agent_step *step, const struct agent_timer *timer)
{
    struct matter m;
    const char *event = strchr(timer->timer, ':');
    int err = event ? read_matter(step, timer->subject, event + 1, &m) : -ENOENT;
    if (err < 0)
        return err == -ENOENT ? 0 : err;
    m.route.level = atoi(timer->what);
    return m.route.level < ROUTING_LEVELS ? tell(step, &m, timer->subject) : 0;
}

static const char *const events[] = {EVENT_ALERT_RAISED, EVENT_APPROVAL_WANTED, NULL};

const struct agent agent_notification = {
    .name = AGENT,
    .duty =
        "Tells the right people, by role, territory and preference, and the next ones if nobody "
        "answers.",
    .events = events,
    .take = take,
    .ring = ring,
};
