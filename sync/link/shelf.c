/* SPDX-License-Identifier: Apache-2.0 */
#include "shelf.h"

#include <assert.h>
#include <stdbool.h>

#include "attr.h"

const char *shelf_verdict_name(enum shelf_verdict verdict)
{
    static const char *const names[SHELF_VERDICT_COUNT] = {
        [SHELF_CHUNK] = "chunk",     [SHELF_ELSEWHERE] = "elsewhere", [SHELF_WANT] = "want",
        [SHELF_NOTHING] = "nothing", [SHELF_MALFORMED] = "malformed",
    };
    return (size_t)verdict < ARRAY_LEN(names) ? names[verdict] : "unknown";
}

/* Bytes of the delta from base, if it is worth sending; 0: there is none. */
static int64_t delta_bytes(const struct shelf_document *document, int64_t base)
{
    for (size_t i = 0; i < document->delta_count; i++) {
        const struct shelf_delta *d = &document->deltas[i];
        if (d->base == base && d->bytes > 0 && d->bytes <= document->bytes / 2 &&
            d->bytes <= SHELF_MESSAGES_MAX)
            return d->bytes;
    }
    return 0;
}

static bool get_is_sound(const struct pull_get *get)
{
    return get->have >= 0 && get->version > 0 && get->offset >= 0 && get->base >= PULL_BASE_ANY &&
           (get->base != PULL_BASE_ANY || get->offset == 0) && get->offset % PULL_CHUNK_MAX == 0;
}

struct shelf_answer shelf_answer(const struct shelf_document *document, const struct pull_get *get)
{
    assert(document && get && document->bytes > 0 && document->bytes <= PULL_BODY_MAX);
    assert(document->deltas || document->delta_count == 0);

    struct shelf_answer a = {.verdict = SHELF_MALFORMED};
    if (!get_is_sound(get))
        return a;
    a.verdict = SHELF_NOTHING;
    if (get->have >= document->version)
        return a;
    a.verdict = SHELF_WANT;
    if (get->version != document->version)
        return a;

    struct pull_chunk *c = &a.chunk;
    for (size_t i = 0; i < sizeof(c->type); i++)
        c->type[i] = get->type[i];
    c->version = document->version;
    c->total =
        get->have > 0 && get->base != PULL_BASE_SNAPSHOT ? delta_bytes(document, get->have) : 0;
    c->base = c->total > 0 ? get->have : PULL_BASE_SNAPSHOT;
    if (c->total == 0)
        c->total = document->bytes;
    /* Another body than the one that was begun, or nothing behind that offset: from its start. */
    if (c->base == get->base && get->offset < c->total)
        c->offset = get->offset;
    a.verdict = c->total > SHELF_MESSAGES_MAX ? SHELF_ELSEWHERE : SHELF_CHUNK;
    if (a.verdict == SHELF_CHUNK)
        c->len = c->total - c->offset < PULL_CHUNK_MAX ? c->total - c->offset : PULL_CHUNK_MAX;
    return a;
}
