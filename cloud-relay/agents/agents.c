/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agents.h"

#include <assert.h>

/* Facts first, then decisions on them. */
static const struct agent *const all[] = {
    &agent_monitoring,   &agent_analysis,    &agent_reallocation, &agent_compliance,
    &agent_orchestrator, &agent_liquidation, &agent_notification,
};

const struct agent *const *agents_all(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = ARRAY_LEN(all);
    return all;
}
