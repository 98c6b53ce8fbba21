/* SPDX-License-Identifier: Apache-2.0 */
#include "scale_fake.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "scale_driver.h"

struct scale_fake {
    struct scale base; /* first: a struct scale * is a struct scale_fake * */
    const struct scale_fake_step *steps;
    size_t n;
    size_t next;
};

static int fake_read(struct scale *s, struct scale_reading *ret)
{
    struct scale_fake *f = (struct scale_fake *)s;
    const struct scale_fake_step *step = &f->steps[f->next];
    if (f->next + 1 < f->n)
        f->next++;
    if (step->err == 0)
        *ret = step->reading;
    return step->err;
}

static void fake_free(struct scale *s)
{
    free((struct scale_fake *)s);
}

static const struct scale_ops fake_ops = {.read = fake_read, .free = fake_free};

int scale_fake_open(const struct scale_fake_step *steps, size_t n, int64_t capacity_g,
                    struct scale **ret)
{
    assert(steps && n > 0 && ret);

    struct scale_fake *f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    *f = (struct scale_fake){
        .base = {.ops = &fake_ops, .capacity_g = capacity_g, .last_status = SCALE_NOT_READY},
        .steps = steps,
        .n = n};
    *ret = &f->base;
    return 0;
}
