/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_passage.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api_gate.h"
#include "api_problem.h"
#include "api_quota.h"
#include "api_request.h"
#include "api_state.h"
#include "log.h"

#define SEAT_WAIT_MS 3000
#define TRIES_MAX 3 /* of a write that waited for another in vain */

/* A request from its headers to its end: the call, or a file of the console. */
struct passage {
    struct api_call call;
    int64_t began_us;
    bool asset;
};

static int64_t clock_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t api_real_ms(void)
{
    return clock_us(CLOCK_REALTIME) / 1000;
}

int64_t api_steady_ms(void)
{
    return clock_us(CLOCK_MONOTONIC) / 1000;
}

int api_limit_take(struct api *a, const char *name, const struct api_limit *limit)
{
    struct api_limits *limits = NULL;
    int n = queue_take_wait(a->limits_turn, &limits, -1);
    assert(n == 1);
    int retry_s = api_limits_take(limits, name, limit, api_steady_ms());
    n = queue_put(a->limits_turn, &limits);
    assert(n == 0);
    return retry_s;
}

static size_t route_index(const struct api *a, const struct api_route *route)
{
    size_t count = 0;
    const struct api_route *routes = api_document_routes(a->document, &count);
    return route ? (size_t)(route - routes) : count;
}

/* One line a request; its trace joins it with the events that it led to. */
static void tell(const struct passage *p, unsigned status)
{
    const struct api_call *call = &p->call;
    int64_t took_us = clock_us(CLOCK_MONOTONIC) - p->began_us;
    api_metrics_count(call->api->metrics, route_index(call->api, call->route), status, took_us);
    log_line(status >= 500 ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
             "api: answered: operation=%s status=%u ms=%" PRId64 " tenant=%s trace=%s%s%s",
             call->route ? call->route->id : "none", status, took_us / 1000,
             call->who.tenant[0] != '\0' ? call->who.tenant : "-", call->trace,
             status >= 400 ? " why=" : "", status >= 400 ? call->word : "");
}

static void answer_problem(struct passage *p)
{
    struct api_call *call = &p->call;
    struct http_answer answer = {
        .status = call->status, .type = "application/problem+json", .text = api_problem_text(call)};
    answer.len = answer.text ? strlen(answer.text) : 0;
    size_t n = 0;
    if (call->status == 405) {
        answer.headers[n].name = "Allow";
        snprintf(answer.headers[n++].value, HTTP_HEADER_SIZE, "%.*s", HTTP_HEADER_SIZE - 1,
                 call->fault.allowed);
    }
    if (call->status == 401)
        answer.headers[n++] = (__typeof__(answer.headers[0])){"WWW-Authenticate", "Bearer"};
    if (call->retry_s > 0) {
        answer.headers[n].name = "Retry-After";
        snprintf(answer.headers[n++].value, HTTP_HEADER_SIZE, "%d", call->retry_s);
    }
    tell(p, call->status);
    http_respond(call->request, &answer);
}

static void answer_text(struct passage *p, unsigned status, const char *type, char *text)
{
    struct http_answer answer = {
        .status = text ? status : 500, .type = type, .text = text, .form = p->call.form};
    answer.len = !text ? 0 : p->call.text_len > 0 ? p->call.text_len : strlen(text);
    answer.headers[0].name = "Trace-Id";
    snprintf(answer.headers[0].value, HTTP_HEADER_SIZE, "%s", p->call.trace);
    if (p->call.range[0] != '\0') {
        answer.headers[1].name = "Content-Range";
        snprintf(answer.headers[1].value, HTTP_HEADER_SIZE, "%s", p->call.range);
    }
    tell(p, answer.status);
    http_respond(p->call.request, &answer);
}

/* ---- a request with a user behind it ---- */

static void begin_answer(struct api_call *call)
{
    cJSON_Delete(call->answer.root);
    call->answer = http_json_object();
    call->root = call->answer.root;
    call->status = 0;
    call->sites_read = call->catalogue_read = false;
    call->sites_count = 0;
    free(call->sites);
    call->sites = NULL;
}

static int run_read(struct api_call *call, char **ret_text)
{
    int err = call->route->fn(call);
    if (err < 0)
        return err;
    if (call->text) { /* the handler wrote it itself */
        *ret_text = call->text;
        call->text = NULL;
        return 0;
    }
    if (call->streams)
        return 0;
    *ret_text = http_json_end(&call->answer);
    return *ret_text ? 0 : -ENOMEM;
}

/* Effect, answer and key are one transaction. */
static int run_write(struct api_call *call, unsigned *ret_status, char **ret_text)
{
    int known = api_request_known(call, ret_status, ret_text);
    if (known != 0)
        return known < 0 ? known : 0;
    char *text = NULL;
    int err = run_read(call, &text);
    if (err == 0)
        err = api_request_keep(call, call->route->success, text);
    if (err == 0)
        err = api_request_forget(call->s, api_real_ms());
    if (err == 0)
        err = sql_commit(call->s);
    if (err < 0) {
        free(text);
        return err;
    }
    *ret_status = call->route->success;
    *ret_text = text;
    call->wrote = true;
    return 0;
}

static int run_once(struct api_call *call, unsigned *ret_status, char **ret_text)
{
    begin_answer(call);
    bool counts = call->route->exports; /* then a read writes that it was one */
    int err = sql_begin(call->s, call->route->writes || counts ? SQL_WRITE : SQL_READ);
    if (err == 0)
        err = api_gate_user(call);
    if (err == 0 && counts)
        err = api_quota_export(call);
    cJSON *body = NULL;
    if (err == 0)
        err = api_request_body(call, &body);
    call->body = body;
    *ret_status = call->route->success;
    if (err == 0)
        err =
            call->route->writes ? run_write(call, ret_status, ret_text) : run_read(call, ret_text);
    if (err == 0 && counts)
        err = sql_commit(call->s);
    sql_rollback(call->s);
    cJSON_Delete(body);
    call->body = NULL;
    return err;
}

static int run_user(struct api_call *call, unsigned *ret_status, char **ret_text)
{
    struct api *a = call->api;
    int err = api_seat_take(a->seats, call->who.tenant, SEAT_WAIT_MS, &call->seat);
    if (err == -ENOENT)
        return api_refuse(call, 401, "no_token", "Authorization", "", "there is no valid token");
    if (err < 0)
        return err;
    call->s = call->seat.s;
    for (int i = 0; i < TRIES_MAX; i++) {
        err = run_once(call, ret_status, ret_text);
        if (err != -EBUSY || !(call->route->writes || call->route->exports))
            break;
    }
    api_seat_give(a->seats, &call->seat);
    call->s = NULL;
    return err;
}

/* A request without one: its handler opens what it needs. */
static int run_stranger(struct api_call *call, unsigned *ret_status, char **ret_text)
{
    begin_answer(call);
    cJSON *body = NULL;
    int err = api_request_body(call, &body);
    call->body = body;
    if (err == 0)
        err = run_read(call, ret_text);
    cJSON_Delete(body);
    call->body = NULL;
    *ret_status = call->route->success;
    return err;
}

/* Its streams show what was committed, and its agents may have work. */
static void tell_tenant(const struct api_call *call)
{
    const struct api *a = call->api;
    api_seats_wake(a->seats, call->who.tenant);
    if (a->conf.on_write)
        a->conf.on_write(call->who.tenant, a->conf.context);
}

void api_passage_request(struct http_request *r, void *context)
{
    (void)context;
    struct passage *p = http_state(r);
    struct api_call *call = &p->call;
    if (p->asset) {
        if (http_respond_asset(r, call->api->conf.console, call->api->conf.console_folder) < 0) {
            api_refuse(call, 404, "no_route", "", "", "there is no such path");
            answer_problem(p);
        }
        return;
    }
    unsigned status = 200;
    char *text = NULL;
    int err = call->route->security == SECURITY_BEARER ? run_user(call, &status, &text)
                                                       : run_stranger(call, &status, &text);
    if (err == 0 && call->wrote)
        tell_tenant(call);
    if (err < 0) {
        if (err != API_REFUSED || call->status == 0) {
            log_line(LOG_LEVEL_WARNING, "api: failed: operation=%s trace=%s: %s", call->route->id,
                     call->trace, strerror(-err));
            api_problem_of(call, err);
        }
        answer_problem(p);
    } else if (call->streams) {
        tell(p, 200);
        http_respond_stream(r, &call->stream);
    } else {
        answer_text(p, call->own_status != 0 ? call->own_status : status,
                    call->type ? call->type : "application/json", text);
    }
}

static bool is_asset(const struct api *a, const struct http_request *r)
{
    static const char *const roots[] = {
        "/api/",   "/whatsapp/",  "/sms/",    "/email/",    "/gst/", "/audit/", "/reports/",
        "/enrol/", "/campaigns/", "/metrics", "/webhooks/", "/u/",   "/sync/"};
    const char *method = http_method(r);
    if ((!a->conf.console && !a->conf.console_folder) ||
        (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
        if (strncmp(http_path(r), roots[i], strlen(roots[i])) == 0)
            return false;
    }
    return true;
}

static int read_head(struct api_call *call)
{
    if (!http_host_is_ours(call->request, call->api->conf.host_name))
        return api_refuse(call, 403, "foreign_host", "Host", "the relay's own name",
                          "this name is not ours");
    int err = api_request_head(call);
    if (err < 0)
        return err;
    switch (call->route->security) {
    case SECURITY_BEARER:
        return api_gate_token(call);
    case SECURITY_METRICS:
        err = api_gate_stranger(call);
        return err < 0 ? err : api_gate_metrics(call);
    case SECURITY_PROVIDER:
        return api_gate_provider(call);
    case SECURITY_NONE:
        return api_gate_stranger(call);
    }
    return -EINVAL;
}

int api_passage_head(struct http_request *r, void *context)
{
    struct api *a = context;
    struct passage *p = calloc(1, sizeof(*p));
    if (!p)
        return 1; /* unanswered: the connection is closed */
    http_set_state(r, p);
    p->began_us = clock_us(CLOCK_MONOTONIC);
    p->call.api = a;
    p->call.request = r;
    p->call.now_ms = a->conf.now_ms(a->conf.context);
    p->asset = is_asset(a, r);
    if (p->asset && http_host_is_ours(r, a->conf.host_name))
        return 0;
    int err = read_head(&p->call);
    if (err == 0)
        return 0;
    if (err != API_REFUSED)
        api_problem_of(&p->call, err);
    answer_problem(p);
    return 1;
}

void api_passage_done(void *state, void *context)
{
    (void)context;
    struct passage *p = state;
    cJSON_Delete(p->call.answer.root);
    free(p->call.text);
    free(p->call.sites);
    free(p);
}
