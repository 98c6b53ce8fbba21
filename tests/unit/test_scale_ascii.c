/* SPDX-License-Identifier: Apache-2.0 */
/* What the vectors of single frames (tests/data/vectors/scale_frames.csv) do not show. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attr.h"
#include "scale_ascii.h"

struct row {
    const char *name;
    enum scale_protocol protocol;
    const char *frame;
    const char *want; /* "status kind value unit", a notice, or an error */
};

static struct row rows[] = {
    {"a dynamic weight moves", SCALE_MTSICS, "S D      12.34 kg\r\n", "motion displayed 12.34 kg"},
    {"a negative weight in its field", SCALE_MTSICS, "S S      -1.20 g\r\n",
     "stable displayed -1.20 g"},
    {"the answer to a tare", SCALE_MTSICS, "T S      1.200 kg\r\n", "ack_tare tare 1.200 kg"},
    {"the stored tare", SCALE_MTSICS, "TA A      1.200 kg\r\n", "ack_tare tare 1.200 kg"},
    {"zero is done", SCALE_MTSICS, "Z A\r\n", "ack_zero"},
    {"zero is refused for now", SCALE_MTSICS, "Z I\r\n", "not_ready"},
    {"a parity error at the scale", SCALE_MTSICS, "ET\r\n", "transmission_error"},
    {"a line end is needed", SCALE_MTSICS, "S S      12.34 kg\n", "BAD_LENGTH"},
    {"a weight without its unit", SCALE_MTSICS, "S S      12.34\r\n", "BAD_LENGTH"},
    {"below range", SCALE_AND17, "OL,-99999.99 kg\r\n", "underload"},
    {"pieces are counted", SCALE_AND17, "QT,+00000012 PC\r\n", "stable displayed 12 pcs"},
    {"not ready as an error line", SCALE_AND17, "EC,E2\r\n", "not_ready"},
    {"an error code that nobody knows", SCALE_AND17, "EC,E9\r\n", "BAD_LENGTH"},
    {"a separator is part of the frame", SCALE_AND17, "ST;+0012.340 kg\r\n", "BAD_LENGTH"},
    {"CAS reports an error of its own", SCALE_AND18, "ERR12\r\n", "error"},
    {"a lamp byte cut to seven bits", SCALE_CAS22, "ST,GS,1D,    1.00 kg\r\n", "BAD_STATUS"},
    {"header and lamp differ: not stable", SCALE_CAS22, "ST,GS,1\x84,    1.00 kg\r\n",
     "motion gross 1.00 kg"},
    {"parity bits are masked", SCALE_TOLEDO17, "\x82-0\xa0 2314700000\xb0\x8d",
     "stable gross 23.147 kg"},
    {"hundreds have no decimals", SCALE_TOLEDO17, "\x02(0 000012000000\r", "stable gross 1200 kg"},
    {"out of range and negative is below", SCALE_TOLEDO17, "\x02-6 000012000000\r", "underload"},
    {"not zeroed since power-up", SCALE_TOLEDO17, "\x02-p 000012000000\r", "not_ready"},
    {"grams are another unit", SCALE_TOLEDO17, "\x02*!!000012000000\r", "stable net 12 g"},
    {"a fault of the indicator", SCALE_RINSTRUM1, "\x02       0E\x03", "error"},
    {"a weight at rest has a unit", SCALE_RINSTRUM2, "\x02   8.918G  -   \x03", "BAD_UNIT"},
    {"a minus and eight characters", SCALE_YAOHUA_W, "ww-00014.03lb\r\n",
     "unknown gross -14.03 lb"},
    {"a tare", SCALE_YAOHUA_W, "wt0014.03kg\r\n", "unknown tare 14.03 kg"},
    {"neither gross nor net nor tare", SCALE_YAOHUA_W, "wx0014.03kg\r\n", "BAD_STATUS"},
    {"a number without digits", SCALE_CAS10, "        \r\n", "BAD_NUMBER"},
    {"a gap inside a number", SCALE_CAS10, " 12 34.5\r\n", "BAD_NUMBER"},
};

static void frame_row(void **state)
{
    const struct row *r = *state;
    struct scale_frame f = {0};
    char got[96];
    char value[DECIMAL_TEXT_SIZE];
    enum scale_frame_error bad =
        scale_ascii_decode(r->protocol, (const uint8_t *)r->frame, strlen(r->frame), &f);
    const char *status = bad ? scale_frame_error_name(bad) : scale_frame_notice_name(&f);
    if (bad || (f.reply != SCALE_REPLY_WEIGHT && f.reply != SCALE_REPLY_TARED))
        snprintf(got, sizeof(got), "%s", status);
    else
        snprintf(got, sizeof(got), "%s %s %s %s", status, scale_kind_name(f.reading.kind),
                 scale_reading_value(&f.reading, value), scale_unit_name(f.reading.unit));
    assert_string_equal(got, r->want);
}

static void names_lead_back(void **state)
{
    (void)state;
    enum scale_protocol p;
    for (unsigned i = 0; i < SCALE_PROTOCOLS; i++) {
        const char *name = scale_protocol_name((enum scale_protocol)i);
        assert_int_equal(scale_protocol_by_name(name, &p), 0);
        assert_int_equal(p, i);
    }
    assert_int_equal(scale_protocol_by_name("essae", &p), -ENOENT);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, frame_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] = (struct CMUnitTest)cmocka_unit_test(names_lead_back);
    return cmocka_run_group_tests_name("scale_ascii", tests, NULL, NULL);
}
