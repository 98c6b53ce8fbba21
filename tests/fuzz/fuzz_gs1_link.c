/* SPDX-License-Identifier: Apache-2.0 */
/* What gs1_link_parse() takes from a URI is a good element string with the same elements. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gs1_link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char scheme[] = "https://";
    static struct gs1_message m;
    static struct gs1_message again;
    struct gs1_reject why;
    if (size < 1 || size > GS1_TEXT_MAX)
        return 0;
    struct gs1_link_rules rules = {.level = data[0] & 1 ? GS1_FULL : GS1_LENIENT,
                                   .pad_short_gtin = (data[0] & 2) != 0};
    size_t len = sizeof(scheme) - 1 + size - 1;
    char *uri = malloc(len); /* exact, so that the sanitizer sees a read or write past its end */
    char *buf = malloc(len);
    char *written = malloc(2 * GS1_TEXT_MAX);
    if (!uri || !buf || !written)
        abort();
    memcpy(uri, scheme, sizeof(scheme) - 1);
    memcpy(uri + sizeof(scheme) - 1, data + 1, size - 1);

    if (gs1_link_parse(uri, len, &rules, buf, &m, &why) == 0) {
        size_t n = 0;
        if (m.count == 0 || gs1_compose(&m, GS1_RAW, written, 2 * GS1_TEXT_MAX, &n) < 0)
            abort();
        if (n <= GS1_TEXT_MAX &&
            (gs1_parse(written, n, rules.level, &again, &why) < 0 || again.count != m.count))
            abort();
    }
    free(uri);
    free(buf);
    free(written);
    return 0;
}
