/* SPDX-License-Identifier: Apache-2.0 */
/* http/http_json.h -- building JSON with cJSON so that a failed allocation anywhere is noticed
 * once, at the end: each call on a failed builder does nothing. It reads nothing. */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct http_json {
    cJSON *root; /* owned; NULL once an allocation failed */
};

struct http_json http_json_object(void);
struct http_json http_json_array(void);

/* Into `to` (an object of the builder, or NULL after a failure) under the name; with a NULL name
 * `to` is an array. */
void http_json_text(struct http_json *b, cJSON *to, const char *name, const char *value);
void http_json_text_or_null(struct http_json *b, cJSON *to, const char *name, const char *value);
void http_json_number(struct http_json *b, cJSON *to, const char *name, int64_t value);
void http_json_bool(struct http_json *b, cJSON *to, const char *name, bool value);
void http_json_null(struct http_json *b, cJSON *to, const char *name);
void http_json_day(struct http_json *b, cJSON *to, const char *name, int32_t day); /* or null */

/* RFC 3339 in UTC with milliseconds; null for 0 and less, which stands for "never". */
#define HTTP_INSTANT_SIZE 32
void http_json_instant(struct http_json *b, cJSON *to, const char *name, int64_t utc_ms);
const char *http_instant(int64_t utc_ms, char buf[HTTP_INSTANT_SIZE]); /* the same as text */

/* Takes the child, also when the builder has failed. */
cJSON *http_json_add(struct http_json *b, cJSON *to, const char *name, cJSON *child);

cJSON *http_json_add_object(struct http_json *b, cJSON *to, const char *name);
cJSON *http_json_add_array(struct http_json *b, cJSON *to, const char *name);

/* Ends the builder: its text, which the caller frees, or NULL. */
char *http_json_end(struct http_json *b);
