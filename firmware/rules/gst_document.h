/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_document.h -- which document goes with goods, and what the e-way bill calls it. It
 * numbers and prints nothing. Pure.
 * CGST Act 2017, sections 31 and 34; CGST Rules 46, 49, 53, 55; circular 72/46/2018 on returns of
 * expired goods; allowed combinations of the e-way bill's bulk file 1.0.0621. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gst_credit_note.h"

enum gst_document {
    GST_DOCUMENT_TAX_INVOICE,
    GST_DOCUMENT_BILL_OF_SUPPLY,   /* exempt goods, or a seller under composition: no tax */
    GST_DOCUMENT_PLAIN_BILL,       /* of an unregistered seller */
    GST_DOCUMENT_DELIVERY_CHALLAN, /* goods move, nothing is supplied (yet) */
    GST_DOCUMENT_CREDIT_NOTE,      /* section 34: lowers the tax */
    GST_DOCUMENT_COMMERCIAL_CREDIT_NOTE,
};

enum gst_document_movement {
    GST_DOCUMENT_SALE,                     /* the buyer is known before dispatch */
    GST_DOCUMENT_VAN_SALE,                 /* he is not; the sale gets its invoice on the way */
    GST_DOCUMENT_OWN_TRANSFER,             /* between godowns of one registration */
    GST_DOCUMENT_BRANCH_TRANSFER,          /* between registrations of one person: a supply */
    GST_DOCUMENT_SALES_RETURN,             /* from a customer, who gets our credit note */
    GST_DOCUMENT_PURCHASE_RETURN,          /* to the supplier, who sends a credit note */
    GST_DOCUMENT_PURCHASE_RETURN_SUPPLIED, /* to the supplier as a fresh supply */
    GST_DOCUMENT_DESTRUCTION,              /* to the place where goods are destroyed */
};

enum gst_document_seller {
    GST_DOCUMENT_REGULAR,
    GST_DOCUMENT_COMPOSITION,
    GST_DOCUMENT_UNREGISTERED,
};

struct gst_document_choice {
    enum gst_document document;
    bool taxed;
    char eway_supply_type;     /* 'O' outward, 'I' inward */
    uint8_t eway_sub_supply;   /* sub-supply type: 1 supply, 5 own use, 7 sales return ... */
    const char *eway_document; /* "INV", "BIL", "CHL", "OTH"; static */
    const char *eway_sub_text; /* sub-type 8 wants words; "" otherwise; static */
};

/* Total. `exempt`: every good on the document is exempt or nil-rated. */
struct gst_document_choice gst_document_choose(enum gst_document_movement movement,
                                               enum gst_document_seller seller, bool exempt);

/* The note that a judgement of rules/gst_credit_note.h allows. */
enum gst_document gst_document_of_note(const struct gst_credit_note *note);

/* The name on the wire, as "TAX_INVOICE". Static. */
const char *gst_document_name(enum gst_document document);
