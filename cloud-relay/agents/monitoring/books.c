/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "books.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "alert.h"
#include "conservation.h"

struct watch {
    struct agent_step *step;
    int raised;
};

static int on_batch(const struct conservation *c, void *context)
{
    struct watch *w = context;
    int64_t difference = conservation_difference(c);
    if (difference == 0 || w->raised >= BOOKS_ALERTS_MAX)
        return 0;
    char id[ALERT_ID_SIZE];
    char message[ALERT_TEXT_SIZE];
    snprintf(id, sizeof(id), "stock_not_conserved::%s:%s:%" PRId32 ":%" PRId64 ":%" PRId64, c->sku,
             c->batch.number, c->batch.expiry_day, c->batch.mrp_paise, difference);
    snprintf(message, sizeof(message), "Batch %s: %" PRId64 " units %s than the journals explain.",
             c->batch.number[0] ? c->batch.number : "-", difference > 0 ? difference : -difference,
             difference > 0 ? "fewer" : "more");
    struct alert alert = {.id = id,
                          .type = "stock_not_conserved",
                          .severity = ALERT_CRITICAL,
                          .site = "",
                          .sku = c->sku,
                          .message = message,
                          .action = "Run relayctl store verify and rebuild; then count the batch.",
                          .cause = id,
                          .trace = "",
                          .at_ms = w->step->now_ms};
    int known = alert_raise(w->step->s, &alert, "agent:monitoring");
    w->raised += known == 0;
    return known < 0 ? known : 0;
}

int books_watch(struct agent_step *step)
{
    assert(step);
    struct watch w = {.step = step};
    return conservation_each(step->s, on_batch, &w);
}
