/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "gs1.h"
#include "symbology.h"

struct substitute {
    const char *bytes;
    enum frame_change change;
};

static const struct substitute substitutes[] = {
    {"{GS}", FRAME_SEPARATOR_WORD},
    {"\xE2\x90\x9D", FRAME_SEPARATOR_SYMBOL},
    {"\xEF\x9C\x8B", FRAME_SEPARATOR_PRIVATE},
};

static const struct substitute *substitute_at(const char *text, size_t len)
{
    for (size_t i = 0; i < ARRAY_LEN(substitutes); i++) {
        size_t n = strlen(substitutes[i].bytes);
        if (len >= n && memcmp(text, substitutes[i].bytes, n) == 0)
            return &substitutes[i];
    }
    return NULL;
}

static size_t map_separators(const char *bytes, size_t len, char separator, char *buf,
                             struct frame_counts *counts)
{
    size_t n = 0;
    for (size_t i = 0; i < len;) {
        const struct substitute *s = substitute_at(bytes + i, len - i);
        if (s) {
            buf[n++] = GS1_SEPARATOR;
            i += strlen(s->bytes);
            counts->n[s->change]++;
        } else if (separator != '\0' && bytes[i] == separator) {
            buf[n++] = GS1_SEPARATOR;
            i++;
            counts->n[FRAME_SEPARATOR_CHAR]++;
        } else {
            buf[n++] = bytes[i++];
        }
    }
    return n;
}

int frame_mend(const char *bytes, size_t len, const struct frame_rules *rules, char buf[FRAME_MAX],
               size_t *ret_len, struct frame_counts *counts)
{
    assert((bytes || len == 0) && rules && buf && ret_len && counts);
    if (len > FRAME_MAX)
        return -EBADMSG;
    while (len > 0 && bytes[len - 1] != '\0' && strchr("\r\n\t ", bytes[len - 1])) {
        len--;
        counts->n[FRAME_TERMINATOR]++;
    }
    size_t n = map_separators(bytes, len, rules->separator, buf, counts);

    size_t head = strlen(symbology_of(buf, n)->id);
    if (n > head && buf[head] == GS1_SEPARATOR) {
        memmove(buf + head, buf + head + 1, n - head - 1);
        n--;
        counts->n[FRAME_LEADING_SEPARATOR]++;
    }
    if (n > head && buf[n - 1] == GS1_SEPARATOR) {
        n--;
        counts->n[FRAME_TRAILING_SEPARATOR]++;
    }
    *ret_len = n;
    return 0;
}
