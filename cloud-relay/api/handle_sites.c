/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_site.h"
#include "api_age.h"
#include "api_handlers.h"
#include "api_rows.h"
#include "gstin.h"

#define LANES_MAX 5000

int handle_list_sites(struct api_call *call)
{
    AUTO(sql_query) q = answer_sites(call, "");
    int err = api_rows(call, q, answer_site_columns, ANSWER_SITE_COLUMNS, 0);
    return err < 0 ? err : api_add_freshness(call, call->root, "");
}

/* The site as JSON text, "" when there is none. */
static int read_site(struct api_call *call, const char *site, cJSON *to, char **ret)
{
    AUTO(sql_query) q = answer_sites(call, site);
    int n = sql_step(q);
    if (n == 1)
        n = api_row(call, to, q, answer_site_columns, ANSWER_SITE_COLUMNS) < 0 ? -ENOMEM : 1;
    if (n < 0)
        return n;
    *ret = n == 1 && to ? cJSON_PrintUnformatted(to) : strdup("");
    return *ret ? 0 : -ENOMEM;
}

static int write_site(struct api_call *call, const char *site, const struct gstin *gstin)
{
    static const char upsert[] =
        "INSERT INTO site(site, name, territory, gstin, state, pincode, latitude_e6, longitude_e6,"
        " receive_kg) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant, site) DO"
        " UPDATE SET name = $2, territory = $3, gstin = $4, state = $5, pincode = $6,"
        " latitude_e6 = $7, longitude_e6 = $8, receive_kg = $9";
    const cJSON *latitude = cJSON_GetObjectItemCaseSensitive(call->body, "latitude");
    const cJSON *longitude = cJSON_GetObjectItemCaseSensitive(call->body, "longitude");
    AUTO(sql_query) q = sql_query(call->s, upsert);
    sql_bind_text(q, 1, site);
    sql_bind_text(q, 2, api_body_text(call, "name", ""));
    sql_bind_text(q, 3, api_body_text(call, "territory", ""));
    sql_bind_text(q, 4, gstin->text);
    sql_bind_int(q, 5, gstin->state);
    sql_bind_text(q, 6, api_body_text(call, "pincode", ""));
    sql_bind_int(q, 7, llround(latitude->valuedouble * 1e6));
    sql_bind_int(q, 8, llround(longitude->valuedouble * 1e6));
    sql_bind_int(q, 9, api_body_int(call, "receiveKgPerDay", 0));
    return sql_run(q);
}

int handle_put_site(struct api_call *call)
{
    const char *site = api_arg(call, "site");
    struct gstin gstin;
    enum gstin_reason reason = gstin_read(api_body_text(call, "gstNumber", ""), &gstin);
    if (reason != GSTIN_OK && reason != GSTIN_LEGACY_STATE)
        return api_refuse(call, 422, "gstin", "gstNumber", "a GSTIN whose check character fits",
                          "it is no GSTIN: %s", gstin_reason_name(reason));
    if (strchr(api_body_text(call, "territory", ""), '+'))
        return api_refuse(call, 422, "territory", "territory", "a name without +",
                          "a territory's name holds a +");
    char *before = NULL;
    char *after = NULL;
    cJSON *was = cJSON_CreateObject();
    int err = was ? read_site(call, site, was, &before) : -ENOMEM;
    cJSON_Delete(was);
    if (err == 0)
        err = write_site(call, site, &gstin);
    call->sites_read = false; /* the ages of the sites are those of before */
    call->sites_count = 0;
    free(call->sites);
    call->sites = NULL;
    if (err == 0)
        err = read_site(call, site, call->root, &after);
    if (err == 0) {
        char subject[EVENT_SUBJECT_SIZE];
        snprintf(subject, sizeof(subject), "site:%s", site);
        struct api_change change = {.type = "SiteChanged",
                                    .subject = subject,
                                    .place = site,
                                    .why = "asked for",
                                    .before = before,
                                    .after = after};
        err = api_audit(call, &change);
    }
    free(before);
    free(after);
    return err;
}

static const char select_lanes[] =
    "SELECT from_site, to_site, km, lead_days, paise_a_kg, paise_a_truck, kg_a_truck, trucks,"
    " least_kg, open FROM lane WHERE ($1 = '' OR from_site = $1) AND ($2 = '' OR to_site = $2)"
    " ORDER BY from_site, to_site LIMIT $3";
static const struct api_column lane_columns[] = {
    {"fromSite", FIELD_TEXT},  {"toSite", FIELD_TEXT},    {"km", FIELD_INT},
    {"leadDays", FIELD_INT},   {"paisePerKg", FIELD_INT}, {"paisePerTruck", FIELD_INT},
    {"kgPerTruck", FIELD_INT}, {"trucks", FIELD_INT},     {"leastKg", FIELD_INT},
    {"open", FIELD_BOOL},
};

static struct sql_query *query_lanes(struct api_call *call, const char *from, const char *to)
{
    struct sql_query *q = sql_query(call->s, select_lanes);
    sql_bind_text(q, 1, from);
    sql_bind_text(q, 2, to);
    sql_bind_int(q, 3, LANES_MAX);
    return q;
}

int handle_list_lanes(struct api_call *call)
{
    AUTO(sql_query) q = query_lanes(call, "", "");
    return api_rows(call, q, lane_columns, ARRAY_LEN(lane_columns), 0);
}

static int write_lane(struct api_call *call, const char *from, const char *to)
{
    static const char upsert[] =
        "INSERT INTO lane(from_site, to_site, km, lead_days, paise_a_kg, paise_a_truck, kg_a_truck,"
        " trucks, least_kg, open) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT"
        " (tenant, from_site, to_site) DO UPDATE SET km = $3, lead_days = $4, paise_a_kg = $5,"
        " paise_a_truck = $6, kg_a_truck = $7, trucks = $8, least_kg = $9, open = $10";
    AUTO(sql_query) q = sql_query(call->s, upsert);
    sql_bind_text(q, 1, from);
    sql_bind_text(q, 2, to);
    sql_bind_int(q, 3, api_body_int(call, "km", 0));
    sql_bind_int(q, 4, api_body_int(call, "leadDays", 0));
    sql_bind_int(q, 5, api_body_int(call, "paisePerKg", 0));
    sql_bind_int(q, 6, api_body_int(call, "paisePerTruck", 0));
    sql_bind_int(q, 7, api_body_int(call, "kgPerTruck", 0));
    sql_bind_int(q, 8, api_body_int(call, "trucks", 0));
    sql_bind_int(q, 9, api_body_int(call, "leastKg", 0));
    sql_bind_int(q, 10, cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(call->body, "open")));
    return sql_run(q);
}

int handle_put_lane(struct api_call *call)
{
    const char *from = api_arg(call, "fromSite");
    const char *to = api_arg(call, "toSite");
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    if (!api_site_find(call, from) || !api_site_find(call, to))
        return api_absent(call, "site", api_site_find(call, from) ? to : from);
    if (strcmp(from, to) == 0)
        return api_refuse(call, 422, "lane", "toSite", "another site", "a lane joins two sites");
    err = write_lane(call, from, to);
    if (err < 0)
        return err;
    AUTO(sql_query) q = query_lanes(call, from, to);
    int n = sql_step(q);
    if (n <= 0)
        return n < 0 ? n : -EIO;
    err = api_row(call, call->root, q, lane_columns, ARRAY_LEN(lane_columns));
    char *after = err == 0 && call->answer.root ? cJSON_PrintUnformatted(call->answer.root) : NULL;
    if (!after)
        return err < 0 ? err : -ENOMEM;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "lane:%s:%s", from, to);
    struct api_change change = {.type = "LaneChanged",
                                .subject = subject,
                                .place = from,
                                .why = "asked for",
                                .before = "",
                                .after = after};
    err = api_audit(call, &change);
    free(after);
    return err;
}
