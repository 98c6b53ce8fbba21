/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_case.h"

#include <errno.h>
#include <inttypes.h>

#include "quota.h"

#include "rng.h"

static struct sql *open_case(void **state, const char *tenant)
{
    struct sql *s = relay_open(*state, tenant);
    relay_begin(s, SQL_WRITE);
    assert_int_equal(message_template_seed(s, 1), 0);
    return s;
}

static void assert_state(struct sql *s, const char *id, const char *state, const char *why)
{
    AUTO(sql_query) q = sql_query(s, "SELECT state, why FROM outbox WHERE message_id = $1");
    sql_bind_text(q, 1, id);
    assert_int_equal(sql_step(q), 1);
    assert_string_equal(sql_text(q, 0), state);
    assert_string_equal(sql_text(q, 1), why);
}

static void take_next(struct sql *s, enum message_channel channel, int64_t now_ms,
                      struct outbox_message *m)
{
    int64_t due = 0;
    assert_int_equal(outbox_next(s, channel, NULL, now_ms, m, &due), 1);
}

static void settle(struct sql *s, const struct outbox_message *m, enum send_result result,
                   const char *text, int64_t now_ms, int want)
{
    struct send_outcome o = {.result = result, .http_status = result == SENT_REFUSED ? 400 : 200};
    snprintf(o.provider_id, sizeof(o.provider_id), "%s", result == SENT_ACCEPTED ? text : "");
    snprintf(o.code, sizeof(o.code), "%s", result == SENT_REFUSED ? text : "");
    assert_int_equal(outbox_settle(s, m, &o, now_ms), want);
}

static struct outbox_receipt receipt(enum message_channel channel, const char *provider_id,
                                     const char *message_id, enum receipt_status status)
{
    struct outbox_receipt r = {.channel = channel, .status = status, .at_ms = CHANNEL_NOON};
    snprintf(r.provider_id, sizeof(r.provider_id), "%s", provider_id);
    snprintf(r.message_id, sizeof(r.message_id), "%s", message_id);
    snprintf(r.code, sizeof(r.code), "%s", status == RECEIPT_FAILED ? "131026" : "");
    return r;
}

static void a_key_is_queued_once_for_ever(void **state)
{
    AUTO(sql) s = open_case(state, "once");
    char party[CONTACT_PARTY_SIZE];
    char first[OUTBOX_ID_SIZE];
    char again[OUTBOX_ID_SIZE];
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "campaign:K1:OUT-1:1", CHANNEL_SMS, party, "x", first), 0);
    assert_int_equal(channel_queue(s, "campaign:K1:OUT-1:1", CHANNEL_EMAIL, party, "y", again), 1);
    assert_string_equal(first, again);
    struct outbox_message m;
    take_next(s, CHANNEL_SMS, CHANNEL_NOON, &m);
    settle(s, &m, SENT_ACCEPTED, "p-1", CHANNEL_NOON, 0);
    assert_int_equal(channel_queue(s, "campaign:K1:OUT-1:1", CHANNEL_SMS, party, "x", again), 1);
    int64_t due = 0;
    assert_int_equal(outbox_next(s, CHANNEL_SMS, NULL, CHANNEL_NOON, &m, &due), 0);
    assert_int_equal(due, INT64_MAX);
}

static void a_message_is_marked_before_it_is_handed_out(void **state)
{
    AUTO(sql) s = open_case(state, "marked");
    char party[CONTACT_PARTY_SIZE];
    char id[OUTBOX_ID_SIZE];
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "k", CHANNEL_WHATSAPP, party, "campaign:K1", id), 0);
    struct outbox_message m;
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    assert_state(s, id, "sending", "");
    assert_int_equal(m.attempt, 1);
    assert_string_equal(m.address, "919800000001");
    assert_non_null(
        strstr(m.text, "Glucose biscuits 80 g, batch B1, expiry 2027-01-10, MRP Rs 10"));
}

static void a_try_of_unknown_outcome_is_repeated_only_where_it_is_known(void **state)
{
    AUTO(sql) s = open_case(state, "unknown");
    char party[CONTACT_PARTY_SIZE];
    char w[OUTBOX_ID_SIZE];
    char t[OUTBOX_ID_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "w", CHANNEL_WHATSAPP, party, "x", w), 0);
    assert_int_equal(channel_queue(s, "t", CHANNEL_SMS, party, "x", t), 0);
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    take_next(s, CHANNEL_SMS, CHANNEL_NOON, &m);

    /* Nobody answers: the sender was killed. */
    int64_t later = CHANNEL_NOON + OUTBOX_LEASE_MS;
    assert_int_equal(outbox_recover(s, CHANNEL_WHATSAPP, false, later - 1), 0);
    assert_int_equal(outbox_recover(s, CHANNEL_WHATSAPP, false, later), 1);
    assert_int_equal(outbox_recover(s, CHANNEL_SMS, true, later), 1);
    assert_state(s, w, "sending", "no_answer");
    assert_state(s, t, "queued", "no_answer");
    assert_int_equal(outbox_next(s, CHANNEL_WHATSAPP, NULL, later, &m, &due), 0);
    take_next(s, CHANNEL_SMS, later + OUTBOX_REPEAT_MS, &m);
    assert_string_equal(m.id, t);
    assert_int_equal(m.attempt, 2);

    /* A day later it is given up; a receipt with our id brings it back. */
    assert_int_equal(outbox_recover(s, CHANNEL_WHATSAPP, false, later + OUTBOX_UNKNOWN_MS), 1);
    assert_state(s, w, "dead", "outcome_unknown");
    struct outbox_receipt r = receipt(CHANNEL_WHATSAPP, "wamid.9", w, RECEIPT_DELIVERED);
    assert_int_equal(outbox_receive(s, &r, later), 0);
    assert_state(s, w, "delivered", "");
}

static void an_answer_that_comes_too_late_ends_the_waiting(void **state)
{
    AUTO(sql) s = open_case(state, "late");
    char party[CONTACT_PARTY_SIZE];
    char id[OUTBOX_ID_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "t", CHANNEL_SMS, party, "x", id), 0);
    take_next(s, CHANNEL_SMS, CHANNEL_NOON, &m);
    assert_int_equal(outbox_recover(s, CHANNEL_SMS, true, CHANNEL_NOON + OUTBOX_LEASE_MS), 1);
    settle(s, &m, SENT_ACCEPTED, "p-1", CHANNEL_NOON + OUTBOX_LEASE_MS, 1);
    assert_state(s, id, "sent", "");
    assert_int_equal(
        outbox_next(s, CHANNEL_SMS, NULL, CHANNEL_NOON + 10 * OUTBOX_LEASE_MS, &m, &due), 0);
}

static void refusals_wait_longer_each_time_and_end_as_dead_letters(void **state)
{
    AUTO(sql) s = open_case(state, "dead");
    char party[CONTACT_PARTY_SIZE];
    char id[OUTBOX_ID_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    int64_t now = CHANNEL_NOON;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "t", CHANNEL_WHATSAPP, party, "x", id), 0);
    for (int i = 1; i <= OUTBOX_TRIES; i++) {
        take_next(s, CHANNEL_WHATSAPP, now, &m);
        assert_int_equal(m.attempt, i);
        settle(s, &m, SENT_REFUSED, "130429", now, 0);
        assert_int_equal(outbox_next(s, CHANNEL_WHATSAPP, NULL, now + 9999, &m, &due), 0);
        assert_int_equal(due, i < OUTBOX_TRIES ? now + provider_backoff_ms(i) : INT64_MAX);
        now = due;
    }
    assert_state(s, id, "dead", "130429: rate limit");
}

static void an_address_that_cannot_receive_is_suppressed_and_sms_goes_instead(void **state)
{
    AUTO(sql) s = open_case(state, "other");
    char party[CONTACT_PARTY_SIZE];
    char first[OUTBOX_ID_SIZE];
    char next[OUTBOX_ID_SIZE];
    struct outbox_message m;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "a", CHANNEL_WHATSAPP, party, "x", first), 0);
    assert_int_equal(channel_queue(s, "b", CHANNEL_WHATSAPP, party, "x", next), 0);
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    settle(s, &m, SENT_REFUSED, "131026", CHANNEL_NOON, 0);
    assert_state(s, m.id, "failed", "131026: cannot receive");
    int64_t due = 0;
    struct outbox_message none;
    assert_int_equal(outbox_next(s, CHANNEL_WHATSAPP, NULL, CHANNEL_NOON + 60000, &none, &due), 0);
    assert_state(s, strcmp(m.id, first) == 0 ? next : first, "blocked", "suppressed: unreachable");
    take_next(s, CHANNEL_SMS, CHANNEL_NOON, &m);
    assert_string_equal(m.party, party);
    assert_string_equal(m.address, "919800000001");
    settle(s, &m, SENT_REFUSED, "23005", CHANNEL_NOON, 0); /* do not disturb: by email */
    take_next(s, CHANNEL_EMAIL, CHANNEL_NOON, &m);
    assert_string_equal(m.address, "out1@shop.example.in");
}

static void what_stands_in_is_not_sent_when_the_first_arrived_after_all(void **state)
{
    AUTO(sql) s = open_case(state, "stands");
    char party[CONTACT_PARTY_SIZE];
    char id[OUTBOX_ID_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "a", CHANNEL_WHATSAPP, party, "x", id), 0);
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    settle(s, &m, SENT_ACCEPTED, "wamid.1", CHANNEL_NOON, 0);
    struct outbox_receipt failed = receipt(CHANNEL_WHATSAPP, "wamid.1", "", RECEIPT_FAILED);
    struct outbox_receipt there = receipt(CHANNEL_WHATSAPP, "wamid.1", "", RECEIPT_DELIVERED);
    assert_int_equal(outbox_receive(s, &failed, CHANNEL_NOON), 0);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM outbox WHERE state = 'queued'"), 1);
    assert_int_equal(outbox_receive(s, &there, CHANNEL_NOON), 0);
    assert_state(s, id, "delivered", "");
    assert_int_equal(outbox_next(s, CHANNEL_SMS, NULL, CHANNEL_NOON, &m, &due), 0);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM outbox WHERE why = 'arrived_before'"),
                     1);
}

static void a_user_who_stopped_marketing_is_in_the_ledger(void **state)
{
    AUTO(sql) s = open_case(state, "stopped");
    char party[CONTACT_PARTY_SIZE];
    enum consent_status consent;
    struct outbox_message m;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "a", CHANNEL_WHATSAPP, party, "x", NULL), 0);
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    settle(s, &m, SENT_REFUSED, "131050", CHANNEL_NOON, 0);
    assert_int_equal(consent_now(s, party, CHANNEL_WHATSAPP, PURPOSE_MARKETING, &consent), 0);
    assert_int_equal(consent, CONSENT_WITHDRAWN);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM consent WHERE channel = 'whatsapp'"), 2);
}

static void a_refused_token_rests_the_channel_for_all_to_see(void **state)
{
    AUTO(sql) s = open_case(state, "rests");
    char party[CONTACT_PARTY_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "a", CHANNEL_WHATSAPP, party, "x", NULL), 0);
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    settle(s, &m, SENT_REFUSED, "190", CHANNEL_NOON, 0);
    int64_t until = CHANNEL_NOON + 3600000;
    assert_int_equal(outbox_next(s, CHANNEL_WHATSAPP, NULL, until - 1, &m, &due), 0);
    assert_int_equal(due, until);
    assert_int_equal(channel_resume(s, CHANNEL_WHATSAPP), 0);
    assert_int_equal(channel_resume(s, CHANNEL_WHATSAPP), 1);
    take_next(s, CHANNEL_WHATSAPP, until, &m);
}

static void the_cap_counts_over_campaigns_and_channels(void **state)
{
    AUTO(sql) s = open_case(state, "cap");
    char party[CONTACT_PARTY_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    channel_outlet(s, 1, party);
    static const enum message_channel ways[] = {CHANNEL_SMS, CHANNEL_EMAIL, CHANNEL_WHATSAPP,
                                                CHANNEL_SMS};
    for (int i = 0; i < (int)ARRAY_LEN(ways); i++) {
        char key[32];
        char cause[32];
        snprintf(key, sizeof(key), "k%d", i);
        snprintf(cause, sizeof(cause), "campaign:K%d", i);
        assert_int_equal(channel_queue(s, key, ways[i], party, cause, NULL), 0);
        int got = outbox_next(s, ways[i], NULL, CHANNEL_NOON + i * INT64_C(60000), &m, &due);
        assert_int_equal(got, i < 3); /* campaign.contacts_week is 3 by default */
        if (got == 1)
            settle(s, &m, SENT_ACCEPTED, key, CHANNEL_NOON, 0);
    }
    assert_int_equal(relay_number(s, "SELECT count(*) FROM outbox WHERE why = 'frequency_cap'"), 1);
    assert_int_equal(channel_queue(s, "next week", CHANNEL_SMS, party, "x", NULL), 0);
    take_next(s, CHANNEL_SMS, CHANNEL_NOON + SEND_WEEK_MS + 60000, &m);
}

static void grant(struct sql *s, const char *name, const char *value)
{
    char cause[64];
    struct diag why = {0};
    snprintf(cause, sizeof(cause), "relayctl:%s:%s", name, value);
    struct setting_change change = {.name = name,
                                    .scope = "",
                                    .value = value,
                                    .by = "relayctl",
                                    .reason = "what was bought",
                                    .cause = cause,
                                    .wall_ms = CHANNEL_NOON};
    if (setting_change(s, &change, &why) < 0)
        fail_msg("%s: %s", name, why.text);
}

/* How many of the outlets' messages go at that time. */
static int send_all(struct sql *s, int64_t now_ms)
{
    AUTO(setting_book) book = NULL;
    struct outbox_message m;
    int64_t due = 0;
    int sent = 0;
    assert_int_equal(setting_book_read(s, &book), 0);
    while (outbox_next(s, CHANNEL_SMS, book, now_ms, &m, &due) == 1) {
        char id[32];
        snprintf(id, sizeof(id), "%" PRId64 "-%d", now_ms, sent++);
        settle(s, &m, SENT_ACCEPTED, id, now_ms, 0);
    }
    return sent;
}

static void what_is_beyond_a_quota_waits_and_a_confirmation_goes(void **state)
{
    AUTO(sql) s = open_case(state, "quota");
    const int64_t day = INT64_C(86400000);
    grant(s, "quota.messages_day", "2");
    grant(s, "quota.messages_month", "3");
    for (int i = 1; i <= 4; i++) {
        char party[CONTACT_PARTY_SIZE];
        char key[32];
        snprintf(key, sizeof(key), "offer%d", i);
        assert_int_equal(channel_queue(s, key, CHANNEL_SMS, channel_outlet(s, i, party), "x", NULL),
                         0);
    }
    assert_int_equal(send_all(s, CHANNEL_NOON), 2);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM outbox WHERE why = 'quota'"), 2);
    struct outbox_draft order = channel_offer_draft("order", CHANNEL_SMS, "OUT-9", "x");
    char party[CONTACT_PARTY_SIZE];
    channel_outlet(s, 9, party);
    order.purpose = PURPOSE_TRANSACTION;
    order.template = TEMPLATE_ORDER;
    order.variables = "{\"sku\":\"Biscuits\",\"units\":\"4\",\"offer\":\"6.50\"}";
    assert_int_equal(outbox_queue(s, &order, CHANNEL_NOON, NULL), 0);
    assert_int_equal(send_all(s, CHANNEL_NOON), 1);
    /* It counted: the month's three are used, and the rest waits for January. */
    assert_int_equal(send_all(s, CHANNEL_NOON + day), 0);
    assert_int_equal(send_all(s, CHANNEL_NOON + 20 * day), 2);
    struct quota_use use;
    AUTO(setting_book) book = NULL;
    assert_int_equal(setting_book_read(s, &book), 0);
    assert_int_equal(quota_read(s, book, QUOTA_MESSAGES_MONTH, CHANNEL_NOON, &use), 0);
    assert_true(use.used == 3 && use.allowed == 3);
}

static void an_offer_of_a_campaign_that_stopped_is_not_sent(void **state)
{
    AUTO(sql) s = open_case(state, "calledoff");
    char party[CONTACT_PARTY_SIZE];
    char id[OUTBOX_ID_SIZE];
    struct outbox_message m;
    int64_t due = 0;
    relay_run(s, "INSERT INTO campaign(campaign_id, proposal_id, state, why, site, sku, batch,"
                 " expiry_day, mrp_paise, units, sold_units, price_paise, floor_paise,"
                 " ceiling_paise, discount_permille, template, channels, holdout_permille,"
                 " start_day, end_day, made_ms, decided_by, decided_ms) VALUES('K1', '', 'paused',"
                 " '', 'PUNE', 'B', '', 0, 0, 1, 0, 1, 1, 1, 0, '', '', 0, 0, 0, 0, '', 0)");
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "a", CHANNEL_SMS, party, "campaign:K1", id), 0);
    assert_int_equal(outbox_next(s, CHANNEL_SMS, NULL, CHANNEL_NOON, &m, &due), 0);
    assert_state(s, id, "queued", "held");
    assert_int_equal(due, CHANNEL_NOON + SEND_HELD_MS);
    relay_run(s, "UPDATE campaign SET state = 'stopped'");
    assert_int_equal(outbox_next(s, CHANNEL_SMS, NULL, due, &m, &due), 0);
    assert_state(s, id, "blocked", "called_off: campaign_over");
}

static void a_template_that_is_refused_pauses_its_campaign(void **state)
{
    AUTO(sql) s = open_case(state, "paused");
    char party[CONTACT_PARTY_SIZE];
    struct outbox_message m;
    relay_run(s, "INSERT INTO campaign(campaign_id, proposal_id, state, why, site, sku, batch,"
                 " expiry_day, mrp_paise, units, sold_units, price_paise, floor_paise,"
                 " ceiling_paise, discount_permille, template, channels, holdout_permille,"
                 " start_day, end_day, made_ms, decided_by, decided_ms) VALUES('K1', '', 'running',"
                 " '', 'PUNE', 'B', '', 0, 0, 1, 0, 1, 1, 1, 0, '', '', 0, 0, 0, 0, '', 0)");
    channel_outlet(s, 1, party);
    assert_int_equal(channel_queue(s, "a", CHANNEL_WHATSAPP, party, "campaign:K1", NULL), 0);
    take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m);
    settle(s, &m, SENT_REFUSED, "132015", CHANNEL_NOON, 0);
    assert_int_equal(relay_number(s, "SELECT count(*) FROM campaign WHERE state = 'paused' AND"
                                     " why = '132015: template paused or disabled'"),
                     1);
}

/* ---- receipts in any order, answers anywhere among them ---- */

#define MESSAGES 12

struct fate { /* what the provider will say of one message, and what must hold at the end */
    enum receipt_status says[8];
    int count;
    bool answered;
};

static enum message_state want(const struct fate *f)
{
    enum message_state now = MESSAGE_SENT;
    for (int i = 0; i < f->count; i++)
        now = message_merge(now, f->says[i]);
    return now;
}

static void play(struct sql *s, struct outbox_message *m, struct fate *fates, struct rng *dice)
{
    int told[MESSAGES] = {0};
    int left = 0;
    for (int i = 0; i < MESSAGES; i++)
        left += fates[i].count + 1;
    while (left > 0) {
        int i = (int)rng_below(dice, MESSAGES);
        char provider_id[32];
        snprintf(provider_id, sizeof(provider_id), "wamid.%d", i);
        if (!fates[i].answered && rng_below(dice, 3) == 0) {
            struct send_outcome o = {.result = SENT_ACCEPTED};
            snprintf(o.provider_id, sizeof(o.provider_id), "%s", provider_id);
            assert_in_range(outbox_settle(s, &m[i], &o, CHANNEL_NOON), 0, 1);
            fates[i].answered = true;
            left--;
        } else if (told[i] < fates[i].count) {
            /* With our id, or only with theirs. */
            struct outbox_receipt r =
                receipt(CHANNEL_WHATSAPP, provider_id, rng_below(dice, 2) ? m[i].id : "",
                        fates[i].says[told[i]++]);
            assert_in_range(outbox_receive(s, &r, CHANNEL_NOON), 0, 1);
            left--;
        }
    }
}

static void receipts_and_answers_reconcile_in_any_interleaving(void **state)
{
    const struct relay_case *c = relay_case_of(state);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        char tenant[32];
        snprintf(tenant, sizeof(tenant), "mixed%d", (int)seed);
        AUTO(sql) s = open_case(state, tenant);
        struct rng dice = rng_seed(seed);
        struct outbox_message m[MESSAGES];
        struct fate fates[MESSAGES] = {0};
        for (int i = 0; i < MESSAGES; i++) {
            char party[CONTACT_PARTY_SIZE];
            char key[32];
            snprintf(key, sizeof(key), "k%d", i);
            channel_outlet(s, i, party);
            assert_int_equal(channel_queue(s, key, CHANNEL_WHATSAPP, party, "x", NULL), 0);
            take_next(s, CHANNEL_WHATSAPP, CHANNEL_NOON, &m[i]);
            fates[i].count = (int)rng_below(&dice, ARRAY_LEN(fates[i].says) + 1);
            for (int k = 0; k < fates[i].count; k++)
                fates[i].says[k] = (enum receipt_status)rng_below(&dice, RECEIPT_STATUS_COUNT);
        }
        play(s, m, fates, &dice);
        for (int i = 0; i < MESSAGES; i++) {
            AUTO(sql_query) q = sql_query(s, "SELECT state FROM outbox WHERE message_id = $1");
            sql_bind_text(q, 1, m[i].id);
            assert_int_equal(sql_step(q), 1);
            if (strcmp(sql_text(q, 0), message_state_name(want(&fates[i]))) != 0)
                fail_msg("%s, seed %d, message %d: %s", c->engine, (int)seed, i, sql_text(q, 0));
        }
        int64_t counts[MESSAGE_STATE_COUNT];
        int64_t sum = 0;
        assert_int_equal(outbox_count(s, "", counts), 0);
        for (int i = 0; i < MESSAGE_STATE_COUNT; i++)
            sum += counts[i];
        assert_int_equal(sum, relay_number(s, "SELECT count(*) FROM outbox"));
        sql_rollback(s);
    }
}

int main(void)
{
    static const struct relay_test tests[] = {
        {"a key is queued once for ever", a_key_is_queued_once_for_ever},
        {"a message is marked before it is handed out",
         a_message_is_marked_before_it_is_handed_out},
        {"a try of unknown outcome is repeated only where the provider takes an id once",
         a_try_of_unknown_outcome_is_repeated_only_where_it_is_known},
        {"an answer that comes too late ends the waiting",
         an_answer_that_comes_too_late_ends_the_waiting},
        {"refusals wait longer each time and end as dead letters",
         refusals_wait_longer_each_time_and_end_as_dead_letters},
        {"an address that cannot receive is suppressed, and SMS goes instead",
         an_address_that_cannot_receive_is_suppressed_and_sms_goes_instead},
        {"what stands in is not sent when the first arrived after all",
         what_stands_in_is_not_sent_when_the_first_arrived_after_all},
        {"a user who stopped marketing is in the ledger",
         a_user_who_stopped_marketing_is_in_the_ledger},
        {"a refused token rests the channel for all to see",
         a_refused_token_rests_the_channel_for_all_to_see},
        {"the frequency cap counts over campaigns and channels",
         the_cap_counts_over_campaigns_and_channels},
        {"what is beyond a quota waits for the next day or month, and a confirmation goes",
         what_is_beyond_a_quota_waits_and_a_confirmation_goes},
        {"an offer of a campaign that stopped is not sent",
         an_offer_of_a_campaign_that_stopped_is_not_sent},
        {"a template that the provider refuses pauses its campaign",
         a_template_that_is_refused_pauses_its_campaign},
        {"receipts and answers reconcile in any interleaving",
         receipts_and_answers_reconcile_in_any_interleaving},
    };
    return relay_run_tests("outbox", tests, ARRAY_LEN(tests));
}
