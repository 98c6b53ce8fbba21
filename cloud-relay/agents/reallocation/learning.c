/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learning.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "event_body.h"
#include "text.h"
#include "true_cost.h"

__extension__ typedef __int128 int128; /* ISO C17 has no name for it */

/* ---- factors ---- */

void learning_add(struct learning_sum *sum, int64_t predicted_paise, int64_t with_permille,
                  int64_t actual_paise)
{
    assert(sum);
    if (predicted_paise <= 0 || with_permille <= 0 || actual_paise < 0)
        return;
    sum->outcomes++;
    sum->predicted_paise +=
        (int64_t)((int128)predicted_paise * LEARNING_AS_PREDICTED / with_permille);
    sum->actual_paise += actual_paise;
}

static int32_t bounded(int128 permille)
{
    if (permille < LEARNING_LEAST)
        return LEARNING_LEAST;
    return permille > LEARNING_MOST ? LEARNING_MOST : (int32_t)permille;
}

int32_t learning_permille(const struct learning_sum *s)
{
    assert(s);
    if (s->outcomes <= 0 || s->predicted_paise <= 0)
        return LEARNING_AS_PREDICTED;
    int128 whole = (int128)s->predicted_paise * (s->outcomes + LEARNING_PRIOR);
    int128 came =
        (int128)s->actual_paise * s->outcomes + (int128)s->predicted_paise * LEARNING_PRIOR;
    return bounded((came * LEARNING_AS_PREDICTED + whole / 2) / whole);
}

int32_t learning_way_permille(const struct learning_way *way)
{
    assert(way);
    const struct learning_sum *lost = &way->lost;
    int128 permille = learning_permille(&way->freight);
    if (lost->predicted_paise > 0) {
        int128 whole = (int128)lost->predicted_paise * (lost->outcomes + LEARNING_PRIOR);
        int128 gone = (int128)lost->actual_paise * lost->outcomes;
        permille += (gone * LEARNING_AS_PREDICTED + whole / 2) / whole;
    }
    return bounded(permille);
}

/* ---- outcomes ---- */

void learning_free(struct learning *l)
{
    if (!l)
        return;
    free(l->sites);
    free(l->ways);
    free(l);
}

static struct learning_site *site_of(const struct learning *l, const char *site)
{
    for (size_t i = 0; i < l->sites_count; i++)
        if (strcmp(l->sites[i].site, site) == 0)
            return &l->sites[i];
    return NULL;
}

static struct learning_way *way_of(const struct learning *l, const char *from, const char *to)
{
    for (size_t i = 0; i < l->ways_count; i++)
        if (strcmp(l->ways[i].from, from) == 0 && strcmp(l->ways[i].to, to) == 0)
            return &l->ways[i];
    return NULL;
}

static struct learning_site *add_site(struct learning *l, const char *site)
{
    struct learning_site *found = site_of(l, site);
    if (found)
        return found;
    struct learning_site *grown = realloc(l->sites, (l->sites_count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    l->sites = grown;
    found = &grown[l->sites_count++];
    *found = (struct learning_site){.decided = 0};
    text_cut(found->site, sizeof(found->site), site);
    return found;
}

static struct learning_way *add_way(struct learning *l, const char *from, const char *to)
{
    struct learning_way *found = way_of(l, from, to);
    if (found)
        return found;
    struct learning_way *grown = realloc(l->ways, (l->ways_count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    l->ways = grown;
    found = &grown[l->ways_count++];
    *found = (struct learning_way){.lost = {0}};
    text_cut(found->from, sizeof(found->from), from);
    text_cut(found->to, sizeof(found->to), to);
    return found;
}

static int64_t made_with(const char *inputs, const char *name)
{
    int64_t permille = LEARNING_AS_PREDICTED;
    if (event_body_get_int(inputs, name, &permille) < 0 || permille <= 0)
        return LEARNING_AS_PREDICTED;
    return permille;
}

struct outcome {
    char from[ENTRY_PARTY_SIZE], to[ENTRY_PARTY_SIZE];
    bool ended, by_person, agreed, had_its_time;
    int64_t cost_paise, actual_cost_paise, revenue_paise, actual_revenue_paise;
    int64_t freight_paise; /* predicted; handling is in it */
    bool freight_entered;
    int64_t actual_freight_paise;
    int64_t with_sales, with_cost;
};

static int take_outcome(struct learning *l, const struct outcome *o)
{
    struct learning_site *site = add_site(l, o->to);
    struct learning_way *way = add_way(l, o->from, o->to);
    if (!site || !way)
        return -ENOMEM;
    site->decided += o->by_person;
    site->agreed += o->by_person && o->agreed;
    if (!o->ended)
        return 0;
    int64_t way_paise = o->cost_paise;
    if (o->freight_entered) {
        learning_add(&way->freight, o->freight_paise, o->with_cost, o->actual_freight_paise);
        way_paise += o->actual_freight_paise - o->freight_paise;
    }
    int64_t lost = o->actual_cost_paise > way_paise ? o->actual_cost_paise - way_paise : 0;
    learning_add(&way->lost, o->cost_paise, o->with_cost, lost);
    if (o->had_its_time)
        learning_add(&site->sales, o->revenue_paise, o->with_sales, o->actual_revenue_paise);
    return 0;
}

/* What arrived whole is what could be sold and what was predicted for it. */
static void read_outcome(struct sql_query *q, int64_t sold_by_ms, int32_t today, struct outcome *o)
{
    *o = (struct outcome){.cost_paise = sql_int(q, 3),
                          .actual_cost_paise = sql_int(q, 4),
                          .actual_revenue_paise = sql_int(q, 6)};
    sql_copy(q, 0, o->from, sizeof(o->from));
    sql_copy(q, 1, o->to, sizeof(o->to));
    const char *state = sql_text(q, 2);
    int64_t units = sql_int(q, 7), done = sql_int(q, 8);
    o->ended = strcmp(state, "done") == 0 || strcmp(state, "partial") == 0;
    o->agreed = strcmp(state, "rejected") != 0;
    o->revenue_paise = units > 0 ? (int64_t)((int128)sql_int(q, 5) * done / units) : 0;
    int64_t expiry = sql_int(q, 9);
    /* Not "or all of it is sold": the lucky would count before the others. */
    o->had_its_time = sql_int(q, 10) <= sold_by_ms || (expiry != CIVIL_NONE && expiry < today);
    o->by_person = strncmp(sql_text(q, 11), "user:", 5) == 0;
    o->with_sales = made_with(sql_text(q, 12), "salesPermille");
    o->with_cost = made_with(sql_text(q, 12), "costPermille");
    o->freight_paise = true_cost_predicted(o->cost_paise, sql_text(q, 12));
    o->freight_entered = !sql_null(q, 13);
    o->actual_freight_paise = sql_int(q, 13);
}

/* A date as people write it into one number: 20261121. */
static int64_t since_ms(const struct agent_step *step)
{
    int64_t n = setting_value(step->settings, SETTING_LEARNING_SINCE, NULL);
    struct civil_date date = {
        .year = (int32_t)(n / 10000), .month = (int32_t)(n / 100 % 100), .day = (int32_t)(n % 100)};
    int32_t day = 0;
    if (n == 0 || civil_day(date, &day) < 0)
        return 0;
    return civil_ist_start_ms(day);
}

static int read_all(struct agent_step *step, struct learning *l)
{
    int64_t from_ms = step->now_ms -
                      setting_value(step->settings, SETTING_LEARNING_DAYS, NULL) * CIVIL_MS_PER_DAY;
    int64_t since = since_ms(step);
    int64_t sold_by_ms =
        step->now_ms -
        setting_value(step->settings, SETTING_LEARNING_SALES_DAYS, NULL) * CIVIL_MS_PER_DAY;
    AUTO(sql_query)
    q = sql_query(step->s,
                  "SELECT p.from_site, p.to_site, p.state, p.cost_paise, p.actual_cost_paise,"
                  " p.revenue_paise, p.actual_revenue_paise, p.units, p.done_units, p.expiry_day,"
                  " p.decided_ms, p.decided_by, p.inputs, t.freight_paise + t.handling_paise"
                  " FROM proposal p LEFT JOIN true_cost t ON t.proposal_id = p.proposal_id"
                  " AND t.version = (SELECT max(u.version) FROM true_cost u"
                  " WHERE u.proposal_id = p.proposal_id)"
                  " WHERE p.action = 'transfer' AND p.decided_ms >= $1"
                  " AND p.state IN ('done', 'partial', 'rejected', 'approved', 'executing')"
                  " ORDER BY p.decided_ms, p.proposal_id");
    sql_bind_int(q, 1, from_ms > since ? from_ms : since);
    for (;;) {
        struct outcome o;
        int got = sql_step(q);
        if (got <= 0)
            return got;
        read_outcome(q, sold_by_ms, step->today, &o);
        int err = take_outcome(l, &o);
        if (err < 0)
            return err;
    }
}

int learning_read(struct agent_step *step, struct learning **ret)
{
    assert(step && ret);
    AUTO(learning) l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    int err = setting_value(step->settings, SETTING_LEARNING_ON, NULL) ? read_all(step, l) : 0;
    if (err == 0)
        *ret = TAKE(l);
    return err;
}

int32_t learning_sales(const struct learning *l, const char *to_site)
{
    assert(l && to_site);
    const struct learning_site *s = site_of(l, to_site);
    return s ? learning_permille(&s->sales) : LEARNING_AS_PREDICTED;
}

int32_t learning_cost(const struct learning *l, const char *from_site, const char *to_site)
{
    assert(l && from_site && to_site);
    const struct learning_way *w = way_of(l, from_site, to_site);
    return w ? learning_way_permille(w) : LEARNING_AS_PREDICTED;
}

int32_t learning_agreement(const struct learning *l, const char *to_site)
{
    assert(l && to_site);
    const struct learning_site *s = site_of(l, to_site);
    if (!s)
        return LEARNING_AS_PREDICTED;
    int64_t permille =
        (s->agreed + LEARNING_PRIOR) * LEARNING_AS_PREDICTED / (s->decided + LEARNING_PRIOR);
    return permille > LEARNING_LEAST ? (int32_t)permille : LEARNING_LEAST;
}
