/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's lane: entries in their order, as batches that continue the chain. */
#include "shipper_state.h"

#include <errno.h>
#include <string.h>

#include "journal_context.h"
#include "mqtt.h"

struct gathering {
    struct entry *entries;
    int64_t first_seq;
    int64_t wanted;
    int64_t count;
    struct chain_head head;
    bool has_prev;
    struct chain_head prev;
};

static int gather(const struct entry *e, const uint8_t *raw, size_t raw_len,
                  const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    struct gathering *g = context;
    if (e->seq < g->first_seq) {
        g->has_prev = true;
        g->prev = *hash;
        return 0;
    }
    g->entries[g->count++] = *e;
    g->head = *hash;
    return g->count == g->wanted;
}

/* The entries of a batch, and the chain at both of its ends. */
static int gather_batch(struct shipper *s, int64_t first_seq, int64_t n, struct gathering *ret)
{
    *ret = (struct gathering){.entries = s->entries,
                              .first_seq = first_seq,
                              .wanted = n,
                              .has_prev = first_seq == 1,
                              .prev = chain_genesis(&s->origin)};
    int64_t floor = journal_floor(s->journal);
    if (first_seq == floor + 1) { /* nothing before it is there but the chain's value */
        ret->has_prev = journal_hash(s->journal, floor, &ret->prev) == 1;
    }
    int got = journal_read(s->journal, first_seq > 1 ? first_seq - 1 : 1, gather, ret);
    if (got < 0)
        return got;
    /* Else the journal is shorter than its head says, or begins later than its floor says. */
    return ret->count > 0 && s->entries[0].seq == first_seq ? 0 : -EBADMSG;
}

/* Has the encoder stand before first_seq, mostly where the batch before left it. */
static int stand_before(struct shipper *s, int64_t first_seq)
{
    struct batch_context *k = batch_encoder_context(s->encoder);
    int64_t floor = s->context_floor > s->link.floor ? s->context_floor : s->link.floor;
    int64_t start = batch_context_start(first_seq, floor);
    if (batch_context_first(k) != start || batch_context_next(k) > first_seq)
        batch_context_begin(k, start);
    return journal_give_context(s->journal, first_seq, k);
}

static enum batch_format format_of(const struct shipper *s)
{
    return s->format == BATCH_ZSTD && s->wire >= BATCH_PREDICTED_WIRE ? BATCH_PREDICTED : s->format;
}

int shipper_make_batch(struct shipper *s, struct shipper_message *m)
{
    int64_t n = m->action.n < BATCH_ENTRIES_MAX ? m->action.n : BATCH_ENTRIES_MAX;
    for (; n > 0; n /= 2) {
        struct gathering g;
        int err = gather_batch(s, m->action.first_seq, n, &g);
        if (err == 0 && format_of(s) == BATCH_PREDICTED)
            err = stand_before(s, m->action.first_seq);
        if (err < 0)
            return err;
        struct batch_head head = {.wire = s->wire,
                                  .origin = s->origin,
                                  .session = m->action.s,
                                  .first_seq = m->action.first_seq,
                                  .count = (int32_t)g.count,
                                  .has_prev = g.has_prev};
        memcpy(head.head_hash, g.head.hash, sizeof(head.head_hash));
        memcpy(head.prev, g.prev.hash, sizeof(head.prev));
        const uint8_t *bytes = NULL;
        size_t len = 0;
        err = batch_encode(s->encoder, format_of(s), &head, s->entries, &bytes, &len);
        if (err < 0 && err != -ENOSPC)
            return err;
        if (err == 0 && len <= MQTT_PAYLOAD_MAX) {
            m->topic = TOPIC_ENTRIES;
            m->action.n = g.count;
            m->bytes = bytes;
            m->len = len;
            return 1;
        }
    }
    return -EMSGSIZE;
}
