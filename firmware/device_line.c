/* SPDX-License-Identifier: Apache-2.0 */
#include "device_line.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "decimal.h"
#include "text.h"

static int index_of(const char *const words[], const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static const char *listed(const char *const words[], char buf[DIAG_TEXT_MAX])
{
    buf[0] = '\0';
    for (int i = 0; words[i]; i++) {
        size_t used = strlen(buf);
        snprintf(buf + used, DIAG_TEXT_MAX - used, "%s%s", i ? ", " : "", words[i]);
    }
    return buf;
}

static int take_option(struct device_line *l, const char *what, char *word,
                       const char *const keys[], struct diag *reterr)
{
    char allowed[DIAG_TEXT_MAX];
    char *equals = strchr(word, '=');
    if (!equals) {
        diag_set(reterr, 0, "%s: \"%.40s\": options are written key=value", what, word);
        return -EINVAL;
    }
    *equals = '\0';
    if (index_of(keys, word) < 0) {
        diag_set(reterr, 0, "%s: option \"%.20s\": one of %.90s", what, word,
                 listed(keys, allowed));
        return -EINVAL;
    }
    if (l->options_count == DEVICE_LINE_OPTIONS_MAX || device_line_text(l, word, NULL)) {
        diag_set(reterr, 0, "%s: option \"%.20s\" is set twice", what, word);
        return -EINVAL;
    }
    l->options[l->options_count].key = word;
    l->options[l->options_count++].value = equals + 1;
    return 0;
}

int device_line_parse(const char *what, const char *text, const char *const drivers[],
                      const char *const keys[], struct device_line *ret, struct diag *reterr)
{
    assert(what && text && drivers && keys && ret);
    struct device_line *l = ret;
    *l = (struct device_line){.driver = NULL};
    if (text_copy(l->bytes, sizeof(l->bytes), text) < 0) {
        diag_set(reterr, 0, "%s: longer than %d bytes", what, DEVICE_LINE_SIZE - 1);
        return -EINVAL;
    }
    char *rest = NULL;
    for (char *word = strtok_r(l->bytes, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
        if (!l->driver) {
            l->driver = word;
        } else if (!l->path) {
            l->path = word;
        } else {
            int err = take_option(l, what, word, keys, reterr);
            if (err < 0)
                return err;
        }
    }
    char allowed[DIAG_TEXT_MAX];
    if (!l->driver || !l->path || index_of(drivers, l->driver) < 0) {
        diag_set(reterr, 0, "%s = \"%.40s\": DRIVER PATH [key=value ...], DRIVER one of %.60s",
                 what, text, listed(drivers, allowed));
        return -EINVAL;
    }
    return 0;
}

const char *device_line_text(const struct device_line *l, const char *key, const char *preset)
{
    assert(l && key);
    for (size_t i = 0; i < l->options_count; i++)
        if (strcmp(l->options[i].key, key) == 0)
            return l->options[i].value;
    return preset;
}

int device_line_number(const struct device_line *l, const char *what, const char *key,
                       int64_t preset, int64_t min, int64_t max, int64_t *ret, struct diag *reterr)
{
    assert(what && ret);
    const char *text = device_line_text(l, key, NULL);
    int64_t v = preset;
    if (text && (decimal_parse(text, 0, &v) < 0 || v < min || v > max)) {
        diag_set(reterr, 0, "%s: %s=%.40s: a whole number from %" PRId64 " to %" PRId64, what, key,
                 text, min, max);
        return -EINVAL;
    }
    *ret = v;
    return 0;
}

int device_line_choice(const struct device_line *l, const char *what, const char *key,
                       const char *const choices[], int preset, int *ret, struct diag *reterr)
{
    assert(what && choices && ret);
    const char *text = device_line_text(l, key, NULL);
    int i = text ? index_of(choices, text) : preset;
    if (i < 0) {
        char allowed[DIAG_TEXT_MAX];
        diag_set(reterr, 0, "%s: %s=%.30s: one of %.90s", what, key, text,
                 listed(choices, allowed));
        return -EINVAL;
    }
    *ret = i;
    return 0;
}
