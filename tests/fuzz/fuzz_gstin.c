/* SPDX-License-Identifier: Apache-2.0 */
/* What is read as a GSTIN reads again from its normalised form, to the same result; with another
 * check character it is refused for that and nothing else. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gstin.h"

#define TYPED_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char typed[TYPED_MAX + 1] = {0};
    if (size > TYPED_MAX)
        return 0;
    if (size > 0)
        memcpy(typed, data, size);

    struct gstin first;
    enum gstin_reason reason = gstin_read(typed, &first);
    if (reason != GSTIN_OK && reason != GSTIN_LEGACY_STATE)
        return 0;

    struct gstin again;
    if (gstin_read(first.text, &again) != reason || !gstin_same_registration(&first, &again) ||
        !gstin_same_person(&first, &again) || first.state != again.state)
        abort();

    char *check = &first.text[GSTIN_LEN - 1];
    *check = *check == '0' ? 'Z' : '0';
    if (gstin_read(first.text, &again) != GSTIN_CHECKSUM)
        abort();
    return 0;
}
