/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_json.h -- building JSON with cJSON so that a failed allocation anywhere is noticed once,
 * at the end: each call on a failed builder does nothing. For the .c files of this folder. */
#pragma once

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

struct web_json {
    cJSON *root; /* owned; NULL once an allocation failed */
};

struct web_json web_json_object(void);
struct web_json web_json_array(void);

/* Into `to` (an object of the builder, or NULL after a failure) under the name; with a NULL name
 * `to` is an array. */
void web_json_text(struct web_json *b, cJSON *to, const char *name, const char *value);
void web_json_text_or_null(struct web_json *b, cJSON *to, const char *name, const char *value);
void web_json_number(struct web_json *b, cJSON *to, const char *name, int64_t value);
void web_json_bool(struct web_json *b, cJSON *to, const char *name, bool value);
void web_json_null(struct web_json *b, cJSON *to, const char *name);
void web_json_day(struct web_json *b, cJSON *to, const char *name, int32_t day); /* or null */
cJSON *web_json_add_object(struct web_json *b, cJSON *to, const char *name);
cJSON *web_json_add_array(struct web_json *b, cJSON *to, const char *name);

/* Ends the builder: its text, which the caller frees, or NULL. */
char *web_json_end(struct web_json *b);
