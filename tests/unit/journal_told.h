/* SPDX-License-Identifier: Apache-2.0 */
/* tests/unit/journal_told.h -- what a walk over the journal tells, a line a record, to be compared
 * as text. */
#pragma once

#include "journal_case.h"

#include <stdarg.h>
#include <stdio.h>

struct told {
    char text[2048];
    size_t n;
};

static inline void tell(struct told *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
static inline void tell(struct told *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->text + t->n, sizeof(t->text) - t->n, fmt, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(t->text) - t->n);
    t->n += (size_t)n;
}

/* That entry, with a reason. */
static inline struct entry because(struct entry e, const char *reason)
{
    strcpy(e.reason, reason);
    return e;
}
