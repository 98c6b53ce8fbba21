/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/true_cost.h -- what the way of a transfer truly cost, as the papers of carrier and
 * loaders say: entered by a person, once; a correction is another version, with its reason. It goes
 * into the transfer's actual cost in place of what was predicted of freight and handling; what else
 * was predicted (carrying, insurance) stays, and what was lost on the road is added as before. It
 * reads no paper. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "proposals.h"
#include "sql.h"

#define TRUE_COST_PAPER_SIZE 33
#define TRUE_COST_REASON_SIZE 161
#define TRUE_COST_PAISE_MAX INT64_C(100000000000) /* a hundred crore rupees */

struct true_cost {
    int64_t version;
    int64_t freight_paise, handling_paise;
    char paper[TRUE_COST_PAPER_SIZE]; /* number of the carrier's receipt or bill */
};

/* The newest version: 1, or 0: nobody has entered it. */
NODISCARD int true_cost_find(struct sql *s, const char *proposal_id, struct true_cost *ret);

/* Freight and handling of a proposal's predicted cost, by its inputs. One that does not say how
 * much they are (none did before this release) counts all of it. Pure. */
int64_t true_cost_predicted(int64_t cost_paise, const char *inputs);

/* What carrying it out cost, goods that were lost apart: as entered, else as predicted. */
NODISCARD int true_cost_of(struct sql *s, const struct proposal *p, int64_t *ret_paise);

/* Enters or corrects it, in the caller's write transaction, and corrects the actual cost of a
 * transfer that has ended; with FreightEntered.
 *   1        it stands so already
 *   -ENOENT  *reterr: there is no such transfer
 *   -EPERM   *reterr: nothing has left yet
 *   -EINVAL  *reterr: an amount or the paper is not right, or a correction has no reason */
struct true_cost_said {
    int64_t freight_paise, handling_paise;
    const char *paper;
    const char *reason; /* "" for the first time */
    const char *by;     /* "user:NAME" */
    const char *cause;
    int64_t now_ms;
};
NODISCARD int true_cost_enter(struct sql *s, const char *proposal_id,
                              const struct true_cost_said *said, struct diag *reterr);
