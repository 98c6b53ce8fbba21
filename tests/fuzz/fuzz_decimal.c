/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals and dates that are read are written so that they read to the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[64];
    if (size == 0 || size >= sizeof(text))
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    unsigned places = data[0] % (DECIMAL_PLACES_MAX + 1);
    int64_t value = 0;
    int64_t again = 0;
    char written[DECIMAL_TEXT_SIZE];
    if (decimal_parse(text, places, &value) == 0 &&
        (decimal_parse(decimal_format(value, places, written), places, &again) < 0 ||
         again != value))
        abort();
    int32_t day = 0;
    char date[CIVIL_TEXT_SIZE];
    if (civil_parse(text, &day) == 0 && strcmp(civil_format(day, date), text) != 0)
        abort();
    return 0;
}
