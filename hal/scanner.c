/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "scanner_driver.h"

/* A device that floods must not hold up the loop: the descriptor stays readable, so the loop comes
 * back. */
enum { FILLS_MAX = 16 };

int scanner_fd(const struct scanner *s)
{
    assert(s);
    return s->fd;
}

int64_t scanner_deadline_ms(const struct scanner *s)
{
    assert(s);
    return scan_frame_deadline_ms(s->frame);
}

static enum scan_frame_end next_end(struct scanner *s, int64_t now_ms)
{
    for (int i = 0; i < FILLS_MAX; i++) {
        int got = s->gone ? -EIO : s->ops->fill(s, now_ms);
        s->gone = got < 0;
        enum scan_frame_end how = s->ops->next(s, now_ms);
        if (how != SCAN_FRAME_OPEN)
            return how;
        if (got > 0)
            continue;
        /* Bytes carry no time: only when the wire is found silent has a gap passed. */
        bool over = s->gone || now_ms >= scan_frame_deadline_ms(s->frame);
        return over ? s->ops->cut(s) : SCAN_FRAME_OPEN;
    }
    return SCAN_FRAME_OPEN;
}

static int hand_out(struct scanner *s, int64_t now_ms, bool partial, struct scanner_frame *ret)
{
    assert(s->frame->len > 0 && s->frame->len <= SCAN_FRAME_MAX);
    memcpy(ret->device, s->name, sizeof(ret->device));
    ret->mono_ms = now_ms;
    ret->partial = partial;
    ret->len = s->frame->len;
    memcpy(ret->bytes, s->frame->bytes, s->frame->len);
    return 1;
}

int scanner_read(struct scanner *s, int64_t now_mono_ms, struct scanner_frame *ret_frame)
{
    assert(s && ret_frame);

    switch (next_end(s, now_mono_ms)) {
    case SCAN_FRAME_OPEN:
        return s->gone ? -EIO : 0;
    case SCAN_FRAME_WHOLE:
        s->counts.whole++;
        return hand_out(s, now_mono_ms, false, ret_frame);
    case SCAN_FRAME_PARTIAL:
        s->counts.partial++;
        return hand_out(s, now_mono_ms, true, ret_frame);
    case SCAN_FRAME_LOST:
        s->counts.lost++;
        return -EBADMSG;
    }
    return 0;
}

struct scanner_counts scanner_counts(const struct scanner *s)
{
    assert(s);
    return s->counts;
}

void scanner_free(struct scanner *s)
{
    if (s)
        s->ops->free(s);
}
