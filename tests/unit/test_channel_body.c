/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "email.h"
#include "form.h"
#include "sms.h"
#include "whatsapp.h"

static struct outbox_message a_message(void)
{
    return (struct outbox_message){
        .id = "Ma1",
        .channel = CHANNEL_WHATSAPP,
        .purpose = PURPOSE_MARKETING,
        .party = "r-9",
        .address = "919800000001",
        .cause = "campaign:K118",
        .template = {.language = "hi", .provider_name = "near_expiry_offer_v2"},
        .values = {.count = 2, .values = {"Shree Stores", "35%"}},
        .text = "35% off & more\n.\nReply YES.",
        .attempt = 1};
}

/* The shapes of the providers' pages, compared as JSON. */
static void assert_json(char *got, const char *want)
{
    cJSON *a = cJSON_Parse(got);
    cJSON *b = cJSON_Parse(want);
    assert_non_null(b);
    if (!cJSON_Compare(a, b, true))
        fail_msg("%s", got);
    cJSON_Delete(a);
    cJSON_Delete(b);
    free(got);
}

static void whatsapp_has_the_shape_of_a_template_message(void **state)
{
    (void)state;
    struct outbox_message m = a_message();
    assert_json(
        whatsapp_write(&m),
        "{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\","
        "\"to\":\"919800000001\",\"type\":\"template\",\"template\":{"
        "\"name\":\"near_expiry_offer_v2\",\"language\":{\"code\":\"hi\"},\"components\":["
        "{\"type\":\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Shree Stores\"},"
        "{\"type\":\"text\",\"text\":\"35%\"}]},{\"type\":\"button\",\"sub_type\":\"quick_reply\","
        "\"index\":\"0\",\"parameters\":[{\"type\":\"payload\",\"payload\":\"ORDER:K118:r-9\"}]}]},"
        "\"biz_opaque_callback_data\":\"Ma1\"}");
}

static char *sms_body(enum sms_vendor vendor, const struct outbox_message *m)
{
    struct sms_sender sender = {.vendor = vendor,
                                .pe_id = "1101000000000000001",
                                .header = "EXAMPL",
                                .callback = "https://r.example/dlr",
                                .user = "name",
                                .key = "secret & key"};
    struct sms_request r;
    assert_int_equal(sms_request_write(&sender, m, &r), 0);
    bool keyed = vendor == SMS_OURS || vendor == SMS_MSG91;
    assert_string_equal(r.header, keyed ? "authkey: secret & key" : "");
    assert_string_equal(r.user ? r.user : "", vendor == SMS_EXOTEL ? "name" : "");
    assert_string_equal(r.password ? r.password : "", vendor == SMS_EXOTEL ? "secret & key" : "");
    assert_string_equal(r.type, keyed ? "application/json" : "application/x-www-form-urlencoded");
    char *body = strdup(r.body);
    sms_request_wipe(&r);
    assert_null(r.body);
    return body;
}

static void sms_has_the_shape_of_our_contract_and_of_msg91(void **state)
{
    (void)state;
    struct outbox_message m = a_message();
    assert_json(
        sms_body(SMS_OURS, &m),
        "{\"variables\":[\"Shree Stores\",\"35%\"],\"message_id\":\"Ma1\","
        "\"to\":\"919800000001\",\"kind\":\"promotional\",\"pe_id\":\"1101000000000000001\","
        "\"header\":\"EXAMPL\",\"template_id\":\"near_expiry_offer_v2\","
        "\"body\":\"35% off & more\\n.\\nReply YES.\","
        "\"callback\":\"https://r.example/dlr\"}");
    assert_json(sms_body(SMS_MSG91, &m),
                "{\"template_id\":\"near_expiry_offer_v2\",\"short_url\":\"0\",\"recipients\":["
                "{\"mobiles\":\"919800000001\",\"VAR1\":\"Shree Stores\",\"VAR2\":\"35%\"}]}");
}

static void sms_has_the_shape_of_exotel_and_of_gupshup(void **state)
{
    (void)state;
    struct outbox_message m = a_message();
    char *exotel = sms_body(SMS_EXOTEL, &m);
    assert_string_equal(
        exotel, "From=EXAMPL&To=919800000001&Body=35%25%20off%20%26%20more%0A.%0AReply%20YES."
                "&DltEntityId=1101000000000000001&DltTemplateId=near_expiry_offer_v2"
                "&SmsType=promotional&EncodingType=plain&CustomField=Ma1"
                "&StatusCallback=https%3A%2F%2Fr.example%2Fdlr");
    free(exotel);
    snprintf(m.text, sizeof(m.text), "\u20b9 5");
    m.purpose = PURPOSE_TRANSACTION;
    exotel = sms_body(SMS_EXOTEL, &m);
    assert_non_null(strstr(exotel, "&Body=%E2%82%B9%205&"));
    assert_non_null(strstr(exotel, "&SmsType=transactional&EncodingType=unicode&"));
    free(exotel);
    char *gupshup = sms_body(SMS_GUPSHUP, &m);
    assert_string_equal(gupshup,
                        "method=SendMessage&v=1.1&auth_scheme=plain&userid=name"
                        "&password=secret%20%26%20key&send_to=919800000001&msg=%E2%82%B9%205"
                        "&msg_type=UNICODE_TEXT&mask=EXAMPL&principalEntityId=1101000000000000001"
                        "&dltTemplateId=near_expiry_offer_v2&format=text");
    free(gupshup);
}

static void a_forms_fields_are_found_as_they_were_written(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a b", "=&%+", "\u0939\u093e\u0901 6", "100%25"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        char *body = NULL;
        char *found = NULL;
        size_t len = 0;
        FILE *f = open_memstream(&body, &len);
        assert_non_null(f);
        form_write(f, true, "xa", "no");
        form_write(f, false, "a", texts[i]);
        assert_int_equal(fclose(f), 0);
        assert_int_equal(form_find(body, len, "a", &found), 0);
        assert_string_equal(found, texts[i]);
        free(found);
        free(body);
    }
    char *none = NULL;
    assert_int_equal(form_find("a=1", 3, "b", &none), -ENOENT);
    assert_int_equal(form_find("a=%0", 4, "a", &none), -EBADMSG);
    assert_int_equal(form_find("a=%00", 5, "a", &none), -EBADMSG);
    assert_int_equal(form_find("a=%41b+", 7, "a", &none), 0);
    assert_string_equal(none, "Ab ");
    free(none);
}

static void a_mail_has_both_unsubscribe_headers_and_no_line_that_is_long_or_a_dot(void **state)
{
    (void)state;
    struct outbox_message m = a_message();
    struct email_sender sender = {"offers@example.in", "https://relay.example/u/", "u@example.in",
                                  "key"};
    memset(m.text, 'x', 1500);
    strcpy(m.template.provider_name, "कम मूल्य पर थोड़ी अवधि");
    char *mail = email_write(&sender, &m, INT64_C(1794120000000));
    assert_non_null(mail);
    assert_non_null(strstr(mail, "\r\nMessage-ID: <Ma1@example.in>\r\n"));
    assert_non_null(strstr(mail, "\r\nDate: Sun, 08 Nov 2026 06:40:00 +0000\r\n"));
    assert_non_null(strstr(mail, "\r\nList-Unsubscribe: <https://relay.example/u/"));
    assert_non_null(strstr(mail, "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert_non_null(strstr(mail, "multipart/alternative"));
    assert_non_null(strstr(mail, "Content-Type: text/plain"));
    for (const char *line = mail; *line;) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_true(end - line < 400 && !(end - line == 1 && *line == '.'));
        for (const char *c = line; c < end; c++)
            assert_true(*c != '\n' && (unsigned char)*c < 0x80);
        line = end + 2;
    }
    assert_non_null(strstr(mail, ">,\r\n <mailto:u+722d39-"));
    free(mail);
    snprintf(m.party, sizeof(m.party), "an-outlet-of-long-name"); /* its token fits no local part */
    mail = email_write(&sender, &m, INT64_C(1794120000000));
    assert_null(strstr(mail, "mailto:"));
    assert_non_null(strstr(mail, "\r\nList-Unsubscribe: <https://relay.example/u/616e2d6f75"));
    free(mail);
    m.purpose = PURPOSE_ALERT;
    mail = email_write(&sender, &m, 0);
    assert_null(strstr(mail, "List-Unsubscribe"));
    free(mail);
}

/* ---- answers ---- */

struct answer_row {
    const char *name;
    enum message_channel channel;
    int64_t status;
    const char *body;
    enum send_result want;
    const char *detail; /* provider's id, or the code */
};

static const struct answer_row answers[] = {
    {"WhatsApp accepts with its id", CHANNEL_WHATSAPP, 200,
     "{\"messages\":[{\"id\":\"wamid.AAA\",\"message_status\":\"accepted\"}]}", SENT_ACCEPTED,
     "wamid.AAA"},
    {"WhatsApp accepts, but its answer cannot be read", CHANNEL_WHATSAPP, 200, "<html>",
     SENT_UNKNOWN, ""},
    {"WhatsApp refuses with a code", CHANNEL_WHATSAPP, 400, "{\"error\":{\"code\":131026}}",
     SENT_REFUSED, "131026"},
    {"a gateway before WhatsApp fails", CHANNEL_WHATSAPP, 502, "<html>", SENT_REFUSED, "http_502"},
    {"SMS is accepted with an id", CHANNEL_SMS, 200, "{\"accepted\":true,\"provider_id\":\"p-77\"}",
     SENT_ACCEPTED, "p-77"},
    {"SMS is refused with a code", CHANNEL_SMS, 200, "{\"accepted\":false,\"code\":\"651\"}",
     SENT_REFUSED, "651"},
    {"SMS is accepted, but its answer is cut", CHANNEL_SMS, 200, "{\"accepted\":tr", SENT_UNKNOWN,
     ""},
    {"a mail is taken", CHANNEL_EMAIL, 250, "", SENT_ACCEPTED, "Ma1@example.in"},
    {"a mailbox is not there", CHANNEL_EMAIL, 550, "", SENT_REFUSED, "550"},
};

static void answer_row(void **state)
{
    const struct answer_row *r = *state;
    static struct http_answer a;
    struct outbox_message m = a_message();
    struct email_sender sender = {"offers@example.in", "", "", ""};
    a.status = r->status;
    snprintf(a.body, sizeof(a.body), "%s", r->body);
    struct send_outcome o = r->channel == CHANNEL_WHATSAPP ? whatsapp_answer(&a)
                            : r->channel == CHANNEL_SMS    ? sms_answer(SMS_OURS, &a)
                                                           : email_answer(&m, &sender, &a);
    assert_int_equal(o.result, r->want);
    assert_string_equal(o.result == SENT_ACCEPTED ? o.provider_id : o.code, r->detail);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(answers) + 5] = {
        cmocka_unit_test(whatsapp_has_the_shape_of_a_template_message),
        cmocka_unit_test(sms_has_the_shape_of_our_contract_and_of_msg91),
        cmocka_unit_test(sms_has_the_shape_of_exotel_and_of_gupshup),
        cmocka_unit_test(a_forms_fields_are_found_as_they_were_written),
        cmocka_unit_test(a_mail_has_both_unsubscribe_headers_and_no_line_that_is_long_or_a_dot),
    };
    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        tests[5 + i] =
            (struct CMUnitTest){answers[i].name, answer_row, NULL, NULL, (void *)&answers[i]};
    return cmocka_run_group_tests_name("channel_body", tests, NULL, NULL);
}
