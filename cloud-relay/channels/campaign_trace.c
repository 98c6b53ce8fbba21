/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "campaign_trace.h"

#include <assert.h>

#include "text.h"

int campaign_trace(struct sql *s, const char *campaign_id, char ret[EVENT_TRACE_SIZE])
{
    assert(s && campaign_id && ret);
    AUTO(sql_query)
    q = sql_query(s, "SELECT r.trace FROM campaign k JOIN proposal p ON"
                     " p.proposal_id = k.proposal_id JOIN recovery_case r ON r.case_id = p.case_id"
                     " WHERE k.campaign_id = $1");
    sql_bind_text(q, 1, campaign_id);
    int got = sql_step(q);
    if (got < 0)
        return got;
    text_cut(ret, EVENT_TRACE_SIZE, got > 0 ? sql_text(q, 0) : campaign_id);
    return 0;
}

int campaign_take_write(struct sql *s, const struct campaign_take *take)
{
    assert(s && take && take->campaign_id && take->party && take->device && take->document);
    AUTO(sql_query)
    q = sql_query(s,
                  "INSERT INTO campaign_take(device, epoch, seq, campaign_id, party, document,"
                  " line, units, value_paise, wall_ms) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9,"
                  " $10)");
    sql_bind_text(q, 1, take->device);
    sql_bind_int(q, 2, take->epoch);
    sql_bind_int(q, 3, take->seq);
    sql_bind_text(q, 4, take->campaign_id);
    sql_bind_text(q, 5, take->party);
    sql_bind_text(q, 6, take->document);
    sql_bind_int(q, 7, take->line);
    sql_bind_int(q, 8, take->units);
    sql_bind_int(q, 9, take->value_paise);
    sql_bind_int(q, 10, take->wall_ms);
    return sql_run(q);
}
