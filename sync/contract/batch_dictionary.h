/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_dictionary.h -- the zstd dictionaries that travel with the release, by number. One
 * that was shipped is never changed nor taken away while a release that writes with it is spoken
 * to: a better one takes the next number. dictionary/train makes them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BATCH_DICTIONARY_NEWEST 1 /* what this release writes with */
#define BATCH_DICTIONARY_COUNT 2  /* numbers 0 to 1; 0 is none */

/* static. NULL: a number of a newer release. Number 0 has length 0. */
const uint8_t *batch_dictionary(int number, size_t *ret_len);
