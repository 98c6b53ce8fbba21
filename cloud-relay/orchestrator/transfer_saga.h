/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/transfer_saga.h -- carries out a transfer: lines go down to both sites with the
 * papers, scans come up, and what they show decides alone how it ends. transfer_judge() is a
 * function of the facts so far, never of the order in which they came: entries may come late,
 * doubled and in any order between sites, and every crash ends where no crash would have.
 *
 *   relay                              source                    destination
 *   execute: order_line transfer_out ->                            (one transaction: both lines,
 *            order_line transfer_in  ------------------------->     papers, event)
 *                                      dispatched ->
 *                                      task_done "short" ->
 *                                                                  <- arrived, arrived "damaged"
 *                                                                  <- lost "short"
 *   settle: ReallocationExecuted with actuals
 *
 *   nothing left in time      lines cancelled, proposal failed, case assessed, lane rests
 *   called off                the same, but the lane does not rest: it is planned anew
 *   part left in time         the rest of the out line is cancelled, the in line is what left
 *   left after all            a failed one executes again: scans are facts
 *   not arrived in time       TransferOverdue, again each day; after give_up days closed as it
 *                             stands; what arrives later still counts */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "proposals.h"

struct transfer_facts {
    int64_t ordered;    /* units of the proposal */
    int64_t sent;       /* dispatched */
    int64_t out_short;  /* declared not to be sent */
    int64_t arrived;    /* whole and damaged */
    int64_t damaged;    /* of these */
    int64_t lost;       /* declared not to have arrived */
    bool dispatch_late; /* the time to dispatch is over, or it was called off */
    bool given_up;      /* the time to arrive, with all grace, is over */
};

enum transfer_step {
    TRANSFER_NONE = 0,  /* not executed */
    TRANSFER_LINES = 1, /* lines are down, nothing left */
    TRANSFER_LEAVING = 2,
    TRANSFER_LEFT = 3, /* all that will leave has left */
    TRANSFER_ARRIVING = 4,
    TRANSFER_CLOSED = 5,
};
/* Beside the step in proposal.saga_step: what time alone has decided. */
#define TRANSFER_STEP_MASK 7
#define TRANSFER_DISPATCH_LATE 8
#define TRANSFER_GIVEN_UP 16
#define TRANSFER_CALLED_OFF 32 /* the rest of its consignment fell away before anything left */

struct transfer_verdict {
    enum transfer_step step;
    enum proposal_state state; /* executing, done, partial, failed */
    bool out_open;             /* the source is still to send */
    bool in_open;              /* the destination is still to take in */
    int64_t in_qty;            /* units of the destination's line */
    int64_t in_transit;        /* left and not accounted for; never below 0 */
    int64_t done_units;        /* arrived whole */
    bool differs;              /* sender and receiver do not agree on what arrived whole */
};
struct transfer_verdict transfer_judge(const struct transfer_facts *facts); /* pure, total */

/* Executes an approved transfer, supplier return or write-off in the caller's write transaction:
 * judges compliance, stock and window once more, writes lines, papers, timers and events. When the
 * world has changed the proposal fails and its case is assessed again: that too is 0.
 *   -EPERM  not approved, or the kill switch is on
 *   -EBUSY and the like: the store's trouble */
NODISCARD int transfer_execute(struct agent_step *step, const char *proposal_id, const char *cause);

/* Time has passed, or the consignment fell: `flag` TRANSFER_DISPATCH_LATE, TRANSFER_GIVEN_UP or
 * TRANSFER_CALLED_OFF becomes a fact. */
NODISCARD int transfer_time_out(struct agent_step *step, const char *proposal_id, int64_t flag,
                                const char *cause);

/* Looks at the facts of a document anew and draws the consequences. 1: nothing to do for it. */
NODISCARD int transfer_follow(struct agent_step *step, const char *document, const char *cause);

/* Units of these goods that lie sellable at the site and are promised to nothing that is executing.
 */
NODISCARD int transfer_free_units(struct sql *s, const char *site, const char *sku,
                                  const struct batch_key *batch, int64_t *ret_units);
