/* SPDX-License-Identifier: Apache-2.0 */
/* Carriers and classes that the vectors do not reach. */
#include "test.h"

#include <string.h>

#include "gtin.h"

struct gtin_row {
    const char *name;
    enum symbology_content carrier;
    const char *digits;
    const char *want; /* normal form and class, or the fault */
};

static struct gtin_row rows[] = {
    {"UPC-A and its 13-digit form are one number", SYMBOLOGY_NONE, "036000291452",
     "00036000291452 gtin12"},
    {"the 13-digit form of UPC-A is the same number", SYMBOLOGY_EAN13, "0036000291452",
     "00036000291452 gtin12"},
    {"six zeros make a GTIN-8", SYMBOLOGY_NONE, "00000096385074", "00000096385074 gtin8"},
    {"a GTIN-8 below 100 is restricted", SYMBOLOGY_EAN8, "01234565", "00000001234565 restricted"},
    {"UPC-E keeps its zeros behind a manufacturer of two digits", SYMBOLOGY_UPCE, "425261",
     "00042100005264 gtin12"},
    {"UPC-E that ends in 3 keeps three digits", SYMBOLOGY_UPCE, "425263", "00042500000265 gtin12"},
    {"UPC-E that ends in 4 keeps four digits", SYMBOLOGY_UPCE, "425264", "00042520000061 gtin12"},
    {"a case without its check digit gets it back", SYMBOLOGY_ITF_STRIPPED, "1890110700003",
     "18901107000032 gtin14"},
    {"a magazine is a serial", SYMBOLOGY_EAN13, "9770317847001", "09770317847001 serial"},
    {"a book is a book", SYMBOLOGY_EAN13, "9780306406157", "09780306406157 book"},
    {"a case of 12 digits is no case", SYMBOLOGY_ITF, "036000291452", "LENGTH"},
    {"a retail symbol never has 14 digits", SYMBOLOGY_EAN13, "18901107000032", "LENGTH"},
    {"an add-on is no product", SYMBOLOGY_ADD_ON, "12", "LENGTH"},
    {"nothing is no number", SYMBOLOGY_NONE, "", "LENGTH"},
    {"letters are no digits", SYMBOLOGY_UPCE, "42526A", "DIGITS"},
    {"a wrong check digit is seen", SYMBOLOGY_NONE, "8901107000036", "CHECK_DIGIT"},
};

static void gtin_row(void **state)
{
    const struct gtin_row *r = *state;
    struct gtin g = {.text = ""};
    enum gtin_fault fault = gtin_read(r->carrier, r->digits, strlen(r->digits), &g);
    char got[64] = "";
    if (fault == GTIN_FINE) {
        strcat(got, g.text);
        strcat(got, " ");
        strcat(got, gtin_class_name(g.class));
    } else {
        strcat(got, gtin_fault_name(fault));
        assert_string_equal(g.text, ""); /* untouched */
    }
    assert_string_equal(got, r->want);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, gtin_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("gtin", tests, NULL, NULL);
}
