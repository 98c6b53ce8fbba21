/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of Digital Links that the vectors do not reach. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "gs1_link.h"

struct link_row {
    const char *name;
    const char *uri;
    bool pad;
    const char *want; /* AI=value joined by |, the class of the fault, or "text" */
};

static struct link_row rows[] = {
    {"a short GTIN is refused", "https://a.co/01/8901107000035", false, "VALUE_LENGTH"},
    {"a short GTIN is padded where that is set", "https://a.co/01/8901107000035/10/A%2FB", true,
     "01=08901107000035|10=A/B"},
    {"a GTIN-8 at the start of the shortest link is padded", "http://a/01/96385074", true,
     "01=00000096385074"},
    {"a third-party product version stands alone behind the GTIN",
     "https://a.co/01/08901107000035/235/X", false, "01=08901107000035|235=X"},
    {"it does not mix with a batch", "https://a.co/01/08901107000035/10/A/235/X", false,
     "DL_PATH_ORDER"},
    {"all three qualifiers in their order", "https://a.co/01/08901107000035/22/A/10/B/21/C", false,
     "01=08901107000035|22=A|10=B|21=C"},
    {"a pallet has no batch in its path", "https://a.co/00/189034173985734693/10/A", false,
     "DL_PATH_ORDER"},
    {"an attribute that is none is refused", "https://a.co/00/189034173985734693?21=A", false,
     "DL_NOT_ATTRIBUTE"},
    {"a NUL is refused", "https://a.co/01/08901107000035/10/A%00", false, "URI_NULL"},
    {"a plus is a blank in the query", "https://a.co/01/08901107000035?240=A+B", false, "CHARSET"},
    {"a plus is itself in the path", "https://a.co/01/08901107000035/10/A+B", false,
     "01=08901107000035|10=A+B"},
    {"an encoded separator is no separator", "https://a.co/01/08901107000035/10/A%1D17270101",
     false, "CHARSET"},
    {"the fragment is left out", "https://a.co/01/08901107000035?17=270101#10=A", false,
     "01=08901107000035|17=270101"},
    {"parameters of others are passed over",
     "https://a.co/01/08901107000035?linkType=gs1:pip&17=270101&x", false,
     "01=08901107000035|17=270101"},
    {"a parameter without a value is empty", "https://a.co/01/08901107000035?17=", false,
     "VALUE_EMPTY"},
    {"the last key of the path counts", "https://a.co/00/1/01/08901107000035", false,
     "01=08901107000035"},
    {"a path that ends in no pair has no key", "https://a.co/01/08901107000035/", false,
     "DL_NO_KEY"},
    {"a path of one part has no key", "https://a.co/01", false, "DL_NO_KEY"},
    {"an empty path has no key", "https://a.co/", false, "DL_NO_KEY"},
    {"no domain is no address", "https:///01/08901107000035", false, "URI_SYNTAX"},
    {"a blank is in no address", "https://a.co/01/08901107000035/10/A B", false, "URI_SYNTAX"},
    {"a scheme alone is no address", "https://", false, "URI_SYNTAX"},
    {"another scheme is text", "ftp://a.co/01/08901107000035", false, "text"},
    {"no text is text", "", false, "text"},
};

static void describe(const struct gs1_message *m, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%s=%.*s", i > 0 ? "|" : "",
                              m->elements[i].ai->digits, (int)m->elements[i].len,
                              m->text + m->elements[i].at);
}

static void link_row(void **state)
{
    const struct link_row *r = *state;
    struct gs1_link_rules rules = {.level = GS1_FULL, .pad_short_gtin = r->pad};
    struct gs1_message m;
    struct gs1_reject why = {.fault = GS1_FINE};
    char buf[128];
    char got[256] = "";
    assert_true(strlen(r->uri) <= sizeof(buf));
    int link = gs1_link_parse(r->uri, strlen(r->uri), &rules, buf, &m, &why);
    if (link == 0)
        describe(&m, got, sizeof(got));
    assert_string_equal(link == 1 ? "text" : link < 0 ? gs1_fault_name(why.fault) : got, r->want);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, link_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("gs1_link", tests, NULL, NULL);
}
