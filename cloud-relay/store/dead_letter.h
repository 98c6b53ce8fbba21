/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/dead_letter.h -- what could not be taken in, kept with its reason until a person decides:
 * try it again, repaired, or dropped. Nothing is lost, and nothing waits behind it. Repairing is
 * not done here. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "sql.h"

struct dead_letter {
    const char *source; /* "ingest", "fold", "agent:NAME" ... */
    const char *device; /* of an entry; "" */
    int64_t epoch;
    int64_t seq; /* of the entry or event */
    const char *reason;
    const void *body;
    size_t len;
};

/* In the caller's write transaction. Letters are numbered 1, 2, ... whoever writes them. Errors as
 * sql.h. */
NODISCARD int dead_letter_put(struct sql *s, const struct dead_letter *letter, int64_t now_ms,
                              int64_t *ret_letter);

/* In the caller's write transaction. state: "repaired", "dropped", or "again": whose letter it is
 * takes the item once more, and says by dead_letter_close() what came of it. -ENOENT: no such open
 * letter. */
NODISCARD int dead_letter_decide(struct sql *s, int64_t letter, const char *state, const char *by,
                                 int64_t now_ms);

/* The oldest letter of that source that is to be tried again. -ENOENT: none. */
struct dead_letter_item {
    int64_t letter;
    char device[33];
    int64_t epoch;
    int64_t seq;
};
NODISCARD int dead_letter_again(struct sql *s, const char *source, struct dead_letter_item *ret);

/* In the caller's write transaction. reason "": it is repaired; else open again, for that reason.
 */
NODISCARD int dead_letter_close(struct sql *s, int64_t letter, const char *reason);
