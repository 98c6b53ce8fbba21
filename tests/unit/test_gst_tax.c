/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "decimal.h"
#include "gst_tax.h"

struct row {
    const char *name;
    const char *quantity;
    const char *price;
    bool with_tax;
    const char *discount_percent;
    int64_t discount_paise;
    const char *gst_percent;
    const char *cess_percent;
    enum gst_place_kind kind;
    int err;
    struct gst_tax_line want;
};

static struct row rows[] = {
    {"half a paisa of tax rounds up",
     "1",
     "0.30",
     false,
     "0",
     0,
     "5",
     "0",
     GST_PLACE_INTER,
     0,
     {30, 0, 30, {.igst_paise = 2}, 32}},
    {"the halves round for themselves",
     "1",
     "0.30",
     false,
     "0",
     0,
     "5",
     "0",
     GST_PLACE_INTRA,
     0,
     {30, 0, 30, {.cgst_paise = 1, .sgst_paise = 1}, 32}},
    {"a quarter percent",
     "1",
     "1000",
     false,
     "0",
     0,
     "0.25",
     "0",
     GST_PLACE_INTRA,
     0,
     {100000, 0, 100000, {.cgst_paise = 125, .sgst_paise = 125}, 100250}},
    {"one and a half percent",
     "3",
     "33.33",
     false,
     "0",
     0,
     "1.5",
     "0",
     GST_PLACE_INTER,
     0,
     {9999, 0, 9999, {.igst_paise = 150}, 10149}},
    {"percent, then amount",
     "1",
     "1000",
     false,
     "10",
     2550,
     "18",
     "0",
     GST_PLACE_INTER,
     0,
     {100000, 12550, 87450, {.igst_paise = 15741}, 103191}},
    {"a third off",
     "3",
     "19.99",
     false,
     "33.3333",
     0,
     "18",
     "0",
     GST_PLACE_INTER,
     0,
     {5997, 1999, 3998, {.igst_paise = 720}, 4718}},
    {"everything off",
     "2",
     "10",
     false,
     "100",
     0,
     "18",
     "0",
     GST_PLACE_INTRA,
     0,
     {2000, 2000, 0, {0}, 0}},
    {"a price with tax and cess",
     "1",
     "140",
     true,
     "0",
     0,
     "28",
     "12",
     GST_PLACE_INTRA,
     0,
     {14000, 0, 10000, {1400, 1400, 0, 1200}, 14000}},
    {"a price with tax after its discount",
     "2",
     "118",
     true,
     "10",
     360,
     "18",
     "0",
     GST_PLACE_INTER,
     0,
     {23600, 2720, 17695, {.igst_paise = 3185}, 20880}},
    {"a price with tax that loses a paisa",
     "1",
     "20",
     true,
     "0",
     0,
     "5",
     "0",
     GST_PLACE_INTRA,
     0,
     {2000, 0, 1905, {.cgst_paise = 48, .sgst_paise = 48}, 2001}},
    {"six places of quantity",
     "0.000005",
     "1000",
     false,
     "0",
     0,
     "0",
     "0",
     GST_PLACE_INTRA,
     0,
     {1, 0, 1, {0}, 1}},
    {"four places of price",
     "144",
     "8.4746",
     false,
     "0",
     0,
     "18",
     "0",
     GST_PLACE_INTER,
     0,
     {122034, 0, 122034, {.igst_paise = 21966}, 144000}},
    {"a free line", "3", "0", false, "0", 0, "5", "0", GST_PLACE_INTRA, 0, {0}},
    {"cess above one hundred percent",
     "1",
     "1",
     false,
     "0",
     0,
     "40",
     "290",
     GST_PLACE_INTER,
     0,
     {100, 0, 100, {.igst_paise = 40, .cess_paise = 290}, 430}},
    {"a discount above the price",
     "1",
     "10",
     false,
     "50",
     501,
     "5",
     "0",
     GST_PLACE_INTRA,
     -EINVAL,
     {0}},
    {"more than all of it",
     "1",
     "10",
     false,
     "100.0001",
     0,
     "5",
     "0",
     GST_PLACE_INTRA,
     -EINVAL,
     {0}},
    {"a negative quantity", "-1", "10", false, "0", 0, "5", "0", GST_PLACE_INTRA, -EINVAL, {0}},
    {"a negative discount", "1", "10", false, "0", -1, "5", "0", GST_PLACE_INTRA, -EINVAL, {0}},
    {"a negative rate", "1", "10", false, "0", 0, "-5", "0", GST_PLACE_INTRA, -EINVAL, {0}},
    {"a rate beyond any",
     "1",
     "10",
     false,
     "0",
     0,
     "1000.0001",
     "0",
     GST_PLACE_INTRA,
     -EINVAL,
     {0}},
    {"amounts that do not fit",
     "9000000000",
     "9000000000",
     false,
     "0",
     0,
     "5",
     "0",
     GST_PLACE_INTRA,
     -ERANGE,
     {0}},
};

static int64_t number(const char *text, unsigned places)
{
    int64_t v = 0;
    assert_int_equal(decimal_parse(text, places, &v), 0);
    return v;
}

static void assert_tax(const struct gst_tax *got, const struct gst_tax *want)
{
    assert_int_equal(got->cgst_paise, want->cgst_paise);
    assert_int_equal(got->sgst_paise, want->sgst_paise);
    assert_int_equal(got->igst_paise, want->igst_paise);
    assert_int_equal(got->cess_paise, want->cess_paise);
}

static void line_row(void **state)
{
    const struct row *r = *state;
    struct gst_tax_line_input in = {
        .quantity_micro = number(r->quantity, GST_TAX_MICRO_PLACES),
        .unit_price_microrupees = number(r->price, GST_TAX_MICRO_PLACES),
        .price_includes_tax = r->with_tax,
        .discount_ppm = (int32_t)number(r->discount_percent, GST_TAX_PPM_PLACES),
        .discount_paise = r->discount_paise,
        .gst_ppm = (int32_t)number(r->gst_percent, GST_TAX_PPM_PLACES),
        .cess_ppm = (int32_t)number(r->cess_percent, GST_TAX_PPM_PLACES),
        .kind = r->kind};
    struct gst_tax_line got = {.total_paise = 4711};
    assert_int_equal(gst_tax_line(&in, &got), r->err);
    if (r->err) {
        assert_int_equal(got.total_paise, 4711);
        return;
    }
    assert_int_equal(got.gross_paise, r->want.gross_paise);
    assert_int_equal(got.discount_paise, r->want.discount_paise);
    assert_int_equal(got.taxable_paise, r->want.taxable_paise);
    assert_tax(&got.tax, &r->want.tax);
    assert_int_equal(got.total_paise, r->want.total_paise);
}

static void the_total_is_rounded_to_the_nearest_rupee(void **state)
{
    (void)state;
    static const struct {
        int64_t total, round_off, payable;
    } cases[] = {{10050, 50, 10100}, {10049, -49, 10000}, {10051, 49, 10100}, {10000, 0, 10000},
                 {0, 0, 0},          {32, -32, 0},        {50, 50, 100},      {99, 1, 100}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct gst_tax_line line = {.taxable_paise = cases[i].total, .total_paise = cases[i].total};
        struct gst_tax_invoice sum;
        assert_int_equal(gst_tax_invoice(&line, 1, &sum), 0);
        assert_int_equal(sum.round_off_paise, cases[i].round_off);
        assert_int_equal(sum.payable_paise, cases[i].payable);
    }
}

static void an_invoice_adds_up_its_lines(void **state)
{
    (void)state;
    struct gst_tax_line lines[] = {{23331, 0, 23331, {583, 583, 0, 0}, 24497},
                                   {5997, 150, 5847, {526, 526, 0, 7}, 6906}};
    struct gst_tax_invoice sum;
    assert_int_equal(gst_tax_invoice(lines, ARRAY_LEN(lines), &sum), 0);
    assert_int_equal(sum.taxable_paise, 29178);
    assert_tax(&sum.tax, &(struct gst_tax){1109, 1109, 0, 7});
    assert_int_equal(sum.total_paise, 31403);
    assert_int_equal(sum.round_off_paise, -3);
    assert_int_equal(sum.payable_paise, 31400);
}

static void an_invoice_without_lines_is_zero(void **state)
{
    (void)state;
    struct gst_tax_invoice sum = {.payable_paise = 1};
    assert_int_equal(gst_tax_invoice(NULL, 0, &sum), 0);
    assert_int_equal(sum.payable_paise, 0);
}

static void sums_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    struct gst_tax_line lines[] = {{.total_paise = INT64_MAX}, {.total_paise = 1}};
    struct gst_tax_invoice sum = {.payable_paise = 4711};
    assert_int_equal(gst_tax_invoice(lines, 2, &sum), -ERANGE);
    assert_int_equal(gst_tax_invoice(lines, 1, &sum), 0); /* ...807 paise: rounds down */
    lines[0].total_paise = INT64_MAX / 100 * 100;
    lines[0].total_paise -= 1; /* rounds up to what still fits */
    assert_int_equal(gst_tax_invoice(lines, 1, &sum), 0);
    assert_int_equal(sum.payable_paise, INT64_MAX / 100 * 100);
}

/* For every amount up to 30 rupees at the common rates: IGST against CGST + SGST. */
static void halves_and_whole_differ_by_a_paisa_at_most(void **state)
{
    (void)state;
    static const int32_t rates[] = {2500, 15000, 30000, 50000, 120000, 180000, 280000, 400000};
    for (size_t r = 0; r < ARRAY_LEN(rates); r++)
        for (int64_t paise = 0; paise < 3000; paise++) {
            struct gst_tax halves;
            struct gst_tax whole;
            assert_int_equal(gst_tax_on(paise, rates[r], 0, GST_PLACE_INTRA, &halves), 0);
            assert_int_equal(gst_tax_on(paise, rates[r], 0, GST_PLACE_INTER, &whole), 0);
            int64_t apart = gst_tax_sum(&halves) - gst_tax_sum(&whole);
            assert_true(apart >= -1 && apart <= 1);
        }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 5];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, line_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_total_is_rounded_to_the_nearest_rupee);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_invoice_adds_up_its_lines);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(an_invoice_without_lines_is_zero);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(sums_that_do_not_fit_are_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(halves_and_whole_differ_by_a_paisa_at_most);
    return cmocka_run_group_tests_name("gst_tax", tests, NULL, NULL);
}
