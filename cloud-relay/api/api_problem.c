/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_problem.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

static const struct title {
    unsigned status;
    const char *text;
} titles[] = {
    {400, "The request is malformed"},
    {401, "No valid token"},
    {403, "Not allowed"},
    {404, "Not found"},
    {405, "Not by this method"},
    {409, "It has moved on"},
    {413, "The body is too long"},
    {415, "The body is of another media type"},
    {422, "Well-formed, not allowed"},
    {429, "Too many requests"},
    {500, "A fault of the relay"},
    {503, "Busy"},
};

void api_problem_of(struct api_call *call, int err)
{
    switch (err) {
    case -EBUSY:
    case -EIO:
    case -ENOSPC:
    case -EROFS:
    case -ENOMEM:
        call->retry_s = 1;
        api_refuse(call, 503, "busy", "", "the same again, with the same Idempotency-Key",
                   "the store cannot be used now");
        break;
    default:
        api_refuse(call, 500, "fault", "", "", "the request failed, and nothing of it happened");
        break;
    }
}

char *api_problem_text(const struct api_call *call)
{
    assert(call && call->status >= 400);
    struct http_json b = http_json_object();
    cJSON *root = b.root;
    char type[64];
    snprintf(type, sizeof(type), "urn:vyapar:%s", call->word);
    const char *title = "";
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        if (titles[i].status == call->status)
            title = titles[i].text;
    }
    http_json_text(&b, root, "type", type);
    http_json_text(&b, root, "title", title);
    http_json_number(&b, root, "status", call->status);
    http_json_text(&b, root, "detail", call->fault.detail);
    http_json_text_or_null(&b, root, "where", call->fault.where);
    http_json_text_or_null(&b, root, "allowed", call->fault.allowed);
    http_json_text(&b, root, "traceId", call->trace);
    return http_json_end(&b);
}
