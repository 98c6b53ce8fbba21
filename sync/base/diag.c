/* SPDX-License-Identifier: Apache-2.0 */
#include "diag.h"

#include <stdio.h>

void diag_set(struct diag *d, int line, const char *fmt, ...)
{
    if (!d)
        return;
    d->line = line;
    va_list args;
    va_start(args, fmt);
    vsnprintf(d->text, sizeof(d->text), fmt, args);
    va_end(args);
}
