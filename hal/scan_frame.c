/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_frame.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int scan_frame_init(struct scan_frame *f, const struct scan_frame_conf *conf)
{
    assert(f && conf);

    if (conf->prefix_len > SCAN_FRAME_AFFIX_MAX || conf->suffix_len > SCAN_FRAME_AFFIX_MAX)
        return -EINVAL;
    *f = (struct scan_frame){.conf = *conf};
    if (f->conf.idle_ms == 0)
        f->conf.idle_ms = SCAN_FRAME_IDLE_MS;
    return 0;
}

static void start_over(struct scan_frame *f)
{
    f->len = 0;
    f->lost = false;
    f->ended = false;
}

bool scan_frame_is_open(const struct scan_frame *f)
{
    assert(f);
    return !f->ended && (f->len > 0 || f->lost);
}

static void take_off_affixes(struct scan_frame *f)
{
    const struct scan_frame_conf *c = &f->conf;
    if (c->suffix_len > 0 && f->len >= c->suffix_len &&
        memcmp(f->bytes + f->len - c->suffix_len, c->suffix, c->suffix_len) == 0)
        f->len -= c->suffix_len;
    if (c->prefix_len > 0 && f->len >= c->prefix_len &&
        memcmp(f->bytes, c->prefix, c->prefix_len) == 0) {
        f->len -= c->prefix_len;
        memmove(f->bytes, f->bytes + c->prefix_len, f->len);
    }
}

static enum scan_frame_end end(struct scan_frame *f, enum scan_frame_end how)
{
    if (!scan_frame_is_open(f)) {
        start_over(f);
        return SCAN_FRAME_OPEN;
    }
    if (f->lost) {
        start_over(f);
        return SCAN_FRAME_LOST;
    }
    take_off_affixes(f);
    if (f->len == 0) {
        start_over(f);
        return SCAN_FRAME_OPEN;
    }
    f->ended = true;
    return how;
}

enum scan_frame_end scan_frame_put(struct scan_frame *f, uint8_t byte, int64_t ms)
{
    assert(f);

    if (f->ended)
        start_over(f);
    if (byte == '\r' || byte == '\n' || (byte == f->conf.terminator && byte != 0))
        return end(f, SCAN_FRAME_WHOLE);
    if (byte == 0 || (f->conf.seven_bit && byte >= 0x80) || f->len == SCAN_FRAME_MAX)
        scan_frame_spoil(f, ms);
    f->last_ms = ms;
    if (!f->lost)
        f->bytes[f->len++] = byte;
    return SCAN_FRAME_OPEN;
}

enum scan_frame_end scan_frame_next(struct scan_frame *f, const uint8_t *bytes, size_t n,
                                    int64_t ms, size_t *ret_used)
{
    assert(f && ret_used && (bytes || n == 0));

    enum scan_frame_end how = SCAN_FRAME_OPEN;
    size_t used = 0;
    while (used < n && how == SCAN_FRAME_OPEN)
        how = scan_frame_put(f, bytes[used++], ms);
    *ret_used = used;
    return how;
}

void scan_frame_touch(struct scan_frame *f, int64_t ms)
{
    assert(f);
    if (scan_frame_is_open(f))
        f->last_ms = ms;
}

void scan_frame_spoil(struct scan_frame *f, int64_t ms)
{
    assert(f);
    start_over(f);
    f->lost = true;
    f->last_ms = ms;
}

int64_t scan_frame_deadline_ms(const struct scan_frame *f)
{
    assert(f);
    return scan_frame_is_open(f) ? f->last_ms + f->conf.idle_ms + 1
                                 : INT64_MAX; /* longer than, not as long */
}

enum scan_frame_end scan_frame_idle(struct scan_frame *f, int64_t now_ms)
{
    return now_ms >= scan_frame_deadline_ms(f) ? scan_frame_cut(f) : SCAN_FRAME_OPEN;
}

enum scan_frame_end scan_frame_cut(struct scan_frame *f)
{
    assert(f);
    return end(f, SCAN_FRAME_PARTIAL);
}
