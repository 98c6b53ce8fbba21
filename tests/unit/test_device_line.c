/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "attr.h"
#include "device_line.h"

static const char *const drivers[] = {"evdev", "serial", NULL};
static const char *const keys[] = {"post", "baud", "parity", NULL};
static const char *const parities[] = {"none", "even", NULL};

struct bad {
    const char *name;
    const char *text;
    const char *want;
};

static struct bad bads[] = {
    {"nothing", "", "DRIVER PATH"},
    {"a driver without its path", "serial", "DRIVER PATH"},
    {"an unknown driver", "usb /dev/x", "one of evdev, serial"},
    {"an option without a value", "serial /dev/x fast", "\"fast\": options are written key=value"},
    {"an unknown option", "serial /dev/x speed=1", "option \"speed\": one of post, baud, parity"},
    {"an option twice", "serial /dev/x baud=1 baud=2", "\"baud\" is set twice"},
};

static void bad_line_is_named(void **state)
{
    const struct bad *b = *state;
    struct device_line l;
    struct diag why = {0};
    assert_int_equal(device_line_parse("scanner1", b->text, drivers, keys, &l, &why), -EINVAL);
    assert_non_null(strstr(why.text, b->want));
    assert_non_null(strstr(why.text, "scanner1"));
}

static void a_line_is_driver_path_and_options(void **state)
{
    (void)state;
    struct device_line l;
    struct diag why = {0};
    assert_int_equal(device_line_parse("scanner1", "serial  /dev/ttyACM0 baud=19200 parity=even",
                                       drivers, keys, &l, &why),
                     0);
    assert_string_equal(l.driver, "serial");
    assert_string_equal(l.path, "/dev/ttyACM0");
    assert_string_equal(device_line_text(&l, "post", "dock"), "dock");
    int64_t baud = 0;
    assert_int_equal(device_line_number(&l, "s", "baud", 9600, 1200, 115200, &baud, &why), 0);
    assert_int_equal(baud, 19200);
    assert_int_equal(device_line_number(&l, "s", "baud", 9600, 1200, 9600, &baud, &why), -EINVAL);
    assert_non_null(strstr(why.text, "baud=19200: a whole number from 1200 to 9600"));
    assert_int_equal(baud, 19200);
    int parity = 0;
    assert_int_equal(device_line_choice(&l, "s", "parity", parities, 0, &parity, &why), 0);
    assert_int_equal(parity, 1);
    assert_int_equal(device_line_choice(&l, "s", "parity", drivers, 0, &parity, &why), -EINVAL);
    assert_non_null(strstr(why.text, "parity=even: one of evdev, serial"));
}

static void a_line_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char text[DEVICE_LINE_SIZE + 1];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct device_line l;
    struct diag why = {0};
    assert_int_equal(device_line_parse("s", text, drivers, keys, &l, &why), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(bads) + 2];
    size_t n = 0;
    for (; n < ARRAY_LEN(bads); n++)
        tests[n] = (struct CMUnitTest){bads[n].name, bad_line_is_named, NULL, NULL, &bads[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_line_is_driver_path_and_options);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_line_that_is_too_long_is_refused);
    return cmocka_run_group_tests_name("device_line", tests, NULL, NULL);
}
