/* SPDX-License-Identifier: Apache-2.0 */
#include "pull.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "backoff.h"
#include "text.h"

static struct pull_item *find(struct pull *p, const char *doc)
{
    for (size_t i = 0; i < p->count; i++) {
        if (strncmp(p->items[i].doc, doc, sizeof(p->items[i].doc)) == 0)
            return &p->items[i];
    }
    return NULL;
}

static void drop_part(struct pull_item *item)
{
    item->base = PULL_BASE_ANY;
    item->total = 0;
    item->got = 0;
    item->elsewhere = false;
}

static void ask_later(struct pull *p, struct pull_item *item, int64_t now_ms)
{
    item->due_ms = now_ms + backoff_ms(&p->rng, item->failures);
    item->failures++;
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

int pull_know(struct pull *p, const char *doc, int rank, int64_t have)
{
    assert(p && doc && have >= 0);
    if (find(p, doc))
        return -EEXIST;
    if (p->count == PULL_DOCUMENTS_MAX)
        return -ENOSPC;
    struct pull_item item = {.rank = rank, .have = have, .want = have};
    int err = text_copy(item.doc, sizeof(item.doc), doc);
    if (err < 0)
        return err;
    drop_part(&item);
    p->items[p->count++] = item;
    return 0;
}

int pull_keep(struct pull *p, const char *doc, int64_t version, int64_t base, int64_t total,
              int64_t got)
{
    assert(p && doc);
    struct pull_item *item = find(p, doc);
    if (!item)
        return -ENOENT;
    if (version <= item->have || base < 0 || base > item->have || total <= 0 ||
        total > PULL_BODY_MAX || got < 0 || got > total)
        return -EINVAL;
    item->want = version; /* its digest comes with the next WANT, before anything is asked for */
    item->base = base;
    item->total = total;
    item->got = got;
    item->elsewhere = total > PULL_MESSAGE_MAX;
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
    struct pull_item *item = find(p, want->doc);
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
    memcpy(item->sha256, want->sha256, SHA256_SIZE);
    item->snapshot_only = false;
    item->conflict = false;
    item->failures = 0;
    item->due_ms = now_ms;
    return 1;
}

static bool chunk_is_sound(const struct pull_chunk *c)
{
    return c->version > 0 && c->base >= 0 && c->base < c->version && c->total > 0 &&
           c->total <= PULL_BODY_MAX && c->offset >= 0 && c->len >= 0 && c->len <= PULL_CHUNK_MAX &&
           c->offset <= c->total && c->len <= c->total - c->offset;
}

int pull_chunk(struct pull *p, const struct pull_chunk *chunk, int64_t now_ms)
{
    assert(p && chunk);
    if (!chunk_is_sound(chunk))
        return -EBADMSG;
    struct pull_item *item = find(p, chunk->doc);
    if (!item || item->want <= item->have || chunk->version != item->want || whole(item) ||
        item->due_ms == PULL_NEVER_MS)
        return 0;
    if (chunk->base != PULL_BASE_SNAPSHOT && (chunk->base != item->have || item->snapshot_only))
        return 0;
    bool begun = item->base == chunk->base && item->total == chunk->total;
    bool points_elsewhere = chunk->len == 0;
    if (points_elsewhere && (chunk->base != PULL_BASE_SNAPSHOT || chunk->total <= PULL_MESSAGE_MAX))
        return -EBADMSG;
    if (!points_elsewhere && chunk->offset != (begun ? item->got : 0))
        return 0;
    if (!begun) {
        drop_part(item);
        item->base = chunk->base;
        item->total = chunk->total;
    }
    item->elsewhere = item->total > PULL_MESSAGE_MAX;
    item->got += chunk->len;
    item->failures = 0;
    item->due_ms = now_ms;
    if (p->asked == (int)(item - p->items) && (!item->elsewhere || points_elsewhere))
        p->asked = -1;
    else if (p->asked == (int)(item - p->items) && whole(item))
        p->asked = -1;
    else if (p->asked == (int)(item - p->items))
        p->answer_ms = now_ms + PULL_ANSWER_MS; /* a fetch is under way, and bytes come */
    return points_elsewhere ? 0 : 1;
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
    struct pull_action a = {
        .step = item->elsewhere ? PULL_FETCH : PULL_GET,
        .get = {
            .have = item->have, .version = item->want, .base = item->base, .offset = item->got}};
    if (whole(item))
        a.step = PULL_FINISH;
    else if (item->snapshot_only && item->base == PULL_BASE_ANY)
        a.get.base = PULL_BASE_SNAPSHOT;
    memcpy(a.get.doc, item->doc, sizeof(a.get.doc));
    memcpy(a.sha256, item->sha256, SHA256_SIZE);
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
    const struct pull_item *item = find(p, action->get.doc);
    assert(item);
    p->asked = (int)(item - p->items);
    p->answer_ms = now_ms + PULL_ANSWER_MS;
}

void pull_failed(struct pull *p, const char *doc, int64_t now_ms)
{
    assert(p && doc);
    struct pull_item *item = find(p, doc);
    if (!item || item->want <= item->have)
        return;
    ask_later(p, item, now_ms);
    if (p->asked == (int)(item - p->items))
        p->asked = -1;
}

int pull_finish(struct pull *p, const char *doc, const void *bytes, size_t len, int64_t now_ms)
{
    assert(p && doc);
    struct pull_item *item = find(p, doc);
    if (!item || !whole(item))
        return 0;
    uint8_t digest[SHA256_SIZE] = {0};
    if (bytes)
        sha256(bytes, len, digest);
    bool sound = bytes && memcmp(digest, item->sha256, SHA256_SIZE) == 0;
    item->snapshot_only = !sound;
    drop_part(item);
    if (!sound) {
        ask_later(p, item, now_ms);
        return -EBADMSG;
    }
    item->have = item->want;
    return 1;
}
