/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_limit.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MILLI 1000
#define PROBES 16 /* places that a name may stand at */

struct bucket {
    char name[API_LIMIT_NAME_SIZE];
    int64_t tokens_milli;
    int64_t at_ms;
};

struct api_limits {
    size_t count;
    struct bucket *buckets;
};

int api_limits_open(size_t buckets, struct api_limits **ret)
{
    assert(buckets >= PROBES && ret);
    AUTO(api_limits) l = calloc(1, sizeof(*l));
    if (!l)
        return -ENOMEM;
    l->buckets = calloc(buckets, sizeof(*l->buckets));
    if (!l->buckets)
        return -ENOMEM;
    l->count = buckets;
    *ret = TAKE(l);
    return 0;
}

void api_limits_free(struct api_limits *l)
{
    if (!l)
        return;
    free(l->buckets);
    free(l);
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static uint64_t hash_of(const char *name)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (; *name != '\0'; name++)
        h = (h ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return h;
}

static struct bucket *find(struct api_limits *l, const char *name, const struct api_limit *limit,
                           int64_t now_ms)
{
    uint64_t h = hash_of(name);
    struct bucket *oldest = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        struct bucket *b = &l->buckets[(h + i) % l->count];
        if (strcmp(b->name, name) == 0)
            return b;
        if (!oldest || b->name[0] == '\0' || b->at_ms < oldest->at_ms)
            oldest = oldest && oldest->name[0] == '\0' ? oldest : b;
    }
    snprintf(oldest->name, sizeof(oldest->name), "%s", name);
    oldest->tokens_milli = limit->burst * MILLI;
    oldest->at_ms = now_ms;
    return oldest;
}

int api_limits_take(struct api_limits *l, const char *name, const struct api_limit *limit,
                    int64_t now_ms)
{
    assert(l && name && limit && limit->per_s >= 1 && limit->burst >= 1);

    struct bucket *b = find(l, name, limit, now_ms);
    int64_t full = limit->burst * MILLI;
    int64_t passed_ms = now_ms - b->at_ms;
    /* A bucket is full after burst / per_s seconds: longer spans cannot overflow. */
    if (passed_ms >= full / limit->per_s + 1)
        b->tokens_milli = full;
    else
        b->tokens_milli += passed_ms * limit->per_s;
    if (b->tokens_milli > full)
        b->tokens_milli = full;
    b->at_ms = now_ms;
    if (b->tokens_milli >= MILLI) {
        b->tokens_milli -= MILLI;
        return 0;
    }
    int64_t wait_ms = (MILLI - b->tokens_milli + limit->per_s - 1) / limit->per_s;
    return (int)((wait_ms + 999) / 1000);
}
