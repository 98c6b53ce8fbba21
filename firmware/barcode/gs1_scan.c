/* SPDX-License-Identifier: Apache-2.0 */
#include "gs1_scan.h"

#include <assert.h>
#include <string.h>

#include "check_digit.h"
#include "symbology.h"

#define EAN13_LEN 13
#define EAN8_LEN 8

const char *gs1_scan_kind_name(enum gs1_scan_kind kind)
{
    switch (kind) {
    case GS1_SCAN_ELEMENTS:
        return "ai";
    case GS1_SCAN_EAN13:
        return "ean13";
    case GS1_SCAN_EAN8:
        return "ean8";
    case GS1_SCAN_LINK:
        return "dl";
    case GS1_SCAN_TEXT:
        return "plain";
    }
    return "";
}

/* The linear symbol, and the elements of the composite one that may stand above it. They are
 * judged without the GTIN below them, as the reference does. */
static int read_ean(const char *data, size_t len, size_t digits, enum gs1_level level,
                    struct gs1_scan *scan, struct gs1_reject *reterr)
{
    static const char composite[] = "|]e0";
    const size_t composite_len = sizeof(composite) - 1;
    bool has_composite =
        len >= digits + composite_len && memcmp(data + digits, composite, composite_len) == 0;
    if (len != digits && !has_composite)
        return gs1_refuse(reterr, GS1_PRIMARY_LENGTH, NULL);
    for (size_t i = 0; i < digits; i++)
        if (data[i] < '0' || data[i] > '9')
            return gs1_refuse(reterr, GS1_PRIMARY_DIGITS, NULL);
    if (!check_digit_good(data, digits))
        return gs1_refuse(reterr, GS1_PRIMARY_CHECK, NULL);
    scan->primary = data;
    scan->primary_len = digits;
    if (!has_composite)
        return 0;
    size_t skip = digits + composite_len;
    return gs1_parse(data + skip, len - skip, level, &scan->message, reterr);
}

static int read_link(const char *data, size_t len, const struct gs1_link_rules *rules, char *buf,
                     struct gs1_scan *scan, struct gs1_reject *reterr)
{
    int r = gs1_link_parse(data, len, rules, buf, &scan->message, reterr);
    if (r < 0)
        return r;
    scan->kind = r == 0 ? GS1_SCAN_LINK : GS1_SCAN_TEXT;
    scan->primary = data;
    scan->primary_len = len;
    return 0;
}

int gs1_scan_read(const char *bytes, size_t len, const struct gs1_link_rules *rules, char *buf,
                  struct gs1_scan *scan, struct gs1_reject *reterr)
{
    assert((bytes || len == 0) && rules && scan && reterr);
    const struct symbology *symbology = symbology_of(bytes, len);
    if (symbology->content == SYMBOLOGY_NONE)
        return gs1_refuse(reterr, GS1_NO_SYMBOLOGY_ID, NULL);
    if (!symbology->reference)
        return gs1_refuse(reterr, GS1_UNSUPPORTED_SYMBOLOGY, NULL);

    const char *data = bytes + SYMBOLOGY_ID_LEN;
    len -= SYMBOLOGY_ID_LEN;
    scan->primary = NULL;
    scan->primary_len = 0;
    scan->message.count = 0;
    if (symbology->content == SYMBOLOGY_ELEMENTS) {
        scan->kind = GS1_SCAN_ELEMENTS;
        return gs1_parse(data, len, rules->level, &scan->message, reterr);
    }
    if (symbology->content == SYMBOLOGY_EAN13) {
        scan->kind = GS1_SCAN_EAN13;
        return read_ean(data, len, EAN13_LEN, rules->level, scan, reterr);
    }
    if (symbology->content == SYMBOLOGY_EAN8) {
        scan->kind = GS1_SCAN_EAN8;
        return read_ean(data, len, EAN8_LEN, rules->level, scan, reterr);
    }
    return read_link(data, len, rules, buf, scan, reterr);
}
