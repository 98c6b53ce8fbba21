/* SPDX-License-Identifier: Apache-2.0 */
/* An accepted line, put together again from its parts, reads to the same parts. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const drivers[] = {"evdev", "serial", NULL};
static const char *const keys[] = {"post", "baud", "name", NULL};

static void join(const struct device_line *l, char *buf, size_t size)
{
    int n = snprintf(buf, size, "%s %s", l->driver, l->path);
    for (size_t i = 0; i < l->options_count; i++)
        n += snprintf(buf + n, size - (size_t)n, " %s=%s", l->options[i].key, l->options[i].value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[2 * DEVICE_LINE_SIZE];
    if (size >= sizeof(text))
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    struct device_line l;
    struct device_line again;
    struct diag why = {0};
    if (device_line_parse("device", text, drivers, keys, &l, &why) < 0) {
        if (why.text[0] == '\0')
            abort();
        return 0;
    }
    char first[2 * DEVICE_LINE_SIZE];
    char second[2 * DEVICE_LINE_SIZE];
    join(&l, first, sizeof(first));
    if (device_line_parse("device", first, drivers, keys, &again, &why) < 0)
        abort();
    join(&again, second, sizeof(second));
    if (strcmp(first, second) != 0)
        abort();
    return 0;
}
