/* SPDX-License-Identifier: Apache-2.0 */
/* base/diag.h -- what is wrong with a text that a person wrote (configuration, master file, request
 * body): the line and one sentence. It accompanies an error code, it does not replace it. */
#pragma once

#include <stdarg.h>

#include "attr.h"

#define DIAG_TEXT_MAX 160

struct diag {
    int line;                 /* 1-based; 0: not bound to a line */
    char text[DIAG_TEXT_MAX]; /* one sentence: what, where, what is allowed; cut, never overrun */
};

/* Fills d. A NULL d is fine: the caller did not want the words. */
void diag_set(struct diag *d, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);
