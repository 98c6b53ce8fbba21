/* SPDX-License-Identifier: Apache-2.0 */
/* A frame that decodes to a weight is written again and reads as the same weight. */
#include <stdlib.h>

#include "scale_ascii.h"
#include "scale_encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int same_meaning(const struct scale_frame *a, const struct scale_frame *b)
{
    return a->reply == b->reply && a->reading.status == b->reading.status &&
           a->reading.unit == b->reading.unit && a->reading.counts == b->reading.counts &&
           a->reading.decimals == b->reading.decimals;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    enum scale_protocol protocol = (enum scale_protocol)(data[0] % SCALE_PROTOCOLS);
    struct scale_frame first;
    if (scale_ascii_decode(protocol, data + 1, size - 1, &first) != SCALE_FRAME_GOOD)
        return 0;
    if (scale_ascii_span(protocol, data + 1, size - 1) != (int)size - 1)
        abort(); /* what decodes is also found in a stream */

    uint8_t bytes[SCALE_FRAME_MAX];
    int len = scale_encode(protocol, &first.reading, bytes);
    if (len < 0 || first.reply != SCALE_REPLY_WEIGHT)
        return 0; /* a weight may be sent in ways that the simulator does not write */
    struct scale_frame second;
    if (scale_ascii_decode(protocol, bytes, (size_t)len, &second) != SCALE_FRAME_GOOD ||
        !same_meaning(&first, &second))
        abort();
    return 0;
}
