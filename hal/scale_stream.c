/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_stream.h"

#include <assert.h>
#include <string.h>

struct scale_stream scale_stream_init(enum scale_protocol protocol)
{
    return (struct scale_stream){.protocol = protocol};
}

void scale_stream_reset(struct scale_stream *s)
{
    assert(s);
    s->dropped += s->held_len;
    s->held_len = 0;
}

static void remove_front(struct scale_stream *s, size_t n)
{
    s->held_len -= n;
    memmove(s->held, s->held + n, s->held_len);
}

/* Looks at what is held: 1 when a frame was cut off its front, 0 when more bytes are needed. */
static int search(struct scale_stream *s, struct scale_frame *ret)
{
    while (s->held_len > 0) {
        int span = scale_ascii_span(s->protocol, s->held, s->held_len);
        if (span == 0)
            return 0;
        if (span > 0 && scale_ascii_decode(s->protocol, s->held, (size_t)span, ret) == 0) {
            remove_front(s, (size_t)span);
            return 1;
        }
        remove_front(s, 1);
        s->dropped++;
    }
    return 0;
}

int scale_stream_next(struct scale_stream *s, const uint8_t *bytes, size_t len, size_t *ret_taken,
                      struct scale_frame *ret)
{
    assert(s && (bytes || len == 0) && ret_taken && ret);
    size_t taken = 0;
    int found = search(s, ret); /* behind a bad frame there may be a whole one already */
    while (!found && taken < len) {
        assert(s->held_len < sizeof(s->held)); /* every span is shorter */
        s->held[s->held_len++] = bytes[taken++];
        found = search(s, ret);
    }
    *ret_taken = taken;
    return found;
}
