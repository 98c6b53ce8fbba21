/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_ascii.h -- the ASCII protocols of weighing indicators, one frame at a time. Pure; it
 * does not search a stream for frames (scale_stream.h does) and opens no port.
 *
 * Formats after the makers' manuals: Mettler-Toledo MT-SICS; A&D EK, GC, HC and AD-4406A; CAS
 * CI-150A, CI-600D, CI-6000A, NT-200; Toledo continuous output (IND445, WildCat, FB3000); Yaohua
 * XK3190-A12E, A23p; Rinstrum R320, R427, C530. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "scale_reading.h"

#define SCALE_FRAME_MAX 24

enum scale_protocol {
    SCALE_MTSICS,
    SCALE_AND17,
    SCALE_AND18,
    SCALE_CAS22,
    SCALE_CAS10,
    SCALE_TOLEDO17,
    SCALE_TOLEDO18,
    SCALE_YAOHUA_XOR,
    SCALE_YAOHUA_REV,
    SCALE_YAOHUA_FWD,
    SCALE_YAOHUA_W,
    SCALE_YAOHUA_WG,
    SCALE_RINSTRUM1,
    SCALE_RINSTRUM2,
    SCALE_PROTOCOLS, /* how many there are */
};

/* What is wrong with a frame, in the order of the checks. */
enum scale_frame_error {
    SCALE_FRAME_GOOD,
    SCALE_BAD_LENGTH, /* also a missing start, separator, end or line end */
    SCALE_BAD_CHECKSUM,
    SCALE_BAD_STATUS,
    SCALE_BAD_NUMBER,
    SCALE_BAD_UNIT,
};

enum scale_reply {
    SCALE_REPLY_WEIGHT,  /* the reading is a weight; its status says how good */
    SCALE_REPLY_NOTICE,  /* no usable weight; the reading's status says why */
    SCALE_REPLY_TARED,   /* the answer to a tare command; the reading is the new tare */
    SCALE_REPLY_UNTARED, /* tare cleared */
    SCALE_REPLY_ZEROED,
    SCALE_REPLY_SYNTAX_ERROR,       /* the indicator did not know our command */
    SCALE_REPLY_TRANSMISSION_ERROR, /* it was garbled on the way (parity) */
    SCALE_REPLY_LOGICAL_ERROR,      /* its parameter is not allowed */
};

struct scale_frame {
    enum scale_reply reply;
    struct scale_reading reading; /* status is SCALE_ERROR for the three errors */
};

/* Decodes exactly one frame, line end included. *ret is written only for SCALE_FRAME_GOOD. */
NODISCARD enum scale_frame_error scale_ascii_decode(enum scale_protocol protocol,
                                                    const uint8_t *bytes, size_t len,
                                                    struct scale_frame *ret);

/* Where a frame that starts at bytes[0] would end, for the search in a stream: its length; 0 when
 * more bytes are needed to tell; -EBADMSG when no frame can start here. */
NODISCARD int scale_ascii_span(enum scale_protocol protocol, const uint8_t *bytes, size_t len);

/* Whether it sends by itself, or only when asked. */
int scale_protocol_continuous(enum scale_protocol protocol);

const char *scale_protocol_name(enum scale_protocol protocol); /* "and17" */

/* -ENOENT for a name that no protocol has. */
NODISCARD int scale_protocol_by_name(const char *name, enum scale_protocol *ret);

const char *scale_frame_error_name(enum scale_frame_error error); /* "BAD_LENGTH"; "" if good */

/* "overload", "ack_tare_clear", "syntax_error": what a frame without a weight says. */
const char *scale_frame_notice_name(const struct scale_frame *frame);
