/* SPDX-License-Identifier: Apache-2.0 */
/* rules/number_series_audit.h -- explains every gap in the numbers of one series and year, and
 * finds doubles and numbers that nobody gave out. It mends nothing. Pure; walks the caller's arrays
 * and hands out one finding at a time, by number, so that there is no bound on how many. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "number_series.h"

enum number_series_finding_kind {
    /* gaps that are explained */
    NUMBER_SERIES_VOIDED,        /* `reason` says why */
    NUMBER_SERIES_TAIL_OPEN,     /* not yet taken from `lease`; after the year: have it returned */
    NUMBER_SERIES_TAIL_RETURNED, /* not taken from `lease`, which says why it was returned */
    /* gaps that are not */
    NUMBER_SERIES_LOST,       /* taken from `lease`, and neither used nor voided */
    NUMBER_SERIES_NOT_LEASED, /* passed over: no lease holds it, though one lies behind it */
    /* no gaps, but worse */
    NUMBER_SERIES_DOUBLE, /* used or voided more than once, or both */
    NUMBER_SERIES_STRAY,  /* used or voided, though no lease has given it out */
};
#define NUMBER_SERIES_FINDING_KIND_COUNT 7

struct number_series_finding {
    enum number_series_finding_kind kind;
    uint64_t first;
    uint64_t last;                           /* more than `first` only in tails and gaps */
    const struct number_series_lease *lease; /* borrowed from the books; NULL: no lease has it */
    enum number_series_void_reason reason;   /* of NUMBER_SERIES_VOIDED */
};

/* What is known of a series and year. All arrays are borrowed until the audit is over. */
struct number_series_books {
    struct number_series series;
    uint64_t first; /* with which it begins: 1, or more when it carries on another system's */
    const struct number_series_lease *leases; /* in any order */
    size_t leases_count;
    const uint64_t *used; /* on documents; ascending, doubles beside each other */
    size_t used_count;
    const struct number_series_voided *voided; /* likewise */
    size_t voided_count;
};

/* How far an audit has come: a value, of number_series_audit() and number_series_audit_next(). */
struct number_series_audit {
    const struct number_series_books *books;
    uint64_t at;
    uint64_t end;
    uint64_t leased_last; /* no lease goes beyond; numbers behind it are not missing */
    size_t used_at;
    size_t voided_at;
};

/* Begins an audit; the books are borrowed until it is over.
 *   -EINVAL  with *reterr: a lease is malformed, is of another series or begins before the series;
 *            the numbers are not ascending or pass NUMBER_SERIES_NUMBER_MAX; a reason
 *            is not known
 *   -EEXIST  with *reterr: two leases overlap
 *   -E2BIG   with *reterr: more than NUMBER_SERIES_LEASES_MAX leases */
NODISCARD int number_series_audit(const struct number_series_books *books, struct diag *reterr,
                                  struct number_series_audit *ret);

/* 1 and the next finding, in the order of the numbers, or 0 when there are no more. A number has
 * one finding at most. */
NODISCARD int number_series_audit_next(struct number_series_audit *audit,
                                       struct number_series_finding *ret);

/* Whether nobody need ask: voided, or the tail of a lease. */
bool number_series_finding_explained(enum number_series_finding_kind kind);

const char *number_series_finding_name(enum number_series_finding_kind kind); /* static */
