/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf8.h -- whether a text is well-formed UTF-8 (RFC 3629) that can be shown and stored. It
 * converts nothing. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of the character at text, 1 to 4, and its code point; a NUL is a character of one byte.
 * 0 when it is malformed: overlong, a surrogate, above U+10FFFF, or cut (RFC 3629, section 3). */
size_t utf8_next(const char *text, uint32_t *ret_code);

/* True for well-formed UTF-8 without control characters (U+0000..1F, U+7F..9F). */
bool utf8_is_clean(const char *text);
