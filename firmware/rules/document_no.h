/* SPDX-License-Identifier: Apache-2.0 */
/* rules/document_no.h -- numbers of tax invoices, challans and notes: what the rules allow, which
 * of them are the same number, and how a series writes its next one. It leases no ranges and keeps
 * no counter. Pure. CGST Rules 2017, rules 46(b), 53, 55; checks of the invoice registration portal
 * (IRP) on top. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define DOCUMENT_NO_LEN_MAX 16
#define DOCUMENT_NO_SIZE (DOCUMENT_NO_LEN_MAX + 1)

enum document_no_fault {
    DOCUMENT_NO_OK,
    DOCUMENT_NO_FIRST_CHARACTER, /* rule 46 allows it, the portal refuses a leading 0, / or - */
    DOCUMENT_NO_LENGTH,          /* rule 46: 1 to 16 */
    DOCUMENT_NO_CHARACTER,       /* rule 46: letters, digits, hyphen and slash; no blanks */
};

/* The worst fault: what breaks rule 46 is told before what only the portal refuses. */
enum document_no_fault document_no_check(const char *no);

/* One sentence for a person. Static. */
const char *document_no_fault_text(enum document_no_fault fault);

/* The form that must be unique within a financial year: upper case, because the portal compares so
 * (since 2025-06-01). -ENAMETOOLONG when buf of `size` bytes is too small; buf is then left
 * alone. */
NODISCARD int document_no_key(const char *no, char *buf, size_t size);

/* prefix and the serial with at least `digits` digits (0..16): "MH1/26-27/" and 42 with 5 is
 * "MH1/26-27/00042".
 *   -ENAMETOOLONG  the series is used up: the number would pass 16 characters
 *   -EINVAL        the prefix makes a number that the portal would refuse */
NODISCARD int document_no_write(const char *prefix, uint64_t serial, unsigned digits,
                                char buf[DOCUMENT_NO_SIZE]);
