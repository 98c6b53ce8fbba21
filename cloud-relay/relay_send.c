/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_send.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"
#include "sender.h"
#include "worker.h"

#define LOOK_MS 500     /* for what was queued meanwhile, by whomever */
#define LIST_MS 30000   /* for tenants that are new */
#define ACCOUNT_MS 2000 /* for an account that was changed */
#define STEPS 64        /* of a tenant before the next one's turn */

struct desk { /* one tenant's */
    char tenant[64];
    struct sql *s;
    struct channel_account account; /* that the sender was opened with */
    struct sender *sender;
    int64_t read_ms; /* steady: when the account was read last */
    bool misread;    /* it cannot be read: said once, until it can */
    bool failed;     /* said once, until it works again */
};

struct relay_send {
    const struct relay_clock *clock;
    const char *store;
    const char *accounts; /* folder of channel_account.h */
    struct sender_conf conf;
    struct desk *desks[WORKER_TENANTS_MAX];
    size_t count;
    int64_t listed_ms; /* steady; 0: never */
    int stop;          /* eventfd */
    pthread_t thread;
    bool running;
};

static void desk_free(struct desk *d)
{
    if (!d)
        return;
    sender_free(d->sender);
    sql_free(d->s);
    channel_account_wipe(&d->account);
    free(d);
}
DEFINE_AUTO(desk);

/* The tenant's own account as it stands now. One that cannot be read is none: what waits is held,
 * and goes by nobody else's. */
static void read_account(const struct relay_send *n, struct desk *d, struct channel_account *ret)
{
    struct diag why = {0};
    d->read_ms = relay_clock_steady_ms();
    int err = channel_account_read(n->accounts, d->tenant, ret, &why);
    if (err < 0) {
        channel_account_wipe(ret);
        ret->whatsapp.per_second = ret->sms.per_second = ret->email.per_second = 1;
    }
    if (err < 0 && !d->misread)
        log_line(LOG_LEVEL_WARNING, "relayd: send: tenant=%s, holding its messages: %s", d->tenant,
                 why.text);
    d->misread = err < 0;
}

/* A line a try: its trace joins it with the case, event or request that wanted the message. */
static void log_outcome(const struct sender_outcome *o, void *context)
{
    const struct desk *d = context;
    log_line(LOG_LEVEL_INFO,
             "relayd: send: tenant=%s message=%s channel=%s outcome=%s%s%s cause=%s trace=%s",
             d->tenant, o->message, o->channel, o->outcome, o->code[0] ? " code=" : "", o->code,
             o->cause, o->trace);
}

/* Opens the sender, anew when the account has changed. */
static int open_sender(const struct relay_send *n, struct desk *d, struct diag *reterr)
{
    struct channel_account *now = calloc(1, sizeof(*now));
    if (!now)
        return -ENOMEM;
    read_account(n, d, now);
    bool same = d->sender && memcmp(now, &d->account, sizeof(*now)) == 0;
    struct sender_conf conf = n->conf;
    conf.account = now;
    conf.on_outcome = log_outcome;
    conf.context = d;
    AUTO(sender) sender = NULL;
    int err = same ? 0 : sender_open(&conf, d->s, reterr, &sender);
    if (err == 0 && !same) {
        sender_free(d->sender); /* an answer not written yet is found by its lease */
        d->sender = TAKE(sender);
        memcpy(&d->account, now, sizeof(*now)); /* with its padding: it is compared so */
    }
    channel_account_wipe(now);
    free(now);
    return err;
}

static int desk_open(struct relay_send *n, const char *tenant)
{
    struct diag why = {0};
    AUTO(desk) d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    snprintf(d->tenant, sizeof(d->tenant), "%s", tenant);
    int err = sql_open(n->store, tenant, &why, &d->s);
    if (err == 0)
        err = open_sender(n, d, &why);
    if (err < 0) {
        log_line(LOG_LEVEL_WARNING, "relayd: send: tenant=%s, retrying: %s", tenant, why.text);
        return err;
    }
    n->desks[n->count++] = TAKE(d);
    return 0;
}

static int on_tenant(const char *tenant, void *context)
{
    struct relay_send *n = context;
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->desks[i]->tenant, tenant) == 0)
            return 0;
    if (n->count == WORKER_TENANTS_MAX)
        return -ENOSPC;
    return desk_open(n, tenant) == -ENOMEM ? -ENOMEM : 0; /* one tenant's trouble is its own */
}

static void list_tenants(struct relay_send *n)
{
    struct diag why = {0};
    int64_t now = relay_clock_steady_ms();
    if (n->listed_ms > 0 && now - n->listed_ms < LIST_MS)
        return;
    int err = sql_tenants(n->store, on_tenant, n, &why);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "relayd: send: tenants, retrying: %s", strerror(-err));
    /* An empty store is looked at again soon: its first tenant is about to come. */
    n->listed_ms = n->count > 0 ? now : 0;
}

static bool is_stopped(const struct relay_send *n, int wait_ms)
{
    struct pollfd p = {.fd = n->stop, .events = POLLIN};
    return poll(&p, 1, wait_ms) > 0;
}

/* 1: there may be more to do at once. */
static int serve(struct relay_send *n, struct desk *d)
{
    int64_t due = 0;
    int did = 1;
    struct diag why = {0};
    if (relay_clock_steady_ms() - d->read_ms >= ACCOUNT_MS && open_sender(n, d, &why) < 0)
        log_line(LOG_LEVEL_WARNING, "relayd: send: tenant=%s, retrying: %s", d->tenant, why.text);
    for (int i = 0; did == 1 && i < STEPS && !is_stopped(n, 0); i++)
        did = sender_step(d->sender, relay_clock_wall_ms(n->clock), &due);
    if (did < 0 && !d->failed)
        log_line(LOG_LEVEL_WARNING, "relayd: send: tenant=%s, retrying: %s", d->tenant,
                 strerror(-did));
    d->failed = did < 0;
    return did == 1;
}

static void *run(void *context)
{
    struct relay_send *n = context;
    int more = 0;
    while (!is_stopped(n, more ? 0 : LOOK_MS)) {
        list_tenants(n);
        more = 0;
        for (size_t i = 0; i < n->count; i++)
            more |= serve(n, n->desks[i]);
    }
    return NULL;
}

int relay_send_open(const struct relayd_conf *conf, const struct relay_clock *clock,
                    struct diag *reterr, struct relay_send **ret)
{
    assert(conf && clock && ret);
    AUTO(relay_send) n = calloc(1, sizeof(*n));
    if (!n)
        return -ENOMEM;
    n->clock = clock;
    n->store = conf->store;
    n->accounts = conf->channels_folder;
    n->conf = (struct sender_conf){.public_url = conf->channels_url,
                                   .ca = conf->channels_ca[0] ? conf->channels_ca : NULL,
                                   .timeout_ms = SENDER_TIMEOUT_MS};
    n->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (n->stop < 0) {
        int err = -errno;
        diag_set(reterr, 0, "eventfd: %s", strerror(-err));
        return err;
    }
    int err = pthread_create(&n->thread, NULL, run, n);
    if (err != 0) {
        diag_set(reterr, 0, "thread: %s", strerror(err));
        return -err;
    }
    n->running = true;
    *ret = TAKE(n);
    return 0;
}

void relay_send_free(struct relay_send *n)
{
    if (!n)
        return;
    if (n->running) {
        eventfd_write(n->stop, 1);
        pthread_join(n->thread, NULL);
    }
    for (size_t i = 0; i < n->count; i++)
        desk_free(n->desks[i]);
    if (n->stop > 0)
        close(n->stop);
    free(n);
}
