/* SPDX-License-Identifier: Apache-2.0 */
/* base/log.h -- one line per event on stderr. As text it has the "<3>" priority prefix that
 * journald reads (sd-daemon(3)); as JSON (RFC 8259) it is an object for collectors that read files.
 * Either way an event is one line, whatever bytes its words are made of. It keeps no files and
 * rotates none: journald and others do that within the disk they are given. For shell modules only:
 * a function logs or returns, never both. Never values of persons, never keys. */
#pragma once

#include "attr.h"

enum log_level {
    LOG_LEVEL_ERROR = 3,
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5,
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7,
};

enum log_form { LOG_FORM_TEXT, LOG_FORM_JSON };

/* "error" to "debug", "text" and "json"; -EINVAL for other words. */
NODISCARD int log_level_parse(const char *name, enum log_level *ret);
NODISCARD int log_form_parse(const char *name, enum log_form *ret);

/* Before the first thread. At start: LOG_LEVEL_INFO as text. program is borrowed for good. */
void log_set(const char *program, enum log_level most, enum log_form form);

/* Writes the whole line with one write(2), so that threads do not mix theirs; what is above the
 * level that was set is dropped. Words beyond 500 bytes are cut. */
void log_line(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);
