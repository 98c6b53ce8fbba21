/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"

enum ctl_exit ctl_complain(const char *place, const struct diag *why, int err)
{
    fflush(stdout); /* what was found before stands before it */
    fprintf(stderr, "vyaparctl: %s: ", place);
    if (why && why->line > 0)
        fprintf(stderr, "line %d: ", why->line);
    fprintf(stderr, "%s\n", why && why->text[0] ? why->text : strerror(-err));
    return CTL_BAD;
}

enum ctl_exit ctl_misused(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("vyaparctl: ", stderr);
    vfprintf(stderr, fmt, args);
    fputs("\nvyaparctl --help lists the commands.\n", stderr);
    va_end(args);
    return CTL_USAGE;
}
