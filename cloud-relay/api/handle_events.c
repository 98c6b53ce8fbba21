/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/events: the relay's journal as it grows. A stream reads behind its cursor, like every
 * consumer; its bell only tells it to look. It ends with its token, or when the user's sessions are
 * ended, and the client comes back with Last-Event-ID. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_event.h"
#include "api_age.h"
#include "api_gate.h"
#include "api_handlers.h"
#include "api_state.h"
#include "api_visible.h"
#include "http_json.h"
#include "queue.h"

#define EVENTS_AT_ONCE 100
#define LOOK_MS 2000 /* other processes' events ring no bell here */
#define SEAT_WAIT_MS 3000

struct follower {
    struct api_call call; /* who, route and api are the request's; the rest is its own */
    struct queue *bell;
    char types[API_VALUE_SIZE]; /* ",A,B,"; "": all */
    int64_t seq;
    int64_t quiet_since_ms;
    FILE *out; /* while events are written */
    int64_t written;
};

static void free_follower(void *context)
{
    struct follower *f = context;
    if (f->bell)
        api_seats_unlisten(f->call.api->seats, f->call.who.tenant, f->bell);
    queue_free(f->bell);
    free(f->call.sites);
    free(f);
}

static bool type_is_wanted(const struct follower *f, const char *type)
{
    char name[EVENT_TYPE_SIZE + 2];
    snprintf(name, sizeof(name), ",%s,", type);
    return f->types[0] == '\0' || strstr(f->types, name);
}

static int write_event(const struct event *e, void *context)
{
    struct follower *f = context;
    f->seq = e->seq;
    if (!type_is_wanted(f, e->type))
        return 0;
    cJSON *body = cJSON_Parse(e->body);
    bool visible = api_event_is_visible(&f->call, e->kind, e->type, body);
    cJSON_Delete(body);
    if (!visible)
        return 0;
    struct http_json b = http_json_object();
    answer_event(&b, b.root, e);
    char *text = http_json_end(&b);
    if (!text)
        return -ENOMEM;
    fprintf(f->out, "id: %" PRId64 "\nevent: %s\ndata: %s\n\n", e->seq, e->type, text);
    free(text);
    f->written++;
    return 0;
}

static int read_events(struct follower *f)
{
    struct api_call *call = &f->call;
    call->sites_read = false;
    call->sites_count = 0;
    free(call->sites);
    call->sites = NULL;
    int err = sql_begin(call->s, SQL_READ);
    if (err == 0)
        err = api_gate_user(call); /* the sessions may have been ended */
    if (err == 0)
        err = api_sites_read(call);
    struct event_filter filter = {.after_seq = f->seq, .limit = EVENTS_AT_ONCE};
    return err < 0 ? err : event_each(call->s, &filter, write_event, f);
}

/* What there is, as text; "" when there is nothing yet. */
static int look(struct follower *f, char **ret)
{
    struct api_call *call = &f->call;
    size_t len = 0;
    char *text = NULL;
    f->out = open_memstream(&text, &len);
    if (!f->out)
        return -ENOMEM;
    int err = api_seat_take(call->api->seats, call->who.tenant, SEAT_WAIT_MS, &call->seat);
    if (err == 0) {
        call->s = call->seat.s;
        err = read_events(f);
        api_seat_give(call->api->seats, &call->seat);
        call->s = NULL;
    }
    if (err == -EBUSY)
        err = 0; /* looks again */
    if (fclose(f->out) != 0 && err == 0)
        err = -ENOMEM;
    if (err < 0) {
        free(text);
        return err;
    }
    *ret = text;
    return 0;
}

static int next(void *context, char **ret_text)
{
    struct follower *f = context;
    struct api *a = f->call.api;
    for (;;) {
        if (atomic_load(&a->ending) || api_real_ms() / 1000 >= f->call.who.expires_s)
            return -ESHUTDOWN;
        char *text = NULL;
        int err = look(f, &text);
        if (err < 0)
            return err;
        if (text[0] != '\0') {
            f->quiet_since_ms = api_steady_ms();
            *ret_text = text;
            return 0;
        }
        free(text);
        int64_t quiet_ms = api_steady_ms() - f->quiet_since_ms;
        if (quiet_ms >= a->conf.beat_ms) {
            f->quiet_since_ms = api_steady_ms();
            *ret_text = strdup("event: beat\ndata: {}\n\n");
            return *ret_text ? 0 : -ENOMEM;
        }
        int64_t wait_ms = a->conf.beat_ms - quiet_ms;
        int ring = 0;
        queue_take_wait(f->bell, &ring, (int)(wait_ms < LOOK_MS ? wait_ms : LOOK_MS));
    }
}

int handle_stream_events(struct api_call *call)
{
    struct follower *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->call.api = call->api;
    f->call.request = call->request;
    f->call.route = call->route;
    f->call.who = call->who;
    f->call.now_ms = call->now_ms;
    const char *types = api_arg(call, "types");
    if (types[0] != '\0' &&
        (size_t)snprintf(f->types, sizeof(f->types), ",%s,", types) >= sizeof(f->types))
        f->types[sizeof(f->types) - 2] = ',';
    const char *last = api_arg(call, "Last-Event-ID");
    int err = last[0] != '\0' ? 0 : event_last(call->s, &f->seq);
    if (last[0] != '\0')
        f->seq = strtoll(last, NULL, 10);
    f->quiet_since_ms = api_steady_ms();
    if (err == 0)
        err = queue_open(1, sizeof(int), &f->bell);
    if (err == 0)
        err = api_seats_listen(call->api->seats, call->who.tenant, f->bell);
    if (err < 0) {
        free_follower(f);
        return err;
    }
    call->streams = true;
    call->stream = (struct http_stream){.next = next, .free = free_follower, .context = f};
    return 0;
}
