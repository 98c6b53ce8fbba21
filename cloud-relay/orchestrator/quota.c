/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quota.h"

#include <assert.h>
#include <string.h>

#include "civil.h"

static const struct quota_row rows[QUOTA_COUNT] = {
    [QUOTA_DEVICES] = {"devices", SETTING_QUOTA_DEVICES, "appliances", true},
    [QUOTA_USERS] = {"users", SETTING_QUOTA_USERS, "users", true},
    [QUOTA_CAMPAIGNS] = {"campaigns", SETTING_QUOTA_CAMPAIGNS, "running campaigns", true},
    [QUOTA_MESSAGES_DAY] = {"messages_day", SETTING_QUOTA_MESSAGES_DAY, "messages a day", true},
    [QUOTA_MESSAGES_MONTH] = {"messages_month", SETTING_QUOTA_MESSAGES_MONTH, "messages a month",
                              true},
    [QUOTA_EXPORTS_DAY] = {"exports_day", SETTING_QUOTA_EXPORTS_DAY, "exports a day", true},
    [QUOTA_ENTRIES] = {"entries", SETTING_QUOTA_ENTRIES, "stored entries", false},
    [QUOTA_ARCHIVE_MB] = {"archive_mb", SETTING_QUOTA_ARCHIVE_MB, "MB of stored entries", false},
};

const struct quota_row *quota_row(enum quota quota)
{
    assert((size_t)quota < QUOTA_COUNT);
    return &rows[quota];
}

/* What stands; devices that may still come by an open claim count. A few rows each. */
static const char *const counts[QUOTA_COUNT] = {
    [QUOTA_DEVICES] = "SELECT (SELECT count(*) FROM device WHERE state <> 'revoked') + (SELECT"
                      " count(DISTINCT c.device) FROM claim c WHERE c.used_ms = 0 AND"
                      " c.expires_ms > $1 AND NOT EXISTS (SELECT 1 FROM device d WHERE"
                      " d.device = c.device AND d.state <> 'revoked'))",
    [QUOTA_USERS] = "SELECT count(*) FROM account_user WHERE state = 'active' AND $1 > 0",
    [QUOTA_CAMPAIGNS] = "SELECT count(*) FROM campaign WHERE state IN ('running', 'paused') AND"
                        " $1 > 0",
    [QUOTA_ENTRIES] = "SELECT CAST(coalesce(sum(wm), 0) AS BIGINT) FROM watermark WHERE $1 > 0",
    [QUOTA_ARCHIVE_MB] = "SELECT CAST(coalesce(sum(entries_bytes + wire_bytes), 0) AS BIGINT)"
                         " / 1000000 FROM watermark WHERE $1 > 0",
};

static int32_t first_of_month(int32_t day)
{
    return day - civil_date(day).day + 1;
}

static const char *word_of(enum quota quota)
{
    return quota == QUOTA_EXPORTS_DAY ? "exports" : "messages";
}

static int count_days(struct sql *s, enum quota quota, int64_t now_ms, int64_t *ret)
{
    int32_t today = civil_ist_day(now_ms);
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(used), 0) AS BIGINT) FROM usage_day WHERE what = $1"
                     " AND day >= $2 AND day <= $3");
    sql_bind_text(q, 1, word_of(quota));
    sql_bind_int(q, 2, quota == QUOTA_MESSAGES_MONTH ? first_of_month(today) : today);
    sql_bind_int(q, 3, today);
    int got = sql_step(q);
    if (got == 1)
        *ret = sql_int(q, 0);
    return got < 0 ? got : 0;
}

static int count_standing(struct sql *s, enum quota quota, int64_t now_ms, int64_t *ret)
{
    AUTO(sql_query) q = sql_query(s, counts[quota]);
    sql_bind_int(q, 1, now_ms);
    int got = sql_step(q);
    if (got == 1)
        *ret = sql_int(q, 0);
    return got < 0 ? got : 0;
}

int quota_read(struct sql *s, const struct setting_book *settings, enum quota quota, int64_t now_ms,
               struct quota_use *ret)
{
    assert(s && ret && (size_t)quota < QUOTA_COUNT);
    struct quota_use use = {.allowed = setting_value(settings, rows[quota].setting, NULL)};
    int err = counts[quota] ? count_standing(s, quota, now_ms, &use.used)
                            : count_days(s, quota, now_ms, &use.used);
    if (err == 0)
        *ret = use;
    return err;
}

int quota_is_full(struct sql *s, enum quota quota, int64_t now_ms, struct quota_use *ret_use)
{
    assert(s);
    AUTO(setting_book) settings = NULL;
    struct quota_use use;
    int err = setting_book_read(s, &settings);
    if (err == 0)
        err = quota_read(s, settings, quota, now_ms, &use);
    if (err < 0)
        return err;
    if (ret_use)
        *ret_use = use;
    return use.allowed > 0 && use.used >= use.allowed;
}

int quota_count(struct sql *s, enum quota quota, int64_t now_ms)
{
    assert(s && (quota == QUOTA_MESSAGES_DAY || quota == QUOTA_EXPORTS_DAY));
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO usage_day(what, day, used) VALUES($1, $2, 1) ON CONFLICT"
                     " (tenant, what, day) DO UPDATE SET used = usage_day.used + 1");
    sql_bind_text(q, 1, word_of(quota));
    sql_bind_int(q, 2, civil_ist_day(now_ms));
    return sql_run(q);
}

int64_t quota_next_ms(enum quota quota, int64_t now_ms)
{
    int32_t today = civil_ist_day(now_ms);
    struct civil_date date = civil_date(today);
    int32_t next = quota == QUOTA_MESSAGES_MONTH
                       ? first_of_month(today) + civil_days_in_month(date.year, date.month)
                       : today + 1;
    return civil_ist_start_ms(next);
}
