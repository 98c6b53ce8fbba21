/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "gst_transfer.h"

static const char mumbai[] = "27AAPFU0939F1ZV";
static const char nagpur[] = "27AAPFU0939F2ZU"; /* a second registration in the state */
static const char delhi[] = "07AAPFU0939F1ZX";
static const char stranger[] = "27AZXPK4821M1ZL";

enum { UNKNOWN = GST_TRANSFER_UNKNOWN };

struct row {
    const char *name;
    const char *from;
    const char *to;
    struct gst_transfer_input in; /* without the two GSTINs */
    int err;
    const char *document;
    enum gst_transfer_value value_rule;
    size_t allowed_count;
    int64_t allowed_paise[GST_TRANSFER_VALUES_MAX];
    bool value_ok;
    struct gst_tax tax;
};

static struct row rows[] = {
    {"one registration moves without tax",
     mumbai,
     mumbai,
     {.declared_paise = 100, .gst_ppm = 50000},
     0,
     "DELIVERY_CHALLAN",
     GST_TRANSFER_NO_SUPPLY,
     0,
     {0},
     true,
     {0}},
    {"another state, full credit, any value",
     mumbai,
     delhi,
     {.recipient_full_credit = true,
      .declared_paise = 6500000,
      .market_paise = 8000000,
      .resale_paise = 10000000,
      .gst_ppm = 50000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {.igst_paise = 325000}},
    {"one paisa from the market value",
     mumbai,
     delhi,
     {.declared_paise = 7999999,
      .market_paise = 8000000,
      .cost_paise = 1,
      .resale_paise = 10000000,
      .gst_ppm = 50000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_LISTED_VALUE,
     2,
     {8000000, 9000000},
     false,
     {.igst_paise = 400000}},
    {"without a market value 110 percent of cost",
     mumbai,
     delhi,
     {.declared_paise = 110,
      .market_paise = UNKNOWN,
      .cost_paise = 100,
      .resale_paise = UNKNOWN,
      .gst_ppm = 50000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_LISTED_VALUE,
     1,
     {110},
     true,
     {.igst_paise = 6}},
    {"nothing known, nothing allowed",
     mumbai,
     delhi,
     {.declared_paise = 110,
      .market_paise = UNKNOWN,
      .cost_paise = UNKNOWN,
      .resale_paise = UNKNOWN,
      .gst_ppm = 50000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_LISTED_VALUE,
     0,
     {0},
     false,
     {.igst_paise = 6}},
    {"90 percent of a resale price rounds to the paisa",
     mumbai,
     nagpur,
     {.declared_paise = 5,
      .market_paise = UNKNOWN,
      .cost_paise = UNKNOWN,
      .resale_paise = 5,
      .gst_ppm = 50000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_LISTED_VALUE,
     1,
     {5},
     true,
     {0}},
    {"a second registration in the state",
     mumbai,
     nagpur,
     {.recipient_full_credit = true, .declared_paise = 5000000, .gst_ppm = 180000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {.cgst_paise = 450000, .sgst_paise = 450000}},
    {"into a SEZ of the same state",
     mumbai,
     nagpur,
     {.to_sez = true, .recipient_full_credit = true, .declared_paise = 5000000, .gst_ppm = 180000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {.igst_paise = 900000}},
    {"exempt goods",
     mumbai,
     delhi,
     {.exempt = true, .recipient_full_credit = true, .declared_paise = 5000000},
     0,
     "BILL_OF_SUPPLY",
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {0}},
    {"another person is an ordinary sale at any price",
     mumbai,
     stranger,
     {.declared_paise = 100000,
      .market_paise = 200000,
      .cost_paise = UNKNOWN,
      .resale_paise = UNKNOWN,
      .gst_ppm = 50000},
     0,
     "TAX_INVOICE",
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {.cgst_paise = 2500, .sgst_paise = 2500}},
    {"a negative value",
     mumbai,
     delhi,
     {.recipient_full_credit = true, .declared_paise = -5, .gst_ppm = 50000},
     -EINVAL,
     NULL,
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {0}},
    {"a cost that does not fit",
     mumbai,
     delhi,
     {.declared_paise = 5, .market_paise = UNKNOWN, .cost_paise = INT64_MAX, .gst_ppm = 50000},
     -ERANGE,
     NULL,
     GST_TRANSFER_ANY_VALUE,
     0,
     {0},
     true,
     {0}},
};

static void transfer_row(void **state)
{
    const struct row *r = *state;
    struct gst_transfer_input in = r->in;
    assert_int_equal(gstin_read(r->from, &in.from), GSTIN_OK);
    assert_int_equal(gstin_read(r->to, &in.to), GSTIN_OK);
    struct gst_transfer got = {.allowed_count = 99};
    assert_int_equal(gst_transfer_judge(&in, &got), r->err);
    if (r->err) {
        assert_int_equal(got.allowed_count, 99);
        return;
    }
    assert_int_equal(got.same_person, r->to != stranger);
    assert_int_equal(got.supply, r->to != mumbai);
    assert_string_equal(gst_document_name(got.document.document), r->document);
    assert_int_equal(got.value_rule, r->value_rule);
    assert_int_equal(got.allowed_count, r->allowed_count);
    for (size_t i = 0; i < r->allowed_count; i++)
        assert_int_equal(got.allowed_paise[i], r->allowed_paise[i]);
    assert_int_equal(got.value_ok, r->value_ok);
    assert_int_equal(got.tax.cgst_paise, r->tax.cgst_paise);
    assert_int_equal(got.tax.sgst_paise, r->tax.sgst_paise);
    assert_int_equal(got.tax.igst_paise, r->tax.igst_paise);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, transfer_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("gst_transfer", tests, NULL, NULL);
}
