/* SPDX-License-Identifier: Apache-2.0 */
/* scanner_sim evdev PATH [ctrl|f8|alt|codes] | serial PATH
 *
 * A scanner played on its real wire. Reads commands from standard input, a line each, and answers
 * each with "ok", or "error" and why, so that a test or the demo drives it through pipes:
 *
 *   scan TEXT       a scan with its terminator; \xNN in TEXT is that byte (\x1d for GS)
 *   type TEXT       the same without the terminator
 *   burst N TEXT    N scans without a pause, TEXT and a running number each
 *   garble          an error on the wire: dropped events, or a byte with wrong parity
 *   raw HEX         bytes as they are
 *   unplug, plug
 *
 * It ends with its input, and takes the device away. */
#include <errno.h>
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan_frame.h"
#include "scanner_wire.h"

#define LINE_SIZE 4096
#define BURST_MAX 100000

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static int hex_byte(const char *text)
{
    int high = hex_digit(text[0]);
    int low = high >= 0 ? hex_digit(text[1]) : -1;
    return low >= 0 ? high * 16 + low : -1;
}

/* A line is shorter than LINE_SIZE, and its bytes are no more than its characters. */
static int unescape(const char *text, uint8_t ret[LINE_SIZE], size_t *ret_n)
{
    size_t n = 0;
    while (*text != '\0') {
        if (text[0] != '\\' || text[1] != 'x') {
            ret[n++] = (uint8_t)*text++;
            continue;
        }
        int byte = hex_byte(text + 2);
        if (byte < 0)
            return -EINVAL;
        ret[n++] = (uint8_t)byte;
        text += 4;
    }
    *ret_n = n;
    return 0;
}

static int do_scan(struct scanner_wire *w, const char *argument)
{
    uint8_t text[LINE_SIZE];
    size_t n = 0;
    int err = unescape(argument, text, &n);
    return err < 0 ? err : scanner_wire_scan(w, text, n);
}

static int do_type(struct scanner_wire *w, const char *argument)
{
    uint8_t text[LINE_SIZE];
    size_t n = 0;
    int err = unescape(argument, text, &n);
    return err < 0 ? err : scanner_wire_type(w, text, n);
}

static int do_burst(struct scanner_wire *w, const char *argument)
{
    char *rest = NULL;
    unsigned long count = strtoul(argument, &rest, 10);
    if (rest == argument || *rest != ' ' || count == 0 || count > BURST_MAX)
        return -EINVAL;
    uint8_t text[LINE_SIZE];
    size_t n = 0;
    int err = unescape(rest + 1, text, &n);
    if (err == 0 && n > SCAN_FRAME_MAX)
        err = -E2BIG;
    for (unsigned long i = 1; err == 0 && i <= count; i++) {
        int digits = snprintf((char *)text + n, sizeof(text) - n, "%lu", i);
        err = scanner_wire_scan(w, text, n + (size_t)digits);
    }
    return err;
}

static int do_garble(struct scanner_wire *w, const char *argument)
{
    (void)argument;
    return scanner_wire_garble(w);
}

static int do_raw(struct scanner_wire *w, const char *argument)
{
    uint8_t bytes[LINE_SIZE];
    size_t n = 0;
    for (; *argument != '\0'; argument += 2) {
        int byte = hex_byte(argument);
        if (byte < 0)
            return -EINVAL;
        bytes[n++] = (uint8_t)byte;
    }
    return scanner_wire_raw(w, bytes, n);
}

static int do_unplug(struct scanner_wire *w, const char *argument)
{
    (void)argument;
    scanner_wire_unplug(w);
    return 0;
}

static int do_plug(struct scanner_wire *w, const char *argument)
{
    (void)argument;
    return scanner_wire_plug(w);
}

static const struct {
    const char *name;
    int (*run)(struct scanner_wire *w, const char *argument);
} commands[] = {
    {"scan", do_scan}, {"type", do_type},     {"burst", do_burst}, {"garble", do_garble},
    {"raw", do_raw},   {"unplug", do_unplug}, {"plug", do_plug},
};

static int run_line(struct scanner_wire *w, char *line)
{
    char *argument = strchr(line, ' ');
    if (argument)
        *argument++ = '\0';
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (strcmp(commands[i].name, line) == 0)
            return commands[i].run(w, argument ? argument : "");
    return -ENOENT;
}

static const struct {
    const char *name;
    struct hid_encode_conf conf;
} settings[] = {
    {"ctrl", {.gs_mode = HID_GS_CTRL, .terminator = KEY_ENTER}},
    {"f8", {.gs_mode = HID_GS_F8, .terminator = KEY_ENTER}},
    {"alt", {.gs_mode = HID_GS_ALT, .terminator = KEY_ENTER}},
    {"codes", {.alt_codes = true, .terminator = KEY_ENTER}},
};

static int open_wire(int argc, char **argv, struct scanner_wire **ret)
{
    if (argc == 3 && strcmp(argv[1], "serial") == 0)
        return scanner_wire_serial(argv[2], ret);
    const char *setting = argc == 4 ? argv[3] : "ctrl";
    if ((argc == 3 || argc == 4) && strcmp(argv[1], "evdev") == 0)
        for (size_t i = 0; i < ARRAY_LEN(settings); i++)
            if (strcmp(settings[i].name, setting) == 0)
                return scanner_wire_evdev(argv[2], &settings[i].conf, ret);
    return -EINVAL;
}

int main(int argc, char **argv)
{
    AUTO(scanner_wire) w = NULL;
    int err = open_wire(argc, argv, &w);
    if (err < 0) {
        fprintf(stderr, "scanner_sim: %s\n", strerror(-err));
        fprintf(stderr, "usage: scanner_sim evdev PATH [ctrl|f8|alt|codes] | serial PATH\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("ok\n"); /* the device is there */
    char line[LINE_SIZE];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        err = run_line(w, line);
        if (err < 0)
            printf("error %s\n", strerror(-err));
        else
            printf("ok\n");
    }
    return 0;
}
