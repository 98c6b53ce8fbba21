/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "price.h"

#define PAISA 10000 /* microrupees */

struct row {
    const char *name;
    struct price_input in;
    int err;
    enum price_verdict verdict;
    enum price_alternative alternative;
    int64_t floor_paise;
    int64_t ceiling_paise;
    int64_t with_tax_paise;
};

static struct row rows[] = {
    {"with tax exactly the MRP",
     {.price_microrupees = 2000 * PAISA,
      .price_includes_tax = true,
      .gst_ppm = 50000,
      .mrp_paise = 2000},
     0,
     PRICE_OK,
     PRICE_DESTROY,
     0,
     1904,
     2000},
    {"a hundredth of a paisa above the MRP",
     {.price_microrupees = 2000 * PAISA + 100,
      .price_includes_tax = true,
      .gst_ppm = 50000,
      .mrp_paise = 2000},
     0,
     PRICE_ABOVE_MRP,
     PRICE_DESTROY,
     0,
     1904,
     2001},
    {"before tax as high as it may be",
     {.price_microrupees = 1904 * PAISA, .gst_ppm = 50000, .mrp_paise = 2000},
     0,
     PRICE_OK,
     PRICE_DESTROY,
     0,
     1904,
     2000},
    {"before tax a paisa higher",
     {.price_microrupees = 1905 * PAISA, .gst_ppm = 50000, .mrp_paise = 2000},
     0,
     PRICE_ABOVE_MRP,
     PRICE_DESTROY,
     0,
     1904,
     2001},
    {"cess counts into the MRP",
     {.price_microrupees = 1429 * PAISA, .gst_ppm = 280000, .cess_ppm = 120000, .mrp_paise = 2000},
     0,
     PRICE_ABOVE_MRP,
     PRICE_DESTROY,
     0,
     1428,
     2001},
    {"nothing is printed",
     {.price_microrupees = 100000 * PAISA, .gst_ppm = 50000},
     0,
     PRICE_OK,
     PRICE_DESTROY,
     0,
     INT64_MAX,
     105000},
    {"the supplier pays more",
     {.price_microrupees = 899 * PAISA,
      .returnable = true,
      .return_claim_paise = 1000,
      .return_cost_paise = 150,
      .selling_cost_paise = 50},
     0,
     PRICE_BELOW_FLOOR,
     PRICE_RETURN,
     900,
     INT64_MAX,
     899},
    {"the supplier pays as much",
     {.price_microrupees = 900 * PAISA,
      .returnable = true,
      .return_claim_paise = 1000,
      .return_cost_paise = 150,
      .selling_cost_paise = 50},
     0,
     PRICE_OK,
     PRICE_RETURN,
     900,
     INT64_MAX,
     900},
    {"with tax, the floor is before tax",
     {.price_microrupees = 900 * PAISA,
      .price_includes_tax = true,
      .gst_ppm = 50000,
      .returnable = true,
      .return_claim_paise = 900},
     0,
     PRICE_BELOW_FLOOR,
     PRICE_RETURN,
     900,
     INT64_MAX,
     900},
    {"the claim counts only if goods may go back",
     {.price_microrupees = 1 * PAISA, .return_claim_paise = 1000},
     0,
     PRICE_OK,
     PRICE_DESTROY,
     0,
     INT64_MAX,
     1},
    {"destroying costs: selling may cost less than that",
     {.price_microrupees = 0,
      .disposal_cost_paise = 100,
      .credit_reversal_paise = 50,
      .selling_cost_paise = 150},
     0,
     PRICE_OK,
     PRICE_DESTROY,
     0,
     INT64_MAX,
     0},
    {"selling costs more than destroying",
     {.price_microrupees = 0,
      .disposal_cost_paise = 100,
      .credit_reversal_paise = 50,
      .selling_cost_paise = 151},
     0,
     PRICE_BELOW_FLOOR,
     PRICE_DESTROY,
     1,
     INT64_MAX,
     0},
    {"a return that costs more than destroying",
     {.price_microrupees = 0,
      .returnable = true,
      .return_cost_paise = 200,
      .disposal_cost_paise = 100},
     0,
     PRICE_OK,
     PRICE_DESTROY,
     0,
     INT64_MAX,
     0},
    {"the law goes before the purse",
     {.price_microrupees = 2001 * PAISA,
      .mrp_paise = 2000,
      .returnable = true,
      .return_claim_paise = 5000},
     0,
     PRICE_ABOVE_MRP,
     PRICE_RETURN,
     5000,
     2000,
     2001},
    {"a negative price", {.price_microrupees = -1}, -EINVAL, PRICE_OK, PRICE_RETURN, 0, 0, 0},
    {"a negative rate", {.gst_ppm = -1}, -EINVAL, PRICE_OK, PRICE_RETURN, 0, 0, 0},
    {"more than fits", {.selling_cost_paise = INT64_MAX}, -ERANGE, PRICE_OK, PRICE_RETURN, 0, 0, 0},
};

static void price_row(void **state)
{
    const struct row *r = *state;
    struct price got = {.floor_paise = 4711};
    assert_int_equal(price_judge(&r->in, &got), r->err);
    if (r->err) {
        assert_int_equal(got.floor_paise, 4711);
        return;
    }
    assert_string_equal(price_verdict_name(got.verdict), price_verdict_name(r->verdict));
    assert_string_equal(price_alternative_name(got.alternative),
                        price_alternative_name(r->alternative));
    assert_int_equal(got.floor_paise, r->floor_paise);
    assert_int_equal(got.ceiling_paise, r->ceiling_paise);
    assert_int_equal(got.with_tax_paise, r->with_tax_paise);
}

static void the_ceiling_itself_is_never_above_the_mrp(void **state)
{
    (void)state;
    static const int32_t rates[] = {0, 2500, 50000, 180000, 400000};
    for (size_t r = 0; r < ARRAY_LEN(rates); r++)
        for (int64_t mrp = 1; mrp < 3000; mrp++) {
            struct price p;
            struct price_input in = {.gst_ppm = rates[r], .mrp_paise = mrp};
            assert_int_equal(price_judge(&in, &p), 0);
            in.price_microrupees = p.ceiling_paise * PAISA;
            assert_int_equal(price_judge(&in, &p), 0);
            assert_int_equal(p.verdict, PRICE_OK);
            assert_true(p.with_tax_paise <= mrp);
            in.price_microrupees += PAISA;
            assert_int_equal(price_judge(&in, &p), 0);
            assert_int_equal(p.verdict, PRICE_ABOVE_MRP);
        }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, price_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_ceiling_itself_is_never_above_the_mrp);
    return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
