/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_schema.h -- whether a JSON value is what a schema of the API's document says: the part of
 * JSON Schema (draft 2020-12) that the document uses. It changes no value and fills in no default.
 * Pure but for memory.
 *
 * Keywords: $ref into the document, type, enum, allOf, pattern (the part that POSIX shares), format
 * date, date-time and lines (a text of several), minLength, maxLength (bytes), minimum, maximum,
 * properties, required, additionalProperties, items, minItems, maxItems; default, description mean
 * nothing here. */
#pragma once

#include <cjson/cJSON.h>

#include "attr.h"
#include "diag.h"

#define API_WHERE_SIZE 128
#define API_WORDS_SIZE 200

struct api_fault { /* what a problem says; texts are cut, never overrun */
    char detail[API_WORDS_SIZE];
    char where[API_WHERE_SIZE];   /* "lines[2].sku"; "": the whole */
    char allowed[API_WORDS_SIZE]; /* "": nothing to say */
};

/* `where` is the name of the value itself, "" for a body. -EINVAL with *ret saying what, where and
 * what is allowed. */
NODISCARD int api_schema_check(const cJSON *document, const cJSON *schema, const cJSON *value,
                               const char *where, struct api_fault *ret);

/* The same for the text of a parameter: integers and booleans are read from it. */
NODISCARD int api_schema_check_text(const cJSON *document, const cJSON *schema, const char *text,
                                    const char *where, struct api_fault *ret);

/* What a $ref leads to, or the schema itself. NULL: it leads nowhere. */
const cJSON *api_schema_resolve(const cJSON *document, const cJSON *schema);

/* -EINVAL with *reterr when the schema, or one below it, uses a keyword that is not checked here, a
 * pattern that cannot be read, or a reference that leads nowhere. */
NODISCARD int api_schema_known(const cJSON *document, const cJSON *schema, struct diag *reterr);
