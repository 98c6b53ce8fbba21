/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/compliance.h -- whether goods may move as proposed: which way of GST it is and with
 * which document, whether an e-way bill is needed and valid for the way, whether these goods may
 * move and live long enough on arrival. It is asked before execution, twice (when proposed and in
 * the transaction that executes), and files nothing. Laws are those of firmware/rules. Pure but for
 * compliance_read(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue_index.h"
#include "eway.h"
#include "gst_document.h"
#include "gst_transfer.h"
#include "movement.h"
#include "setting.h"
#include "sql.h"

/* Of goods that go back: the supplier's terms as they apply to them (supplier_return.h). */
struct compliance_return {
    bool known; /* he has terms for their brand; without, the others have no meaning */
    bool returnable;
    bool in_window;
    bool supplied; /* invoiced as a supply of ours; else against his credit note */
    int64_t quota_units, quota_paise;       /* left of the quarter's */
    int64_t landed_paise;                   /* of these goods */
    int64_t claim_paise, least_claim_paise; /* what the site claims, with these */
    int32_t bought_day;                     /* CIVIL_NONE: nobody knows */
};

/* Everything that is looked at; unknown texts are "", unknown numbers 0 or GST_TRANSFER_UNKNOWN. */
struct compliance_input {
    enum movement movement; /* MOVEMENT_TRANSFER, _SUPPLIER_RETURN, _DISPOSAL, _SALE */
    char from_gstin[SITE_GSTIN_SIZE];
    char to_gstin[SITE_GSTIN_SIZE];
    char from_pincode[SITE_PINCODE_SIZE];
    char to_pincode[SITE_PINCODE_SIZE];
    char hsn[CATALOGUE_HSN_SIZE];
    int32_t day; /* of the movement */
    int32_t km;  /* 0: not known */
    int32_t lead_days;
    int32_t expiry_day;
    int32_t made_day;
    int32_t life_days;    /* of the SKU; 0: does not expire */
    int32_t arrival_days; /* least life left on arrival */
    int64_t units;
    int64_t sellable_units;   /* in the lot's stock */
    int64_t held_units;       /* of it in quarantine, on hold or expired */
    int64_t value_paise;      /* on the document, before tax */
    int64_t beside_paise;     /* taxable goods that go with these on the same document, and ... */
    int64_t beside_tax_paise; /* ... their tax, as a supply */
    int64_t cost_paise;
    int64_t market_paise;     /* GST_TRANSFER_UNKNOWN */
    int64_t eway_limit_paise; /* inside a state; 0: that of rules/states.h */
    bool motor_vehicle;
    bool full_credit; /* the receiver takes full input credit */
    bool strict;      /* what a person may review blocks instead */
    struct compliance_return back;
};

/* In the order in which they are told. */
enum compliance_code {
    COMPLIANCE_EXPIRED,          /* blocking: goods past their date do not move to be sold */
    COMPLIANCE_ON_HOLD,          /* blocking: no free units; the lot is held or in quarantine */
    COMPLIANCE_NOT_ENOUGH,       /* blocking: fewer sellable units than are to move */
    COMPLIANCE_EXPIRES_ON_WAY,   /* blocking */
    COMPLIANCE_SHORT_ON_ARRIVAL, /* too little life left for the shops there */
    COMPLIANCE_EXPIRY_MISSING,   /* a date is needed and nobody knows it */
    COMPLIANCE_FROM_GSTIN,       /* blocking when they move between states or persons */
    COMPLIANCE_TO_GSTIN,
    COMPLIANCE_HSN_MISSING,   /* no document can be written without it */
    COMPLIANCE_RATE_UNKNOWN,  /* no rate is known for the HSN on the day: ask, never assume */
    COMPLIANCE_VALUE_RULE,    /* the declared value is none that rule 28 allows */
    COMPLIANCE_PINCODE,       /* an e-way bill needs both, and each fits its state */
    COMPLIANCE_DISTANCE,      /* not known, or not one that the portal takes */
    COMPLIANCE_EWAY_VALIDITY, /* the way takes longer than the bill lives */
    /* Of goods that go back to their supplier. */
    COMPLIANCE_TERMS_UNKNOWN,  /* nobody has entered what he takes back */
    COMPLIANCE_NOT_RETURNABLE, /* blocking: he takes none back */
    COMPLIANCE_RETURN_WINDOW,  /* blocking: not on this day */
    COMPLIANCE_RETURN_QUOTA,   /* blocking: more than his quota of the quarter leaves */
    COMPLIANCE_SMALL_CLAIM,    /* less than he takes a claim for */
    COMPLIANCE_NOTE_LATE,      /* his credit note could not lower tax any more */
};
#define COMPLIANCE_CODE_COUNT 20
struct compliance_rule {
    const char *word;     /* "expired" ...: on the wire */
    const char *severity; /* info, warning, critical */
    bool blocking;        /* no person can approve it */
    const char *text;     /* for a person */
    const char *law;
};
const struct compliance_rule *compliance_rule(enum compliance_code code);

struct compliance {
    uint32_t codes; /* 1 << enum compliance_code */
    bool blocked;
    struct gst_transfer gst; /* no meaning without both GSTINs */
    bool gst_known;
    bool exempt; /* the rate is known, and none */
    struct eway_need eway;
    int32_t eway_days; /* validity; 0 without need */
    int32_t gst_ppm;
    int32_t arrival_left_days;
    bool note_awaited; /* goods go back against a note of the supplier's, of this kind: */
    enum gst_document note;
};

/* Total: every input has an answer. */
void compliance_judge(const struct compliance_input *in, struct compliance *ret);

/* Whether a document of such goods needs an e-way bill: judged on all that stands on it. Amounts of
 * exempt goods are left out where others stand beside them (CGST Rules, rule 138(1)).
 *   -EINVAL  a GSTIN or an amount is not right */
struct compliance_document {
    const char *from_gstin;
    const char *to_gstin;
    int32_t day;
    int64_t taxable_paise;
    int64_t tax_paise;
    int64_t eway_limit_paise; /* inside a state; 0: its own */
    bool motor_vehicle;
};
NODISCARD int compliance_eway(const struct compliance_document *d, struct eway_need *ret);

/* "compliant", "requires_review:hsn_missing+pincode" or "blocked:expired". Returns buf. What the
 * mission calls complianceStatus is the part before the colon, blocked being requires_review. */
#define COMPLIANCE_TEXT_SIZE 257
const char *compliance_text(const struct compliance *c, char buf[COMPLIANCE_TEXT_SIZE]);
const char *compliance_status(const char *text); /* static: compliant, requires_review, or "" */
bool compliance_blocks(const char *text);

struct proposal;
struct compliance_ask {
    enum movement movement;
    const char *from_site;
    const char *to_site; /* a site, or a party of the parties document; "": none */
    const char *sku;
    struct batch_key batch;
    int64_t units;
    int32_t day;
    const struct proposal *proposal; /* judged with what else goes its way (consignment.h); NULL: as
                                        if it went alone */
};
/* Fills the input from sites, catalogue, lanes, lot, stock and the tenant's settings. -ENOENT: no
 * such site or SKU. */
NODISCARD int compliance_read(struct sql *s, const struct compliance_ask *ask,
                              const struct catalogue_index *catalogue,
                              const struct setting_book *settings, struct compliance_input *ret);
