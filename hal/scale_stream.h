/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_stream.h -- finds frames in what an indicator sends. A frame that does not decode costs
 * one byte, never the frame that follows it, and what comes out does not depend on how the bytes
 * were cut into reads. Which protocol it is comes from configuration: several fit the same bytes.
 * Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "scale_ascii.h"

#define SCALE_STREAM_SILENCE_MS 2000 /* no byte for so long on a continuous stream: offline */

struct scale_stream {
    enum scale_protocol protocol;
    uint8_t held[SCALE_FRAME_MAX]; /* the start of a frame that is not complete yet */
    size_t held_len;
    uint64_t dropped; /* bytes that were part of no frame */
};

struct scale_stream scale_stream_init(enum scale_protocol protocol);

/* Takes bytes up to the end of the next frame and says in *ret_taken how many (all, when no frame
 * ended). Returns 1 and *ret, or 0: call again with the rest while there is one. */
int scale_stream_next(struct scale_stream *s, const uint8_t *bytes, size_t len, size_t *ret_taken,
                      struct scale_frame *ret);

/* Forgets a half frame, after a flush or a reopened port. */
void scale_stream_reset(struct scale_stream *s);
