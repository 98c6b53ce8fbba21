/* SPDX-License-Identifier: Apache-2.0 */
/* However the bytes are split over reads, the frames are the same; none is longer than the maximum,
 * empty, or holds a terminator. */
#include <stdlib.h>
#include <string.h>

#include "scan_frame.h"

#define LOG_MAX 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct log {
    uint8_t bytes[LOG_MAX];
    size_t len;
};

static void note(struct log *log, enum scan_frame_end how, const struct scan_frame *f)
{
    if (how == SCAN_FRAME_OPEN)
        return;
    size_t len = how == SCAN_FRAME_LOST ? 0 : f->len;
    if (len > SCAN_FRAME_MAX || (len == 0 && how != SCAN_FRAME_LOST))
        abort();
    for (size_t i = 0; i < len; i++)
        if (f->bytes[i] == '\r' || f->bytes[i] == '\n' || f->bytes[i] == 0)
            abort();
    if (log->len + len + 2 > sizeof(log->bytes))
        abort();
    log->bytes[log->len++] = (uint8_t)how;
    if (len > 0)
        memcpy(log->bytes + log->len, f->bytes, len);
    log->len += len;
}

static void feed(struct scan_frame *f, const uint8_t *bytes, size_t n, struct log *log)
{
    while (n > 0) {
        size_t used = 0;
        note(log, scan_frame_next(f, bytes, n, 0, &used), f);
        if (used == 0)
            abort();
        bytes += used;
        n -= used;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct log whole, split;
    if (size < 2 || size > LOG_MAX / 4)
        return 0;
    struct scan_frame_conf conf = {.seven_bit = data[0] & 1};
    if (data[0] & 2)
        conf.terminator = '\t';
    if (data[0] & 4) {
        conf.prefix[0] = 'P';
        conf.prefix_len = 1;
    }
    if (data[0] & 8) {
        memcpy(conf.suffix, "SU", 2);
        conf.suffix_len = 2;
    }
    size_t step = data[1] % 7 + 1;
    struct scan_frame a, b;
    if (scan_frame_init(&a, &conf) < 0 || scan_frame_init(&b, &conf) < 0)
        abort();
    whole.len = split.len = 0;
    feed(&a, data + 2, size - 2, &whole);
    for (size_t at = 2; at < size; at += step)
        feed(&b, data + at, size - at < step ? size - at : step, &split);
    note(&whole, scan_frame_cut(&a), &a);
    note(&split, scan_frame_idle(&b, SCAN_FRAME_IDLE_MS + 1), &b);
    if (whole.len != split.len || memcmp(whole.bytes, split.bytes, whole.len) != 0)
        abort();
    return 0;
}
