/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of a campaign may still be promised: never more than was approved, nor than lies there. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "campaign.h"
#include "entry_kind_sql.h"
#include "event.h"

int campaign_stock(struct sql *s, const struct campaign *c, int64_t *ret_units)
{
    assert(s && c && ret_units);
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM stock WHERE site = $1"
                     " AND sku = $2 AND batch = $3 AND expiry_day = $4 AND mrp_paise = $5"
                     " AND status = 0");
    sql_bind_text(q, 1, c->site);
    sql_bind_text(q, 2, c->sku);
    sql_bind_text(q, 3, c->batch.number);
    sql_bind_int(q, 4, c->batch.expiry_day);
    sql_bind_int(q, 5, c->batch.mrp_paise);
    int got = sql_step(q);
    if (got == 1)
        *ret_units = sql_int(q, 0);
    return got < 0 ? got : 0;
}

/* Units of the campaign's lines that are not picked yet, and how many lines it has had. */
static int read_open(struct sql *s, const char *id, struct campaign_left *ret)
{
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    AUTO(sql_query)
    q = sql_query(s, "SELECT CAST(coalesce(sum(CASE WHEN o.state = 'open' AND o.left_units > 0 THEN"
                     " o.left_units ELSE 0 END), 0) AS BIGINT), count(*) FROM (SELECT l.state,"
                     " l.qty - (SELECT CAST(coalesce(sum(d.qty), 0) AS BIGINT) FROM line_done d"
                     " WHERE d.document = l.document AND d.line = l.line AND d.site = l.site AND"
                     " d.kind = " SQL_PICKED
                     ") AS left_units FROM order_line l WHERE l.cause = $1) o");
    sql_bind_text(q, 1, cause);
    int got = sql_step(q);
    if (got < 0)
        return got;
    ret->open_units = sql_int(q, 0);
    ret->lines = sql_int(q, 1);
    return 0;
}

struct given_back { /* by one line */
    char campaign[CAMPAIGN_ID_SIZE];
    char party[49];
    int64_t units;
};

#define LINES_MAX 2000 /* of an order */

static int read_lines(struct sql *s, const char *document, struct given_back *lines, size_t *ret)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT substr(l.cause, 10), l.party, l.qty - (SELECT"
                     " CAST(coalesce(sum(d.qty), 0) AS BIGINT) FROM line_done d WHERE"
                     " d.document = l.document AND d.line = l.line AND d.site = l.site AND"
                     " d.kind = " SQL_PICKED
                     ") FROM order_line l WHERE l.document = $1 AND l.state = 'open'"
                     " AND substr(l.cause, 1, 9) = 'campaign:' ORDER BY l.site, l.line LIMIT 2000");
    sql_bind_text(q, 1, document);
    int got = 0;
    size_t n = 0;
    while (n < LINES_MAX && (got = sql_step(q)) == 1) {
        struct given_back *b = &lines[n++];
        sql_copy(q, 0, b->campaign, sizeof(b->campaign));
        sql_copy(q, 1, b->party, sizeof(b->party));
        b->units = sql_int(q, 2);
    }
    *ret = n;
    return got < 0 ? got : 0;
}

int campaign_give_back(struct sql *s, const char *document)
{
    assert(s && document);
    struct given_back *lines = calloc(LINES_MAX, sizeof(*lines));
    size_t n = 0;
    if (!lines)
        return -ENOMEM;
    int err = sql_lock(s, "campaign");
    if (err == 0)
        err = read_lines(s, document, lines, &n);
    for (size_t i = 0; err == 0 && i < n; i++)
        if (lines[i].units > 0)
            err = campaign_target_add(s, lines[i].campaign, lines[i].party, -lines[i].units, 0, 0);
    free(lines);
    return err;
}

int campaign_left(struct sql *s, const struct campaign *c, struct campaign_left *ret)
{
    assert(s && c && ret);
    struct campaign_left l = {0};
    int64_t stock = 0;
    int err = read_open(s, c->id, &l);
    if (err == 0)
        err = campaign_stock(s, c, &stock);
    if (err < 0)
        return err;
    int64_t planned = c->units - c->sold_units - l.open_units;
    int64_t lying = stock - l.open_units;
    l.units = planned < lying ? planned : lying;
    *ret = l;
    return 0;
}
