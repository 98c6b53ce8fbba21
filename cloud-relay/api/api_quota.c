/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_quota.h"

#include <inttypes.h>
#include <stdio.h>

static int refuse(struct api_call *call, unsigned status, enum quota quota, const char *where,
                  const struct quota_use *use)
{
    const struct quota_row *row = quota_row(quota);
    char allowed[96];
    snprintf(allowed, sizeof(allowed), "at most %" PRId64 " %s", use->allowed, row->unit);
    return api_refuse(call, status, "quota", where, allowed,
                      "the distributor's quota %s is used up: %" PRId64, row->name, use->used);
}

int api_quota_check(struct api_call *call, enum quota quota, const char *where)
{
    struct quota_use use;
    int full = quota_is_full(call->s, quota, call->now_ms, &use);
    return full <= 0 ? full : refuse(call, 403, quota, where, &use);
}

int api_quota_export(struct api_call *call)
{
    struct quota_use use;
    int full = quota_is_full(call->s, QUOTA_EXPORTS_DAY, call->now_ms, &use);
    if (full < 0)
        return full;
    if (full == 0)
        return quota_count(call->s, QUOTA_EXPORTS_DAY, call->now_ms);
    call->retry_s =
        (int)((quota_next_ms(QUOTA_EXPORTS_DAY, call->now_ms) - call->now_ms + 999) / 1000);
    return refuse(call, 429, QUOTA_EXPORTS_DAY, "", &use);
}
