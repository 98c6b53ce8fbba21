/* SPDX-License-Identifier: Apache-2.0 */
/* contract/batch_dictionary_bytes.h -- the dictionaries' bytes, which dictionary/embed.py makes
 * into arrays at build. For batch_dictionary.c. */
#pragma once

#include <stddef.h>
#include <stdint.h>

extern const size_t batch_dictionary_1_len;
extern const uint8_t batch_dictionary_1[];
