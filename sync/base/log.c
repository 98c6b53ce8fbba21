/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 512

static enum log_level threshold = LOG_LEVEL_INFO; /* the one mutable variable at file scope */

void log_set_level(enum log_level level)
{
    threshold = level;
}

void log_line(enum log_level level, const char *fmt, ...)
{
    if (level > threshold)
        return;
    char line[LINE_MAX_BYTES];
    int used = snprintf(line, sizeof(line), "<%d>", (int)level);
    va_list args;
    va_start(args, fmt);
    int more = vsnprintf(line + used, sizeof(line) - (size_t)used - 1, fmt, args);
    va_end(args);
    if (more < 0)
        return;
    size_t len = (size_t)used + (size_t)more;
    if (len > sizeof(line) - 2)
        len = sizeof(line) - 2; /* a cut line is better than none */
    line[len++] = '\n';
    /* A log that cannot be written cannot be reported anywhere either. */
    ssize_t ignored = write(STDERR_FILENO, line, len);
    (void)ignored;
}
