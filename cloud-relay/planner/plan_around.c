/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan_around.h"

#include <errno.h>
#include <stdlib.h>

void plan_around_clear(struct plan_around *c)
{
    for (size_t i = 0; i < c->lanes; i++)
        c->listed[c->lane[i]] = false;
    c->lanes = 0;
}

void plan_around_add(struct plan_around *c, uint32_t lane)
{
    if (c->listed[lane])
        return;
    c->listed[lane] = true;
    c->lane[c->lanes++] = lane;
}

void plan_around_touched(struct plan_around *c, struct plan_mark mark)
{
    struct plan_state *s = c->s;
    for (size_t n = mark.undos; n < s->undos; n++) {
        uint32_t k = s->undo[n].sku;
        for (size_t i = s->sku_first[k]; i < s->sku_first[k + 1]; i++)
            plan_around_add(c, s->move[i].lane);
    }
}

int plan_around_open(struct plan_state *s, struct plan_around *c)
{
    *c = (struct plan_around){.s = s,
                              .lane = calloc((size_t)s->p->lanes + 1, sizeof(*c->lane)),
                              .listed = calloc((size_t)s->p->lanes + 1, sizeof(*c->listed))};
    return c->lane && c->listed ? 0 : -ENOMEM;
}

void plan_around_close(struct plan_around *c)
{
    free(c->lane);
    free(c->listed);
}
