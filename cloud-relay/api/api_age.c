/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_age.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SITES_MAX 2000

/* A row a site and appliance; sites without one have an empty device. The newest entry is the one
 * at the watermark of the present epoch. */
static const char select_sites[] =
    "SELECT s.site, s.name, s.territory, coalesce(d.device, ''), coalesce(d.last_heard_ms, 0),"
    " coalesce(d.head, 0), coalesce(w.wm, 0), coalesce(e.wall_ms, 0)"
    " FROM site s LEFT JOIN device d ON d.site = s.site AND d.state <> 'revoked'"
    " LEFT JOIN watermark w ON w.device = d.device AND w.epoch = d.epoch"
    " LEFT JOIN entry e ON e.device = w.device AND e.epoch = w.epoch AND e.seq = w.wm"
    " WHERE $1 = '' OR replace($1, '+' || s.territory || '+', '') <> $1"
    " ORDER BY s.site LIMIT $2";

static int64_t age_of(struct sql_query *q, int64_t now_ms)
{
    int64_t heard_ms = sql_int(q, 4);
    bool all_here = sql_int(q, 5) <= sql_int(q, 6);
    int64_t at_ms = all_here ? heard_ms : sql_int(q, 7);
    if (sql_text(q, 3)[0] == '\0' || heard_ms == 0 || at_ms == 0)
        return API_NO_AGE;
    return now_ms > at_ms ? (now_ms - at_ms) / 1000 : 0;
}

static bool older(int64_t a, int64_t b)
{
    return b != API_NO_AGE && (a == API_NO_AGE || a > b);
}

int api_sites_read(struct api_call *call)
{
    assert(call);
    if (call->sites_read)
        return 0;
    call->sites = calloc(SITES_MAX, sizeof(*call->sites));
    if (!call->sites)
        return -ENOMEM;
    AUTO(sql_query) q = sql_query(call->s, select_sites);
    sql_bind_text(q, 1, call->who.territories);
    sql_bind_int(q, 2, SITES_MAX);
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        struct api_site *last = call->sites_count > 0 ? &call->sites[call->sites_count - 1] : NULL;
        int64_t age = age_of(q, call->now_ms);
        if (last && strcmp(last->site, sql_text(q, 0)) == 0) {
            if (older(age, last->age_s)) /* as old as the oldest of its appliances */
                last->age_s = age;
            continue;
        }
        struct api_site *site = &call->sites[call->sites_count++];
        sql_copy(q, 0, site->site, sizeof(site->site));
        sql_copy(q, 1, site->name, sizeof(site->name));
        sql_copy(q, 2, site->territory, sizeof(site->territory));
        site->age_s = age;
    }
    call->sites_read = n == 0;
    return n;
}

static int compare_site(const void *key, const void *site)
{
    return strcmp(key, ((const struct api_site *)site)->site);
}

const struct api_site *api_site_find(const struct api_call *call, const char *site)
{
    assert(call && call->sites_read && site);
    return bsearch(site, call->sites, call->sites_count, sizeof(*call->sites), compare_site);
}

bool api_territory_is_ours(const struct api_call *call, const char *territory)
{
    char name[CATALOGUE_WORD_SIZE + 2];
    if (call->who.territories[0] == '\0')
        return true;
    snprintf(name, sizeof(name), "+%s+", territory);
    return strstr(call->who.territories, name) != NULL;
}

static void add(struct api_call *call, cJSON *to, int64_t age_s)
{
    if (age_s == API_NO_AGE)
        http_json_null(&call->answer, to, "siteDataAgeSeconds");
    else
        http_json_number(&call->answer, to, "siteDataAgeSeconds", age_s);
}

void api_add_age(struct api_call *call, cJSON *to, const char *site)
{
    const struct api_site *s = api_site_find(call, site);
    add(call, to, s ? s->age_s : API_NO_AGE);
}

int api_add_freshness(struct api_call *call, cJSON *to, const char *site)
{
    int err = api_sites_read(call);
    if (err < 0)
        return err;
    http_json_instant(&call->answer, to, "asOf", call->now_ms);
    int64_t age = call->sites_count > 0 ? call->sites[0].age_s : API_NO_AGE;
    for (size_t i = 1; i < call->sites_count; i++) {
        if (older(call->sites[i].age_s, age))
            age = call->sites[i].age_s;
    }
    if (site[0] != '\0')
        api_add_age(call, to, site);
    else
        add(call, to, age);
    return 0;
}
