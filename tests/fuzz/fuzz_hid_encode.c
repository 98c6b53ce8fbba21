/* SPDX-License-Identifier: Apache-2.0 */
/* What a scanner types for a text is read back as that text: decode(encode(text)) == text, for
 * every way of sending GS, terminator, and state of Caps Lock. */
#include <errno.h>
#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <string.h>

#include "hid_decode.h"
#include "hid_encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool cannot_be_scanned(uint8_t c, uint16_t terminator)
{
    return c == 0 || c == '\r' || c == '\n' || (c == '\t' && terminator == KEY_TAB);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint16_t terminators[] = {KEY_ENTER, KEY_KPENTER, KEY_TAB};
    static struct hid_stroke strokes[(SCAN_FRAME_MAX + 1) * HID_ENCODE_PER_CHARACTER];
    if (size < 2 || size - 1 > SCAN_FRAME_MAX)
        return 0;
    struct hid_encode_conf how = {
        .gs_mode = data[0] % 3,
        .alt_codes = data[0] & 0x40,
        .caps = data[0] & 0x80,
        .terminator = terminators[data[0] / 3 % 3],
    };
    const uint8_t *text = data + 1;
    size_t len = size - 1;
    bool refused = false;
    for (size_t i = 0; i < len; i++)
        refused = refused || cannot_be_scanned(text[i], how.terminator);

    size_t n = 0;
    int err = hid_encode(&how, text, len, strokes, ARRAY_LEN(strokes), &n);
    if (err != (refused ? -EINVAL : 0))
        abort();
    if (refused)
        return 0;

    struct scan_frame_conf conf = {.terminator = how.terminator == KEY_TAB ? '\t' : 0};
    struct hid_decode d;
    if (hid_decode_init(&d, &conf, how.caps) < 0)
        abort();
    for (size_t i = 0; i < n; i++) {
        struct hid_event e = {(int64_t)i, EV_KEY, strokes[i].code, strokes[i].value};
        size_t used = 0;
        enum scan_frame_end end = hid_decode_next(&d, &e, 1, &used);
        bool pressed_terminator = i + 2 == n;
        if (used != 1 || end != (pressed_terminator ? SCAN_FRAME_WHOLE : SCAN_FRAME_OPEN))
            abort();
        if (end == SCAN_FRAME_WHOLE &&
            (d.frame.len != len || memcmp(d.frame.bytes, text, len) != 0))
            abort();
    }
    return 0;
}
