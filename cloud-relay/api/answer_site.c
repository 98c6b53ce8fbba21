/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer_site.h"

#define SITES_MAX 2000

const struct api_column answer_site_columns[ANSWER_SITE_COLUMNS] = {
    {"site", FIELD_TEXT},           {"name", FIELD_TEXT},
    {"territory", FIELD_TEXT},      {"gstNumber", FIELD_TEXT},
    {"stateCode", FIELD_INT},       {"pincode", FIELD_TEXT},
    {"latitude", FIELD_MICRO},      {"longitude", FIELD_MICRO},
    {"receiveKgPerDay", FIELD_INT}, {"siteDataAgeSeconds", FIELD_AGE},
};

struct sql_query *answer_sites(struct api_call *call, const char *site)
{
    static const char select[] =
        "SELECT site, name, territory, gstin, state, pincode, latitude_e6, longitude_e6,"
        " receive_kg, site FROM site WHERE ($1 = '' OR"
        " replace($1, '+' || territory || '+', '') <> $1) AND ($3 = '' OR site = $3)"
        " ORDER BY site LIMIT $2";
    struct sql_query *q = sql_query(call->s, select);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, SITES_MAX);
    sql_bind_text(q, 3, site);
    return q;
}
