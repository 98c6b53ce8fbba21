/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_dictionary.h"

#include <assert.h>

#include "batch_dictionary_bytes.h"

const uint8_t *batch_dictionary(int number, size_t *ret_len)
{
    assert(ret_len);
    static const uint8_t none[1];
    const struct {
        const uint8_t *bytes;
        size_t len;
    } dictionaries[BATCH_DICTIONARY_COUNT] = {
        {none, 0},
        {batch_dictionary_1, batch_dictionary_1_len},
    };
    if (number < 0 || number >= BATCH_DICTIONARY_COUNT)
        return NULL;
    *ret_len = dictionaries[number].len;
    return dictionaries[number].bytes;
}
