/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/device_line.h -- one configured device as one line of text: which driver, where it is,
 * and its options, as in "serial /dev/ttyACM0 post=dock baud=9600 parity=none". What the options
 * mean is the opener's business. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define DEVICE_LINE_SIZE 160
#define DEVICE_LINE_OPTIONS_MAX 12

struct device_line {
    char bytes[DEVICE_LINE_SIZE]; /* what the pointers point into: a struct is not copied */
    const char *driver;
    const char *path;
    struct {
        const char *key;
        const char *value;
    } options[DEVICE_LINE_OPTIONS_MAX];
    size_t options_count;
};

/* Splits a line. `drivers` and `keys` are what is allowed, each ended by NULL. -EINVAL with *reterr
 * naming `what` (the configuration key), the word and what is allowed. */
NODISCARD int device_line_parse(const char *what, const char *text, const char *const drivers[],
                                const char *const keys[], struct device_line *ret,
                                struct diag *reterr);

/* The option's value, or `preset` when the line does not have it. Borrowed. */
const char *device_line_text(const struct device_line *l, const char *key, const char *preset);

/* The same as a whole number in a range. -EINVAL with *reterr. */
NODISCARD int device_line_number(const struct device_line *l, const char *what, const char *key,
                                 int64_t preset, int64_t min, int64_t max, int64_t *ret,
                                 struct diag *reterr);

/* The option as the index of one of `choices`, ended by NULL. -EINVAL with *reterr. */
NODISCARD int device_line_choice(const struct device_line *l, const char *what, const char *key,
                                 const char *const choices[], int preset, int *ret,
                                 struct diag *reterr);
