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
#include "api_quota.h"
#include "api_rows.h"
#include "audience.h"
#include "campaign.h"
#include "civil.h"
#include "contact.h"
#include "gst_rate.h"
#include "outbox.h"
#include "price.h"
#include "setting.h"
#include "text.h"

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
    struct campaign c = {
        .state = CAMPAIGN_DRAFT,
        .batch = {.expiry_day = api_body_day(call, "expiryDate"), .mrp_paise = d->mrp_paise},
        .units = api_body_int(call, "units", 0),
        .price_paise = d->price_paise,
        .floor_paise = d->floor_paise,
        .ceiling_paise = d->ceiling_paise,
        .discount_permille = d->discount_permille,
        .holdout_permille = api_body_int(call, "holdoutPermille", 100),
        .start_day = api_body_day(call, "startDate"),
        .end_day = api_body_day(call, "endDate"),
        .made_ms = call->now_ms};
    const struct {
        char *to;
        size_t size;
        const char *text;
    } texts[] = {
        {c.id, sizeof(c.id), d->id},
        {c.why, sizeof(c.why), api_body_text(call, "reason", "")},
        {c.site, sizeof(c.site), api_body_text(call, "sourceSite", "")},
        {c.sku, sizeof(c.sku), d->sku->sku},
        {c.batch.number, sizeof(c.batch.number), api_body_text(call, "batch", "")},
        {c.template, sizeof(c.template), api_body_text(call, "template", "")},
        {c.channels, sizeof(c.channels), d->channels},
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (text_copy(texts[i].to, texts[i].size, texts[i].text) < 0)
            return api_refuse(call, 422, "too_long", "", "", "a text of it is too long");
    return campaign_insert(call->s, &c);
}

/* The first of the campaign's channels on which the outlet can and may be reached; "" none. */
static int choose_channel(struct api_call *call, const struct draft *d, const char *party,
                          char ret[17])
{
    char words[sizeof(d->channels)];
    char *rest = NULL;
    int may = 0;
    snprintf(words, sizeof(words), "%s", d->channels);
    for (char *w = strtok_r(words, ",", &rest); w && may == 0; w = strtok_r(NULL, ",", &rest)) {
        enum message_channel channel;
        if (channel_parse(w, &channel) == 0)
            may = contact_may(call->s, party, channel, PURPOSE_MARKETING);
        if (may == 1)
            snprintf(ret, 17, "%s", w);
    }
    return may < 0 ? may : 0;
}

static int write_target(struct api_call *call, const struct draft *d, const char *party)
{
    struct campaign_target t = {
        .held_out = audience_held_out(d->id, party, api_body_int(call, "holdoutPermille", 100))};
    int err = order_check_party(call, party, PARTY_OUTLET, "targetRetailers");
    if (err == 0 && text_copy(t.party, sizeof(t.party), party) < 0)
        err = -EINVAL;
    if (err == 0 && !t.held_out)
        err = choose_channel(call, d, party, t.channel);
    if (err < 0)
        return err;
    snprintf(t.reason, sizeof(t.reason), "%s",
             t.held_out             ? "held out by lot"
             : t.channel[0] != '\0' ? "named by a person"
                                    : "named by a person; no consent or contact");
    err = campaign_target_insert(call->s, d->id, &t);
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

int handle_decide_campaign(struct api_call *call)
{
    const char *id = api_arg(call, "id");
    const char *reason = api_body_text(call, "reason", "");
    bool approve = strcmp(api_body_text(call, "decision", ""), "approve") == 0;
    enum campaign_state to = approve ? CAMPAIGN_APPROVED : CAMPAIGN_STOPPED;
    struct campaign was;
    cJSON *seen = cJSON_CreateObject(); /* whether it is there, and the caller's */
    int err = seen ? answer_campaign(call, seen, id) : -ENOMEM;
    cJSON_Delete(seen);
    if (err == 0)
        err = campaign_find(call->s, id, &was);
    if (err < 0)
        return err;
    const char *state = campaign_state_name(was.state);
    if (was.state == to || !campaign_may(was.state, to))
        return api_refuse(call, 409, "state", "decision", "", "the campaign is %s", state);
    struct campaign_by by = {call->actor, call->cause, call->now_ms};
    err = approve ? api_quota_check(call, QUOTA_CAMPAIGNS, "decision") : 0;
    if (err < 0)
        return err;
    err = campaign_decide(call->s, id, to, reason, &by);
    char before[40];
    char after[40];
    snprintf(before, sizeof(before), "\"%s\"", state);
    snprintf(after, sizeof(after), "\"%s\"", campaign_state_name(to));
    if (err == 0)
        err = audit_campaign(call, id, was.site, before, after);
    return err < 0 ? err : answer_campaign(call, call->root, id);
}

/* ---- analytics ---- */

static void add_arm(struct api_call *call, const char *name, const struct campaign_arm *arm)
{
    struct http_json *b = &call->answer;
    cJSON *to = http_json_add_object(b, call->root, name);
    http_json_number(b, to, "outlets", arm->outlets);
    http_json_number(b, to, "buyers", arm->buyers);
    http_json_number(b, to, "units", arm->units);
    http_json_number(b, to, "valuePaise", arm->value_paise);
}

static int add_messages(struct api_call *call, const char *id)
{
    int64_t counts[MESSAGE_STATE_COUNT];
    char cause[EVENT_CAUSE_SIZE];
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    int err = outbox_count(call->s, cause, counts);
    cJSON *messages = http_json_add_object(&call->answer, call->root, "messages");
    for (int i = 0; err == 0 && i < MESSAGE_STATE_COUNT; i++)
        if (counts[i] > 0)
            http_json_number(&call->answer, messages, message_state_name((enum message_state)i),
                             counts[i]);
    return err;
}

int handle_get_analytics(struct api_call *call)
{
    const char *id = api_arg(call, "id");
    struct campaign_figures f;
    cJSON *campaign = cJSON_CreateObject(); /* whether it is there, and the caller's */
    int err = campaign ? answer_campaign(call, campaign, id) : -ENOMEM;
    cJSON_Delete(campaign);
    if (err == 0)
        err = campaign_figures(call->s, id, &f);
    if (err < 0)
        return err;
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "campaignId", id);
    answer_figures(call, http_json_add_object(b, call->root, "performanceMetrics"), &f);
    err = add_messages(call, id);
    add_arm(call, "offer", &f.offer);
    add_arm(call, "holdout", &f.holdout);
    if (f.offer.outlets > 0 && f.holdout.outlets > 0)
        http_json_number(b, call->root, "liftPermille", f.lift_permille);
    else
        http_json_null(b, call->root, "liftPermille");
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}
