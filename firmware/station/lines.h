/* SPDX-License-Identifier: Apache-2.0 */
/* station/lines.h -- lines of orders and how much of them is done by the journal: a line is closed
 * by what was booked on it, less what was taken back, and by what was declared short. */
#pragma once

#include "master.h"

struct line_state {
    struct catalogue_order_line line;
    int64_t done; /* base units booked */
    int64_t lost; /* declared short, or arrived lost */
    int64_t open; /* line.qty - done - lost; negative: more than asked for */
};

/* The state of one line. Negative on failure. */
NODISCARD int line_state(struct journal *j, const struct catalogue_order_line *line,
                         struct line_state *ret);

/* Walks a document's lines of one kind, in their order. on_line returns non-zero to stop; that is
 * passed on. */
typedef int (*line_fn)(const struct line_state *line, void *context);
NODISCARD int lines_each(struct journal *j, const char *document, enum order_kind kind,
                         line_fn on_line, void *context);

/* Of a document's lines of that kind: how many there are and how many are closed; party of the
 * first. -ENOENT when there is none. */
struct lines_total {
    int32_t lines;
    int32_t closed;
    char party[ENTRY_PARTY_SIZE];
};
NODISCARD int lines_total(struct journal *j, const char *document, enum order_kind kind,
                          struct lines_total *ret);

/* The entry by which a line of that kind of order is done. */
enum entry_kind line_entry_kind(enum order_kind kind);
