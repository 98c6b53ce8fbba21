/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/alert.h -- what wants somebody's attention: of which urgency, where, and what to do
 * about it. Raised once an occasion, until a person acknowledges it. It tells nobody by itself:
 * notification does. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "entry.h"
#include "sql.h"

#define ALERT_ID_SIZE 161
#define ALERT_TEXT_SIZE 257

enum alert_severity { ALERT_LOW, ALERT_MEDIUM, ALERT_HIGH, ALERT_CRITICAL };
const char *alert_severity_name(enum alert_severity severity); /* static; as on the wire */

struct alert {
    const char *id; /* "TYPE:SITE:SKU:OCCASION": of one occasion there is one */
    const char *type;
    enum alert_severity severity;
    const char *site; /* "" */
    const char *sku;  /* "" */
    const char *message;
    const char *action; /* a sentence */
    const char *cause;  /* as in event.h */
    const char *trace;
    int64_t at_ms;
};

/* In the caller's write transaction, with AlertRaised in the journal. 1: it was raised before. */
NODISCARD int alert_raise(struct sql *s, const struct alert *alert, const char *actor);

/* Somebody has it in hand; the trail's record of that is the caller's, and the only one.
 * 1: acknowledged already. -ENOENT: no such alert. */
NODISCARD int alert_acknowledge(struct sql *s, const char *id, const char *by, int64_t now_ms);
