/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/early.h -- entries that were told ahead of their turn, in a table of their own: kept until
 * the ledger has passed them, and held then against what came. Nothing of them is in a journal, its
 * watermark, chain or folds. Whether one is kept at all is link/intake.h's word. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

/* Keeps one. 1: kept; 0: one of that number is kept already, and stays. */
NODISCARD int early_keep(struct sql *s, const char *device, int64_t epoch, const struct entry *e,
                         const uint8_t *raw, size_t raw_len, int64_t now_ms);

/* Called for each that is not what came in its turn; `body` is what had been told. Non-zero stops,
 * and is passed on. */
typedef int (*early_differs_fn)(int64_t seq, const void *body, size_t len, void *context);

/* Takes out those up to wm, whose entries are stored. */
NODISCARD int early_pass(struct sql *s, const char *device, int64_t epoch, int64_t wm,
                         early_differs_fn on_difference, void *context);

/* Takes out those of the device's epochs before this one: nothing will pass them. */
NODISCARD int early_forget(struct sql *s, const char *device, int64_t epoch);
