/* SPDX-License-Identifier: Apache-2.0 */
/* rules/irn.h -- the text whose SHA-256, in lower-case hex, is the invoice reference number that
 * the portal will give. A prediction, not a registration: the authority still signs. It hashes
 * nothing itself. Pure. Source: the e-invoice developer pages of NIC. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define IRN_TEXT_SIZE 64 /* 15 + 7 + 3 + 16 characters and NUL, with room to spare */

enum irn_document {
    IRN_INVOICE,     /* INV */
    IRN_CREDIT_NOTE, /* CRN */
    IRN_DEBIT_NOTE,  /* DBN */
};

/* Static. */
const char *irn_document_name(enum irn_document document);
NODISCARD int irn_document_parse(const char *name, enum irn_document *ret); /* -EINVAL */

/* GSTIN, financial year of the document's date, type and number, without separators; the number in
 * upper case when the document is of June 2025 or later.
 *   -EINVAL  the number breaks rule 46, or the GSTIN has not 15 letters and digits. Its check
 *            character is not looked at: numbers of the portal's sandbox fail it */
NODISCARD int irn_text(const char *supplier_gstin, int32_t document_day, enum irn_document document,
                       const char *no, char buf[IRN_TEXT_SIZE]);
