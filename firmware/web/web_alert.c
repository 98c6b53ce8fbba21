/* SPDX-License-Identifier: Apache-2.0 */
#include "web_alert.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "civil.h"
#include "journal_stock.h"

#define FOUND 1

static int is_seq(const struct journal_alert *a, void *context)
{
    const int64_t *seq = context;
    return a->alert.seq == *seq ? FOUND : 0;
}

int web_alert_write(const struct web_request *r, const struct web_floor *floor, const char *worker)
{
    assert(r && floor && worker);

    char *end = NULL;
    int64_t seq = strtoll(r->param, &end, 10);
    if (*end != '\0')
        return -ENOENT;
    int found = journal_alerts(floor->journal, is_seq, &seq);
    if (found != FOUND)
        return found < 0 ? found : -ENOENT;

    bool snooze = r->route->id == ROUTE_SNOOZE;
    struct entry e = entry_new(snooze ? ENTRY_SNOOZED : ENTRY_ACKNOWLEDGED);
    snprintf(e.worker, sizeof(e.worker), "%s", worker);
    e.corrects = seq;
    if (snooze)
        e.due_day = civil_ist_day(floor->now.wall_ms) + r->body.days - 1; /* the last silent day */
    int64_t first = 0;
    return journal_append(floor->journal, &floor->now, &e, 1, NULL, &first);
}
