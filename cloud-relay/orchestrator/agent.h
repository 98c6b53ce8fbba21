/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/agent.h -- what an agent is: a row of a table that says what it consumes and what it
 * does with it. The runtime (runtime.h) gives it its items one by one, each with the cursor in the
 * transaction of what was decided, so that an agent may die anywhere and continue. An agent keeps
 * nothing in memory that it could not make again from the store.
 *
 *   take     an entry of a site's journal or an event of the relay's own: short, in a transaction
 *   wake     its period or a timer of its own is due: short, in a transaction
 *   work     long computing: prepare reads (in a read transaction), compute runs outside of any,
 *            apply writes, after it has seen that what it read still holds
 *
 * None of them begins or ends a transaction or a savepoint (sql_save). They answer 0, or a negative
 * errno: then nothing of it happened.
 *   -EBUSY -EIO -ENOSPC   the store's trouble: the step is taken again, no item is to blame
 *   -EROFS -ENOMEM        likewise
 *   -ESTALE (apply)       inputs have changed: prepared anew
 *   all else              the item is at fault: tried again, then set aside */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue_index.h"
#include "diag.h"
#include "entry.h"
#include "event.h"
#include "setting.h"
#include "sql.h"

#define AGENT_NAME_SIZE 33

/* What an agent works with for the length of one call. */
struct agent_step {
    struct sql *s; /* the transaction is open, but in compute */
    const char *agent;
    const struct setting_book *settings;
    const struct catalogue_index *catalogue;
    int64_t now_ms;
    int32_t today;   /* Indian civil day */
    bool wants_work; /* set it: `work` runs as soon as this transaction is over; in apply: again,
                        there is more than one piece of it */
    struct diag why; /* say here what is wrong when answering an error */
};

enum agent_source { AGENT_ENTRY, AGENT_EVENT };

struct agent_item {
    enum agent_source source;
    const char *cause; /* "entry:DEVICE:EPOCH:SEQ" or "event:SEQ": for what follows from it */
    /* AGENT_ENTRY */
    const char *device;
    int64_t epoch;
    const char *site;
    const struct entry *entry;
    bool early; /* told ahead of its turn: it is no part of the journal yet, nothing follows from it
                   but that somebody is told; it comes again, with the same cause */
    /* AGENT_EVENT */
    const struct event *event;
};

struct agent_timer { /* one that timer_set() made for this agent (timer.h) */
    const char *timer;
    const char *subject;
    const char *what;
    int64_t due_ms;
};

struct agent_work {
    /* 1 with *ret: there is something to compute; 0: nothing. May block for the store. */
    int (*prepare)(struct agent_step *step, void **ret);
    /* No store and no clock; step->s is NULL. May take minutes. */
    int (*compute)(struct agent_step *step, void *work);
    int (*apply)(struct agent_step *step, void *work);
    void (*free)(void *work); /* NULL is fine */
};

struct agent {
    const char *name;
    const char *duty;          /* one sentence, for people */
    int64_t period_ms;         /* of wake and work; 0: only when something comes */
    uint64_t entries;          /* 1 << enum entry_kind of what it consumes; 0: none */
    uint64_t early;            /* of these kinds also ahead of their turn; by one agent alone */
    const char *const *events; /* types it consumes, ended by NULL; NULL: none */
    int (*take)(struct agent_step *step,
                const struct agent_item *item); /* with entries or events */
    int (*ring)(struct agent_step *step, const struct agent_timer *timer); /* NULL: has no timers */
    int (*wake)(struct agent_step *step);                                  /* NULL: nothing */
    const struct agent_work *work;                                         /* NULL: nothing */
};

#define AGENT_ENTRY_BIT(kind) (UINT64_C(1) << (kind))

/* Moves cases, proposals and transfers on; part of this folder. */
extern const struct agent agent_orchestrator;
