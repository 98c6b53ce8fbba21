/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text is refused with a line, or read; what is read writes back to the same problem; and what
 * plan_check() accepts is planned, and the plan verifies. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "rnet.h"

#define ARCS_MAX 200 /* of what is also solved */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void check_reads_back(const struct plan_problem *p)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    require(out != NULL);
    rnet_write(p, out);
    fclose(out);
    AUTO(rnet) back = NULL;
    require(rnet_read(text, len, &back, NULL) == 0);
    free(text);
    const struct plan_problem *q = rnet_problem(back);
    size_t arcs = plan_arcs(p);
    require(plan_arcs(q) == arcs && q->sites == p->sites && q->lanes == p->lanes);
    for (size_t a = 0; a < arcs; a++)
        require(p->arc[a].cost == q->arc[a].cost && p->arc[a].capacity == q->arc[a].capacity &&
                p->arc_lane[a] == q->arc_lane[a]);
}

static void check_plan(const struct plan_problem *p)
{
    const struct plan_limits limits = {.bound_rounds = 10, .search_rounds = 5};
    struct diag why = {0};
    AUTO(plan) plan = NULL;
    int err = plan_solve(p, &limits, &plan, &why);
    require(err == 0 || err == -ENOTSUP);
    require(err < 0 ? why.text[0] != '\0' : plan_verify(p, plan, &why) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diag why = {0};
    AUTO(rnet) r = NULL;
    int err = rnet_read((const char *)data, size, &r, &why);
    require(err == 0 || err == -EINVAL || err == -ENOMEM);
    require(err != -EINVAL || why.text[0] != '\0');
    if (err < 0)
        return 0;
    const struct plan_problem *p = rnet_problem(r);
    if (p->sites > 1000 || p->lanes > 1000 || p->skus > 1000)
        return 0;
    check_reads_back(p);
    if (plan_check(p, &why) == 0 && plan_arcs(p) <= ARCS_MAX)
        check_plan(p);
    return 0;
}
