/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "api_schema.h"
#include "attr.h"

struct row {
    const char *name;
    const char *schema; /* of a document whose part "s" is {"type": "integer", "maximum": 9} */
    const char *value;
    const char *where; /* NULL: taken */
    const char *allowed;
};

static struct row rows[] = {
    {"an integer is whole", "{'type':'integer'}", "7", NULL, ""},
    {"a fraction is no integer", "{'type':'integer'}", "7.5", "", "integer"},
    {"what a double cannot hold exactly is no integer", "{'type':'integer'}", "9007199254740993e3",
     "", "integer"},
    {"one of several types", "{'type':['string','null']}", "null", NULL, ""},
    {"none of several types", "{'type':['string','null']}", "true", "", "string, null"},
    {"a number at its greatest", "{'$ref':'#/s'}", "9", NULL, ""},
    {"a number beyond it", "{'$ref':'#/s'}", "10", "", "at most 9"},
    {"a word that is known", "{'enum':['a','b']}", "'b'", NULL, ""},
    {"a word that is not", "{'enum':['a','b']}", "'c'", "", "one of: a, b"},
    {"a pattern is anchored by itself", "{'type':'string','pattern':'^[a-z]{1,3}$'}", "'abcd'", "",
     "^[a-z]{1,3}$"},
    {"a text too long", "{'type':'string','maxLength':3}", "'abcd'", "", "0 to 3 bytes"},
    {"a day that there is", "{'type':'string','format':'date'}", "'2024-02-29'", NULL, ""},
    {"a day that there is not", "{'type':'string','format':'date'}", "'2026-02-29'", "",
     "YYYY-MM-DD"},
    {"an instant in UTC", "{'type':'string','format':'date-time'}", "'2026-11-21T09:10:11.123Z'",
     NULL, ""},
    {"an instant in India", "{'type':'string','format':'date-time'}", "'2026-11-21T09:10:11+05:30'",
     NULL, ""},
    {"an instant without a zone", "{'type':'string','format':'date-time'}", "'2026-11-21T09:10:11'",
     "", "RFC 3339, as 2026-11-21T09:10:11Z"},
    {"an hour that there is not", "{'type':'string','format':'date-time'}",
     "'2026-11-21T24:00:00Z'", "", "RFC 3339, as 2026-11-21T09:10:11Z"},
    {"a control character", "{'type':'string'}", "'a\\u0007b'", "", ""},
    {"lines may end where the schema says so", "{'type':'string','format':'lines'}", "'a\\nb\\tc'",
     NULL, ""},
    {"lines hold no other control character", "{'type':'string','format':'lines'}", "'a\\u0007b'",
     "", ""},
    {"a member that is missing",
     "{'type':'object','required':['a'],'properties':{'a':{'type':'string'}}}", "{}", "a", ""},
    {"a member that is not known",
     "{'type':'object','additionalProperties':false,'properties':{'a':{},'b':{}}}", "{'c':1}", "c",
     "a, b"},
    {"a member that stands twice", "{'type':'object','properties':{'a':{}}}", "{'a':1,'a':1}", "a",
     ""},
    {"the type of other members", "{'type':'object','additionalProperties':{'type':'integer'}}",
     "{'x':'y'}", "x", "integer"},
    {"a place deep inside", "{'properties':{'l':{'items':{'properties':{'n':{'$ref':'#/s'}}}}}}",
     "{'l':[{'n':1},{'n':99}]}", "l[1].n", "at most 9"},
    {"too many items", "{'type':'array','maxItems':1}", "[1,2]", "", "0 to 1"},
    {"all of several schemas", "{'allOf':[{'$ref':'#/s'}],'description':'x'}", "12", "",
     "at most 9"},
    {"a reference that leads nowhere", "{'$ref':'#/none'}", "1", "", ""},
};

/* Apostrophes stand for quotes, so that rows can be read. */
static cJSON *parse(const char *text)
{
    char json[512];
    snprintf(json, sizeof(json), "%s", text);
    for (char *c = json; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    cJSON *value = cJSON_Parse(json);
    assert_non_null(value);
    return value;
}

static void check_row(void **state)
{
    const struct row *r = *state;
    cJSON *document = parse("{'s':{'type':'integer','maximum':9}}");
    cJSON *schema = parse(r->schema);
    cJSON *value = parse(r->value);
    struct api_fault fault;
    int err = api_schema_check(document, schema, value, "", &fault);
    assert_int_equal(err, r->where ? -EINVAL : 0);
    if (r->where) {
        assert_string_equal(fault.where, r->where);
        assert_string_equal(fault.allowed, r->allowed);
        assert_true(fault.detail[0] != '\0');
    }
    cJSON_Delete(document);
    cJSON_Delete(schema);
    cJSON_Delete(value);
}

static void numbers_and_words_of_an_argument_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *schema, *text;
        int err;
    } args[] = {
        {"{'type':'integer','minimum':1,'maximum':500}", "500", 0},
        {"{'type':'integer','minimum':1,'maximum':500}", "501", -EINVAL},
        {"{'type':'integer'}", "5x", -EINVAL},
        {"{'type':'integer'}", " 5", -EINVAL},
        {"{'type':'integer'}", "+5", -EINVAL},
        {"{'type':'integer'}", "-5", 0},
        {"{'type':'integer'}", "", -EINVAL},
        {"{'type':'integer'}", "99999999999999999999", -EINVAL},
        {"{'type':'boolean'}", "true", 0},
        {"{'type':'boolean'}", "yes", -EINVAL},
        {"{'type':'string','maxLength':2}", "ab", 0},
    };
    cJSON *document = parse("{}");
    for (size_t i = 0; i < ARRAY_LEN(args); i++) {
        cJSON *schema = parse(args[i].schema);
        struct api_fault fault;
        assert_int_equal(api_schema_check_text(document, schema, args[i].text, "limit", &fault),
                         args[i].err);
        if (args[i].err < 0)
            assert_string_equal(fault.where, "limit");
        cJSON_Delete(schema);
    }
    cJSON_Delete(document);
}

static void a_keyword_that_is_not_checked_is_told(void **state)
{
    (void)state;
    static const char *const unknown[] = {
        "{'type':'object','properties':{'a':{'multipleOf':2}}}",
        "{'items':{'$ref':'#/none'}}",
        "{'pattern':'['}",
    };
    cJSON *document = parse("{}");
    for (size_t i = 0; i < ARRAY_LEN(unknown); i++) {
        cJSON *schema = parse(unknown[i]);
        struct diag why = {.line = 0};
        assert_int_equal(api_schema_known(document, schema, &why), -EINVAL);
        assert_true(why.text[0] != '\0');
        cJSON_Delete(schema);
    }
    cJSON_Delete(document);
}

static void schemas_that_lead_to_themselves_end(void **state)
{
    (void)state;
    cJSON *document = parse("{'a':{'items':{'$ref':'#/a'}},'b':{'$ref':'#/b'}}");
    cJSON *schema = parse("{'$ref':'#/a'}");
    cJSON *loop = parse("{'$ref':'#/b'}");
    cJSON *deep = parse("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
    struct api_fault fault;
    assert_int_equal(api_schema_check(document, schema, deep, "", &fault), -EINVAL);
    assert_int_equal(api_schema_check(document, loop, deep, "", &fault), -EINVAL);
    cJSON_Delete(document);
    cJSON_Delete(schema);
    cJSON_Delete(loop);
    cJSON_Delete(deep);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 3];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, check_row, NULL, NULL, &rows[i]};
    struct CMUnitTest *more = tests + ARRAY_LEN(rows);
    more[0] = (struct CMUnitTest)cmocka_unit_test(numbers_and_words_of_an_argument_are_read);
    more[1] = (struct CMUnitTest)cmocka_unit_test(a_keyword_that_is_not_checked_is_told);
    more[2] = (struct CMUnitTest)cmocka_unit_test(schemas_that_lead_to_themselves_end);
    return cmocka_run_group_tests_name("api_schema", tests, NULL, NULL);
}
