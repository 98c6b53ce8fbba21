/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "relay_mind.h"

#include "agents.h"
#include "runtime.h"

static int mind_open(struct sql *s, int64_t now_ms, struct diag *reterr, void **ret)
{
    struct runtime_conf conf = runtime_conf_default();
    struct runtime *r = NULL;
    size_t count = 0;
    const struct agent *const *agents = agents_all(&count);
    int err = runtime_open(s, agents, count, &conf, now_ms, reterr, &r);
    if (err == 0)
        *ret = r;
    return err;
}

static int mind_step(void *mind, int64_t now_ms, int64_t *ret_due_ms)
{
    return runtime_step(mind, now_ms, ret_due_ms);
}

static void mind_free(void *mind)
{
    runtime_free(mind);
}

const struct worker_mind relay_mind = {.open = mind_open, .step = mind_step, .free = mind_free};
