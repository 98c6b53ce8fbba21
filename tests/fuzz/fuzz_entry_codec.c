/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever decodes is canonical: it encodes to the very bytes that it came from. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "entry_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct entry e;
    if (size == 0 || entry_decode(data, size, &e) != 0)
        return 0;
    uint8_t again[ENTRY_ENCODED_MAX];
    if (entry_encode(&e, again) != size || memcmp(again, data, size) != 0)
        abort();
    struct diag why;
    if (entry_check(&e, &why) == 0) {
        struct entry back;
        if (entry_decode(again, size, &back) != 0)
            abort();
    }
    return 0;
}
