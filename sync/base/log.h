/* SPDX-License-Identifier: Apache-2.0 */
/* base/log.h -- one line per event on stderr, with the "<3>" priority prefix that journald reads
 * (sd-daemon(3)). For shell modules only: a function logs or returns, never both. Never values of
 * persons, never keys. */
#pragma once

#include "attr.h"

enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

/* Lines above this level are dropped; LOG_LEVEL_INFO at start. */
void log_set_level(enum log_level level);

/* Writes the whole line with one write(2), so that threads do not mix theirs. */
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);
