/* SPDX-License-Identifier: Apache-2.0 */
/* Any stream of key events: the frames are the same however it is split over reads, none is longer
 * than the maximum, and a terminator behind a pause always leaves a decoder that reads the next
 * scan right, whatever came before. */
#include <linux/input-event-codes.h>
#include <stdlib.h>
#include <string.h>

#include "hid_decode.h"

#define EVENTS_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A running digest (FNV-1a) of the frames, and their number. */
struct seen {
    uint64_t digest;
    size_t frames;
};

static void note(struct seen *seen, enum scan_frame_end how, const struct scan_frame *f)
{
    if (how == SCAN_FRAME_OPEN)
        return;
    size_t len = how == SCAN_FRAME_LOST ? 0 : f->len;
    if (len > SCAN_FRAME_MAX || (len == 0 && how != SCAN_FRAME_LOST))
        abort();
    seen->frames++;
    seen->digest = (seen->digest ^ (uint64_t)how) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < len; i++)
        seen->digest = (seen->digest ^ f->bytes[i]) * UINT64_C(0x100000001b3);
}

static void feed(struct hid_decode *d, const struct hid_event *events, size_t n, struct seen *seen)
{
    while (n > 0) {
        size_t used = 0;
        enum scan_frame_end how = hid_decode_next(d, events, n, &used);
        if (used == 0 && how == SCAN_FRAME_OPEN)
            abort();
        note(seen, how, &d->frame);
        events += used;
        n -= used;
    }
}

static void reads_the_next_scan(struct hid_decode *d, int64_t ms)
{
    static const uint16_t keys[] = {KEY_ENTER, KEY_8, KEY_9, KEY_0, KEY_ENTER};
    struct seen ignored = {0};
    feed(d, &(struct hid_event){ms, EV_KEY, keys[0], 1}, 1, &ignored);
    for (size_t i = 1; i < ARRAY_LEN(keys); i++) {
        struct hid_event e = {ms + 1, EV_KEY, keys[i], 1};
        size_t used = 0;
        enum scan_frame_end how = hid_decode_next(d, &e, 1, &used);
        if (how != (i + 1 == ARRAY_LEN(keys) ? SCAN_FRAME_WHOLE : SCAN_FRAME_OPEN))
            abort();
    }
    if (d->frame.len != 3 || memcmp(d->frame.bytes, "890", 3) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct hid_event events[EVENTS_MAX];
    if (size < 4)
        return 0;
    size_t n = 0;
    int64_t ms = 0;
    for (size_t at = 1; at + 2 < size && n < EVENTS_MAX; at += 3) {
        ms += data[at] % 128;
        bool dropped = data[at + 2] == 0xFF;
        events[n++] = (struct hid_event){
            .ms = ms,
            .type = dropped ? EV_SYN : EV_KEY,
            .code = dropped ? SYN_DROPPED : (uint16_t)(data[at + 1] % 160),
            .value = data[at + 2] % 3,
        };
    }
    struct scan_frame_conf conf = {.terminator = data[0] & 1 ? '\t' : 0};
    struct hid_decode a, b;
    if (hid_decode_init(&a, &conf, false) < 0 || hid_decode_init(&b, &conf, false) < 0)
        abort();
    struct seen whole = {0}, split = {0};
    feed(&a, events, n, &whole);
    size_t step = data[0] % 5 + 1;
    for (size_t at = 0; at < n; at += step)
        feed(&b, events + at, n - at < step ? n - at : step, &split);
    note(&whole, hid_decode_cut(&a), &a.frame);
    note(&split, hid_decode_idle(&b, ms + SCAN_FRAME_IDLE_MS + 1), &b.frame);
    if (whole.digest != split.digest || whole.frames != split.frames)
        abort();
    reads_the_next_scan(&a, ms + 1000);
    return 0;
}
