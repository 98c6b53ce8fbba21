/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer_campaign.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_rows.h"

#define TARGETS_MAX 5000

static const char select_campaigns[] =
    "SELECT CAST(c.made_ms AS TEXT) || '|' || c.campaign_id, c.campaign_id, c.template,"
    " c.start_day, c.end_day, c.state, c.why, c.site, s.territory, c.batch, c.expiry_day,"
    " c.mrp_paise, c.units, c.sold_units, c.price_paise, c.floor_paise, c.ceiling_paise,"
    " c.holdout_permille, c.proposal_id, c.made_ms, c.decided_by, c.decided_ms, c.site, c.sku,"
    " c.discount_permille, c.channels FROM campaign c JOIN site s ON s.site = c.site WHERE"
    " ($1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1) AND (c.made_ms < $3 OR"
    " (c.made_ms = $3 AND c.campaign_id > $4)) AND ($5 = '' OR c.state = $5) AND ($6 = '' OR"
    " c.campaign_id = $6) ORDER BY c.made_ms DESC, c.campaign_id LIMIT $2";
enum { CAMPAIGN_ID = 1, CAMPAIGN_SKU = 23, CAMPAIGN_DISCOUNT, CAMPAIGN_CHANNELS };
static const struct api_column campaign_columns[] = {
    {"key", FIELD_KEY},
    {"campaignId", FIELD_TEXT},
    {"content", FIELD_TEXT},
    {"startDate", FIELD_DAY},
    {"endDate", FIELD_DAY},
    {"state", FIELD_TEXT},
    {"why", FIELD_TEXT},
    {"site", FIELD_TEXT},
    {"territory", FIELD_TEXT},
    {"batch", FIELD_TEXT},
    {"expiryDate", FIELD_DAY},
    {"mrpPaise", FIELD_INT},
    {"units", FIELD_INT},
    {"soldUnits", FIELD_INT},
    {"pricePaise", FIELD_INT},
    {"floorPaise", FIELD_INT},
    {"ceilingPaise", FIELD_INT},
    {"holdoutPermille", FIELD_INT},
    {"proposalId", FIELD_TEXT},
    {"madeAt", FIELD_INSTANT},
    {"decidedBy", FIELD_TEXT},
    {"decidedAt", FIELD_INSTANT},
    {"siteDataAgeSeconds", FIELD_AGE},
};

void answer_figures(struct api_call *call, cJSON *to, const struct campaign_figures *f)
{
    struct http_json *b = &call->answer;
    http_json_number(b, to, "impressions", f->impressions);
    http_json_number(b, to, "clicks", f->clicks);
    http_json_number(b, to, "conversions", f->conversions);
    http_json_number(b, to, "revenueGenerated", f->revenue_paise);
}

static int add_targets(struct api_call *call, cJSON *to, const char *campaign_id)
{
    static const char select[] = "SELECT party FROM campaign_target WHERE campaign_id = $1 AND"
                                 " arm = 'offer' ORDER BY party LIMIT $2";
    cJSON *targets = http_json_add_array(&call->answer, to, "targetRetailers");
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, campaign_id);
    sql_bind_int(q, 2, TARGETS_MAX);
    int n = 0;
    while ((n = sql_step(q)) == 1)
        http_json_text(&call->answer, targets, NULL, sql_text(q, 0));
    return n;
}

/* The store has them joined, by "," or "+". */
static void add_channels(struct api_call *call, cJSON *to, const char *joined)
{
    cJSON *channels = http_json_add_array(&call->answer, to, "channels");
    while (joined[0] != '\0') {
        char name[16];
        size_t len = strcspn(joined, ",+");
        snprintf(name, sizeof(name), "%.*s", (int)len, joined);
        http_json_text(&call->answer, channels, NULL, name);
        joined += len + (joined[len] != '\0');
    }
}

static int add(struct api_call *call, cJSON *to, struct sql_query *q)
{
    struct http_json *b = &call->answer;
    const char *id = sql_text(q, CAMPAIGN_ID);
    struct campaign_figures figures;
    int err = api_row(call, to, q, campaign_columns, ARRAY_LEN(campaign_columns));
    http_json_text(b, http_json_add_array(b, to, "skus"), NULL, sql_text(q, CAMPAIGN_SKU));
    http_json_add(b, to, "discountPercentage",
                  cJSON_CreateNumber((double)sql_int(q, CAMPAIGN_DISCOUNT) / 10));
    add_channels(call, to, sql_text(q, CAMPAIGN_CHANNELS));
    if (err == 0)
        err = add_targets(call, to, id);
    if (err == 0)
        err = campaign_figures(call->s, id, &figures);
    if (err == 0)
        answer_figures(call, http_json_add_object(b, to, "performanceMetrics"), &figures);
    return err;
}

static struct sql_query *query(struct api_call *call, int64_t limit, const struct api_page *page,
                               const char *state, const char *campaign_id)
{
    struct sql_query *q = sql_query(call->s, select_campaigns);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, limit);
    sql_bind_int(q, 3, page->number);
    sql_bind_text(q, 4, page->id);
    sql_bind_text(q, 5, state);
    sql_bind_text(q, 6, campaign_id);
    return q;
}

int answer_campaigns(struct api_call *call)
{
    struct api_page page;
    int err = api_page_read(call, &page);
    if (err < 0)
        return err;
    int64_t limit = api_arg_int(call, "limit");
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query) q = query(call, limit, &page, api_arg(call, "state"), "");
    char next[API_VALUE_SIZE] = "";
    int64_t count = 0;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        err = add(call, http_json_add_object(&call->answer, items, NULL), q);
        if (err < 0)
            return err;
        count++;
        snprintf(next, sizeof(next), "%s", sql_text(q, 0));
    }
    http_json_text_or_null(&call->answer, call->root, "next", count == limit ? next : "");
    return n;
}

int answer_campaign(struct api_call *call, cJSON *to, const char *campaign_id)
{
    struct api_page page = {.number = INT64_MAX};
    AUTO(sql_query) q = query(call, 1, &page, "", campaign_id);
    int n = sql_step(q);
    if (n < 0)
        return n;
    return n == 1 ? add(call, to, q) : api_absent(call, "campaign", campaign_id);
}
