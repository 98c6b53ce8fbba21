/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_ascii.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "scale_field.h"

/* How a protocol looks in a stream: what may start a frame, and where that frame ends. */
struct protocol {
    const char *name;
    scale_decode_fn decode;
    const char *starts; /* the characters that may be first, masked as below */
    uint8_t start_mask;
    uint8_t len_min;
    uint8_t len_max; /* above len_min: the frame ends with its first line feed */
    uint8_t continuous;
};

static const struct protocol protocols[SCALE_PROTOCOLS] = {
    [SCALE_MTSICS] = {"mtsics", scale_decode_mtsics, "STZE", 0xff, 4, 21, 0},
    [SCALE_AND17] = {"and17", scale_decode_and17, "SUOQEI?", 0xff, 3, 17, 1},
    [SCALE_AND18] = {"and18", scale_decode_and18, "SUOE", 0xff, 5, 18, 1},
    [SCALE_CAS22] = {"cas22", scale_decode_cas22, "SUOE", 0xff, 5, 22, 1},
    [SCALE_CAS10] = {"cas10", scale_decode_cas10, " +-.0123456789", 0xff, 10, 10, 1},
    [SCALE_TOLEDO17] = {"toledo17", scale_decode_toledo17, "\x02", 0x7f, 17, 17, 1},
    [SCALE_TOLEDO18] = {"toledo18", scale_decode_toledo18, "\x02", 0x7f, 18, 18, 1},
    [SCALE_YAOHUA_XOR] = {"yaohua_xor", scale_decode_yaohua_xor, "\x02", 0xff, 12, 12, 1},
    [SCALE_YAOHUA_REV] = {"yaohua_rev", scale_decode_yaohua_rev, "=", 0xff, 9, 9, 1},
    [SCALE_YAOHUA_FWD] = {"yaohua_fwd", scale_decode_yaohua_fwd, "=", 0xff, 9, 9, 1},
    [SCALE_YAOHUA_W] = {"yaohua_w", scale_decode_yaohua_w, "w", 0xff, 13, 16, 1},
    [SCALE_YAOHUA_WG] = {"yaohua_wg", scale_decode_yaohua_wg, "W ", 0xff, 15, 15, 1},
    [SCALE_RINSTRUM1] = {"rinstrum1", scale_decode_rinstrum1, "\x02", 0xff, 11, 11, 1},
    [SCALE_RINSTRUM2] = {"rinstrum2", scale_decode_rinstrum2, "\x02", 0xff, 17, 17, 1},
};

enum scale_frame_error scale_ascii_decode(enum scale_protocol protocol, const uint8_t *bytes,
                                          size_t len, struct scale_frame *ret)
{
    assert(protocol < SCALE_PROTOCOLS && bytes && ret);
    if (len == 0 || len > SCALE_FRAME_MAX)
        return SCALE_BAD_LENGTH;
    struct scale_frame f = {0};
    enum scale_frame_error err = protocols[protocol].decode(bytes, len, &f);
    if (err)
        return err;
    if (f.reply != SCALE_REPLY_WEIGHT && f.reply != SCALE_REPLY_TARED) {
        f.reading.counts = 0; /* digits under an overload must not be used, so they are not kept */
        f.reading.decimals = 0;
        f.reading.unit = SCALE_UNIT_NONE;
        f.reading.kind = SCALE_DISPLAYED;
    }
    scale_reading_set_raw(&f.reading, bytes, len);
    *ret = f;
    return SCALE_FRAME_GOOD;
}

int scale_ascii_span(enum scale_protocol protocol, const uint8_t *bytes, size_t len)
{
    assert(protocol < SCALE_PROTOCOLS && (bytes || len == 0));
    const struct protocol *p = &protocols[protocol];
    if (len == 0)
        return 0;
    uint8_t first = bytes[0] & p->start_mask;
    if (first == '\0' || !strchr(p->starts, first))
        return -EBADMSG;
    if (p->len_min == p->len_max)
        return len >= p->len_min ? p->len_min : 0;

    size_t within = len < p->len_max ? len : p->len_max;
    const uint8_t *line_feed = memchr(bytes, '\n', within);
    if (line_feed)
        return (int)(line_feed - bytes) + 1;
    return len < p->len_max ? 0 : -EBADMSG;
}

int scale_protocol_continuous(enum scale_protocol protocol)
{
    assert(protocol < SCALE_PROTOCOLS);
    return protocols[protocol].continuous;
}

const char *scale_protocol_name(enum scale_protocol protocol)
{
    assert(protocol < SCALE_PROTOCOLS);
    return protocols[protocol].name;
}

int scale_protocol_by_name(const char *name, enum scale_protocol *ret)
{
    assert(name && ret);
    for (unsigned i = 0; i < SCALE_PROTOCOLS; i++) {
        if (strcmp(protocols[i].name, name) == 0) {
            *ret = (enum scale_protocol)i;
            return 0;
        }
    }
    return -ENOENT;
}

const char *scale_frame_error_name(enum scale_frame_error error)
{
    static const char *const names[] = {
        [SCALE_FRAME_GOOD] = "",
        [SCALE_BAD_LENGTH] = "BAD_LENGTH",
        [SCALE_BAD_CHECKSUM] = "BAD_CHECKSUM",
        [SCALE_BAD_STATUS] = "BAD_STATUS",
        [SCALE_BAD_NUMBER] = "BAD_NUMBER",
        [SCALE_BAD_UNIT] = "BAD_UNIT",
    };
    return names[error];
}

const char *scale_frame_notice_name(const struct scale_frame *frame)
{
    assert(frame);
    switch (frame->reply) {
    case SCALE_REPLY_WEIGHT:
    case SCALE_REPLY_NOTICE:
        return scale_status_name(frame->reading.status);
    case SCALE_REPLY_TARED:
        return "ack_tare";
    case SCALE_REPLY_UNTARED:
        return "ack_tare_clear";
    case SCALE_REPLY_ZEROED:
        return "ack_zero";
    case SCALE_REPLY_SYNTAX_ERROR:
        return "syntax_error";
    case SCALE_REPLY_TRANSMISSION_ERROR:
        return "transmission_error";
    case SCALE_REPLY_LOGICAL_ERROR:
        return "logical_error";
    }
    return "";
}
