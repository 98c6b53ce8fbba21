/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer_event.h"

#include <stdlib.h>

#define EVENTS_MAX 500

void answer_event(struct http_json *b, cJSON *to, const struct event *e)
{
    char hex[SHA256_HEX_SIZE];
    http_json_number(b, to, "seq", e->seq);
    http_json_instant(b, to, "timestamp", e->wall_ms > 0 ? e->wall_ms : 1);
    http_json_text(b, to, "kind", event_kind_name(e->kind));
    http_json_text(b, to, "type", e->type);
    http_json_number(b, to, "version", e->version);
    http_json_text(b, to, "actor", e->actor);
    http_json_text(b, to, "subject", e->subject);
    http_json_text(b, to, "cause", e->cause);
    http_json_text(b, to, "traceId", e->trace);
    cJSON *body = cJSON_Parse(e->body);
    http_json_add(b, to, "body", body ? body : cJSON_CreateObject());
    http_json_text(b, to, "hash", sha256_hex(e->hash, hex));
}

struct list {
    struct http_json *b;
    cJSON *items;
};

static int add(const struct event *e, void *context)
{
    struct list *list = context;
    answer_event(list->b, http_json_add_object(list->b, list->items, NULL), e);
    return 0;
}

int answer_events_add(struct api_call *call, cJSON *items, const char *subject)
{
    struct list list = {.b = &call->answer, .items = items};
    struct event_filter filter = {.subject = subject, .limit = EVENTS_MAX};
    return event_each(call->s, &filter, add, &list);
}

int answer_events_of(struct api_call *call, cJSON *to, const char *name, const char *subject)
{
    return answer_events_add(call, http_json_add_array(&call->answer, to, name), subject);
}
