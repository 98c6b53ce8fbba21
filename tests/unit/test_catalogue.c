/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "catalogue.h"
#include "civil.h"

struct field_row {
    const char *name;
    enum document_type type;
    const char *text; /* header and one row */
    const char *want; /* part of the refusal; NULL: it is accepted */
};

#define SKU "sku,name,unit,"
#define ORDER "document,kind,line,party,sku,qty,"

static struct field_row rows[] = {
    {"the least that a SKU needs", DOCUMENT_CATALOGUE, "sku,name,unit\nA,a,piece\n", NULL},
    {"a column that is missing", DOCUMENT_CATALOGUE, "sku,name\nA,a\n",
     "column \"unit\" is missing"},
    {"a field that must be filled", DOCUMENT_CATALOGUE, "sku,name,unit\nA,,piece\n",
     "name is empty"},
    {"a row that is shorter than its header", DOCUMENT_CATALOGUE, "sku,name,unit\nA,a\n",
     "unit is empty"},
    {"a code that is not ASCII", DOCUMENT_CATALOGUE, "sku,name,unit\nचाय,a,g\n",
     "sku = \"चाय\": at most 24 bytes of printable ASCII"},
    {"a code with a blank at its end", DOCUMENT_CATALOGUE, "sku,name,unit\nA ,a,g\n",
     "sku = \"A \": at most 24 bytes"},
    {"a code of exactly the length", DOCUMENT_CATALOGUE,
     "sku,name,unit\nABCDEFGHIJKLMNOPQRSTUVWX,a,g\n", NULL},
    {"a code that is too long by one", DOCUMENT_CATALOGUE,
     "sku,name,unit\nABCDEFGHIJKLMNOPQRSTUVWXY,a,g\n", "at most 24 bytes"},
    {"a name that is no UTF-8", DOCUMENT_CATALOGUE, "sku,name,unit\nA,\xE0\xA4,g\n",
     "name = \"(not clean UTF-8)\": at most 160 bytes of clean UTF-8"},
    {"a unit that is none", DOCUMENT_CATALOGUE, "sku,name,unit\nA,a,kg\n",
     "unit = \"kg\": piece, g, ml"},
    {"a price with three decimals", DOCUMENT_CATALOGUE, SKU "mrp\nA,a,g,1.005\n",
     "mrp = \"1.005\": 0.00 to 10000000000.00"},
    {"a price with a currency", DOCUMENT_CATALOGUE, SKU "mrp\nA,a,g,Rs 10\n", "mrp = \"Rs 10\""},
    {"a negative price", DOCUMENT_CATALOGUE, SKU "cost\nA,a,g,-1\n", "cost = \"-1\": 0.00"},
    {"an HSN of five digits", DOCUMENT_CATALOGUE, SKU "hsn\nA,a,g,19053\n",
     "hsn = \"19053\": 4, 6 or 8 digits"},
    {"a share beyond the whole", DOCUMENT_CATALOGUE, SKU "receipt_permille\nA,a,g,1001\n",
     "receipt_permille = \"1001\": 0 to 1000"},
    {"a GTIN with a wrong check digit", DOCUMENT_CATALOGUE, SKU "piece_gtin\nA,a,g,8901234567891\n",
     "piece_gtin = \"8901234567891\": its check digit is wrong"},
    {"a GTIN of eleven digits", DOCUMENT_CATALOGUE, SKU "piece_gtin\nA,a,g,89012345678\n",
     "8, 12, 13 or 14 digits"},
    {"a GTIN with a letter", DOCUMENT_CATALOGUE, SKU "piece_gtin\nA,a,g,890123456789O\n",
     "8, 12, 13 or 14 digits"},
    {"needs in any order", DOCUMENT_CATALOGUE, SKU "needs\nA,a,g,mrp+batch\n", NULL},
    {"a need twice", DOCUMENT_CATALOGUE, SKU "needs\nA,a,g,mrp+mrp\n",
     "needs = \"mrp+mrp\": batch, expiry, mrp"},
    {"a need that is none", DOCUMENT_CATALOGUE, SKU "needs\nA,a,g,batch+\n", "needs = \"batch+\""},
    {"a case that is no multiple of its inner packs", DOCUMENT_CATALOGUE,
     SKU "inner_units,case_units\nA,a,piece,10,144\n",
     "case_units = 144: a multiple of the 10 of inner"},
    {"a case that is as small as its piece", DOCUMENT_CATALOGUE, SKU "case_units\nA,a,piece,1\n",
     "case_units = 1: a multiple of the 1 of piece"},
    {"a pack of no units", DOCUMENT_CATALOGUE, SKU "case_units\nA,a,piece,0\n",
     "case_units = \"0\": 1 to 1000000000000"},
    {"a code of a pack without its units", DOCUMENT_CATALOGUE,
     SKU "case_gtin\nA,a,piece,8901234567890\n", "case_units is empty, but case_gtin is not"},
    {"a GSTIN that is too short", DOCUMENT_PARTIES, "party,kind,name,gstin\nP,outlet,p,27AAPFU\n",
     "gstin = \"27AAPFU\": 15 digits and capital letters"},
    {"a PIN in clear", DOCUMENT_WORKERS, "worker,name,pin_hash\nW,w,1234\n",
     "pin_hash: empty, or a yescrypt hash"},
    {"a language that is none of ours", DOCUMENT_WORKERS, "worker,name,language\nW,w,mr\n",
     "language = \"mr\": en, hi"},
    {"an order line of nothing", DOCUMENT_ORDERS, ORDER "due\nS,sale,1,P,A,0,\n",
     "qty = \"0\": 1 to 1000000000000"},
    {"an order line 0", DOCUMENT_ORDERS, ORDER "due\nS,sale,0,P,A,1,\n", "line = \"0\": 1 to"},
    {"a date written the other way", DOCUMENT_ORDERS, ORDER "due\nS,sale,1,P,A,1,05-11-2026\n",
     "due = \"05-11-2026\": a date YYYY-MM-DD"},
    {"the 30th of February", DOCUMENT_ORDERS, ORDER "expiry\nS,sale,1,P,A,1,2026-02-30\n",
     "expiry = \"2026-02-30\""},
    {"a long value is shown cut", DOCUMENT_BINS,
     "bin,kind\nB,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
     "kind = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\": dock"},
};

static int count(const void *record, void *context, struct diag *reterr)
{
    (void)record;
    (void)reterr;
    ++*(int *)context;
    return 0;
}

static void field(void **state)
{
    const struct field_row *r = *state;
    int n = 0;
    struct diag why = {0};
    int err = catalogue_read(r->type, r->text, strlen(r->text), count, &n, &why);
    if (!r->want) {
        assert_int_equal(err, 0);
        assert_int_equal(n, 1);
        return;
    }
    assert_int_equal(err, -EINVAL);
    assert_int_equal(n, 0);
    if (!strstr(why.text, r->want))
        fail_msg("%s", why.text);
    assert_true(why.line == 2 || strstr(why.text, "column \""));
}

static int keep_sku(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    *(struct catalogue_sku *)context = *(const struct catalogue_sku *)record;
    return 0;
}

static void gtins_come_in_normal_form(void **state)
{
    (void)state;
    const char *text = "sku,name,unit,piece_gtin,inner_units,inner_gtin,case_units,case_gtin\n"
                       "A,a,piece,34641194,10,036000291452,20,8901234567890\n";
    struct catalogue_sku s;
    assert_int_equal(catalogue_read(DOCUMENT_CATALOGUE, text, strlen(text), keep_sku, &s, NULL), 0);
    assert_string_equal(s.packs[0].gtin, "00000034641194");
    assert_string_equal(s.packs[1].gtin, "00036000291452");
    assert_string_equal(s.packs[2].gtin, "08901234567890");
}

static int keep_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    *(struct catalogue_order_line *)context = *(const struct catalogue_order_line *)record;
    return 0;
}

static void what_an_order_does_not_say_is_not_known(void **state)
{
    (void)state;
    const char *text = "document,kind,line,party,sku,qty\nS,transfer_in,1,P,A,5\n";
    struct catalogue_order_line o;
    assert_int_equal(catalogue_read(DOCUMENT_ORDERS, text, strlen(text), keep_line, &o, NULL), 0);
    assert_int_equal(o.kind, ORDER_TRANSFER_IN);
    assert_int_equal(o.due_day, CIVIL_NONE);
    assert_int_equal(o.batch.expiry_day, CIVIL_NONE);
    assert_int_equal(o.received_day, CIVIL_NONE);
    assert_string_equal(o.batch.number, "");
}

static int refuse_second(const void *record, void *context, struct diag *reterr)
{
    (void)record;
    if (++*(int *)context < 2)
        return 0;
    diag_set(reterr, 0, "no");
    return -EEXIST;
}

static void the_line_is_put_into_what_the_callback_refuses(void **state)
{
    (void)state;
    const char *text = "bin,kind\nA,rack\n\n\"B\",rack\n";
    int n = 0;
    struct diag why = {0};
    assert_int_equal(catalogue_read(DOCUMENT_BINS, text, strlen(text), refuse_second, &n, &why),
                     -EEXIST);
    assert_int_equal(why.line, 4);
    assert_string_equal(why.text, "no");
}

static void a_body_beyond_the_bound_is_refused_unread(void **state)
{
    (void)state;
    int n = 0;
    struct diag why = {0};
    assert_int_equal(
        catalogue_read(DOCUMENT_BINS, "", (size_t)CATALOGUE_BODY_MAX + 1, count, &n, &why),
        -EINVAL);
    assert_string_equal(why.text, "8388609 bytes: at most 8388608");
}

/* Every document's example reads, and reads the same when it was written back. */
struct rewriting {
    enum document_type type;
    char text[65536];
    size_t n;
    int rows;
};

static int rewrite(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    struct rewriting *r = context;
    r->n += catalogue_write(r->type, record, r->text + r->n);
    r->text[r->n++] = '\n';
    r->rows++;
    return 0;
}

static void the_examples_read_and_write_back_the_same(void **state)
{
    (void)state;
    for (int type = 0; type < DOCUMENT_TYPE_COUNT; type++) {
        enum document_type back = DOCUMENT_ORDERS;
        assert_int_equal(document_parse(document_name((enum document_type)type), &back), 0);
        assert_int_equal((int)back, type);
        char path[128];
        snprintf(path, sizeof(path), "tests/data/master/%s.csv", document_name(back));
        FILE *in = fopen(path, "re");
        assert_non_null(in);
        char text[65536];
        size_t len = fread(text, 1, sizeof(text), in);
        fclose(in);
        static struct rewriting first;
        static struct rewriting second;
        first = (struct rewriting){.type = back};
        second = (struct rewriting){.type = back};
        first.n = catalogue_write_header(back, first.text);
        first.text[first.n++] = '\n';
        struct diag why = {0};
        if (catalogue_read(back, text, len, rewrite, &first, &why) != 0)
            fail_msg("%s:%d: %s", path, why.line, why.text);
        assert_true(first.rows >= 2);
        second.n = catalogue_write_header(back, second.text);
        second.text[second.n++] = '\n';
        assert_int_equal(catalogue_read(back, first.text, first.n, rewrite, &second, &why), 0);
        assert_int_equal(first.n, second.n);
        assert_memory_equal(first.text, second.text, first.n);
    }
    enum document_type none;
    assert_int_equal(document_parse("prices", &none), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest fixed[] = {
        cmocka_unit_test(gtins_come_in_normal_form),
        cmocka_unit_test(what_an_order_does_not_say_is_not_known),
        cmocka_unit_test(the_line_is_put_into_what_the_callback_refuses),
        cmocka_unit_test(a_body_beyond_the_bound_is_refused_unread),
        cmocka_unit_test(the_examples_read_and_write_back_the_same),
    };
    struct CMUnitTest tests[ARRAY_LEN(fixed) + ARRAY_LEN(rows)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, field, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
