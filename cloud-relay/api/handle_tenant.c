/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api_age.h"
#include "api_handlers.h"
#include "setting.h"

static int add_texts(struct api_call *call, const char *name, const char *select)
{
    cJSON *list = http_json_add_array(&call->answer, call->root, name);
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, call->who.territories);
    int n = 0;
    while ((n = sql_step(q)) == 1)
        http_json_text(&call->answer, list, NULL, sql_text(q, 0));
    return n;
}

static int add_rules(struct api_call *call)
{
    AUTO(setting_book) book = NULL;
    int err = setting_book_read(call->s, &book);
    if (err < 0)
        return err;
    cJSON *rules = http_json_add_object(&call->answer, call->root, "businessRules");
    struct http_json *b = &call->answer;
    http_json_number(b, rules, "deadStockThreshold", setting_value(book, SETTING_DEAD_DAYS, NULL));
    http_json_number(b, rules, "expiryHorizonDays",
                     setting_value(book, SETTING_EXPIRY_HORIZON_DAYS, NULL));
    http_json_number(b, rules, "reallocationRadius", setting_value(book, SETTING_RADIUS_KM, NULL));
    return 0;
}

static int64_t count_outlets(const struct api_call *call, const struct catalogue_index *catalogue)
{
    size_t count = 0;
    int64_t outlets = 0;
    const struct catalogue_party *parties = catalogue_index_parties(catalogue, &count);
    for (size_t i = 0; i < count; i++)
        outlets +=
            parties[i].kind == PARTY_OUTLET && api_territory_is_ours(call, parties[i].territory);
    return outlets;
}

int handle_get_distributor(struct api_call *call)
{
    static const char select_territories[] =
        "SELECT DISTINCT territory FROM site WHERE $1 = '' OR"
        " replace($1, '+' || territory || '+', '') <> $1 ORDER BY territory";
    static const char select_gstins[] =
        "SELECT DISTINCT gstin FROM site WHERE ($1 = '' OR"
        " replace($1, '+' || territory || '+', '') <> $1) AND gstin <> '' ORDER BY gstin";
    const struct catalogue_index *catalogue = NULL;
    int err = api_catalogue(call, &catalogue);
    if (err < 0)
        return err;
    struct http_json *b = &call->answer;
    http_json_text(b, call->root, "distributorId", call->who.tenant);
    http_json_text(b, call->root, "name", call->who.tenant);
    err = add_texts(call, "territories", select_territories);
    http_json_number(b, call->root, "retailerCount", count_outlets(call, catalogue));
    if (err == 0)
        err = add_texts(call, "gstNumbers", select_gstins);
    const cJSON *gstins = cJSON_GetObjectItemCaseSensitive(call->root, "gstNumbers");
    const cJSON *first = cJSON_GetArrayItem(gstins, 0);
    http_json_text(b, call->root, "gstNumber", first ? first->valuestring : "");
    if (err == 0)
        err = add_rules(call);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

/* ---- settings ---- */

static const char select_settings[] =
    "SELECT t.scope, t.value, t.version, t.made_ms, t.made_by, t.reason FROM setting t WHERE"
    " t.name = $1 AND t.version = (SELECT max(u.version) FROM setting u WHERE u.name = t.name AND"
    " u.scope = t.scope) ORDER BY t.scope";

static void add_manual(struct api_call *call, cJSON *to, const struct setting_row *row)
{
    struct http_json *b = &call->answer;
    char preset[SETTING_VALUE_SIZE];
    if (row->type == SETTING_BOOL)
        snprintf(preset, sizeof(preset), "%s", row->preset ? "true" : "false");
    else
        snprintf(preset, sizeof(preset), "%" PRId64, row->preset);
    http_json_text(b, to, "name", row->name);
    http_json_text(b, to, "unit", row->type == SETTING_BOOL ? "true or false" : "whole number");
    if (row->type == SETTING_BOOL) {
        http_json_null(b, to, "minimum");
        http_json_null(b, to, "maximum");
    } else {
        http_json_number(b, to, "minimum", row->min);
        http_json_number(b, to, "maximum", row->max);
    }
    http_json_text(b, to, "default", preset);
    char help[400];
    snprintf(help, sizeof(help), "%s %s", row->help, row->effect);
    http_json_text(b, to, "help", help);
}

static void add_default(struct api_call *call, cJSON *to, const struct setting_row *row)
{
    struct http_json *b = &call->answer;
    add_manual(call, to, row);
    http_json_text(b, to, "scope", "");
    const cJSON *preset = cJSON_GetObjectItemCaseSensitive(to, "default");
    http_json_text(b, to, "value", preset ? preset->valuestring : "");
    http_json_number(b, to, "version", 0);
    http_json_null(b, to, "changedAt");
    http_json_null(b, to, "changedBy");
    http_json_null(b, to, "reason");
}

static void add_setting(struct api_call *call, cJSON *to, const struct setting_row *row,
                        struct sql_query *q)
{
    struct http_json *b = &call->answer;
    add_manual(call, to, row);
    http_json_text(b, to, "scope", sql_text(q, 0));
    http_json_text(b, to, "value", sql_text(q, 1));
    http_json_number(b, to, "version", sql_int(q, 2));
    http_json_instant(b, to, "changedAt", sql_int(q, 3));
    http_json_text(b, to, "changedBy", sql_text(q, 4));
    http_json_text(b, to, "reason", sql_text(q, 5));
}

static int add_settings(struct api_call *call, cJSON *items, const struct setting_row *row)
{
    AUTO(sql_query) q = sql_query(call->s, select_settings);
    sql_bind_text(q, 1, row->name);
    bool tenant = false;
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        tenant = tenant || sql_text(q, 0)[0] == '\0';
        add_setting(call, http_json_add_object(&call->answer, items, NULL), row, q);
    }
    if (n == 0 && !tenant)
        add_default(call, http_json_add_object(&call->answer, items, NULL), row);
    return n;
}

int handle_list_settings(struct api_call *call)
{
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    int err = 0;
    for (int id = 0; id < SETTING_COUNT && err == 0; id++)
        err = add_settings(call, items, setting_row((enum setting_id)id));
    return err;
}

int handle_put_setting(struct api_call *call)
{
    const char *name = api_arg(call, "name");
    const char *scope = api_body_text(call, "scope", "");
    enum setting_id id;
    if (setting_find(name, &id) < 0)
        return api_absent(call, "setting", name);
    if (strncmp(name, "quota.", strlen("quota.")) == 0)
        return api_refuse(call, 403, "operator", "name", "relayctl quota set, at the relay",
                          "quotas are the operator's to grant");
    struct setting_change change = {
        .name = name,
        .scope = scope,
        .value = api_body_text(call, "value", ""),
        .by = call->actor,
        .reason = api_body_text(call, "reason", ""),
        .cause = call->cause,
        .wall_ms = call->now_ms,
    };
    struct diag why = {.line = 0};
    int err = setting_change(call->s, &change, &why);
    if (err == -EINVAL)
        return api_refuse(call, 422, "setting", "value", "", "%s", why.text);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, select_settings);
    sql_bind_text(q, 1, name);
    int n = 0;
    while ((n = sql_step(q)) == 1 && strcmp(sql_text(q, 0), scope) != 0)
        continue;
    if (n == 1)
        add_setting(call, call->root, setting_row(id), q);
    else if (n == 0) /* the default was asked for, and it holds */
        add_default(call, call->root, setting_row(id));
    return n < 0 ? n : 0;
}

struct history {
    struct api_call *call;
    cJSON *items;
    int64_t left;
};

static int add_version(const struct setting_version_row *row, void *context)
{
    struct history *h = context;
    struct http_json *b = &h->call->answer;
    if (h->left-- <= 0)
        return 1;
    cJSON *to = http_json_add_object(b, h->items, NULL);
    http_json_text(b, to, "scope", row->scope);
    http_json_text(b, to, "value", row->value);
    http_json_number(b, to, "version", row->version);
    http_json_instant(b, to, "changedAt", row->made_ms);
    http_json_text(b, to, "changedBy", row->made_by);
    http_json_text(b, to, "reason", row->reason);
    return 0;
}

int handle_list_setting_history(struct api_call *call)
{
    const char *name = api_arg(call, "name");
    enum setting_id id;
    if (setting_find(name, &id) < 0)
        return api_absent(call, "setting", name);
    struct history h = {.call = call,
                        .items = http_json_add_array(&call->answer, call->root, "items"),
                        .left = api_arg_int(call, "limit")};
    int err = setting_history(call->s, name, add_version, &h);
    return err < 0 ? err : 0;
}
