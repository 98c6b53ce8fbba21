/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of all settings: see setting.h. */
#include "setting.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

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
#define AT_GRANT "set by the operator of the relay alone; holds at once"
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
    [SETTING_OVERDUE_DAYS] = {"campaign.overdue_days", SETTING_INT, 0, 3650, 30, "days", 0,
                              "Days that an outlet's oldest bill may be overdue, where it is known;"
                              " beyond them it gets no offers.",
                              AT_DRAFT},
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
    [SETTING_QUOTA_DEVICES] = {"quota.devices", SETTING_INT, 0, 1000000, 0, "appliances", 0,
                               "Appliances that may be let in; 0: no limit.", AT_GRANT},
    [SETTING_QUOTA_USERS] = {"quota.users", SETTING_INT, 0, 1000000, 0, "users", 0,
                             "Users that may be active; 0: no limit.", AT_GRANT},
    [SETTING_QUOTA_CAMPAIGNS] = {"quota.campaigns", SETTING_INT, 0, 1000000, 0, "campaigns", 0,
                                 "Campaigns that may run at once; 0: no limit.", AT_GRANT},
    [SETTING_QUOTA_MESSAGES_DAY] =
        {"quota.messages_day", SETTING_INT, 0, 1000000000, 0, "messages", 0,
         "Messages a day, beyond which offers wait for the next; 0: no limit.", AT_GRANT},
    [SETTING_QUOTA_MESSAGES_MONTH] =
        {"quota.messages_month", SETTING_INT, 0, 1000000000, 0, "messages", 0,
         "Messages a month, beyond which offers wait for the next; 0: no limit.", AT_GRANT},
    [SETTING_QUOTA_EXPORTS_DAY] =
        {"quota.exports_day", SETTING_INT, 0, 1000000, 0, "exports", 0,
         "Documents, audit pages and reports that the API hands out a day; 0: no limit.", AT_GRANT},
    [SETTING_QUOTA_ENTRIES] =
        {"quota.entries", SETTING_INT, 0, INT64_C(1000000000000), 0, "entries", 0,
         "Stored entries of journals from which alerts are raised; none is refused; 0: no limit.",
         AT_GRANT},
    [SETTING_QUOTA_ARCHIVE_MB] =
        {"quota.archive_mb", SETTING_INT, 0, 1000000000, 0, "MB", 0,
         "Bytes of stored entries from which alerts are raised; none is refused; 0: no limit.",
         AT_GRANT},
};

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
