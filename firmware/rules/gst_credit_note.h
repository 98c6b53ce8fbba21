/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_credit_note.h -- whether a credit note to a registered buyer lowers the seller's tax,
 * or is a commercial note without effect on tax. Pure. CGST Act 2017, section 34 (grounds, time
 * limit, reversal by the recipient) and 15(3)(b) (discount after supply) before and after the
 * Finance Act 2026; circular 251/08/2025. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

enum gst_credit_note_ground {
    GST_CREDIT_NOTE_RETURN,
    GST_CREDIT_NOTE_OVERCHARGE,
    GST_CREDIT_NOTE_DEFICIENCY,
    GST_CREDIT_NOTE_POST_SUPPLY_DISCOUNT, /* not known on the invoice */
};

/* Section 15(3)(b): when the amended text begins was not notified in the latest text seen, so it is
 * a setting with a date. */
enum gst_credit_note_regime {
    GST_CREDIT_NOTE_BEFORE, /* an agreement made at or before supply is needed */
    GST_CREDIT_NOTE_AFTER,  /* it is not */
};

enum gst_credit_note_reason {
    GST_CREDIT_NOTE_OK,
    GST_CREDIT_NOTE_TIME_LIMIT,
    GST_CREDIT_NOTE_NO_PRIOR_AGREEMENT,
    GST_CREDIT_NOTE_ITC_NOT_REVERSED,
};

struct gst_credit_note_input {
    int32_t invoice_day;
    int32_t note_day;
    int32_t annual_return_filed_day; /* of the invoice's financial year; CIVIL_NONE: not yet */
    enum gst_credit_note_ground ground;
    enum gst_credit_note_regime regime;
    bool agreed_before_supply; /* looked at for a discount only */
    bool recipient_reversed_credit;
};

struct gst_credit_note {
    enum gst_credit_note_reason reason; /* GST_CREDIT_NOTE_OK: it lowers the seller's tax */
    int32_t last_day;                   /* until which such a note could be declared */
};

/* Total: every input has an answer. The tests go in the order of the reasons. */
struct gst_credit_note gst_credit_note_judge(const struct gst_credit_note_input *in);

/* The regime on a day, given the day on which the amendment begins; CIVIL_NONE: it has not. */
enum gst_credit_note_regime gst_credit_note_regime_on(int32_t day, int32_t amendment_from_day);

const char *gst_credit_note_reason_name(enum gst_credit_note_reason reason); /* static */
const char *gst_credit_note_ground_name(enum gst_credit_note_ground ground); /* static */
NODISCARD int gst_credit_note_ground_parse(const char *name,
                                           enum gst_credit_note_ground *ret); /* -EINVAL */
