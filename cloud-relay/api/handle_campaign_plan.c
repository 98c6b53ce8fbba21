/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET /api/v1/campaign-plan: what liquidation would make of a lot, if it were asked now: price,
 * audience, messages and what they cost, and what may come of it. It writes nothing. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "campaign_plan.h"
#include "civil.h"
#include "message_template.h"
#include "setting.h"
#include "text.h"

#define DEEPEST_PERMILLE 1000 /* no deeper than the distributor's own limit, which holds anyhow */

/* A proposal of the lot, as a person or an agent might make it. */
static int read_lot(struct api_call *call, struct proposal *ret)
{
    struct proposal p = {.action = PROPOSAL_CAMPAIGN,
                         .batch = {.expiry_day = api_arg_day(call, "expiryDate"),
                                   .mrp_paise = api_arg_int(call, "mrpPaise")},
                         .units = api_arg_int(call, "units"),
                         .discount_permille = DEEPEST_PERMILLE};
    const char *site = api_arg(call, "site");
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    if (!api_site_find(call, site))
        return api_absent(call, "site", site);
    if (api_arg_int(call, "discountPermille") > 0)
        p.discount_permille = api_arg_int(call, "discountPermille");
    if (text_copy(p.sku, sizeof(p.sku), api_arg(call, "sku")) < 0 ||
        text_copy(p.from_site, sizeof(p.from_site), site) < 0 ||
        text_copy(p.batch.number, sizeof(p.batch.number), api_arg(call, "batch")) < 0)
        return api_refuse(call, 400, "malformed", "batch", "", "it is too long");
    *ret = p;
    return 0;
}

/* ---- messages ---- */

struct cost {
    int64_t count, parts, paise;
};

/* An SMS is charged by its parts: those of its text as it is registered. */
static int parts_of(struct api_call *call, const struct campaign *c, int64_t *ret)
{
    struct message_template t;
    int err = message_template_find(call->s, c->template, CHANNEL_SMS, "en", &t);
    *ret = err == 0 ? sms_parts(t.body) : 1;
    return err == -ENOENT ? 0 : err;
}

static int add_messages(struct api_call *call, const struct campaign_plan *plan,
                        const struct setting_book *book)
{
    static const enum setting_id prices[CHANNEL_COUNT] = {[CHANNEL_WHATSAPP] =
                                                              SETTING_WHATSAPP_PAISE,
                                                          [CHANNEL_SMS] = SETTING_SMS_PAISE,
                                                          [CHANNEL_EMAIL] = SETTING_EMAIL_PAISE};
    struct http_json *b = &call->answer;
    int64_t counts[CHANNEL_COUNT] = {0};
    int64_t sms = 1;
    int64_t total = 0;
    int err = parts_of(call, &plan->campaign, &sms);
    for (size_t i = 0; i < plan->audience.count; i++)
        counts[plan->choices[i].channel] += plan->choices[i].arm == AUDIENCE_OFFER;
    cJSON *messages = http_json_add_array(b, call->root, "messages");
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (counts[i] == 0)
            continue;
        int64_t parts = counts[i] * (i == CHANNEL_SMS ? sms : 1);
        int64_t paise = parts * setting_value(book, prices[i], NULL);
        cJSON *to = http_json_add_object(b, messages, NULL);
        http_json_text(b, to, "channel", channel_name((enum message_channel)i));
        http_json_number(b, to, "messages", counts[i]);
        http_json_number(b, to, "parts", parts);
        http_json_number(b, to, "costPaise", paise);
        total += paise;
    }
    http_json_number(b, call->root, "costPaise", total);
    return err;
}

/* ---- the audience ---- */

/* Returns what they are expected to take. */
static int64_t add_audience(struct api_call *call, const struct campaign_plan *plan)
{
    static const char *const arms[] = {
        [AUDIENCE_OUT] = "out", [AUDIENCE_OFFER] = "offer", [AUDIENCE_HOLDOUT] = "holdout"};
    struct http_json *b = &call->answer;
    cJSON *audience = http_json_add_array(b, call->root, "audience");
    int64_t expected = 0;
    for (size_t i = 0; i < plan->audience.count; i++) {
        const struct audience_choice *c = &plan->choices[i];
        bool offered = c->arm == AUDIENCE_OFFER;
        cJSON *to = http_json_add_object(b, audience, NULL);
        http_json_text(b, to, "outlet", plan->audience.outlets[i].party);
        http_json_text(b, to, "arm", arms[c->arm]);
        http_json_text(b, to, "segment", audience_segment_name(c->segment));
        http_json_text(b, to, "channel", offered ? channel_name(c->channel) : "");
        http_json_number(b, to, "score", c->score);
        http_json_number(b, to, "expectedUnits", offered ? c->expected_units : 0);
        http_json_number(b, to, "mostUnits", offered ? c->most_units : 0);
        http_json_text(b, to, "reason", c->why);
        expected += offered ? c->expected_units : 0;
    }
    return expected < plan->campaign.units ? expected : plan->campaign.units;
}

static int add_plan(struct api_call *call, const struct campaign_plan *plan,
                    const struct setting_book *book)
{
    struct http_json *b = &call->answer;
    const struct campaign *c = &plan->campaign;
    const struct catalogue_sku *sku = catalogue_index_sku(call->seat.catalogue, c->sku);
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
        {"units", c->units},
        {"pricePaise", c->price_paise},
        {"floorPaise", c->floor_paise},
        {"ceilingPaise", c->ceiling_paise},
        {"offers", plan->offers},
        {"holdouts", plan->holdouts},
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        http_json_number(b, call->root, numbers[i].name, numbers[i].value);
    http_json_add(b, call->root, "discountPercentage",
                  cJSON_CreateNumber((double)c->discount_permille / 10));
    http_json_day(b, call->root, "startDate", c->start_day);
    http_json_day(b, call->root, "endDate", c->end_day);
    int64_t expected = add_audience(call, plan);
    http_json_number(b, call->root, "expectedUnits", expected);
    http_json_number(b, call->root, "expectedRevenuePaise",
                     expected * c->price_paise / sku->packs[0].units);
    return add_messages(call, plan, book);
}

int handle_get_campaign_plan(struct api_call *call)
{
    const struct catalogue_index *catalogue = NULL;
    AUTO(setting_book) book = NULL;
    struct proposal p;
    int err = read_lot(call, &p);
    if (err == 0)
        err = api_catalogue(call, &catalogue);
    if (err == 0)
        err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    if (!catalogue_index_sku(catalogue, p.sku))
        return api_absent(call, "SKU", p.sku);
    struct agent_step step = {.s = call->s,
                              .agent = "liquidation",
                              .settings = book,
                              .catalogue = catalogue,
                              .now_ms = call->now_ms,
                              .today = civil_ist_day(call->now_ms)};
    struct campaign_plan plan;
    struct diag why = {.text = "its goods, place or tax rate is not known"};
    err = campaign_plan_make(&step, "plan", &p, &why, &plan);
    if (err == -ERANGE || err == -ENOENT)
        return api_refuse(call, 422, "no_offer", "", "", "%s", why.text);
    if (err < 0)
        return err;
    err = add_plan(call, &plan, book);
    campaign_plan_free(&plan);
    return err < 0 ? err : api_add_freshness(call, call->root, p.from_site);
}
