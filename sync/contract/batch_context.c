/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_context.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "batch_predicted.h"
#include "batch_walk.h"

struct batch_context {
    int64_t first;
    int64_t next;
    struct batch_memory memory;
    struct bit_guess guess;
};

int batch_context_new(struct batch_context **ret)
{
    assert(ret);
    struct batch_context *k = calloc(1, sizeof(*k));
    if (!k)
        return -ENOMEM;
    *ret = k;
    return 0;
}

void batch_context_free(struct batch_context *k)
{
    free(k);
}

int64_t batch_context_start(int64_t first_seq, int64_t floor)
{
    assert(first_seq >= 1 && floor >= 1);
    int64_t step = (first_seq - 1) / BATCH_CONTEXT_STEP;
    int64_t start = step > 0 ? (step - 1) * BATCH_CONTEXT_STEP + 1 : 1;
    start = start > floor ? start : floor;
    return start < first_seq ? start : first_seq;
}

void batch_context_begin(struct batch_context *k, int64_t first)
{
    assert(k && first >= 1);
    k->first = first;
    k->next = first;
    batch_memory_begin(&k->memory);
    bit_guess_begin(&k->guess);
}

void batch_context_add(struct batch_context *k, const struct entry *e)
{
    assert(k && e && k->next > 0 && e->seq == k->next);
    struct bit_coder nowhere = bit_coder_nowhere();
    struct entry copy = *e;
    int err = batch_walk(&k->memory, &k->guess, &nowhere, &copy);
    assert(err == 0);
    k->next++;
}

int64_t batch_context_first(const struct batch_context *k)
{
    assert(k);
    return k->first;
}

int64_t batch_context_next(const struct batch_context *k)
{
    assert(k);
    return k->next;
}

size_t batch_context_bytes(void)
{
    return sizeof(struct batch_context);
}

static void stand_nowhere(struct batch_context *k)
{
    k->first = 0;
    k->next = 0;
}

int batch_predicted_write(struct batch_context *k, const struct entry *entries, int32_t count,
                          uint8_t *at, size_t room, size_t *ret_len)
{
    assert(k && entries && at && ret_len && count > 0 && entries[0].seq == k->next);
    struct bit_coder c = bit_coder_writer(at, room);
    for (int32_t i = 0; i < count; i++) {
        struct entry copy = entries[i];
        int err = batch_walk(&k->memory, &k->guess, &c, &copy);
        assert(err == 0);
        k->next++;
    }
    int err = bit_coder_finish(&c, ret_len);
    if (err < 0)
        stand_nowhere(k); /* the other end will not get these bits */
    return err;
}

int batch_predicted_read(struct batch_context *k, const uint8_t *bytes, size_t len,
                         struct entry *entries, int32_t count)
{
    assert(k && bytes && entries && count > 0 && k->next > 0);
    struct bit_coder c = bit_coder_reader(bytes, len);
    int err = 0;
    for (int32_t i = 0; err == 0 && i < count; i++) {
        entries[i] = entry_new(ENTRY_OPENED);
        entries[i].seq = k->next;
        err = batch_walk(&k->memory, &k->guess, &c, &entries[i]);
        k->next++;
    }
    if (err == 0)
        err = bit_coder_check_end(&c);
    if (err < 0)
        stand_nowhere(k);
    return err;
}
