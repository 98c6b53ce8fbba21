/* SPDX-License-Identifier: Apache-2.0 */
/* What gs1_parse() accepts comes back when it is composed and parsed again, in both forms. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gs1.h"

#define WRITTEN_MAX (4 * GS1_TEXT_MAX)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_same(const struct gs1_message *a, const struct gs1_message *b)
{
    if (a->count != b->count)
        abort();
    for (size_t i = 0; i < a->count; i++) {
        const struct gs1_element *x = &a->elements[i];
        const struct gs1_element *y = &b->elements[i];
        if (x->ai != y->ai || x->len != y->len ||
            memcmp(a->text + x->at, b->text + y->at, x->len) != 0)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char written[WRITTEN_MAX];
    static char values[WRITTEN_MAX];
    static struct gs1_message m;
    static struct gs1_message again;
    struct gs1_reject why;
    const char *text = (const char *)data;
    if (gs1_parse(text, size, GS1_LENIENT, &m, &why) < 0)
        return 0;
    for (size_t i = 0; i < m.count; i++)
        if ((size_t)m.elements[i].at + m.elements[i].len > size)
            abort();

    size_t len = 0;
    if (gs1_compose(&m, GS1_RAW, written, sizeof(written), &len) < 0 ||
        gs1_parse(written, len, GS1_LENIENT, &again, &why) < 0)
        abort();
    expect_same(&m, &again);
    if (gs1_compose(&m, GS1_BRACKETED, written, sizeof(written), &len) < 0)
        abort();
    if (len > GS1_TEXT_MAX)
        return 0; /* longer than a person keys in */
    if (gs1_parse_bracketed(written, len, GS1_LENIENT, values, &again, &why) < 0)
        abort();
    expect_same(&m, &again);
    return 0;
}
