/* SPDX-License-Identifier: Apache-2.0 */
#include "indicator_fake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

struct indicator_fake {
    struct indicator base;
    struct indicator_fake_record *record;
};

static int fake_set(struct indicator *i, const struct indicator_out *out, int64_t now_ms)
{
    struct indicator_fake_record *record = ((struct indicator_fake *)i)->record;
    if (record->n < INDICATOR_FAKE_CHANGES_MAX)
        record->changes[record->n++] = (struct indicator_fake_change){now_ms, *out};
    return record->err;
}

static void fake_free(struct indicator *i)
{
    free((struct indicator_fake *)i);
}

static const struct indicator_ops ops = {.set = fake_set, .free = fake_free};

int indicator_fake_open(struct indicator_fake_record *record, struct indicator **ret)
{
    assert(record && ret);

    struct indicator_fake *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    *f = (struct indicator_fake){.base = {.ops = &ops}, .record = record};
    *ret = &f->base;
    return 0;
}
