/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include "attr.h"
#include "gst_document.h"

struct row {
    const char *name;
    enum gst_document_movement movement;
    enum gst_document_seller seller;
    bool exempt;
    const char *document;
    bool taxed;
    char supply_type;
    int sub_supply;
    const char *eway_document;
};

static struct row rows[] = {
    {"a sale", GST_DOCUMENT_SALE, GST_DOCUMENT_REGULAR, false, "TAX_INVOICE", true, 'O', 1, "INV"},
    {"a sale of exempt goods only", GST_DOCUMENT_SALE, GST_DOCUMENT_REGULAR, true, "BILL_OF_SUPPLY",
     false, 'O', 1, "BIL"},
    {"a sale under composition", GST_DOCUMENT_SALE, GST_DOCUMENT_COMPOSITION, false,
     "BILL_OF_SUPPLY", false, 'O', 1, "BIL"},
    {"a van without known buyers", GST_DOCUMENT_VAN_SALE, GST_DOCUMENT_REGULAR, false,
     "DELIVERY_CHALLAN", false, 'O', 10, "CHL"},
    {"godown to godown", GST_DOCUMENT_OWN_TRANSFER, GST_DOCUMENT_REGULAR, false, "DELIVERY_CHALLAN",
     false, 'O', 5, "CHL"},
    {"exempt goods from godown to godown", GST_DOCUMENT_OWN_TRANSFER, GST_DOCUMENT_REGULAR, true,
     "DELIVERY_CHALLAN", false, 'O', 5, "CHL"},
    {"branch to branch", GST_DOCUMENT_BRANCH_TRANSFER, GST_DOCUMENT_REGULAR, false, "TAX_INVOICE",
     true, 'O', 1, "INV"},
    {"back from a customer", GST_DOCUMENT_SALES_RETURN, GST_DOCUMENT_REGULAR, false,
     "DELIVERY_CHALLAN", false, 'I', 7, "CHL"},
    {"back to the supplier against his note", GST_DOCUMENT_PURCHASE_RETURN, GST_DOCUMENT_REGULAR,
     false, "DELIVERY_CHALLAN", false, 'O', 8, "OTH"},
    {"back to the supplier as a supply", GST_DOCUMENT_PURCHASE_RETURN_SUPPLIED,
     GST_DOCUMENT_REGULAR, false, "TAX_INVOICE", true, 'O', 1, "INV"},
    {"the same by a composition dealer", GST_DOCUMENT_PURCHASE_RETURN_SUPPLIED,
     GST_DOCUMENT_COMPOSITION, false, "BILL_OF_SUPPLY", false, 'O', 1, "BIL"},
    {"the same by an unregistered one", GST_DOCUMENT_PURCHASE_RETURN_SUPPLIED,
     GST_DOCUMENT_UNREGISTERED, false, "PLAIN_BILL", false, 'O', 1, "BIL"},
    {"to be destroyed", GST_DOCUMENT_DESTRUCTION, GST_DOCUMENT_REGULAR, false, "DELIVERY_CHALLAN",
     false, 'O', 8, "CHL"},
};

static void choice_row(void **state)
{
    const struct row *r = *state;
    struct gst_document_choice got = gst_document_choose(r->movement, r->seller, r->exempt);
    assert_string_equal(gst_document_name(got.document), r->document);
    assert_int_equal(got.taxed, r->taxed);
    assert_int_equal(got.eway_supply_type, r->supply_type);
    assert_int_equal(got.eway_sub_supply, r->sub_supply);
    assert_string_equal(got.eway_document, r->eway_document);
    assert_int_equal(got.eway_sub_text[0] != '\0', r->sub_supply == 8);
}

static void a_judged_note_has_its_document(void **state)
{
    (void)state;
    struct gst_credit_note note = {.reason = GST_CREDIT_NOTE_OK};
    assert_string_equal(gst_document_name(gst_document_of_note(&note)), "GST_CREDIT_NOTE");
    note.reason = GST_CREDIT_NOTE_TIME_LIMIT;
    assert_string_equal(gst_document_name(gst_document_of_note(&note)), "COMMERCIAL_CREDIT_NOTE");
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, choice_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_judged_note_has_its_document);
    return cmocka_run_group_tests_name("gst_document", tests, NULL, NULL);
}
