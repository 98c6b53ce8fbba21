/* SPDX-License-Identifier: Apache-2.0 */
#include "mqtt.h"

#include <assert.h>
#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "backoff.h"
#include "mqtt_session.h"
#include "queue.h"
#include "text.h"

#define PATH_SIZE 512
#define STEP_MS 1000     /* libmosquitto wants to be stepped once a second */
#define STEADY_MS 60000  /* a connection that held so long begins the count of attempts anew */
#define CONNECT_MS 30000 /* from the first packet to the last subscription */
#define CHANGES_MAX 4    /* ups and downs that the caller has not taken */
#define HOST_LEN_MAX 120

struct order { /* from the caller */
    uint64_t token;
    uint8_t *bytes;
    size_t len;
    bool retained;
    char topic[MQTT_TOPIC_SIZE];
};

struct mqtt {
    struct mqtt_conf conf; /* its texts are those below */
    char name[MQTT_NAME_SIZE];
    char files[3][PATH_SIZE];
    char presence[MQTT_TOPIC_SIZE];
    char birth[MQTT_WORDS_SIZE];
    char will[MQTT_WORDS_SIZE];
    char brokers[MQTT_BROKERS_MAX][MQTT_WORDS_SIZE];
    const char *broker_list[MQTT_BROKERS_MAX + 1];
    char filters[MQTT_FILTERS_MAX][MQTT_TOPIC_SIZE];
    const char *filter_list[MQTT_FILTERS_MAX + 1];

    /* where caller and thread meet */
    struct queue *orders;
    struct queue *events;
    int wake; /* eventfd: something below has changed */
    pthread_t thread;
    bool started;
    atomic_bool stop;
    atomic_bool renew;
    atomic_size_t under_way; /* orders without a taken MQTT_PUBLISHED */
    atomic_size_t waiting;   /* messages that were not taken */
    atomic_size_t changes;   /* MQTT_UP and MQTT_DOWN that were not taken */
    atomic_bool clock_known;
    atomic_bool doubtful;
    atomic_int_least64_t offset_ms;
    atomic_uint_least64_t dropped;

    /* the thread's own */
    struct mqtt_session *session;
    struct rng rng;
    size_t broker;
    uint32_t attempt;
    bool up;
    int64_t began_ms; /* the session, or when it came up */
    int64_t due_ms;   /* of the next attempt */
};

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* There is room by what the counters say: see events_capacity(). */
static void tell(struct mqtt *m, const struct mqtt_event *event)
{
    int err = queue_put(m->events, event);
    assert(err == 0);
}

static void tell_published(struct mqtt *m, uint64_t token, int err, int reason)
{
    tell(m, &(struct mqtt_event){
                .kind = MQTT_PUBLISHED, .err = err, .reason = reason, .token = token});
}

static void on_up(void *context)
{
    struct mqtt *m = context;
    m->up = true;
    m->began_ms = clock_ms(CLOCK_MONOTONIC);
    atomic_fetch_add(&m->changes, 1);
    tell(m, &(struct mqtt_event){.kind = MQTT_UP, .broker = m->broker});
}

static void on_message(void *context, const char *topic, const void *bytes, size_t len,
                       bool retained)
{
    struct mqtt *m = context;
    struct mqtt_event event = {.kind = MQTT_MESSAGE, .len = len, .retained = retained};
    if (len > MQTT_PAYLOAD_MAX || text_copy(event.topic, sizeof(event.topic), topic) < 0)
        event.bytes = NULL;
    else
        event.bytes = malloc(len + 1);
    if (!event.bytes) {
        atomic_fetch_add(&m->dropped, 1);
        return;
    }
    if (len > 0)
        memcpy(event.bytes, bytes, len);
    event.bytes[len] = '\0';
    atomic_fetch_add(&m->waiting, 1);
    tell(m, &event);
}

static void on_published(void *context, uint64_t token, int err, int reason)
{
    tell_published(context, token, err, reason);
}

/* After a connection that held, the preferred broker; else the next one, at once until all were
 * tried, then after a pause. */
static void plan_attempt(struct mqtt *m, int64_t now_ms, bool held)
{
    size_t count = 0;
    while (m->broker_list[count])
        count++;
    m->broker = held ? 0 : (m->broker + 1) % count;
    if (held && now_ms - m->began_ms >= STEADY_MS)
        m->attempt = 0;
    bool again = held || m->broker == 0; /* round the list */
    int64_t longest_ms = m->conf.retry_s > 0 ? INT64_C(1000) * m->conf.retry_s : BACKOFF_MAX_MS;
    m->due_ms = again ? now_ms + backoff_within_ms(&m->rng, m->attempt, longest_ms) : now_ms;
    m->attempt += again;
}

static void end_session(struct mqtt *m, int err, int reason, const char *words)
{
    struct mqtt_event event = {
        .kind = MQTT_DOWN, .err = err, .reason = reason, .broker = m->broker};
    text_cut(event.words, sizeof(event.words), words);
    uint64_t token = 0;
    while (m->session && mqtt_session_unanswered(m->session, &token) == 1)
        tell_published(m, token, -ENOTCONN, 0);
    mqtt_session_free(m->session);
    m->session = NULL;
    atomic_fetch_add(&m->changes, 1);
    tell(m, &event);
    plan_attempt(m, clock_ms(CLOCK_MONOTONIC), m->up);
    m->up = false;
}

static void begin_session(struct mqtt *m)
{
    const struct mqtt_session_hooks hooks = {
        .on_up = on_up, .on_message = on_message, .on_published = on_published, .context = m};
    int64_t tls_now = atomic_load(&m->clock_known)
                          ? clock_ms(CLOCK_MONOTONIC) + atomic_load(&m->offset_ms)
                          : clock_ms(CLOCK_REALTIME);
    char words[MQTT_WORDS_SIZE] = "";
    m->began_ms = clock_ms(CLOCK_MONOTONIC);
    int err = mqtt_session_open(&m->conf, m->broker_list[m->broker], tls_now,
                                atomic_load(&m->doubtful), &hooks, words, &m->session);
    if (err < 0)
        end_session(m, err, 0, words);
}

/* Orders go on while there is a connection, and fail at once while there is none. */
static void take_orders(struct mqtt *m)
{
    struct order order;
    while (queue_take(m->orders, &order) == 1) {
        int err = m->up ? mqtt_session_publish(m->session, order.topic, order.bytes, order.len,
                                               order.retained, order.token)
                        : -ENOTCONN;
        free(order.bytes);
        if (err < 0)
            tell_published(m, order.token, err, 0);
    }
}

static void step_session(struct mqtt *m, short happened)
{
    char words[MQTT_WORDS_SIZE] = "";
    int reason = 0;
    int err = mqtt_session_step(m->session, happened & (POLLIN | POLLERR | POLLHUP),
                                happened & POLLOUT, &reason, words);
    if (err == 0 && !m->up && clock_ms(CLOCK_MONOTONIC) - m->began_ms > CONNECT_MS) {
        err = -ETIMEDOUT;
        text_cut(words, sizeof(words), "no answer");
    }
    if (err < 0)
        end_session(m, err, reason, words);
}

static bool may_read(struct mqtt *m)
{
    return atomic_load(&m->waiting) < m->conf.receiving;
}

/* Waits for what can happen, and says what did to the session's descriptor. */
static short wait_for(struct mqtt *m)
{
    struct pollfd fds[] = {{m->wake, POLLIN, 0}, {queue_fd(m->orders), POLLIN, 0}, {-1, 0, 0}};
    int timeout = STEP_MS;
    if (m->session) {
        fds[2].fd = mqtt_session_fd(m->session);
        fds[2].events = (short)((may_read(m) ? POLLIN : 0) |
                                (mqtt_session_wants_write(m->session) ? POLLOUT : 0));
    } else if (atomic_load(&m->changes) < CHANGES_MAX) {
        int64_t left = m->due_ms - clock_ms(CLOCK_MONOTONIC);
        timeout = left < 0 ? 0 : left < STEP_MS ? (int)left : STEP_MS;
    }
    if (poll(fds, ARRAY_LEN(fds), timeout) <= 0)
        return 0;
    eventfd_t counted;
    if (fds[0].revents & POLLIN)
        eventfd_read(m->wake, &counted);
    /* A descriptor that may not be read still tells of its end. */
    return may_read(m) ? fds[2].revents : (short)(fds[2].revents & POLLOUT);
}

static void *run(void *context)
{
    struct mqtt *m = context;
    while (!atomic_load(&m->stop)) {
        short happened = wait_for(m);
        if (atomic_exchange(&m->renew, false)) {
            if (m->session)
                end_session(m, 0, 0, "renewed");
            m->broker = 0;
            m->due_ms = 0;
        }
        if (m->session)
            step_session(m, happened);
        take_orders(m);
        if (!m->session && atomic_load(&m->changes) < CHANGES_MAX &&
            clock_ms(CLOCK_MONOTONIC) >= m->due_ms)
            begin_session(m);
    }
    mqtt_session_free(m->session);
    m->session = NULL;
    return NULL;
}

static bool is_broker(const char *text)
{
    const char *colon = strrchr(text, ':');
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    return colon && colon > text && colon - text <= HOST_LEN_MAX && digits > 0 && digits <= 5 &&
           colon[1 + digits] == '\0' && atoi(colon + 1) <= 65535;
}

static int copy_brokers(struct mqtt *m, const char *const *brokers)
{
    size_t n = 0;
    for (; brokers && brokers[n]; n++) {
        if (n == MQTT_BROKERS_MAX || !is_broker(brokers[n]) ||
            text_copy(m->brokers[n], sizeof(m->brokers[n]), brokers[n]) < 0)
            return -EINVAL;
        m->broker_list[n] = m->brokers[n];
    }
    return n > 0 ? 0 : -EINVAL;
}

static int copy_filters(struct mqtt *m, const char *const *filters)
{
    for (size_t n = 0; filters && filters[n]; n++) {
        if (n == MQTT_FILTERS_MAX ||
            text_copy(m->filters[n], sizeof(m->filters[n]), filters[n]) < 0)
            return -EINVAL;
        m->filter_list[n] = m->filters[n];
    }
    m->conf.filters = m->filter_list;
    return 0;
}

static int copy_text(char *dst, size_t size, const char *src, const char **ret)
{
    *ret = src ? dst : NULL;
    return src ? text_copy(dst, size, src) : 0;
}

static int copy_conf(struct mqtt *m, const struct mqtt_conf *conf, struct diag *reterr)
{
    m->conf = *conf;
    bool tls = conf->ca && conf->certificate && conf->key;
    bool plain = !conf->ca && !conf->certificate && !conf->key;
    if ((!tls && !plain) || conf->keepalive_s < 5 || conf->inflight == 0 ||
        conf->inflight > MQTT_INFLIGHT_MAX || conf->receiving == 0 ||
        (conf->presence && (!conf->birth || !conf->will))) {
        diag_set(reterr, 0, "mqtt: files for TLS, a keepalive of 5 s and queues are needed");
        return -EINVAL;
    }
    if (copy_brokers(m, conf->brokers) < 0) {
        diag_set(reterr, 0, "mqtt: 1 to %d brokers, host:port", MQTT_BROKERS_MAX);
        return -EINVAL;
    }
    if (copy_filters(m, conf->filters) < 0 ||
        copy_text(m->name, sizeof(m->name), conf->name, &m->conf.name) < 0 ||
        copy_text(m->files[0], PATH_SIZE, conf->ca, &m->conf.ca) < 0 ||
        copy_text(m->files[1], PATH_SIZE, conf->certificate, &m->conf.certificate) < 0 ||
        copy_text(m->files[2], PATH_SIZE, conf->key, &m->conf.key) < 0 ||
        copy_text(m->presence, sizeof(m->presence), conf->presence, &m->conf.presence) < 0 ||
        copy_text(m->birth, sizeof(m->birth), conf->birth, &m->conf.birth) < 0 ||
        copy_text(m->will, sizeof(m->will), conf->will, &m->conf.will) < 0) {
        diag_set(reterr, 0, "mqtt: a name, topic or path is too long");
        return -EINVAL;
    }
    return 0;
}

/* Every event has its place before it can happen: one for each order, what may wait and what one
 * reading may bring besides, ups and downs and the last of them. */
static size_t events_capacity(const struct mqtt_conf *conf)
{
    return conf->inflight + conf->receiving + MQTT_MARGIN + CHANGES_MAX + 4;
}

static int start(struct mqtt *m)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all); /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int err = -pthread_create(&m->thread, NULL, run, m);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    m->started = err == 0;
    return err;
}

int mqtt_open(const struct mqtt_conf *conf, struct diag *reterr, struct mqtt **ret)
{
    assert(conf && conf->name && ret);
    struct mqtt *made = calloc(1, sizeof(*made));
    if (!made)
        return -ENOMEM;
    made->wake = -1;
    mosquitto_lib_init(); /* counted: mqtt_free() takes it back */
    AUTO(mqtt) m = made;
    int err = copy_conf(m, conf, reterr);
    if (err < 0)
        return err;
    m->rng = rng_seed(conf->seed);
    atomic_store(&m->clock_known, conf->clock_known);
    atomic_store(&m->offset_ms, conf->clock_offset_ms);
    atomic_store(&m->doubtful, conf->doubtful);
    err = queue_open(conf->inflight, sizeof(struct order), &m->orders);
    if (err == 0)
        err = queue_open(events_capacity(conf), sizeof(struct mqtt_event), &m->events);
    if (err < 0)
        return err;
    m->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    err = m->wake < 0 ? -errno : start(m);
    if (err < 0)
        return err;
    *ret = TAKE(m);
    return 0;
}

int mqtt_fd(const struct mqtt *m)
{
    assert(m);
    return queue_fd(m->events);
}

int mqtt_take(struct mqtt *m, struct mqtt_event *ret)
{
    assert(m && ret);
    if (queue_take(m->events, ret) == 0)
        return 0;
    atomic_size_t *count = ret->kind == MQTT_MESSAGE     ? &m->waiting
                           : ret->kind == MQTT_PUBLISHED ? &m->under_way
                                                         : &m->changes;
    size_t before = atomic_fetch_sub(count, 1);
    if ((ret->kind == MQTT_MESSAGE && before == m->conf.receiving) ||
        (count == &m->changes && before == CHANGES_MAX))
        eventfd_write(m->wake, 1); /* the thread stood still for want of this place */
    return 1;
}

int mqtt_publish(struct mqtt *m, const char *topic, const void *bytes, size_t len, bool retained,
                 uint64_t token)
{
    assert(m && topic && (bytes || len == 0));
    struct order order = {.token = token, .len = len, .retained = retained};
    if (len > MQTT_PAYLOAD_MAX || text_copy(order.topic, sizeof(order.topic), topic) < 0)
        return -EMSGSIZE;
    if (atomic_fetch_add(&m->under_way, 1) >= m->conf.inflight) {
        atomic_fetch_sub(&m->under_way, 1);
        return -EAGAIN;
    }
    order.bytes = malloc(len > 0 ? len : 1);
    int err = order.bytes ? 0 : -ENOMEM;
    if (err == 0 && len > 0)
        memcpy(order.bytes, bytes, len);
    if (err == 0)
        err = queue_put(m->orders, &order);
    if (err < 0) {
        free(order.bytes);
        atomic_fetch_sub(&m->under_way, 1);
    }
    return err;
}

void mqtt_clock(struct mqtt *m, int64_t offset_ms, bool doubtful)
{
    assert(m);
    atomic_store(&m->offset_ms, offset_ms);
    atomic_store(&m->doubtful, doubtful);
    atomic_store(&m->clock_known, true);
}

void mqtt_renew(struct mqtt *m)
{
    assert(m);
    atomic_store(&m->renew, true);
    eventfd_write(m->wake, 1);
}

uint64_t mqtt_dropped(const struct mqtt *m)
{
    assert(m);
    return atomic_load(&m->dropped);
}

void mqtt_free(struct mqtt *m)
{
    if (!m)
        return;
    if (m->started) {
        atomic_store(&m->stop, true);
        eventfd_write(m->wake, 1);
        pthread_join(m->thread, NULL);
    }
    struct order order;
    while (m->orders && queue_take(m->orders, &order) == 1)
        free(order.bytes);
    struct mqtt_event event;
    while (m->events && queue_take(m->events, &event) == 1)
        if (event.kind == MQTT_MESSAGE)
            free(event.bytes);
    queue_free(m->orders);
    queue_free(m->events);
    if (m->wake >= 0)
        close(m->wake);
    mosquitto_lib_cleanup();
    free(m);
}
