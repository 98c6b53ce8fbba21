/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "scan_repeat.h"

#define SCANS_MAX 8

struct scan {
    unsigned scanner;
    const char *text;
    int64_t mono_ms;
    bool repeat;
};

struct row {
    const char *name;
    int32_t window_ms;
    struct scan scans[SCANS_MAX]; /* ended by a NULL text */
};

static struct row rows[] = {
    {"the same bytes within the window are one scan",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 1000, false}, {0, "A", 1699, true}}},
    {"the same bytes after the window are a second scan",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 1000, false}, {0, "A", 1700, false}}},
    {"counting takes equal items sooner",
     SCAN_REPEAT_COUNT_WINDOW_MS,
     {{0, "A", 1000, false}, {0, "A", 1249, true}, {0, "A", 1500, false}, {0, "A", 1750, false}}},
    {"an item left before the scanner is one scan",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 0, false}, {0, "A", 500, true}, {0, "A", 1000, true}, {0, "A", 1500, true}}},
    {"other bytes are another scan, however close",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 1000, false}, {0, "B", 1001, false}, {0, "AB", 1002, false}}},
    {"two symbols on one label are one scan each",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 0, false}, {0, "B", 100, false}, {0, "A", 200, true}, {0, "B", 300, true}}},
    {"another scanner is never a repeat",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 1000, false}, {1, "A", 1001, false}, {7, "A", 1002, false}, {1, "A", 1003, true}}},
    {"the oldest of many is forgotten",
     SCAN_REPEAT_WINDOW_MS,
     {{0, "A", 0, false},
      {0, "B", 1, false},
      {0, "C", 2, false},
      {0, "D", 3, false},
      {0, "E", 4, false},
      {0, "B", 5, true},
      {0, "A", 6, false}}},
};

static void scans_row(void **state)
{
    const struct row *r = *state;
    static struct scan_repeat repeat;
    repeat = (struct scan_repeat){0};
    uint64_t want[SCAN_REPEAT_SCANNERS_MAX] = {0};
    for (const struct scan *s = r->scans; s < r->scans + SCANS_MAX && s->text; s++) {
        bool got = scan_repeat_check(&repeat, s->scanner, (const uint8_t *)s->text, strlen(s->text),
                                     s->mono_ms, r->window_ms);
        assert_int_equal(got, s->repeat);
        want[s->scanner] += s->repeat;
    }
    assert_memory_equal(repeat.suppressed, want, sizeof(want));
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, scans_row, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("scan_repeat", tests, NULL, NULL);
}
