/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/supplier_terms.h -- what a supplier takes back, and at which price: his terms by
 * brand, each change a version with its author and reason, told as SupplierTermsChanged. Terms of
 * brand "" hold for every brand that has none of its own. It judges no goods: supplier_return.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue.h"
#include "diag.h"
#include "entry.h"
#include "event.h"
#include "sql.h"

#define SUPPLIER_TERMS_DAYS_MAX 3650
#define SUPPLIER_TERMS_UNITS_MAX INT64_C(1000000000000)
#define SUPPLIER_TERMS_PAISE_MAX INT64_C(1000000000000) /* a thousand crore rupees */
#define SUPPLIER_TERMS_KG_PAISE_MAX INT64_C(1000000)
#define SUPPLIER_TERMS_REASON_SIZE 161

struct supplier_terms {
    char supplier[ENTRY_PARTY_SIZE];
    char brand[CATALOGUE_WORD_SIZE];
    int64_t version;
    bool returnable;
    int32_t window_from_days; /* from the printed date; a minus is before it */
    int32_t window_to_days;   /* the last day, likewise; not before the first */
    /* Of a quarter (supplier_return.h), all that are not 0 hold: a share of what was bought at its
     * landed cost, base units, landed cost. */
    int64_t quota_permille;
    int64_t quota_units;
    int64_t quota_paise;
    int64_t credit_permille;   /* of the purchase price, before tax */
    bool freight_ours;         /* who pays the way back */
    int64_t freight_paise_kg;  /* when it is we */
    int64_t least_claim_paise; /* of credit, for what one site sends back together */
    bool supplied;             /* we invoice it as a supply; else he sends a credit note */
};

/* The terms in force for a brand: its own, else those of "". 1, or 0 when there are none. */
NODISCARD int supplier_terms_find(struct sql *s, const char *supplier, const char *brand,
                                  struct supplier_terms *ret);

/* Makes them the newest version, in the caller's write transaction.
 *   1        they hold already: nothing was written
 *   -EINVAL  *reterr: a term or the reason is not right, and what is allowed */
struct supplier_terms_change {
    struct supplier_terms terms; /* version is not looked at */
    const char *by;              /* "user:NAME" */
    const char *reason;
    const char *cause;
    int64_t wall_ms;
};
NODISCARD int supplier_terms_change(struct sql *s, const struct supplier_terms_change *change,
                                    struct diag *reterr);

struct supplier_terms_row {
    struct supplier_terms terms;
    int64_t made_ms;
    char made_by[EVENT_ACTOR_SIZE];
    char reason[SUPPLIER_TERMS_REASON_SIZE];
};
/* Non-zero stops; that is passed on. */
typedef int (*supplier_terms_fn)(const struct supplier_terms_row *row, void *context);

/* By supplier and brand, newest first; supplier "": of all of them. in_force: the newest alone. */
NODISCARD int supplier_terms_each(struct sql *s, const char *supplier, bool in_force,
                                  supplier_terms_fn on_row, void *context);
