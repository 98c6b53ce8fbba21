/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "queue.h"
#include "tenancy.h"
#include "text.h"
#include "topic.h"

#define WAIT_MAX_MS 1000   /* how long the thread sleeps at most */
#define SCAN_MS 30000      /* between looks for new tenants, */
#define SCAN_LEAST_MS 1000 /* also when messages name others */

/* What comes through the queue. Without bytes it only wakes. */
struct item {
    char tenant[ORIGIN_TENANT_SIZE];
    char topic[TOPIC_SIZE];
    uint8_t *bytes;
    size_t len;
    bool message;
};

enum { MESSAGES, ENTRIES, TRANSACTIONS, AGAIN, REFUSED, DROPPED, SET_ASIDE, FAILED, COUNTS };

struct worker {
    struct worker_conf conf;
    struct queue *queue;
    pthread_t thread;
    bool running;
    atomic_bool ending;
    struct tenancy *tenants[WORKER_TENANTS_MAX];
    size_t tenants_count;
    int64_t scan_ms;
    atomic_int_least64_t counts[COUNTS]; /* the thread writes, everybody reads */
    int64_t failed;
};

unsigned worker_of(const char *tenant, unsigned count)
{
    assert(tenant && count > 0);
    return (unsigned)topic_shard(tenant) % count;
}

/* ---- tenants ---- */

static struct tenancy *find_tenant(struct worker *w, const char *tenant)
{
    for (size_t i = 0; i < w->tenants_count; i++)
        if (strcmp(tenancy_name(w->tenants[i]), tenant) == 0)
            return w->tenants[i];
    return NULL;
}

static int on_tenant(const char *tenant, void *context)
{
    struct worker *w = context;
    if (worker_of(tenant, w->conf.count) != w->conf.number || find_tenant(w, tenant))
        return 0;
    if (w->tenants_count == WORKER_TENANTS_MAX)
        return -ENOSPC;
    int err = tenancy_open(&w->conf, tenant, &w->tenants[w->tenants_count]);
    w->tenants_count += err == 0;
    return err;
}

/* Only the store says which tenants there are; messages do not. */
static void scan(struct worker *w, int64_t mono_ms)
{
    struct diag why = {0};
    int err = sql_tenants(w->conf.store, on_tenant, w, &why);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "relayd: tenants cannot be listed, retrying: %s",
                 why.text[0] ? why.text : strerror(-err));
    w->scan_ms = mono_ms + SCAN_MS;
}

static void publish_counts(struct worker *w)
{
    struct worker_counts sum = {0};
    for (size_t i = 0; i < w->tenants_count; i++) {
        struct ingest_counts c = tenancy_counts(w->tenants[i]);
        sum.messages += c.messages;
        sum.entries += c.entries;
        sum.transactions += c.transactions;
        sum.again += c.again;
        sum.refused += c.refused;
        sum.dropped += c.dropped;
        sum.set_aside += c.set_aside;
    }
    const int64_t values[COUNTS] = {
        [MESSAGES] = sum.messages,   [ENTRIES] = sum.entries, [TRANSACTIONS] = sum.transactions,
        [AGAIN] = sum.again,         [REFUSED] = sum.refused, [DROPPED] = sum.dropped,
        [SET_ASIDE] = sum.set_aside, [FAILED] = w->failed};
    for (size_t i = 0; i < COUNTS; i++)
        atomic_store(&w->counts[i], values[i]);
}

/* ---- items ---- */

/* Items of one tenant among n: its messages in one transaction, in their order. */
static void serve(struct worker *w, struct item *items, size_t n, const char *tenant)
{
    struct ingest_message messages[INGEST_GROUP_MAX];
    size_t count = 0;
    struct tenancy *t = find_tenant(w, tenant);
    int64_t mono_ms = relay_clock_steady_ms();
    if (!t && mono_ms >= w->scan_ms - SCAN_MS + SCAN_LEAST_MS) {
        scan(w, mono_ms);
        t = find_tenant(w, tenant);
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(items[i].tenant, tenant) != 0)
            continue;
        if (items[i].message)
            messages[count++] =
                (struct ingest_message){items[i].topic, items[i].bytes, items[i].len};
        else if (t)
            tenancy_wake(t);
    }
    if (!t || !w->conf.takes || count == 0)
        return;
    if (tenancy_take(t, messages, count) < 0)
        w->failed++;
}

static void serve_all(struct worker *w, struct item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool served = false;
        for (size_t before = 0; before < i && !served; before++)
            served = strcmp(items[before].tenant, items[i].tenant) == 0;
        if (!served)
            serve(w, items, n, items[i].tenant);
    }
    for (size_t i = 0; i < n; i++)
        free(items[i].bytes);
}

/* Returns until when there is nothing to do. */
static int64_t step_all(struct worker *w)
{
    int64_t next_ms = relay_clock_steady_ms() + WAIT_MAX_MS;
    for (size_t i = 0; i < w->tenants_count; i++) {
        int64_t due_ms = tenancy_step(w->tenants[i]);
        next_ms = due_ms < next_ms ? due_ms : next_ms;
    }
    return next_ms;
}

static void *run(void *context)
{
    struct worker *w = context;
    int64_t next_ms = 0;
    while (!atomic_load(&w->ending)) {
        struct item items[INGEST_GROUP_MAX];
        int64_t mono_ms = relay_clock_steady_ms();
        if (mono_ms >= w->scan_ms)
            scan(w, mono_ms);
        int wait_ms = next_ms > mono_ms ? (int)(next_ms - mono_ms) : 0;
        size_t n = queue_take_wait(w->queue, &items[0], wait_ms) > 0;
        while (n > 0 && n < INGEST_GROUP_MAX && queue_take(w->queue, &items[n]) > 0)
            n++;
        serve_all(w, items, n);
        next_ms = step_all(w);
        publish_counts(w);
    }
    return NULL;
}

/* ---- the caller's side ---- */

int worker_open(const struct worker_conf *conf, struct worker **ret)
{
    assert(conf && ret && conf->count > 0 && conf->number < conf->count);
    AUTO(worker) w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    w->conf = *conf;
    int err = queue_open(conf->queue, sizeof(struct item), &w->queue);
    if (err == 0)
        err = -pthread_create(&w->thread, NULL, run, w);
    if (err < 0)
        return err;
    w->running = true;
    *ret = TAKE(w);
    return 0;
}

int worker_give(struct worker *w, const char *tenant, const char *topic, uint8_t *bytes, size_t len)
{
    assert(w && tenant && topic && (bytes || len == 0));
    struct item item = {.bytes = bytes, .len = len, .message = true};
    int err = text_copy(item.tenant, sizeof(item.tenant), tenant);
    if (err == 0)
        err = text_copy(item.topic, sizeof(item.topic), topic);
    return err < 0 ? err : queue_put(w->queue, &item);
}

void worker_wake(struct worker *w, const char *tenant)
{
    assert(w && tenant);
    struct item item = {.message = false};
    if (text_copy(item.tenant, sizeof(item.tenant), tenant) == 0 && queue_put(w->queue, &item) < 0)
        return; /* full: the thread is awake, and looks by itself within TENANCY_LOOK_MS */
}

struct worker_counts worker_counts(const struct worker *w)
{
    return (struct worker_counts){.messages = atomic_load(&w->counts[MESSAGES]),
                                  .entries = atomic_load(&w->counts[ENTRIES]),
                                  .transactions = atomic_load(&w->counts[TRANSACTIONS]),
                                  .again = atomic_load(&w->counts[AGAIN]),
                                  .refused = atomic_load(&w->counts[REFUSED]),
                                  .dropped = atomic_load(&w->counts[DROPPED]),
                                  .set_aside = atomic_load(&w->counts[SET_ASIDE]),
                                  .failed = atomic_load(&w->counts[FAILED])};
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    atomic_store(&w->ending, true);
    if (w->queue)
        queue_close_input(w->queue);
    if (w->running)
        pthread_join(w->thread, NULL);
    struct item item;
    while (w->queue && queue_take(w->queue, &item) > 0)
        free(item.bytes);
    for (size_t i = 0; i < w->tenants_count; i++)
        tenancy_free(w->tenants[i]);
    queue_free(w->queue);
    free(w);
}
