/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tenancy.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lease.h"
#include "log.h"
#include "origin.h"
#include "plan_document.h"
#include "projection.h"
#include "text.h"

struct tenancy {
    const struct worker_conf *conf;
    char tenant[ORIGIN_TENANT_SIZE];
    struct sql *s; /* NULL: not open */
    struct lease *lease;
    struct ingest *ingest;
    void *mind;
    int64_t retry_ms; /* not to be opened before */
    int64_t pause_ms; /* before that; 0: it is well */
    int64_t look_ms;  /* when to look for what others have committed */
    int64_t think_ms; /* when agents have something to do */
    int64_t answer_ms;
    bool held;    /* the lease, as last told in the log */
    bool secures; /* what is committed is safe, likewise */
};

int tenancy_open(const struct worker_conf *conf, const char *tenant, struct tenancy **ret)
{
    assert(conf && tenant && ret);
    struct tenancy *t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    *t = (struct tenancy){.conf = conf, .answer_ms = INT64_MAX, .secures = true};
    text_cut(t->tenant, sizeof(t->tenant), tenant);
    *ret = t;
    return 0;
}

static void close_store(struct tenancy *t)
{
    if (t->mind)
        t->conf->mind->free(t->mind);
    ingest_free(t->ingest);
    lease_free(t->lease);
    sql_free(t->s);
    t->mind = NULL;
    t->ingest = NULL;
    t->lease = NULL;
    t->s = NULL;
}

void tenancy_free(struct tenancy *t)
{
    if (t)
        close_store(t);
    free(t);
}

const char *tenancy_name(const struct tenancy *t)
{
    return t->tenant;
}

struct ingest_counts tenancy_counts(const struct tenancy *t)
{
    return t->ingest ? ingest_counts(t->ingest) : (struct ingest_counts){0};
}

static int open_parts(struct tenancy *t, struct diag *why)
{
    const struct worker_conf *c = t->conf;
    int err = sql_open(c->store, t->tenant, why, &t->s);
    if (err == 0)
        err = lease_open(c->store, c->takes ? "ingest" : "agents", t->s, &t->lease);
    if (err == 0 && c->takes) {
        const struct ingest_conf conf = {.safe = c->safe,
                                         .window = c->window,
                                         .flush_ms = c->flush_ms,
                                         .fetch_key = c->fetch_key};
        err = ingest_open(t->s, &conf, &t->ingest);
    }
    return err;
}

/* What is only for whoever holds the lease, because it writes. */
static int begin_to_serve(struct tenancy *t, struct diag *why)
{
    const struct worker_conf *c = t->conf;
    int made = projection_ensure(t->s);
    if (made > 0)
        log_line(LOG_LEVEL_NOTICE, "relayd: projections made anew: tenant=%s", t->tenant);
    if (made < 0 || !c->mind)
        return made < 0 ? made : 0;
    return c->mind->open(t->s, relay_clock_wall_ms(c->clock), why, &t->mind);
}

static void complain(struct tenancy *t, const char *what, const char *words, int err)
{
    t->pause_ms = t->pause_ms == 0                         ? TENANCY_RETRY_MIN_MS
                  : t->pause_ms * 2 < TENANCY_RETRY_MAX_MS ? t->pause_ms * 2
                                                           : TENANCY_RETRY_MAX_MS;
    log_line(LOG_LEVEL_WARNING, "relayd: %s, retrying in %d s: tenant=%s: %s", what,
             (int)(t->pause_ms / 1000), t->tenant, words && words[0] ? words : strerror(-err));
    close_store(t);
    t->held = false;
    t->retry_ms = relay_clock_steady_ms() + t->pause_ms;
}

/* 1: the store is open and the lease held; 0: not now. */
static int ready(struct tenancy *t)
{
    struct diag why = {0};
    int64_t mono_ms = relay_clock_steady_ms();
    if (!t->s && mono_ms < t->retry_ms)
        return 0;
    int err = t->s ? 0 : open_parts(t, &why);
    if (err < 0) {
        complain(t, "the store cannot be opened", why.text, err);
        return 0;
    }
    int held = lease_hold(t->lease, mono_ms);
    if (held < 0) {
        complain(t, "the store failed", sql_words(t->s), held);
        return 0;
    }
    if (held > 0 && !t->held) {
        err = begin_to_serve(t, &why);
        if (err < 0) {
            complain(t, "it cannot be served", why.text, err);
            return 0;
        }
        t->pause_ms = 0;
        log_line(LOG_LEVEL_INFO, "relayd: serving: tenant=%s", t->tenant);
    }
    if (held == 0 && t->held) {
        if (t->mind) /* another has its agents now */
            t->conf->mind->free(t->mind);
        t->mind = NULL;
        log_line(LOG_LEVEL_NOTICE, "relayd: served by another: tenant=%s", t->tenant);
    }
    t->held = held > 0;
    return held;
}

/* ---- messages ---- */

static void on_reply(const char *topic, const void *bytes, size_t len, void *context)
{
    const struct tenancy *t = context;
    t->conf->reply(topic, bytes, len, t->conf->context);
}

static void on_alarm(const char *device, const char *words, void *context)
{
    const struct tenancy *t = context;
    log_line(LOG_LEVEL_WARNING, "relayd: dropped or set aside: device=%s.%s: %s", t->tenant, device,
             words);
}

static struct ingest_listener listener_of(struct tenancy *t)
{
    return (struct ingest_listener){.reply = on_reply, .alarm = on_alarm, .context = t};
}

static void changed(struct tenancy *t)
{
    t->think_ms = 0;
    t->conf->changed(t->tenant, t->conf->context);
}

static void tell_standby(struct tenancy *t)
{
    bool secures = ingest_secures(t->ingest);
    if (t->conf->safe == INGEST_SAFE_STANDBY && secures != t->secures)
        log_line(secures ? LOG_LEVEL_NOTICE : LOG_LEVEL_WARNING,
                 secures ? "relayd: a synchronous standby has what is committed: tenant=%s"
                         : "relayd: no synchronous standby, appliances delete nothing: tenant=%s",
                 t->tenant);
    t->secures = secures;
}

int tenancy_take(struct tenancy *t, const struct ingest_message *messages, size_t n)
{
    assert(t && messages);
    if (ready(t) == 0)
        return t->s ? 0 : -EIO;
    struct ingest_listener listener = listener_of(t);
    int64_t mono_ms = relay_clock_steady_ms();
    int64_t early = ingest_counts(t->ingest).early;
    int64_t entries = ingest_take(t->ingest, messages, n, relay_clock_wall_ms(t->conf->clock),
                                  mono_ms, &listener);
    if (entries < 0) {
        log_line(LOG_LEVEL_WARNING, "relayd: %zu messages dropped: tenant=%s: %s: %s", n, t->tenant,
                 strerror((int)-entries), sql_words(t->s));
        return (int)entries;
    }
    t->answer_ms = 0;
    tell_standby(t);
    if (entries > 0 || ingest_counts(t->ingest).early > early)
        changed(t);
    return 0;
}

/* ---- the rest ---- */

/* What goes down, when somebody has changed it. */
static void look(struct tenancy *t)
{
    struct diag why = {0};
    int64_t now_ms = relay_clock_wall_ms(t->conf->clock);
    int plans = plan_documents(t->s, now_ms, &why);
    if (plans < 0)
        log_line(LOG_LEVEL_WARNING, "relayd: plans not composed: tenant=%s: %s", t->tenant,
                 why.text[0] ? why.text : strerror(-plans));
    if (!t->ingest)
        return;
    struct ingest_listener listener = listener_of(t);
    int err = ingest_tell_wants(t->ingest, now_ms, &listener);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "relayd: devices not told, retrying: tenant=%s: %s", t->tenant,
                 strerror(-err));
}

/* One bounded step of one agent. */
static void think(struct tenancy *t, int64_t mono_ms)
{
    int64_t due_ms = INT64_MAX;
    int64_t now_ms = relay_clock_wall_ms(t->conf->clock);
    int done = t->conf->mind->step(t->mind, now_ms, &due_ms);
    if (done < 0)
        log_line(LOG_LEVEL_WARNING, "relayd: agents wait: tenant=%s: %s", t->tenant,
                 strerror(-done));
    if (done > 0) {
        t->look_ms = 0;
        t->conf->changed(t->tenant, t->conf->context);
    }
    /* A lapsed calendar may run far ahead of the timer: it is looked at again in any case. */
    int64_t wait_ms = done > 0 ? 0 : done < 0 ? 1000 : due_ms - now_ms;
    wait_ms = wait_ms < 0 ? 0 : wait_ms > TENANCY_LOOK_MS ? TENANCY_LOOK_MS : wait_ms;
    if (done == 0 && t->conf->clock->lapsed)
        wait_ms = wait_ms > 100 ? 100 : wait_ms;
    t->think_ms = mono_ms + wait_ms;
}

int64_t tenancy_step(struct tenancy *t)
{
    assert(t);
    int64_t mono_ms = relay_clock_steady_ms();
    if (ready(t) == 0)
        return t->s ? mono_ms + LEASE_CHECK_MS : t->retry_ms;
    if (t->ingest && mono_ms >= t->answer_ms) {
        struct ingest_listener listener = listener_of(t);
        t->answer_ms = ingest_answer(t->ingest, mono_ms, &listener);
    }
    if (t->mind && mono_ms >= t->think_ms)
        think(t, mono_ms);
    if (mono_ms >= t->look_ms) {
        t->look_ms = mono_ms + TENANCY_LOOK_MS;
        look(t);
    }
    int64_t next_ms = t->look_ms < t->answer_ms ? t->look_ms : t->answer_ms;
    return t->mind && t->think_ms < next_ms ? t->think_ms : next_ms;
}

void tenancy_wake(struct tenancy *t)
{
    t->think_ms = 0;
    t->look_ms = 0;
}
