/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "autonomy.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"

struct autonomy autonomy_judge(const struct setting_book *book, const struct autonomy_ask *ask)
{
    assert(ask && ask->agent);
    const struct setting_for whom = {ask->category, ask->territory, ask->agent};
    const struct {
        int bit;
        bool passed;
    } checks[] = {
        {AUTONOMY_KILLED, setting_value(book, SETTING_KILL_SWITCH, &whom) != 0},
        {AUTONOMY_OFF, setting_value(book, SETTING_AUTONOMY, &whom) == 0},
        {AUTONOMY_VALUE,
         ask->value_paise > setting_value(book, SETTING_AUTONOMY_VALUE_PAISE, &whom)},
        {AUTONOMY_DISCOUNT,
         ask->discount_permille > setting_value(book, SETTING_AUTONOMY_DISCOUNT_PERMILLE, &whom)},
        {AUTONOMY_UNITS, ask->units > setting_value(book, SETTING_AUTONOMY_UNITS, &whom)},
        {AUTONOMY_SPEND,
         ask->spend_paise > 0 &&
             ask->spend_paise > setting_value(book, SETTING_AUTONOMY_SPEND_DAY_PAISE, &whom) -
                                    ask->spent_today_paise},
    };
    struct autonomy a = {.verdict = AUTONOMY_ALONE};
    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        if (checks[i].passed)
            a.limits |= checks[i].bit;
    if (a.limits & AUTONOMY_KILLED)
        a.verdict = AUTONOMY_STOPPED;
    else if (a.limits && ask->value_paise > setting_value(book, SETTING_TWO_APPROVERS_PAISE, &whom))
        a.verdict = AUTONOMY_TWO_PERSONS;
    else if (a.limits)
        a.verdict = AUTONOMY_ONE_PERSON;
    return a;
}

const char *autonomy_verdict_name(enum autonomy_verdict verdict)
{
    static const char *const names[] = {
        [AUTONOMY_ALONE] = "alone",
        [AUTONOMY_ONE_PERSON] = "one_person",
        [AUTONOMY_TWO_PERSONS] = "two_persons",
        [AUTONOMY_STOPPED] = "stopped",
    };
    assert((size_t)verdict < ARRAY_LEN(names));
    return names[verdict];
}

const char *autonomy_limits_text(int limits, char buf[AUTONOMY_WORDS_SIZE])
{
    static const char *const words[] = {"off", "value", "discount", "units", "spend", "kill"};
    size_t n = 0;
    buf[0] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (limits & 1 << i)
            n += (size_t)snprintf(buf + n, AUTONOMY_WORDS_SIZE - n, "%s%s", n ? "+" : "", words[i]);
    return buf;
}

int autonomy_spent(struct sql *s, const char *agent, int32_t day, int64_t *ret_paise)
{
    assert(s && agent && ret_paise);
    char by[97];
    snprintf(by, sizeof(by), "agent:%s", agent);
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(cost_paise), 0) AS BIGINT) FROM proposal"
                     " WHERE decided_by = $1 AND decided_ms >= $2 AND decided_ms < $3"
                     " AND state IN ('approved', 'executing', 'done', 'partial', 'failed')");
    sql_bind_text(q, 1, by);
    sql_bind_int(q, 2, civil_ist_start_ms(day));
    sql_bind_int(q, 3, civil_ist_start_ms(day + 1));
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret_paise = sql_int(q, 0);
    return 0;
}
