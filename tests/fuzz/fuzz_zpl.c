/* SPDX-License-Identifier: Apache-2.0 */
/* Any text that is put on a label is read back from it, and cannot become a command; the same for
 * the payload of symbols. */
#include <stdlib.h>
#include <string.h>

#include "zpl.h"
#include "zpl_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT_MAX 120

/* Whether what the scanner sends is the payload: GS1-128 loses its brackets and gains separators.
 */
static int same_payload(enum zpl_symbol symbol, const char *payload, const char *scanned)
{
    if (symbol != ZPL_GS1_128)
        return strcmp(payload, scanned) == 0;
    while (*payload) {
        if (*payload == '(' || *payload == ')')
            payload++;
        else if (*scanned == ZPL_GS)
            scanned++;
        else if (*payload++ != *scanned++)
            return 0;
    }
    return *scanned == '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char buf[4096];
    static struct zpl_read got;
    char text[TEXT_MAX + 1];
    const struct zpl_media media = {400, 240};
    if (size < 1 || size > TEXT_MAX)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';

    struct zpl z = zpl_start(buf, sizeof(buf), &media);
    zpl_text(&z, 10, 20, 30, text);
    int len = zpl_finish(&z, 2);
    if (len >= 0 && (zpl_read(buf, (size_t)len, &got) < 0 || got.count != 1 || got.copies != 2 ||
                     got.fields[0].x != 10 || strcmp(got.fields[0].text, text) != 0))
        abort();

    enum zpl_symbol symbol = (enum zpl_symbol)(data[0] % 3);
    z = zpl_start(buf, sizeof(buf), &media);
    zpl_symbol(&z, symbol, 10, 20, 5, 60, text);
    len = zpl_finish(&z, 1);
    if (len >= 0 && (zpl_read(buf, (size_t)len, &got) < 0 || got.count != 1 ||
                     !same_payload(symbol, text, got.fields[0].text + 3)))
        abort();
    return 0;
}
