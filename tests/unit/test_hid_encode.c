/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "hid_encode.h"

struct row {
    const char *name;
    struct hid_encode_conf conf;
    const char *text;
    const char *want; /* code, with + pressed and - released */
};

static struct row rows[] = {
    {"a digit and Enter", {.terminator = KEY_ENTER}, "1", "2+ 2- 28+ 28-"},
    {"a capital is typed with shift", {0}, "A", "42+ 30+ 30- 42-"},
    {"Caps Lock is made up for", {.caps = true}, "Aa1", "30+ 30- 42+ 30+ 30- 42- 2+ 2-"},
    {"GS as Ctrl+]", {.gs_mode = HID_GS_CTRL}, "\x1d", "29+ 27+ 27- 29-"},
    {"GS as F8", {.gs_mode = HID_GS_F8}, "\x1d", "66+ 66-"},
    {"GS as Alt + 029", {.gs_mode = HID_GS_ALT}, "\x1d", "56+ 82+ 82- 80+ 80- 73+ 73- 56-"},
    {"every character as a code", {.alt_codes = true}, "4", "56+ 82+ 82- 76+ 76- 80+ 80- 56-"},
};

static void strokes_row(void **state)
{
    const struct row *r = *state;
    struct hid_stroke strokes[64];
    size_t n = 0;
    assert_int_equal(hid_encode(&r->conf, (const uint8_t *)r->text, strlen(r->text), strokes,
                                ARRAY_LEN(strokes), &n),
                     0);
    char got[512] = "";
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(got);
        snprintf(got + len, sizeof(got) - len, "%s%u%c", i > 0 ? " " : "", strokes[i].code,
                 strokes[i].value ? '+' : '-');
    }
    assert_string_equal(got, r->want);
}

static void what_cannot_be_in_a_scan_is_refused(void **state)
{
    (void)state;
    struct hid_stroke strokes[16];
    size_t n = 99;
    struct hid_encode_conf conf = {.terminator = KEY_TAB};
    assert_int_equal(hid_encode(&conf, (const uint8_t *)"\r", 1, strokes, 16, &n), -EINVAL);
    assert_int_equal(hid_encode(&conf, (const uint8_t *)"\n", 1, strokes, 16, &n), -EINVAL);
    assert_int_equal(hid_encode(&conf, (const uint8_t *)"\t", 1, strokes, 16, &n), -EINVAL);
    assert_int_equal(hid_encode(&conf, (const uint8_t *)"", 1, strokes, 16, &n), -EINVAL);
    assert_int_equal(n, 99);
}

static void too_little_room_is_refused(void **state)
{
    (void)state;
    struct hid_stroke strokes[16];
    size_t n = 99;
    struct hid_encode_conf conf = {.terminator = KEY_ENTER};
    for (size_t room = 0; room < 4; room++)
        assert_int_equal(hid_encode(&conf, (const uint8_t *)"1", 1, strokes, room, &n), -ENOSPC);
    assert_int_equal(n, 99);
    assert_int_equal(hid_encode(&conf, (const uint8_t *)"1", 1, strokes, 4, &n), 0);
    assert_int_equal(n, 4);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(what_cannot_be_in_a_scan_is_refused),
        cmocka_unit_test(too_little_room_is_refused),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, strokes_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("hid_encode", tests, NULL, NULL) +
           cmocka_run_group_tests_name("hid_encode: limits", others, NULL, NULL);
}
