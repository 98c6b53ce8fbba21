/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store/entry_find.h -- one entry of a site's journal, by its number: for who must know what an
 * entry takes back. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

struct entry_journal { /* whose entries; borrowed */
    struct sql *s;     /* in a transaction */
    const char *device;
    int64_t epoch;
};

/* A stock_find_fn (stock_effect.h) whose context is a struct entry_journal. 1 with *ret; 0: there
 * is none, or it was set aside because it could not be read, and has moved nothing. */
NODISCARD int entry_find(int64_t seq, void *journal, struct entry *ret);
