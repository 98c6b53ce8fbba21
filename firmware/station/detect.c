/* SPDX-License-Identifier: Apache-2.0 */
#include "detect.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "detect_state.h"
#include "journal_stock.h"

#define SKUS_DEFAULT 5000
#define BATCHES_DEFAULT 50000
#define DEAD_HORIZON_DAYS 60

struct detect_conf detect_conf_default(void)
{
    return (struct detect_conf){.expiry = expiry_terms_default(),
                                .dead = dead_stock_terms_default(),
                                .rates = financial_impact_rates_default(),
                                .dead_horizon_days = DEAD_HORIZON_DAYS,
                                .crossing_days = {30, 14, 7, 1},
                                .crossings = 4,
                                .skus_max = SKUS_DEFAULT,
                                .batches_max = BATCHES_DEFAULT};
}

void detect_free(struct detect *d)
{
    if (!d)
        return;
    free(d->skus);
    free(d->batches);
    free(d->day_units);
    free(d->day_stocked);
    free(d->series);
    free(d->blocks);
    free(d->scored);
    free(d->risks);
    free(d);
}

static int check_conf(const struct detect_conf *conf, struct diag *reterr)
{
    if (expiry_terms_check(&conf->expiry) < 0) {
        diag_set(reterr, 0, "expiry terms: weights add up to 100, thresholds in order");
        return -EINVAL;
    }
    if (dead_stock_terms_check(&conf->dead) < 0) {
        diag_set(reterr, 0,
                 "dead-stock terms: weights add up to 100, each pair of thresholds in "
                 "order");
        return -EINVAL;
    }
    for (size_t i = 1; i < conf->crossings; i++)
        if (conf->crossing_days[i] >= conf->crossing_days[i - 1]) {
            diag_set(reterr, 0, "days that raise an alert: descending");
            return -EINVAL;
        }
    return 0;
}

static int take_memory(struct detect *d)
{
    d->skus = calloc(d->conf.skus_max, sizeof(*d->skus));
    d->batches = calloc(d->conf.batches_max, sizeof(*d->batches));
    d->day_units = calloc(DETECT_HISTORY_DAYS, sizeof(*d->day_units));
    d->day_stocked = calloc(DETECT_HISTORY_DAYS, sizeof(*d->day_stocked));
    d->series = calloc(DETECT_HISTORY_DAYS, sizeof(*d->series));
    d->blocks = calloc(DETECT_HISTORY_DAYS, sizeof(*d->blocks));
    d->scored = calloc(DETECT_SKU_BATCHES_MAX, sizeof(*d->scored));
    d->risks = calloc(DETECT_SKU_BATCHES_MAX, sizeof(*d->risks));
    if (!d->skus || !d->batches || !d->day_units || !d->day_stocked || !d->series || !d->blocks ||
        !d->scored || !d->risks)
        return -ENOMEM;
    for (uint32_t i = 0; i < d->conf.batches_max; i++)
        d->batches[i].next = i + 1 < d->conf.batches_max ? i + 1 : DETECT_NONE;
    d->free_batch = 0;
    return 0;
}

struct opening {
    struct detect *detect;
    int err;
};

static int open_sku(const char *sku, void *context)
{
    struct opening *o = context;
    struct sku_row *s = NULL;
    int err = detect_row(o->detect, sku, &s);
    if (err == 0)
        err = detect_read_lots(o->detect, s);
    if (err == 0)
        err = detect_recall(o->detect, s);
    o->err = err;
    return err < 0;
}

int detect_open(const struct detect_conf *conf, struct journal *journal, int32_t today,
                struct diag *reterr, struct detect **ret)
{
    assert(conf && conf->skus_max > 0 && conf->batches_max > 0 &&
           conf->crossings <= DETECT_CROSSINGS_MAX && journal && ret);
    int err = check_conf(conf, reterr);
    if (err < 0)
        return err;
    AUTO(detect) d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    d->conf = *conf;
    d->journal = journal;
    d->today = today;
    d->pool = demand_pool_vague();
    d->pool_day = CIVIL_NONE;
    err = take_memory(d);
    if (err < 0)
        return err;

    struct opening o = {.detect = d};
    err = journal_skus(journal, open_sku, &o);
    if (err >= 0 && o.err < 0)
        err = o.err;
    if (err < 0) {
        diag_set(reterr, 0, "stock cannot be read: %s", strerror(-err));
        return err;
    }
    err = detect_fit_pool(d);
    for (uint32_t i = 0; i < d->skus_count && err >= 0; i++) {
        err = detect_fit(d, &d->skus[i]);
        detect_score(d, &d->skus[i]);
    }
    if (err < 0)
        return err;
    d->swept = d->skus_count;
    *ret = TAKE(d);
    return 0;
}

static int compare_sku(const void *a, const void *b)
{
    return strcmp(((const struct sku_row *)a)->sku, ((const struct sku_row *)b)->sku);
}

struct sku_row *detect_find(const struct detect *d, const char *sku)
{
    struct sku_row key;
    if (strlen(sku) >= sizeof(key.sku))
        return NULL;
    strcpy(key.sku, sku);
    return bsearch(&key, d->skus, d->skus_count, sizeof(key), compare_sku);
}

int detect_sku(struct detect *d, const char *sku, const struct journal_time *time)
{
    assert(d && sku && time);
    struct sku_row *s = detect_find(d, sku);
    int err = 0;
    if (!s) {
        err = detect_row(d, sku, &s);
        if (err == 0)
            err = detect_fit(d, s);
    }
    if (err == 0)
        err = detect_read_lots(d, s);
    if (err < 0)
        return err;
    detect_score(d, s);
    return detect_report(d, s, time);
}

uint32_t detect_alerts_raised(struct detect *d)
{
    assert(d);
    uint32_t raised = d->alerts_raised;
    d->alerts_raised = 0;
    return raised;
}

void detect_committed(struct detect *d, bool durable)
{
    assert(d);
    if (durable)
        d->alerts_raised += d->alerts_appended;
    d->alerts_appended = 0;
    for (uint32_t i = 0; i < d->skus_count; i++) {
        struct sku_row *s = &d->skus[i];
        if (!s->touched)
            continue;
        s->touched = false;
        /* What was found is not in the journal: ask it what it knows, and find it again. A journal
         * that cannot be read either leaves the row as it is: the next sweep reads it anew. */
        if (!durable && detect_read_lots(d, s) == 0 && detect_recall(d, s) == 0)
            detect_score(d, s);
    }
}

static bool expiry_alert_stands(const struct detect *d, const struct sku_row *s,
                                const struct entry *alert)
{
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next)
        if (batch_key_equal(&d->batches[b].key, &alert->batch))
            return d->batches[b].units > 0 &&
                   detect_crossing(d, detect_days_left(d, &alert->batch)) == alert->line;
    return false;
}

bool detect_alert_stands(const struct detect *d, const struct entry *alert)
{
    assert(d && alert);
    const struct sku_row *s = detect_find(d, alert->sku);
    if (strcmp(alert->reason, DETECT_ALERT_EXPIRY) == 0)
        return s && expiry_alert_stands(d, s, alert);
    if (strcmp(alert->reason, DETECT_ALERT_DEAD) == 0)
        return s && s->units > 0 && s->state.status == DEAD_STOCK_DEAD;
    return true;
}

const char *detect_action(const struct expiry_risk *risk, enum dead_stock_status status,
                          int64_t blocked_units)
{
    assert(risk);
    if (risk->state == EXPIRY_EXPIRED)
        return "dispose";
    if (risk->state == EXPIRY_REFUSED)
        return "return";
    if (status == DEAD_STOCK_DEAD || risk->score_bucket >= 2)
        return "offer";
    if (risk->score_bucket == 1 || status == DEAD_STOCK_SLOW_MOVING)
        return "sell_first";
    return blocked_units > 0 ? "inspect" : "";
}
