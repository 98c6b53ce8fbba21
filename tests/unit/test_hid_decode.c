/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "attr.h"
#include "hid_decode.h"

#define KEYS_MAX 24
#define DROPPED 0xFFFF /* in a row: the kernel dropped events */

struct key {
    uint16_t code;
    int32_t value;
    int32_t after_ms;
};

/* Answers as in the test vectors: "!text" is partial, "!" alone is lost. */
struct row {
    const char *name;
    struct key keys[KEYS_MAX]; /* ended by code 0 */
    const char *want;
};

static struct row rows[] = {
    {"shift holds until it is released",
     {{KEY_RIGHTSHIFT, 1, 1},
      {KEY_A, 1, 1},
      {KEY_RIGHTSHIFT, 0, 1},
      {KEY_A, 1, 1},
      {KEY_ENTER, 1, 1}},
     "Aa"},
    {"one shift released leaves the other",
     {{KEY_LEFTSHIFT, 1, 1},
      {KEY_RIGHTSHIFT, 1, 1},
      {KEY_LEFTSHIFT, 0, 1},
      {KEY_1, 1, 1},
      {KEY_ENTER, 1, 1}},
     "!"}, /* the character of Shift+1; a lost frame is tested below */
    {"Caps Lock changes letters and nothing else",
     {{KEY_CAPSLOCK, 1, 1},
      {KEY_CAPSLOCK, 0, 1},
      {KEY_A, 1, 1},
      {KEY_1, 1, 1},
      {KEY_LEFTSHIFT, 1, 1},
      {KEY_B, 1, 1},
      {KEY_LEFTSHIFT, 0, 1},
      {KEY_ENTER, 1, 1}},
     "A1b"},
    {"a key held down is one character",
     {{KEY_A, 1, 1}, {KEY_A, 2, 1}, {KEY_A, 2, 1}, {KEY_ENTER, 1, 1}},
     "a"},
    {"a repeat says that a modifier is down",
     {{KEY_LEFTSHIFT, 2, 1}, {KEY_A, 1, 1}, {KEY_ENTER, 1, 1}},
     "A"},
    {"Ctrl+] and F8 are GS",
     {{KEY_1, 1, 1},
      {KEY_LEFTCTRL, 1, 1},
      {KEY_RIGHTBRACE, 1, 1},
      {KEY_LEFTCTRL, 0, 1},
      {KEY_2, 1, 1},
      {KEY_F8, 1, 1},
      {KEY_3, 1, 1},
      {KEY_ENTER, 1, 1}},
     "1\x1d"
     "2\x1d"
     "3"},
    {"Ctrl+6 is RS, as a scanner types it in a 2D envelope",
     {{KEY_1, 1, 1},
      {KEY_RIGHTCTRL, 1, 1},
      {KEY_6, 1, 1},
      {KEY_RIGHTCTRL, 0, 1},
      {KEY_ENTER, 1, 1}},
     "1\x1e"},
    {"Alt with keypad 029 is GS between the characters around it",
     {{KEY_X, 1, 1},
      {KEY_LEFTALT, 1, 1},
      {KEY_KP0, 1, 1},
      {KEY_KP2, 1, 1},
      {KEY_KP9, 1, 1},
      {KEY_LEFTALT, 0, 1},
      {KEY_3, 1, 1},
      {KEY_ENTER, 1, 1}},
     "x\x1d"
     "3"},
    {"a code ends at Alt pressed again",
     {{KEY_LEFTALT, 1, 1},
      {KEY_KP0, 1, 1},
      {KEY_KP5, 1, 1},
      {KEY_KP2, 1, 1},
      {KEY_LEFTALT, 1, 1},
      {KEY_KP5, 1, 1},
      {KEY_KP3, 1, 1},
      {KEY_LEFTALT, 0, 1},
      {KEY_ENTER, 1, 1}},
     "45"},
    {"a code ends at the next key when the release of Alt is missing",
     {{KEY_LEFTALT, 1, 1},
      {KEY_KP0, 1, 1},
      {KEY_KP5, 1, 1},
      {KEY_KP2, 1, 1},
      {KEY_A, 1, 1},
      {KEY_LEFTALT, 1, 1},
      {KEY_KP5, 1, 1},
      {KEY_KP3, 1, 1},
      {KEY_ENTER, 1, 1}},
     "4a5"},
    {"a code of CR ends the frame and keeps the key behind it",
     {{KEY_A, 1, 1},
      {KEY_LEFTALT, 1, 1},
      {KEY_KP1, 1, 1},
      {KEY_KP3, 1, 1},
      {KEY_B, 1, 1},
      {KEY_ENTER, 1, 1}},
     "a|b"},
    {"Alt with a key that types nothing spoils the frame",
     {{KEY_A, 1, 1},
      {KEY_LEFTALT, 1, 1},
      {KEY_B, 1, 1},
      {KEY_LEFTALT, 0, 1},
      {KEY_C, 1, 1},
      {KEY_ENTER, 1, 1},
      {KEY_D, 1, 1},
      {KEY_ENTER, 1, 1}},
     "!|d"},
    {"Ctrl+Shift+J ends a frame",
     {{KEY_A, 1, 1},
      {KEY_LEFTCTRL, 1, 1},
      {KEY_LEFTSHIFT, 1, 1},
      {KEY_J, 1, 1},
      {KEY_LEFTSHIFT, 0, 1},
      {KEY_LEFTCTRL, 0, 1},
      {KEY_B, 1, 1},
      {KEY_ENTER, 1, 1}},
     "a|b"},
    {"keypad digits are digits, Num Lock or not",
     {{KEY_KP8, 1, 1}, {KEY_NUMLOCK, 1, 1}, {KEY_KP9, 1, 1}, {KEY_KPENTER, 1, 1}},
     "89"},
    {"a shift whose release is missing does not outlive its frame",
     {{KEY_LEFTSHIFT, 1, 1}, {KEY_A, 1, 1}, {KEY_ENTER, 1, 1}, {KEY_1, 1, 1}, {KEY_ENTER, 1, 1}},
     "A|1"},
    {"keys without a character are passed over",
     {{KEY_A, 1, 1}, {KEY_F5, 1, 1}, {KEY_LEFTMETA, 1, 1}, {KEY_MICMUTE, 1, 1}, {KEY_ENTER, 1, 1}},
     "a"},
    {"dropped events lose the frame and no other",
     {{KEY_A, 1, 1},
      {DROPPED, 0, 1},
      {KEY_B, 1, 1},
      {KEY_ENTER, 1, 1},
      {KEY_C, 1, 1},
      {KEY_ENTER, 1, 1}},
     "!|c"},
    {"events dropped with the terminator lose nothing behind the pause",
     {{KEY_A, 1, 1}, {DROPPED, 0, 1}, {KEY_C, 1, 500}, {KEY_ENTER, 1, 1}},
     "!|c"},
    {"a gap makes a partial frame, and the next scan is whole",
     {{KEY_A, 1, 1}, {KEY_B, 1, 101}, {KEY_ENTER, 1, 100}},
     "!a|b"},
    {"a modifier keeps its frame open",
     {{KEY_A, 1, 1}, {KEY_LEFTSHIFT, 1, 90}, {KEY_B, 1, 90}, {KEY_ENTER, 1, 1}},
     "aB"},
};

static void note(char *answer, enum scan_frame_end how, const struct hid_decode *d)
{
    if (how == SCAN_FRAME_OPEN)
        return;
    if (answer[0] != '\0')
        strcat(answer, "|");
    if (how != SCAN_FRAME_WHOLE)
        strcat(answer, "!");
    if (how != SCAN_FRAME_LOST)
        strncat(answer, (const char *)d->frame.bytes, d->frame.len);
}

static void keys_row(void **state)
{
    const struct row *r = *state;
    struct hid_decode d;
    assert_int_equal(hid_decode_init(&d, &(struct scan_frame_conf){0}, false), 0);
    struct hid_event events[KEYS_MAX];
    size_t n = 0;
    int64_t ms = 0;
    for (; n < KEYS_MAX && r->keys[n].code != 0; n++) {
        const struct key *k = &r->keys[n];
        ms += k->after_ms;
        events[n] = k->code == DROPPED ? (struct hid_event){ms, EV_SYN, SYN_DROPPED, 0}
                                       : (struct hid_event){ms, EV_KEY, k->code, k->value};
    }
    char got[256] = "";
    for (size_t at = 0; at < n;) {
        size_t used = 0;
        note(got, hid_decode_next(&d, events + at, n - at, &used), &d);
        at += used;
    }
    note(got, hid_decode_idle(&d, ms + 1000), &d);
    assert_string_equal(got, r->want);
}

static void caps_lock_that_was_on_before_is_known(void **state)
{
    (void)state;
    struct hid_decode d;
    assert_int_equal(hid_decode_init(&d, &(struct scan_frame_conf){0}, true), 0);
    static const struct hid_event events[] = {
        {1, EV_KEY, KEY_A, 1}, {2, EV_SYN, SYN_REPORT, 0}, {3, EV_KEY, KEY_ENTER, 1}};
    size_t used = 0;
    assert_int_equal(hid_decode_next(&d, events, ARRAY_LEN(events), &used), SCAN_FRAME_WHOLE);
    assert_int_equal(used, ARRAY_LEN(events));
    assert_int_equal(d.frame.len, 1);
    assert_int_equal(d.frame.bytes[0], 'A');
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(caps_lock_that_was_on_before_is_known),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, keys_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("hid_decode", tests, NULL, NULL) +
           cmocka_run_group_tests_name("hid_decode: state", others, NULL, NULL);
}
