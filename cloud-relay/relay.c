/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <systemd/sd-event.h>

#include "api_token.h"
#include "daemon.h"
#include "log.h"
#include "mqtt.h"
#include "origin.h"
#include "queue.h"
#include "relay_api.h"
#include "relay_clock.h"
#include "relay_mind.h"
#include "relay_send.h"
#include "text.h"
#include "topic.h"
#include "worker.h"

#define WORKERS_MAX 64
#define CHANGES 1024 /* tenants that the API is to hear of; it looks by itself too */
#define ANSWERS 4096 /* answers that wait for the broker; more are dropped */
#define REPORT_USEC UINT64_C(60000000)

enum { ROLE_INGEST = 1, ROLE_AGENTS = 2, ROLE_API = 4, ROLE_SEND = 8 };

struct answer {
    char topic[TOPIC_SIZE];
    uint8_t *bytes; /* NULL: none */
    size_t len;
};

struct relay {
    struct relayd_conf conf;
    struct relay_clock clock;
    int roles;
    struct worker *workers[WORKERS_MAX];
    unsigned workers_count;
    struct queue *answers;
    struct answer next; /* the one that the broker's connection did not take yet */
    atomic_int_least64_t answers_dropped;
    int64_t messages_dropped;
    int64_t reported; /* entries, as last told in the log */
    struct mqtt *mqtt;
    struct relay_api *api;   /* role api */
    struct relay_send *send; /* role send */
    struct queue *changes;   /* names of tenants, from the workers to the API */
    uint64_t token;
    struct document_key fetch_key;
    bool fetches; /* fetch_key is there */
    sd_event *event;
    sd_event_source *mqtt_io;
    sd_event_source *answers_io;
    sd_event_source *changes_io;
    sd_event_source *report;
};

void relay_free(struct relay *r)
{
    if (!r)
        return;
    relay_send_free(r->send);
    relay_api_free(r->api); /* before the workers, which its threads wake */
    for (unsigned i = 0; i < r->workers_count; i++)
        worker_free(r->workers[i]);
    queue_free(r->changes);
    sd_event_source_disable_unref(r->changes_io);
    sd_event_source_disable_unref(r->mqtt_io);
    sd_event_source_disable_unref(r->answers_io);
    sd_event_source_disable_unref(r->report);
    sd_event_unref(r->event);
    mqtt_free(r->mqtt);
    struct answer a = r->next;
    do
        free(a.bytes);
    while (r->answers && queue_take(r->answers, &a) > 0);
    queue_free(r->answers);
    free(r);
}

/* ---- from the workers' threads ---- */

static void on_reply(const char *topic, const void *bytes, size_t len, void *context)
{
    struct relay *r = context;
    struct answer a = {.bytes = malloc(len + 1), .len = len};
    bool put = a.bytes && text_copy(a.topic, sizeof(a.topic), topic) == 0;
    if (put) {
        memcpy(a.bytes, bytes, len);
        put = queue_put(r->answers, &a) == 0;
    }
    if (!put) {
        free(a.bytes);
        atomic_fetch_add(&r->answers_dropped, 1); /* the device asks again */
    }
}

struct change {
    char tenant[ORIGIN_TENANT_SIZE];
};

static void on_changed(const char *tenant, void *context)
{
    struct relay *r = context;
    struct change c;
    if (r->changes && text_copy(c.tenant, sizeof(c.tenant), tenant) == 0 &&
        queue_put(r->changes, &c) < 0)
        return; /* full: streams look by themselves before long */
}

/* ---- the API ---- */

/* From the API's threads: the tenant's agents may have work. */
static void on_write(const char *tenant, void *context)
{
    struct relay *r = context;
    worker_wake(r->workers[worker_of(tenant, r->workers_count)], tenant);
}

static int on_changes(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct relay *r = userdata;
    struct change c;
    while (queue_take(r->changes, &c) > 0)
        relay_api_wake(r->api, c.tenant);
    return 0;
}

static int open_api(struct relay *r, struct diag *reterr)
{
    int err = relay_api_open(&r->conf, &r->clock, on_write, r, reterr, &r->api);
    if (err == 0)
        log_line(LOG_LEVEL_NOTICE, "relayd: api: address=%s port=%u", r->conf.api_bind,
                 (unsigned)relay_api_port(r->api));
    return err;
}

/* ---- the broker ---- */

/* Sends what waits, as much as the connection takes. */
static void send_answers(struct relay *r)
{
    while (r->next.bytes || queue_take(r->answers, &r->next) > 0) {
        int err = mqtt_publish(r->mqtt, r->next.topic, r->next.bytes, r->next.len, false, r->token);
        if (err == -EAGAIN)
            return; /* MQTT_PUBLISHED makes room */
        r->token++;
        free(r->next.bytes);
        r->next.bytes = NULL;
    }
}

static int on_answers(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)fd;
    (void)revents;
    struct relay *r = userdata;
    send_answers(r);
    /* While one waits for room, the queue stays readable: MQTT_PUBLISHED looks at it again. */
    return sd_event_source_set_enabled(source, r->next.bytes ? SD_EVENT_OFF : SD_EVENT_ON);
}

static void on_message(struct relay *r, struct mqtt_event *e)
{
    struct topic topic;
    int err = e->retained ? -EBADMSG : topic_parse(e->topic, &topic);
    if (err == 0)
        err = worker_give(r->workers[worker_of(topic.tenant, r->workers_count)], topic.tenant,
                          e->topic, e->bytes, e->len);
    if (err < 0) {
        free(e->bytes);
        r->messages_dropped++;
    }
}

static int on_mqtt(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct relay *r = userdata;
    struct mqtt_event e;
    bool room = false;
    while (mqtt_take(r->mqtt, &e) > 0) {
        switch (e.kind) {
        case MQTT_UP:
            log_line(LOG_LEVEL_NOTICE, "relayd: connected: broker=%s", r->conf.brokers[e.broker]);
            room = true;
            break;
        case MQTT_DOWN:
            log_line(LOG_LEVEL_WARNING, "relayd: no connection, retrying: broker=%s: %s",
                     r->conf.brokers[e.broker], e.words[0] ? e.words : strerror(-e.err));
            break;
        case MQTT_MESSAGE:
            on_message(r, &e);
            break;
        case MQTT_PUBLISHED:
            room = true;
            break;
        }
    }
    if (!room)
        return 0;
    send_answers(r);
    return sd_event_source_set_enabled(r->answers_io, r->next.bytes ? SD_EVENT_OFF : SD_EVENT_ON);
}

/* ---- opening ---- */

static int read_roles(const char *text, int *ret, struct diag *reterr)
{
    static const struct {
        const char *name;
        int bit;
    } roles[] = {
        {"ingest", ROLE_INGEST}, {"agents", ROLE_AGENTS}, {"api", ROLE_API}, {"send", ROLE_SEND}};
    char copy[RELAYD_WORD_SIZE];
    int sum = 0;
    int err = text_copy(copy, sizeof(copy), text);
    char *rest = copy;
    for (char *word; err == 0 && (word = strsep(&rest, ",")) != NULL;) {
        size_t i = 0;
        while (i < ARRAY_LEN(roles) && strcmp(word, roles[i].name) != 0)
            i++;
        err = i < ARRAY_LEN(roles) ? 0 : -EINVAL;
        sum |= err == 0 ? roles[i].bit : 0;
    }
    if (err < 0) {
        diag_set(reterr, 0, "relay.role \"%s\": ingest, agents, api, send, joined by a comma",
                 text);
        return -EINVAL;
    }
    *ret = sum;
    return 0;
}

static int check(const struct relayd_conf *c, struct diag *reterr)
{
    if ((enum ingest_safe)c->safe == INGEST_SAFE_STANDBY && strncmp(c->store, "sqlite:", 7) == 0) {
        diag_set(reterr, 0, "relay.safe: standby is for PostgreSQL; a SQLite store has none");
        return -EINVAL;
    }
    bool all = c->ca[0] && c->certificate[0] && c->key[0];
    bool none = !c->ca[0] && !c->certificate[0] && !c->key[0];
    if (all || none)
        return 0;
    diag_set(reterr, 0,
             "mqtt.ca, mqtt.certificate and mqtt.key: all of them, or none for loopback");
    return -EINVAL;
}

/* Large documents are fetched from the API, which may be another process: whoever can read its
 * secret offers them. Without it messages carry what they can. */
static void open_fetch_key(struct relay *r)
{
    struct api_secret secret;
    if (r->conf.api_secret[0] == '\0' || api_secret_read(r->conf.api_secret, NULL, &secret) < 0)
        return;
    r->fetch_key = document_key(secret.bytes, secret.len);
    r->fetches = true;
    explicit_bzero(&secret, sizeof(secret));
}

static int open_workers(struct relay *r, struct diag *reterr)
{
    struct worker_conf conf = {.store = r->conf.store,
                               .clock = &r->clock,
                               .takes = (r->roles & ROLE_INGEST) != 0,
                               .mind = (r->roles & ROLE_AGENTS) ? &relay_mind : NULL,
                               .safe = (enum ingest_safe)r->conf.safe,
                               .window = (int32_t)r->conf.window,
                               .flush_ms = (int32_t)r->conf.flush_ms,
                               .fetch_key = r->fetches ? &r->fetch_key : NULL,
                               .queue = (size_t)r->conf.queue,
                               .count = (unsigned)r->conf.workers,
                               .reply = on_reply,
                               .changed = on_changed,
                               .context = r};
    for (conf.number = 0; conf.number < conf.count; conf.number++) {
        int err = worker_open(&conf, &r->workers[conf.number]);
        if (err < 0) {
            diag_set(reterr, 0, "a worker cannot start: %s", strerror(-err));
            return err;
        }
        r->workers_count++;
    }
    return 0;
}

static int open_mqtt(struct relay *r, struct diag *reterr)
{
    char filter[TOPIC_SIZE];
    const char *const filters[] = {topic_filter_shard(-1, filter), NULL};
    const char *brokers[RELAYD_BROKERS_MAX + 1] = {NULL};
    for (size_t i = 0, n = 0; i < RELAYD_BROKERS_MAX; i++)
        if (r->conf.brokers[i][0])
            brokers[n++] = r->conf.brokers[i];
    bool tls = r->conf.ca[0] != '\0';
    const struct mqtt_conf conf = {.name = r->conf.name,
                                   .brokers = brokers,
                                   .ca = tls ? r->conf.ca : NULL,
                                   .certificate = tls ? r->conf.certificate : NULL,
                                   .key = tls ? r->conf.key : NULL,
                                   .filters = filters,
                                   .keepalive_s = (int)r->conf.keepalive_s,
                                   .retry_s = (int)r->conf.retry_s,
                                   .inflight = MQTT_INFLIGHT_MAX,
                                   .receiving = (size_t)r->conf.queue,
                                   .seed = (uint64_t)relay_clock_steady_ms()};
    return mqtt_open(&conf, reterr, &r->mqtt);
}

/* One line a minute while something comes, so that a log says how the relay fares. */
static int on_report(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)usec;
    struct relay *r = userdata;
    struct worker_counts sum = {0};
    for (unsigned i = 0; i < r->workers_count; i++) {
        struct worker_counts c = worker_counts(r->workers[i]);
        sum.entries += c.entries;
        sum.messages += c.messages;
        sum.transactions += c.transactions;
        sum.dropped += c.dropped;
        sum.failed += c.failed;
    }
    if (sum.entries != r->reported)
        log_line(LOG_LEVEL_INFO,
                 "relayd: entries=%" PRId64 " messages=%" PRId64 " transactions=%" PRId64
                 " dropped=%" PRId64 " failed=%" PRId64 " answers_dropped=%" PRId64,
                 sum.entries, sum.messages, sum.transactions, sum.dropped + r->messages_dropped,
                 sum.failed, (int64_t)atomic_load(&r->answers_dropped));
    r->reported = sum.entries;
    int err = sd_event_source_set_time_relative(source, REPORT_USEC);
    return err < 0 ? err : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int open_sources(struct relay *r)
{
    int err = sd_event_add_time_relative(r->event, &r->report, CLOCK_MONOTONIC, REPORT_USEC, 0,
                                         on_report, r);
    if (err >= 0 && r->changes)
        err =
            sd_event_add_io(r->event, &r->changes_io, queue_fd(r->changes), EPOLLIN, on_changes, r);
    if (err < 0 || !r->mqtt)
        return err < 0 ? err : 0;
    err = sd_event_add_io(r->event, &r->mqtt_io, mqtt_fd(r->mqtt), EPOLLIN, on_mqtt, r);
    return err < 0 ? err
                   : sd_event_add_io(r->event, &r->answers_io, queue_fd(r->answers), EPOLLIN,
                                     on_answers, r);
}

int relay_open(const struct relayd_conf *conf, struct diag *reterr, struct relay **ret)
{
    assert(conf && ret);
    AUTO(relay) r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    r->conf = *conf;
    int err = relay_clock_parse(conf->clock, &r->clock, reterr);
    if (err == 0)
        err = read_roles(conf->role, &r->roles, reterr);
    if (err == 0)
        err = check(conf, reterr);
    if (err == 0)
        err = queue_open(ANSWERS, sizeof(struct answer), &r->answers);
    if (err == 0 && (r->roles & ROLE_API))
        err = queue_open(CHANGES, sizeof(struct change), &r->changes);
    if (err == 0)
        err = daemon_loop(&r->event);
    if (err >= 0) {
        open_fetch_key(r);
        err = open_workers(r, reterr);
    }
    if (err == 0 && (r->roles & ROLE_INGEST))
        err = open_mqtt(r, reterr);
    if (err == 0 && (r->roles & ROLE_API))
        err = open_api(r, reterr);
    if (err == 0 && (r->roles & ROLE_SEND))
        err = relay_send_open(&r->conf, &r->clock, reterr, &r->send);
    if (err == 0)
        err = open_sources(r);
    if (err < 0)
        return err;
    *ret = TAKE(r);
    return 0;
}

int relay_run(struct relay *r)
{
    assert(r);
    log_line(LOG_LEVEL_NOTICE, "relayd: running: store=%.*s role=%s",
             (int)strcspn(r->conf.store, ":"), r->conf.store, r->conf.role);
    int err = daemon_run(r->event);
    log_line(LOG_LEVEL_NOTICE, "relayd: ended");
    return err;
}
