/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/paper.h -- the papers of goods that move: a delivery challan within one GSTIN, a tax
 * invoice between two, with the e-way bill's need; numbers run without gaps within GSTIN, kind and
 * financial year, because a number is taken in the transaction of its paper. It files nothing with
 * a portal. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "compliance.h"
#include "document_no.h"
#include "proposals.h"
#include "sql.h"

#define PAPER_ID_SIZE 33

struct paper_draft {
    const char *document; /* the transfer's, on its order lines */
    const struct proposal *proposal;
    const struct compliance_input *input;
    const struct compliance *judged;
    const char *sku;
    const char *name; /* of the goods */
    struct batch_key batch;
    int64_t units;
    int64_t now_ms;
};

/* Writes the paper of a movement: a line under the number of its consignment, where one of the same
 * way and day is issued of which nothing has left; else under a new one. Each line is a row; what
 * they say of the e-way bill is judged on the lines together, anew with each change.
 * 1: the document has its paper already, whose number is given. -ENOSPC: the series is used up. */
NODISCARD int paper_write(struct sql *s, const struct paper_draft *draft,
                          char ret_number[DOCUMENT_NO_SIZE]);

/* A movement that did not take place: state cancelled. The number stays used, and explained. */
NODISCARD int paper_cancel(struct sql *s, const char *document);

/* It took place after all. */
NODISCARD int paper_restore(struct sql *s, const char *document);

/* The numbers of the papers of a document that are not cancelled. */
typedef int (*paper_fn)(const char *kind, const char *number, void *context);
NODISCARD int paper_each(struct sql *s, const char *document, paper_fn on_paper, void *context);
