/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/recovery.h -- a case: one batch (or a whole SKU) at a site that will not sell in
 * time, from detection to settlement. Its states are a table, its history the events of subject
 * "case:ID". It finds no stock at risk: analysis does.
 *
 *   detected -> assessed -> proposed -> executing -> settled
 *                  ^-----------+-----------+              nothing came of it: assessed again
 *   any before executing -> closed      the stock is gone by itself, or no longer at risk
 *   assessed, executing -> failed       lost for good: expired, destroyed without return */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "event.h"
#include "sql.h"

#define RECOVERY_ID_SIZE 25

enum recovery_state {
    RECOVERY_DETECTED,
    RECOVERY_ASSESSED,
    RECOVERY_PROPOSED,
    RECOVERY_EXECUTING,
    RECOVERY_SETTLED,
    RECOVERY_CLOSED,
    RECOVERY_FAILED,
};
#define RECOVERY_STATE_COUNT 7
const char *recovery_state_name(enum recovery_state state); /* static; as in the store */
NODISCARD int recovery_state_parse(const char *name, enum recovery_state *ret);
bool recovery_state_final(enum recovery_state state); /* settled, closed, failed */
bool recovery_may(enum recovery_state from, enum recovery_state to);

enum recovery_kind { RECOVERY_DEAD, RECOVERY_SLOW, RECOVERY_EXPIRY };
const char *recovery_kind_name(enum recovery_kind kind); /* static: dead, slow, expiry */
NODISCARD int recovery_kind_parse(const char *name, enum recovery_kind *ret);

struct recovery_case {
    char id[RECOVERY_ID_SIZE];
    enum recovery_kind kind;
    enum recovery_state state;
    char site[ENTRY_PARTY_SIZE];
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch; /* of a whole SKU: "", CIVIL_NONE, 0 */
    int64_t opened_ms, changed_ms, closed_ms;
    int64_t units;      /* on hand when it was last assessed */
    int64_t risk_units; /* of these, what will not sell in time */
    int64_t risk_paise;
    int64_t landed_paise;
    int64_t expected_paise; /* what the proposals promise */
    int64_t moved_units, cleared_units, returned_units, written_off_units; /* as booked by scans */
    int64_t recovered_paise;                                               /* as truly recovered */
    char trace[EVENT_TRACE_SIZE];
};

/* Who does it, why, and what led to it; for every change here. */
struct recovery_by {
    const char *actor;
    const char *cause;
    const char *why; /* one sentence */
    int64_t now_ms;
};

/* Opens a case from kind, site, sku, batch, units, risk and landed of *draft; all else is made
 * here. Of one goods (site, sku and batch) one case is open at a time: one an episode. With
 * CaseOpened.
 *   1  one is open already, or one was opened for this cause: its id */
NODISCARD int recovery_open(struct sql *s, const struct recovery_case *draft,
                            const struct recovery_by *by, char ret_id[RECOVERY_ID_SIZE]);

NODISCARD int recovery_find(struct sql *s, const char *id, struct recovery_case *ret); /* -ENOENT */

/* The open case of these goods, -ENOENT when there is none. */
NODISCARD int recovery_find_open(struct sql *s, const char *site, const char *sku,
                                 const struct batch_key *batch, struct recovery_case *ret);

/* New figures of an open case (units, risk_units, risk_paise, landed_paise, expected_paise);
 * detected becomes assessed. Nothing but the figures changes in other states. */
NODISCARD int recovery_assess(struct sql *s, const struct recovery_case *figures,
                              const struct recovery_by *by);

/* Moves it on, with CaseChanged. 1: it is in that state. -EPERM: not from the state that it is in.
 */
NODISCARD int recovery_move(struct sql *s, const char *id, enum recovery_state to,
                            const struct recovery_by *by);

/* Adds what scans have shown, to the counts of the case; the parts may be negative (a correction).
 */
struct recovery_booked {
    int64_t moved_units, cleared_units, returned_units, written_off_units;
    int64_t recovered_paise;
};
NODISCARD int recovery_book(struct sql *s, const char *id, const struct recovery_booked *booked,
                            const struct recovery_by *by);

/* No proposal of it is open any more: settled when anything was moved, cleared, returned or written
 * off (with CaseSettled and its figures), else assessed again. 1: one is still open. */
NODISCARD int recovery_conclude(struct sql *s, const char *id, const struct recovery_by *by);

/* Filters: "" and -1 do not restrict. */
struct recovery_filter {
    int state; /* enum recovery_state, or -1 */
    bool open_only;
    const char *site;
    const char *sku;
    const char *after_id; /* "" or the last of the page before */
    int64_t limit;
};
typedef int (*recovery_fn)(const struct recovery_case *c, void *context);
NODISCARD int recovery_each(struct sql *s, const struct recovery_filter *filter,
                            recovery_fn on_case, void *context);
