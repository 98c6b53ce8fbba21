/* SPDX-License-Identifier: Apache-2.0 */
/* base/utf8.h -- whether a text is well-formed UTF-8 (RFC 3629) that can be shown and stored. It
 * converts nothing. Pure. */
#pragma once

#include <stdbool.h>

/* True for well-formed UTF-8 without control characters (U+0000..1F, U+7F..9F). */
bool utf8_is_clean(const char *text);
