/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer_outlet.h"

#include <errno.h>
#include <string.h>

#include "api_age.h"
#include "api_rows.h"
#include "civil.h"

#define RECENT_DAYS 90

static const char select_recent[] =
    "SELECT CAST(coalesce(sum(CASE WHEN day > $2 THEN units ELSE 0 END), 0) AS BIGINT),"
    " CAST(coalesce(sum(CASE WHEN day > $2 THEN value_paise ELSE 0 END), 0) AS BIGINT),"
    " max(CASE WHEN units > 0 THEN day END) FROM outlet_sale WHERE outlet = $1";
static const struct api_column recent_columns[] = {
    {"soldUnits", FIELD_INT}, {"soldPaise", FIELD_VALUE}, {"lastSaleDate", FIELD_DAY}};

void answer_credit(struct api_call *call, cJSON *to, const struct outlet_credit *c)
{
    struct http_json *b = &call->answer;
    http_json_number(b, to, "version", c->version);
    http_json_number(b, to, "outstandingPaise", c->outstanding_paise);
    http_json_number(b, to, "limitPaise", c->limit_paise);
    http_json_number(b, to, "overdueDays", c->overdue_days);
    http_json_day(b, to, "asOfDate", c->day);
    http_json_instant(b, to, "enteredAt", c->made_ms);
}

static int add_credit(struct api_call *call, cJSON *to, const char *party)
{
    struct outlet_credit c;
    int err = api_sees_value(call) ? outlet_credit_find(call->s, party, &c) : -ENOENT;
    if (err == 0)
        answer_credit(call, http_json_add_object(&call->answer, to, "credit"), &c);
    else if (err == -ENOENT)
        http_json_null(&call->answer, to, "credit");
    return err == -ENOENT ? 0 : err;
}

int answer_outlet(struct api_call *call, cJSON *to, const struct catalogue_party *party)
{
    struct http_json *b = &call->answer;
    http_json_text(b, to, "outlet", party->party);
    http_json_text(b, to, "name", party->name);
    http_json_text(b, to, "territory", party->territory);
    http_json_text(b, to, "gstNumber", party->gstin);
    AUTO(sql_query) q = sql_query(call->s, select_recent);
    sql_bind_text(q, 1, party->party);
    sql_bind_int(q, 2, civil_ist_day(call->now_ms) - RECENT_DAYS);
    int n = sql_step(q);
    if (n != 1)
        return n < 0 ? n : -EIO;
    int err = api_row(call, to, q, recent_columns, ARRAY_LEN(recent_columns));
    if (err < 0)
        return err;
    err = add_credit(call, to, party->party);
    if (err < 0)
        return err;
    int64_t age = API_NO_AGE; /* that of the oldest site of its territory */
    for (size_t i = 0; i < call->sites_count; i++) {
        if (strcmp(call->sites[i].territory, party->territory) == 0 && call->sites[i].age_s > age)
            age = call->sites[i].age_s;
    }
    if (age == API_NO_AGE)
        http_json_null(b, to, "siteDataAgeSeconds");
    else
        http_json_number(b, to, "siteDataAgeSeconds", age);
    return 0;
}
