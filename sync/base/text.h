/* SPDX-License-Identifier: Apache-2.0 */
/* base/text.h -- bounded copying of text into fixed fields, where nothing is cut silently, and
 * what a code may be. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

/* Copies src, with its NUL, into dst of size bytes. -ENAMETOOLONG when it does not fit: dst is then
 * left as it was. */
NODISCARD int text_copy(char *dst, size_t size, const char *src);

/* The same for len bytes that carry no NUL at their end. -EINVAL when they hold a NUL. */
NODISCARD int text_copy_n(char *dst, size_t size, const char *src, size_t len);

/* Copies as much of src as fits, cut at a UTF-8 character's boundary: only for text that is shown,
 * never for a key. */
void text_cut(char *dst, size_t size, const char *src);

/* Whether text is a code as all documents and entries write them: printable ASCII, not empty, and
 * without blanks at its ends. */
bool text_is_code(const char *text);
