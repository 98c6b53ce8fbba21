/* SPDX-License-Identifier: Apache-2.0 */
#include "hid_decode.h"

#include <assert.h>
#include <linux/input-event-codes.h>

#include "hid_layout.h"

enum {
    HELD_SHIFT = 0x03, /* left, right */
    HELD_CTRL = 0x0C,
    HELD_ALT = 0x30,
};

int hid_decode_init(struct hid_decode *d, const struct scan_frame_conf *conf, bool caps)
{
    assert(d && conf);
    *d = (struct hid_decode){.caps = caps};
    return scan_frame_init(&d->frame, conf);
}

static uint8_t modifier_bit(uint16_t code)
{
    switch (code) {
    case KEY_LEFTSHIFT:
        return 0x01;
    case KEY_RIGHTSHIFT:
        return 0x02;
    case KEY_LEFTCTRL:
        return 0x04;
    case KEY_RIGHTCTRL:
        return 0x08;
    case KEY_LEFTALT:
        return 0x10;
    case KEY_RIGHTALT:
        return 0x20;
    default:
        return 0;
    }
}

static enum scan_frame_end put(struct hid_decode *d, uint8_t character, int64_t ms)
{
    enum scan_frame_end how = scan_frame_put(&d->frame, character, ms);
    if (!scan_frame_is_open(&d->frame))
        d->held = 0; /* a terminator: a modifier whose release got lost must not outlive it */
    return how;
}

/* The digits typed under Alt, if any, are a character. */
static enum scan_frame_end put_alt_code(struct hid_decode *d, int64_t ms)
{
    if (!d->alt_coding)
        return SCAN_FRAME_OPEN;
    d->alt_coding = false;
    return put(d, d->alt_code, ms);
}

static enum scan_frame_end on_modifier(struct hid_decode *d, uint8_t bit, const struct hid_event *e)
{
    if (e->value != 0) {
        d->held |= bit;
        return SCAN_FRAME_OPEN;
    }
    d->held &= (uint8_t)~bit;
    return d->held & HELD_ALT ? SCAN_FRAME_OPEN : put_alt_code(d, e->ms);
}

static bool has_character(uint16_t code)
{
    return code < HID_LAYOUT_CODES && hid_layout_us[code].plain != 0;
}

/* The character of a key under the modifiers held, or -1. */
static int key_character(const struct hid_decode *d, uint16_t code)
{
    const struct hid_key *key = &hid_layout_us[code];
    bool letter = key->plain >= 'a' && key->plain <= 'z';
    bool shift = (d->held & HELD_SHIFT) != 0;
    uint8_t character = shift != (letter && d->caps) ? key->shifted : key->plain;
    if (d->held & HELD_ALT && character != '\r')
        return -1;
    return d->held & HELD_CTRL && character > ' ' ? hid_layout_ctrl(character) : character;
}

static enum scan_frame_end on_press(struct hid_decode *d, const struct hid_event *e)
{
    if (e->code == KEY_CAPSLOCK)
        d->caps = !d->caps;
    if (!has_character(e->code))
        return SCAN_FRAME_OPEN;

    int digit = hid_layout_keypad_digit(e->code);
    if (d->held & HELD_ALT && digit >= 0) {
        d->alt_code = (uint8_t)((d->alt_coding ? d->alt_code * 10 : 0) + digit);
        d->alt_coding = true;
        return SCAN_FRAME_OPEN;
    }
    int character = key_character(d, e->code);
    if (character >= 0)
        return put(d, (uint8_t)character, e->ms);
    scan_frame_spoil(&d->frame, e->ms);
    return SCAN_FRAME_OPEN;
}

/* Another key follows the digits of a code, or Alt again: that Alt was released went missing. */
static bool alt_release_is_missing(const struct hid_decode *d, const struct hid_event *e)
{
    if (!d->alt_coding || e->type != EV_KEY || e->value != 1)
        return false;
    if (modifier_bit(e->code))
        return (modifier_bit(e->code) & HELD_ALT) != 0;
    return has_character(e->code) && hid_layout_keypad_digit(e->code) < 0;
}

static enum scan_frame_end on_event(struct hid_decode *d, const struct hid_event *e)
{
    if (e->type == EV_SYN && e->code == SYN_DROPPED) {
        d->held = 0; /* not known any more */
        d->alt_coding = false;
        scan_frame_spoil(&d->frame, e->ms);
        return SCAN_FRAME_OPEN;
    }
    if (e->type != EV_KEY)
        return SCAN_FRAME_OPEN;
    scan_frame_touch(&d->frame, e->ms);
    uint8_t bit = modifier_bit(e->code);
    if (bit)
        return on_modifier(d, bit, e);
    return e->value == 1 ? on_press(d, e) : SCAN_FRAME_OPEN;
}

enum scan_frame_end hid_decode_next(struct hid_decode *d, const struct hid_event *events, size_t n,
                                    size_t *ret_used)
{
    assert(d && ret_used && (events || n == 0));

    enum scan_frame_end how = SCAN_FRAME_OPEN;
    size_t used = 0;
    while (used < n && how == SCAN_FRAME_OPEN) {
        how = hid_decode_idle(d, events[used].ms);
        if (how == SCAN_FRAME_OPEN && alt_release_is_missing(d, &events[used])) {
            d->held &= (uint8_t)~HELD_ALT;
            how = put_alt_code(d, events[used].ms);
        }
        if (how == SCAN_FRAME_OPEN)
            how = on_event(d, &events[used++]);
    }
    *ret_used = used;
    return how;
}

enum scan_frame_end hid_decode_idle(struct hid_decode *d, int64_t now_ms)
{
    assert(d);
    if (now_ms < scan_frame_deadline_ms(&d->frame))
        return SCAN_FRAME_OPEN;
    return hid_decode_cut(d);
}

enum scan_frame_end hid_decode_cut(struct hid_decode *d)
{
    assert(d);
    d->alt_coding = false;
    return scan_frame_cut(&d->frame);
}
