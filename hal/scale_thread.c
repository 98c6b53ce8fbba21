/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_thread.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "retry.h"

#define COMMANDS_MAX 16

/* One scale of the bus; touched by the thread alone. */
struct member {
    struct scale_thread_scale conf;
    struct scale *scale; /* NULL: not open */
    struct retry retry;
    unsigned failures;
    int online;
    int offline_err;
    int told_online; /* what the last event of state said */
    int loss_untold;
    int lost;
};

struct request {
    size_t member;
    enum scale_command command;
};

struct scale_thread {
    pthread_t thread;
    int started;
    int32_t poll_ms;
    struct queue *events;   /* borrowed */
    struct queue *requests; /* member SIZE_MAX is the order to stop */
    size_t count;
    struct member members[SCALE_THREAD_SCALES_MAX];
};

static struct scale_event event_of(const struct member *m, enum scale_event_kind kind, int err)
{
    struct scale_event e = {.calibration_due_day = m->conf.calibration_due_day,
                            .kind = kind,
                            .err = err,
                            .at_mono_ms = clock_steady_ms()};
    memcpy(e.id, m->conf.id, sizeof(e.id));
    return e;
}

static int put_state(struct scale_thread *t, const struct member *m, enum scale_event_kind kind,
                     int err)
{
    struct scale_event e = event_of(m, kind, err);
    return queue_put(t->events, &e) == 0;
}

/* Posts changes of state, also those that found no room earlier: a loss is told even when the scale
 * is back by then, for nothing from before it counts. Returns whether all is told. */
static int tell_state(struct scale_thread *t, struct member *m)
{
    if (m->loss_untold) {
        if (!put_state(t, m, SCALE_EVENT_OFFLINE, m->offline_err))
            return 0;
        m->loss_untold = 0;
        m->told_online = 0;
    }
    if (m->online && !m->told_online)
        m->told_online = put_state(t, m, SCALE_EVENT_ONLINE, 0);
    return m->online == m->told_online;
}

/* A full queue drops it: the next reading is newer. Nothing goes out before the state it needs. */
static void post(struct scale_thread *t, struct member *m, const struct scale_event *e)
{
    if (tell_state(t, m))
        (void)!queue_put(t->events, e);
}

/* Only what delivered has succeeded; a scale that opens and dies at once is retried ever slower. */
static void is_alive(struct member *m)
{
    m->failures = 0;
    m->online = 1;
    m->lost = 0;
    retry_succeeded(&m->retry);
}

static void is_lost(struct member *m, int err)
{
    scale_free(m->scale);
    m->scale = NULL;
    if (m->online || !m->lost)
        m->loss_untold = 1; /* while it stays lost, further failures are no news */
    m->online = 0;
    m->lost = 1;
    m->offline_err = err;
    m->failures = 0;
    retry_failed(&m->retry, clock_steady_ms());
}

/* The scale answered, although not with a weight. */
static int answered(int err)
{
    return err == 0 || err == -ERANGE || err == -EBUSY || err == -EREMOTEIO;
}

/* What an error means for the link: gone at once, or counted until it is. */
static void note_failure(struct member *m, int err)
{
    if (err == -EIO || err == -EPROTO || ++m->failures >= SCALE_THREAD_FAILURES)
        is_lost(m, err);
}

static void poll_member(struct scale_thread *t, struct member *m)
{
    if (!m->scale) {
        if (!retry_due(&m->retry, clock_steady_ms()))
            return;
        int err = m->conf.open(m->conf.conf, &m->scale);
        if (err < 0) {
            is_lost(m, err);
            tell_state(t, m);
            return;
        }
    }
    struct scale_reading reading;
    int err = scale_read(m->scale, &reading);
    if (answered(err)) {
        is_alive(m);
        struct scale_event e =
            event_of(m, err == 0 ? SCALE_EVENT_READING : SCALE_EVENT_REFUSED, err);
        if (err == 0)
            e.reading = reading;
        else
            e.status = scale_last_status(m->scale);
        post(t, m, &e);
    } else {
        note_failure(m, err);
    }
    if (m->online || !m->scale)
        tell_state(t, m);
}

static int run_command(struct member *m, enum scale_command command)
{
    if (!m->scale)
        return -EIO;
    int err = command == SCALE_COMMAND_TARE ? scale_tare(m->scale) : scale_zero(m->scale);
    if (err == -EIO)
        is_lost(m, err);
    return err;
}

static void serve(struct scale_thread *t, const struct request *request)
{
    struct member *m = &t->members[request->member];
    struct scale_event e = event_of(m, SCALE_EVENT_DONE, run_command(m, request->command));
    e.command = request->command;
    tell_state(t, m);
    (void)!queue_put(t->events, &e);
}

/* Serves commands until the next round is due. Returns 0 when it is to stop. */
static int wait_round(struct scale_thread *t, int64_t due_ms)
{
    struct request request;
    for (;;) {
        int64_t left_ms = due_ms - clock_steady_ms();
        if (queue_take_wait(t->requests, &request, left_ms > 0 ? (int)left_ms : 0)) {
            if (request.member == SIZE_MAX)
                return 0;
            serve(t, &request);
            continue;
        }
        return 1;
    }
}

static void *run(void *context)
{
    struct scale_thread *t = context;
    int64_t due_ms = clock_steady_ms();
    while (wait_round(t, due_ms)) {
        due_ms = clock_steady_ms() +
                 t->poll_ms; /* not from the last due time: a slow round is not made up */
        for (size_t i = 0; i < t->count; i++)
            poll_member(t, &t->members[i]);
    }
    return NULL;
}

int scale_thread_start(const struct scale_thread_conf *conf, struct scale_thread **ret)
{
    assert(conf && conf->count > 0 && conf->count <= SCALE_THREAD_SCALES_MAX && ret);
    assert(conf->poll_ms > 0 && conf->events);
    AUTO(scale_thread) t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    t->poll_ms = conf->poll_ms;
    t->events = conf->events;
    t->count = conf->count;
    for (size_t i = 0; i < conf->count; i++)
        t->members[i] = (struct member){.conf = conf->scales[i]};
    int err = queue_open(COMMANDS_MAX, sizeof(struct request), &t->requests);
    if (err < 0)
        return err;
    err = pthread_create(&t->thread, NULL, run, t);
    if (err != 0)
        return -err;
    t->started = 1;
    *ret = TAKE(t);
    return 0;
}

int scale_thread_command(struct scale_thread *t, const char *id, enum scale_command command)
{
    assert(t && id);
    for (size_t i = 0; i < t->count; i++) {
        /* The names are never written after the start: they may be read from any thread. */
        if (strcmp(t->members[i].conf.id, id) == 0)
            return queue_put(t->requests, &(struct request){i, command});
    }
    return -EINVAL;
}

void scale_thread_free(struct scale_thread *t)
{
    if (!t)
        return;
    if (t->started) {
        const struct request stop = {.member = SIZE_MAX};
        while (queue_put(t->requests, &stop) == -EAGAIN)
            clock_sleep_until(clock_steady_ms() + 1); /* the thread is working the queue off */
        pthread_join(t->thread, NULL);
    }
    for (size_t i = 0; i < t->count; i++)
        scale_free(t->members[i].scale);
    queue_free(t->requests);
    free(t);
}
