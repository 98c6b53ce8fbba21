/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "scale_encode.h"
#include "scale_learn.h"

static const struct scale_reading weights[] = {
    {.counts = 12340, .decimals = 3, .unit = SCALE_UNIT_KG, .kind = SCALE_GROSS},
    {.counts = 507, .decimals = 2, .unit = SCALE_UNIT_KG, .kind = SCALE_GROSS},
    {.counts = 91, .decimals = 1, .unit = SCALE_UNIT_KG, .kind = SCALE_GROSS},
};

/* What a protocol sends while the display shows a weight: the end of a frame, then three whole. */
static size_t capture(enum scale_protocol p, const struct scale_reading *r, uint8_t *ret)
{
    uint8_t frame[SCALE_FRAME_MAX];
    int len = scale_encode(p, r, frame);
    assert_true(len > 0);
    memcpy(ret, frame + len - 3, 3);
    size_t at = 3;
    for (int i = 0; i < 3; i++, at += (size_t)len)
        memcpy(ret + at, frame, (size_t)len);
    return at;
}

static void every_protocol_is_learnt_from_what_it_sends(void **state)
{
    (void)state;
    for (unsigned p = 0; p < SCALE_PROTOCOLS; p++) {
        struct scale_learn l = scale_learn_init();
        int left = 0;
        for (size_t i = 0; i < SCALE_LEARN_FRAMES; i++) {
            uint8_t bytes[4 * SCALE_FRAME_MAX];
            char shown[DECIMAL_TEXT_SIZE];
            const struct scale_reading *r = &weights[i % ARRAY_LEN(weights)];
            size_t len = capture((enum scale_protocol)p, r, bytes);
            left = scale_learn_capture(&l, bytes, len, scale_reading_value(r, shown));
        }
        enum scale_protocol found[SCALE_PROTOCOLS];
        assert_int_equal(scale_learn_result(&l, found), left);
        assert_int_equal(left, 1); /* what is shown tells apart those that fit the same bytes */
        assert_int_equal(found[0], p);
    }
}

static void a_wrong_display_fits_nothing(void **state)
{
    (void)state;
    uint8_t bytes[4 * SCALE_FRAME_MAX];
    struct scale_learn l = scale_learn_init();
    size_t len = capture(SCALE_AND17, &weights[0], bytes);
    assert_int_equal(scale_learn_capture(&l, bytes, len, "12.34"), 0);
}

static void noise_fits_nothing(void **state)
{
    (void)state;
    static const uint8_t noise[] = "\xff\x80 no scale speaks like this \r\n";
    struct scale_learn l = scale_learn_init();
    assert_int_equal(scale_learn_capture(&l, noise, sizeof(noise) - 1, NULL), 0);
    enum scale_protocol found[SCALE_PROTOCOLS];
    assert_int_equal(scale_learn_result(&l, found), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_protocol_is_learnt_from_what_it_sends),
        cmocka_unit_test(a_wrong_display_fits_nothing),
        cmocka_unit_test(noise_fits_nothing),
    };
    return cmocka_run_group_tests_name("scale_learn", tests, NULL, NULL);
}
