/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/setting.h -- a tenant's rules: one table is the manual, with type, range, default
 * and effect of each; a value may be set for the tenant or more narrowly, and every change is a
 * version with its author and reason. Rules are data of their tenant's store: no other tenant's are
 * ever seen. It applies no rule.
 *
 * Which value holds: that of the agent asked for, else of the territory, else of the category, else
 * of the tenant, else the default. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "sql.h"

#define SETTING_NAME_SIZE 49
#define SETTING_SCOPE_SIZE 49 /* "", "category:NAME", "territory:NAME", "agent:NAME" */
#define SETTING_VALUE_SIZE 33
#define SETTING_REASON_SIZE 161

enum setting_id {
    /* Detection. */
    SETTING_DEAD_DAYS,
    SETTING_SLOW_DAYS,
    SETTING_DEAD_HORIZON_DAYS,
    SETTING_EXPIRY_HORIZON_DAYS,
    SETTING_GRACE_DAYS,
    SETTING_RISK_PERMILLE,
    SETTING_SEASON_DAYS,
    SETTING_ANOMALY_FACTOR_PERMILLE,
    /* Costs of keeping stock. */
    SETTING_CARRYING_PERMILLE,
    SETTING_OPPORTUNITY_PERMILLE,
    SETTING_DISPOSAL_PAISE_KG,
    SETTING_TRANSPORT_PAISE_KG,
    /* Reallocation. */
    SETTING_RADIUS_KM,
    SETTING_GUARD_DAYS,
    SETTING_COOLDOWN_DAYS,
    SETTING_LEAST_GAIN_PAISE,
    SETTING_LEAST_GAIN_PERMILLE,
    SETTING_WEIGHT_PROXIMITY_PERMILLE,
    SETTING_WEIGHT_VELOCITY_PERMILLE,
    SETTING_WEIGHT_URGENCY_PERMILLE,
    SETTING_PROPOSAL_HOURS,
    SETTING_DISPATCH_DAYS,
    SETTING_ARRIVAL_GRACE_DAYS,
    SETTING_GIVE_UP_DAYS,
    SETTING_FREIGHT_BUDGET_PAISE,
    SETTING_GOODS_BUDGET_PAISE,
    SETTING_BUDGET_DAYS,
    /* What outcomes teach. */
    SETTING_LEARNING_ON,
    SETTING_LEARNING_DAYS,
    SETTING_LEARNING_SALES_DAYS,
    SETTING_LEARNING_SINCE,
    /* Liquidation. */
    SETTING_DISCOUNT_MAX_PERMILLE,
    SETTING_HOLDOUT_PERMILLE,
    SETTING_CAMPAIGN_DAYS,
    SETTING_CONTACTS_WEEK,
    SETTING_OVERDUE_DAYS,
    SETTING_WHATSAPP_PAISE,
    SETTING_SMS_PAISE,
    SETTING_EMAIL_PAISE,
    /* Tax and movement. */
    SETTING_EWAY_LIMIT_PAISE,
    SETTING_MOTOR_VEHICLE,
    SETTING_FULL_CREDIT,
    SETTING_COMPLIANCE_STRICT,
    /* Who may act alone. */
    SETTING_AUTONOMY,
    SETTING_AUTONOMY_VALUE_PAISE,
    SETTING_AUTONOMY_DISCOUNT_PERMILLE,
    SETTING_AUTONOMY_UNITS,
    SETTING_AUTONOMY_SPEND_DAY_PAISE,
    SETTING_TWO_APPROVERS_PAISE,
    SETTING_KILL_SWITCH,
    /* What the relay's operator grants (quota.h); people of the tenant may read them. */
    SETTING_QUOTA_DEVICES,
    SETTING_QUOTA_USERS,
    SETTING_QUOTA_CAMPAIGNS,
    SETTING_QUOTA_MESSAGES_DAY,
    SETTING_QUOTA_MESSAGES_MONTH,
    SETTING_QUOTA_EXPORTS_DAY,
    SETTING_QUOTA_ENTRIES,
    SETTING_QUOTA_ARCHIVE_MB,
};
#define SETTING_COUNT 58

enum setting_type { SETTING_INT, SETTING_BOOL };

/* Where it may be set besides for the tenant. */
#define SETTING_BY_CATEGORY 1
#define SETTING_BY_TERRITORY 2
#define SETTING_BY_AGENT 4

struct setting_row {
    const char *name; /* "dead.days" ...: what API and console show */
    enum setting_type type;
    int64_t min;
    int64_t max;
    int64_t preset;     /* the default */
    const char *unit;   /* days, paise, permille ... */
    int scopes;         /* SETTING_BY_... */
    const char *help;   /* one sentence with the unit */
    const char *effect; /* what a change leads to, and when */
};

const struct setting_row *setting_row(enum setting_id id);
NODISCARD int setting_find(const char *name, enum setting_id *ret); /* -ENOENT */

/* All values in force, as one state of the data: read once a step. */
struct setting_book;
NODISCARD int setting_book_read(struct sql *s, struct setting_book **ret);
void setting_book_free(struct setting_book *b);
DEFINE_AUTO(setting_book);

/* For whom a value is asked. NULL or "": not known, or of no matter. */
struct setting_for {
    const char *category;
    const char *territory;
    const char *agent;
};

/* With NULL for `whom`: the tenant's. A book of NULL has the defaults. */
int64_t setting_value(const struct setting_book *b, enum setting_id id,
                      const struct setting_for *whom);

/* Rises with every change of any value: what decisions name as their input. 0: all defaults. */
int64_t setting_version(const struct setting_book *b);

/* Sets a value, in the caller's write transaction, and appends SettingChanged with old and new.
 *   1         it has that value in that scope already: nothing was written
 *   -ENOENT   *reterr: no such setting
 *   -EINVAL   *reterr: value, scope or reason is not right, and what is allowed */
struct setting_change {
    const char *name;
    const char *scope;
    const char *value; /* as people write it: "90", "true" */
    const char *by;    /* "user:NAME" */
    const char *reason;
    const char *cause;
    int64_t wall_ms;
};
NODISCARD int setting_change(struct sql *s, const struct setting_change *change,
                             struct diag *reterr);

/* Every version that a setting had, newest first; name NULL: of all, by name, scope and version. */
struct setting_version_row {
    char name[SETTING_NAME_SIZE];
    char scope[SETTING_SCOPE_SIZE];
    int64_t version;
    char value[SETTING_VALUE_SIZE];
    int64_t made_ms;
    char made_by[97];
    char reason[SETTING_REASON_SIZE];
};
typedef int (*setting_version_fn)(const struct setting_version_row *row, void *context);
NODISCARD int setting_history(struct sql *s, const char *name, setting_version_fn on_version,
                              void *context);
