/* SPDX-License-Identifier: Apache-2.0 */
/* A number in normal form reads as itself; a layout that is accepted takes 13 digits apart so that
 * their value is the amount's. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gtin.h"
#include "instore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_instore(const char *layout, const char *digits13)
{
    struct instore_rule rule;
    struct instore in;
    struct diag why;
    if (instore_rule_parse(layout, false, &rule, &why) < 0)
        return;
    if (instore_read(&rule, digits13, &in) != 0)
        return;
    if (strtoll(in.amount, NULL, 10) != in.value || in.value < 0 || in.item[0] == '\0' ||
        memcmp(layout, digits13, 2) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gtin gtin;
    struct gtin again;
    if (size < 1 + INSTORE_LEN)
        return 0;
    char layout[INSTORE_LEN + 1] = {0};
    memcpy(layout, data + 1, INSTORE_LEN);
    const char *digits = (const char *)data + 1 + INSTORE_LEN;
    size_t len = size - 1 - INSTORE_LEN;
    enum symbology_content carrier = (enum symbology_content)(data[0] % (SYMBOLOGY_TEXT + 1));
    if (gtin_read(carrier, digits, len, &gtin) != GTIN_FINE)
        return 0;
    if (gtin_read(SYMBOLOGY_NONE, gtin.text, GTIN_LEN, &again) != GTIN_FINE ||
        memcmp(gtin.text, again.text, GTIN_SIZE) != 0 || gtin.class != again.class)
        abort();
    check_instore(layout, gtin.text + GTIN_LEN - INSTORE_LEN);
    return 0;
}
