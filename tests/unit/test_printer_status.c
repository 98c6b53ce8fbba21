/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "printer_status.h"

struct row {
    const char *name;
    const char *answer;
    int err;
    const char *state;
};

static struct row rows[] = {
    {"ready",
     "\x02"
     "030,0,0,1245,002,0,0,0,000,0,0,0\x03\r\n"
     "\x02"
     "000,0,0,0,0,2,6,0,00000007,1,000\x03\r\n\x02"
     "1234,0\x03\r\n",
     0, "ready"},
    {"paper out",
     "\x02"
     "030,1,1,1245,002,0,0,0,000,0,0,0\x03\r\n"
     "\x02"
     "000,0,0,0,0,2,6,0,00000007,1,000\x03\r\n\x02"
     "1234,0\x03\r\n",
     0, "paper_out"},
    {"an open head comes first",
     "\x02"
     "030,1,1,1245,002,0,0,0,000,0,0,0\x03\r\n"
     "\x02"
     "000,0,1,1,0,2,6,0,00000007,1,000\x03\r\n\x02"
     "1234,0\x03\r\n",
     0, "head_open"},
    {"the third line is missing",
     "\x02"
     "030,0,0,1245,002,0,0,0,000,0,0,0\x03\r\n"
     "\x02"
     "000,0,1,1,0,2,6,0,00000007,1,000\x03\r\n",
     -EAGAIN, NULL},
    {"a letter in a number",
     "\x02"
     "030,x,0,1245,002,0,0,0,000,0,0,0\x03\r\n"
     "\x02"
     "000,0,0,0,0,2,6,0,00000007,1,000\x03\r\n\x02"
     "1234,0\x03\r\n",
     -EBADMSG, NULL},
    {"too few fields",
     "\x02"
     "030,0,0\x03\r\n\x02"
     "000,0,0\x03\r\n\x02"
     "1234,0\x03\r\n",
     -EBADMSG, NULL},
    {"nothing", "", -EAGAIN, NULL},
};

static void answer_row(void **state)
{
    const struct row *r = *state;
    struct printer_status got = {.formats_waiting = 47};
    assert_int_equal(printer_status_read(r->answer, strlen(r->answer), &got), r->err);
    assert_int_equal(got.formats_waiting, r->err ? 47 : 2);
    if (r->err == 0) {
        assert_string_equal(printer_state_name(got.state), r->state);
        assert_int_equal(got.labels_remaining, 7);
    }
}

static void every_state_is_read_as_it_is_written(void **state)
{
    (void)state;
    for (unsigned s = PRINTER_READY; s < PRINTER_SILENT; s++) {
        char answer[PRINTER_ANSWER_MAX];
        struct printer_status want = {(enum printer_state)s, 3, 14};
        struct printer_status got = {.state = PRINTER_SILENT};
        size_t len = printer_status_write(&want, answer);
        assert_int_equal(printer_status_read(answer, len, &got), 0);
        assert_memory_equal(&got, &want, sizeof(got));
        for (size_t cut = 0; cut < len - 3; cut++) /* ETX, CR, LF */
            assert_int_equal(printer_status_read(answer, cut, &got), -EAGAIN);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 1];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, answer_row, NULL, NULL, &rows[i]};
    tests[ARRAY_LEN(rows)] =
        (struct CMUnitTest)cmocka_unit_test(every_state_is_read_as_it_is_written);
    return cmocka_run_group_tests_name("printer_status", tests, NULL, NULL);
}
