/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "known_journals.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "entry_codec.h"
#include "text.h"

/* A device lets its context begin anew at every step (batch_context_start()). Entries that come are
 * learnt twice, by the present context and by the one that will be wanted behind the step, and so
 * need not be read from the store again. */
struct known {
    char device[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    struct batch_context *entries;
    struct batch_context *ahead;
    struct chain_head behind; /* of the chain where `entries` stands */
    bool sure;                /* that it is */
    bool leads;               /* `ahead` stands there too, or before an entry that is to come */
    uint64_t used;
};

struct known_journals {
    struct known all[KNOWN_JOURNALS_MAX];
    size_t count;
    uint64_t uses;
};

int known_journals_open(struct known_journals **ret)
{
    assert(ret);
    struct known_journals *k = calloc(1, sizeof(*k));
    if (!k)
        return -ENOMEM;
    *ret = k;
    return 0;
}

static void forget(struct known *at)
{
    batch_context_free(at->entries);
    batch_context_free(at->ahead);
}

void known_journals_free(struct known_journals *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->count; i++)
        forget(&k->all[i]);
    free(k);
}

/* The place of a journal: its own, a new one, or that of the one that was heard of longest ago. */
static int find_place(struct known_journals *k, const struct known_wanted *wanted,
                      struct known **ret)
{
    struct known *oldest = &k->all[0];
    for (size_t i = 0; i < k->count; i++) {
        struct known *at = &k->all[i];
        if (at->epoch == wanted->epoch && strcmp(at->device, wanted->device) == 0) {
            *ret = at;
            return 0;
        }
        oldest = at->used < oldest->used ? at : oldest;
    }
    if (k->count < KNOWN_JOURNALS_MAX) {
        struct known fresh = {.epoch = 0};
        int err = batch_context_new(&fresh.entries);
        if (err == 0)
            err = batch_context_new(&fresh.ahead);
        if (err < 0) {
            forget(&fresh);
            return err;
        }
        oldest = &k->all[k->count++];
        *oldest = fresh;
    }
    oldest->epoch = wanted->epoch;
    oldest->sure = false;
    text_cut(oldest->device, sizeof(oldest->device), wanted->device);
    *ret = oldest;
    return 0;
}

/* 1 when it was the next one. */
static int take(struct batch_context *entries, const void *body, size_t len)
{
    struct entry e;
    if (entry_decode(body, len, &e) < 0 || e.seq != batch_context_next(entries))
        return 0;
    batch_context_add(entries, &e);
    return 1;
}

static int read_stored(struct batch_context *entries, struct sql *s,
                       const struct known_wanted *wanted)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT body FROM entry WHERE device = $1 AND epoch = $2 AND seq >= $3"
                     " AND seq < $4 AND seq <= $5 ORDER BY seq");
    sql_bind_text(q, 1, wanted->device);
    sql_bind_int(q, 2, wanted->epoch);
    sql_bind_int(q, 3, batch_context_next(entries));
    sql_bind_int(q, 4, wanted->first_seq);
    sql_bind_int(q, 5, wanted->stored);
    int got = 0;
    int next = 1;
    while (next > 0 && (got = sql_step(q)) > 0) {
        size_t len = 0;
        const void *body = sql_bytes(q, 0, &len);
        next = take(entries, body, len);
    }
    return got < 0 ? got : 0;
}

static void swap(struct known *at)
{
    struct batch_context *ahead = at->ahead;
    at->ahead = at->entries;
    at->entries = ahead;
}

static bool stands(const struct batch_context *entries, const struct known_wanted *wanted)
{
    return batch_context_first(entries) == wanted->first_seq - wanted->count &&
           batch_context_next(entries) == wanted->first_seq;
}

/* Whether what was learnt will do. */
static bool is_known(struct known *at, const struct known_wanted *wanted)
{
    if (!at->sure || !wanted->behind ||
        memcmp(at->behind.hash, wanted->behind->hash, sizeof(at->behind.hash)) != 0)
        return false;
    if (!stands(at->entries, wanted) && at->leads && stands(at->ahead, wanted))
        swap(at);
    return stands(at->entries, wanted);
}

int known_journals_find(struct known_journals *k, struct sql *s, const struct known_wanted *wanted,
                        known_body_fn body, void *context, struct batch_context **ret)
{
    assert(k && s && wanted && body && ret && wanted->count < wanted->first_seq);
    struct known *at = NULL;
    int err = find_place(k, wanted, &at);
    if (err < 0)
        return err;
    at->used = ++k->uses;
    if (!is_known(at, wanted)) {
        at->leads = false;
        batch_context_begin(at->entries, wanted->first_seq - wanted->count);
        if (wanted->count > 0)
            err = read_stored(at->entries, s, wanted);
        const uint8_t *bytes = NULL;
        size_t len = 0;
        while (err == 0 && batch_context_next(at->entries) < wanted->first_seq &&
               (bytes = body(batch_context_next(at->entries), &len, context)) &&
               take(at->entries, bytes, len))
            ;
    }
    at->sure = false;
    if (err < 0)
        return err;
    *ret = at->entries;
    return batch_context_next(at->entries) == wanted->first_seq;
}

static void learn(struct batch_context *ahead, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].seq == batch_context_next(ahead))
            batch_context_add(ahead, &entries[i]);
}

/* Lets `ahead` learn the batch, or begin with the step that it ends in, if that begins in it. */
static void look_ahead(struct known *at, const struct entry *entries, size_t count)
{
    int64_t next = entries[count - 1].seq + 1;
    int64_t step = (next - 1) / BATCH_CONTEXT_STEP * BATCH_CONTEXT_STEP + 1;
    if (at->leads) {
        learn(at->ahead, entries, count);
        if (batch_context_start(next, 1) == batch_context_first(at->ahead))
            swap(at); /* the next batch will want it */
        if (batch_context_first(at->ahead) == step)
            return;
    }
    at->leads = step > 1 && step >= entries[0].seq;
    if (at->leads) {
        batch_context_begin(at->ahead, step);
        learn(at->ahead, entries, count);
    }
}

void known_journals_taken(struct known_journals *k, const struct batch_context *known,
                          const struct entry *entries, size_t count,
                          const struct chain_head *behind)
{
    assert(k && known && entries && count > 0 && behind);
    for (size_t i = 0; i < k->count; i++) {
        struct known *at = &k->all[i];
        if (at->entries != known)
            continue;
        look_ahead(at, entries, count);
        at->sure = true;
        at->behind = *behind;
        return;
    }
}
