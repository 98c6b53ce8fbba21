/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <math.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "festival.h"
#include "season.h"

#define MAHARASHTRA 27
#define KERALA 32
#define WEEKS 156

static double work[SEASON_WORK];

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_int_equal(civil_parse(text, &day), 0);
    return day;
}

static void diwali_moves_and_is_kept_everywhere(void **state)
{
    (void)state;
    const struct festival *f = festival_ahead("dry_fruits", KERALA, day_of("2026-10-15"), 30);
    assert_non_null(f);
    assert_string_equal(f->name, "Diwali");
    assert_int_equal(f->day, day_of("2026-11-08"));
    f = festival_ahead("dry_fruits", KERALA, day_of("2024-10-15"), 30);
    assert_int_equal(f->day, day_of("2024-10-31"));
}

static void a_state_keeps_its_own_festivals(void **state)
{
    (void)state;
    const struct festival *onam = festival_ahead("oil", KERALA, day_of("2026-08-01"), 30);
    assert_non_null(onam);
    assert_string_equal(onam->name, "Onam (Thiruvonam)");
    assert_null(festival_ahead("oil", MAHARASHTRA, day_of("2026-08-01"), 30));
}

static void goods_that_no_festival_lifts_wait_for_none(void **state)
{
    (void)state;
    assert_null(festival_ahead("stationery", MAHARASHTRA, day_of("2026-10-15"), 60));
    assert_null(festival_ahead("", MAHARASHTRA, day_of("2026-10-15"), 60));
}

static void a_festival_that_is_over_is_not_ahead(void **state)
{
    (void)state;
    const struct festival *f = festival_ahead("dry_fruits", MAHARASHTRA, day_of("2026-11-09"), 200);
    assert_true(!f || f->day > day_of("2026-11-09"));
}

static void a_juice_is_a_beverage(void **state)
{
    (void)state;
    const struct festival *f = festival_ahead("juice", MAHARASHTRA, day_of("2026-05-20"), 14);
    assert_non_null(f);
    assert_string_equal(f->name, "Eid al-Adha");
}

/* Weeks of 1000 with what the two weeks before each Diwali add. */
static void fill(double *week, int32_t first, uint32_t n, double lift)
{
    static const char *const diwali[] = {"2023-11-12", "2024-10-31", "2025-10-20", "2026-11-08"};
    for (uint32_t t = 0; t < n; t++) {
        int32_t middle = first + (int32_t)t * 7 + 3;
        week[t] = 1000;
        for (size_t i = 0; i < ARRAY_LEN(diwali); i++) {
            int32_t before = day_of(diwali[i]) - middle;
            if (before > 0 && before <= 14)
                week[t] *= lift;
        }
    }
}

static void the_weeks_before_a_moving_festival_are_learnt(void **state)
{
    (void)state;
    int32_t first = day_of("2023-06-05");
    double week[WEEKS];
    fill(week, first, WEEKS, 2.0);
    struct season s = season_fit(week, WEEKS, first, MAHARASHTRA, "dry_fruits", work);
    /* 2026: the festival is three weeks later than in 2025, and so is the lift */
    double before = season_factor(&s, day_of("2026-11-01"));
    double a_year_after = season_factor(&s, day_of("2026-10-14"));
    assert_true(before > 1.2);
    assert_true(a_year_after < before - 0.1);
    double lift = season_lift(&s, day_of("2026-10-01"), day_of("2026-10-26"), 14, 28);
    assert_true(lift > 1.15);
}

static void steady_demand_has_no_season(void **state)
{
    (void)state;
    int32_t first = day_of("2023-06-05");
    double week[WEEKS];
    fill(week, first, WEEKS, 1.0);
    struct season s = season_fit(week, WEEKS, first, MAHARASHTRA, "dry_fruits", work);
    for (int32_t d = 0; d < 365; d++)
        assert_true(fabs(season_factor(&s, day_of("2026-01-01") + d) - 1) < 1e-9);
}

static void a_short_history_is_flat(void **state)
{
    (void)state;
    double week[SEASON_WEEKS_MIN - 1];
    fill(week, day_of("2026-01-05"), ARRAY_LEN(week), 3.0);
    struct season s =
        season_fit(week, ARRAY_LEN(week), day_of("2026-01-05"), KERALA, "dry_fruits", work);
    assert_true(season_lift(&s, day_of("2026-10-01"), day_of("2026-10-26"), 14, 28) == 1);
}

static void no_factor_runs_away(void **state)
{
    (void)state;
    int32_t first = day_of("2023-06-05");
    double week[WEEKS];
    for (uint32_t t = 0; t < WEEKS; t++)
        week[t] = t % 9 == 0 ? 1e9 : 0;
    struct season s = season_fit(week, WEEKS, first, MAHARASHTRA, "sweets", work);
    for (int32_t d = 0; d < 730; d++) {
        double f = season_factor(&s, first + d);
        assert_true(f <= SEASON_FACTOR_MAX && f >= 1 / SEASON_FACTOR_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(diwali_moves_and_is_kept_everywhere),
        cmocka_unit_test(a_state_keeps_its_own_festivals),
        cmocka_unit_test(goods_that_no_festival_lifts_wait_for_none),
        cmocka_unit_test(a_festival_that_is_over_is_not_ahead),
        cmocka_unit_test(a_juice_is_a_beverage),
        cmocka_unit_test(the_weeks_before_a_moving_festival_are_learnt),
        cmocka_unit_test(steady_demand_has_no_season),
        cmocka_unit_test(a_short_history_is_flat),
        cmocka_unit_test(no_factor_runs_away),
    };
    return cmocka_run_group_tests_name("season", tests, NULL, NULL);
}
