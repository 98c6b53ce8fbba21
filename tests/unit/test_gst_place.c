/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"
#include "gst_place.h"

struct row {
    const char *name;
    const char *day;
    struct gst_place_input in; /* its day is the text above */
    int err;
    struct gst_place want;
};

static struct row rows[] = {
    {"inside a state",
     "2026-04-10",
     {.supplier_state = 27, .bill_to_state = 27, .delivery_state = 27},
     0,
     {27, GST_PLACE_INTRA, false}},
    {"the buyer carries the goods over the border himself",
     "2026-04-10",
     {.supplier_state = 27, .bill_to_state = 27, .delivery_state = 29},
     0,
     {29, GST_PLACE_INTER, false}},
    {"bill to another state, ship inside",
     "2026-04-10",
     {.supplier_state = 27,
      .bill_to_state = 29,
      .delivery_state = 27,
      .route = GST_PLACE_BILL_TO_SHIP_TO},
     0,
     {29, GST_PLACE_INTER, false}},
    {"bill inside, ship to another state",
     "2026-04-10",
     {.supplier_state = 27,
      .bill_to_state = 27,
      .delivery_state = 29,
      .route = GST_PLACE_BILL_TO_SHIP_TO},
     0,
     {27, GST_PLACE_INTRA, false}},
    {"unregistered with an address on the invoice",
     "2023-10-01",
     {.supplier_state = 27,
      .bill_to_state = 27,
      .delivery_state = 27,
      .recorded_state = 24,
      .recipient = GST_PLACE_UNREGISTERED},
     0,
     {24, GST_PLACE_INTER, false}},
    {"the day before that rule, movement decides",
     "2023-09-30",
     {.supplier_state = 27,
      .bill_to_state = 27,
      .delivery_state = 27,
      .recorded_state = 24,
      .recipient = GST_PLACE_UNREGISTERED},
     0,
     {27, GST_PLACE_INTRA, false}},
    {"unregistered without an address: the supplier's place",
     "2026-04-10",
     {.supplier_state = 27,
      .bill_to_state = 29,
      .delivery_state = 29,
      .recipient = GST_PLACE_UNREGISTERED},
     0,
     {27, GST_PLACE_INTRA, false}},
    {"a recorded address means nothing for a registered buyer",
     "2026-04-10",
     {.supplier_state = 27, .delivery_state = 27, .recorded_state = 24},
     0,
     {27, GST_PLACE_INTRA, false}},
    {"a SEZ unit next door",
     "2026-04-10",
     {.supplier_state = 27, .delivery_state = 27, .recipient = GST_PLACE_SEZ},
     0,
     {27, GST_PLACE_INTER, false}},
    {"a supplier inside a SEZ",
     "2026-04-10",
     {.supplier_state = 27, .delivery_state = 27, .supplier_in_sez = true},
     0,
     {27, GST_PLACE_INTER, false}},
    {"Chandigarh has UTGST",
     "2026-04-10",
     {.supplier_state = 4, .delivery_state = 4},
     0,
     {4, GST_PLACE_INTRA, true}},
    {"Delhi has a legislature and SGST",
     "2026-04-10",
     {.supplier_state = 7, .delivery_state = 7},
     0,
     {7, GST_PLACE_INTRA, false}},
    {"into Chandigarh there is no UTGST",
     "2026-04-10",
     {.supplier_state = 3, .delivery_state = 4},
     0,
     {4, GST_PLACE_INTER, false}},
    {"out of the country",
     "2026-04-10",
     {.supplier_state = 27, .delivery_state = 96},
     0,
     {96, GST_PLACE_INTER, false}},
    {"nobody said where the goods go", "2026-04-10", {.supplier_state = 27}, -EINVAL, {0}},
    {"the supplier's state is none",
     "2026-04-10",
     {.supplier_state = 39, .delivery_state = 27},
     -EINVAL,
     {0}},
};

static void place_row(void **state)
{
    const struct row *r = *state;
    struct gst_place_input in = r->in;
    assert_int_equal(civil_parse(r->day, &in.document_day), 0);
    struct gst_place got = {.state = 255};
    assert_int_equal(gst_place_of_supply(&in, &got), r->err);
    assert_int_equal(got.state, r->err ? 255 : r->want.state);
    if (r->err)
        return;
    assert_string_equal(gst_place_kind_name(got.kind), gst_place_kind_name(r->want.kind));
    assert_int_equal(got.union_territory, r->want.union_territory);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, place_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("gst_place", tests, NULL, NULL);
}
