/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scan_frame.h -- cuts the characters of one scanner into frames, one frame a scanned symbol.
 * It does not read a device and does not interpret what was scanned. Pure: it is told the time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define SCAN_FRAME_MAX 512 /* a longer one is discarded up to its terminator */
#define SCAN_FRAME_AFFIX_MAX 8
#define SCAN_FRAME_IDLE_MS 100 /* a scanner types each 1 to 8 ms, a person each 30 to 50 */

/* How one scanner dresses its frames. CR and LF always end a frame; all zero is that alone, with
 * idle_ms taken as SCAN_FRAME_IDLE_MS. */
struct scan_frame_conf {
    uint16_t idle_ms;   /* a longer gap inside a frame closes it as partial */
    uint8_t terminator; /* one more byte that ends a frame (HT, ETX); 0: none */
    bool seven_bit;     /* a byte of 0x80 and above is a parity error, and spoils its frame */
    uint8_t prefix_len;
    uint8_t suffix_len;
    uint8_t prefix[SCAN_FRAME_AFFIX_MAX]; /* taken off where a frame begins with it */
    uint8_t suffix[SCAN_FRAME_AFFIX_MAX]; /* taken off where a frame ends with it */
};

enum scan_frame_end {
    SCAN_FRAME_OPEN,    /* nothing ended: more input is wanted */
    SCAN_FRAME_WHOLE,   /* ended by a terminator */
    SCAN_FRAME_PARTIAL, /* ended by a gap: the terminator, or the tail, is missing */
    SCAN_FRAME_LOST,    /* too long, or characters of it were lost: it must be scanned again */
};

/* State of one scanner; scan_frame_init() begins it. `bytes` and `len` hold the frame after WHOLE
 * and PARTIAL, until the next call. They are read only to the caller. */
struct scan_frame {
    struct scan_frame_conf conf;
    uint8_t bytes[SCAN_FRAME_MAX];
    size_t len;
    bool ended;      /* `bytes` holds a frame that was handed out: the next byte begins afresh */
    bool lost;       /* discarding up to the terminator */
    int64_t last_ms; /* when the open frame was last added to */
};

/* -EINVAL when an affix is longer than SCAN_FRAME_AFFIX_MAX. */
NODISCARD int scan_frame_init(struct scan_frame *f, const struct scan_frame_conf *conf);

/* Takes one byte that arrived at ms. A terminator without anything before it ends nothing, so CR LF
 * and a doubled Enter are one end. NUL is in no symbol: it is what a line error leaves, and spoils
 * the frame. The gap is not looked at here: call scan_frame_idle() first where the time of each
 * byte is known, and only after finding the line silent where it is not. */
enum scan_frame_end scan_frame_put(struct scan_frame *f, uint8_t byte, int64_t ms);

/* Takes bytes that arrived together until a frame ends; *ret_used says how many were taken. */
enum scan_frame_end scan_frame_next(struct scan_frame *f, const uint8_t *bytes, size_t n,
                                    int64_t ms, size_t *ret_used);

/* The device is alive though no character came (a modifier key): an open frame stays open. */
void scan_frame_touch(struct scan_frame *f, int64_t ms);

/* Characters were lost: all up to the next terminator, or gap, is one lost frame. */
void scan_frame_spoil(struct scan_frame *f, int64_t ms);

/* Whether something was taken that no terminator has ended. */
bool scan_frame_is_open(const struct scan_frame *f);

/* Nothing has come since. Ends the open frame when its gap has passed. */
enum scan_frame_end scan_frame_idle(struct scan_frame *f, int64_t now_ms);

/* When scan_frame_idle() will end the open frame; INT64_MAX when none is open. */
int64_t scan_frame_deadline_ms(const struct scan_frame *f);

/* Ends the open frame now, as if its gap had passed: the device is gone. */
enum scan_frame_end scan_frame_cut(struct scan_frame *f);
