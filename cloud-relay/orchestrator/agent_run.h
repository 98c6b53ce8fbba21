/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/agent_run.h -- one agent's step, taken apart: its items (agent_take.c), its timers
 * and state (agent_run.c), its long work (agent_work.c). For runtime.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"
#include "agent_feed.h"
#include "agent_row.h"
#include "attr.h"
#include "runtime.h"

struct agent_run {
    struct sql *s;
    const struct runtime_conf *conf;
    struct catalogue_index *catalogue;
    struct feed_page *page;
    const struct agent *agent;
    struct agent_row row;
    struct agent_step step;
    int64_t left;   /* items that may still be taken */
    bool half_open; /* one try, to see whether it is whole again */
    bool failed;    /* something of it failed: the step ends here */
};

/* One bounded step, with all that it leads to, in transactions of its own. 0, or the store's error.
 */
NODISCARD int agent_run(struct agent_run *g);

/* Runs one call in a part of the transaction that can be undone by itself. 0, 1 when it failed and
 * is undone, or the store's error. */
typedef int (*agent_part_fn)(struct agent_run *g, void *context);
NODISCARD int agent_run_part(struct agent_run *g, const char *on, agent_part_fn part,
                             void *context);

/* The store's own troubles: no item is to blame. */
bool agent_run_stores(int err);

NODISCARD int agent_run_well(struct agent_run *g);
NODISCARD int agent_run_ill(struct agent_run *g, const char *on, int err); /* one failure more */
bool agent_run_in_state(const struct agent_run *g, const char *state);

/* Settings and catalogue as they are now; the caller frees the book. */
NODISCARD int agent_run_open_step(struct agent_run *g, struct setting_book **ret_book);

NODISCARD int agent_take_events(struct agent_run *g);
NODISCARD int agent_take_early(struct agent_run *g); /* entries ahead of their turn */
NODISCARD int agent_take_entries(struct agent_run *g);
NODISCARD int agent_take_letters(struct agent_run *g); /* what a person wants tried again */

NODISCARD int agent_work_do(struct agent_run *g);
