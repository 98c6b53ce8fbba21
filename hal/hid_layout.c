/* SPDX-License-Identifier: Apache-2.0 */
#include "hid_layout.h"

#include <linux/input-event-codes.h>
#include <stddef.h>

#include "attr.h"

/* Characters of the keys: USB HID Usage Tables 1.4, section 10, with the US legends; the codes are
 * the kernel's. The keypad is read as digits whatever Num Lock says: scanners that type on it
 * switch it on first, and a state that we could miss must not turn digits into arrows. */
const struct hid_key hid_layout_us[HID_LAYOUT_CODES] = {
    [KEY_ESC] = {0x1B, 0x1B},      [KEY_1] = {'1', '!'},           [KEY_2] = {'2', '@'},
    [KEY_3] = {'3', '#'},          [KEY_4] = {'4', '$'},           [KEY_5] = {'5', '%'},
    [KEY_6] = {'6', '^'},          [KEY_7] = {'7', '&'},           [KEY_8] = {'8', '*'},
    [KEY_9] = {'9', '('},          [KEY_0] = {'0', ')'},           [KEY_MINUS] = {'-', '_'},
    [KEY_EQUAL] = {'=', '+'},      [KEY_BACKSPACE] = {'\b', '\b'}, [KEY_TAB] = {'\t', '\t'},
    [KEY_Q] = {'q', 'Q'},          [KEY_W] = {'w', 'W'},           [KEY_E] = {'e', 'E'},
    [KEY_R] = {'r', 'R'},          [KEY_T] = {'t', 'T'},           [KEY_Y] = {'y', 'Y'},
    [KEY_U] = {'u', 'U'},          [KEY_I] = {'i', 'I'},           [KEY_O] = {'o', 'O'},
    [KEY_P] = {'p', 'P'},          [KEY_LEFTBRACE] = {'[', '{'},   [KEY_RIGHTBRACE] = {']', '}'},
    [KEY_ENTER] = {'\r', '\r'},    [KEY_A] = {'a', 'A'},           [KEY_S] = {'s', 'S'},
    [KEY_D] = {'d', 'D'},          [KEY_F] = {'f', 'F'},           [KEY_G] = {'g', 'G'},
    [KEY_H] = {'h', 'H'},          [KEY_J] = {'j', 'J'},           [KEY_K] = {'k', 'K'},
    [KEY_L] = {'l', 'L'},          [KEY_SEMICOLON] = {';', ':'},   [KEY_APOSTROPHE] = {'\'', '"'},
    [KEY_GRAVE] = {'`', '~'},      [KEY_BACKSLASH] = {'\\', '|'},  [KEY_Z] = {'z', 'Z'},
    [KEY_X] = {'x', 'X'},          [KEY_C] = {'c', 'C'},           [KEY_V] = {'v', 'V'},
    [KEY_B] = {'b', 'B'},          [KEY_N] = {'n', 'N'},           [KEY_M] = {'m', 'M'},
    [KEY_COMMA] = {',', '<'},      [KEY_DOT] = {'.', '>'},         [KEY_SLASH] = {'/', '?'},
    [KEY_SPACE] = {' ', ' '},      [KEY_F8] = {HID_GS, HID_GS}, /* the function-key code that
                                                                   several makers give to GS */
    [KEY_KPASTERISK] = {'*', '*'}, [KEY_KP7] = {'7', '7'},         [KEY_KP8] = {'8', '8'},
    [KEY_KP9] = {'9', '9'},        [KEY_KPMINUS] = {'-', '-'},     [KEY_KP4] = {'4', '4'},
    [KEY_KP5] = {'5', '5'},        [KEY_KP6] = {'6', '6'},         [KEY_KPPLUS] = {'+', '+'},
    [KEY_KP1] = {'1', '1'},        [KEY_KP2] = {'2', '2'},         [KEY_KP3] = {'3', '3'},
    [KEY_KP0] = {'0', '0'},        [KEY_KPDOT] = {'.', '.'},       [KEY_KPENTER] = {'\r', '\r'},
    [KEY_KPSLASH] = {'/', '/'},    [KEY_KPEQUAL] = {'=', '='},     [KEY_KPCOMMA] = {',', ','},
};

int hid_layout_keypad_digit(uint16_t code)
{
    static const uint16_t keypad[] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                      KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    for (size_t i = 0; i < ARRAY_LEN(keypad); i++)
        if (keypad[i] == code)
            return (int)i;
    return -1;
}

int hid_layout_ctrl(uint8_t character)
{
    switch (character) { /* keys whose control character terminals take from the shifted legend */
    case '2':
        return 0x00;
    case '6':
        return 0x1E;
    case '-':
        return 0x1F;
    default:
        break;
    }
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 1;
    if (character >= '@' && character <= '_')
        return character - '@';
    return -1;
}
