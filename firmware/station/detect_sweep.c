/* SPDX-License-Identifier: Apache-2.0 */
/* The day's sweep, and what findings become: entries, each once. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "detect_state.h"
#include "journal_stock.h"

#define POOL_HORIZON_DAYS 28

void detect_begin_day(struct detect *d, int32_t today)
{
    assert(d);
    d->today = today;
    d->swept = 0;
}

int detect_fit_pool(struct detect *d)
{
    uint32_t n = d->skus_count < DETECT_POOL_SKUS_MAX ? d->skus_count : DETECT_POOL_SKUS_MAX;
    if (n == 0)
        return 0;
    struct demand_series *series = calloc(n, sizeof(*series));
    double *values = calloc((size_t)n * DETECT_HISTORY_DAYS, sizeof(*values));
    struct demand_pool_work work = {
        .items = calloc(n, sizeof(*work.items)),
        .histories = calloc(n, sizeof(*work.histories)),
        .points = calloc(n, sizeof(*work.points)),
        .examples = calloc((size_t)n * DEMAND_POOL_ORIGINS, sizeof(*work.examples)),
        .blocks = d->blocks};
    int err = series && values && work.items && work.histories && work.points && work.examples
                  ? 0
                  : -ENOMEM;
    for (uint32_t i = 0; i < n && err >= 0; i++) {
        /* Evenly over all, so that the pool does not learn from the first letters alone. */
        const struct sku_row *s = &d->skus[(uint64_t)i * d->skus_count / n];
        err = detect_history(d, s->sku);
        if (err < 0)
            break;
        double *y = values + (size_t)i * DETECT_HISTORY_DAYS;
        memcpy(y, d->series, (size_t)err * sizeof(*y));
        series[i] = (struct demand_series){.y = y, .n = (uint32_t)err};
    }
    if (err >= 0) {
        d->pool = demand_pool_fit(series, n, POOL_HORIZON_DAYS, &work);
        d->pool_day = d->today;
        err = 0;
    }
    free(series);
    free(values);
    free(work.items);
    free(work.histories);
    free(work.points);
    free(work.examples);
    return err;
}

static int append(struct detect *d, struct sku_row *s, const struct journal_time *time,
                  struct entry *e)
{
    int64_t seq = 0;
    struct diag why = {0};
    int err = journal_append(d->journal, time, e, 1, &why, &seq);
    if (err == 0) {
        s->touched = true;
        d->alerts_appended += e->kind == ENTRY_ALERTED;
    }
    return err;
}

static struct entry batch_entry(enum entry_kind kind, const struct sku_row *s,
                                const struct batch_row *b)
{
    struct entry e = entry_new(kind);
    strcpy(e.sku, s->sku);
    e.batch = b->key;
    e.score = b->risk.score;
    e.risk_units = b->risk.at_risk_units;
    e.risk_paise = b->risk.total_paise;
    return e;
}

/* A batch is flagged when its score reaches the first threshold with stock on hand, and cleared
 * when it sold out or fell below half of that threshold: a score on the edge is not told every day.
 */
static int report_batch(struct detect *d, struct sku_row *s, struct batch_row *b,
                        const struct journal_time *time)
{
    uint8_t threshold = d->conf.expiry.score_thresholds > 0 ? d->conf.expiry.score_threshold[0] : 1;
    bool rises = b->units > 0 && b->risk.score >= threshold;
    bool falls = b->units <= 0 || b->risk.score < threshold / 2;
    if (b->flagged ? !falls : !rises)
        return 0;
    struct entry e = batch_entry(ENTRY_FLAGGED, s, b);
    strcpy(e.reason, b->flagged ? "cleared" : "at_risk");
    e.qty = b->units > 0 ? b->units : 0;
    e.value_paise = b->landed_paise;
    int err = append(d, s, time, &e);
    if (err == 0)
        b->flagged = !b->flagged;
    return err;
}

int32_t detect_crossing(const struct detect *d, int32_t days)
{
    int32_t crossed = -1;
    for (size_t i = 0; i < d->conf.crossings && days >= 0; i++)
        if (days <= d->conf.crossing_days[i])
            crossed = d->conf.crossing_days[i];
    return crossed;
}

/* Only stock that is there raises an alert, once for each threshold that it crosses. */
static int alert_batch(struct detect *d, struct sku_row *s, const struct batch_row *b,
                       const struct journal_time *time)
{
    int32_t crossed = detect_crossing(d, detect_days_left(d, &b->key));
    if (b->units <= 0 || crossed < 0)
        return 0;
    int raised = journal_alerted(d->journal, DETECT_ALERT_EXPIRY, s->sku, &b->key, crossed);
    if (raised != 0)
        return raised < 0 ? raised : 0;
    struct entry e = batch_entry(ENTRY_ALERTED, s, b);
    strcpy(e.reason, DETECT_ALERT_EXPIRY);
    e.line = crossed;
    e.qty = b->units;
    return append(d, s, time, &e);
}

struct expired {
    struct journal_lot lots[JOURNAL_UNIT_MAX];
    size_t count;
    int32_t today;
};

static int pick_expired(const struct journal_lot *lot, void *context)
{
    struct expired *x = context;
    if (lot->status == STOCK_SELLABLE && lot->qty > 0 && lot->batch.key.expiry_day != CIVIL_NONE &&
        lot->batch.key.expiry_day < x->today)
        x->lots[x->count++] = *lot;
    return x->count == JOURNAL_UNIT_MAX; /* the rest on the next sweep */
}

/* Food Safety and Standards Act section 27(2): nothing is sold or moved for sale after its day. */
static int set_expired_apart(struct detect *d, struct sku_row *s, const struct journal_time *time)
{
    struct expired x = {.today = d->today};
    int err = journal_lots(d->journal, s->sku, pick_expired, &x);
    for (size_t i = 0; i < x.count && err >= 0; i++) {
        struct entry e = entry_new(ENTRY_RESTATED);
        strcpy(e.sku, s->sku);
        e.batch = x.lots[i].batch.key;
        strcpy(e.bin, x.lots[i].bin);
        e.qty = x.lots[i].qty;
        e.status = STOCK_SELLABLE;
        e.status_to = STOCK_EXPIRED;
        strcpy(e.reason, "expired");
        err = append(d, s, time, &e);
    }
    return err < 0 ? err : 0;
}

static int report_sku(struct detect *d, struct sku_row *s, const struct journal_time *time)
{
    struct dead_stock_facts facts = {.on_hand_units = s->units,
                                     .movement = s->movement,
                                     .no_sale_permille = s->no_sale_permille};
    struct dead_stock_step step = dead_stock_next(s->state, &facts, &d->conf.dead);
    if (step.state.status == s->state.status && step.state.in_episode == s->state.in_episode)
        return 0;
    struct entry e = entry_new(ENTRY_FLAGGED);
    strcpy(e.sku, s->sku);
    strcpy(e.reason, dead_stock_status_name(step.state.status));
    e.amount = step.state.in_episode;
    e.score = s->dead.score;
    e.qty = s->units > 0 ? s->units : 0;
    e.value_paise = s->landed_paise;
    int err = append(d, s, time, &e);
    if (err == 0 && step.event == DEAD_STOCK_DETECTED) {
        struct entry alert = entry_new(ENTRY_ALERTED);
        strcpy(alert.sku, s->sku);
        strcpy(alert.reason, DETECT_ALERT_DEAD);
        alert.qty = e.qty;
        alert.score = e.score;
        err = append(d, s, time, &alert);
    }
    if (err < 0)
        return err;
    s->state = step.state;
    detect_score(d, s); /* the impact follows the status */
    return 0;
}

int detect_report(struct detect *d, struct sku_row *s, const struct journal_time *time)
{
    int err = report_sku(d, s, time);
    for (uint32_t b = s->first; b != DETECT_NONE && err == 0; b = d->batches[b].next) {
        err = report_batch(d, s, &d->batches[b], time);
        if (err == 0)
            err = alert_batch(d, s, &d->batches[b], time);
    }
    return err;
}

int detect_recall(struct detect *d, struct sku_row *s)
{
    struct entry last;
    int found = journal_flag(d->journal, s->sku, NULL, &last);
    if (found < 0)
        return found;
    s->state = (struct dead_stock_state){.status = DEAD_STOCK_ACTIVE};
    for (int i = 0; found > 0 && i <= DEAD_STOCK_LIQUIDATING; i++)
        if (strcmp(last.reason, dead_stock_status_name((enum dead_stock_status)i)) == 0)
            s->state = (struct dead_stock_state){.status = (enum dead_stock_status)i,
                                                 .in_episode = last.amount != 0};
    for (uint32_t b = s->first; b != DETECT_NONE; b = d->batches[b].next) {
        found = journal_flag(d->journal, s->sku, &d->batches[b].key, &last);
        if (found < 0)
            return found;
        d->batches[b].flagged = found > 0 && strcmp(last.reason, "at_risk") == 0;
    }
    return 0;
}

static int sweep_sku(struct detect *d, struct sku_row *s, const struct journal_time *time)
{
    int err = detect_read_facts(d, s);
    if (err == 0 && time->trust > CLOCK_TRUST_DOUBTFUL)
        err = set_expired_apart(d, s, time);
    if (err == 0)
        err = detect_fit(d, s);
    if (err == 0)
        err = detect_read_lots(d, s);
    if (err < 0)
        return err;
    detect_score(d, s);
    return detect_report(d, s, time);
}

int detect_step(struct detect *d, const struct journal_time *time, uint32_t n)
{
    assert(d && time);
    if (d->swept == 0 && d->skus_count > 0 &&
        (d->pool_day == CIVIL_NONE || d->today - d->pool_day >= DETECT_POOL_DAYS)) {
        int err = detect_fit_pool(d);
        if (err < 0)
            return err;
    }
    for (; n > 0 && d->swept < d->skus_count; n--) {
        int err = sweep_sku(d, &d->skus[d->swept], time);
        if (err < 0)
            return err;
        d->swept++;
    }
    return (int)(d->skus_count - d->swept);
}
