/* SPDX-License-Identifier: Apache-2.0 */
/* station/message.h -- every sentence that the station says to a worker, once: its code, its
 * English and its Hindi, with {0} to {3} for the parts. Screens take the table from the web API.
 * Pure. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "station.h"

struct message {
    const char *code;
    const char *english;
    const char *hindi;
};

/* In ascending order of the code. */
const struct message *message_list(size_t *ret_count);

/* NULL when there is no such code. */
const struct message *message_find(const char *code);

/* The message with its parts: const char *, ended by NULL, each cut to its size. A code that is not
 * in the table is a caller's bug. */
struct station_message message_make(const char *code, va_list args);

/* The sentence in "hi" or, for any other language, English. What does not fit is cut at a
 * character's boundary. Returns buf. */
const char *message_text(const struct station_message *m, const char *language, char *buf,
                         size_t size);
