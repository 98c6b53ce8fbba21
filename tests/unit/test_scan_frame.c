/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "scan_frame.h"

#define ANSWER_MAX 4096

/* Frames joined by "|", as in the test vectors: "!text" is partial, "!" alone is lost. */
static void note(char answer[ANSWER_MAX], enum scan_frame_end how, const struct scan_frame *f)
{
    if (how == SCAN_FRAME_OPEN)
        return;
    if (answer[0] != '\0')
        strcat(answer, "|");
    if (how != SCAN_FRAME_WHOLE)
        strcat(answer, "!");
    if (how != SCAN_FRAME_LOST)
        strncat(answer, (const char *)f->bytes, f->len);
}

struct row {
    const char *name;
    struct scan_frame_conf conf;
    const char *bytes;
    const char *want;
};

static struct row rows[] = {
    {"CR ends a frame", {0}, "890\r", "890"},
    {"CR LF is one end", {0}, "890\r\n891\r\n", "890|891"},
    {"LF ends a frame", {0}, "890\n", "890"},
    {"two scans in one read are two frames", {0}, "890\r891\r", "890|891"},
    {"terminators alone are no frame", {0}, "\r\n\r\r\n", ""},
    {"a tab is a character where it is no terminator", {0}, "a\tb\r", "a\tb"},
    {"a tab ends a frame where it is set to", {.terminator = '\t'}, "a\tb\r", "a|b"},
    {"GS is a character",
     {0},
     "10A\x1d"
     "17\r",
     "10A\x1d"
     "17"},
    {"what has no terminator is partial", {0}, "a\rbcd", "a|!bcd"},
    {"a prefix is taken off where it is there",
     {.prefix = "\x02#", .prefix_len = 2},
     "\x02#a\r#b\r",
     "a|#b"},
    {"a suffix is taken off where it is there",
     {.suffix = "%%", .suffix_len = 2},
     "a%%\rb%\r",
     "a|b%"},
    {"a frame of affixes alone is no frame",
     {.prefix = "P", .prefix_len = 1, .suffix = "S", .suffix_len = 1},
     "PS\rPaS\r",
     "a"},
    {"a frame shorter than its affixes is left as it is",
     {.prefix = "PP", .prefix_len = 2, .suffix = "PP", .suffix_len = 2},
     "P\rPPP\r",
     "P|P"},
    {"bytes of eight bits are characters", {0}, "a\xE2\x90\x9D\r", "a\xE2\x90\x9D"},
    {"a byte of eight bits spoils a frame of seven",
     {.seven_bit = true},
     "a\xB8"
     "b\rc\r",
     "!|c"},
};

static void bytes_row(void **state)
{
    const struct row *r = *state;
    struct scan_frame f;
    assert_int_equal(scan_frame_init(&f, &r->conf), 0);
    char got[ANSWER_MAX] = "";
    const uint8_t *at = (const uint8_t *)r->bytes;
    size_t n = strlen(r->bytes);
    while (n > 0) {
        size_t used = 0;
        note(got, scan_frame_next(&f, at, n, 0, &used), &f);
        at += used;
        n -= used;
    }
    note(got, scan_frame_idle(&f, SCAN_FRAME_IDLE_MS + 1), &f);
    assert_string_equal(got, r->want);
}

static void an_affix_that_is_too_long_is_refused(void **state)
{
    (void)state;
    struct scan_frame f;
    struct scan_frame_conf conf = {.prefix_len = SCAN_FRAME_AFFIX_MAX + 1};
    assert_int_equal(scan_frame_init(&f, &conf), -EINVAL);
    conf = (struct scan_frame_conf){.suffix_len = SCAN_FRAME_AFFIX_MAX + 1};
    assert_int_equal(scan_frame_init(&f, &conf), -EINVAL);
}

static void a_frame_of_the_maximum_is_whole_and_one_more_is_lost(void **state)
{
    (void)state;
    struct scan_frame f;
    assert_int_equal(scan_frame_init(&f, &(struct scan_frame_conf){0}), 0);
    for (int i = 0; i < SCAN_FRAME_MAX; i++)
        assert_int_equal(scan_frame_put(&f, 'a', 0), SCAN_FRAME_OPEN);
    assert_int_equal(scan_frame_put(&f, '\r', 0), SCAN_FRAME_WHOLE);
    assert_int_equal(f.len, SCAN_FRAME_MAX);

    for (int i = 0; i < 3 * SCAN_FRAME_MAX; i++)
        assert_int_equal(scan_frame_put(&f, 'a', 0), SCAN_FRAME_OPEN);
    assert_int_equal(scan_frame_put(&f, '\r', 0), SCAN_FRAME_LOST);
    assert_int_equal(scan_frame_put(&f, 'b', 0), SCAN_FRAME_OPEN);
    assert_int_equal(scan_frame_put(&f, '\r', 0), SCAN_FRAME_WHOLE);
    assert_int_equal(f.len, 1);
}

static void a_nul_spoils_its_frame_only(void **state)
{
    (void)state;
    struct scan_frame f;
    assert_int_equal(scan_frame_init(&f, &(struct scan_frame_conf){0}), 0);
    static const char bytes[] = "ab\0cd\re\r";
    char got[ANSWER_MAX] = "";
    for (size_t i = 0; i < sizeof(bytes) - 1; i++)
        note(got, scan_frame_put(&f, (uint8_t)bytes[i], 0), &f);
    assert_string_equal(got, "!|e");
}

static void a_gap_closes_a_frame_only_when_it_is_longer_than_the_setting(void **state)
{
    (void)state;
    struct scan_frame f;
    assert_int_equal(scan_frame_init(&f, &(struct scan_frame_conf){.idle_ms = 50}), 0);
    assert_int_equal(scan_frame_deadline_ms(&f), INT64_MAX);
    assert_int_equal(scan_frame_put(&f, 'a', 1000), SCAN_FRAME_OPEN);
    assert_int_equal(scan_frame_deadline_ms(&f), 1051);
    assert_int_equal(scan_frame_idle(&f, 1050), SCAN_FRAME_OPEN);
    scan_frame_touch(&f, 1040);
    assert_int_equal(scan_frame_idle(&f, 1090), SCAN_FRAME_OPEN);
    assert_int_equal(scan_frame_idle(&f, 1091), SCAN_FRAME_PARTIAL);
    assert_int_equal(scan_frame_idle(&f, 9999), SCAN_FRAME_OPEN);
}

static void a_lost_frame_ends_with_the_gap_too(void **state)
{
    (void)state;
    struct scan_frame f;
    assert_int_equal(scan_frame_init(&f, &(struct scan_frame_conf){0}), 0);
    scan_frame_spoil(&f, 1000);
    assert_int_equal(scan_frame_put(&f, 'a', 1010), SCAN_FRAME_OPEN);
    assert_int_equal(scan_frame_idle(&f, 1111), SCAN_FRAME_LOST);
    assert_false(scan_frame_is_open(&f));
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(an_affix_that_is_too_long_is_refused),
        cmocka_unit_test(a_frame_of_the_maximum_is_whole_and_one_more_is_lost),
        cmocka_unit_test(a_nul_spoils_its_frame_only),
        cmocka_unit_test(a_gap_closes_a_frame_only_when_it_is_longer_than_the_setting),
        cmocka_unit_test(a_lost_frame_ends_with_the_gap_too),
    };
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, bytes_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("scan_frame", tests, NULL, NULL) +
           cmocka_run_group_tests_name("scan_frame: limits", others, NULL, NULL);
}
