/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transfer_step.h"

#include <stdio.h>

#include "timer.h"

struct proposal_by transfer_by(const struct agent_step *step, const char *cause)
{
    static const char actor[] = "agent:orchestrator";
    return (struct proposal_by){.actor = actor, .cause = cause, .now_ms = step->now_ms};
}

int64_t transfer_days(const struct agent_step *step, const struct proposal *p, enum setting_id id)
{
    const struct site *from = catalogue_index_site(step->catalogue, p->from_site);
    const struct catalogue_sku *sku = catalogue_index_sku(step->catalogue, p->sku);
    struct setting_for whom = {.category = sku ? sku->category : "",
                               .territory = from ? from->territory : ""};
    return setting_value(step->settings, id, &whom);
}

const char *transfer_timer(const char *what, const char *id, char buf[PROPOSAL_TIMER_SIZE])
{
    snprintf(buf, PROPOSAL_TIMER_SIZE, "%s:%s", what, id);
    return buf;
}

int transfer_ring_at(struct agent_step *step, const char *what, const char *id, int64_t due_ms)
{
    char name[PROPOSAL_TIMER_SIZE];
    return timer_set(step->s, transfer_timer(what, id, name), agent_orchestrator.name, id, what,
                     due_ms);
}

int transfer_ring_not(struct agent_step *step, const char *what, const char *id)
{
    char name[PROPOSAL_TIMER_SIZE];
    int err = timer_cancel(step->s, transfer_timer(what, id, name));
    return err < 0 ? err : 0;
}

int transfer_keep_step(struct sql *s, const char *id, int64_t saga_step)
{
    struct proposal p;
    int err = proposal_find(s, id, &p);
    if (err < 0 || p.saga_step == saga_step)
        return err;
    p.saga_step = saga_step;
    return proposal_row_update(s, &p);
}
