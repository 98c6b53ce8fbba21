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

#define LOOK_MS 500   /* for what was queued meanwhile, by whomever */
#define LIST_MS 30000 /* for tenants that are new */
#define STEPS 64      /* of a tenant before the next one's turn */

struct desk { /* one tenant's */
    char tenant[64];
    struct sql *s;
    struct sender *sender;
    bool failed; /* said once, until it works again */
};

struct relay_send {
    const struct relay_clock *clock;
    const char *store;
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
    free(d);
}
DEFINE_AUTO(desk);

static int desk_open(struct relay_send *n, const char *tenant)
{
    struct diag why = {0};
    AUTO(desk) d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    snprintf(d->tenant, sizeof(d->tenant), "%s", tenant);
    int err = sql_open(n->store, tenant, &why, &d->s);
    if (err == 0)
        err = sender_open(&n->conf, d->s, &why, &d->sender);
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

static struct sender_conf conf_of(const struct relayd_conf *c)
{
    struct sender_conf s = sender_conf_default();
    s.whatsapp.url = c->whatsapp_url;
    s.whatsapp.phone_number_id = c->whatsapp_number;
    s.whatsapp.token_path = c->whatsapp_token;
    s.sms.url = c->sms_url;
    s.sms.key_path = c->sms_key;
    s.sms.sender = (struct sms_sender){(enum sms_vendor)c->sms_vendor, c->sms_entity, c->sms_header,
                                       c->sms_callback};
    s.email.url = c->email_url;
    s.email.from = c->email_from;
    s.email.user = c->email_user;
    s.email.password_path = c->email_password;
    s.email.unsubscribe_url = c->unsubscribe_url;
    s.email.unsubscribe_mail = c->unsubscribe_mail;
    s.email.secret_path = c->unsubscribe_secret;
    s.ca = c->channels_ca[0] ? c->channels_ca : NULL;
    return s;
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
    n->conf = conf_of(conf);
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
