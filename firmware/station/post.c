/* SPDX-License-Identifier: Apache-2.0 */
#include "post.h"

struct work work_new(void)
{
    return (struct work){.draft = draft_new(), .pending = goods_new()};
}

void post_enter(struct post *p, const struct flow *flow)
{
    p->flow = flow;
    p->work = work_new();
}
