/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_world.h"

#include "alert.h"
#include "channel_offer.h"
#include "routing.h"

static void add_user(struct sql *s, const char *name, const char *role, const char *territories,
                     int channels)
{
    static const char *const addresses[CHANNEL_COUNT] = {"919811111111", "919811111111",
                                                         "a@example.in"};
    char party[CONTACT_PARTY_SIZE];
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO account_user(user_name, name, role, territories, password_hash,"
                     " state, failures, locked_until_ms, token_version, made_ms, changed_ms)"
                     " VALUES($1, $1, $2, $3, '', 'active', 0, 0, 0, 0, 0)");
    sql_bind_text(q, 1, name);
    sql_bind_text(q, 2, role);
    sql_bind_text(q, 3, territories);
    assert_int_equal(sql_run(q), 0);
    snprintf(party, sizeof(party), "user:%s", name);
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (channels & 1 << i)
            assert_in_range(channel_offer_contact(s, party, (enum message_channel)i, addresses[i]),
                            0, 1);
}

/* Noon of a weekday; managers of two territories, a technician and the owner. */
static struct world office(void **state, const char *tenant)
{
    struct world w = world_new(state, tenant);
    relay_begin(w.s, SQL_WRITE);
    assert_int_equal(message_template_seed(w.s, 1), 0);
    add_user(w.s, "mira", "manager", "west", 7);
    add_user(w.s, "nils", "manager", "north+east", 7);
    add_user(w.s, "otto", "owner", "", 4);
    add_user(w.s, "tara", "technician", "", 2);
    relay_commit(w.s);
    static const struct agent *const agents[] = {&agent_compliance, &agent_orchestrator,
                                                 &agent_notification};
    runtime_free(w.r);
    world_runtime(&w, agents, ARRAY_LEN(agents));
    return w;
}

static void raise_alert(struct world *w, const char *type, enum alert_severity severity,
                        const char *site)
{
    char id[ALERT_ID_SIZE];
    char cause[32];
    snprintf(id, sizeof(id), "%s:%s:%d", type, site, ++w->requests);
    snprintf(cause, sizeof(cause), "day:%d", w->requests);
    struct alert a = {id, type, severity, site, "BISC", "It is so.", "Look.", cause, "", w->now_ms};
    relay_begin(w->s, SQL_WRITE);
    assert_int_equal(alert_raise(w->s, &a, "agent:monitoring"), 0);
    relay_commit(w->s);
    world_settle(w);
}

static int64_t told(struct world *w, const char *party, const char *channel)
{
    relay_begin(w->s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(w->s, "SELECT count(*) FROM outbox WHERE party = $1 AND channel = $2");
    sql_bind_text(q, 1, party);
    sql_bind_text(q, 2, channel);
    assert_int_equal(sql_step(q), 1);
    int64_t n = sql_int(q, 0);
    sql_query_free(TAKE(q));
    sql_rollback(w->s);
    return n;
}

static int64_t all(struct world *w)
{
    return world_number(w, "SELECT count(*) FROM outbox");
}

static void an_alert_goes_to_whose_duty_and_place_it_is(void **state)
{
    struct world w = office(state, "duty");
    raise_alert(&w, "negative_stock", ALERT_HIGH, "PUNE");
    assert_int_equal(told(&w, "user:mira", "whatsapp"), 1);
    assert_int_equal(all(&w), 1);
    raise_alert(&w, "negative_stock", ALERT_MEDIUM, "DELHI");
    assert_int_equal(told(&w, "user:nils", "email"), 1);
    raise_alert(&w, "device_silent", ALERT_HIGH, "PUNE");
    assert_int_equal(told(&w, "user:tara", "sms"), 1);
    assert_int_equal(all(&w), 3);
    /* Nobody buys here: the manager hears of it. */
    raise_alert(&w, "low_stock", ALERT_MEDIUM, "PUNE");
    assert_int_equal(told(&w, "user:mira", "email"), 1);
    world_free(&w);
}

static void nobody_answers_and_the_next_are_told(void **state)
{
    struct world w = office(state, "next");
    raise_alert(&w, "negative_stock", ALERT_HIGH, "PUNE");
    w.now_ms += INT64_C(4) * 3600000 - 1;
    world_settle(&w);
    assert_int_equal(all(&w), 1);
    w.now_ms += 1;
    world_settle(&w);
    assert_int_equal(told(&w, "user:otto", "email"), 1);
    world_days(&w, 5);
    assert_int_equal(told(&w, "user:otto", "email"), 2); /* the last level, and then no more */
    world_free(&w);
}

static void who_acknowledges_has_it_in_hand(void **state)
{
    struct world w = office(state, "hand");
    raise_alert(&w, "negative_stock", ALERT_CRITICAL, "PUNE");
    relay_begin(w.s, SQL_WRITE);
    assert_int_equal(alert_acknowledge(w.s, "negative_stock:PUNE:1", "user:mira", w.now_ms), 0);
    relay_commit(w.s);
    world_days(&w, 3);
    assert_int_equal(all(&w), 1);
    world_free(&w);
}

static void a_wanted_decision_goes_to_those_who_may_decide(void **state)
{
    struct world w = office(state, "decision");
    char case_id[RECOVERY_ID_SIZE];
    char id[PROPOSAL_ID_SIZE];
    world_set(&w, "autonomy.on", "false");
    world_case(&w, "BISC", "B1", case_id);
    struct proposal p = world_draft(case_id, "BISC", "B1", "NASHIK", 60);
    world_propose(&w, &p, id);
    world_settle(&w);
    assert_int_equal(told(&w, "user:mira", "email"), 1);
    assert_int_equal(all(&w), 1);
    world_free(&w);
}

static void preferences_and_the_night_are_kept(void **state)
{
    struct world w = office(state, "night");
    relay_begin(w.s, SQL_WRITE);
    relay_run(w.s, "INSERT INTO notify_preference(user_name, least_severity, channel,"
                   " quiet_from_min, quiet_to_min, changed_ms) VALUES('mira', 'high', 'sms', 1200,"
                   " 420, 0)");
    relay_commit(w.s);
    int64_t day = civil_ist_start_ms(civil_ist_day(w.now_ms) + 1);
    w.now_ms = day + INT64_C(22) * 3600000;
    raise_alert(&w, "negative_stock", ALERT_HIGH, "PUNE");
    assert_int_equal(told(&w, "user:mira", "sms"), 1);
    assert_int_equal(world_number(&w, "SELECT due_ms FROM outbox"),
                     day + INT64_C(31) * 3600000); /* 07:00 */
    raise_alert(&w, "negative_stock", ALERT_CRITICAL, "PUNE");
    assert_int_equal(world_number(&w, "SELECT min(due_ms) FROM outbox"), w.now_ms);
    raise_alert(&w, "negative_stock", ALERT_MEDIUM, "PUNE"); /* less than mira wants to hear */
    assert_int_equal(told(&w, "user:mira", "sms"), 2);
    assert_int_equal(told(&w, "user:otto", "email"), 1);
    world_free(&w);
}

int main(void)
{
    static const struct relay_test tests[] = {
        {"an alert goes to those whose duty and place it is",
         an_alert_goes_to_whose_duty_and_place_it_is},
        {"nobody answers, and the next are told", nobody_answers_and_the_next_are_told},
        {"who acknowledges has it in hand", who_acknowledges_has_it_in_hand},
        {"a wanted decision goes to those who may decide",
         a_wanted_decision_goes_to_those_who_may_decide},
        {"preferences and the night are kept", preferences_and_the_night_are_kept},
    };
    return relay_run_tests("notification", tests, ARRAY_LEN(tests));
}
