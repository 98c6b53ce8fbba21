/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/runtime.h -- runs the agents of one tenant on its worker's thread and connection:
 * registers them, gives heartbeats, feeds them behind their cursors, rings their timers, and keeps
 * one agent's trouble from the others. It knows no rule of any of them.
 *
 *   running --error--> running, later (backoff) --breaker_failures in a row--> broken
 *   broken --retry_ms--> one try (half open) --good--> running | --error--> broken, longer
 *   wanted: running, stopped (by command); an item that failed item_tries times goes to dead_letter
 *   and the agent goes on behind it
 *
 * State is in the store alone: another runtime that opens the same tenant continues from there, and
 * two at once do no item twice. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "diag.h"
#include "sql.h"

struct runtime_conf {
    int64_t items_step;       /* entries and events an agent takes in one transaction */
    int64_t item_tries;       /* then the item is set aside */
    int64_t breaker_failures; /* in a row; then the agent rests */
    int64_t backoff_ms;       /* after the first failure; doubles */
    int64_t backoff_max_ms;
    int64_t heartbeat_ms; /* between heartbeats of an agent that has nothing to do */
};
struct runtime_conf runtime_conf_default(void); /* 256, 3, 6, 1 s, 5 min, 10 s */

struct runtime;

/* Registers the agents (borrowed: they outlive the runtime). The connection is borrowed and used by
 * nobody else meanwhile. Errors of the store; -EINVAL *reterr for master data that cannot be read.
 */
NODISCARD int runtime_open(struct sql *s, const struct agent *const *agents, size_t count,
                           const struct runtime_conf *conf, int64_t now_ms, struct diag *reterr,
                           struct runtime **ret);
void runtime_free(struct runtime *r);
DEFINE_AUTO(runtime);

/* Gives the next agent that has something to do one bounded step.
 *   1   something was done: call again
 *   0   nothing to do until *ret_due_ms, or until something is committed
 *   -EBUSY -EIO ... the store: call again later, nothing is lost */
NODISCARD int runtime_step(struct runtime *r, int64_t now_ms, int64_t *ret_due_ms);

/* One agent, if it has something to do now. -ENOENT: no such agent here. For tests and tools. */
NODISCARD int runtime_step_agent(struct runtime *r, const char *agent, int64_t now_ms);

/* start, stop, restart: what is wanted, with a command event in the journal; in a write transaction
 * of the caller, from any connection. The runtime follows at its next step.
 *   -ENOENT  no such agent is registered      1  that was commanded already, by the same cause */
enum agent_command { AGENT_START, AGENT_STOP, AGENT_RESTART };
struct agent_order {
    enum agent_command command;
    const char *agent;
    const char *by; /* "user:NAME" */
    const char *reason;
    const char *cause;
    int64_t wall_ms;
};
NODISCARD int agent_command(struct sql *s, const struct agent_order *order);

/* The registry as it stands. */
struct agent_state {
    char agent[AGENT_NAME_SIZE];
    char state[17];  /* starting, running, stopped, broken */
    char wanted[17]; /* running, stopped */
    int64_t started_ms, heartbeat_ms, ran_ms, due_ms;
    int64_t restarts, failures, retry_ms, handled;
    int64_t behind; /* entries and events that it has not read yet */
    char last_error[257];
};
typedef int (*agent_state_fn)(const struct agent_state *state, void *context);
NODISCARD int agent_state_each(struct sql *s, agent_state_fn on_agent, void *context);
