/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "csv_table.h"

struct collected {
    char text[512]; /* "line:sku/name;" a row */
};

static int collect(const struct csv_row *row, void *context, struct diag *reterr)
{
    (void)reterr;
    struct collected *c = context;
    size_t used = strlen(c->text);
    snprintf(c->text + used, sizeof(c->text) - used, "%d:%s/%s;", csv_row_line(row),
             csv_row_get(row, "sku"), csv_row_get(row, "name"));
    return 0;
}

struct row {
    const char *name;
    const char *text;
    int err;
    int line;
    const char *want; /* the rows, or a part of the message */
};

static struct row rows[] = {
    {"plain rows", "sku,name\nA,one\nB,two\n", 0, 0, "2:A/one;3:B/two;"},
    {"no newline at the end", "sku,name\nA,one", 0, 0, "2:A/one;"},
    {"CRLF and a byte order mark", "\xEF\xBB\xBFsku,name\r\nA,one\r\n", 0, 0, "2:A/one;"},
    {"carriage returns alone", "sku,name\rA,one\rB,two", 0, 0, "2:A/one;3:B/two;"},
    {"quotes, commas and newlines inside", "sku,name\n\"A,1\",\"say \"\"hi\"\"\nyou\"\nB,two\n", 0,
     0, "2:A,1/say \"hi\"\nyou;4:B/two;"},
    {"blanks belong to the field", "sku,name\n A , x \n", 0, 0, "2: A / x ;"},
    {"blank lines are passed over", "sku,name\n\n\nA,one\n", 0, 0, "4:A/one;"},
    {"a short row has empty fields", "sku,name\nA\n", 0, 0, "2:A/;"},
    {"other columns are allowed", "x,sku,y,name\n1,A,2,one\n", 0, 0, "2:A/one;"},
    {"a missing column is named", "sku,nam\nA,one\n", -EINVAL, 1, "\"name\" is missing"},
    {"a doubled column is named", "sku,name,sku\n", -EINVAL, 1, "\"sku\" appears twice"},
    {"too many fields", "sku,name\nA,one,more\n", -EINVAL, 2, "3 fields, the header 2"},
    {"an open quote", "sku,name\nA,\"one\n", -EINVAL, 2, "malformed"},
    {"an empty text", "", -EINVAL, 1, "no header"},
};

static void read_row(void **state)
{
    const struct row *r = *state;
    static const char *const required[] = {"sku", "name", NULL};
    struct collected c = {""};
    struct diag why = {0};
    assert_int_equal(csv_table_read(r->text, strlen(r->text), required, collect, &c, &why), r->err);
    if (r->err == 0) {
        assert_string_equal(c.text, r->want);
    } else {
        assert_int_equal(why.line, r->line);
        assert_non_null(strstr(why.text, r->want));
    }
}

static int refuse(const struct csv_row *row, void *context, struct diag *reterr)
{
    (void)context;
    diag_set(reterr, csv_row_line(row), "no");
    return -ERANGE;
}

static void what_the_callback_returns_stops_the_reading(void **state)
{
    (void)state;
    struct diag why = {0};
    const char *text = "sku\nA\nB\n";
    assert_int_equal(csv_table_read(text, strlen(text), NULL, refuse, NULL, &why), -ERANGE);
    assert_int_equal(why.line, 2);
}

static void a_row_that_is_too_long_is_refused(void **state)
{
    (void)state;
    static char text[CSV_TABLE_ROW_BYTES_MAX + 64] = "sku,name\n";
    memset(text + 9, 'x', CSV_TABLE_ROW_BYTES_MAX + 1);
    struct diag why = {0};
    struct collected c = {""};
    assert_int_equal(csv_table_read(text, strlen(text), NULL, collect, &c, &why), -EINVAL);
    assert_int_equal(why.line, 2);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct diag why = {0};
    struct collected c = {""};
    assert_int_equal(csv_table_read_file("/nonexistent/x.csv", NULL, collect, &c, &why), -ENOENT);
    assert_non_null(strstr(why.text, "/nonexistent/x.csv"));
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, read_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_the_callback_returns_stops_the_reading);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_row_that_is_too_long_is_refused);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_missing_file_is_named);
    return cmocka_run_group_tests_name("csv_table", tests, NULL, NULL);
}
