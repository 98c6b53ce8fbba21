/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/commands.h -- one-shot commands on their way to appliances: written down, said until their
 * answer has come up as an entry (link/one_shot.h). Which words an appliance knows is its own. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "control.h"
#include "entry.h"
#include "sql.h"

#define COMMANDS_AT_ONCE 64 /* that are said in one look */

struct command {
    int64_t id; /* 1, 2, ... */
    char device[ENTRY_DEVICE_SIZE];
    char what[CONTROL_COMMAND_SIZE];
    int64_t expires_ms;
};

/* In the caller's write transaction; gives command->id. -ENOENT: no such device; -EINVAL: what is
 * no code of at most CONTROL_COMMAND_SIZE - 1 characters. */
NODISCARD int commands_add(struct sql *s, struct command *command, int64_t now_ms,
                           const char *made_by);

/* Those that are not over and whose answer has not come, the oldest first. Returns how many. */
NODISCARD int commands_pending(struct sql *s, int64_t now_ms, struct command ret[COMMANDS_AT_ONCE]);
