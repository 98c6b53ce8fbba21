/* SPDX-License-Identifier: Apache-2.0 */
/* hal/hid_decode.h -- what a keyboard scanner typed: key events to frames. It reads no device.
 * Pure: the events carry their time.
 *
 * Understood at all times, whatever the scanner is set to: both shifts, ctrl, alt; Caps Lock; GS as
 * Ctrl+], as F8, and as Alt + keypad 029; any character as Alt + its keypad code; Enter, keypad
 * Enter, Ctrl+J, Ctrl+Shift+J and Ctrl+M as the end of a frame. A key that types nothing under the
 * modifiers held spoils its frame: a character left out in silence would make another product. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "scan_frame.h"

/* An event as the kernel gives it (linux/input.h), its time in milliseconds. */
struct hid_event {
    int64_t ms;
    uint16_t type; /* EV_KEY, or EV_SYN with the code SYN_DROPPED; others are passed over */
    uint16_t code;
    int32_t value; /* 1 pressed, 0 released, 2 repeated by holding */
};

/* State of one scanner; hid_decode_init() begins it. `frame` holds the frame that ended. */
struct hid_decode {
    struct scan_frame frame;
    uint8_t held;     /* modifier keys that are down, a bit each */
    bool caps;        /* Caps Lock is on: letters change their case */
    bool alt_coding;  /* digits of a character code were typed under Alt */
    uint8_t alt_code; /* the code so far; its low eight bits count, as where the custom is from */
};

/* caps: whether the keyboard's Caps Lock is on now. -EINVAL as scan_frame_init(). */
NODISCARD int hid_decode_init(struct hid_decode *d, const struct scan_frame_conf *conf, bool caps);

/* Takes events until a frame ends; *ret_used says how many were taken. An event that comes after a
 * gap ends the open frame and is not taken itself: call again with it. Events that the kernel
 * dropped (SYN_DROPPED) make one lost frame of all up to the next terminator. */
enum scan_frame_end hid_decode_next(struct hid_decode *d, const struct hid_event *events, size_t n,
                                    size_t *ret_used);

/* As scan_frame_idle() and scan_frame_cut(). */
enum scan_frame_end hid_decode_idle(struct hid_decode *d, int64_t now_ms);
enum scan_frame_end hid_decode_cut(struct hid_decode *d);
