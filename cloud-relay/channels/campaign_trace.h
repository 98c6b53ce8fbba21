/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/campaign_trace.h -- what joins a campaign with the case that led to it, and with the
 * scans that came of it. It changes no figure. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "event.h"
#include "sql.h"

/* The trace of the case behind the campaign's proposal; the campaign's own id where no case led to
 * it. Errors of the store. */
NODISCARD int campaign_trace(struct sql *s, const char *campaign_id, char ret[EVENT_TRACE_SIZE]);

/* That this entry was goods of the campaign's lot for one of its outlets; units and value are below
 * 0 for what came back. Once an entry. */
struct campaign_take {
    const char *campaign_id;
    const char *party;
    const char *device;
    int64_t epoch, seq;
    const char *document;
    int32_t line;
    int64_t units, value_paise;
    int64_t wall_ms; /* of the entry */
};
NODISCARD int campaign_take_write(struct sql *s, const struct campaign_take *take);
