/* SPDX-License-Identifier: Apache-2.0 */
#include "bit_coder.h"

#include <assert.h>
#include <errno.h>

#define CODE_BYTES 4

struct bit_coder bit_coder_writer(uint8_t *out, size_t room)
{
    assert(out || room == 0);
    return (struct bit_coder){.high = UINT32_MAX, .out = out, .room = room};
}

struct bit_coder bit_coder_nowhere(void)
{
    return (struct bit_coder){.nowhere = true};
}

static void read_byte(struct bit_coder *c)
{
    c->code = c->code << 8 | (c->in_at < c->in_len ? c->in[c->in_at] : 0);
    c->in_at++;
}

struct bit_coder bit_coder_reader(const uint8_t *in, size_t len)
{
    assert(in || len == 0);
    struct bit_coder c = {.reading = true, .high = UINT32_MAX, .in = in, .in_len = len};
    for (int i = 0; i < CODE_BYTES; i++)
        read_byte(&c);
    return c;
}

static void write_byte(struct bit_coder *c, uint32_t byte)
{
    if (c->len < c->room)
        c->out[c->len] = (uint8_t)byte;
    c->len++;
}

void bit_coder_shift(struct bit_coder *c)
{
    while ((c->low ^ c->high) >> 24 == 0) { /* the first byte is certain */
        if (c->reading)
            read_byte(c);
        else
            write_byte(c, c->high >> 24);
        c->low <<= 8;
        c->high = c->high << 8 | 0xff;
    }
}

/* The fewest bytes that name a place between low and high, as zeros are read after them. */
static int last_bytes(const struct bit_coder *c, uint32_t *ret)
{
    for (int n = 0; n < CODE_BYTES; n++) {
        uint64_t unit = UINT64_C(1) << 8 * (CODE_BYTES - n);
        uint64_t place = (c->low + unit - 1) / unit * unit;
        if (place <= c->high) {
            *ret = (uint32_t)place;
            return n;
        }
    }
    *ret = c->low;
    return CODE_BYTES;
}

int bit_coder_finish(struct bit_coder *c, size_t *ret_len)
{
    assert(c && !c->reading && !c->nowhere && ret_len);
    uint32_t place = 0;
    int n = last_bytes(c, &place);
    for (int i = 0; i < n; i++)
        write_byte(c, place >> 8 * (CODE_BYTES - 1 - i) & 0xff);
    if (c->len > c->room)
        return -ENOSPC;
    *ret_len = c->len;
    return 0;
}

int bit_coder_check_end(const struct bit_coder *c)
{
    assert(c && c->reading);
    uint32_t place = 0;
    size_t n = (size_t)last_bytes(c, &place);
    return c->in_at - CODE_BYTES + n == c->in_len && c->code == place ? 0 : -EBADMSG;
}
