/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "web_body.h"

struct row {
    const char *name;
    enum web_body_kind kind;
    const char *text;
    int want;
    const char *command;
    int32_t days;
};

static struct row rows[] = {
    {"a command", BODY_COMMAND, "{\"command\":\"qty:12\"}", 0, "qty:12", 0},
    {"blanks around", BODY_COMMAND, " { \"command\" : \"ok\" } \r\n", 0, "ok", 0},
    {"Hindi in a note", BODY_COMMAND, "{\"command\":\"note:टूटा\"}", 0, "note:टूटा", 0},
    {"a command that is escaped", BODY_COMMAND, "{\"command\":\"\\u006fk\"}", 0, "ok", 0},
    {"no member", BODY_COMMAND, "{}", -EINVAL, "", 0},
    {"an unknown member", BODY_COMMAND, "{\"command\":\"ok\",\"post\":\"x\"}", -EINVAL, "", 0},
    {"a member twice", BODY_COMMAND, "{\"command\":\"ok\",\"command\":\"no\"}", -EINVAL, "", 0},
    {"a member in capitals", BODY_COMMAND, "{\"Command\":\"ok\"}", -EINVAL, "", 0},
    {"a number for a text", BODY_COMMAND, "{\"command\":1}", -EINVAL, "", 0},
    {"an empty command", BODY_COMMAND, "{\"command\":\"\"}", -EINVAL, "", 0},
    {"a line end in a command", BODY_COMMAND, "{\"command\":\"a\\nb\"}", -EINVAL, "", 0},
    {"an escaped NUL that would cut it", BODY_COMMAND, "{\"command\":\"ok\\u0000x\"}", -EINVAL, "",
     0},
    {"bytes that are no UTF-8", BODY_COMMAND, "{\"command\":\"\xff\"}", -EINVAL, "", 0},
    {"something behind", BODY_COMMAND, "{\"command\":\"ok\"}}", -EINVAL, "", 0},
    {"an array", BODY_COMMAND, "[\"ok\"]", -EINVAL, "", 0},
    {"no JSON", BODY_COMMAND, "command=ok", -EINVAL, "", 0},
    {"nothing", BODY_COMMAND, "", -EINVAL, "", 0},
    {"days", BODY_SNOOZE, "{\"days\":30}", 0, "", 30},
    {"too many days", BODY_SNOOZE, "{\"days\":31}", -EINVAL, "", 0},
    {"no days", BODY_SNOOZE, "{\"days\":0}", -EINVAL, "", 0},
    {"half a day", BODY_SNOOZE, "{\"days\":1.5}", -EINVAL, "", 0},
    {"days beyond any number", BODY_SNOOZE, "{\"days\":1e300}", -EINVAL, "", 0},
    {"an empty object", BODY_EMPTY, "{}", 0, "", 0},
    {"an empty object with a member", BODY_EMPTY, "{\"x\":null}", -EINVAL, "", 0},
    {"a body where none is taken", BODY_NONE, "{}", -EINVAL, "", 0},
};

static void read_row(void **state)
{
    const struct row *r = *state;
    struct web_body body = {.days = 0};
    struct diag diag = {.text = ""};
    assert_int_equal(web_body_read(r->kind, r->text, strlen(r->text), &diag, &body), r->want);
    assert_string_equal(body.command, r->command);
    assert_int_equal(body.days, r->days);
    assert_int_equal(diag.text[0] != '\0', r->want < 0);
}

static void a_command_is_bounded(void **state)
{
    (void)state;
    char text[STATION_COMMAND_SIZE + 32] = "{\"command\":\"";
    size_t head = strlen(text);
    struct web_body body = {.days = 0};
    memset(text + head, 'x', STATION_COMMAND_SIZE - 1);
    memcpy(text + head + STATION_COMMAND_SIZE - 1, "\"}", 3);
    assert_int_equal(web_body_read(BODY_COMMAND, text, strlen(text), NULL, &body), 0);
    assert_int_equal(strlen(body.command), STATION_COMMAND_SIZE - 1);
    memcpy(text + head + STATION_COMMAND_SIZE - 1, "x\"}", 4);
    assert_int_equal(web_body_read(BODY_COMMAND, text, strlen(text), NULL, &body), -EINVAL);
}

static void a_body_is_bounded(void **state)
{
    (void)state;
    char *text = malloc(WEB_BODY_MAX + 1);
    assert_non_null(text);
    memset(text, ' ', WEB_BODY_MAX + 1);
    memcpy(text, "{}", 2);
    struct web_body body = {.days = 0};
    assert_int_equal(web_body_read(BODY_EMPTY, text, WEB_BODY_MAX, NULL, &body), 0);
    assert_int_equal(web_body_read(BODY_EMPTY, text, WEB_BODY_MAX + 1, NULL, &body), -EINVAL);
    free(text);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, read_row, NULL, NULL, &rows[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_command_is_bounded);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_body_is_bounded);
    return cmocka_run_group_tests_name("web_body", tests, NULL, NULL);
}
