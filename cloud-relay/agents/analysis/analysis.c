/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "finding.h"
#include "fits.h"
#include "pair.h"
#include "text.h"

#define AGENT "analysis"
#define WORK_PAIRS 128 /* scored in one piece of work */
#define RETURN_DAYS 180
#define PERIOD_MS (INT64_C(6) * 3600 * 1000)

struct score_terms analysis_terms(const struct setting_book *settings, const char *category,
                                  const char *territory)
{
    struct setting_for whom = {.category = category, .territory = territory, .agent = AGENT};
    struct score_terms t = {
        .expiry = expiry_terms_default(),
        .dead = dead_stock_terms_default(),
        .rates = financial_impact_rates_default(),
        .dead_horizon_days = (uint32_t)setting_value(settings, SETTING_DEAD_HORIZON_DAYS, &whom),
        .season_days = (int32_t)setting_value(settings, SETTING_SEASON_DAYS, &whom),
    };
    t.expiry.horizon_days = (uint32_t)setting_value(settings, SETTING_EXPIRY_HORIZON_DAYS, &whom);
    t.expiry.carrying_permille =
        (uint32_t)setting_value(settings, SETTING_CARRYING_PERMILLE, &whom);
    t.dead.grace_days = (uint32_t)setting_value(settings, SETTING_GRACE_DAYS, &whom);
    t.dead.dead_days = (uint32_t)setting_value(settings, SETTING_DEAD_DAYS, &whom);
    t.dead.slow_days = (uint32_t)setting_value(settings, SETTING_SLOW_DAYS, &whom);
    if (t.dead.slow_days > t.dead.dead_days)
        t.dead.slow_days = t.dead.dead_days;
    t.rates.carrying_permille = t.expiry.carrying_permille;
    t.rates.opportunity_permille =
        (uint32_t)setting_value(settings, SETTING_OPPORTUNITY_PERMILLE, &whom);
    t.rates.disposal_paise_a_kg = setting_value(settings, SETTING_DISPOSAL_PAISE_KG, &whom);
    t.rates.transport_paise_a_kg = setting_value(settings, SETTING_TRANSPORT_PAISE_KG, &whom);
    return t;
}

/* ---- one piece of work: fit, or score some pairs ---- */

struct sku_returns {
    char sku[ENTRY_SKU_SIZE];
    struct return_counts counts;
};

struct job {
    struct fitting *fitting; /* else: */
    struct fits *fits;
    struct sku_returns *returns; /* ascending */
    size_t returns_count;
    struct return_pool return_pool;
    struct pair *pairs;
    size_t pairs_count;
};

static void job_free(void *work)
{
    struct job *j = work;
    if (!j)
        return;
    for (size_t i = 0; i < j->pairs_count; i++)
        pair_clear(&j->pairs[i]);
    fitting_free(j->fitting);
    fits_free(j->fits);
    free(j->returns);
    free(j->pairs);
    free(j);
}

/* Over all sites: one site sees too few of a SKU's returns. */
static int read_returns(struct sql *s, int32_t today, struct job *j)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT sku, CAST(sum(units) AS BIGINT), CAST(sum(returned) AS BIGINT)"
                     " FROM demand WHERE day >= $1 GROUP BY sku ORDER BY sku");
    sql_bind_int(q, 1, today - RETURN_DAYS);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        struct sku_returns *grown = realloc(j->returns, (j->returns_count + 1) * sizeof(*grown));
        if (!grown)
            return -ENOMEM;
        j->returns = grown;
        struct sku_returns *r = &j->returns[j->returns_count++];
        *r = (struct sku_returns){.counts = {sql_int(q, 1), sql_int(q, 2)}};
        sql_copy(q, 0, r->sku, sizeof(r->sku));
    }
    if (got < 0)
        return got;
    struct return_counts *counts = calloc(j->returns_count + 1, sizeof(*counts));
    if (!counts)
        return -ENOMEM;
    for (size_t i = 0; i < j->returns_count; i++)
        counts[i] = j->returns[i].counts;
    j->return_pool = return_pool_fit(counts, (uint32_t)j->returns_count);
    free(counts);
    return 0;
}

static int read_pairs(struct agent_step *step, struct job *j)
{
    j->pairs = calloc(WORK_PAIRS, sizeof(*j->pairs));
    if (!j->pairs)
        return -ENOMEM;
    int n = pair_next(step->s, step->today, j->pairs, WORK_PAIRS);
    if (n <= 0)
        return n;
    j->pairs_count = (size_t)n;
    int err = fits_read(step->s, &j->fits);
    if (err == 0)
        err = read_returns(step->s, step->today, j);
    for (size_t i = 0; err == 0 && i < j->pairs_count; i++)
        err = pair_read(step->s, step->today, &j->pairs[i]);
    return err < 0 ? err : 1;
}

static int prepare(struct agent_step *step, void **ret)
{
    struct job *j = calloc(1, sizeof(*j));
    if (!j)
        return -ENOMEM;
    int due = fits_due(step->s, step->today);
    int err = due;
    if (due > 0) {
        err = fitting_read(step->s, step->catalogue, step->today, &j->fitting);
        err = err < 0 ? err : 1;
    } else if (due == 0) {
        err = read_pairs(step, j);
    }
    if (err <= 0) {
        job_free(j);
        return err;
    }
    *ret = j;
    return 1;
}

static int compare_sku(const void *sku, const void *row)
{
    return strcmp(sku, ((const struct sku_returns *)row)->sku);
}

static void score_pair(struct agent_step *step, const struct job *j, struct pair *p,
                       struct score_work *work, struct expiry_batch *scratch)
{
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, p->sku);
    const struct site *site = catalogue_index_site(step->catalogue, p->site);
    const char *category = facts ? facts->category : "";
    uint8_t state = site ? (uint8_t)site->state : 0;
    const struct sku_returns *back =
        j->returns_count > 0
            ? bsearch(p->sku, j->returns, j->returns_count, sizeof(*back), compare_sku)
            : NULL;
    struct score_input in = {
        .category = category,
        .state = state,
        .today = step->today,
        .lots = p->lots,
        .lots_count = p->lots_count,
        .days = {p->units, p->stocked, p->first},
        .return_pool = &j->return_pool,
        .pool = fits_pool(j->fits),
        .season = fits_season(j->fits, state, category),
        .before = p->before,
        .liquidating = p->liquidating,
    };
    if (facts)
        in.goods = stock_goods_of(facts->hsn, facts->outlet_days, facts->packs[0].units,
                                  facts->volume_ml, facts->weight_g);
    if (back)
        in.returns = back->counts;
    struct score_terms terms =
        analysis_terms(step->settings, category, site ? site->territory : "");
    score_sku(&in, &terms, work, scratch, p->risks, &p->score);
}

static int compute(struct agent_step *step, void *work)
{
    struct job *j = work;
    if (j->fitting)
        return fitting_compute(j->fitting);
    struct score_work *scratch = calloc(1, sizeof(*scratch));
    struct expiry_batch *batches = calloc(PAIR_LOTS_MAX, sizeof(*batches));
    int err = scratch && batches ? 0 : -ENOMEM;
    for (size_t i = 0; err == 0 && i < j->pairs_count; i++)
        score_pair(step, j, &j->pairs[i], scratch, batches);
    free(scratch);
    free(batches);
    return err;
}

static int apply(struct agent_step *step, void *work)
{
    struct job *j = work;
    step->wants_work = true; /* there may be more; prepare says when there is not */
    if (j->fitting)
        return fitting_write(step->s, j->fitting);
    int err = 0;
    for (size_t i = 0; err == 0 && i < j->pairs_count; i++) {
        struct pair *p = &j->pairs[i];
        err = pair_write(step->s, p, step->today, step->now_ms);
        if (err == 0)
            err = finding_tell(step, p);
    }
    return err;
}

/* ---- what it consumes ---- */

static int take(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    if (e->sku[0] == '\0')
        return 0;
    step->wants_work = true;
    return pair_touch(step->s, item->site, e->sku, step->now_ms);
}

static int wake(struct agent_step *step)
{
    step->wants_work = true;
    int got = 0;
    while ((got = fits_take_history(step->s, step->now_ms, &step->why)) > 0)
        ;
    return got;
}

static const struct agent_work work = {
    .prepare = prepare, .compute = compute, .apply = apply, .free = job_free};

const struct agent agent_analysis = {
    .name = AGENT,
    .duty = "Scores every SKU at every site, finds dead, slow and expiring stock, and opens cases.",
    .period_ms = PERIOD_MS,
    .entries = AGENT_ENTRY_BIT(ENTRY_OPENING) | AGENT_ENTRY_BIT(ENTRY_RECEIVED) |
               AGENT_ENTRY_BIT(ENTRY_PICKED) | AGENT_ENTRY_BIT(ENTRY_RETURNED) |
               AGENT_ENTRY_BIT(ENTRY_DISPATCHED) | AGENT_ENTRY_BIT(ENTRY_ARRIVED) |
               AGENT_ENTRY_BIT(ENTRY_SENT_BACK) | AGENT_ENTRY_BIT(ENTRY_DISPOSED) |
               AGENT_ENTRY_BIT(ENTRY_COUNTED) | AGENT_ENTRY_BIT(ENTRY_ADJUSTED) |
               AGENT_ENTRY_BIT(ENTRY_RESTATED) | AGENT_ENTRY_BIT(ENTRY_CORRECTED_OUT) |
               AGENT_ENTRY_BIT(ENTRY_CORRECTED_IN) | AGENT_ENTRY_BIT(ENTRY_BOUND),
    .take = take,
    .wake = wake,
    .work = &work,
};
