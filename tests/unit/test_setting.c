/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_case.h"

#include <errno.h>
#include <inttypes.h>

#include "autonomy.h"
#include "event.h"
#include "event_type.h"
#include "setting.h"

static int set(struct sql *s, const char *name, const char *scope, const char *value,
               struct diag *why)
{
    static int request; /* each of its own */
    char cause[32];
    snprintf(cause, sizeof(cause), "request:%d", ++request);
    return setting_change(s,
                          &(struct setting_change){.name = name,
                                                   .scope = scope,
                                                   .value = value,
                                                   .by = "user:meera",
                                                   .reason = "stock moves slowly in the hills",
                                                   .cause = cause,
                                                   .wall_ms = 1000 + request},
                          why);
}

static void must_set(struct sql *s, const char *name, const char *scope, const char *value)
{
    struct diag why = {0};
    int err = set(s, name, scope, value, &why);
    if (err != 0)
        fail_msg("%s: %d: %s", name, err, why.text);
}

static void every_row_of_the_manual_is_sound(void **state)
{
    (void)state;
    for (int i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *r = setting_row((enum setting_id)i);
        enum setting_id found;
        assert_non_null(r->name);
        assert_int_equal(setting_find(r->name, &found), 0);
        assert_int_equal(found, i);
        assert_true(r->min <= r->preset && r->preset <= r->max);
        assert_true(strlen(r->name) < SETTING_NAME_SIZE);
        assert_true(r->help[0] && r->effect[0]);
        assert_true(setting_value(NULL, (enum setting_id)i, NULL) == r->preset);
    }
}

static void the_narrowest_scope_holds(void **state)
{
    AUTO(sql) s = relay_open(*state, "set-scope");
    relay_begin(s, SQL_WRITE);
    must_set(s, "autonomy.units", "", "10");
    must_set(s, "autonomy.units", "category:soap", "20");
    must_set(s, "autonomy.units", "territory:pune", "30");
    must_set(s, "autonomy.units", "agent:reallocation", "40");
    AUTO(setting_book) b = NULL;
    assert_int_equal(setting_book_read(s, &b), 0);
    const enum setting_id id = SETTING_AUTONOMY_UNITS;
    assert_true(setting_value(b, id, NULL) == 10);
    assert_true(setting_value(b, id, &(struct setting_for){.category = "soap"}) == 20);
    assert_true(
        setting_value(b, id, &(struct setting_for){.category = "soap", .territory = "pune"}) == 30);
    assert_true(setting_value(b, id, &(struct setting_for){"soap", "pune", "reallocation"}) == 40);
    assert_true(setting_value(b, id, &(struct setting_for){"tea", "nashik", "liquidation"}) == 10);
    assert_true(setting_value(b, SETTING_DEAD_DAYS, NULL) == 90);
    assert_true(setting_version(b) == 4);
}

static int keep_history(const struct setting_version_row *row, void *context)
{
    char *text = context;
    size_t n = strlen(text);
    snprintf(text + n, 256 - n, "%" PRId64 "=%s by %s;", row->version, row->value, row->made_by);
    return 0;
}

static int keep_body(const struct event *e, void *context)
{
    snprintf(context, 512, "%s %s", e->actor, e->body);
    return 0;
}

static void a_change_is_a_version_with_author_reason_and_effect(void **state)
{
    AUTO(sql) s = relay_open(*state, "set-change");
    relay_begin(s, SQL_WRITE);
    must_set(s, "dead.days", "", "120");
    must_set(s, "dead.days", "", "60");
    struct diag why = {0};
    assert_int_equal(set(s, "dead.days", "", "60", &why), 1);
    assert_int_equal(set(s, "dead.days", "", "060", &why), 1);
    AUTO(setting_book) b = NULL;
    assert_int_equal(setting_book_read(s, &b), 0);
    assert_true(setting_value(b, SETTING_DEAD_DAYS, NULL) == 60);
    char text[256] = "";
    assert_int_equal(setting_history(s, "dead.days", keep_history, text), 0);
    assert_string_equal(text, "2=60 by user:meera;1=120 by user:meera;");
    char body[512] = "";
    assert_int_equal(event_each(s,
                                &(struct event_filter){.type = EVENT_SETTING_CHANGED,
                                                       .subject = "setting:dead.days",
                                                       .newest_first = true,
                                                       .limit = 1},
                                keep_body, body),
                     0);
    assert_non_null(strstr(body, "user:meera"));
    assert_non_null(strstr(body, "\"before\":\"120\",\"after\":\"60\""));
    assert_non_null(strstr(body, "the hills"));
    assert_non_null(strstr(body, "next sweep"));
}

static void what_is_not_allowed_is_told(void **state)
{
    static const struct {
        const char *name, *scope, *value, *words;
        int err;
    } rows[] = {
        {"dead.dais", "", "1", "no setting", -ENOENT},
        {"dead.days", "", "0", "1 to 3650 days", -EINVAL},
        {"dead.days", "", "3651", "1 to 3650 days", -EINVAL},
        {"dead.days", "", "1.5", "1 to 3650 days", -EINVAL},
        {"dead.days", "", "", "1 to 3650 days", -EINVAL},
        {"dead.days", "agent:analysis", "5", "cannot be set", -EINVAL},
        {"dead.days", "shop:7", "5", "allowed are", -EINVAL},
        {"dead.days", "territory:", "5", "cannot be set", -EINVAL},
        {"kill.switch", "", "1", "true and false", -EINVAL},
    };
    AUTO(sql) s = relay_open(*state, "set-refused");
    relay_begin(s, SQL_WRITE);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag why = {0};
        assert_int_equal(set(s, rows[i].name, rows[i].scope, rows[i].value, &why), rows[i].err);
        assert_non_null(strstr(why.text, rows[i].words));
    }
    struct diag why = {0};
    struct setting_change mute = {.name = "dead.days",
                                  .scope = "",
                                  .value = "5",
                                  .by = "user:x",
                                  .reason = "",
                                  .cause = "request:mute",
                                  .wall_ms = 1};
    assert_int_equal(setting_change(s, &mute, &why), -EINVAL);
    assert_non_null(strstr(why.text, "reason"));
    assert_int_equal(relay_number(s, "SELECT count(*) FROM setting"), 0);
}

static void one_tenants_rules_are_not_anothers(void **state)
{
    AUTO(sql) a = relay_open(*state, "set-one");
    AUTO(sql) b = relay_open(*state, "set-two");
    relay_begin(a, SQL_WRITE);
    must_set(a, "dead.days", "", "7");
    relay_commit(a);
    relay_begin(b, SQL_READ);
    AUTO(setting_book) book = NULL;
    assert_int_equal(setting_book_read(b, &book), 0);
    assert_true(setting_value(book, SETTING_DEAD_DAYS, NULL) == 90);
    assert_true(setting_version(book) == 0);
}

static void an_agent_acts_alone_up_to_its_limits(void **state)
{
    static const struct {
        struct autonomy_ask ask;
        enum autonomy_verdict verdict;
        int limits;
    } rows[] = {
        {{.value_paise = 2500000, .units = 2000, .discount_permille = 150, .spend_paise = 1000000},
         AUTONOMY_ALONE,
         0},
        {{.value_paise = 2500001}, AUTONOMY_ONE_PERSON, AUTONOMY_VALUE},
        {{.units = 2001}, AUTONOMY_ONE_PERSON, AUTONOMY_UNITS},
        {{.discount_permille = 151}, AUTONOMY_ONE_PERSON, AUTONOMY_DISCOUNT},
        {{.spend_paise = 1000001}, AUTONOMY_ONE_PERSON, AUTONOMY_SPEND},
        {{.spend_paise = 2, .spent_today_paise = 999999}, AUTONOMY_ONE_PERSON, AUTONOMY_SPEND},
        {{.spend_paise = 1, .spent_today_paise = 999999}, AUTONOMY_ALONE, 0},
        {{.spent_today_paise = 2000000}, AUTONOMY_ALONE, 0},
        {{.value_paise = 20000001, .units = 2001},
         AUTONOMY_TWO_PERSONS,
         AUTONOMY_VALUE | AUTONOMY_UNITS},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct autonomy_ask ask = rows[i].ask;
        ask.agent = "reallocation";
        struct autonomy a = autonomy_judge(NULL, &ask);
        assert_int_equal(a.verdict, rows[i].verdict);
        assert_int_equal(a.limits, rows[i].limits);
    }
    char words[AUTONOMY_WORDS_SIZE];
    assert_string_equal(autonomy_limits_text(AUTONOMY_VALUE | AUTONOMY_SPEND, words),
                        "value+spend");
}

static void the_kill_switch_stops_one_agent_or_all(void **state)
{
    AUTO(sql) s = relay_open(*state, "set-kill");
    relay_begin(s, SQL_WRITE);
    must_set(s, "kill.switch", "agent:liquidation", "true");
    AUTO(setting_book) one = NULL;
    assert_int_equal(setting_book_read(s, &one), 0);
    struct autonomy_ask mine = {.agent = "liquidation"}, other = {.agent = "reallocation"};
    assert_int_equal(autonomy_judge(one, &mine).verdict, AUTONOMY_STOPPED);
    assert_int_equal(autonomy_judge(one, &other).verdict, AUTONOMY_ALONE);
    must_set(s, "kill.switch", "", "true");
    AUTO(setting_book) all = NULL;
    assert_int_equal(setting_book_read(s, &all), 0);
    assert_int_equal(autonomy_judge(all, &other).verdict, AUTONOMY_STOPPED);
}

static const struct relay_test tests[] = {
    {"every row of the manual is sound", every_row_of_the_manual_is_sound},
    {"the narrowest scope holds", the_narrowest_scope_holds},
    {"a change is a version with author, reason and effect",
     a_change_is_a_version_with_author_reason_and_effect},
    {"what is not allowed is told", what_is_not_allowed_is_told},
    {"one tenant's rules are not another's", one_tenants_rules_are_not_anothers},
    {"an agent acts alone up to its limits", an_agent_acts_alone_up_to_its_limits},
    {"the kill switch stops one agent or all", the_kill_switch_stops_one_agent_or_all},
};

int main(void)
{
    return relay_run_tests("setting", tests, ARRAY_LEN(tests));
}
