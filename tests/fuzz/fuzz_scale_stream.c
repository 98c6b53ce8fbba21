/* SPDX-License-Identifier: Apache-2.0 */
/* The frames of a stream do not depend on how it was cut into reads, every byte is in a frame,
 * dropped or held, and each frame that comes out decodes by itself. */
#include <stdlib.h>
#include <string.h>

#include "scale_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FRAMES_MAX 1024
#define INPUT_MAX 2048

struct outcome {
    struct scale_frame frames[FRAMES_MAX]; /* the shortest frame has three bytes */
    size_t count;
    uint64_t dropped;
    size_t held;
};

static void take(struct scale_stream *stream, const uint8_t *data, size_t size, struct outcome *o)
{
    struct scale_frame f;
    size_t at = 0;
    int found;
    do {
        size_t taken = 0;
        found = scale_stream_next(stream, data + at, size - at, &taken, &f);
        at += taken;
        if (found)
            o->frames[o->count++] = f;
    } while (found || at < size);
}

static void run(enum scale_protocol protocol, const uint8_t *data, size_t size, size_t step,
                struct outcome *ret)
{
    struct scale_stream stream = scale_stream_init(protocol);
    ret->count = 0;
    for (size_t at = 0; at < size; at += step)
        take(&stream, data + at, step < size - at ? step : size - at, ret);
    ret->dropped = stream.dropped;
    ret->held = stream.held_len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole; /* large: not on the stack */
    static struct outcome pieces;
    if (size < 3 || size > INPUT_MAX)
        return 0;
    enum scale_protocol protocol = (enum scale_protocol)(data[0] % SCALE_PROTOCOLS);
    run(protocol, data + 2, size - 2, size, &whole);
    run(protocol, data + 2, size - 2, 1 + data[1] % 31, &pieces);
    if (whole.count != pieces.count || whole.dropped != pieces.dropped || whole.held != pieces.held)
        abort();

    uint64_t bytes = whole.dropped + whole.held;
    for (size_t i = 0; i < whole.count; i++) {
        const struct scale_reading *r = &whole.frames[i].reading;
        struct scale_frame again;
        if (memcmp(r->raw, pieces.frames[i].reading.raw, r->raw_len) != 0 ||
            scale_ascii_decode(protocol, r->raw, r->raw_len, &again) != SCALE_FRAME_GOOD)
            abort();
        bytes += r->raw_len;
    }
    if (bytes != size - 2)
        abort();
    return 0;
}
