/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quota_watch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "alert.h"
#include "quota.h"

static int raise(struct agent_step *step, const struct quota_row *row, const struct quota_use *use)
{
    bool full = use->used >= use->allowed;
    char id[ALERT_ID_SIZE];
    char message[ALERT_TEXT_SIZE];
    snprintf(id, sizeof(id), "%s:::%s:%" PRId32, full ? "quota_reached" : "quota_near", row->name,
             step->today);
    snprintf(message, sizeof(message), "%" PRId64 " of %" PRId64 " %s are used.%s", use->used,
             use->allowed, row->unit,
             row->refuses ? "" : " What appliances send is taken all the same.");
    struct alert alert = {.id = id,
                          .type = full ? "quota_reached" : "quota_near",
                          .severity = full ? ALERT_HIGH : ALERT_MEDIUM,
                          .site = "",
                          .sku = "",
                          .message = message,
                          .action = "Ask the operator of the relay for more, or take back what is"
                                    " not needed.",
                          .cause = id,
                          .trace = "",
                          .at_ms = step->now_ms};
    int known = alert_raise(step->s, &alert, "agent:monitoring");
    return known < 0 ? known : 0;
}

int quota_watch(struct agent_step *step)
{
    assert(step);
    for (int i = 0; i < QUOTA_COUNT; i++) {
        struct quota_use use;
        int err = quota_read(step->s, step->settings, (enum quota)i, step->now_ms, &use);
        if (err == 0 && use.allowed > 0 && use.used * 1000 >= use.allowed * QUOTA_WARN_PERMILLE)
            err = raise(step, quota_row((enum quota)i), &use);
        if (err < 0)
            return err;
    }
    return 0;
}
