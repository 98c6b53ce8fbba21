/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/agent_row.h -- an agent's row in the registry, and its positions: for runtime.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "runtime.h"
#include "sql.h"

#define AGENT_STATE_SIZE 17
#define AGENT_ERROR_SIZE 257
#define AGENT_CAUSE_SIZE 97

struct agent_row {
    char state[AGENT_STATE_SIZE];
    char wanted[AGENT_STATE_SIZE];
    int64_t heartbeat_ms, ran_ms, due_ms;
    int64_t restarts, failures, retry_ms, handled;
    char last_error[AGENT_ERROR_SIZE];
    char stuck_on[AGENT_CAUSE_SIZE];
    int64_t tries;
};

/* Makes the row when the agent is new; 1: it was there. */
NODISCARD int agent_row_register(struct sql *s, const char *agent, int64_t now_ms);
NODISCARD int agent_row_read(struct sql *s, const char *agent, struct agent_row *ret); /* -ENOENT */
NODISCARD int agent_row_write(struct sql *s, const char *agent, const struct agent_row *row);

/* AgentChanged: what it is now, and why. Said again for the same cause it is nothing. */
NODISCARD int agent_row_tell(struct sql *s, const char *agent, const char *state, const char *why,
                             int64_t now_ms);

NODISCARD int agent_position_read(struct sql *s, const char *agent, const char *source,
                                  int64_t *ret_seq); /* 0: nothing read yet */
NODISCARD int agent_position_write(struct sql *s, const char *agent, const char *source,
                                   int64_t seq);
