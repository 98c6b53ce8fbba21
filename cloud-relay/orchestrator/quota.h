/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/quota.h -- how much of the relay a distributor may use, and how much it does. The
 * limits are settings "quota.*", with versions like all rules, which the operator of the relay
 * alone changes (relayctl quota). It refuses nothing by itself: who is about to add one asks.
 *
 *   devices, users, campaigns   one more is refused (403), or waits where an agent wants it
 *   messages a day, a month     what is marketing waits for the next span; alerts and confirmations
 *                               are counted and go
 *   exports a day               the next one is refused until tomorrow (429)
 *   entries, archive            never refused: an appliance's word is always taken. From
 *                               QUOTA_WARN_PERMILLE on an alert says so, beyond the limit a high
 * one */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "setting.h"
#include "sql.h"

#define QUOTA_WARN_PERMILLE 800

enum quota {
    QUOTA_DEVICES,
    QUOTA_USERS,
    QUOTA_CAMPAIGNS,
    QUOTA_MESSAGES_DAY,
    QUOTA_MESSAGES_MONTH,
    QUOTA_EXPORTS_DAY,
    QUOTA_ENTRIES,
    QUOTA_ARCHIVE_MB,
};
#define QUOTA_COUNT 8

struct quota_row {
    const char *name; /* "devices" ...: as in the API and behind "quota." */
    enum setting_id setting;
    const char *unit;
    bool refuses; /* false: only warns */
};
const struct quota_row *quota_row(enum quota quota);

struct quota_use {
    int64_t used;
    int64_t allowed; /* 0: no limit */
};

/* In a transaction of the caller. Counting by what stands; of a day or month by Indian days. */
NODISCARD int quota_read(struct sql *s, const struct setting_book *settings, enum quota quota,
                         int64_t now_ms, struct quota_use *ret);

/* The same with the settings as they stand: 1 there is no room for one more, 0 there is. ret_use
 * may be NULL. */
NODISCARD int quota_is_full(struct sql *s, enum quota quota, int64_t now_ms,
                            struct quota_use *ret_use);

/* One more of the day's, in the caller's write transaction: of QUOTA_MESSAGES_DAY (which the month
 * adds up) or QUOTA_EXPORTS_DAY. */
NODISCARD int quota_count(struct sql *s, enum quota quota, int64_t now_ms);

/* When the span of a quota by day or month ends. */
int64_t quota_next_ms(enum quota quota, int64_t now_ms);
