/* SPDX-License-Identifier: Apache-2.0 */
/* hal/sim/hid_encode.h -- what a keyboard scanner with the US layout types for a text: the
 * decoder's counterpart for simulators and tests. Pure: it writes to no device. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

/* How the scanner is set to send GS. */
enum hid_gs_mode {
    HID_GS_CTRL, /* Ctrl+] */
    HID_GS_F8,
    HID_GS_ALT, /* Alt + keypad 029 */
};

struct hid_encode_conf {
    enum hid_gs_mode gs_mode;
    bool alt_codes;      /* every character as Alt + its three-digit keypad code */
    bool caps;           /* Caps Lock is on, and the scanner makes up for it */
    uint16_t terminator; /* key that ends a scan: KEY_ENTER, KEY_KPENTER, KEY_TAB; 0: none */
};

struct hid_stroke {
    uint16_t code;
    int32_t value; /* 1 pressed, 0 released */
};

#define HID_ENCODE_PER_CHARACTER 8 /* strokes at most: Alt down, three digits, Alt up */

/* The strokes for n bytes of text and the terminator; (n + 1) * HID_ENCODE_PER_CHARACTER always
 * suffice.
 *   -EINVAL  NUL, CR or LF, or the terminator's own character: these cannot be part of a scan
 *   -ENOSPC  more than max strokes */
NODISCARD int hid_encode(const struct hid_encode_conf *conf, const uint8_t *text, size_t n,
                         struct hid_stroke *ret_strokes, size_t max, size_t *ret_n);
