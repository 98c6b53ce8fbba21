/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <string.h>

#include "api_schema.h"

#define DEPTH_MAX 24 /* as deep as values are looked into */

static const cJSON *member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static const char *const keywords[] = {
    "type",
    "enum",
    "pattern",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "maxItems",
    "allOf",
    "default",
    "description",
};

static bool keyword_known(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
        if (strcmp(keywords[i], name) == 0)
            return true;
    }
    return false;
}

static int known(const cJSON *document, const cJSON *schema, int depth, struct diag *reterr);

static int known_each(const cJSON *document, const cJSON *schemas, int depth, struct diag *reterr)
{
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, schemas)
    {
        int err = known(document, one, depth, reterr);
        if (err < 0)
            return err;
    }
    return 0;
}

static int known(const cJSON *document, const cJSON *schema, int depth, struct diag *reterr)
{
    if (!member(schema, "$ref")) {
        const cJSON *k = NULL;
        cJSON_ArrayForEach(k, schema)
        {
            if (!keyword_known(k->string)) {
                diag_set(reterr, 0, "the keyword %s is not checked", k->string);
                return -EINVAL;
            }
        }
    }
    const cJSON *target = api_schema_resolve(document, schema);
    if (!cJSON_IsObject(target) || depth > DEPTH_MAX) {
        diag_set(reterr, 0, "a reference leads nowhere, or schemas are nested too deep");
        return -EINVAL;
    }
    if (target != schema)
        return known(document, target, depth + 1, reterr);
    const cJSON *pattern = member(schema, "pattern");
    regex_t regex;
    if (pattern) {
        if (regcomp(&regex, pattern->valuestring, REG_EXTENDED | REG_NOSUB) != 0) {
            diag_set(reterr, 0, "the pattern %s cannot be read", pattern->valuestring);
            return -EINVAL;
        }
        regfree(&regex);
    }
    int err = known_each(document, member(schema, "properties"), depth + 1, reterr);
    if (err == 0)
        err = known_each(document, member(schema, "allOf"), depth + 1, reterr);
    const cJSON *items = member(schema, "items");
    if (err == 0 && items)
        err = known(document, items, depth + 1, reterr);
    const cJSON *others = member(schema, "additionalProperties");
    if (err == 0 && cJSON_IsObject(others))
        err = known(document, others, depth + 1, reterr);
    return err;
}

int api_schema_known(const cJSON *document, const cJSON *schema, struct diag *reterr)
{
    assert(document && schema);
    return known(document, schema, 0, reterr);
}
