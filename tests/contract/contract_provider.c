/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every provider keeps, whatever his words are: the same sentences over a table of how each of
 * them answers and reports. A message goes out by his adapter, and the outbox is looked at. */
#include "channel_case.h"

#include <errno.h>

#include "email.h"
#include "sms.h"
#include "webhook.h"
#include "whatsapp.h"

struct words { /* of an answer */
    int64_t status;
    const char *body;
    const char *says; /* the provider's id, or what stands in `why` */
};

struct row {
    const char *name;
    enum message_channel channel;
    enum sms_vendor vendor;
    struct words accepts, refuses, throttles;
    const char *cut; /* an answer that says neither; NULL: SMTP has none such */
    int (*read)(const char *body, size_t len, webhook_fn on_item, void *context);
    /* Reports of {id}; by_ours: with our {ours}, where he gives that back. NULL: he has none. */
    const char *on_the_way, *delivered, *failed, *by_ours;
    const char *failed_why;
};

#define STATUS(word, more)                                                                         \
    "{\"entry\":[{\"changes\":[{\"value\":{\"statuses\":[{\"id\":\"{id}\",\"status\":\"" word      \
    "\"" more "}]}}]}]}"
#define MAIL(action, status)                                                                       \
    "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"                                    \
    "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: " action   \
    "\r\nStatus: " status "\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"               \
    "Message-ID: <{id}>\r\n\r\n--b--\r\n"

static const struct row rows[] = {
    {.name = "whatsapp",
     .channel = CHANNEL_WHATSAPP,
     .accepts = {200, "{\"messages\":[{\"id\":\"wamid.A\"}]}", "wamid.A"},
     .refuses = {400, "{\"error\":{\"code\":132000}}", "132000: template or its variables"},
     .throttles = {400, "{\"error\":{\"code\":130429}}", "130429: rate limit"},
     .cut = "{\"messages\":[",
     .read = whatsapp_webhook_read,
     .on_the_way = STATUS("sent", ""),
     .delivered = STATUS("delivered", ""),
     .failed = STATUS("failed", ",\"errors\":[{\"code\":130472}]"),
     .by_ours = STATUS("delivered", ",\"biz_opaque_callback_data\":\"{ours}\""),
     .failed_why = "130472: held out in an experiment"},
    {.name = "ours",
     .channel = CHANNEL_SMS,
     .vendor = SMS_OURS,
     .accepts = {200, "{\"accepted\":true,\"provider_id\":\"p-77\"}", "p-77"},
     .refuses = {200, "{\"accepted\":false,\"code\":\"100\"}", "100: not in the table"},
     .throttles = {200, "{\"accepted\":false,\"code\":\"429\"}", "429: rate limit"},
     .cut = "{\"accepted\":",
     .read = sms_webhook_read,
     .delivered = "{\"provider_id\":\"{id}\",\"status\":\"delivered\"}",
     .failed = "{\"provider_id\":\"{id}\",\"status\":\"failed\",\"code\":\"23005\"}",
     .by_ours = "{\"provider_id\":\"{id}\",\"message_id\":\"{ours}\",\"status\":\"delivered\"}",
     .failed_why = "23005: number is on do not disturb"},
    {.name = "msg91",
     .channel = CHANNEL_SMS,
     .vendor = SMS_MSG91,
     .accepts = {200, "{\"type\":\"success\",\"message\":\"346a\"}", "346a"},
     .refuses = {200, "{\"type\":\"error\",\"code\":\"418\"}", "msg91_418: not in the table"},
     .throttles = {429, "slow down", "429: rate limit"},
     .cut = "{\"type\":\"succ",
     .read = msg91_webhook_read,
     .delivered = "[{\"requestId\":\"{id}\",\"report\":[{\"number\":\"919800000001\","
                  "\"status\":\"1\",\"date\":\"2026-12-13 12:00:05\"}]}]",
     .failed = "{\"requestId\":\"{id}\",\"status\":17}",
     .failed_why = "msg91_17: number is blocked"},
    {.name = "exotel",
     .channel = CHANNEL_SMS,
     .vendor = SMS_EXOTEL,
     .accepts = {200, "{\"SMSMessage\":{\"Sid\":\"0f47\",\"Status\":\"queued\"}}", "0f47"},
     .refuses = {400, "{\"RestException\":{\"Status\":400}}", "400: not in the table"},
     .throttles = {429, "{}", "429: rate limit"},
     .cut = "{\"SMSMessage\":",
     .read = exotel_webhook_read,
     .on_the_way = "SmsSid={id}&Status=submitted&DetailedStatusCode=21020",
     .delivered =
         "SmsSid={id}&Status=sent&DetailedStatusCode=20005&DateSent=2026-12-13+12%3A00%3A05",
     .failed = "SmsSid={id}&Status=failed_dnd&DetailedStatusCode=23005",
     .by_ours = "SmsSid={id}&Status=delivered&CustomField={ours}",
     .failed_why = "23005: number is on do not disturb"},
    {.name = "gupshup",
     .channel = CHANNEL_SMS,
     .vendor = SMS_GUPSHUP,
     .accepts = {200, "success | 919800000001 | 3562707498794989059-32", "3562707498794989059-32"},
     .refuses = {200, "error | 110 | no", "gupshup_110: not in the table"},
     .throttles = {429, "", "429: rate limit"},
     .cut = "succ",
     .read = gupshup_webhook_read,
     .delivered = "externalId={id}&deliveredTS=1797143405000&status=SUCCESS&errCode=000",
     .failed = "[{\"externalId\":\"{id}\",\"eventType\":\"FAILED\",\"errCode\":\"006\"}]",
     .failed_why = "gupshup_006: do not disturb, or blocked"},
    {.name = "email",
     .channel = CHANNEL_EMAIL,
     .accepts = {250, "", "%s@example.in"},
     .refuses = {554, "", "554: for good"},
     .throttles = {451, "", "451: for the time being"},
     .read = email_webhook_read,
     .delivered = MAIL("delivered", "2.0.0"),
     .failed = MAIL("failed", "5.7.1"),
     .by_ours = MAIL("delivered", "2.0.0"),
     .failed_why = "5.7.1: for good"},
};

/* ---- a message of one provider ---- */

struct desk {
    const struct row *row;
    struct sql *s;
    struct outbox_message m;
    char id[OUTBOX_PROVIDER_ID_SIZE]; /* the provider's */
};

static struct send_outcome read_answer(const struct desk *d, const struct words *w)
{
    static struct http_answer a;
    struct email_sender sender = {"offers@example.in", "", "", ""};
    a.status = w->status;
    snprintf(a.body, sizeof(a.body), "%s", w->body);
    struct send_outcome o = d->row->channel == CHANNEL_WHATSAPP ? whatsapp_answer(&a)
                            : d->row->channel == CHANNEL_SMS    ? sms_answer(d->row->vendor, &a)
                                                                : email_answer(&d->m, &sender, &a);
    o.repeatable = d->row->channel == CHANNEL_SMS && sms_repeatable(d->row->vendor);
    return o;
}

static void send_one(struct desk *d)
{
    char party[CONTACT_PARTY_SIZE];
    char message[OUTBOX_ID_SIZE];
    int64_t due = 0;
    assert_int_equal(message_template_seed(d->s, 1), 0);
    channel_outlet(d->s, 1, party);
    assert_int_equal(channel_queue(d->s, "k", d->row->channel, party, "x", message), 0);
    assert_int_equal(outbox_next(d->s, d->row->channel, NULL, CHANNEL_NOON, &d->m, &due), 1);
    if (d->row->channel == CHANNEL_EMAIL)
        snprintf(d->id, sizeof(d->id), "%s@example.in", d->m.id);
    else
        snprintf(d->id, sizeof(d->id), "%s", d->row->accepts.says);
}

static void answer(struct desk *d, const struct words *w)
{
    struct send_outcome o = read_answer(d, w);
    int err = outbox_settle(d->s, &d->m, &o, CHANNEL_NOON);
    if (err < 0)
        fail_msg("%s: %s", d->row->name, strerror(-err));
}

static void expect(struct desk *d, const char *state, const char *why)
{
    AUTO(sql_query) q = sql_query(d->s, "SELECT state, why FROM outbox WHERE message_id = $1");
    sql_bind_text(q, 1, d->m.id);
    assert_int_equal(sql_step(q), 1);
    if (strcmp(sql_text(q, 0), state) != 0 || strcmp(sql_text(q, 1), why) != 0)
        fail_msg("%s: %s (%s), not %s (%s)", d->row->name, sql_text(q, 0), sql_text(q, 1), state,
                 why);
}

static int take_item(const struct webhook_item *item, void *context)
{
    struct desk *d = context;
    int known = webhook_take(d->s, item, CHANNEL_NOON);
    return known < 0 ? known : 0;
}

static void put(char *text, size_t size, const char *mark, const char *value)
{
    char *at = strstr(text, mark);
    char rest[1024];
    if (!at)
        return;
    snprintf(rest, sizeof(rest), "%s", at + strlen(mark));
    snprintf(at, size - (size_t)(at - text), "%s%s", value, rest);
}

/* NULL: he has no such report. */
static void report(struct desk *d, const char *format, const char *id)
{
    char body[1024];
    if (!format)
        return;
    snprintf(body, sizeof(body), "%s", format);
    put(body, sizeof(body), "{id}", id);
    put(body, sizeof(body), "{ours}", d->m.id);
    int err = d->row->read(body, strlen(body), take_item, d);
    if (err < 0)
        fail_msg("%s: %s: %s", d->row->name, body, strerror(-err));
}

/* Each provider's sentence in a tenant's store of its own, where a message is under way. */
static void for_each(void **state, const char *sentence, void (*say)(struct desk *))
{
    const struct relay_case *c = relay_case_of(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char tenant[40];
        snprintf(tenant, sizeof(tenant), "%s-%s", sentence, rows[i].name);
        AUTO(sql) s = relay_open(c, tenant);
        struct desk d = {.row = &rows[i], .s = s};
        relay_begin(s, SQL_WRITE);
        send_one(&d);
        say(&d);
        relay_commit(s);
    }
}

/* ---- the sentences ---- */

static void say_accepted(struct desk *d)
{
    char known[OUTBOX_PROVIDER_ID_SIZE];
    answer(d, &d->row->accepts);
    expect(d, "sent", "");
    AUTO(sql_query) q = sql_query(d->s, "SELECT provider_id FROM outbox WHERE message_id = $1");
    sql_bind_text(q, 1, d->m.id);
    assert_int_equal(sql_step(q), 1);
    snprintf(known, sizeof(known), "%s", sql_text(q, 0));
    assert_string_equal(known, d->id);
}

static void what_is_accepted_is_sent_under_his_id(void **state)
{
    for_each(state, "accepted", say_accepted);
}

static void say_refused(struct desk *d)
{
    answer(d, &d->row->refuses);
    expect(d, "failed", d->row->refuses.says);
}

static void what_is_refused_for_good_fails_with_his_code(void **state)
{
    for_each(state, "refused", say_refused);
}

static void say_throttled(struct desk *d)
{
    struct outbox_message again;
    int64_t due = 0;
    answer(d, &d->row->throttles);
    expect(d, "queued", d->row->throttles.says);
    assert_int_equal(outbox_next(d->s, d->row->channel, NULL, CHANNEL_NOON + 9999, &again, &due),
                     0);
    assert_int_equal(outbox_next(d->s, d->row->channel, NULL, due, &again, &due), 1);
    assert_string_equal(again.id, d->m.id);
    assert_int_equal(again.attempt, 2);
}

static void what_is_throttled_waits_and_is_tried_again(void **state)
{
    for_each(state, "throttled", say_throttled);
}

static void say_torn(struct desk *d)
{
    bool repeatable = d->row->channel == CHANNEL_SMS && sms_repeatable(d->row->vendor);
    if (d->row->cut) {
        answer(d, &(struct words){200, d->row->cut, ""});
    } else { /* the connection broke behind the text */
        struct send_outcome o = {.result = SENT_UNKNOWN};
        assert_int_equal(outbox_settle(d->s, &d->m, &o, CHANNEL_NOON), 0);
    }
    expect(d, repeatable ? "queued" : "sending", "no_answer");
    struct outbox_message again;
    int64_t due = 0;
    int64_t later = CHANNEL_NOON + OUTBOX_REPEAT_MS;
    assert_int_equal(outbox_next(d->s, d->row->channel, NULL, later, &again, &due), repeatable);
}

static void without_an_answer_it_is_tried_again_only_where_an_id_is_taken_once(void **state)
{
    for_each(state, "torn", say_torn);
}

static void say_torn_and_told(struct desk *d)
{
    struct send_outcome o = {.result = SENT_UNKNOWN};
    assert_int_equal(outbox_settle(d->s, &d->m, &o, CHANNEL_NOON), 0);
    report(d, d->row->by_ours, d->id);
    expect(d, d->row->by_ours ? "delivered" : "sending", d->row->by_ours ? "" : "no_answer");
}

static void without_an_answer_a_report_that_names_our_id_settles_it(void **state)
{
    for_each(state, "told", say_torn_and_told);
}

static void say_not_told(struct desk *d)
{
    struct send_outcome o = {.result = SENT_UNKNOWN};
    assert_int_equal(outbox_settle(d->s, &d->m, &o, CHANNEL_NOON), 0);
    report(d, d->row->channel == CHANNEL_EMAIL ? NULL : d->row->delivered, d->id);
    expect(d, "sending", "no_answer");
    int64_t later = CHANNEL_NOON + OUTBOX_UNKNOWN_MS;
    assert_int_equal(outbox_recover(d->s, d->row->channel, false, later), 1);
    expect(d, "dead", "outcome_unknown");
}

static void without_an_answer_or_our_id_it_is_given_up_after_a_day(void **state)
{
    for_each(state, "nottold", say_not_told);
}

static void say_early(struct desk *d)
{
    if (d->row->channel != CHANNEL_EMAIL) /* whose id is ours: it is known at once */
        report(d, d->row->delivered, d->id);
    answer(d, &d->row->accepts);
    report(d, d->row->delivered, d->id);
    expect(d, "delivered", "");
}

static void a_report_that_is_faster_than_the_answer_is_kept_for_it(void **state)
{
    for_each(state, "early", say_early);
}

static void say_out_of_order(struct desk *d)
{
    answer(d, &d->row->accepts);
    report(d, d->row->failed, d->id);
    expect(d, "failed", d->row->failed_why);
    report(d, d->row->delivered, d->id);
    report(d, d->row->on_the_way, d->id);
    report(d, d->row->failed, d->id);
    expect(d, "delivered", "");
}

static void reports_in_any_order_end_with_delivered(void **state)
{
    for_each(state, "order", say_out_of_order);
}

static void say_doubled(struct desk *d)
{
    answer(d, &d->row->accepts);
    for (int i = 0; i < 3; i++)
        report(d, d->row->failed, d->id);
    expect(d, "failed", d->row->failed_why);
    assert_int_equal(relay_number(d->s, "SELECT count(*) FROM receipt"), 1);
    assert_in_range(relay_number(d->s, "SELECT count(*) FROM outbox"), 1, 2); /* one stand-in */
}

static void a_report_told_again_changes_nothing(void **state)
{
    for_each(state, "doubled", say_doubled);
}

static void say_unknown(struct desk *d)
{
    answer(d, &d->row->accepts);
    report(d, d->row->delivered, "nobody@example.in");
    report(d, d->row->failed, "nobody@example.in");
    expect(d, "sent", "");
    assert_int_equal(relay_number(d->s, "SELECT count(*) FROM outbox"), 1);
}

static void a_report_of_an_unknown_message_touches_none(void **state)
{
    for_each(state, "unknown", say_unknown);
}

static void a_report_that_another_tenant_is_told_touches_nothing_here(void **state)
{
    const struct relay_case *c = relay_case_of(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char here[40], there[40];
        snprintf(here, sizeof(here), "here-%s", rows[i].name);
        snprintf(there, sizeof(there), "there-%s", rows[i].name);
        AUTO(sql) s = relay_open(c, here);
        AUTO(sql) other = relay_open(c, there);
        struct desk d = {.row = &rows[i], .s = s};
        relay_begin(s, SQL_WRITE);
        send_one(&d);
        answer(&d, &d.row->accepts);
        relay_commit(s);
        struct desk neighbour = d;
        neighbour.s = other;
        relay_begin(other, SQL_WRITE);
        report(&neighbour, d.row->delivered, d.id);
        report(&neighbour, d.row->by_ours, d.id);
        relay_commit(other);
        relay_begin(s, SQL_READ);
        expect(&d, "sent", "");
        assert_int_equal(relay_number(s, "SELECT count(*) FROM receipt"), 0);
        sql_rollback(s);
    }
}

int main(void)
{
    static const struct relay_test tests[] = {
        {"what is accepted is sent, under his id", what_is_accepted_is_sent_under_his_id},
        {"what is refused for good fails with his code",
         what_is_refused_for_good_fails_with_his_code},
        {"what is throttled waits and is tried again", what_is_throttled_waits_and_is_tried_again},
        {"without an answer it is tried again only where an id is taken once",
         without_an_answer_it_is_tried_again_only_where_an_id_is_taken_once},
        {"without an answer a report that names our id settles it",
         without_an_answer_a_report_that_names_our_id_settles_it},
        {"without an answer or our id it is given up after a day",
         without_an_answer_or_our_id_it_is_given_up_after_a_day},
        {"a report that is faster than the answer is kept for it",
         a_report_that_is_faster_than_the_answer_is_kept_for_it},
        {"reports in any order end with delivered", reports_in_any_order_end_with_delivered},
        {"a report told again changes nothing", a_report_told_again_changes_nothing},
        {"a report of an unknown message touches none",
         a_report_of_an_unknown_message_touches_none},
        {"a report that another tenant is told touches nothing here",
         a_report_that_another_tenant_is_told_touches_nothing_here},
    };
    return relay_run_tests("contract/provider", tests, ARRAY_LEN(tests));
}
