/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of dying stock as a screen gets them, over a real journal in a folder of its own. */
#include "test.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "detect.h"
#include "master.h"
#include "opening.h"
#include "scratch.h"
#include "web_list.h"

#define DAY_ZERO 20700 /* 2026-09-04 */
#define HISTORY_DAYS 200
#define HISTORY_MAX 32768

static const char catalogue[] =
    "sku,name,name_hi,category,unit,shelf_life_days,outlet_days,needs,cost,mrp,volume_ml\n"
    "FAST,Fast biscuits,,biscuits,piece,400,10,expiry,8.00,10.00,200\n"
    "IDLE,Idle soap,साबुन,soap,piece,900,30,expiry,20.00,30.00,100\n"
    "ODD,Odd thing,,,piece,900,30,expiry,5.00,9.00,5000\n"
    "SLOW,Slow shampoo,,soap,piece,900,30,expiry,40.00,60.00,300\n";
static const char bins[] = "bin,kind,volume_ml,walk\nA-01,rack,0,1\n";
static const char opening[] = "bin,sku,batch,made,expiry,mrp,qty\n"
                              "A-01,FAST,F1,,2027-09-01,,600\n"
                              "A-01,IDLE,I1,,2029-02-20,,50\n"
                              "A-01,ODD,O1,,2029-02-20,,400\n"
                              "A-01,SLOW,S1,,2029-02-20,,120\n";

struct world {
    struct scratch scratch;
    struct journal *journal;
    struct detect *detect;
    struct web_floor floor;
};

static void set_day(struct world *w, int32_t day)
{
    w->floor.now = (struct journal_time){.wall_ms = civil_ist_start_ms(DAY_ZERO + day) + 43200000,
                                         .mono_ms = (int64_t)(day + 1) * 86400000,
                                         .boot = 1,
                                         .trust = CLOCK_NTP};
}

/* FAST sells 3 a day; SLOW 4, and 1 in the last 30 days; IDLE 2 until 120 days ago; ODD never. */
static int64_t sold(const char *sku, int32_t days_ago)
{
    if (strcmp(sku, "FAST") == 0)
        return 3;
    if (strcmp(sku, "SLOW") == 0)
        return days_ago <= 30 ? 1 : 4;
    return days_ago > 120 ? 2 : 0;
}

static void write_history(char text[HISTORY_MAX])
{
    static const char *const skus[] = {"FAST", "IDLE", "SLOW"};
    size_t used = (size_t)snprintf(text, HISTORY_MAX, "sku,day,units\n");
    for (size_t i = 0; i < ARRAY_LEN(skus); i++)
        for (int32_t ago = HISTORY_DAYS; ago > 0; ago--) {
            char day[CIVIL_TEXT_SIZE];
            if (sold(skus[i], ago) > 0)
                used +=
                    (size_t)snprintf(text + used, HISTORY_MAX - used, "%s,%s,%d\n", skus[i],
                                     civil_format(DAY_ZERO - ago, day), (int)sold(skus[i], ago));
        }
    assert_true(used < HISTORY_MAX);
}

static void apply(struct world *w, enum document_type type, const char *text)
{
    struct diag why = {0};
    int err = master_apply(w->journal, &w->floor.now, type, 1, text, strlen(text), &why);
    if (err < 0)
        fail_msg("%d: line %d: %s", err, why.line, why.text);
    assert_int_equal(journal_commit(w->journal), 0);
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    w->scratch = scratch_new();
    set_day(w, 0);
    struct journal_conf conf = {
        .path = scratch_path(&w->scratch, "journal.db"), .origin = {"t", "d", 1}, .site = "s"};
    struct journal_opening opened;
    struct diag why = {0};
    assert_int_equal(journal_open(&conf, &w->floor.now, &opened, &why, &w->journal), 0);
    static char history[HISTORY_MAX];
    write_history(history);
    apply(w, DOCUMENT_CATALOGUE, catalogue);
    apply(w, DOCUMENT_BINS, bins);
    apply(w, DOCUMENT_HISTORY, history);
    assert_int_equal(opening_import(w->journal, &w->floor.now, opening, strlen(opening), &why), 4);

    struct detect_conf terms = detect_conf_default();
    assert_int_equal(detect_open(&terms, w->journal, DAY_ZERO, &why, &w->detect), 0);
    detect_begin_day(w->detect, DAY_ZERO);
    assert_int_equal(detect_step(w->detect, &w->floor.now, 100), 0);
    assert_int_equal(journal_commit(w->journal), 0);
    detect_committed(w->detect, true);
    w->floor.journal = w->journal;
    w->floor.detect = w->detect;
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    detect_free(w->detect);
    journal_free(w->journal);
    scratch_remove(&w->scratch);
    free(w);
    return 0;
}

/* The answer of a list; the caller deletes it. */
static cJSON *ask(const struct world *w, const char *path)
{
    struct web_request request = {.route = NULL};
    assert_int_equal(web_route_find("GET", path, NULL, request.param, &request.route), 0);
    struct web_reply reply = web_list(&request, &w->floor);
    assert_int_equal(reply.status, 200);
    cJSON *json = cJSON_Parse(reply.json);
    assert_non_null(json);
    free(reply.json);
    return json;
}

static int64_t number(const cJSON *from, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(from, name);
    if (!cJSON_IsNumber(value))
        fail_msg("%s is no number", name);
    return (int64_t)cJSON_GetNumberValue(value);
}

static const char *text(const cJSON *from, const char *name)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(from, name));
    return value ? value : "";
}

static const cJSON *row_of(const cJSON *json, const char *name, const char *value)
{
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(
                                json, "rows")) if (strcmp(text(row, name), value) == 0) return row;
    fail_msg("no row of %s", value);
    return NULL;
}

static void what_does_not_sell_comes_by_rupees(void **state)
{
    cJSON *json = ask(*state, "/api/v1/slow-stock");
    static const char *const skus[] = {"SLOW", "ODD", "IDLE"}; /* 4800, 2000 and 1000 rupees */
    static const char *const statuses[] = {"slow_moving", "dead", "dead"};
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(json, "rows");
    assert_int_equal(cJSON_GetArraySize(rows), ARRAY_LEN(skus));
    for (size_t i = 0; i < ARRAY_LEN(skus); i++) {
        const cJSON *row = cJSON_GetArrayItem(rows, (int)i);
        assert_string_equal(text(row, "sku"), skus[i]);
        assert_string_equal(text(row, "status"), statuses[i]);
    }
    assert_true(cJSON_IsFalse(cJSON_GetObjectItemCaseSensitive(json, "more")));
    cJSON_Delete(json);
}

static void a_dead_sku_says_how_long_and_what_it_costs(void **state)
{
    cJSON *json = ask(*state, "/api/v1/slow-stock");
    const cJSON *idle = row_of(json, "sku", "IDLE");
    assert_string_equal(text(idle, "name_hi"), "साबुन");
    assert_string_equal(text(idle, "category"), "soap");
    assert_int_equal(number(idle, "idle_days"), 120);
    assert_int_equal(number(idle, "age_days"), HISTORY_DAYS);
    assert_int_equal(number(idle, "velocity_milli"), 0);
    assert_int_equal(number(idle, "earlier_milli"), 0);
    assert_int_equal(number(idle, "horizon_days"), 60);
    assert_in_range(number(idle, "no_sale_permille"), 500, 1000);
    assert_in_range(number(idle, "score"), 60, 100);
    assert_int_equal(number(idle, "qty"), 50);
    assert_int_equal(number(idle, "landed_paise"), 50 * 2000);
    const cJSON *impact = cJSON_GetObjectItemCaseSensitive(idle, "impact");
    /* 60 days at 10 % and 12 % a year on 1000 rupees; 5 litres weigh 1060 g, freight 10 rupees a
     * kg. */
    assert_int_equal(number(impact, "carrying_paise"), 1644);
    assert_int_equal(number(impact, "opportunity_paise"), 1973);
    assert_int_equal(number(impact, "transport_paise"), 1060);
    assert_int_equal(number(impact, "blocked_ml"), 5000);
    assert_int_equal(number(impact, "blocked_pallets"), 1);
    cJSON_Delete(json);
}

static void a_slow_sku_says_how_it_sold_before(void **state)
{
    cJSON *json = ask(*state, "/api/v1/slow-stock");
    const cJSON *slow = row_of(json, "sku", "SLOW");
    assert_int_equal(number(slow, "idle_days"), 0);
    assert_int_equal(number(slow, "velocity_milli"), 1000);
    assert_int_equal(number(slow, "earlier_milli"), 4000);
    cJSON_Delete(json);
}

static void score_and_costs_are_the_sums_of_their_parts(void **state)
{
    static const char *const costs[] = {"carrying_paise", "opportunity_paise", "disposal_paise",
                                        "transport_paise"};
    cJSON *json = ask(*state, "/api/v1/slow-stock");
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(json, "rows"))
    {
        int64_t points = 0;
        const cJSON *factors = cJSON_GetObjectItemCaseSensitive(row, "factors");
        const cJSON *factor = NULL;
        assert_int_equal(cJSON_GetArraySize(factors), 3);
        cJSON_ArrayForEach(factor, factors) points += number(factor, "points");
        assert_int_equal(points, number(row, "score"));
        assert_in_range(number(row, "score"), 0, 100);
        const cJSON *impact = cJSON_GetObjectItemCaseSensitive(row, "impact");
        int64_t sum = 0;
        for (size_t i = 0; i < ARRAY_LEN(costs); i++)
            sum += number(impact, costs[i]);
        assert_int_equal(sum, number(impact, "total_paise"));
    }
    cJSON_Delete(json);
}

/* Every number below `to`, whatever its name, added to the member of the same name in `sums`. */
static void add_numbers(cJSON *sums, const cJSON *from)
{
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, from)
    {
        cJSON *sum = cJSON_GetObjectItemCaseSensitive(sums, value->string);
        if (cJSON_IsNumber(value))
            cJSON_SetNumberValue(sum, cJSON_GetNumberValue(sum) + cJSON_GetNumberValue(value));
        else if (cJSON_IsObject(value))
            add_numbers(sum, value);
    }
}

static void negate(cJSON *numbers)
{
    cJSON *value = NULL;
    cJSON_ArrayForEach(value, numbers)
    {
        if (cJSON_IsNumber(value))
            cJSON_SetNumberValue(value, -cJSON_GetNumberValue(value));
        else
            negate(value);
    }
}

static void assert_zero(const cJSON *numbers)
{
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, numbers)
    {
        if (cJSON_IsObject(value))
            assert_zero(value);
        else if (cJSON_GetNumberValue(value) != 0)
            fail_msg("%s is off by %.0f", value->string, cJSON_GetNumberValue(value));
    }
}

static void categories_add_up_to_all(void **state)
{
    cJSON *json = ask(*state, "/api/v1/risk-totals");
    cJSON *all = cJSON_GetObjectItemCaseSensitive(json, "all");
    assert_int_equal(number(all, "skus"), 4);
    assert_int_equal(number(all, "dead_skus"), 2);
    assert_int_equal(number(all, "slow_skus"), 1);
    assert_int_equal(number(all, "landed_paise"), 60000 * 8 + 100000 + 200000 + 480000);
    assert_true(number(cJSON_GetObjectItemCaseSensitive(all, "impact"), "total_paise") > 0);

    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(json, "rows");
    assert_int_equal(cJSON_GetArraySize(rows), 3); /* none, biscuits, soap */
    assert_int_equal(number(row_of(json, "category", "soap"), "skus"), 2);
    assert_true(
        cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(rows, 0), "category")));
    negate(all);
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, rows) add_numbers(all, row);
    assert_zero(all);
    cJSON_Delete(json);
}

static void totals_agree_with_the_list(void **state)
{
    cJSON *list = ask(*state, "/api/v1/slow-stock");
    cJSON *totals = ask(*state, "/api/v1/risk-totals");
    int64_t paise = 0;
    int64_t ml = 0;
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(list, "rows"))
    {
        const cJSON *impact = cJSON_GetObjectItemCaseSensitive(row, "impact");
        paise += number(impact, "total_paise");
        ml += number(impact, "blocked_ml");
    }
    const cJSON *all =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(totals, "all"), "impact");
    assert_int_equal(number(all, "total_paise"), paise);
    assert_int_equal(number(all, "blocked_ml"), ml);
    cJSON_Delete(list);
    cJSON_Delete(totals);
}

static void without_scores_there_are_no_rows_and_no_sums(void **state)
{
    struct world *w = *state;
    w->floor.detect = NULL;
    static const char *const paths[] = {"/api/v1/slow-stock", "/api/v1/risk-totals"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        cJSON *json = ask(w, paths[i]);
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "rows")), 0);
        assert_zero(cJSON_GetObjectItemCaseSensitive(json, "all"));
        cJSON_Delete(json);
    }
}

static void both_tell_stock_and_ask_for_a_worker(void **state)
{
    (void)state;
    static const char *const paths[] = {"/api/v1/slow-stock", "/api/v1/risk-totals"};
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        char param[WEB_PARAM_SIZE];
        const struct web_route *route = NULL;
        assert_int_equal(web_route_find("GET", paths[i], NULL, param, &route), 0);
        assert_int_equal(route->access, ACCESS_WORKER);
        assert_true(route->tells_stock);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_does_not_sell_comes_by_rupees, setup, teardown),
        cmocka_unit_test_setup_teardown(a_dead_sku_says_how_long_and_what_it_costs, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_slow_sku_says_how_it_sold_before, setup, teardown),
        cmocka_unit_test_setup_teardown(score_and_costs_are_the_sums_of_their_parts, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(categories_add_up_to_all, setup, teardown),
        cmocka_unit_test_setup_teardown(totals_agree_with_the_list, setup, teardown),
        cmocka_unit_test_setup_teardown(without_scores_there_are_no_rows_and_no_sums, setup,
                                        teardown),
        cmocka_unit_test(both_tell_stock_and_ask_for_a_worker),
    };
    return cmocka_run_group_tests_name("web_list_risk", tests, NULL, NULL);
}
