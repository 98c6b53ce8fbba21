/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/timer.h -- instants at which an agent wants to be rung, kept in the store: a timer
 * outlives every process, is rung once, and disappears in the transaction of its effect. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "sql.h"

#define TIMER_NAME_SIZE 161

/* Sets or moves it. `timer` is unique for the tenant: "expire:P12". */
NODISCARD int timer_set(struct sql *s, const char *timer, const char *agent, const char *subject,
                        const char *what, int64_t due_ms);
NODISCARD int timer_cancel(struct sql *s, const char *timer); /* 1: there was none */

/* -ENOENT: not set. */
NODISCARD int timer_due(struct sql *s, const char *timer, int64_t *ret_due_ms);
