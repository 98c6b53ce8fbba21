/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audience_read.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void audience_free(struct audience *a)
{
    free(a->outlets);
    free(a->languages);
    *a = (struct audience){0};
}

static struct audience_outlet *find(struct audience *a, const char *party)
{
    size_t low = 0, high = a->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(a->outlets[middle].party, party);
        if (order == 0)
            return &a->outlets[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int list_outlets(struct agent_step *step, const struct site *site,
                        const struct catalogue_sku *sku, struct audience *a)
{
    size_t n = 0;
    const struct catalogue_party *parties = catalogue_index_parties(step->catalogue, &n);
    a->outlets = calloc(n + 1, sizeof(*a->outlets));
    a->languages = calloc(n + 1, sizeof(*a->languages));
    if (!a->outlets || !a->languages)
        return -ENOMEM;
    for (size_t i = 0; i < n && a->count < AUDIENCE_MAX; i++) {
        if (parties[i].kind != PARTY_OUTLET)
            continue;
        a->outlets[a->count++] = (struct audience_outlet){
            .party = parties[i].party,
            .in_territory = strcmp(parties[i].territory, site->territory) == 0,
            .days_since = -1,
            .min_life_days =
                parties[i].min_life_days > 0 ? parties[i].min_life_days : sku->outlet_days,
            .min_life_permille = parties[i].min_life_permille};
    }
    return 0;
}

/* A distributor who has just begun knows his outlets since a few weeks, not since half a year. */
static int read_seen(struct agent_step *step, const char *site, struct audience *a)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT CAST(min(day) AS BIGINT) FROM outlet_sale WHERE site = $1"
                           " AND day > $2");
    sql_bind_text(q, 1, site);
    sql_bind_int(q, 2, step->today - AUDIENCE_WINDOW_DAYS);
    int got = sql_step(q);
    if (got < 0)
        return got;
    int64_t days = got == 1 && !sql_null(q, 0) ? step->today - sql_int(q, 0) + 1 : 0;
    a->seen_days = days > AUDIENCE_LEAST_DAYS ? days : AUDIENCE_LEAST_DAYS;
    return 0;
}

static int read_visits(struct agent_step *step, struct audience *a)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT outlet, count(DISTINCT day), CAST(sum(value_paise) AS BIGINT),"
                           " CAST(max(day) AS BIGINT) FROM outlet_sale WHERE day >= $1"
                           " AND units > 0 GROUP BY outlet ORDER BY outlet");
    sql_bind_int(q, 1, step->today - AUDIENCE_WINDOW_DAYS);
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct audience_outlet *o = find(a, sql_text(q, 0));
        if (!o)
            continue;
        o->days_bought = sql_int(q, 1);
        o->value_paise = sql_int(q, 2);
        o->days_since = step->today - (int32_t)sql_int(q, 3);
    }
    return got;
}

static int read_units(struct agent_step *step, struct audience *a, const char *sku, bool is_it)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT outlet, CAST(sum(units - returned) AS BIGINT) FROM outlet_sale"
                           " WHERE sku = $1 AND day >= $2 GROUP BY outlet ORDER BY outlet");
    sql_bind_text(q, 1, sku);
    sql_bind_int(q, 2, step->today - AUDIENCE_WINDOW_DAYS);
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct audience_outlet *o = find(a, sql_text(q, 0));
        if (o && is_it)
            o->sku_units = sql_int(q, 1);
        if (!o)
            continue;
        o->category_units += sql_int(q, 1);
        o->category_skus += sql_int(q, 1) > 0;
    }
    return got;
}

static int read_affinity(struct agent_step *step, struct audience *a,
                         const struct catalogue_sku *sku)
{
    size_t n = 0;
    const struct catalogue_sku *skus = catalogue_index_skus(step->catalogue, &n);
    int err = 0;
    for (size_t i = 0; err == 0 && i < n; i++) {
        bool is_it = strcmp(skus[i].sku, sku->sku) == 0;
        if (is_it || (sku->category[0] && strcmp(skus[i].category, sku->category) == 0))
            err = read_units(step, a, skus[i].sku, is_it);
    }
    return err;
}

static int read_channels(struct agent_step *step, struct audience *a)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT k.party, k.channel, k.language FROM contact k JOIN consent c ON"
                           " c.party = k.party AND c.channel = k.channel AND"
                           " c.purpose = 'marketing' AND c.status = 'granted' WHERE"
                           " k.state = 'active' AND c.version = (SELECT max(n.version) FROM consent"
                           " n WHERE n.party = c.party AND n.channel = c.channel AND"
                           " n.purpose = c.purpose) ORDER BY k.party, k.channel");
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct audience_outlet *o = find(a, sql_text(q, 0));
        enum message_channel channel;
        if (!o || channel_parse(sql_text(q, 1), &channel) < 0)
            continue;
        o->channels |= 1 << channel;
        snprintf(a->languages[o - a->outlets], sizeof(a->languages[0]), "%.7s", sql_text(q, 2));
    }
    return got;
}

static int read_responses(struct agent_step *step, struct audience *a)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT party, channel, count(*), CAST(sum(CASE WHEN ordered_units > 0"
                           " OR units > 0 THEN 1 ELSE 0 END) AS BIGINT) FROM campaign_target"
                           " WHERE arm = 'offer' AND channel <> '' GROUP BY party, channel"
                           " ORDER BY party, channel");
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct audience_outlet *o = find(a, sql_text(q, 0));
        enum message_channel channel;
        if (!o || channel_parse(sql_text(q, 1), &channel) < 0)
            continue;
        o->offers[channel] = sql_int(q, 2);
        o->answers[channel] = sql_int(q, 3);
    }
    return got;
}

static int read_credit(struct agent_step *step, struct audience *a)
{
    AUTO(sql_query)
    q = sql_query(step->s, "SELECT c.party, c.outstanding_paise, c.limit_paise, c.overdue_days FROM"
                           " outlet_credit c WHERE c.version = (SELECT max(n.version) FROM"
                           " outlet_credit n WHERE n.party = c.party) ORDER BY c.party");
    int got = 0;
    while ((got = sql_step(q)) == 1) {
        struct audience_outlet *o = find(a, sql_text(q, 0));
        if (!o)
            continue;
        o->credit_known = true;
        o->credit_paise = sql_int(q, 2) > 0 ? sql_int(q, 2) - sql_int(q, 1) : AUDIENCE_NO_LIMIT;
        o->overdue_days = sql_int(q, 3);
    }
    return got;
}

int audience_read(struct agent_step *step, const char *site, const char *sku, struct audience *ret)
{
    assert(step && site && sku && ret);
    const struct site *at = catalogue_index_site(step->catalogue, site);
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, sku);
    if (!at || !facts)
        return -ENOENT;
    struct audience a = {0};
    int err = list_outlets(step, at, facts, &a);
    if (err == 0)
        err = read_seen(step, site, &a);
    if (err == 0)
        err = read_visits(step, &a);
    if (err == 0)
        err = read_affinity(step, &a, facts);
    if (err == 0)
        err = read_channels(step, &a);
    if (err == 0)
        err = read_responses(step, &a);
    if (err == 0)
        err = read_credit(step, &a);
    if (err < 0)
        audience_free(&a);
    else
        *ret = a;
    return err;
}
