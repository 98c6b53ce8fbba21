/* SPDX-License-Identifier: Apache-2.0 */
#include "pull.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "backoff.h"
#include "text.h"

static struct pull_item *find(struct pull *p, const char *type)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strncmp(p->items[i].type, type, sizeof(p->items[i].type)) == 0)
            return &p->items[i];
    }
    return NULL;
}

static void drop_part(struct pull_item *item)
{
    item->base = PULL_BASE_ANY;
    item->total = 0;
    item->got = 0;
}

static void ask_later(struct pull *p, struct pull_item *item, int64_t now_ms)
{
    item->due_ms = now_ms + backoff_ms(&p->rng, item->failures);
    item->failures++;
    /* Nothing came of a fetch: by messages next time, if they can carry it. */
    item->by_messages = item->offered > 0 && !item->brought;
    item->offered = 0;
}

static bool whole(const struct pull_item *item)
{
    return item->total > 0 && item->got == item->total;
}

void pull_start(struct pull *p, uint64_t seed)
{
    assert(p);
    *p = (struct pull){.rng = rng_seed(seed), .asked = -1};
}

int pull_know(struct pull *p, const char *type, int rank, int64_t have)
{
    assert(p && type && have >= 0);
    if (find(p, type))
        return -EEXIST;
    if (p->count == PULL_DOCUMENTS_MAX)
        return -ENOSPC;
    struct pull_item item = {.rank = rank, .have = have, .want = have};
    int err = text_copy(item.type, sizeof(item.type), type);
    if (err < 0)
        return err;
    drop_part(&item);
    p->items[p->count++] = item;
    return 0;
}

static bool chunk_is_sound(const struct pull_chunk *c)
{
    if (c->version <= 0 || c->base < 0 || c->base >= c->version || c->total <= 0 ||
        c->total > PULL_BODY_MAX || c->offset < 0 || c->offset >= c->total || c->len <= 0 ||
        c->len > PULL_CHUNK_MAX || c->len > c->total - c->offset)
        return false;
    return c->len == PULL_CHUNK_MAX || c->offset + c->len == c->total; /* the last may be short */
}

int pull_keep(struct pull *p, const struct pull_chunk *last)
{
    assert(p && last);
    struct pull_item *item = find(p, last->type);
    if (!item)
        return -ENOENT;
    if (!chunk_is_sound(last) || last->version <= item->have ||
        (last->base != PULL_BASE_SNAPSHOT && last->base != item->have))
        return -EINVAL;
    item->want = last->version; /* its digest comes with WANT, before anything is asked for */
    item->base = last->base;
    item->total = last->total;
    item->got = last->offset + last->len;
    item->due_ms = PULL_NEVER_MS;
    return 0;
}

void pull_link_up(struct pull *p)
{
    assert(p);
    p->up = true;
    p->asked = -1;
}

void pull_link_down(struct pull *p)
{
    assert(p);
    p->up = false;
    p->asked = -1;
}

int pull_wanted(struct pull *p, const struct pull_want *want, int64_t now_ms)
{
    assert(p && want);
    struct pull_item *item = find(p, want->type);
    if (!item)
        return -ENOENT;
    if (want->version <= 0)
        return -EBADMSG;
    if (want->version < item->want || want->version <= item->have)
        return 0;
    bool kept = item->want == want->version && item->due_ms == PULL_NEVER_MS;
    if (item->want == want->version && !kept) {
        item->conflict = memcmp(item->sha256, want->sha256, SHA256_SIZE) != 0;
        return item->conflict ? -EEXIST : 0;
    }
    if (!kept)
        drop_part(item);
    item->want = want->version;
    item->offered = 0;
    item->by_messages = false;
    memcpy(item->sha256, want->sha256, SHA256_SIZE);
    item->snapshot_only = false;
    item->conflict = false;
    item->failures = 0;
    item->due_ms = now_ms;
    return 1;
}

/* Whether the piece belongs to a body that may be built here. */
static bool is_of_use(const struct pull_item *item, const struct pull_chunk *c)
{
    if (item->want <= item->have || c->version != item->want || whole(item) ||
        item->due_ms == PULL_NEVER_MS)
        return false;
    return c->base == PULL_BASE_SNAPSHOT || (c->base == item->have && !item->snapshot_only);
}

int pull_chunk(struct pull *p, const struct pull_chunk *chunk, int64_t now_ms)
{
    assert(p && chunk);
    if (!chunk_is_sound(chunk))
        return -EBADMSG;
    struct pull_item *item = find(p, chunk->type);
    if (!item || !is_of_use(item, chunk))
        return 0;
    bool begun = item->base == chunk->base && item->total == chunk->total;
    if (chunk->offset != (begun ? item->got : 0))
        return 0;
    item->base = chunk->base;
    item->total = chunk->total;
    item->got = chunk->offset + chunk->len;
    item->failures = 0;
    item->brought = true;
    item->due_ms = now_ms;
    if (p->asked == (int)(item - p->items)) {
        if (item->offered == 0 || whole(item))
            p->asked = -1;
        else
            p->answer_ms = now_ms + PULL_FETCH_MS; /* one fetch brings many pieces */
    }
    return 1;
}

int pull_offered(struct pull *p, const struct pull_offer *offer, int64_t now_ms)
{
    assert(p && offer);
    if (offer->total <= 0 || offer->total > PULL_BODY_MAX)
        return -EBADMSG;
    struct pull_item *item = find(p, offer->type);
    if (!item || item->want <= item->have || item->want != offer->version || whole(item) ||
        item->due_ms == PULL_NEVER_MS || item->offered > 0)
        return 0;
    if (item->base != PULL_BASE_SNAPSHOT || item->total != offer->total)
        drop_part(item);
    item->offered = offer->total;
    item->brought = false;
    item->due_ms = now_ms;
    if (p->asked == (int)(item - p->items))
        p->asked = -1;
    return 1;
}

/* The item to work on: the lowest rank, then the first made known. NULL and *ret_due_ms when none
 * is due. */
static struct pull_item *choose(struct pull *p, int64_t now_ms, int64_t *ret_due_ms)
{
    struct pull_item *best = NULL;
    *ret_due_ms = PULL_NEVER_MS;
    for (size_t i = 0; i < p->count; i++) {
        struct pull_item *item = &p->items[i];
        if (item->want <= item->have)
            continue;
        if (item->due_ms > now_ms) {
            *ret_due_ms = item->due_ms < *ret_due_ms ? item->due_ms : *ret_due_ms;
            continue;
        }
        if (whole(item) || p->up) {
            if (!best || item->rank < best->rank)
                best = item;
        }
    }
    return best;
}

static struct pull_action action_for(const struct pull_item *item)
{
    struct pull_action a = {.step = item->offered > 0 ? PULL_FETCH : PULL_GET,
                            .get = {.have = item->have,
                                    .version = item->want,
                                    .base = item->base,
                                    .offset = item->got,
                                    .by_messages = item->by_messages}};
    if (whole(item))
        a.step = PULL_FINISH;
    else if (item->snapshot_only && item->base == PULL_BASE_ANY)
        a.get.base = PULL_BASE_SNAPSHOT;
    memcpy(a.get.type, item->type, sizeof(a.get.type));
    return a;
}

struct pull_action pull_next(struct pull *p, int64_t now_ms)
{
    assert(p);
    if (p->asked >= 0 && now_ms >= p->answer_ms) {
        ask_later(p, &p->items[p->asked], now_ms);
        p->asked = -1;
    }
    if (p->asked >= 0)
        return (struct pull_action){.step = PULL_WAIT, .until_ms = p->answer_ms};
    int64_t due_ms;
    const struct pull_item *item = choose(p, now_ms, &due_ms);
    if (!item)
        return (struct pull_action){.step = PULL_WAIT, .until_ms = due_ms};
    return action_for(item);
}

void pull_sent(struct pull *p, const struct pull_action *action, int64_t now_ms)
{
    assert(p && action && (action->step == PULL_GET || action->step == PULL_FETCH));
    const struct pull_item *item = find(p, action->get.type);
    assert(item);
    p->asked = (int)(item - p->items);
    p->answer_ms = now_ms + (action->step == PULL_FETCH ? PULL_FETCH_MS : PULL_ANSWER_MS);
}

void pull_failed(struct pull *p, const char *type, int64_t now_ms)
{
    assert(p && type);
    struct pull_item *item = find(p, type);
    if (!item || item->want <= item->have)
        return;
    drop_part(item);
    ask_later(p, item, now_ms);
    if (p->asked == (int)(item - p->items))
        p->asked = -1;
}

void pull_broke_off(struct pull *p, const char *type, int64_t now_ms)
{
    assert(p && type);
    struct pull_item *item = find(p, type);
    if (!item || item->offered == 0 || whole(item))
        return;
    ask_later(p, item, now_ms);
    if (p->asked == (int)(item - p->items))
        p->asked = -1;
}

int pull_finish(struct pull *p, const char *type, const void *bytes, size_t len, int64_t now_ms)
{
    assert(p && type);
    struct pull_item *item = find(p, type);
    if (!item || !whole(item))
        return 0;
    uint8_t digest[SHA256_SIZE] = {0};
    if (bytes)
        sha256(bytes, len, digest);
    bool sound = bytes && memcmp(digest, item->sha256, SHA256_SIZE) == 0;
    item->snapshot_only = !sound;
    item->offered = 0;
    drop_part(item);
    if (!sound) {
        ask_later(p, item, now_ms);
        return -EBADMSG;
    }
    item->have = item->want;
    return 1;
}
