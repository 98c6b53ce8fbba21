/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "conf.h"

struct sample {
    int64_t port;
    bool beep;
    char name[8];
    int trust;
};

static const char *const trusts[] = {"low", "high", NULL};

static const struct conf_key keys[] = {
    {"web", "port", CONF_INT, 1, 65535, "8080", offsetof(struct sample, port), "TCP port.", NULL},
    {"floor", "beep", CONF_BOOL, 0, 0, "true", offsetof(struct sample, beep), "Beep.", NULL},
    {"floor", "name", CONF_TEXT, 1, 8, "site", offsetof(struct sample, name), "Name.", NULL},
    {"floor", "trust", CONF_CHOICE, 0, 0, "low", offsetof(struct sample, trust), "Trust.", trusts},
};
static const struct conf_table table = {keys, ARRAY_LEN(keys)};

struct row {
    const char *name;
    const char *text;
    int line;         /* of the refusal; 0: accepted */
    const char *want; /* part of the message */
};

static struct row rows[] = {
    {"an empty file keeps the defaults", "", 0, NULL},
    {"comments and blank lines", "# x\n\n[web]\n; y\nport = 80\n", 0, NULL},
    {"an unknown key", "[web]\nprot = 80\n", 2, "[web] prot: no such key"},
    {"a key of another section", "[floor]\nport = 80\n", 2, "[floor] port"},
    {"a key before any section", "port = 80\n", 1, "[] port"},
    {"a doubled key", "[web]\nport=80\nport=81\n", 3, "set twice"},
    {"a number out of range", "[web]\nport = 65536\n", 2, "from 1 to 65535"},
    {"text where a number belongs", "[web]\nport = 80x\n", 2, "\"80x\""},
    {"a number beyond all", "[web]\nport = 99999999999999999999\n", 2, "whole number"},
    {"a bad truth", "[floor]\nbeep = maybe\n", 2, "true or false"},
    {"a text that is too long", "[floor]\nname = 12345678\n", 2, "1 to 7 bytes"},
    {"an empty text where one is needed", "[floor]\nname =\n", 2, "1 to 7 bytes"},
    {"an unknown choice", "[floor]\ntrust = mid\n", 2, "one of low, high"},
    {"a line without a meaning", "[web]\nport\n", 2, "key = value"},
};

static void read_row(void **state)
{
    const struct row *r = *state;
    struct sample s;
    struct diag why = {0};
    assert_int_equal(conf_defaults(&table, &s, &why), 0);
    int err = conf_read(&table, r->text, &s, &why);
    if (!r->want) {
        assert_int_equal(err, 0);
        return;
    }
    assert_int_equal(err, -EINVAL);
    assert_int_equal(why.line, r->line);
    assert_non_null(strstr(why.text, r->want));
}

static void what_is_printed_reads_back_the_same(void **state)
{
    (void)state;
    struct sample s;
    memset(&s, 0, sizeof(s)); /* padding too: the structs are compared as bytes */
    struct sample back;
    memset(&back, 0, sizeof(back));
    struct diag why = {0};
    assert_int_equal(conf_defaults(&table, &s, &why), 0);
    assert_int_equal(conf_set(&table, "web", "port", "99", &s, &why), 0);
    assert_int_equal(conf_set(&table, "floor", "name", "Pune", &s, &why), 0);
    assert_int_equal(conf_set(&table, "floor", "trust", "high", &s, &why), 0);

    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    conf_print(&table, &s, out);
    fclose(out);
    assert_int_equal(conf_defaults(&table, &back, &why), 0);
    assert_int_equal(conf_read(&table, text, &back, &why), 0);
    free(text);
    assert_int_equal(back.port, 99);
    assert_int_equal(back.beep, s.beep);
    assert_string_equal(back.name, "Pune");
    assert_int_equal(back.trust, 1);
}

static void setting_an_unknown_key_says_so(void **state)
{
    (void)state;
    struct sample s;
    struct diag why = {0};
    assert_int_equal(conf_set(&table, "web", "nope", "1", &s, &why), -ENOENT);
    assert_non_null(strstr(why.text, "[web] nope"));
}

static void a_comment_may_be_of_any_length(void **state)
{
    (void)state;
    char text[600] = "[web]\n # ";
    memset(text + strlen(text), 'x', 500);
    strcat(text, "\nport = 81\nprot = 1\n");
    struct sample s;
    struct diag why = {0};
    assert_int_equal(conf_defaults(&table, &s, &why), 0);
    assert_int_equal(conf_read(&table, text, &s, &why), -EINVAL);
    assert_int_equal(why.line, 4); /* lines are counted on behind it */
    assert_int_equal(s.port, 81);
}

static void a_line_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[512];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct sample s;
    struct diag why = {0};
    assert_int_equal(conf_read(&table, text, &s, &why), -EINVAL);
    assert_int_equal(why.line, 1);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 4];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, read_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(what_is_printed_reads_back_the_same);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(setting_an_unknown_key_says_so);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_comment_may_be_of_any_length);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_line_that_is_too_long_is_refused);
    return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
