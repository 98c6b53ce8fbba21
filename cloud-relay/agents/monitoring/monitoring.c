/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monitoring.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "alert.h"
#include "anomaly.h"
#include "books.h"
#include "civil.h"
#include "domain_event.h"
#include "quota_watch.h"
#include "stock_effect.h"
#include "text.h"
#include "urgency.h"

#define AGENT "monitoring"
#define ACTOR "agent:monitoring"
#define HOUR_MS INT64_C(3600000)

/* ---- stock ---- */

/* Adds to the told balance of the entry's batch, and says what it is then. */
static int add_balance(struct sql *s, const struct agent_item *item, int64_t change, int64_t *ret)
{
    const struct entry *e = item->entry;
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO told_balance(site, sku, batch, expiry_day, mrp_paise, qty)"
                     " VALUES($1, $2, $3, $4, $5, $6)"
                     " ON CONFLICT(tenant, site, sku, batch, expiry_day, mrp_paise)"
                     " DO UPDATE SET qty = told_balance.qty + excluded.qty RETURNING qty");
    sql_bind_text(q, 1, item->site);
    sql_bind_text(q, 2, e->sku);
    sql_bind_text(q, 3, e->batch.number);
    sql_bind_int(q, 4, e->batch.expiry_day);
    sql_bind_int(q, 5, e->batch.mrp_paise);
    sql_bind_int(q, 6, change);
    int got = sql_step(q);
    if (got <= 0)
        return got < 0 ? got : -EIO;
    *ret = sql_int(q, 0);
    return sql_run(q);
}

static int tell_stock(struct agent_step *step, const struct agent_item *item, int64_t change,
                      int64_t balance)
{
    const struct entry *e = item->entry;
    const struct site *site = catalogue_index_site(step->catalogue, item->site);
    struct domain_event event = {.type = DOMAIN_INVENTORY_UPDATED};
    struct inventory_updated *u = &event.inventory_updated;
    memcpy(u->sku, e->sku, sizeof(e->sku));
    memcpy(u->batch, e->batch.number, sizeof(e->batch.number));
    text_cut(u->territory, sizeof(u->territory), site ? site->territory : item->site);
    u->change = change;
    u->balance = balance;
    text_cut(u->cause, sizeof(u->cause), entry_kind_name(e->kind));
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "sku:%s:%s", item->site, e->sku);
    struct domain_event_origin origin = {.actor = ACTOR,
                                         .subject = subject,
                                         .cause = item->cause,
                                         .trace = item->cause,
                                         .wall_ms = step->now_ms};
    int err = domain_event_append(step->s, &event, &origin, NULL);
    return err < 0 ? err : 0;
}

/* ---- alerts ---- */

static int raise(struct agent_step *step, const struct agent_item *item, const char *type,
                 enum alert_severity severity, const char *occasion, const char *message,
                 const char *action)
{
    char id[ALERT_ID_SIZE];
    snprintf(id, sizeof(id), "%s:%s:%s:%s", type, item->site, item->entry->sku, occasion);
    struct alert alert = {.id = id,
                          .type = type,
                          .severity = severity,
                          .site = item->site,
                          .sku = item->entry->sku,
                          .message = message,
                          .action = action,
                          .cause = item->cause,
                          .trace = item->cause,
                          .at_ms = step->now_ms};
    int err = alert_raise(step->s, &alert, ACTOR);
    return err < 0 ? err : 0;
}

static int judge_balance(struct agent_step *step, const struct agent_item *item, int64_t balance)
{
    if (balance >= 0)
        return 0;
    char message[ALERT_TEXT_SIZE];
    char occasion[32];
    snprintf(message, sizeof(message), "The books of %s say %" PRId64 " of batch %s.", item->site,
             balance, item->entry->batch.number);
    snprintf(occasion, sizeof(occasion), "%" PRId32, civil_ist_day(item->entry->wall_ms));
    return raise(step, item, "negative_stock", ALERT_HIGH, occasion, message,
                 "Count the bin: something was taken that was never booked in.");
}

/* What was sold of the SKU at the site on the entry's day, by the entries that are here. */
static int sold_on(struct sql *s, const struct agent_item *item, int32_t day, int64_t *ret_units,
                   int64_t *ret_rate_milli)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT d.units, coalesce(k.rate_milli, -1) FROM demand d"
                     " LEFT JOIN sku_score k ON k.site = d.site AND k.sku = d.sku"
                     " WHERE d.site = $1 AND d.sku = $2 AND d.day = $3");
    sql_bind_text(q, 1, item->site);
    sql_bind_text(q, 2, item->entry->sku);
    sql_bind_int(q, 3, day);
    int got = sql_step(q);
    *ret_units = got > 0 ? sql_int(q, 0) : 0;
    *ret_rate_milli = got > 0 ? sql_int(q, 1) : -1;
    return got < 0 ? got : 0;
}

static int judge_velocity(struct agent_step *step, const struct agent_item *item, int64_t factor)
{
    int32_t day = civil_ist_day(item->entry->wall_ms);
    int64_t units = 0;
    int64_t rate = 0;
    int err = sold_on(step->s, item, day, &units, &rate);
    if (err < 0 || rate < 0 || !anomaly_velocity(units, rate, factor))
        return err;
    char message[ALERT_TEXT_SIZE];
    char occasion[32];
    snprintf(message, sizeof(message),
             "%" PRId64 " were sold today, against %" PRId64 ".%" PRId64 " on a usual day.", units,
             rate / 1000, rate % 1000 / 100);
    snprintf(occasion, sizeof(occasion), "%" PRId32, day);
    return raise(step, item, "velocity_jump", ALERT_LOW, occasion, message,
                 "Check whether a quantity was mistyped; if it is real, order earlier.");
}

static int judge_price(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    const struct catalogue_sku *facts = catalogue_index_sku(step->catalogue, e->sku);
    if (!facts || !anomaly_price(e->batch.mrp_paise, facts->mrp_paise))
        return 0;
    char message[ALERT_TEXT_SIZE];
    snprintf(message, sizeof(message),
             "Batch %s came with an MRP of %" PRId64 ".%02" PRId64 "; the catalogue says %" PRId64
             ".%02" PRId64 ".",
             e->batch.number, e->batch.mrp_paise / 100, e->batch.mrp_paise % 100,
             facts->mrp_paise / 100, facts->mrp_paise % 100);
    return raise(step, item, "price_outlier", ALERT_MEDIUM, e->batch.number, message,
                 "Read the pack again; correct the batch, or the catalogue.");
}

/* Counts the hour's entries of whoever made this one. */
static int judge_pace(struct agent_step *step, const struct agent_item *item, int64_t factor)
{
    const struct entry *e = item->entry;
    int64_t hour = e->wall_ms / HOUR_MS;
    if (e->worker[0] == '\0')
        return 0;
    int64_t entries = 0;
    {
        AUTO(sql_query)
        q = sql_query(step->s, "INSERT INTO pace(site, worker, hour, entries) VALUES($1, $2, $3, 1)"
                               " ON CONFLICT(tenant, site, worker, hour)"
                               " DO UPDATE SET entries = pace.entries + 1 RETURNING entries");
        sql_bind_text(q, 1, item->site);
        sql_bind_text(q, 2, e->worker);
        sql_bind_int(q, 3, hour);
        int got = sql_step(q);
        entries = got > 0 ? sql_int(q, 0) : 0;
        int err = got < 0 ? got : sql_run(q);
        if (err < 0 || entries < ANOMALY_SURGE_LEAST)
            return err;
    }
    AUTO(sql_query)
    mean = sql_query(step->s, "SELECT CAST(coalesce(sum(entries) * 1000 / count(*), 0) AS BIGINT),"
                              " count(*) FROM pace"
                              " WHERE site = $1 AND worker = $2 AND hour < $3 AND hour > $4");
    sql_bind_text(mean, 1, item->site);
    sql_bind_text(mean, 2, e->worker);
    sql_bind_int(mean, 3, hour);
    sql_bind_int(mean, 4, hour - INT64_C(24) * 60);
    int got = sql_step(mean);
    if (got <= 0 || sql_int(mean, 1) < 8 || !anomaly_surge(entries, sql_int(mean, 0), factor))
        return got < 0 ? got : 0;
    char message[ALERT_TEXT_SIZE];
    char occasion[48];
    snprintf(message, sizeof(message),
             "%s made %" PRId64 " entries in an hour, %" PRId64 " on average.", e->worker, entries,
             sql_int(mean, 0) / 1000);
    snprintf(occasion, sizeof(occasion), "%s:%" PRId64, e->worker, hour);
    return raise(step, item, "scan_surge", ALERT_MEDIUM, occasion, message,
                 "See whether somebody scans with that badge who should not.");
}

/* An alert of the appliance's own: it was said on the floor, and the office hears it too. */
static int pass_on(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    char message[ALERT_TEXT_SIZE];
    char occasion[64];
    if (strcmp(e->reason, "disk") == 0) {
        snprintf(message, sizeof(message), "The disk of %s is %" PRId32 " %% full.", item->device,
                 e->line);
        snprintf(occasion, sizeof(occasion), "%s:%" PRId64, item->device, e->seq);
        return raise(step, item, e->reason, ALERT_HIGH, occasion, message,
                     "Let it reach the relay and make a backup there: what is safe it may delete.");
    }
    snprintf(message, sizeof(message), "%s: %" PRId64 " of batch %s, %" PRId32 " days to go.",
             e->reason, e->qty, e->batch.number, e->line);
    snprintf(occasion, sizeof(occasion), "%s:%" PRId32, e->batch.number, e->line);
    enum alert_severity severity = e->line > 0 && e->line <= 7 ? ALERT_HIGH : ALERT_MEDIUM;
    return raise(step, item, e->reason, severity, occasion, message,
                 "Sell it first, offer it, or let the relay find where it sells.");
}

/* A document that went down and did not take effect: whoever made it does not know. */
static int tell_refusal(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    char message[ALERT_TEXT_SIZE];
    char occasion[96];
    snprintf(message, sizeof(message), "%s did not take %s %" PRId32 ": %s", item->device,
             e->document, e->line, e->note);
    snprintf(occasion, sizeof(occasion), "%s:%s:%" PRId32, item->device, e->document, e->line);
    return raise(step, item, "document_refused", ALERT_HIGH, occasion, message,
                 "Mend it and publish it again; the version before it stays in force.");
}

/* A person took goods out of sale. Once a batch, state and day, however many bins it lay in. */
static int tell_blocked(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    bool recall = strcmp(e->reason, "recall") == 0;
    char message[ALERT_TEXT_SIZE];
    char occasion[64];
    snprintf(message, sizeof(message), "%s set %" PRId64 " of batch %s to %s: %s.", item->site,
             e->qty, e->batch.number[0] ? e->batch.number : "-",
             stock_status_name((enum stock_status)e->status_to), e->reason);
    snprintf(occasion, sizeof(occasion), "%s:%" PRId32 ":%" PRId32 ":%" PRId32, e->batch.number,
             e->batch.expiry_day, e->status_to, civil_ist_day(e->wall_ms));
    return raise(step, item, "lot_blocked", recall ? ALERT_HIGH : ALERT_MEDIUM, occasion, message,
                 "See whether other sites have the batch; release it, send it back or destroy it.");
}

/* What one entry says by itself to a person, also ahead of its turn: by ids that follow from it, so
 * that it is said once (contract/urgency.h). */
static int tell_people(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    if (entry_urgency(e) != ENTRY_EARLY)
        return 0;
    if (e->kind == ENTRY_ALERTED)
        return pass_on(step, item);
    if (e->kind == ENTRY_REFUSED)
        return tell_refusal(step, item);
    return tell_blocked(step, item);
}

/* A new epoch begins with an opening of its own: what the old one held is not there any more. */
static int begin_anew(struct sql *s, const struct agent_item *item)
{
    AUTO(sql_query) q = sql_query(s, "DELETE FROM told_balance WHERE site = $1");
    sql_bind_text(q, 1, item->site);
    return sql_run(q);
}

/* ---- what it consumes ---- */

static int take(struct agent_step *step, const struct agent_item *item)
{
    const struct entry *e = item->entry;
    if (item->early)
        return tell_people(step, item);
    if (e->kind == ENTRY_OPENED)
        return begin_anew(step->s, item);
    struct setting_for whom = {.agent = AGENT};
    int64_t factor = setting_value(step->settings, SETTING_ANOMALY_FACTOR_PERMILLE, &whom);
    int err = judge_pace(step, item, factor);
    if (err < 0)
        return err;
    err = tell_people(step, item);
    if (err < 0)
        return err;
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    int64_t change = 0;
    for (size_t i = 0; i < n; i++)
        change += effects[i].delta;
    if (change == 0)
        return 0; /* moved within the house */
    int64_t balance = 0;
    err = add_balance(step->s, item, change, &balance);
    if (err == 0)
        err = tell_stock(step, item, change, balance);
    if (err == 0)
        err = judge_balance(step, item, balance);
    if (err == 0 && e->kind == ENTRY_PICKED)
        err = judge_velocity(step, item, factor);
    if (err == 0 && e->kind == ENTRY_RECEIVED)
        err = judge_price(step, item);
    return err;
}

static int wake(struct agent_step *step)
{
    int err = books_watch(step);
    return err < 0 ? err : quota_watch(step);
}

#define EARLY_KINDS                                                                                \
    (AGENT_ENTRY_BIT(ENTRY_ALERTED) | AGENT_ENTRY_BIT(ENTRY_REFUSED) |                             \
     AGENT_ENTRY_BIT(ENTRY_RESTATED))

const struct agent agent_monitoring = {
    .name = AGENT,
    .duty = "Tells every change of stock, watches that none is lost in the books, and raises alerts"
            " for what is out of the ordinary.",
    .period_ms = HOUR_MS,
    .entries = AGENT_ENTRY_BIT(ENTRY_OPENED) | AGENT_ENTRY_BIT(ENTRY_OPENING) |
               AGENT_ENTRY_BIT(ENTRY_RECEIVED) | AGENT_ENTRY_BIT(ENTRY_MOVED) |
               AGENT_ENTRY_BIT(ENTRY_PICKED) | AGENT_ENTRY_BIT(ENTRY_RETURNED) |
               AGENT_ENTRY_BIT(ENTRY_DISPATCHED) | AGENT_ENTRY_BIT(ENTRY_ARRIVED) |
               AGENT_ENTRY_BIT(ENTRY_SENT_BACK) | AGENT_ENTRY_BIT(ENTRY_DISPOSED) |
               AGENT_ENTRY_BIT(ENTRY_COUNTED) | AGENT_ENTRY_BIT(ENTRY_ADJUSTED) |
               AGENT_ENTRY_BIT(ENTRY_CORRECTED_OUT) | AGENT_ENTRY_BIT(ENTRY_CORRECTED_IN) |
               EARLY_KINDS,
    .early = EARLY_KINDS,
    .take = take,
    .wake = wake,
};
