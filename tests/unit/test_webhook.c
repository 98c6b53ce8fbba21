/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_case.h"

#include <errno.h>

#include "webhook.h"

/* ---- pure ---- */

static void only_the_right_bytes_under_the_right_key_are_signed(void **state)
{
    (void)state;
    static const char good[] =
        "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8";
    static const char text[] = "The quick brown fox jumps over the lazy dog";
    assert_true(webhook_signed("key", text, strlen(text), good));
    assert_false(webhook_signed("Key", text, strlen(text), good));
    assert_false(webhook_signed("", text, strlen(text), good));
    assert_false(webhook_signed("key", text, strlen(text) - 1, good));
    assert_false(webhook_signed("key", text, strlen(text), good + 7));
    assert_false(webhook_signed("key", text, strlen(text), NULL));
    assert_int_equal(webhook_subscribe("subscribe", "T", "T"), 0);
    assert_int_equal(webhook_subscribe("subscribe", "t", "T"), -EPERM);
    assert_int_equal(webhook_subscribe("subscribe", "", ""), -EPERM);
    assert_int_equal(webhook_subscribe(NULL, "T", "T"), -EPERM);
}

static void words_of_outlets_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum reply_meaning want;
        int64_t units;
    } rows[] = {
        {"STOP", REPLY_STOP, 0},      {" stop. please", REPLY_STOP, 0}, {"बंद करें", REPLY_STOP, 0},
        {"start", REPLY_RESUME, 0},   {"Yes", REPLY_ORDER, 0},          {"YES 24", REPLY_ORDER, 24},
        {"48", REPLY_ORDER, 48},      {"48.", REPLY_ORDER, 48},         {"हाँ 6", REPLY_ORDER, 6},
        {"no", REPLY_OTHER, 0},       {"stopwatch", REPLY_OTHER, 0},    {"0", REPLY_OTHER, 0},
        {"99999999", REPLY_OTHER, 0}, {"24 boxes", REPLY_OTHER, 0},     {"", REPLY_OTHER, 0},
        {"stop 5", REPLY_STOP, 0},    {"yes but 5", REPLY_ORDER, 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t units = -1;
        if (reply_read(rows[i].text, &units) != rows[i].want || units != rows[i].units)
            fail_msg("%s: %d", rows[i].text, (int)units);
    }
}

static int keep_last(const struct webhook_item *item, void *context)
{
    struct webhook_item *last = context;
    *last = *item;
    return 0;
}

static void a_status_is_read_whoever_hides_his_number(void **state)
{
    (void)state;
    static const char body[] =
        "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"statuses\":[{"
        "\"id\":\"wamid.AAA\",\"status\":\"failed\",\"timestamp\":\"1794120000\","
        "\"recipient_user_id\":\"IN.1234\",\"biz_opaque_callback_data\":\"Ma1\","
        "\"errors\":[{\"code\":131049}]}]}}]}]}";
    struct webhook_item item = {.kind = WEBHOOK_REPLY};
    assert_int_equal(whatsapp_webhook_read(body, strlen(body), keep_last, &item), 0);
    assert_int_equal(item.kind, WEBHOOK_RECEIPT);
    assert_int_equal(item.receipt.status, RECEIPT_FAILED);
    assert_string_equal(item.receipt.provider_id, "wamid.AAA");
    assert_string_equal(item.receipt.message_id, "Ma1");
    assert_string_equal(item.receipt.code, "131049");
    assert_int_equal(item.at_ms, INT64_C(1794120000000));
}

static void an_sms_report_has_its_instant_and_its_code(void **state)
{
    (void)state;
    static const char body[] = "{\"provider_id\":\"p-77\",\"status\":\"expired\",\"code\":\"651\","
                               "\"at\":\"2026-11-08T13:30:00+05:30\",\"parts\":1}";
    struct webhook_item item = {.kind = WEBHOOK_REPLY};
    assert_int_equal(sms_webhook_read(body, strlen(body), keep_last, &item), 0);
    assert_int_equal(item.receipt.status, RECEIPT_FAILED);
    assert_string_equal(item.receipt.code, "651");
    assert_int_equal(item.at_ms, INT64_C(1794124800000));
    assert_int_equal(sms_webhook_read("{}", 2, keep_last, &item), -EBADMSG);
    assert_int_equal(whatsapp_webhook_read("{}", 2, keep_last, &item), -EBADMSG);
}

/* ---- in the store ---- */

static struct webhook_item reply(enum message_channel channel, const char *from, const char *id,
                                 const char *text, const char *payload)
{
    struct webhook_item i = {.kind = WEBHOOK_REPLY, .channel = channel, .at_ms = CHANNEL_NOON};
    snprintf(i.from, sizeof(i.from), "%s", from);
    snprintf(i.id, sizeof(i.id), "%s", id);
    snprintf(i.text, sizeof(i.text), "%s", text);
    snprintf(i.payload, sizeof(i.payload), "%s", payload);
    return i;
}

static int status_of(struct sql *s, enum message_channel channel)
{
    enum consent_status consent;
    assert_int_equal(consent_now(s, "OUT-1", channel, PURPOSE_MARKETING, &consent), 0);
    return (int)consent;
}

static void stop_is_in_the_ledger_of_its_channel_once(void **state)
{
    AUTO(sql) s = relay_open(*state, "stop");
    char party[CONTACT_PARTY_SIZE];
    relay_begin(s, SQL_WRITE);
    channel_outlet(s, 1, party);
    struct webhook_item stop = reply(CHANNEL_WHATSAPP, "919800000001", "wamid.1", "Stop", "");
    assert_int_equal(webhook_take(s, &stop, CHANNEL_NOON), 0);
    assert_int_equal(webhook_take(s, &stop, CHANNEL_NOON), 1);
    assert_int_equal(status_of(s, CHANNEL_WHATSAPP), CONSENT_WITHDRAWN);
    assert_int_equal(status_of(s, CHANNEL_SMS), CONSENT_GRANTED);
    struct webhook_item resume = {
        .kind = WEBHOOK_PREFERENCE, .channel = CHANNEL_WHATSAPP, .at_ms = CHANNEL_NOON};
    snprintf(resume.from, sizeof(resume.from), "919800000001");
    assert_int_equal(webhook_take(s, &resume, CHANNEL_NOON), 0);
    assert_int_equal(status_of(s, CHANNEL_WHATSAPP), CONSENT_GRANTED);
    struct webhook_item stranger = reply(CHANNEL_WHATSAPP, "919811111111", "wamid.2", "Stop", "");
    assert_int_equal(webhook_take(s, &stranger, CHANNEL_NOON), 1);
}

static void an_answer_is_an_event_once_and_only_of_the_outlet_that_was_asked(void **state)
{
    AUTO(sql) s = relay_open(*state, "answer");
    char party[CONTACT_PARTY_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    relay_begin(s, SQL_WRITE);
    assert_int_equal(message_template_seed(s, 1), 0);
    channel_outlet(s, 1, party);
    struct webhook_item nothing = reply(CHANNEL_SMS, "919800000001", "i-1", "YES 5", "");
    assert_int_equal(webhook_take(s, &nothing, CHANNEL_NOON), 1); /* nothing was offered */
    assert_int_equal(channel_queue(s, "k", CHANNEL_SMS, party, "campaign:K9", NULL), 0);
    assert_int_equal(outbox_next(s, CHANNEL_SMS, NULL, CHANNEL_NOON, &m, &due), 1);
    assert_int_equal(webhook_take(s, &nothing, CHANNEL_NOON), 0);
    assert_int_equal(webhook_take(s, &nothing, CHANNEL_NOON), 1);
    struct webhook_item pressed =
        reply(CHANNEL_WHATSAPP, "919800000001", "wamid.3", "Order", "ORDER:K10:OUT-1");
    assert_int_equal(webhook_take(s, &pressed, CHANNEL_NOON), 0);
    struct webhook_item forged =
        reply(CHANNEL_WHATSAPP, "919800000001", "wamid.4", "Order", "ORDER:K10:OUT-2");
    assert_int_equal(webhook_take(s, &forged, CHANNEL_NOON), 1);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM event WHERE type = 'CampaignAnswered'"),
                     2);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM event WHERE subject = 'campaign:K9' AND"
                                     " body = '{\"campaign\":\"K9\",\"party\":\"OUT-1\","
                                     "\"channel\":\"sms\",\"units\":5}'"),
                     1);
}

static void one_click_unsubscribes_and_a_forged_token_does_not(void **state)
{
    AUTO(sql) s = relay_open(*state, "click");
    char party[CONTACT_PARTY_SIZE];
    char token[UNSUBSCRIBE_TOKEN_SIZE];
    relay_begin(s, SQL_WRITE);
    channel_outlet(s, 1, party);
    assert_int_equal(unsubscribe_token("key", party, token), 0);
    assert_int_equal(unsubscribe_take(s, "other", token, CHANNEL_NOON), -EPERM);
    assert_int_equal(unsubscribe_take(s, "", token, CHANNEL_NOON), -EPERM);
    assert_int_equal(unsubscribe_take(s, "key", token + 2, CHANNEL_NOON), -EPERM);
    assert_int_equal(status_of(s, CHANNEL_EMAIL), CONSENT_GRANTED);
    assert_int_equal(unsubscribe_take(s, "key", token, CHANNEL_NOON), 0);
    assert_int_equal(unsubscribe_take(s, "key", token, CHANNEL_NOON), 1);
    assert_int_equal(status_of(s, CHANNEL_EMAIL), CONSENT_WITHDRAWN);
}

static void addresses_are_what_their_channel_takes(void **state)
{
    AUTO(sql) s = relay_open(*state, "address");
    static const struct {
        enum message_channel channel;
        const char *address;
        int want;
    } rows[] = {
        {CHANNEL_SMS, "919800000001", 0},
        {CHANNEL_SMS, "9800000001", -EINVAL},
        {CHANNEL_SMS, "915800000001", -EINVAL},
        {CHANNEL_WHATSAPP, "IN.1234", 0},
        {CHANNEL_WHATSAPP, "9", -EINVAL},
        {CHANNEL_WHATSAPP, "IN.a b", -EINVAL},
        {CHANNEL_EMAIL, "a@shop.example", 0},
        {CHANNEL_EMAIL, "a@b.c,d@e.f", -EINVAL},
        {CHANNEL_EMAIL, "a@b.c\r\nBcc: x", -EINVAL},
        {CHANNEL_EMAIL, "@b.c", -EINVAL},
    };
    relay_begin(s, SQL_WRITE);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct contact c = {.channel = rows[i].channel, .party = "P"};
        snprintf(c.address, sizeof(c.address), "%s", rows[i].address);
        if (contact_set(s, &c, 1) != rows[i].want)
            fail_msg("%s", rows[i].address);
    }
}

int main(void)
{
    const struct CMUnitTest pure[] = {
        cmocka_unit_test(only_the_right_bytes_under_the_right_key_are_signed),
        cmocka_unit_test(words_of_outlets_are_understood),
        cmocka_unit_test(a_status_is_read_whoever_hides_his_number),
        cmocka_unit_test(an_sms_report_has_its_instant_and_its_code),
    };
    static const struct relay_test stored[] = {
        {"STOP is in the ledger of its channel, once", stop_is_in_the_ledger_of_its_channel_once},
        {"an answer is an event, once, and only of the outlet that was asked",
         an_answer_is_an_event_once_and_only_of_the_outlet_that_was_asked},
        {"one click unsubscribes, and a forged token does not",
         one_click_unsubscribes_and_a_forged_token_does_not},
        {"addresses are what their channel takes", addresses_are_what_their_channel_takes},
    };
    int failed = cmocka_run_group_tests_name("webhook", pure, NULL, NULL);
    return failed + relay_run_tests("webhook in the store", stored, ARRAY_LEN(stored));
}
