/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "channel_message.h"
#include "civil.h"
#include "message_template.h"
#include "provider_code.h"
#include "rate.h"
#include "rng.h"

#define DAY 20800
#define MINUTES(h, m) (civil_ist_start_ms(DAY) + ((h)*60 + (m)) * INT64_C(60000))

/* ---- the decision ---- */

static struct send_facts good_facts(void)
{
    return (struct send_facts){.channel = CHANNEL_SMS,
                               .purpose = PURPOSE_MARKETING,
                               .now_ms = MINUTES(12, 0),
                               .called_off = "",
                               .contact_state = "active",
                               .consent = CONSENT_GRANTED,
                               .week_cap = 3,
                               .template_found = true,
                               .template_approved = true,
                               .category_fits = true,
                               .variable_fault = ""};
}

/* Each fault in the order in which it is named: with all that follow it as well. */
static void spoil(struct send_facts *f, int from)
{
    if (from <= 7)
        f->variable_fault = "missing expiry";
    if (from <= 6)
        f->category_fits = false;
    if (from <= 5)
        f->template_approved = false;
    if (from <= 4)
        f->sent_week = 3;
    if (from <= 3)
        f->now_ms = MINUTES(22, 0);
    if (from <= 2)
        f->consent = CONSENT_WITHDRAWN;
    if (from <= 1)
        f->contact_state = "unreachable";
    if (from <= 0)
        f->called_off = "campaign_over";
}

static void the_first_reason_in_the_stated_order_is_told(void **state)
{
    (void)state;
    static const char *const whys[] = {"called_off: campaign_over",
                                       "suppressed: unreachable",
                                       "no_consent: withdrawn",
                                       "quiet_hours",
                                       "frequency_cap",
                                       "template: not_approved",
                                       "template: category",
                                       "variable: missing expiry"};
    for (int i = 0; i < (int)ARRAY_LEN(whys); i++) {
        struct send_facts f = good_facts();
        spoil(&f, i);
        struct send_decision d = send_judge(&f);
        assert_string_equal(d.why, whys[i]);
        assert_int_equal(d.verdict, i == 3 ? SEND_LATER : SEND_BLOCKED);
    }
    struct send_facts f = good_facts();
    assert_int_equal(send_judge(&f).verdict, SEND_NOW);
}

static void an_offer_needs_consent_and_an_order_only_that_it_was_not_withdrawn(void **state)
{
    (void)state;
    static const struct {
        enum message_purpose purpose;
        enum consent_status consent;
        enum send_verdict want;
    } rows[] = {
        {PURPOSE_MARKETING, CONSENT_NONE, SEND_BLOCKED},
        {PURPOSE_MARKETING, CONSENT_WITHDRAWN, SEND_BLOCKED},
        {PURPOSE_MARKETING, CONSENT_GRANTED, SEND_NOW},
        {PURPOSE_TRANSACTION, CONSENT_NONE, SEND_NOW},
        {PURPOSE_TRANSACTION, CONSENT_WITHDRAWN, SEND_BLOCKED},
        {PURPOSE_ALERT, CONSENT_NONE, SEND_NOW},
        {PURPOSE_ALERT, CONSENT_WITHDRAWN, SEND_BLOCKED},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct send_facts f = good_facts();
        f.purpose = rows[i].purpose;
        f.consent = rows[i].consent;
        assert_int_equal(send_judge(&f).verdict, rows[i].want);
    }
}

static void promotional_sms_goes_from_1005_to_2045(void **state)
{
    (void)state;
    static const struct {
        int hour, minute;
        int wait_to; /* minutes of this day or the next; -1: none */
    } rows[] = {{0, 0, 605},  {10, 4, 605},   {10, 5, -1},
                {20, 44, -1}, {20, 45, 2045}, {23, 59, 2045}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t now = MINUTES(rows[i].hour, rows[i].minute);
        int64_t want = rows[i].wait_to < 0 ? now : MINUTES(0, rows[i].wait_to);
        assert_int_equal(quiet_until_ms(CHANNEL_SMS, PURPOSE_MARKETING, now), want);
        assert_int_equal(quiet_until_ms(CHANNEL_SMS, PURPOSE_TRANSACTION, now), now);
    }
}

static void whatever_the_hour_the_window_that_is_told_is_open(void **state)
{
    (void)state;
    for (int minute = 0; minute < 2880; minute += 7)
        for (int c = 0; c < CHANNEL_COUNT; c++) {
            int64_t now = MINUTES(0, minute) + 1;
            int64_t opens = quiet_until_ms((enum message_channel)c, PURPOSE_MARKETING, now);
            assert_in_range(opens, now, now + CIVIL_MS_PER_DAY);
            assert_int_equal(quiet_until_ms((enum message_channel)c, PURPOSE_MARKETING, opens),
                             opens);
        }
}

static void a_user_has_six_seconds_between_two_messages(void **state)
{
    (void)state;
    struct send_facts f = good_facts();
    f.channel = CHANNEL_WHATSAPP;
    f.last_to_user_ms = f.now_ms - 5999;
    struct send_decision d = send_judge(&f);
    assert_int_equal(d.verdict, SEND_LATER);
    assert_int_equal(d.until_ms, f.now_ms + 1);
    f.last_to_user_ms = f.now_ms - 6000;
    assert_int_equal(send_judge(&f).verdict, SEND_NOW);
}

/* ---- receipts ---- */

/* Every sequence of four receipts, from sent: the end depends on the set alone. */
static void receipts_end_the_same_in_any_order(void **state)
{
    (void)state;
    static const enum message_state want_of_set[16] = {
        /* bits: sent, delivered, read, failed */
        MESSAGE_SENT,   MESSAGE_SENT,   MESSAGE_DELIVERED, MESSAGE_DELIVERED,
        MESSAGE_READ,   MESSAGE_READ,   MESSAGE_READ,      MESSAGE_READ,
        MESSAGE_FAILED, MESSAGE_FAILED, MESSAGE_DELIVERED, MESSAGE_DELIVERED,
        MESSAGE_READ,   MESSAGE_READ,   MESSAGE_READ,      MESSAGE_READ};
    for (int sequence = 0; sequence < 4 * 4 * 4 * 4 * 4; sequence++) {
        enum message_state now = MESSAGE_SENT;
        int set = 0;
        for (int i = 0, left = sequence; i < 5; i++, left /= 4) {
            now = message_merge(now, (enum receipt_status)(left % 4));
            set |= 1 << left % 4;
        }
        assert_int_equal(now, want_of_set[set]);
    }
}

static void a_receipt_brings_back_what_was_given_up_but_not_what_was_blocked(void **state)
{
    (void)state;
    assert_int_equal(message_merge(MESSAGE_DEAD, RECEIPT_DELIVERED), MESSAGE_DELIVERED);
    assert_int_equal(message_merge(MESSAGE_SENDING, RECEIPT_SENT), MESSAGE_SENT);
    assert_int_equal(message_merge(MESSAGE_BLOCKED, RECEIPT_READ), MESSAGE_BLOCKED);
}

/* ---- codes, back-off, rate ---- */

static void each_code_of_the_page_has_its_treatment(void **state)
{
    (void)state;
    static const struct {
        enum message_channel channel;
        const char *code;
        int64_t http;
        enum code_treatment want;
        int64_t wait_ms;
    } rows[] = {
        {CHANNEL_WHATSAPP, "130429", 400, CODE_RETRY, 10000},
        {CHANNEL_WHATSAPP, "131056", 400, CODE_RETRY, 6000},
        {CHANNEL_WHATSAPP, "131049", 400, CODE_RETRY, 86400000},
        {CHANNEL_WHATSAPP, "131050", 400, CODE_SUPPRESS, 0},
        {CHANNEL_WHATSAPP, "131026", 400, CODE_UNREACHABLE, 0},
        {CHANNEL_WHATSAPP, "132000", 400, CODE_FAIL, 0},
        {CHANNEL_WHATSAPP, "132015", 400, CODE_STOP_CAMPAIGN, 0},
        {CHANNEL_WHATSAPP, "190", 401, CODE_PAUSE_CHANNEL, 3600000},
        {CHANNEL_WHATSAPP, "2", 500, CODE_RETRY, 0},
        {CHANNEL_WHATSAPP, "999999", 400, CODE_FAIL, 0},
        {CHANNEL_WHATSAPP, "http_502", 502, CODE_RETRY, 0},
        {CHANNEL_SMS, "651", 200, CODE_RETRY, 3600000},
        {CHANNEL_SMS, "23005", 200, CODE_OTHER_CHANNEL, 0},
        {CHANNEL_EMAIL, "451", 451, CODE_RETRY, 0},
        {CHANNEL_EMAIL, "550", 550, CODE_UNREACHABLE, 0},
        {CHANNEL_EMAIL, "554", 554, CODE_FAIL, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct provider_code *got =
            provider_code_find(rows[i].channel, rows[i].code, rows[i].http);
        if (got->treatment != rows[i].want || got->wait_ms != rows[i].wait_ms)
            fail_msg("%s: %s", rows[i].code, code_treatment_name(got->treatment));
    }
}

static void waiting_grows_to_an_hour(void **state)
{
    (void)state;
    assert_int_equal(provider_backoff_ms(1), 10000);
    assert_int_equal(provider_backoff_ms(2), 20000);
    assert_int_equal(provider_backoff_ms(60), 3600000);
}

static void no_second_has_more_than_its_share(void **state)
{
    (void)state;
    struct rng dice = rng_seed(11);
    struct rate r = {.per_second = 80};
    static int64_t went[4000];
    size_t n = 0;
    for (int64_t now = 0; n < ARRAY_LEN(went); now += (int64_t)rng_below(&dice, 9)) {
        if (rate_free_ms(&r, now) > now)
            continue;
        rate_take(&r, now);
        went[n++] = now;
        if (n > 80)
            assert_true(went[n - 1] - went[n - 81] >= 1000);
    }
}

/* ---- words ---- */

static void parts_are_counted_as_operators_charge_them(void **state)
{
    (void)state;
    char text[600] = "";
    assert_int_equal(sms_parts(""), 1);
    memset(text, 'a', 160);
    assert_int_equal(sms_parts(text), 1);
    text[159] = '{'; /* an escape */
    assert_int_equal(sms_parts(text), 2);
    memset(text, 'a', 307);
    assert_int_equal(sms_parts(text), 3);
    text[306] = '\0';
    assert_int_equal(sms_parts(text), 2);
    memset(text, 0, sizeof(text));
    for (int i = 0; i < 70; i++)
        strcat(text, "₹");
    assert_int_equal(sms_parts(text), 1);
    strcat(text, "a");
    assert_int_equal(sms_parts(text), 2);
}

static struct message_template a_template(void)
{
    return (struct message_template){.body = "{{sku}} till {{expiry}}: {{sku}} {{other}} {{",
                                     .variables = "sku,expiry"};
}

static void variables_stand_where_the_template_has_them(void **state)
{
    (void)state;
    struct message_template t = a_template();
    struct message_values v;
    char why[MESSAGE_WHY_SIZE] = "";
    char text[TEMPLATE_BODY_SIZE];
    assert_int_equal(message_template_values(&t, CHANNEL_SMS,
                                             "{\"expiry\":\"12-Nov\",\"sku\":\"{{expiry}}\"}", &v,
                                             why),
                     0);
    assert_int_equal(message_template_fill(&t, &v, text), 0);
    assert_string_equal(text, "{{expiry}} till 12-Nov: {{expiry}} {{other}} {{");
}

static void a_variable_that_is_missing_too_long_or_dirty_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum message_channel channel;
        const char *want;
    } rows[] = {
        {"{\"sku\":\"a\"}", CHANNEL_EMAIL, "missing expiry"},
        {"{\"sku\":\"a\",\"expiry\":\"\"}", CHANNEL_EMAIL, "missing expiry"},
        {"{\"sku\":\"a\",\"expiry\":5}", CHANNEL_EMAIL, "missing expiry"},
        {"{\"sku\":\"1234567890123456789012345678901\",\"expiry\":\"x\"}", CHANNEL_SMS,
         "too long sku"},
        {"{\"sku\":\"a\\nb\",\"expiry\":\"x\"}", CHANNEL_EMAIL, "control character in sku"},
    };
    struct message_template t = a_template();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct message_values v;
        char why[MESSAGE_WHY_SIZE] = "";
        assert_int_equal(message_template_values(&t, rows[i].channel, rows[i].json, &v, why), 1);
        assert_string_equal(why, rows[i].want);
    }
    struct message_values v;
    char why[MESSAGE_WHY_SIZE] = "";
    assert_int_equal(message_template_values(&t, CHANNEL_SMS, "[1", &v, why), -EBADMSG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_reason_in_the_stated_order_is_told),
        cmocka_unit_test(an_offer_needs_consent_and_an_order_only_that_it_was_not_withdrawn),
        cmocka_unit_test(promotional_sms_goes_from_1005_to_2045),
        cmocka_unit_test(whatever_the_hour_the_window_that_is_told_is_open),
        cmocka_unit_test(a_user_has_six_seconds_between_two_messages),
        cmocka_unit_test(receipts_end_the_same_in_any_order),
        cmocka_unit_test(a_receipt_brings_back_what_was_given_up_but_not_what_was_blocked),
        cmocka_unit_test(each_code_of_the_page_has_its_treatment),
        cmocka_unit_test(waiting_grows_to_an_hour),
        cmocka_unit_test(no_second_has_more_than_its_share),
        cmocka_unit_test(parts_are_counted_as_operators_charge_them),
        cmocka_unit_test(variables_stand_where_the_template_has_them),
        cmocka_unit_test(a_variable_that_is_missing_too_long_or_dirty_is_named),
    };
    return cmocka_run_group_tests_name("channel_message", tests, NULL, NULL);
}
