/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "financial_impact.h"
#include "rng.h"

struct row {
    const char *name;
    struct financial_impact_stock stock;
    struct financial_impact want;
};

/* With the default rates: 10 % and 12 % a year, 600 and 1000 paise a kg, 212 g a litre, 1.2 m3. */
static struct row rows[] = {
    {"a lakh of rupees for a year, 500 kg on two pallets",
     {.landed_paise = 10000000, .weight_g = 500000, .volume_ml = 2000000, .days = 365},
     {.carrying_paise = 1000000,
      .opportunity_paise = 1200000,
      .disposal_paise = 300000,
      .transport_paise = 500000,
      .total_paise = 3000000,
      .blocked_ml = 2000000,
      .blocked_pallets = 2}},
    {"light goods pay freight on their volume",
     {.weight_g = 10000, .volume_ml = 1000000}, /* 212 kg volumetric */
     {.disposal_paise = 6000,
      .transport_paise = 212000,
      .total_paise = 218000,
      .blocked_ml = 1000000,
      .blocked_pallets = 1}},
    {"half a paisa is rounded away from zero, part by part",
     {.landed_paise = 1825, .days = 1}, /* 0.5 carrying, 0.6 opportunity */
     {.carrying_paise = 1, .opportunity_paise = 1, .total_paise = 2}},
    {"nothing costs nothing", {0}, {0}},
    {"negative values count as nothing", {-5, -5, -5, -5}, {0}},
    {"a full pallet is one position",
     {.volume_ml = 1200000},
     {.transport_paise = 254400,
      .total_paise = 254400,
      .blocked_ml = 1200000,
      .blocked_pallets = 1}},
};

static void same(struct financial_impact got, struct financial_impact want)
{
    assert_int_equal(got.carrying_paise, want.carrying_paise);
    assert_int_equal(got.opportunity_paise, want.opportunity_paise);
    assert_int_equal(got.disposal_paise, want.disposal_paise);
    assert_int_equal(got.transport_paise, want.transport_paise);
    assert_int_equal(got.total_paise, want.total_paise);
    assert_int_equal(got.blocked_ml, want.blocked_ml);
    assert_int_equal(got.blocked_pallets, want.blocked_pallets);
}

static void impact_row(void **state)
{
    const struct row *r = *state;
    struct financial_impact_rates rates = financial_impact_rates_default();
    same(financial_impact(&r->stock, &rates), r->want);
}

/* Property 4 of the mission: the four costs are there, and they add up. */
static void the_total_is_the_sum_of_its_four_parts(void **state)
{
    (void)state;
    struct rng rng = rng_seed(4);
    for (int i = 0; i < 2000; i++) {
        struct financial_impact_stock s = {(int64_t)(rng_next(&rng) >> (rng_next(&rng) % 63)),
                                           (int64_t)(rng_next(&rng) >> (rng_next(&rng) % 63)),
                                           (int64_t)(rng_next(&rng) >> (rng_next(&rng) % 63)),
                                           (int32_t)rng_below(&rng, 1u << 31)};
        struct financial_impact_rates r = {
            (uint32_t)rng_next(&rng),       (uint32_t)rng_next(&rng),
            (int64_t)(rng_next(&rng) >> 2), (int64_t)(rng_next(&rng) >> 2),
            (uint32_t)rng_next(&rng),       (int64_t)rng_below(&rng, 5000000)};
        struct financial_impact got = financial_impact(&s, &r);
        assert_true(got.carrying_paise >= 0 && got.opportunity_paise >= 0);
        assert_true(got.disposal_paise >= 0 && got.transport_paise >= 0);
        assert_int_equal(got.total_paise, got.carrying_paise + got.opportunity_paise +
                                              got.disposal_paise + got.transport_paise);
    }
}

static void sums_over_places_add_field_by_field(void **state)
{
    (void)state;
    struct financial_impact a = {1, 2, 3, 4, 10, 5, 6};
    struct financial_impact b = {10, 20, 30, 40, 100, 50, 60};
    same(financial_impact_add(a, b), (struct financial_impact){11, 22, 33, 44, 110, 55, 66});
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, impact_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_total_is_the_sum_of_its_four_parts);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(sums_over_places_add_field_by_field);
    return cmocka_run_group_tests_name("financial_impact", tests, NULL, NULL);
}
