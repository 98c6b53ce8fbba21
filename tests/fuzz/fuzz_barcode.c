/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that make an element string come back from it: composed, read and composed again they are
 * the same, and merging the two finds no conflict and changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "barcode.h"

#define TODAY 20778 /* 2026-11-21 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t compose(const struct barcode_facts *facts, char buf[BARCODE_ELEMENTS_SIZE])
{
    struct gs1_reject why;
    size_t len = 0;
    int err =
        barcode_facts_compose(facts, GS1_RAW, GS1_LENIENT, buf, BARCODE_ELEMENTS_SIZE, &len, &why);
    return err < 0 ? 0 : len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct barcode_settings settings = {
        .frame = {.separator = '~'},
        .instore = {{"21IIIIIWWWWWK", false}, {"22IIIIIPPPPPK", false}},
        .instore_count = 2,
        .parse_plain_code128 = true,
        .pad_short_gtin = true,
        .usual_batch_len = 12};
    struct barcode_facts facts;
    struct barcode_facts again;
    struct frame_counts counts = {.n = {0}};
    struct gs1_reject why;
    if (barcode_read((const char *)data, size, &settings, TODAY, &facts, &counts, &why) < 0)
        return 0;

    char first[3 + BARCODE_ELEMENTS_SIZE] = "]C1";
    char second[BARCODE_ELEMENTS_SIZE];
    size_t len = compose(&facts, first + 3);
    if (len == 0)
        return 0; /* no element string holds these facts */
    if (barcode_read(first, 3 + len, &settings, TODAY, &again, &counts, &why) < 0)
        abort();
    if (compose(&again, second) != len || memcmp(first + 3, second, len) != 0)
        abort();
    struct barcode_facts merged = facts;
    if (barcode_facts_merge(&merged, &again) != 0 || compose(&merged, second) != len ||
        memcmp(first + 3, second, len) != 0)
        abort();
    return 0;
}
