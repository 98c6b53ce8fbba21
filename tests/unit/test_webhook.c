/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_case.h"

#include <errno.h>

#include "campaign.h"
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
        struct reply want;
    } rows[] = {
        {"STOP", {REPLY_STOP, 0, 0}},
        {" stop. please", {REPLY_STOP, 0, 0}},
        {"बंद करें", {REPLY_STOP, 0, 0}},
        {"start", {REPLY_RESUME, 0, 0}},
        {"Yes", {REPLY_ORDER, 0, 0}},
        {"YES 24", {REPLY_ORDER, 24, 0}},
        {"48", {REPLY_ORDER, 48, 0}},
        {"48.", {REPLY_ORDER, 48, 0}},
        {"हाँ 6", {REPLY_ORDER, 6, 0}},
        {"no", {REPLY_OTHER, 0, 0}},
        {"stopwatch", {REPLY_OTHER, 0, 0}},
        {"0", {REPLY_OTHER, 0, 0}},
        {"99999999", {REPLY_OTHER, 0, 0}},
        {"24 boxes", {REPLY_OTHER, 0, 0}},
        {"", {REPLY_OTHER, 0, 0}},
        {"stop 5", {REPLY_STOP, 0, 0}},
        {"yes but 5", {REPLY_ORDER, 0, 0}},
        {"B 48", {REPLY_ORDER, 48, 'B'}},
        {"b48", {REPLY_ORDER, 48, 'B'}},
        {"48 b", {REPLY_ORDER, 48, 'B'}},
        {"yes b - 48!", {REPLY_ORDER, 48, 'B'}},
        {"हाँ C", {REPLY_ORDER, 0, 'C'}},
        {"B", {REPLY_ORDER, 0, 'B'}},
        {"a dozen", {REPLY_OTHER, 0, 0}},
        {"B 48 C 24", {REPLY_OTHER, 0, 0}},
        {"Bहाँ", {REPLY_OTHER, 0, 0}},
        {"48 24", {REPLY_OTHER, 0, 0}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct reply got = reply_read(rows[i].text);
        if (got.meaning != rows[i].want.meaning || got.units != rows[i].want.units ||
            got.word != rows[i].want.word)
            fail_msg("%s: %d, %d, %c", rows[i].text, (int)got.meaning, (int)got.units,
                     got.word ? got.word : '-');
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

static const char returned_mail[] =
    "From: MAILER-DAEMON@mx.example\r\n"
    "Content-Type: multipart/report; report-type=%s;\r\n\tboundary=\"b 1\"\r\n\r\n"
    "--b 1\r\nContent-Type: text/plain\r\n\r\nSorry. Action: failed\r\n"
    "--b 1\r\nContent-Type: message/%s\r\n\r\n%s\r\n"
    "--b 1\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    "Subject: offer\r\nMessage-Id:\r\n <M0123456789abcdef0123456789abcde@example.in>\r\n\r\n"
    "--b 1--\r\n";

static int read_mail(const char *kind, const char *fields, bool lf_only, struct webhook_item *item)
{
    char mail[2048];
    char *to = mail;
    snprintf(mail, sizeof(mail), returned_mail, kind, kind, fields);
    for (const char *from = mail; *from; from++)
        if (!lf_only || *from != '\r')
            *to++ = *from;
    *to = '\0';
    return email_webhook_read(mail, strlen(mail), keep_last, item);
}

static void a_mail_that_comes_back_says_which_and_why(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        int want; /* enum receipt_status; -1: nothing is told */
        const char *code;
    } rows[] = {
        {"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.c\r\nAction: failed\r\n"
         "Status: 5.1.1 (no such user)\r\n",
         RECEIPT_FAILED, "5.1.1"},
        {"\r\nAction: Failed\r\n", RECEIPT_FAILED, ""},
        {"\r\nAction: delivered\r\nStatus: 2.1.5\r\n", RECEIPT_DELIVERED, ""},
        {"\r\nAction: delayed\r\nStatus: 4.4.1\r\n", -1, ""},
        {"", -1, ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct webhook_item item = {.kind = WEBHOOK_REPLY};
        assert_int_equal(read_mail("delivery-status", rows[i].fields, i % 2 == 1, &item), 0);
        int told = item.kind == WEBHOOK_RECEIPT ? (int)item.receipt.status : -1;
        if (told != rows[i].want || (told >= 0 && strcmp(item.receipt.code, rows[i].code) != 0))
            fail_msg("%s: %d %s", rows[i].fields, told, item.receipt.code);
        if (told >= 0) {
            assert_string_equal(item.receipt.message_id, "M0123456789abcdef0123456789abcde");
            assert_string_equal(item.receipt.provider_id,
                                "M0123456789abcdef0123456789abcde@example.in");
        }
    }
}

static void a_complaint_is_a_wish_and_its_taking_back_is_none(void **state)
{
    (void)state;
    struct webhook_item item = {.kind = WEBHOOK_REPLY};
    assert_int_equal(read_mail("feedback-report",
                               "Feedback-Type: abuse\r\nOriginal-Rcpt-To: <a@b.c>\r\n", false,
                               &item),
                     0);
    assert_int_equal(item.kind, WEBHOOK_PREFERENCE);
    assert_true(item.stop);
    assert_string_equal(item.from, "a@b.c");
    assert_string_equal(item.to_id, "M0123456789abcdef0123456789abcde");
    item.kind = WEBHOOK_REPLY;
    assert_int_equal(read_mail("feedback-report", "Feedback-Type: not-spam\r\n", false, &item), 0);
    assert_int_equal(item.kind, WEBHOOK_REPLY);
    assert_int_equal(email_webhook_read("no mail", 7, keep_last, &item), -EBADMSG);
    assert_int_equal(email_webhook_read("", 0, keep_last, &item), -EBADMSG);
    static const char other[] = "Subject: hello\r\n\r\nAction: failed\r\n";
    assert_int_equal(email_webhook_read(other, strlen(other), keep_last, &item), 0);
    assert_int_equal(item.kind, WEBHOOK_REPLY);
}

static void a_mail_to_the_address_of_a_token_is_a_wish_to_end(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        const char *token; /* "": nothing is told */
    } rows[] = {
        {"From: a@b.c\r\nTo: u+4f55-20800-ab12@example.in\r\n", "4f55-20800-ab12"},
        {"To: \"Offers, end\" <u+4f55-20800-ab12@example.in>\r\nSubject: stop\r\n",
         "4f55-20800-ab12"},
        {"To: list@b.c\r\nDelivered-To: u+4f55-20800-ab12@example.in\r\n", "4f55-20800-ab12"},
        {"To: u@example.in\r\n", ""},
        {"To: u+@example.in\r\n", ""},
        {"To: u+A B@example.in\r\n", ""},
        {"Subject: u+4f55-20800-ab12@example.in\r\n", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char body[300];
        struct webhook_item item = {.kind = WEBHOOK_REPLY};
        snprintf(body, sizeof(body), "%s\r\nPlease.\r\n", rows[i].headers);
        assert_int_equal(email_webhook_read(body, strlen(body), keep_last, &item), 0);
        assert_int_equal(item.kind, rows[i].token[0] ? WEBHOOK_UNSUBSCRIBE : WEBHOOK_REPLY);
        assert_string_equal(item.payload, rows[i].token);
    }
}

static void enhanced_codes_of_reports_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum code_treatment want;
    } rows[] = {
        {"5.1.1", CODE_UNREACHABLE}, {"5.1.10", CODE_UNREACHABLE}, {"5.2.1", CODE_UNREACHABLE},
        {"5.2.2", CODE_FAIL},        {"5.7.1", CODE_FAIL},         {"4.4.7", CODE_FAIL},
        {"550", CODE_UNREACHABLE},   {"5.1", CODE_FAIL},           {"5.1.1x", CODE_FAIL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (provider_code_find(CHANNEL_EMAIL, rows[i].code, 0)->treatment != rows[i].want)
            fail_msg("%s", rows[i].code);
    assert_int_equal(provider_code_find(CHANNEL_SMS, "5.1.1", 0)->treatment, CODE_FAIL);
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

static struct webhook_item said_at(const char *id, const char *text, int64_t at_ms)
{
    struct webhook_item i = reply(CHANNEL_WHATSAPP, "919800000001", id, text, "");
    i.at_ms = at_ms;
    return i;
}

static void a_wish_told_again_or_late_does_not_undo_a_later_one(void **state)
{
    AUTO(sql) s = relay_open(*state, "again");
    char party[CONTACT_PARTY_SIZE];
    relay_begin(s, SQL_WRITE);
    channel_outlet(s, 1, party);
    struct webhook_item stop = said_at("wamid.1", "STOP", CHANNEL_NOON);
    struct webhook_item start = said_at("wamid.2", "START", CHANNEL_NOON + 1000);
    struct webhook_item stop_again = said_at("wamid.3", "STOP", CHANNEL_NOON + 2000);
    struct webhook_item late = said_at("wamid.4", "START", CHANNEL_NOON + 1500);
    assert_int_equal(webhook_take(s, &stop, CHANNEL_NOON), 0);
    assert_int_equal(webhook_take(s, &start, CHANNEL_NOON), 0);
    assert_int_equal(webhook_take(s, &stop, CHANNEL_NOON), 1);
    assert_int_equal(status_of(s, CHANNEL_WHATSAPP), CONSENT_GRANTED);
    assert_int_equal(webhook_take(s, &stop_again, CHANNEL_NOON), 0);
    assert_int_equal(webhook_take(s, &late, CHANNEL_NOON), 1);
    assert_int_equal(status_of(s, CHANNEL_WHATSAPP), CONSENT_WITHDRAWN);
}

static void stop_calls_off_what_waits_for_all_who_share_the_number(void **state)
{
    AUTO(sql) s = relay_open(*state, "shared");
    char party[CONTACT_PARTY_SIZE];
    int64_t counts[MESSAGE_STATE_COUNT];
    relay_begin(s, SQL_WRITE);
    channel_outlet(s, 1, party);
    assert_in_range(channel_offer_contact(s, "OUT-9", CHANNEL_WHATSAPP, "919800000001"), 0, 1);
    assert_int_equal(channel_queue(s, "a", CHANNEL_WHATSAPP, "OUT-1", "c", NULL), 0);
    assert_int_equal(channel_queue(s, "b", CHANNEL_WHATSAPP, "OUT-9", "c", NULL), 0);
    assert_int_equal(channel_queue(s, "c", CHANNEL_SMS, "OUT-1", "c", NULL), 0);
    struct outbox_draft order = channel_offer_draft("d", CHANNEL_WHATSAPP, "OUT-1", "c");
    order.purpose = PURPOSE_TRANSACTION;
    assert_int_equal(outbox_queue(s, &order, CHANNEL_NOON, NULL), 0);
    struct webhook_item stop = reply(CHANNEL_WHATSAPP, "919800000001", "wamid.1", "STOP", "");
    assert_int_equal(webhook_take(s, &stop, CHANNEL_NOON), 0);
    assert_int_equal(outbox_count(s, "c", counts), 0);
    assert_int_equal(counts[MESSAGE_BLOCKED], 2);
    assert_int_equal(counts[MESSAGE_QUEUED], 2); /* the other channel, and what it ordered */
    assert_int_equal(relay_number(s, "SELECT count(*) FROM event WHERE type = 'ConsentRecorded'"),
                     2);
}

static void a_complaint_is_of_the_receiver_of_the_mail(void **state)
{
    AUTO(sql) s = relay_open(*state, "complaint");
    char party[CONTACT_PARTY_SIZE];
    struct webhook_item item = {
        .kind = WEBHOOK_PREFERENCE, .channel = CHANNEL_EMAIL, .stop = true, .id = "M1@example.in"};
    relay_begin(s, SQL_WRITE);
    channel_outlet(s, 1, party);
    assert_int_equal(webhook_take(s, &item, CHANNEL_NOON), 1); /* of nobody */
    assert_int_equal(channel_queue(s, "k", CHANNEL_EMAIL, party, "c", item.to_id), 0);
    assert_int_equal(webhook_take(s, &item, CHANNEL_NOON), 0);
    assert_int_equal(webhook_take(s, &item, CHANNEL_NOON), 1);
    assert_int_equal(status_of(s, CHANNEL_EMAIL), CONSENT_WITHDRAWN);
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

/* ---- several offers at once ---- */

/* An offer that runs and was sent by SMS to these outlets; its letters are given as when it starts.
 */
static void run_offer(struct sql *s, const char *id, int64_t made_ms, const char *const *parties,
                      size_t n)
{
    struct campaign c = {.state = CAMPAIGN_RUNNING,
                         .units = 100,
                         .start_day = CHANNEL_DAY,
                         .end_day = CHANNEL_DAY + 7,
                         .made_ms = made_ms};
    char cause[EVENT_CAUSE_SIZE];
    snprintf(c.id, sizeof(c.id), "%s", id);
    snprintf(c.sku, sizeof(c.sku), "SKU-%s", id);
    snprintf(cause, sizeof(cause), "campaign:%s", id);
    assert_int_equal(campaign_insert(s, &c), 0);
    for (size_t i = 0; i < n; i++) {
        struct campaign_target t = {.channel = "sms"};
        char key[64];
        char word = '\0';
        snprintf(t.party, sizeof(t.party), "%s", parties[i]);
        snprintf(key, sizeof(key), "%s:%s", id, parties[i]);
        assert_int_equal(campaign_target_insert(s, id, &t), 0);
        assert_int_equal(campaign_word(s, id, parties[i], &word), 0);
        assert_int_equal(channel_queue(s, key, CHANNEL_SMS, parties[i], cause, NULL), 0);
    }
    relay_run(s, "UPDATE outbox SET state = 'sent', sent_ms = 1 WHERE purpose = 'marketing'");
}

static int64_t answered(struct sql *s, const char *campaign, const char *party, int units)
{
    char body[160];
    snprintf(body, sizeof(body),
             "{\"campaign\":\"%s\",\"party\":\"%s\",\"channel\":\"sms\",\"units\":%d}", campaign,
             party, units);
    AUTO(sql_query)
    q = sql_query(s, "SELECT count(*) FROM event WHERE type = 'CampaignAnswered' AND body = $1");
    sql_bind_text(q, 1, body);
    assert_int_equal(sql_step(q), 1);
    return sql_int(q, 0);
}

static int64_t asked(struct sql *s)
{
    return relay_number(s, "SELECT count(*) FROM outbox WHERE template = 'which_offer'");
}

static int sms(struct sql *s, const char *id, const char *text)
{
    struct webhook_item item = reply(CHANNEL_SMS, "919800000001", id, text, "");
    return webhook_take(s, &item, CHANNEL_NOON);
}

static struct sql *offer_desk(void **state, const char *tenant)
{
    char party[CONTACT_PARTY_SIZE];
    struct sql *s = relay_open(*state, tenant);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(message_template_seed(s, 1), 0);
    channel_outlet(s, 1, party);
    return s;
}

static void an_answer_among_several_offers_is_of_the_one_that_it_names(void **state)
{
    static const char *const us[] = {"OUT-1"};
    AUTO(sql) s = offer_desk(state, "several");
    run_offer(s, "K1", 1, us, 1);
    assert_int_equal(sms(s, "i-1", "12"), 0); /* the only one */
    assert_int_equal(answered(s, "K1", "OUT-1", 12), 1);
    run_offer(s, "K2", 2, us, 1);
    run_offer(s, "K3", 3, us, 1);
    assert_int_equal(sms(s, "i-2", "A 24"), 0);
    assert_int_equal(sms(s, "i-3", "yes c"), 0);
    assert_int_equal(sms(s, "i-4", "6 b"), 0);
    assert_int_equal(answered(s, "K1", "OUT-1", 24), 1);
    assert_int_equal(answered(s, "K3", "OUT-1", 0), 1);
    assert_int_equal(answered(s, "K2", "OUT-1", 6), 1);
    assert_int_equal(asked(s), 0);
}

static void an_answer_that_names_none_of_several_is_asked_about_and_orders_nothing(void **state)
{
    static const char *const us[] = {"OUT-1"};
    AUTO(sql) s = offer_desk(state, "which");
    run_offer(s, "K1", 1, us, 1);
    run_offer(s, "K2", 2, us, 1);
    assert_int_equal(sms(s, "i-1", "48"), 0);
    assert_int_equal(sms(s, "i-1", "48"), 1); /* told again */
    assert_int_equal(asked(s), 1);
    assert_int_equal(
        relay_number(s, "SELECT count(*) FROM outbox WHERE template = 'which_offer' AND party ="
                        " 'OUT-1' AND purpose = 'transaction' AND variables LIKE '%\"words\":\"A,"
                        " B\"%' AND variables LIKE '%\"example\":\"A 48\"%'"),
        1);
    assert_int_equal(sms(s, "i-2", "Z 48"), 0); /* no offer of that letter */
    assert_int_equal(sms(s, "i-3", "K"), 1);    /* as people write "ok" */
    assert_int_equal(sms(s, "i-4", "yes"), 0);
    assert_int_equal(sms(s, "i-5", "yes"), 1); /* asked often enough today */
    assert_int_equal(asked(s), WEBHOOK_ASK_DAY);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM event WHERE type = 'CampaignAnswered'"),
                     0);
    struct outbox_message m;
    int64_t due = 0;
    assert_int_equal(outbox_next(s, CHANNEL_SMS, NULL, CHANNEL_NOON, &m, &due), 1);
    assert_non_null(strstr(m.text, "open to you: A, B."));
}

static void letters_go_on_and_no_two_open_offers_to_one_number_share_one(void **state)
{
    static const char *const both[] = {"OUT-1", "OUT-2"};
    static const char *const us[] = {"OUT-1"};
    AUTO(sql) s = offer_desk(state, "letters");
    char party[CONTACT_PARTY_SIZE];
    channel_outlet(s, 2, party);
    assert_true(channel_offer_contact(s, "OUT-2", CHANNEL_SMS, "919800000001") >= 0);
    run_offer(s, "K1", 1, both, 2); /* two shops of one owner */
    assert_int_equal(sms(s, "i-1", "B 5"), 0);
    assert_int_equal(answered(s, "K1", "OUT-2", 5), 1);
    struct campaign_by by = {"user:anita", "test", CHANNEL_NOON};
    assert_int_equal(campaign_move(s, "K1", CAMPAIGN_DONE, "over", &by), 0);
    char id[16];
    for (int i = 2; i <= 23; i++) { /* each ends before the next begins: C, D ... Z */
        snprintf(id, sizeof(id), "K%d", i);
        run_offer(s, id, i, us, 1);
        char word = '\0';
        assert_int_equal(campaign_word(s, id, "OUT-1", &word), 0);
        assert_int_equal(word, CAMPAIGN_WORDS[i]);
        if (i < 23)
            assert_int_equal(campaign_move(s, id, CAMPAIGN_DONE, "over", &by), 0);
    }
    assert_int_equal(sms(s, "i-2", "A 5"), 0); /* to an offer that is over: asked, not ordered */
    assert_int_equal(asked(s), 1);
    run_offer(s, "K24", 24, us, 1); /* only now does the first letter come again */
    assert_int_equal(sms(s, "i-3", "A 5"), 0);
    assert_int_equal(answered(s, "K24", "OUT-1", 5), 1);
}

static void one_click_unsubscribes_and_a_forged_token_does_not(void **state)
{
    AUTO(sql) s = relay_open(*state, "click");
    char party[CONTACT_PARTY_SIZE];
    char token[UNSUBSCRIBE_TOKEN_SIZE];
    relay_begin(s, SQL_WRITE);
    channel_outlet(s, 1, party);
    assert_int_equal(unsubscribe_token("key", party, CHANNEL_NOON, token), 0);
    assert_int_equal(unsubscribe_take(s, "other", token, CHANNEL_NOON), -EPERM);
    assert_int_equal(unsubscribe_take(s, "", token, CHANNEL_NOON), -EPERM);
    assert_int_equal(unsubscribe_take(s, "key", token + 2, CHANNEL_NOON), -EPERM);
    assert_int_equal(
        unsubscribe_take(s, "key", token, CHANNEL_NOON + INT64_C(401) * CIVIL_MS_PER_DAY), -ETIME);
    char later[UNSUBSCRIBE_TOKEN_SIZE]; /* its day is signed too */
    memcpy(later, token, sizeof(later));
    later[strcspn(later, "-") + 1]++;
    assert_int_equal(unsubscribe_take(s, "key", later, CHANNEL_NOON), -EPERM);
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
        cmocka_unit_test(a_mail_that_comes_back_says_which_and_why),
        cmocka_unit_test(a_complaint_is_a_wish_and_its_taking_back_is_none),
        cmocka_unit_test(a_mail_to_the_address_of_a_token_is_a_wish_to_end),
        cmocka_unit_test(enhanced_codes_of_reports_are_told_apart),
    };
    static const struct relay_test stored[] = {
        {"STOP is in the ledger of its channel, once", stop_is_in_the_ledger_of_its_channel_once},
        {"a wish told again or late does not undo a later one",
         a_wish_told_again_or_late_does_not_undo_a_later_one},
        {"STOP calls off what waits for all who share the number",
         stop_calls_off_what_waits_for_all_who_share_the_number},
        {"a complaint is of the receiver of the mail", a_complaint_is_of_the_receiver_of_the_mail},
        {"an answer is an event, once, and only of the outlet that was asked",
         an_answer_is_an_event_once_and_only_of_the_outlet_that_was_asked},
        {"an answer among several offers is of the one that it names",
         an_answer_among_several_offers_is_of_the_one_that_it_names},
        {"an answer that names none of several is asked about, and orders nothing",
         an_answer_that_names_none_of_several_is_asked_about_and_orders_nothing},
        {"letters go on, and no two open offers to one number share one",
         letters_go_on_and_no_two_open_offers_to_one_number_share_one},
        {"one click unsubscribes, and a forged token does not",
         one_click_unsubscribes_and_a_forged_token_does_not},
        {"addresses are what their channel takes", addresses_are_what_their_channel_takes},
    };
    int failed = cmocka_run_group_tests_name("webhook", pure, NULL, NULL);
    return failed + relay_run_tests("webhook in the store", stored, ARRAY_LEN(stored));
}
