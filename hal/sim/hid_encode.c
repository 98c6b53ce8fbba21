/* SPDX-License-Identifier: Apache-2.0 */
#include "hid_encode.h"

#include <assert.h>
#include <errno.h>
#include <linux/input-event-codes.h>

#include "hid_layout.h"

struct strokes {
    struct hid_stroke *at;
    size_t n;
    size_t max;
};

static bool add(struct strokes *s, uint16_t code, int32_t value)
{
    if (s->n == s->max)
        return false;
    s->at[s->n++] = (struct hid_stroke){code, value};
    return true;
}

static bool tap(struct strokes *s, uint16_t code)
{
    return add(s, code, 1) && add(s, code, 0);
}

static bool tap_with(struct strokes *s, uint16_t modifier, uint16_t code)
{
    if (modifier == 0)
        return tap(s, code);
    return add(s, modifier, 1) && tap(s, code) && add(s, modifier, 0);
}

static bool alt_code(struct strokes *s, uint8_t character)
{
    static const uint16_t keypad[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                      KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    return add(s, KEY_LEFTALT, 1) && tap(s, keypad[character / 100]) &&
           tap(s, keypad[character / 10 % 10]) && tap(s, keypad[character % 10]) &&
           add(s, KEY_LEFTALT, 0);
}

/* A key that types the character by itself or with shift. The layout lists the main block before
 * the keypad, so that the main block is found. */
static bool find_key(uint8_t character, uint16_t *ret_code, bool *ret_shift)
{
    for (uint16_t code = 0; code < HID_LAYOUT_CODES; code++) {
        const struct hid_key *key = &hid_layout_us[code];
        if (key->plain == 0 || (key->plain != character && key->shifted != character))
            continue;
        *ret_code = code;
        *ret_shift = key->plain != character;
        return true;
    }
    return false;
}

/* A key that types the control character with Ctrl. */
static bool find_ctrl_key(uint8_t character, uint16_t *ret_code)
{
    for (uint16_t code = 0; code < HID_LAYOUT_CODES; code++) {
        if (hid_layout_us[code].plain <= ' ' ||
            hid_layout_ctrl(hid_layout_us[code].plain) != character)
            continue;
        *ret_code = code;
        return true;
    }
    return false;
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool encode_gs(const struct hid_encode_conf *conf, struct strokes *s)
{
    switch (conf->gs_mode) {
    case HID_GS_F8:
        return tap(s, KEY_F8);
    case HID_GS_ALT:
        return alt_code(s, HID_GS);
    case HID_GS_CTRL:
        break;
    }
    return tap_with(s, KEY_LEFTCTRL, KEY_RIGHTBRACE);
}

static bool encode_character(const struct hid_encode_conf *conf, uint8_t c, struct strokes *s)
{
    uint16_t code = 0;
    bool shift = false;
    if (conf->alt_codes)
        return alt_code(s, c);
    if (c == HID_GS)
        return encode_gs(conf, s);
    if (find_key(c, &code, &shift)) {
        if (conf->caps && is_letter(c))
            shift = !shift;
        return tap_with(s, shift ? KEY_LEFTSHIFT : 0, code);
    }
    if (find_ctrl_key(c, &code))
        return tap_with(s, KEY_LEFTCTRL, code);
    return alt_code(s, c);
}

int hid_encode(const struct hid_encode_conf *conf, const uint8_t *text, size_t n,
               struct hid_stroke *ret_strokes, size_t max, size_t *ret_n)
{
    assert(conf && (text || n == 0) && ret_strokes && ret_n);

    struct strokes s = {.at = ret_strokes, .max = max};
    for (size_t i = 0; i < n; i++) {
        uint8_t c = text[i];
        if (c == 0 || c == '\r' || c == '\n' || (c == '\t' && conf->terminator == KEY_TAB))
            return -EINVAL;
        if (!encode_character(conf, c, &s))
            return -ENOSPC;
    }
    if (conf->terminator != 0 && !tap(&s, conf->terminator))
        return -ENOSPC;
    *ret_n = s.n;
    return 0;
}
