/* SPDX-License-Identifier: Apache-2.0 */
#include "urgency.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define ANY_STATUS (-1)

/* The first row that fits counts. */
static const struct urgency_row {
    enum entry_kind kind;
    const char *reason; /* NULL: any */
    int32_t status_to;  /* ANY_STATUS */
    enum entry_urgency urgency;
} rows[] = {
    {ENTRY_ALERTED, NULL, ANY_STATUS, ENTRY_EARLY},
    {ENTRY_REFUSED, "document", ANY_STATUS, ENTRY_EARLY},
    {ENTRY_RESTATED, NULL, STOCK_HOLD, ENTRY_EARLY},
    {ENTRY_RESTATED, NULL, STOCK_QUARANTINE, ENTRY_EARLY},
    {ENTRY_APPLIED, NULL, ANY_STATUS, ENTRY_FLUSHES},
    {ENTRY_DISPATCHED, NULL, ANY_STATUS, ENTRY_FLUSHES},
    {ENTRY_ARRIVED, NULL, ANY_STATUS, ENTRY_FLUSHES},
    {ENTRY_LOST, NULL, ANY_STATUS, ENTRY_FLUSHES},
    {ENTRY_FLAGGED, NULL, ANY_STATUS, ENTRY_FLUSHES},
    {ENTRY_DISPOSED, NULL, ANY_STATUS, ENTRY_FLUSHES},
    {ENTRY_TASK_DONE, NULL, ANY_STATUS, ENTRY_FLUSHES},
};

static bool fits(const struct urgency_row *r, const struct entry *e)
{
    return (int32_t)r->kind == e->kind && (!r->reason || strcmp(r->reason, e->reason) == 0) &&
           (r->status_to == ANY_STATUS || r->status_to == e->status_to);
}

enum entry_urgency entry_urgency(const struct entry *e)
{
    assert(e);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (fits(&rows[i], e))
            return rows[i].urgency;
    return ENTRY_GATHERS;
}
