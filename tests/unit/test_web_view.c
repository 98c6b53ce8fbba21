/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdlib.h>

#include "civil.h"
#include "web_view.h"

static struct station_view a_view(void)
{
    return (struct station_view){
        .post = "dock-1",
        .version = 7,
        .answers = 7,
        .worker = "W01",
        .worker_name = "रमेश",
        .language = "hi",
        .flow = "pick",
        .document = "SO-1",
        .prompt = {.code = "take", .args = {"3", "", "B-07"}},
        .answer = {.code = "repeat"},
        .answer_tone = TONE_ATTENTION,
        .has_target = true,
        .target = {.sku = "TEA",
                   .name = "Tea \"gold\"",
                   .batch = {.number = "L1", .expiry_day = 20727, .mrp_paise = 12500},
                   .expiry_kind = EXPIRY_BEST_BEFORE,
                   .made_day = CIVIL_NONE,
                   .qty = 3,
                   .qty_text = "3 pieces",
                   .bin = "B-07",
                   .days_left = -2},
        .done = 1,
        .total = 4,
        .keypad = KEYPAD_NUMBER,
        .keypad_prefix = "qty:",
        .choices = {{.command = "short", .label = {.code = "short"}, .danger = true}},
        .choices_count = 1,
        .recent = {{.code = "picked", .args = {"2"}}},
        .recent_count = 1,
    };
}

static void check(char *json, const char *want)
{
    assert_non_null(json);
    assert_string_equal(json, want);
    free(json);
}

static void a_view_is_written_whole(void **state)
{
    (void)state;
    struct station_view view = a_view();
    check(web_view_json(&view, false),
          "{\"post\":\"dock-1\",\"version\":7,\"answers\":7,\"locked\":false,\"worker\":\"W01\","
          "\"worker_name\":\"रमेश\",\"language\":\"hi\",\"clock_doubtful\":false,"
          "\"flow\":\"pick\",\"document\":\"SO-1\","
          "\"prompt\":{\"code\":\"take\",\"args\":[\"3\",\"\",\"B-07\"]},"
          "\"answer\":{\"code\":\"repeat\",\"args\":[],\"tone\":\"attention\"},\"item\":null,"
          "\"target\":{\"sku\":\"TEA\",\"name\":\"Tea \\\"gold\\\"\",\"name_hi\":null,"
          "\"batch\":\"L1\",\"expiry\":\"2026-10-01\",\"expiry_kind\":\"best_before\","
          "\"made\":null,\"mrp_paise\":12500,\"qty\":3,\"qty_text\":\"3 pieces\",\"bin\":\"B-07\","
          "\"days_left\":-2},\"progress\":{\"done\":1,\"total\":4},"
          "\"keypad\":{\"kind\":\"number\",\"prefix\":\"qty:\"},"
          "\"choices\":[{\"command\":\"short\",\"label\":{\"code\":\"short\",\"args\":[]},"
          "\"primary\":false,\"danger\":true}],"
          "\"recent\":[{\"code\":\"picked\",\"args\":[\"2\"]}]}");
}

static void a_locked_view_tells_nothing_of_the_work(void **state)
{
    (void)state;
    struct station_view view = a_view();
    check(web_view_json(&view, true),
          "{\"post\":\"dock-1\",\"version\":7,\"answers\":7,\"locked\":true,\"worker\":null,"
          "\"worker_name\":\"रमेश\",\"language\":\"hi\",\"clock_doubtful\":false}");
}

static void what_is_not_known_is_null(void **state)
{
    (void)state;
    struct station_view view = {.post = "p",
                                .language = "en",
                                .has_item = true,
                                .item = {.batch = {.expiry_day = CIVIL_NONE},
                                         .made_day = CIVIL_NONE,
                                         .days_left = INT32_MAX}};
    check(web_view_json(&view, false),
          "{\"post\":\"p\",\"version\":0,\"answers\":0,\"locked\":false,\"worker\":null,\"worker_"
          "name\":null,"
          "\"language\":\"en\",\"clock_doubtful\":false,\"flow\":\"\",\"document\":null,"
          "\"prompt\":null,\"answer\":null,\"item\":{\"sku\":null,\"name\":null,\"name_hi\":null,"
          "\"batch\":null,\"expiry\":null,\"expiry_kind\":\"use_by\",\"made\":null,"
          "\"mrp_paise\":0,\"qty\":0,\"qty_text\":null,\"bin\":null,\"days_left\":null},"
          "\"target\":null,\"progress\":null,\"keypad\":null,\"choices\":[],\"recent\":[]}");
}

static void an_answer_carries_its_view(void **state)
{
    (void)state;
    struct station_view view = a_view();
    struct station_answer answer = {
        .post = "dock-1", .tone = TONE_REJECT, .message = {.code = "no"}, .first_seq = 0};
    check(web_answer_json(&answer, &view, true),
          "{\"tone\":\"reject\",\"message\":{\"code\":\"no\",\"args\":[]},\"first_seq\":0,"
          "\"entries\":0,\"view\":{\"post\":\"dock-1\",\"version\":7,\"answers\":7,\"locked\":true,"
          "\"worker\":null,\"worker_name\":\"रमेश\",\"language\":\"hi\","
          "\"clock_doubtful\":false}}");
}

static void an_error_says_code_and_what_is_allowed(void **state)
{
    (void)state;
    check(web_error_json("method", "not so", "GET"),
          "{\"error\":\"method\",\"message\":\"not so\",\"allowed\":\"GET\"}");
    check(web_error_json("path", "none", NULL),
          "{\"error\":\"path\",\"message\":\"none\",\"allowed\":null}");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_view_is_written_whole),
        cmocka_unit_test(a_locked_view_tells_nothing_of_the_work),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(an_answer_carries_its_view),
        cmocka_unit_test(an_error_says_code_and_what_is_allowed),
    };
    return cmocka_run_group_tests_name("web_view", tests, NULL, NULL);
}
