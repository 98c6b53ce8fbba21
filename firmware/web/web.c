/* SPDX-License-Identifier: Apache-2.0 */
#include "web.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "queue.h"
#include "web_alert.h"
#include "web_audience.h"
#include "web_exchange.h"
#include "web_gate.h"
#include "web_http.h"
#include "web_keys.h"
#include "web_list.h"
#include "web_view.h"

/* A request between web_collect() and web_settle(). */
struct waiting {
    struct web_exchange *x;
    enum waiting_for {
        FOR_VIEW,    /* it only reads */
        FOR_STATION, /* the station has an answer to it */
        FOR_COMMIT,  /* an entry of its own is in the journal's open transaction */
    } what;
    bool signs_in;
};

struct web {
    struct web_conf conf;
    struct queue *requests;
    struct web_http *http;
    struct web_sessions sessions;
    struct web_keys keys;
    struct web_audience audience;
    struct waiting waiting[STATION_GROUP_MAX];
    size_t waiting_count;
};

static struct web_reply error_reply(unsigned status, const char *code, const char *message)
{
    return (struct web_reply){.status = status,
                              .json = web_error_json(code, message, NULL),
                              .retry_s = status == 429   ? 60
                                         : status == 503 ? 1
                                                         : 0};
}

static void answer(struct web_exchange *x, const struct web_reply *reply)
{
    web_exchange_answer(x, reply);
    web_exchange_free(x);
}

static void refuse(struct web_exchange *x, unsigned status, const char *code, const char *message)
{
    struct web_reply reply = error_reply(status, code, message);
    answer(x, &reply);
}

int web_open(const struct web_conf *conf, struct diag *reterr, struct web **ret)
{
    assert(conf && conf->address && conf->host_name && ret);

    AUTO(web) w = calloc(1, sizeof(*w));
    if (!w)
        return -ENOMEM;
    w->conf = *conf;
    if (getrandom(&w->audience.run, sizeof(w->audience.run), 0) != (ssize_t)sizeof(w->audience.run))
        return -EIO;
    int err = queue_open(WEB_REQUESTS_MAX, sizeof(struct web_exchange *), &w->requests);
    if (err < 0)
        return err;
    struct web_http_conf http = {
        .address = conf->address,
        .port = conf->port,
        .folder = conf->folder,
        .host_name = conf->host_name,
        .connections_max = WEB_CONNECTIONS_MAX,
        .answer_ms = WEB_ANSWER_MS,
        .beat_ms = conf->beat_ms > 0 ? conf->beat_ms : WEB_BEAT_MS,
        .requests = w->requests,
    };
    err = web_http_open(&http, reterr, &w->http);
    if (err < 0)
        return err;
    *ret = TAKE(w);
    return 0;
}

uint16_t web_port(const struct web *w)
{
    assert(w);
    return web_http_port(w->http);
}

int web_fd(const struct web *w)
{
    assert(w);
    return queue_fd(w->requests);
}

static int view_of(const struct web_floor *floor, const char *post, struct station_view *ret)
{
    return station_view(floor->station, post, floor->now.mono_ms, ret);
}

static bool is_locked(const struct web *w, const struct web_floor *floor, const char *token,
                      const struct station_view *view)
{
    return web_gate_locked(web_session_find(&w->sessions, token, floor->steady_ms), view);
}

void web_notify(struct web *w, const struct web_floor *floor)
{
    assert(w && floor);
    web_audience_tell(&w->audience, floor, &w->sessions);
}

static struct web_reply watch_reply(struct web *w, const struct web_floor *floor,
                                    const struct web_request *r)
{
    int err =
        web_audience_join(&w->audience, floor, &w->sessions, r->watch, r->token, r->last_event);
    if (err == -ENOENT)
        return error_reply(404, "post", "there is no such post");
    if (err < 0)
        return error_reply(503, "busy", "too many screens watch");
    return (struct web_reply){.status = 200, .json = strdup("{}")};
}

/* A panel pairs with its post; another screen is told to sign a worker in. */
static struct web_reply pair_reply(struct web *w, const struct web_floor *floor,
                                   const struct web_request *r)
{
    struct station_view view;
    if (view_of(floor, r->param, &view) < 0)
        return error_reply(404, "post", "there is no such post");
    const struct web_session *session = web_session_find(&w->sessions, r->token, floor->steady_ms);
    struct web_reply reply = {.status = 200};
    bool paired = session && strcmp(session->post, r->param) == 0;
    if (!paired && w->conf.panel && r->loopback) {
        if (web_session_open(&w->sessions, r->param, "", floor->steady_ms, reply.token) < 0)
            return error_reply(503, "busy", "no random bits");
        session = web_session_find(&w->sessions, reply.token, floor->steady_ms);
    } else if (!paired) {
        session = NULL;
    }
    reply.json = web_view_json(&view, web_gate_locked(session, &view));
    return reply;
}

static struct web_reply post_reply(const struct web *w, const struct web_floor *floor,
                                   const struct web_request *r)
{
    struct station_view view;
    if (view_of(floor, r->param, &view) < 0)
        return error_reply(404, "post", "there is no such post");
    return (struct web_reply){.status = 200,
                              .json = web_view_json(&view, is_locked(w, floor, r->token, &view))};
}

static struct web_reply read_reply(struct web *w, const struct web_floor *floor,
                                   const struct web_request *r)
{
    struct web_gate gate =
        web_gate_list(r->route, web_session_find(&w->sessions, r->token, floor->steady_ms), floor);
    if (gate.status != 200)
        return error_reply(gate.status, gate.code, gate.message);
    switch (r->route->id) {
    case ROUTE_POST:
        return post_reply(w, floor, r);
    case ROUTE_EVENTS:
        return watch_reply(w, floor, r);
    case ROUTE_PAIR:
        return pair_reply(w, floor, r);
    case ROUTE_POSTS:
    case ROUTE_MESSAGES:
    case ROUTE_STOCK:
    case ROUTE_AT_RISK:
    case ROUTE_SLOW_STOCK:
    case ROUTE_RISK_TOTALS:
    case ROUTE_ALERTS:
    case ROUTE_TASKS:
    case ROUTE_SEARCH:
    case ROUTE_HEALTH:
    case ROUTE_REASONS:
    case ROUTE_OVERRIDES:
    case ROUTE_CAPTURES:
        return web_list(r, floor);
    case ROUTE_COMMAND:
    case ROUTE_ACKNOWLEDGE:
    case ROUTE_SNOOZE:
        break;
    }
    return error_reply(500, "route", "not a route that is read");
}

/* The command goes into the station's group, or is answered here. Returns whether it went in. */
static bool collect_command(struct web *w, const struct web_floor *floor, struct web_exchange *x)
{
    const struct web_request *r = web_exchange_request(x);
    struct station_view view;
    if (view_of(floor, r->param, &view) < 0) {
        refuse(x, 404, "post", "there is no such post");
        return false;
    }
    const struct web_session *session = web_session_find(&w->sessions, r->token, floor->steady_ms);
    struct web_gate gate =
        web_gate_command(&w->sessions, session, &view, r->body.command, floor->steady_ms);
    if (gate.status != 200) {
        refuse(x, gate.status, gate.code, gate.message);
        return false;
    }
    bool signs_in = gate.signs_in;
    /* The answer to signing in carries a cookie, and is not kept for a repetition. */
    if (r->key[0] != '\0' && !signs_in) {
        const char *json = NULL;
        int known =
            web_keys_begin(&w->keys, r->key, r->param, r->body.command, floor->steady_ms, &json);
        if (known == 1) {
            struct web_reply reply = {.status = 200, .json = strdup(json)};
            answer(x, &reply);
            return false;
        }
        if (known < 0) {
            refuse(x, 409, known == -EEXIST ? "key_used" : "in_progress",
                   known == -EEXIST ? "the Idempotency-Key was used for another command"
                                    : "the same command waits for its commit");
            return false;
        }
    }
    struct station_input in = {.kind = INPUT_COMMAND};
    memcpy(in.post, view.post, sizeof(in.post));
    snprintf(in.device, sizeof(in.device), "screen-%s", view.post);
    memcpy(in.command, r->body.command, sizeof(in.command));
    int err = station_input(floor->station, &in, &floor->now);
    if (err < 0) {
        web_keys_end(&w->keys, r->key, NULL);
        refuse(x, 503, "busy", "too many inputs wait");
        return false;
    }
    w->waiting[w->waiting_count++] =
        (struct waiting){.x = x, .what = FOR_STATION, .signs_in = signs_in};
    return true;
}

/* An alert is acknowledged or snoozed: its entry joins the open transaction. */
static void collect_alert(struct web *w, const struct web_floor *floor, struct web_exchange *x)
{
    const struct web_request *r = web_exchange_request(x);
    const struct web_session *session = web_session_find(&w->sessions, r->token, floor->steady_ms);
    struct web_gate gate = web_gate_list(r->route, session, floor);
    struct station_view view;
    if (gate.status != 200 || view_of(floor, session->post, &view) < 0) {
        refuse(x, gate.status, gate.code, gate.message);
        return;
    }
    int err = web_alert_write(r, floor, view.worker);
    if (err == -ENOENT)
        refuse(x, 404, "alert", "no such alert is open");
    else if (err < 0)
        refuse(x, 503, "journal", "it could not be written");
    else
        w->waiting[w->waiting_count++] = (struct waiting){.x = x, .what = FOR_COMMIT};
}

int web_collect(struct web *w, const struct web_floor *floor)
{
    assert(w && floor && w->waiting_count == 0);
    int inputs = 0;
    struct web_exchange *x = NULL;
    while (w->waiting_count < STATION_GROUP_MAX && queue_take(w->requests, &x) == 1) {
        enum web_route_id id = web_exchange_request(x)->route->id;
        if (id == ROUTE_COMMAND)
            inputs += collect_command(w, floor, x);
        else if (id == ROUTE_ACKNOWLEDGE || id == ROUTE_SNOOZE)
            collect_alert(w, floor, x);
        else
            w->waiting[w->waiting_count++] = (struct waiting){.x = x, .what = FOR_VIEW};
    }
    return inputs;
}

static struct web_reply command_reply(struct web *w, const struct web_floor *floor,
                                      const struct waiting *waiting, const struct station_answer *a)
{
    const struct web_request *r = web_exchange_request(waiting->x);
    struct web_reply reply = {.status = 200};
    struct station_view view;
    if (view_of(floor, r->param, &view) < 0)
        return error_reply(500, "post", "the post is gone");
    if (waiting->signs_in && view.worker[0] != '\0' && a->tone == TONE_ACCEPT) {
        /* A paired panel serves whoever signs in: a session for each would push others out. */
        if (web_session_holds(web_session_find(&w->sessions, r->token, floor->steady_ms), r->param,
                              view.worker))
            web_session_signed_in(&w->sessions, r->param);
        else if (web_session_open(&w->sessions, r->param, view.worker, floor->steady_ms,
                                  reply.token) < 0)
            return error_reply(503, "busy", "no random bits");
    }
    const char *token = reply.token[0] != '\0' ? reply.token : r->token;
    const struct web_session *session = web_session_find(&w->sessions, token, floor->steady_ms);
    bool locked = web_gate_locked(session, &view);
    if (session && session->worker[0] != '\0' && view.worker[0] == '\0' &&
        strcmp(r->body.command, "sign_out") == 0) {
        web_session_close(&w->sessions, token);
        reply.forget = true;
    }
    reply.json = web_answer_json(a, &view, locked);
    return reply;
}

static void settle_command(struct web *w, const struct web_floor *floor,
                           const struct waiting *waiting, int commit_err)
{
    const char *key = web_exchange_request(waiting->x)->key;
    struct station_answer a = {.tone = TONE_NONE};
    if (station_answer(floor->station, &a) != 1) {
        web_keys_end(&w->keys, key, NULL);
        refuse(waiting->x, 500, "no_answer", "the station gave no answer");
        return;
    }
    if (w->conf.on_answer)
        w->conf.on_answer(&a, w->conf.context);
    struct web_reply reply = command_reply(w, floor, waiting, &a);
    /* What did not reach the disk may be tried again under the same key. */
    if (key[0] != '\0' && !waiting->signs_in)
        web_keys_end(&w->keys, key, commit_err < 0 ? NULL : reply.json);
    answer(waiting->x, &reply);
}

static void settle_commit(const struct web_floor *floor, const struct waiting *waiting,
                          int commit_err)
{
    /* A group without inputs of the station may have had no commit. */
    if (commit_err == 0 && journal_pending(floor->journal) > 0)
        commit_err = journal_commit(floor->journal);
    if (commit_err < 0) {
        refuse(waiting->x, 503, "journal", "it could not be written");
        return;
    }
    struct web_reply reply = {.status = 200, .json = strdup("{}")};
    answer(waiting->x, &reply);
}

static void settle_one(struct web *w, const struct web_floor *floor, const struct waiting *waiting,
                       int commit_err)
{
    switch (waiting->what) {
    case FOR_STATION:
        settle_command(w, floor, waiting, commit_err);
        break;
    case FOR_COMMIT:
        settle_commit(floor, waiting, commit_err);
        break;
    case FOR_VIEW: {
        struct web_reply reply = read_reply(w, floor, web_exchange_request(waiting->x));
        answer(waiting->x, &reply);
        break;
    }
    }
}

void web_settle(struct web *w, const struct web_floor *floor, int commit_err)
{
    assert(w && floor);
    for (size_t i = 0; i < w->waiting_count; i++)
        settle_one(w, floor, &w->waiting[i], commit_err);
    w->waiting_count = 0;
    web_notify(w, floor);
}

int web_serve(struct web *w, const struct web_floor *floor)
{
    assert(w && floor);
    int err = web_collect(w, floor) > 0 ? station_commit(floor->station) : 0;
    web_settle(w, floor, err);
    return err;
}

void web_free(struct web *w)
{
    if (!w)
        return;
    if (w->requests)
        queue_close_input(w->requests);
    for (size_t i = 0; i < w->waiting_count; i++)
        refuse(w->waiting[i].x, 503, "ending", "the appliance is restarting");
    struct web_exchange *x = NULL;
    while (w->requests && queue_take(w->requests, &x) == 1)
        refuse(x, 503, "ending", "the appliance is restarting");
    web_audience_end(&w->audience);
    web_http_free(w->http);
    queue_free(w->requests);
    web_keys_clear(&w->keys);
    free(w);
}
