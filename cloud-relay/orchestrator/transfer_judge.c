/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "transfer_saga.h"

#include <assert.h>

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static enum transfer_step step_of(const struct transfer_facts *f, bool out_open, bool closed)
{
    if (closed)
        return TRANSFER_CLOSED;
    if (f->arrived > 0 || f->lost > 0)
        return TRANSFER_ARRIVING;
    if (!out_open)
        return TRANSFER_LEFT;
    return f->sent > 0 ? TRANSFER_LEAVING : TRANSFER_LINES;
}

static enum proposal_state state_of(const struct transfer_facts *f, int64_t done, bool closed)
{
    if (!closed)
        return PROPOSAL_EXECUTING;
    if (done >= f->ordered)
        return PROPOSAL_DONE;
    return done > 0 ? PROPOSAL_PARTIAL : PROPOSAL_FAILED;
}

struct transfer_verdict transfer_judge(const struct transfer_facts *f)
{
    assert(f);
    int64_t accounted = f->arrived + f->lost;
    struct transfer_verdict v = {.done_units = most(f->arrived - f->damaged, 0),
                                 .in_transit = most(f->sent - accounted, 0)};
    v.out_open = !f->dispatch_late && f->sent + f->out_short < f->ordered;
    v.in_qty = v.out_open ? f->ordered : f->sent;
    bool closed = !v.out_open && (accounted >= f->sent || f->given_up);
    v.in_open = !closed && accounted < v.in_qty;
    v.step = step_of(f, v.out_open, closed);
    v.state = state_of(f, v.done_units, closed);
    v.differs = f->damaged > 0 || f->lost > 0 || (closed && f->arrived != f->sent);
    return v;
}
