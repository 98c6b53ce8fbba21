/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/consignment.h -- what goes together from one site to another: the transfers of that
 * way that are proposed, approved, or under way without anything having left. One document covers
 * it and one lorry's least load binds it, so the e-way bill is judged on all of it, and what a lane
 * asks of a lorry is looked at again whenever a part of it falls away. Once the first goods have
 * left, the lorry goes with what there is. It carries nothing out. */
#pragma once

#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "catalogue_index.h"
#include "proposals.h"
#include "sql.h"

struct consignment_part {
    char proposal[PROPOSAL_ID_SIZE];
    char document[ENTRY_DOCUMENT_SIZE]; /* "": not under way */
    enum proposal_state state;          /* proposed, approved, executing */
    char sku[ENTRY_SKU_SIZE];
    int64_t units;
    int64_t landed_paise;
};

/* The parts in the order in which they were decided; a callback that returns other than 0 ends it
 * with that. */
typedef int (*consignment_fn)(const struct consignment_part *part, void *context);
NODISCARD int consignment_each(struct sql *s, const char *from_site, const char *to_site,
                               consignment_fn on_part, void *context);

/* Taxable goods of the way besides one proposal: what stands beside its line on the document. */
struct consignment_value {
    int64_t taxable_paise;
    int64_t tax_paise; /* as a supply */
};
NODISCARD int consignment_value(struct sql *s, const struct catalogue_index *catalogue,
                                const struct proposal *besides, int32_t day,
                                struct consignment_value *ret);

struct consignment_load {
    int64_t sure_g;                   /* approved, or under way */
    int64_t open_g;                   /* proposed: may still come, or not */
    int64_t truck_g, trucks, least_g; /* of the lane; truck_g 0: nobody has said */
};
enum consignment_verdict {
    CONSIGNMENT_GOES,
    CONSIGNMENT_WAITS, /* what is still open decides, or it is more than the lorries take */
    CONSIGNMENT_FALLS, /* the least load cannot be reached any more */
};
enum consignment_verdict consignment_judge(const struct consignment_load *load); /* pure, total */
NODISCARD int consignment_load(struct sql *s, const struct catalogue_index *catalogue,
                               const char *from_site, const char *to_site,
                               struct consignment_load *ret);

/* Looks at a way anew, in the caller's write transaction: what goes is executed; what waits says so
 * once for each load; what falls is withdrawn or, where its lines are down already, called off, so
 * that its cases are planned again. */
NODISCARD int consignment_settle(struct agent_step *step, const char *from_site,
                                 const char *to_site, const char *cause);
