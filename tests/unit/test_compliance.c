/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "compliance.h"
#include "gstin.h"

#define DAY 20800 /* 2026-12-13 */

static struct compliance_input sound(void)
{
    return (struct compliance_input){.movement = MOVEMENT_TRANSFER,
                                     .from_gstin = "27AAPFU0939F1ZV",
                                     .to_gstin = "27AAPFU0939F1ZV",
                                     .from_pincode = "411001",
                                     .to_pincode = "422001",
                                     .hsn = "19053100",
                                     .day = DAY,
                                     .km = 210,
                                     .lead_days = 1,
                                     .expiry_day = DAY + 90,
                                     .made_day = CIVIL_NONE,
                                     .life_days = 180,
                                     .arrival_days = 30,
                                     .units = 40,
                                     .sellable_units = 100,
                                     .value_paise = 32000,
                                     .cost_paise = 32000,
                                     .market_paise = 36000,
                                     .motor_vehicle = true,
                                     .full_credit = true};
}

static void none(struct compliance_input *in)
{
    (void)in;
}
static void other_state(struct compliance_input *in)
{
    strcpy(in->to_gstin, "07AAPFU0939F1ZX");
    strcpy(in->to_pincode, "110020");
    in->km = 1420;
    in->lead_days = 5;
}
static void valuable(struct compliance_input *in)
{
    in->value_paise = 8000000;
}
static void other_state_valuable(struct compliance_input *in)
{
    other_state(in);
    valuable(in);
}
static void slow(struct compliance_input *in)
{
    other_state_valuable(in);
    in->lead_days = 9;
}
static void unknown_km(struct compliance_input *in)
{
    other_state_valuable(in);
    in->km = 0;
}
static void no_pin(struct compliance_input *in)
{
    other_state_valuable(in);
    in->to_pincode[0] = '\0';
}
static void wrong_pin(struct compliance_input *in)
{
    other_state_valuable(in);
    strcpy(in->to_pincode, "560001");
}
static void expired(struct compliance_input *in)
{
    in->expiry_day = DAY - 1;
}
static void expires_on_arrival(struct compliance_input *in)
{
    in->expiry_day = DAY + 1;
}
static void short_there(struct compliance_input *in)
{
    in->expiry_day = DAY + 30;
}
static void just_enough(struct compliance_input *in)
{
    in->expiry_day = DAY + 31;
}
static void undated(struct compliance_input *in)
{
    in->expiry_day = CIVIL_NONE;
}
static void held(struct compliance_input *in)
{
    in->sellable_units = 0;
    in->held_units = 100;
}
static void fewer(struct compliance_input *in)
{
    in->sellable_units = 39;
}
static void offered_to_nobody_yet(struct compliance_input *in)
{
    in->movement = MOVEMENT_SALE;
    in->to_gstin[0] = '\0';
}
static void no_hsn(struct compliance_input *in)
{
    in->hsn[0] = '\0';
}
static void strange_hsn(struct compliance_input *in)
{
    other_state(in);
    strcpy(in->hsn, "9999");
}
static void no_gstin(struct compliance_input *in)
{
    in->to_gstin[0] = '\0';
}
static void bad_gstin(struct compliance_input *in)
{
    in->from_gstin[14] = 'A';
}
static void strict(struct compliance_input *in)
{
    no_hsn(in);
    in->strict = true;
}
static void undervalued(struct compliance_input *in)
{
    other_state(in);
    in->full_credit = false;
}
static void at_market(struct compliance_input *in)
{
    undervalued(in);
    in->value_paise = in->market_paise;
}
static void write_off_expired(struct compliance_input *in)
{
    expired(in);
    held(in);
    in->movement = MOVEMENT_DISPOSAL;
    in->to_gstin[0] = '\0';
}

/* To another state's supplier, by terms that permit it. */
static void goes_back(struct compliance_input *in)
{
    in->movement = MOVEMENT_SUPPLIER_RETURN;
    strcpy(in->to_gstin, "07AAPFU0939F1ZX");
    in->back = (struct compliance_return){.known = true,
                                          .returnable = true,
                                          .in_window = true,
                                          .quota_units = 40,
                                          .quota_paise = 32000,
                                          .landed_paise = 32000,
                                          .claim_paise = 20000,
                                          .least_claim_paise = 20000,
                                          .bought_day = DAY - 60};
}
static void goes_back_expired(struct compliance_input *in)
{
    goes_back(in);
    expired(in);
    held(in);
}
static void goes_back_invoiced(struct compliance_input *in)
{
    goes_back(in);
    in->back.supplied = true;
}
static void goes_back_somehow(struct compliance_input *in)
{
    goes_back(in);
    in->back = (struct compliance_return){.bought_day = CIVIL_NONE};
}
static void goes_back_never(struct compliance_input *in)
{
    goes_back(in);
    in->back.returnable = in->back.in_window = false;
}
static void goes_back_late(struct compliance_input *in)
{
    goes_back(in);
    in->back.in_window = false;
}
static void goes_back_in_number(struct compliance_input *in)
{
    goes_back(in);
    in->back.quota_units = 39;
}
static void goes_back_in_value(struct compliance_input *in)
{
    goes_back(in);
    in->back.quota_paise = 31999;
}
static void goes_back_alone(struct compliance_input *in)
{
    goes_back(in);
    in->back.claim_paise = 19999;
}
static void goes_back_old(struct compliance_input *in)
{
    goes_back(in);
    in->back.bought_day = DAY - 260; /* of the year that ended in March: until 30 November */
}

static void together_over_the_limit(struct compliance_input *in)
{
    other_state(in);
    in->value_paise = 3000000;
    in->beside_paise = 1800000; /* 48,000 rupees, and their tax of 5 % */
    in->beside_tax_paise = 90000;
}
static void together_at_the_limit(struct compliance_input *in)
{
    together_over_the_limit(in);
    in->value_paise = 2960000;
    in->beside_tax_paise = 92000;
}
struct row {
    const char *name;
    void (*change)(struct compliance_input *in);
    const char *text;
    const char *document;
    bool eway;
};

static struct row rows[] = {
    {"within one registration goods move on a challan", none, "compliant", "DELIVERY_CHALLAN",
     false},
    {"between registrations of one person on a tax invoice", other_state, "compliant",
     "TAX_INVOICE", false},
    {"over fifty thousand rupees between states an e-way bill", other_state_valuable, "compliant",
     "TAX_INVOICE", true},
    {"the bill must live as long as the way takes", slow, "requires_review:eway_validity",
     "TAX_INVOICE", true},
    {"a bill needs a distance", unknown_km, "requires_review:distance", "TAX_INVOICE", true},
    {"a bill needs both PIN codes", no_pin, "requires_review:pincode", "TAX_INVOICE", true},
    {"a PIN code lies in its state", wrong_pin, "requires_review:pincode", "TAX_INVOICE", true},
    {"what goes together needs a bill together", together_over_the_limit, "compliant",
     "TAX_INVOICE", true},
    {"the limit itself is not over it, together either", together_at_the_limit, "compliant",
     "TAX_INVOICE", false},
    {"expired goods do not move", expired, "blocked:expired", "DELIVERY_CHALLAN", false},
    {"goods that expire on the way do not leave", expires_on_arrival, "blocked:expires_on_way",
     "DELIVERY_CHALLAN", false},
    {"shops there would refuse them", short_there, "requires_review:short_on_arrival",
     "DELIVERY_CHALLAN", false},
    {"exactly enough life is enough", just_enough, "compliant", "DELIVERY_CHALLAN", false},
    {"a date is needed", undated, "requires_review:expiry_missing", "DELIVERY_CHALLAN", false},
    {"goods on hold do not move", held, "blocked:on_hold", "DELIVERY_CHALLAN", false},
    {"not more than lies there", fewer, "blocked:not_enough", "DELIVERY_CHALLAN", false},
    {"no document without an HSN code", no_hsn, "requires_review:hsn_missing", "DELIVERY_CHALLAN",
     false},
    {"a rate is never assumed", strange_hsn, "requires_review:rate_unknown", "TAX_INVOICE", false},
    {"an offer needs no buyer's GSTIN", offered_to_nobody_yet, "compliant", NULL, false},
    {"both GSTINs are known", no_gstin, "requires_review:to_gstin", NULL, false},
    {"a GSTIN has its check character", bad_gstin, "requires_review:from_gstin", NULL, false},
    {"a strict tenant blocks what others review", strict, "blocked:hsn_missing", "DELIVERY_CHALLAN",
     false},
    {"without full credit cost is no value", undervalued, "requires_review:value_rule",
     "TAX_INVOICE", false},
    {"without full credit the market's value is right", at_market, "compliant", "TAX_INVOICE",
     false},
    {"what a supplier takes back goes on a challan", goes_back, "compliant", "DELIVERY_CHALLAN",
     false},
    {"expired and held goods too", goes_back_expired, "compliant", "DELIVERY_CHALLAN", false},
    {"or on our tax invoice", goes_back_invoiced, "compliant", "TAX_INVOICE", false},
    {"without terms a person decides", goes_back_somehow, "requires_review:terms_unknown",
     "DELIVERY_CHALLAN", false},
    {"not to who takes none", goes_back_never, "blocked:not_returnable", "DELIVERY_CHALLAN", false},
    {"not outside his window", goes_back_late, "blocked:return_window", "DELIVERY_CHALLAN", false},
    {"not more units than his quota leaves", goes_back_in_number, "blocked:return_quota",
     "DELIVERY_CHALLAN", false},
    {"nor more of value", goes_back_in_value, "blocked:return_quota", "DELIVERY_CHALLAN", false},
    {"a claim below his least is looked at", goes_back_alone, "requires_review:small_claim",
     "DELIVERY_CHALLAN", false},
    {"a note behind its last day has no effect on tax", goes_back_old, "requires_review:note_late",
     "DELIVERY_CHALLAN", false},
    {"expired goods may be destroyed", write_off_expired, "compliant", "DELIVERY_CHALLAN", false},
};

static void judge(void **state)
{
    const struct row *r = *state;
    struct compliance_input in = sound();
    struct compliance c;
    char text[COMPLIANCE_TEXT_SIZE];
    r->change(&in);
    compliance_judge(&in, &c);
    assert_string_equal(compliance_text(&c, text), r->text);
    assert_int_equal(compliance_blocks(text), strncmp(r->text, "blocked", 7) == 0);
    assert_string_equal(compliance_status(text),
                        strcmp(r->text, "compliant") == 0 ? "compliant" : "requires_review");
    if (r->document)
        assert_string_equal(gst_document_name(c.gst.document.document), r->document);
    assert_int_equal(c.eway.required, r->eway);
}

/* The vectors of eway_required (tests/data/vectors), each as a document of three lines: what one
 * line of it says must be what the law says of the whole. */
static const struct document_row {
    const char *name;
    int from_state, to_state;
    int64_t taxable_paise, tax_paise;
    bool motor_vehicle, required;
} documents[] = {
    {"E01", 27, 29, 4761900, 238095, true, false}, {"E02", 27, 29, 4761905, 238095, true, false},
    {"E03", 27, 29, 4761906, 238095, true, true},  {"E04", 27, 27, 9000000, 450000, true, false},
    {"E05", 27, 27, 9600000, 480000, true, true},  {"E06", 29, 29, 5000000, 250000, true, true},
    {"E07", 29, 33, 4000000, 200000, true, false}, {"E08", 29, 33, 6000000, 300000, false, false},
    {"E10", 29, 29, 7000000, 0, true, true},       {"E11", 33, 33, 7000000, 350000, true, false},
    {"E12", 1, 1, 40000000, 2000000, true, false},
};

static void registration(int state, char ret[SITE_GSTIN_SIZE])
{
    snprintf(ret, SITE_GSTIN_SIZE, "%02dAAPFU0939F1Z", state);
    ret[14] = gstin_check_char(ret);
    ret[15] = '\0';
}

static void a_document_is_judged_by_all_its_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        const struct document_row *r = &documents[i];
        char from[SITE_GSTIN_SIZE], to[SITE_GSTIN_SIZE];
        struct eway_need need;
        registration(r->from_state, from);
        registration(r->to_state, to);
        struct compliance_document d = {
            .from_gstin = from, .to_gstin = to, .day = DAY, .motor_vehicle = r->motor_vehicle};
        for (int line = 0; line < 3; line++) {
            d.taxable_paise += line < 2 ? r->taxable_paise / 3 : r->taxable_paise - d.taxable_paise;
            d.tax_paise += line < 2 ? r->tax_paise / 3 : r->tax_paise - d.tax_paise;
        }
        assert_int_equal(compliance_eway(&d, &need), 0);
        if (need.required != r->required)
            fail_msg("%s", r->name);
    }
}

static void each_code_has_its_row(void **state)
{
    (void)state;
    for (int i = 0; i < COMPLIANCE_CODE_COUNT; i++) {
        const struct compliance_rule *r = compliance_rule((enum compliance_code)i);
        assert_true(r->word && r->severity && r->text && r->law);
        assert_int_equal(r->blocking, strcmp(r->severity, "critical") == 0);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, judge, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(each_code_has_its_row);
    tests[ARRAY_LEN(rows) + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_document_is_judged_by_all_its_lines);
    return cmocka_run_group_tests_name("compliance", tests, NULL, NULL);
}
