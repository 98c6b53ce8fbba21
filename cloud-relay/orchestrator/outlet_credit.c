/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outlet_credit.h"

#include <assert.h>
#include <errno.h>

int outlet_credit_find(struct sql *s, const char *party, struct outlet_credit *ret)
{
    assert(s && party && ret);
    AUTO(sql_query)
    q = sql_query(s,
                  "SELECT version, outstanding_paise, limit_paise, overdue_days, day, made_ms FROM"
                  " outlet_credit WHERE party = $1 ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, party);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -ENOENT;
    *ret = (struct outlet_credit){.version = sql_int(q, 0),
                                  .outstanding_paise = sql_int(q, 1),
                                  .limit_paise = sql_int(q, 2),
                                  .overdue_days = sql_int(q, 3),
                                  .day = (int32_t)sql_int(q, 4),
                                  .made_ms = sql_int(q, 5)};
    return 0;
}

int outlet_credit_put(struct sql *s, const char *party, const struct outlet_credit *credit,
                      const char *by)
{
    assert(s && party && credit && by);
    struct outlet_credit now = {.version = 0};
    int err = sql_lock(s, "credit");
    if (err == 0)
        err = outlet_credit_find(s, party, &now);
    if (err < 0 && err != -ENOENT)
        return err;
    if (now.version > 0 && now.outstanding_paise == credit->outstanding_paise &&
        now.limit_paise == credit->limit_paise && now.overdue_days == credit->overdue_days &&
        now.day == credit->day)
        return 1;
    AUTO(sql_query)
    q = sql_query(s,
                  "INSERT INTO outlet_credit(party, version, outstanding_paise, limit_paise,"
                  " overdue_days, day, made_ms, made_by) VALUES($1, $2, $3, $4, $5, $6, $7, $8)");
    sql_bind_text(q, 1, party);
    sql_bind_int(q, 2, now.version + 1);
    sql_bind_int(q, 3, credit->outstanding_paise);
    sql_bind_int(q, 4, credit->limit_paise);
    sql_bind_int(q, 5, credit->overdue_days);
    sql_bind_int(q, 6, credit->day);
    sql_bind_int(q, 7, credit->made_ms);
    sql_bind_text(q, 8, by);
    return sql_run(q);
}
