/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "gst_credit.h"

#define MICRO INT64_C(1000000)

struct row {
    const char *name;
    struct gst_credit_input in;
    int err;
    struct gst_tax want;
};

static struct row rows[] = {
    {"destroyed after an intra-state purchase",
     {GST_CREDIT_EXPIRED_DESTROYED, 120 * MICRO, 38500000, 50000, 0, GST_PLACE_INTRA, true},
     0,
     {.cgst_paise = 11550, .sgst_paise = 11550}},
    {"stolen after an inter-state purchase",
     {GST_CREDIT_STOLEN, 3 * MICRO, 1000 * MICRO, 180000, 0, GST_PLACE_INTER, true},
     0,
     {.igst_paise = 54000}},
    {"lost with cess",
     {GST_CREDIT_LOST, 1 * MICRO, 100 * MICRO, 280000, 120000, GST_PLACE_INTER, true},
     0,
     {.igst_paise = 2800, .cess_paise = 1200}},
    {"written off by weight",
     {GST_CREDIT_WRITTEN_OFF, 1250000, 333330000, 50000, 0, GST_PLACE_INTRA, true},
     0,
     {.cgst_paise = 1042, .sgst_paise = 1042}},
    {"a gift",
     {GST_CREDIT_GIFT, 1 * MICRO, 100 * MICRO, 50000, 0, GST_PLACE_INTER, true},
     0,
     {.igst_paise = 500}},
    {"a free sample",
     {GST_CREDIT_FREE_SAMPLE, 1 * MICRO, 100 * MICRO, 50000, 0, GST_PLACE_INTER, true},
     0,
     {.igst_paise = 500}},
    {"a gift of which no credit was taken",
     {GST_CREDIT_GIFT, 1 * MICRO, 100 * MICRO, 50000, 0, GST_PLACE_INTER, false},
     0,
     {0}},
    {"buy three, get one",
     {GST_CREDIT_SCHEME_FREE_WITH_PAID, 1 * MICRO, 100 * MICRO, 50000, 0, GST_PLACE_INTER, true},
     0,
     {0}},
    {"sold below cost",
     {GST_CREDIT_SOLD_BELOW_COST, 1 * MICRO, 100 * MICRO, 50000, 0, GST_PLACE_INTER, true},
     0,
     {0}},
    {"returned to the supplier",
     {GST_CREDIT_RETURNED_TO_SUPPLIER, 1 * MICRO, 100 * MICRO, 50000, 0, GST_PLACE_INTER, true},
     0,
     {0}},
    {"a negative quantity",
     {GST_CREDIT_LOST, -1, 100 * MICRO, 50000, 0, GST_PLACE_INTER, true},
     -EINVAL,
     {0}},
    {"more than fits",
     {GST_CREDIT_LOST, INT64_MAX, INT64_MAX, 50000, 0, GST_PLACE_INTER, true},
     -ERANGE,
     {0}},
};

static void reversal_row(void **state)
{
    const struct row *r = *state;
    struct gst_tax got = {.cess_paise = 4711};
    assert_int_equal(gst_credit_reversal(&r->in, &got), r->err);
    if (r->err) {
        assert_int_equal(got.cess_paise, 4711);
        return;
    }
    assert_int_equal(got.cgst_paise, r->want.cgst_paise);
    assert_int_equal(got.sgst_paise, r->want.sgst_paise);
    assert_int_equal(got.igst_paise, r->want.igst_paise);
    assert_int_equal(got.cess_paise, r->want.cess_paise);
}

static void names_are_read_back(void **state)
{
    (void)state;
    for (int i = GST_CREDIT_EXPIRED_DESTROYED; i <= GST_CREDIT_RETURNED_TO_SUPPLIER; i++) {
        enum gst_credit_event event = GST_CREDIT_LOST;
        const char *name = gst_credit_event_name((enum gst_credit_event)i);
        assert_int_equal(gst_credit_event_parse(name, &event), 0);
        assert_int_equal(event, i);
    }
    enum gst_credit_event event = GST_CREDIT_LOST;
    assert_int_equal(gst_credit_event_parse("lost", &event), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, reversal_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(names_are_read_back);
    return cmocka_run_group_tests_name("gst_credit", tests, NULL, NULL);
}
