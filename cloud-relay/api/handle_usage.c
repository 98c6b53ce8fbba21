/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_handlers.h"
#include "api_quota.h"

static const char *state_of(const struct quota_use *use)
{
    if (use->allowed == 0 || use->used * 1000 < use->allowed * QUOTA_WARN_PERMILLE)
        return "ok";
    return use->used < use->allowed ? "near" : "reached";
}

int handle_get_usage(struct api_call *call)
{
    struct http_json *b = &call->answer;
    AUTO(setting_book) settings = NULL;
    int err = setting_book_read(call->s, &settings);
    cJSON *items = http_json_add_array(b, call->root, "items");
    for (int i = 0; err == 0 && i < QUOTA_COUNT; i++) {
        enum quota quota = (enum quota)i;
        const struct quota_row *row = quota_row(quota);
        struct quota_use use;
        err = quota_read(call->s, settings, quota, call->now_ms, &use);
        if (err < 0)
            break;
        bool by_time = quota == QUOTA_MESSAGES_DAY || quota == QUOTA_MESSAGES_MONTH ||
                       quota == QUOTA_EXPORTS_DAY;
        cJSON *to = http_json_add_object(b, items, NULL);
        http_json_text(b, to, "quota", row->name);
        http_json_text(b, to, "unit", row->unit);
        http_json_number(b, to, "used", use.used);
        if (use.allowed > 0)
            http_json_number(b, to, "allowed", use.allowed);
        else
            http_json_null(b, to, "allowed");
        http_json_text(b, to, "state", state_of(&use));
        http_json_bool(b, to, "refuses", row->refuses);
        http_json_instant(b, to, "nextAt", by_time ? quota_next_ms(quota, call->now_ms) : 0);
    }
    http_json_instant(b, call->root, "asOf", call->now_ms);
    return err;
}
