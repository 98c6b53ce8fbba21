/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "setting.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "event_body.h"
#include "event_type.h"
#include "text.h"
#include "utf8.h"

#define CATEGORY SETTING_BY_CATEGORY
#define TERRITORY SETTING_BY_TERRITORY
#define AGENT SETTING_BY_AGENT
#define PLACES (CATEGORY | TERRITORY)

#define CRORE_PAISE INT64_C(1000000000)
#define RUPEES(n) (INT64_C(100) * (n))

#define AT_SWEEP "every SKU is scored anew at the next sweep, and says which rule it met"
#define AT_PLAN "the next plan is made with it; what is proposed already stands"
#define AT_DECISION "holds for every decision from now on; what is approved already stands"
#define AT_START "holds for what is carried out from now on"
#define AT_DRAFT "the next campaign is drafted with it"
#define AT_CHECK "every movement is checked with it from now on"

/* One row a setting: this table is the manual. */
static const struct setting_row rows[SETTING_COUNT] = {
    [SETTING_DEAD_DAYS] = {"dead.days", SETTING_INT, 1, 3650, 90, "days", PLACES,
                           "Days without outward movement from which a SKU is dead.", AT_SWEEP},
    [SETTING_SLOW_DAYS] = {"dead.slow_days", SETTING_INT, 1, 3650, 45, "days", PLACES,
                           "Days without outward movement from which a SKU is slow-moving.",
                           AT_SWEEP},
    [SETTING_DEAD_HORIZON_DAYS] = {"dead.horizon_days", SETTING_INT, 1, 365, 60, "days", PLACES,
                                   "Days over which no further sale counts as dead.", AT_SWEEP},
    [SETTING_EXPIRY_HORIZON_DAYS] = {"expiry.horizon_days", SETTING_INT, 1, 3650, 90, "days",
                                     PLACES,
                                     "Days before expiry from which nearness raises the score.",
                                     AT_SWEEP},
    [SETTING_GRACE_DAYS] = {"dead.grace_days", SETTING_INT, 0, 365, 30, "days", PLACES,
                            "Days with stock before a new SKU is judged.", AT_SWEEP},
    [SETTING_RISK_PERMILLE] = {"expiry.risk_permille", SETTING_INT, 1, 1000, 200, "permille",
                               PLACES,
                               "Share of a batch that must be at risk before a case is opened.",
                               AT_SWEEP},
    [SETTING_SEASON_DAYS] = {"season.days", SETTING_INT, 0, 180, 45, "days", PLACES,
                             "Days before a season or festival in which its goods are not flagged.",
                             AT_SWEEP},
    [SETTING_ANOMALY_FACTOR_PERMILLE] =
        {"anomaly.factor_permille", SETTING_INT, 1100, 100000, 3000, "permille", PLACES,
         "How many times the usual a figure must be to count as an anomaly.", AT_SWEEP},
    [SETTING_CARRYING_PERMILLE] = {"cost.carrying_permille", SETTING_INT, 0, 1000, 100, "permille",
                                   PLACES, "Cost of keeping stock, of landed cost a year.",
                                   AT_SWEEP},
    [SETTING_OPPORTUNITY_PERMILLE] = {"cost.opportunity_permille", SETTING_INT, 0, 1000, 120,
                                      "permille", PLACES,
                                      "What the money would earn elsewhere, of landed cost a year.",
                                      AT_SWEEP},
    [SETTING_DISPOSAL_PAISE_KG] = {"cost.disposal_paise_kg", SETTING_INT, 0, RUPEES(10000),
                                   RUPEES(6), "paise/kg", PLACES, "Cost of destroying a kilogram.",
                                   AT_SWEEP},
    [SETTING_TRANSPORT_PAISE_KG] =
        {"cost.transport_paise_kg", SETTING_INT, 0, RUPEES(10000), RUPEES(10), "paise/kg", PLACES,
         "Cost of carrying a kilogram to where it is destroyed or returned.", AT_SWEEP},
    [SETTING_RADIUS_KM] = {"transfer.radius_km", SETTING_INT, 1, 4000, 1500, "km", PLACES,
                           "How far goods are moved at most.", AT_PLAN},
    [SETTING_GUARD_DAYS] =
        {"transfer.guard_days", SETTING_INT, 0, 365, 15, "days", PLACES,
         "Days before expiry in which shops refuse goods, where the catalogue does not say.",
         AT_PLAN},
    [SETTING_COOLDOWN_DAYS] =
        {"transfer.cooldown_days", SETTING_INT, 0, 365, 14, "days", PLACES,
         "Days in which a moved lot stays where it is, and its SKU is not moved back.", AT_PLAN},
    [SETTING_LEAST_GAIN_PAISE] = {"transfer.least_gain_paise", SETTING_INT, 0, CRORE_PAISE,
                                  RUPEES(200), "paise", PLACES,
                                  "Least gain over the best other outcome.", AT_PLAN},
    [SETTING_LEAST_GAIN_PERMILLE] =
        {"transfer.least_gain_permille", SETTING_INT, 0, 1000, 20, "permille", PLACES,
         "The same as a share of the goods' value; the greater of both holds.", AT_PLAN},
    [SETTING_WEIGHT_PROXIMITY_PERMILLE] = {"rank.proximity_permille", SETTING_INT, 0, 1000, 250,
                                           "permille", 0,
                                           "Weight of nearness in the ranking of proposals.",
                                           AT_PLAN},
    [SETTING_WEIGHT_VELOCITY_PERMILLE] = {"rank.velocity_permille", SETTING_INT, 0, 1000, 350,
                                          "permille", 0, "Weight of demand at the destination.",
                                          AT_PLAN},
    [SETTING_WEIGHT_URGENCY_PERMILLE] = {"rank.urgency_permille", SETTING_INT, 0, 1000, 400,
                                         "permille", 0, "Weight of the life that is left.",
                                         AT_PLAN},
    [SETTING_PROPOSAL_HOURS] = {"proposal.hours", SETTING_INT, 1, 2160, 72, "hours", 0,
                                "How long a proposal waits for its decision.", AT_PLAN},
    [SETTING_DISPATCH_DAYS] =
        {"transfer.dispatch_days", SETTING_INT, 1, 60, 3, "days", TERRITORY,
         "Days within which the source sends what was approved; then it is called off.", AT_START},
    [SETTING_ARRIVAL_GRACE_DAYS] =
        {"transfer.arrival_grace_days", SETTING_INT, 0, 60, 3, "days", TERRITORY,
         "Days beyond the lane's lead time after which a transfer is overdue.", AT_START},
    [SETTING_GIVE_UP_DAYS] = {"transfer.give_up_days", SETTING_INT, 1, 365, 30, "days", TERRITORY,
                              "Days overdue after which a transfer is closed as it stands.",
                              AT_START},
    [SETTING_FREIGHT_BUDGET_PAISE] = {"transfer.freight_budget_paise", SETTING_INT, 0,
                                      1000 * CRORE_PAISE, 0, "paise", 0,
                                      "What transfers may cost within transfer.budget_days; 0: no "
                                      "limit.",
                                      AT_PLAN},
    [SETTING_GOODS_BUDGET_PAISE] = {"transfer.goods_budget_paise", SETTING_INT, 0,
                                    1000 * CRORE_PAISE, 0, "paise", 0,
                                    "Landed cost of the goods that transfers may put on the road "
                                    "within transfer.budget_days; 0: no limit.",
                                    AT_PLAN},
    [SETTING_BUDGET_DAYS] = {"transfer.budget_days", SETTING_INT, 1, 366, 30, "days", 0,
                             "The span of days, ending now, that budgets hold for.", AT_PLAN},
    [SETTING_LEARNING_ON] = {"learning.on", SETTING_BOOL, 0, 1, 1, "", 0,
                             "Whether outcomes of earlier transfers correct what the next plan "
                             "expects.",
                             AT_PLAN},
    [SETTING_LEARNING_DAYS] = {"learning.days", SETTING_INT, 1, 1000, 180, "days", 0,
                               "How far back outcomes count.", AT_PLAN},
    [SETTING_LEARNING_SALES_DAYS] =
        {"learning.sales_days", SETTING_INT, 1, 365, 45, "days", 0,
         "How long moved goods have to sell before their sales are judged.", AT_PLAN},
    [SETTING_LEARNING_SINCE] = {"learning.since", SETTING_INT, 0, 99991231, 0, "yyyymmdd", 0,
                                "Outcomes before this date are forgotten; 0: none are.", AT_PLAN},
    [SETTING_DISCOUNT_MAX_PERMILLE] = {"campaign.discount_max_permille", SETTING_INT, 0, 950, 400,
                                       "permille", PLACES, "Deepest discount on the usual price.",
                                       AT_DRAFT},
    [SETTING_HOLDOUT_PERMILLE] =
        {"campaign.holdout_permille", SETTING_INT, 0, 500, 100, "permille", 0,
         "Share of fitting outlets that get no offer, so that the lift is measured.", AT_DRAFT},
    [SETTING_CAMPAIGN_DAYS] = {"campaign.days", SETTING_INT, 1, 90, 10, "days", CATEGORY,
                               "How long an offer holds.", AT_DRAFT},
    [SETTING_CONTACTS_WEEK] =
        {"campaign.contacts_week", SETTING_INT, 0, 50, 3, "messages", 0,
         "Messages an outlet gets a week at most, of all campaigns and channels.", AT_START},
    /* What providers ask in India, about, in 2026 (nobody could check it): enter what yours does.
     */
    [SETTING_WHATSAPP_PAISE] = {"message.whatsapp_paise", SETTING_INT, 0, RUPEES(100), 86, "paise",
                                0, "What a marketing message by WhatsApp costs.", AT_START},
    [SETTING_SMS_PAISE] = {"message.sms_paise", SETTING_INT, 0, RUPEES(100), 20, "paise", 0,
                           "What a part of an SMS costs.", AT_START},
    [SETTING_EMAIL_PAISE] = {"message.email_paise", SETTING_INT, 0, RUPEES(100), 2, "paise", 0,
                             "What a mail costs.", AT_START},
    [SETTING_EWAY_LIMIT_PAISE] = {"eway.limit_paise", SETTING_INT, 0, CRORE_PAISE, 0, "paise",
                                  TERRITORY,
                                  "Consignment value over which an e-way bill is needed inside the "
                                  "state; 0: the state's own.",
                                  AT_CHECK},
    [SETTING_MOTOR_VEHICLE] = {"eway.motor_vehicle", SETTING_BOOL, 0, 1, 1, "", TERRITORY,
                               "Whether goods travel by motor vehicle.", AT_CHECK},
    [SETTING_FULL_CREDIT] = {"gst.full_credit", SETTING_BOOL, 0, 1, 1, "", 0,
                             "Whether our registrations take full input credit: then the declared "
                             "value is deemed right.",
                             AT_CHECK},
    [SETTING_COMPLIANCE_STRICT] = {"compliance.strict", SETTING_BOOL, 0, 1, 0, "", PLACES,
                                   "Whether what a person may review is refused instead.",
                                   AT_CHECK},
    [SETTING_AUTONOMY] = {"autonomy.on", SETTING_BOOL, 0, 1, 1, "", PLACES | AGENT,
                          "Whether an agent may act alone within its limits.", AT_DECISION},
    [SETTING_AUTONOMY_VALUE_PAISE] = {"autonomy.value_paise", SETTING_INT, 0, 1000 * CRORE_PAISE,
                                      RUPEES(25000), "paise", PLACES | AGENT,
                                      "Landed cost of the goods up to which an agent acts alone.",
                                      AT_DECISION},
    [SETTING_AUTONOMY_DISCOUNT_PERMILLE] = {"autonomy.discount_permille", SETTING_INT, 0, 1000, 150,
                                            "permille", PLACES | AGENT,
                                            "Discount up to which an agent acts alone.",
                                            AT_DECISION},
    [SETTING_AUTONOMY_UNITS] = {"autonomy.units", SETTING_INT, 0, INT64_C(1000000000000), 2000,
                                "base units", PLACES | AGENT,
                                "Quantity up to which an agent acts alone.", AT_DECISION},
    [SETTING_AUTONOMY_SPEND_DAY_PAISE] = {"autonomy.spend_day_paise", SETTING_INT, 0,
                                          1000 * CRORE_PAISE, RUPEES(10000), "paise", AGENT,
                                          "What an agent may spend alone on one day.", AT_DECISION},
    [SETTING_TWO_APPROVERS_PAISE] =
        {"approval.two_paise", SETTING_INT, 0, 1000 * CRORE_PAISE, RUPEES(200000), "paise",
         PLACES | AGENT, "Landed cost of the goods beyond which two persons must approve.",
         AT_DECISION},
    [SETTING_KILL_SWITCH] = {"kill.switch", SETTING_BOOL, 0, 1, 0, "", AGENT,
                             "Nothing that an agent proposes is carried out, whoever approves.",
                             AT_DECISION},
};

static const struct {
    const char *prefix;
    int bit;
} scopes[] = {{"category:", CATEGORY}, {"territory:", TERRITORY}, {"agent:", AGENT}};

const struct setting_row *setting_row(enum setting_id id)
{
    assert((size_t)id < SETTING_COUNT);
    return &rows[id];
}

int setting_find(const char *name, enum setting_id *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *ret = (enum setting_id)i;
            return 0;
        }
    return -ENOENT;
}

/* ---- values ---- */

static int read_value(const struct setting_row *row, const char *text, int64_t *ret)
{
    if (row->type == SETTING_BOOL) {
        bool yes = strcmp(text, "true") == 0;
        if (!yes && strcmp(text, "false") != 0)
            return -EINVAL;
        *ret = yes;
        return 0;
    }
    int64_t v = 0;
    if (decimal_parse(text, 0, &v) < 0 || v < row->min || v > row->max)
        return -EINVAL;
    *ret = v;
    return 0;
}

static const char *write_value(const struct setting_row *row, int64_t v, char *buf, size_t size)
{
    if (row->type == SETTING_BOOL)
        snprintf(buf, size, "%s", v ? "true" : "false");
    else
        snprintf(buf, size, "%" PRId64, v);
    return buf;
}

/* ---- the book ---- */

struct held {
    enum setting_id id;
    char scope[SETTING_SCOPE_SIZE];
    int64_t value;
};

struct setting_book {
    int64_t version;
    size_t first[SETTING_COUNT + 1]; /* held[first[id]] .. held[first[id + 1] - 1] are of id */
    struct held *held;
    size_t count;
    size_t room;
};

void setting_book_free(struct setting_book *b)
{
    if (!b)
        return;
    free(b->held);
    free(b);
}

static int hold(struct setting_book *b, const struct held *h)
{
    if (b->count == b->room) {
        size_t room = b->room ? 2 * b->room : 32;
        struct held *more = realloc(b->held, room * sizeof(*more));
        if (!more)
            return -ENOMEM;
        b->held = more;
        b->room = room;
    }
    b->held[b->count++] = *h;
    return 0;
}

/* A value that this release does not know, or no longer allows, counts as not set. */
static int take_row(struct setting_book *b, struct sql_query *q)
{
    struct held h;
    if (setting_find(sql_text(q, 0), &h.id) < 0 ||
        text_copy(h.scope, sizeof(h.scope), sql_text(q, 1)) < 0 ||
        read_value(&rows[h.id], sql_text(q, 2), &h.value) < 0)
        return 0;
    return hold(b, &h);
}

static int by_id(const void *a, const void *b)
{
    const struct held *x = a;
    const struct held *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return strcmp(x->scope, y->scope);
}

static int read_version(struct sql *s, int64_t *ret)
{
    AUTO(sql_query) q = sql_query(s, "SELECT count(*) FROM setting");
    int got = sql_step(q);
    if (got < 0)
        return got;
    *ret = sql_int(q, 0);
    return 0;
}

static const char IN_FORCE[] =
    "SELECT name, scope, value FROM setting AS s WHERE version ="
    " (SELECT max(version) FROM setting AS t WHERE t.name = s.name AND t.scope = s.scope)";

int setting_book_read(struct sql *s, struct setting_book **ret)
{
    assert(s && ret);
    AUTO(setting_book) b = calloc(1, sizeof(*b));
    if (!b)
        return -ENOMEM;
    int err = read_version(s, &b->version);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(s, IN_FORCE);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        err = take_row(b, q);
        if (err < 0)
            return err;
    }
    if (got < 0)
        return got;
    if (b->count > 0)
        qsort(b->held, b->count, sizeof(*b->held), by_id);
    for (size_t id = 0, i = 0; id <= SETTING_COUNT; id++) {
        while (i < b->count && (size_t)b->held[i].id < id)
            i++;
        b->first[id] = i;
    }
    *ret = TAKE(b);
    return 0;
}

int64_t setting_version(const struct setting_book *b)
{
    return b ? b->version : 0;
}

/* Whether the scope is "prefix" and that name. */
static bool scope_is(const char *scope, const char *prefix, const char *name)
{
    size_t len = strlen(prefix);
    return strncmp(scope, prefix, len) == 0 && strcmp(scope + len, name) == 0;
}

static bool find_held(const struct setting_book *b, enum setting_id id, const char *prefix,
                      const char *name, int64_t *ret)
{
    for (size_t i = b->first[id]; i < b->first[id + 1]; i++)
        if (scope_is(b->held[i].scope, prefix, name)) {
            *ret = b->held[i].value;
            return true;
        }
    return false;
}

int64_t setting_value(const struct setting_book *b, enum setting_id id,
                      const struct setting_for *whom)
{
    assert((size_t)id < SETTING_COUNT);
    int64_t v = rows[id].preset;
    if (!b || b->first[id] == b->first[id + 1])
        return v;
    const struct {
        const char *prefix;
        const char *name;
    } order[] = {
        {"agent:", whom ? whom->agent : NULL},
        {"territory:", whom ? whom->territory : NULL},
        {"category:", whom ? whom->category : NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (order[i].name && order[i].name[0] &&
            find_held(b, id, order[i].prefix, order[i].name, &v))
            return v;
    find_held(b, id, "", "", &v);
    return v;
}

/* ---- changing ---- */

static int check_scope(const struct setting_row *row, const char *scope, struct diag *reterr)
{
    if (!scope[0])
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        size_t len = strlen(scopes[i].prefix);
        if (strncmp(scope, scopes[i].prefix, len) != 0)
            continue;
        if ((row->scopes & scopes[i].bit) && strlen(scope) < SETTING_SCOPE_SIZE &&
            text_is_code(scope + len))
            return 0;
        diag_set(reterr, 0, "%s cannot be set for \"%s\"", row->name, scope);
        return -EINVAL;
    }
    diag_set(reterr, 0, "scope \"%s\": allowed are \"\", category:, territory: and agent:", scope);
    return -EINVAL;
}

static int check(const struct setting_change *c, enum setting_id *ret_id, int64_t *ret_value,
                 struct diag *reterr)
{
    if (setting_find(c->name, ret_id) < 0) {
        diag_set(reterr, 0, "there is no setting \"%s\"", c->name);
        return -ENOENT;
    }
    const struct setting_row *row = &rows[*ret_id];
    int err = check_scope(row, c->scope, reterr);
    if (err < 0)
        return err;
    if (read_value(row, c->value, ret_value) < 0) {
        if (row->type == SETTING_BOOL)
            diag_set(reterr, 0, "%s = \"%s\": allowed are true and false", row->name, c->value);
        else
            diag_set(reterr, 0, "%s = \"%s\": allowed is %" PRId64 " to %" PRId64 " %s", row->name,
                     c->value, row->min, row->max, row->unit);
        return -EINVAL;
    }
    if (!c->reason || !c->reason[0] || strlen(c->reason) >= SETTING_REASON_SIZE ||
        !utf8_is_clean(c->reason)) {
        diag_set(reterr, 0, "a change needs its reason, of at most %d bytes",
                 SETTING_REASON_SIZE - 1);
        return -EINVAL;
    }
    return 0;
}

/* The newest version in that scope: 0 when it was never set. */
static int read_newest(struct sql *s, const struct setting_change *c, int64_t *ret_version,
                       char *ret_value, size_t size)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT version, value FROM setting WHERE name = $1 AND scope = $2"
                     " ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, c->name);
    sql_bind_text(q, 2, c->scope);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    *ret_version = sql_int(q, 0);
    text_cut(ret_value, size, sql_text(q, 1));
    return 0;
}

static int write_version(struct sql *s, const struct setting_change *c, int64_t version,
                         const char *value)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO setting(name, scope, version, value, made_ms, made_by, reason)"
                     " VALUES($1, $2, $3, $4, $5, $6, $7)");
    sql_bind_text(q, 1, c->name);
    sql_bind_text(q, 2, c->scope);
    sql_bind_int(q, 3, version);
    sql_bind_text(q, 4, value);
    sql_bind_int(q, 5, c->wall_ms);
    sql_bind_text(q, 6, c->by);
    sql_bind_text(q, 7, c->reason);
    return sql_run(q);
}

static int tell(struct sql *s, const struct setting_change *c, const char *before,
                const char *after, const char *effect)
{
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "setting:%s", c->name);
    AUTO(event_body) b = event_body_new();
    event_body_text(b, "where", c->scope);
    event_body_text(b, "device", "");
    event_body_text(b, "why", c->reason);
    event_body_text(b, "before", before);
    event_body_text(b, "after", after);
    event_body_text(b, "effect", effect);
    return event_body_append(b, s,
                             &(struct event_draft){.kind = EVENT_AUDIT,
                                                   .type = EVENT_SETTING_CHANGED,
                                                   .version = 1,
                                                   .actor = c->by,
                                                   .subject = subject,
                                                   .cause = c->cause,
                                                   .trace = "",
                                                   .wall_ms = c->wall_ms},
                             NULL);
}

int setting_change(struct sql *s, const struct setting_change *c, struct diag *reterr)
{
    assert(s && c && c->name && c->scope && c->value && c->by && c->cause);
    enum setting_id id;
    int64_t wanted = 0;
    int err = check(c, &id, &wanted, reterr);
    if (err < 0)
        return err;
    int64_t version = 0;
    char before[SETTING_VALUE_SIZE] = "";
    char after[SETTING_VALUE_SIZE];
    write_value(&rows[id], wanted, after, sizeof(after));
    err = sql_lock(s, "setting");
    if (err == 0)
        err = read_newest(s, c, &version, before, sizeof(before));
    if (err < 0)
        return err;
    if (version > 0 && strcmp(before, after) == 0)
        return 1;
    err = tell(s, c, before, after, rows[id].effect);
    if (err != 0) /* 1: this very request has changed it before */
        return err;
    return write_version(s, c, version + 1, after);
}

/* ---- history ---- */

int setting_history(struct sql *s, const char *name, setting_version_fn on_version, void *context)
{
    assert(s && on_version);
    AUTO(sql_query)
    q = sql_query(s, "SELECT name, scope, version, value, made_ms, made_by, reason FROM setting"
                     " WHERE $1 = '' OR name = $1 ORDER BY name, scope, version DESC");
    sql_bind_text(q, 1, name ? name : "");
    for (;;) {
        int got = sql_step(q);
        if (got <= 0)
            return got;
        struct setting_version_row row = {.version = sql_int(q, 2), .made_ms = sql_int(q, 4)};
        sql_copy(q, 0, row.name, sizeof(row.name));
        sql_copy(q, 1, row.scope, sizeof(row.scope));
        sql_copy(q, 3, row.value, sizeof(row.value));
        sql_copy(q, 5, row.made_by, sizeof(row.made_by));
        sql_copy(q, 6, row.reason, sizeof(row.reason));
        got = on_version(&row, context);
        if (got != 0)
            return got;
    }
}
