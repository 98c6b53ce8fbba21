/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"
#include "irn.h"

struct row {
    const char *name;
    const char *gstin;
    const char *day;
    const char *type;
    const char *no;
    const char *want; /* NULL: refused */
};

static struct row rows[] = {
    {"an invoice", "27AAPFU0939F1ZV", "2026-04-01", "INV", "MH1/1",
     "27AAPFU0939F1ZV2026-27INVMH1/1"},
    {"a credit note in lower case", "27AAPFU0939F1ZV", "2026-03-31", "CRN", "cn/7",
     "27AAPFU0939F1ZV2025-26CRNCN/7"},
    {"the first day of upper case", "27AAPFU0939F1ZV", "2025-06-01", "DBN", "a1",
     "27AAPFU0939F1ZV2025-26DBNA1"},
    {"the last day as typed", "27AAPFU0939F1ZV", "2025-05-31", "DBN", "a1",
     "27AAPFU0939F1ZV2025-26DBNa1"},
    {"a sandbox number without a valid check character", "01AMBPG7773M002", "2022-09-16", "INV",
     "g2qxhY", "01AMBPG7773M0022022-23INVg2qxhY"},
    {"sixteen characters of number", "27AAPFU0939F1ZV", "2026-04-01", "INV", "1234567890123456",
     "27AAPFU0939F1ZV2026-27INV1234567890123456"},
    {"a number that breaks rule 46", "27AAPFU0939F1ZV", "2026-04-01", "INV", "MH_1", NULL},
    {"a short GSTIN", "27AAPFU0939F1Z", "2026-04-01", "INV", "MH1", NULL},
    {"a GSTIN that was not normalised", "27aapfu0939f1zv", "2026-04-01", "INV", "MH1", NULL},
};

static void text_row(void **state)
{
    const struct row *r = *state;
    int32_t day = 0;
    enum irn_document document = IRN_INVOICE;
    assert_int_equal(civil_parse(r->day, &day), 0);
    assert_int_equal(irn_document_parse(r->type, &document), 0);
    assert_string_equal(irn_document_name(document), r->type);
    char text[IRN_TEXT_SIZE] = "before";
    assert_int_equal(irn_text(r->gstin, day, document, r->no, text), r->want ? 0 : -EINVAL);
    assert_string_equal(text, r->want ? r->want : "before");
}

static void other_types_of_document_are_refused(void **state)
{
    (void)state;
    enum irn_document document = IRN_INVOICE;
    assert_int_equal(irn_document_parse("inv", &document), -EINVAL);
    assert_int_equal(irn_document_parse("", &document), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, text_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_types_of_document_are_refused);
    return cmocka_run_group_tests_name("irn", tests, NULL, NULL);
}
