/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_campaign.h"
#include "answer_event.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_order.h"
#include "api_rows.h"
#include "civil.h"
#include "gst_rate.h"
#include "price.h"
#include "setting.h"

int handle_list_campaigns(struct api_call *call)
{
    int err = answer_campaigns(call);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

static const char select_targets[] =
    "SELECT party, arm, channel, score, expected_units, reason, ordered_units, units, value_paise"
    " FROM campaign_target WHERE campaign_id = $1 ORDER BY party LIMIT 5000";
static const struct api_column target_columns[] = {
    {"outlet", FIELD_TEXT},      {"arm", FIELD_TEXT},          {"channel", FIELD_TEXT},
    {"score", FIELD_INT},        {"expectedUnits", FIELD_INT}, {"reason", FIELD_TEXT},
    {"orderedUnits", FIELD_INT}, {"units", FIELD_INT},         {"valuePaise", FIELD_INT},
};

int handle_get_campaign(struct api_call *call)
{
    const char *id = api_arg(call, "id");
    int err =
        answer_campaign(call, http_json_add_object(&call->answer, call->root, "campaign"), id);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select_targets);
    sql_bind_text(q, 1, id);
    err = api_rows_into(call, call->root, "targets", q, target_columns, ARRAY_LEN(target_columns));
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "campaign:%s", id);
    if (err == 0)
        err = answer_events_of(call, call->root, "history", subject);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

/* ---- drafting ---- */

struct draft {
    char id[40];
    const struct catalogue_sku *sku;
    int64_t mrp_paise, price_paise, floor_paise, ceiling_paise, discount_permille;
    char channels[32];
};

/* Not above what the MRP leaves before tax, not below what the tenant's greatest discount leaves.
 */
static int check_price(struct api_call *call, struct draft *d)
{
    AUTO(setting_book) book = NULL;
    const struct gst_rate_row *rate = NULL;
    int err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    if (gst_rate_find(&gst_rate_seed, d->sku->hsn, "", civil_ist_day(call->now_ms), &rate) < 0)
        return api_refuse(call, 422, "rate", "sku", "an HSN with a known rate",
                          "no tax rate is known for the HSN of this SKU");
    struct setting_for whom = {.category = d->sku->category};
    struct price_input in = {.price_microrupees = d->price_paise * 10000,
                             .gst_ppm = rate->gst_ppm,
                             .mrp_paise = d->mrp_paise};
    struct price price;
    err = price_judge(&in, &price);
    if (err < 0)
        return err;
    int64_t most = setting_value(book, SETTING_DISCOUNT_MAX_PERMILLE, &whom);
    int64_t list = d->sku->price_paise > 0 ? d->sku->price_paise : d->price_paise;
    d->floor_paise = (list * (1000 - most) + 999) / 1000;
    d->ceiling_paise = price.ceiling_paise < list ? price.ceiling_paise : list;
    d->discount_permille = list > d->price_paise ? (list - d->price_paise) * 1000 / list : 0;
    char allowed[96];
    snprintf(allowed, sizeof(allowed), "%" PRId64 " to %" PRId64 " paise", d->floor_paise,
             d->ceiling_paise);
    if (d->price_paise < d->floor_paise || d->price_paise > d->ceiling_paise)
        return api_refuse(call, 422, "price", "pricePaise", allowed,
                          "the price is not between floor and ceiling");
    return 0;
}

static void join_channels(struct api_call *call, struct draft *d)
{
    const cJSON *channel = NULL;
    size_t len = 0;
    cJSON_ArrayForEach(channel, cJSON_GetObjectItemCaseSensitive(call->body, "channels"))
    {
        if (strstr(d->channels, channel->valuestring))
            continue;
        len += (size_t)snprintf(d->channels + len, sizeof(d->channels) - len, "%s%s",
                                len > 0 ? "," : "", channel->valuestring);
    }
}

static int read_draft(struct api_call *call, struct draft *d)
{
    const struct catalogue_index *catalogue = NULL;
    const char *sku = api_body_text(call, "sku", "");
    int err = api_sites_read(call);
    if (err == 0)
        err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    if (!api_site_find(call, api_body_text(call, "sourceSite", "")))
        return api_absent(call, "site", api_body_text(call, "sourceSite", ""));
    err = order_check_sku(call, sku, "sku");
    if (err < 0)
        return err;
    d->sku = catalogue_index_sku(catalogue, sku);
    d->price_paise = api_body_int(call, "pricePaise", 0);
    d->mrp_paise = api_body_int(call, "mrpPaise", d->sku->mrp_paise);
    join_channels(call, d);
    if (api_body_day(call, "endDate") < api_body_day(call, "startDate"))
        return api_refuse(call, 422, "dates", "endDate", "startDate or later",
                          "it ends before it begins");
    return check_price(call, d);
}

static int write_campaign(struct api_call *call, const struct draft *d)
{
    static const char insert[] =
        "INSERT INTO campaign(campaign_id, proposal_id, state, why, site, sku, batch, expiry_day,"
        " mrp_paise, units, sold_units, price_paise, floor_paise, ceiling_paise,"
        " discount_permille, template, channels, holdout_permille, start_day, end_day, made_ms,"
        " decided_by, decided_ms) VALUES($1, '', 'draft', $2, $3, $4, $5, $6, $7, $8, 0, $9, $10,"
        " $11, $12, $13, $14, $15, $16, $17, $18, '', 0)";
    AUTO(sql_query) q = sql_query(call->s, insert);
    sql_bind_text(q, 1, d->id);
    sql_bind_text(q, 2, api_body_text(call, "reason", ""));
    sql_bind_text(q, 3, api_body_text(call, "sourceSite", ""));
    sql_bind_text(q, 4, d->sku->sku);
    sql_bind_text(q, 5, api_body_text(call, "batch", ""));
    sql_bind_int(q, 6, api_body_day(call, "expiryDate"));
    sql_bind_int(q, 7, d->mrp_paise);
    sql_bind_int(q, 8, api_body_int(call, "units", 0));
    sql_bind_int(q, 9, d->price_paise);
    sql_bind_int(q, 10, d->floor_paise);
    sql_bind_int(q, 11, d->ceiling_paise);
    sql_bind_int(q, 12, d->discount_permille);
    sql_bind_text(q, 13, api_body_text(call, "template", ""));
    sql_bind_text(q, 14, d->channels);
    sql_bind_int(q, 15, api_body_int(call, "holdoutPermille", 100));
    sql_bind_int(q, 16, api_body_day(call, "startDate"));
    sql_bind_int(q, 17, api_body_day(call, "endDate"));
    sql_bind_int(q, 18, call->now_ms);
    return sql_run(q);
}

/* The first of the campaign's channels on which the outlet can and may be reached; "" none. */
static int choose_channel(struct api_call *call, const struct draft *d, const char *party,
                          char ret[16])
{
    static const char select[] =
        "SELECT k.channel FROM contact k JOIN consent c ON c.party = k.party AND"
        " c.channel = k.channel AND c.purpose = 'marketing' AND c.status = 'granted' WHERE"
        " k.party = $1 AND k.state = 'active' AND c.version = (SELECT max(n.version) FROM consent"
        " n WHERE n.party = c.party AND n.channel = c.channel AND n.purpose = c.purpose) ORDER BY"
        " k.channel";
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, party);
    const char *best = NULL;
    ret[0] = '\0';
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        const char *at = strstr(d->channels, sql_text(q, 0));
        if (at && (!best || at < best)) {
            best = at;
            snprintf(ret, 16, "%s", sql_text(q, 0));
        }
    }
    return n;
}

/* By lot that nobody can steer: the digest of campaign and outlet. */
static bool is_held_out(const struct draft *d, const char *party, int64_t holdout_permille)
{
    uint8_t digest[SHA256_SIZE];
    sha256_pair(d->id, strlen(d->id), party, strlen(party), digest);
    return (digest[0] << 8 | digest[1]) % 1000 < holdout_permille;
}

static int write_target(struct api_call *call, const struct draft *d, const char *party)
{
    static const char insert[] =
        "INSERT INTO campaign_target(campaign_id, party, arm, channel, score, expected_units,"
        " reason, ordered_units, units, value_paise) VALUES($1, $2, $3, $4, 0, 0, $5, 0, 0, 0)";
    bool held_out = is_held_out(d, party, api_body_int(call, "holdoutPermille", 100));
    char channel[16] = "";
    int err = order_check_party(call, party, PARTY_OUTLET, "targetRetailers");
    if (err == 0 && !held_out)
        err = choose_channel(call, d, party, channel);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, insert);
    sql_bind_text(q, 1, d->id);
    sql_bind_text(q, 2, party);
    sql_bind_text(q, 3, held_out ? "holdout" : "offer");
    sql_bind_text(q, 4, channel);
    sql_bind_text(q, 5,
                  held_out             ? "held out by lot"
                  : channel[0] != '\0' ? "named by a person"
                                       : "named by a person; no consent or contact");
    err = sql_run(q);
    return err == -EEXIST ? api_refuse(call, 422, "doubled", "targetRetailers", "each once",
                                       "%s stands twice", party)
                          : err;
}

static int audit_campaign(struct api_call *call, const char *id, const char *site,
                          const char *before, const char *after)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "campaign:%s", id);
    struct api_change change = {.type = "CampaignChanged",
                                .subject = subject,
                                .place = site,
                                .why = api_body_text(call, "reason", ""),
                                .before = before,
                                .after = after};
    return api_audit(call, &change);
}

int handle_create_campaign(struct api_call *call)
{
    struct draft d = {.sku = NULL};
    int64_t seq = 0;
    int err = read_draft(call, &d);
    if (err == 0)
        err = event_next(call->s, &seq);
    if (err < 0)
        return err;
    snprintf(d.id, sizeof(d.id), "K%" PRId64, seq);
    err = write_campaign(call, &d);
    const cJSON *party = NULL;
    cJSON_ArrayForEach(party, cJSON_GetObjectItemCaseSensitive(call->body, "targetRetailers"))
    {
        if (err == 0)
            err = write_target(call, &d, party->valuestring);
    }
    if (err == 0)
        err = audit_campaign(call, d.id, api_body_text(call, "sourceSite", ""), "", "\"draft\"");
    return err < 0 ? err : answer_campaign(call, call->root, d.id);
}

/* ---- deciding ---- */

static const struct {
    const char *decision;
    const char *from; /* states, each between commas */
    const char *to;
} moves[] = {
    {"approve", ",draft,", "approved"},
    {"stop", ",draft,approved,running,paused,", "stopped"},
};

int handle_decide_campaign(struct api_call *call)
{
    static const char update[] = "UPDATE campaign SET state = $2, decided_by = $3, decided_ms = $4,"
                                 " why = $5 WHERE campaign_id = $1";
    const char *id = api_arg(call, "id");
    cJSON *was = cJSON_CreateObject();
    int err = was ? answer_campaign(call, was, id) : -ENOMEM;
    char state[32];
    char site[ENTRY_PARTY_SIZE];
    snprintf(state, sizeof(state), ",%s,", api_member_text(was, "state", ""));
    snprintf(site, sizeof(site), "%s", api_member_text(was, "site", ""));
    cJSON_Delete(was);
    if (err < 0)
        return err;
    size_t i = strcmp(api_body_text(call, "decision", ""), moves[0].decision) == 0 ? 0 : 1;
    if (!strstr(moves[i].from, state))
        return api_refuse(call, 409, "state", "decision", "", "the campaign is %.*s",
                          (int)strlen(state) - 2, state + 1);
    AUTO(sql_query) q = sql_query(call->s, update);
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, moves[i].to);
    sql_bind_text(q, 3, call->actor);
    sql_bind_int(q, 4, call->now_ms);
    sql_bind_text(q, 5, api_body_text(call, "reason", ""));
    err = sql_run(q);
    char before[40];
    char after[40];
    snprintf(before, sizeof(before), "\"%.*s\"", (int)strlen(state) - 2, state + 1);
    snprintf(after, sizeof(after), "\"%s\"", moves[i].to);
    if (err == 0)
        err = audit_campaign(call, id, site, before, after);
    return err < 0 ? err : answer_campaign(call, call->root, id);
}

/* ---- analytics ---- */

struct arm {
    int64_t outlets, buyers, units, paise;
};

static int read_arm(struct api_call *call, const char *id, const char *arm, struct arm *ret)
{
    static const char select[] =
        "SELECT count(*), CAST(coalesce(sum(CASE WHEN units > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),"
        " CAST(coalesce(sum(units), 0) AS BIGINT), CAST(coalesce(sum(value_paise), 0) AS BIGINT)"
        " FROM campaign_target WHERE campaign_id = $1 AND arm = $2";
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, id);
    sql_bind_text(q, 2, arm);
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    *ret = (struct arm){sql_int(q, 0), sql_int(q, 1), sql_int(q, 2), sql_int(q, 3)};
    return 0;
}

static void add_arm(struct api_call *call, const char *name, const struct arm *arm)
{
    struct http_json *b = &call->answer;
    cJSON *to = http_json_add_object(b, call->root, name);
    http_json_number(b, to, "outlets", arm->outlets);
    http_json_number(b, to, "buyers", arm->buyers);
    http_json_number(b, to, "units", arm->units);
    http_json_number(b, to, "valuePaise", arm->paise);
}

static int add_messages(struct api_call *call, const char *id)
{
    static const char select[] =
        "SELECT state, count(*) FROM outbox WHERE cause = $1 GROUP BY state ORDER BY state";
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    cJSON *messages = http_json_add_object(&call->answer, call->root, "messages");
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, cause);
    int n = 0;
    while ((n = sql_step(q)) == 1)
        http_json_number(&call->answer, messages, sql_text(q, 0), sql_int(q, 1));
    return n;
}

int handle_get_analytics(struct api_call *call)
{
    const char *id = api_arg(call, "id");
    struct metrics metrics;
    struct arm offer;
    struct arm holdout;
    cJSON *campaign = cJSON_CreateObject(); /* whether it is there, and the caller's */
    int err = campaign ? answer_campaign(call, campaign, id) : -ENOMEM;
    cJSON_Delete(campaign);
    if (err == 0)
        err = campaign_metrics(call->s, id, &metrics);
    if (err == 0)
        err = read_arm(call, id, "offer", &offer);
    if (err == 0)
        err = read_arm(call, id, "holdout", &holdout);
    if (err < 0)
        return err;
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "campaignId", id);
    answer_metrics(call, http_json_add_object(b, call->root, "performanceMetrics"), &metrics);
    err = add_messages(call, id);
    add_arm(call, "offer", &offer);
    add_arm(call, "holdout", &holdout);
    if (offer.outlets > 0 && holdout.outlets > 0)
        http_json_number(b, call->root, "liftPermille",
                         offer.buyers * 1000 / offer.outlets -
                             holdout.buyers * 1000 / holdout.outlets);
    else
        http_json_null(b, call->root, "liftPermille");
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}
