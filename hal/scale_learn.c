/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_learn.h"

#include <assert.h>
#include <string.h>

#include "scale_stream.h"

struct scale_learn scale_learn_init(void)
{
    return (struct scale_learn){.fits = (UINT32_C(1) << SCALE_PROTOCOLS) - 1};
}

static int fits(enum scale_protocol protocol, const uint8_t *bytes, size_t len, const char *shown)
{
    struct scale_stream stream = scale_stream_init(protocol);
    struct scale_frame frame;
    struct scale_reading last = {0};
    size_t at = 0;
    int weights = 0;
    uint64_t dropped_before = 0; /* bytes lost ahead of the first frame: its cut predecessor */
    int frames = 0;

    while (at < len) {
        size_t taken = 0;
        int found = scale_stream_next(&stream, bytes + at, len - at, &taken, &frame);
        at += taken;
        if (!found)
            continue;
        if (frames++ == 0)
            dropped_before = stream.dropped;
        if (frame.reply == SCALE_REPLY_WEIGHT) {
            last = frame.reading;
            weights++;
        }
    }
    if (frames == 0 || dropped_before >= SCALE_FRAME_MAX || stream.dropped != dropped_before)
        return 0;
    char text[DECIMAL_TEXT_SIZE];
    return !shown || (weights > 0 && strcmp(scale_reading_value(&last, text), shown) == 0);
}

int scale_learn_capture(struct scale_learn *l, const uint8_t *bytes, size_t len, const char *shown)
{
    assert(l && (bytes || len == 0));
    int left = 0;
    for (unsigned p = 0; p < SCALE_PROTOCOLS; p++) {
        if ((l->fits >> p & 1) && !fits((enum scale_protocol)p, bytes, len, shown))
            l->fits &= ~(UINT32_C(1) << p);
        left += (int)(l->fits >> p & 1);
    }
    l->captures++;
    return left;
}

size_t scale_learn_result(const struct scale_learn *l, enum scale_protocol ret[SCALE_PROTOCOLS])
{
    assert(l && ret);
    size_t n = 0;
    for (unsigned p = 0; p < SCALE_PROTOCOLS; p++)
        if (l->captures > 0 && (l->fits >> p & 1))
            ret[n++] = (enum scale_protocol)p;
    return n;
}
