/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "known_journals.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "entry_codec.h"
#include "text.h"

struct known {
    char device[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    struct batch_context *entries;
    struct chain_head behind; /* of the chain where `entries` stands */
    bool sure;                /* that it is */
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

void known_journals_free(struct known_journals *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->count; i++)
        batch_context_free(k->all[i].entries);
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
        int err = batch_context_new(&k->all[k->count].entries);
        if (err < 0)
            return err;
        oldest = &k->all[k->count++];
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

int known_journals_find(struct known_journals *k, struct sql *s, const struct known_wanted *wanted,
                        known_body_fn body, void *context, struct batch_context **ret)
{
    assert(k && s && wanted && body && ret && wanted->count < wanted->first_seq);
    struct known *at = NULL;
    int err = find_place(k, wanted, &at);
    if (err < 0)
        return err;
    at->used = ++k->uses;
    int64_t first = wanted->first_seq - wanted->count;
    bool stands = at->sure && wanted->behind &&
                  memcmp(at->behind.hash, wanted->behind->hash, sizeof(at->behind.hash)) == 0 &&
                  batch_context_first(at->entries) == first &&
                  batch_context_next(at->entries) == wanted->first_seq;
    at->sure = false;
    if (!stands) {
        batch_context_begin(at->entries, first);
        if (wanted->count > 0)
            err = read_stored(at->entries, s, wanted);
        const uint8_t *bytes = NULL;
        size_t len = 0;
        while (err == 0 && batch_context_next(at->entries) < wanted->first_seq &&
               (bytes = body(batch_context_next(at->entries), &len, context)) &&
               take(at->entries, bytes, len))
            ;
    }
    if (err < 0)
        return err;
    *ret = at->entries;
    return batch_context_next(at->entries) == wanted->first_seq;
}

void known_journals_note(struct known_journals *k, const struct batch_context *known,
                         const struct chain_head *behind)
{
    assert(k && known);
    for (size_t i = 0; i < k->count; i++)
        if (k->all[i].entries == known) {
            k->all[i].sure = behind != NULL;
            if (behind)
                k->all[i].behind = *behind;
        }
}
