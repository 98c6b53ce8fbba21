/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "scale_stream.h"

struct row {
    const char *name;
    enum scale_protocol protocol;
    const char *bytes;
    const char *weights; /* joined by '|' */
    uint64_t dropped;
    size_t held;
};

static struct row rows[] = {
    {"a cut frame does not eat the next", SCALE_AND17, "ST,+0012.3ST,+0045.600 kg\r\n", "45.600",
     10, 0},
    {"half a frame waits for the rest", SCALE_AND17, "ST,+0012.300 kg\r\nST,+00", "12.300", 0, 6},
    {"a remark is a frame without a weight", SCALE_AND17, "?\r\nST,+0012.300 kg\r\n", "12.300", 0,
     0},
    {"answers of several lengths", SCALE_MTSICS, "S I\r\nS S      12.34 kg\r\nES\r\n", "12.34", 0,
     0},
    {"a start that repeats", SCALE_YAOHUA_FWD, "===00007.39", "7.39", 2, 0},
    {"noise alone", SCALE_YAOHUA_FWD, "hello, world", "", 12, 0},
};

static void run(const struct row *r, size_t step)
{
    struct scale_stream s = scale_stream_init(r->protocol);
    char got[128] = "";
    size_t len = strlen(r->bytes);
    for (size_t piece = 0; piece < len; piece += step) {
        size_t end = piece + step < len ? piece + step : len;
        for (size_t at = piece; at < end;) {
            struct scale_frame f;
            size_t taken = 0;
            char value[DECIMAL_TEXT_SIZE];
            int found = scale_stream_next(&s, (const uint8_t *)r->bytes + at, end - at, &taken, &f);
            at += taken;
            if (found && f.reply == SCALE_REPLY_WEIGHT) {
                strcat(got, got[0] ? "|" : "");
                strcat(got, scale_reading_value(&f.reading, value));
            }
        }
    }
    assert_string_equal(got, r->weights);
    assert_int_equal(s.dropped, r->dropped);
    assert_int_equal(s.held_len, r->held);
}

static void stream_row(void **state)
{
    for (size_t step = 1; step < 40; step++)
        run(*state, step);
}

static void a_reset_forgets_half_a_frame(void **state)
{
    (void)state;
    struct scale_stream s = scale_stream_init(SCALE_YAOHUA_FWD);
    struct scale_frame f;
    size_t taken = 0;
    assert_int_equal(scale_stream_next(&s, (const uint8_t *)"=000", 4, &taken, &f), 0);
    scale_stream_reset(&s);
    assert_int_equal(scale_stream_next(&s, (const uint8_t *)"07.39=00001.00", 14, &taken, &f), 1);
    assert_int_equal(f.reading.counts, 100);
    assert_int_equal(s.dropped, 9);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, stream_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(a_reset_forgets_half_a_frame);
    return cmocka_run_group_tests_name("scale_stream", tests, NULL, NULL);
}
