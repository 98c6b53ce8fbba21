/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/answer_event.h -- events of the relay's journal as the answers show them. */
#pragma once

#include "api_call.h"
#include "attr.h"

/* Of one event; "body" is its JSON. */
void answer_event(struct http_json *b, cJSON *to, const struct event *e);

/* Into an array: those of the subject, oldest first, at most 500. */
NODISCARD int answer_events_add(struct api_call *call, cJSON *items, const char *subject);

/* The same, as an array of that name. */
NODISCARD int answer_events_of(struct api_call *call, cJSON *to, const char *name,
                               const char *subject);
