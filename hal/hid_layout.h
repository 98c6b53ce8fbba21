/* SPDX-License-Identifier: Apache-2.0 */
/* hal/hid_layout.h -- the US keyboard layout on Linux key codes, fixed in code so that no keymap of
 * the system can garble a scan. Used by the decoder and, the other way round, by the simulator. */
#pragma once

#include <stdint.h>

#define HID_LAYOUT_CODES 128 /* codes at and above it carry no character */
#define HID_GS 0x1D /* ASCII 29, what FNC1 becomes between the fields of an element string */

/* What a key gives without and with shift; 0: nothing. */
struct hid_key {
    uint8_t plain;
    uint8_t shifted;
};

extern const struct hid_key hid_layout_us[HID_LAYOUT_CODES];

/* The value of a key on the numeric keypad, or -1. Alt with such digits codes one character. */
int hid_layout_keypad_digit(uint16_t code);

/* The control character that Ctrl makes of a character, or -1 when it makes none. */
int hid_layout_ctrl(uint8_t character);
