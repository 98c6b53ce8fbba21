/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_context.h"

#include <assert.h>

struct giving {
    struct batch_context *known;
    int64_t until;
};

static int give(const struct entry *e, const uint8_t *raw, size_t raw_len,
                const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct giving *g = context;
    if (e->seq >= g->until || e->seq != batch_context_next(g->known))
        return 1;
    batch_context_add(g->known, e);
    return 0;
}

int journal_give_context(struct journal *j, int64_t until, struct batch_context *known)
{
    assert(j && known);
    if (batch_context_next(known) >= until)
        return 0;
    struct giving g = {.known = known, .until = until};
    int got = journal_read(j, batch_context_next(known), give, &g);
    return got < 0 ? got : 0;
}
