/* SPDX-License-Identifier: Apache-2.0 */
#include "web_respond.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web_view.h"

struct stream {
    struct web_watch *watch;
    int beat_ms;
};

/* Takes json; NULL says that there was no memory for it. */
static struct http_answer json_answer(unsigned status, char *json)
{
    struct http_answer answer = {.status = status, .type = "application/json", .text = json};
    if (!json) {
        answer.status = 500;
        answer.text =
            strdup("{\"error\":\"no_memory\",\"message\":\"no memory\",\"allowed\":null}");
    }
    answer.len = answer.text ? strlen(answer.text) : 0;
    return answer;
}

static void add_header(struct http_answer *answer, const char *name, const char *value)
{
    size_t i = 0;
    while (answer->headers[i].name)
        i++;
    answer->headers[i].name = name;
    snprintf(answer->headers[i].value, HTTP_HEADER_SIZE, "%s", value);
}

void web_respond_error(struct http_request *r, unsigned status, const char *code,
                       const char *message, const char *allowed)
{
    struct http_answer answer = json_answer(status, web_error_json(code, message, allowed));
    if (status == 405)
        add_header(&answer, "Allow", allowed);
    http_respond(r, &answer);
}

void web_respond_reply(struct http_request *r, const struct web_reply *reply)
{
    struct http_answer answer = json_answer(reply->status, reply->json);
    char text[HTTP_HEADER_SIZE];
    if (reply->token[0] != '\0') {
        snprintf(text, sizeof(text),
                 WEB_COOKIE "=%s; Path=/api/v1; Max-Age=%d; HttpOnly; SameSite=Strict",
                 reply->token, (int)(WEB_SESSION_MS / 1000));
        add_header(&answer, "Set-Cookie", text);
    }
    if (reply->forget)
        add_header(&answer, "Set-Cookie",
                   WEB_COOKIE "=; Path=/api/v1; Max-Age=0; HttpOnly; SameSite=Strict");
    if (reply->retry_s > 0) {
        snprintf(text, sizeof(text), "%d", (int)reply->retry_s);
        add_header(&answer, "Retry-After", text);
    }
    http_respond(r, &answer);
}

/* Blocks for at most a beat. */
static int next_event(void *context, char **ret_text)
{
    struct stream *s = context;
    struct web_event event;
    int n = web_watch_wait(s->watch, s->beat_ms, &event);
    if (n < 0)
        return n;
    char *text = NULL;
    int len = n == 0 ? asprintf(&text, "event: beat\ndata: 0\n\n")
                     : asprintf(&text, "id: %s\nevent: view\ndata: %s\n\n", event.id, event.json);
    if (n == 1)
        free(event.json);
    if (len < 0)
        return -ENOMEM;
    *ret_text = text;
    return 0;
}

static void free_stream(void *context)
{
    struct stream *s = context;
    web_watch_end(s->watch);
    web_watch_free(s->watch);
    free(s);
}

void web_respond_stream(struct http_request *r, struct web_watch *watch, int beat_ms)
{
    struct stream *s = calloc(1, sizeof(*s));
    if (!s) {
        web_respond_error(r, 503, "busy", "no memory", NULL);
        return;
    }
    s->watch = web_watch_hold(watch);
    s->beat_ms = beat_ms;
    struct http_stream stream = {.next = next_event, .free = free_stream, .context = s};
    http_respond_stream(r, &stream);
}
