/* SPDX-License-Identifier: Apache-2.0 */
#include "json_object.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* How deep brackets nest outside of strings, and whether a text would hold a NUL. */
static int check_shape(const char *text, size_t len, int depth, struct diag *reterr)
{
    int deep = 0;
    bool quoted = false;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '\0' || (c == '\\' && len - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0)) {
            diag_set(reterr, 0, "a NUL at byte %zu", i);
            return -EBADMSG;
        }
        if (c == '\\')
            i += quoted; /* the next one is escaped, also where it is a quote */
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            deep++;
        else if (!quoted && (c == '}' || c == ']'))
            deep--;
        if (deep > depth) {
            diag_set(reterr, 0, "nested deeper than %d at byte %zu", depth, i);
            return -EBADMSG;
        }
    }
    return 0;
}

int json_object(const char *text, size_t len, int depth, cJSON **ret, struct diag *reterr)
{
    assert(text && ret);
    if (len > JSON_TEXT_MAX) {
        diag_set(reterr, 0, "%zu bytes: at most %d", len, JSON_TEXT_MAX);
        return -EBADMSG;
    }
    int err = check_shape(text, len, depth, reterr);
    if (err < 0)
        return err;

    char copy[JSON_TEXT_MAX + 1]; /* with the NUL by which cJSON sees that nothing follows */
    memcpy(copy, text, len);
    copy[len] = '\0';
    const char *end = NULL;
    cJSON *object = cJSON_ParseWithLengthOpts(copy, len + 1, &end, true);
    if (!object) {
        diag_set(reterr, 0, "not JSON at byte %td", end ? end - copy : 0);
        return -EBADMSG;
    }
    if (!cJSON_IsObject(object)) {
        cJSON_Delete(object);
        diag_set(reterr, 0, "not an object");
        return -EBADMSG;
    }
    *ret = object;
    return 0;
}
