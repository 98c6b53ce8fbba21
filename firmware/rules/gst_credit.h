/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_credit.h -- input tax credit that must be given back when goods are lost or given away.
 * The rate is that of the purchase bill, whatever it is today; the caller keeps it by batch. Pure.
 * CGST Act 2017, section 17(5)(h); CBIC circular 92/11/2019 on schemes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "gst_tax.h"

enum gst_credit_event {
    GST_CREDIT_EXPIRED_DESTROYED,
    GST_CREDIT_WRITTEN_OFF,
    GST_CREDIT_LOST,
    GST_CREDIT_STOLEN,
    GST_CREDIT_FREE_SAMPLE,
    GST_CREDIT_GIFT,
    GST_CREDIT_SCHEME_FREE_WITH_PAID, /* buy x get y is a discount, not a gift */
    GST_CREDIT_SOLD_BELOW_COST,
    GST_CREDIT_RETURNED_TO_SUPPLIER, /* the supplier's credit note takes it back */
};

struct gst_credit_input {
    enum gst_credit_event event;
    int64_t quantity_micro;
    int64_t unit_cost_microrupees; /* taxable, as on the purchase bill */
    int32_t gst_ppm;               /* as on the purchase bill */
    int32_t cess_ppm;
    enum gst_place_kind purchase_kind;
    bool claimed; /* credit was taken for these goods */
};

/* The name on the wire, as "EXPIRED_DESTROYED". Static. */
const char *gst_credit_event_name(enum gst_credit_event event);
NODISCARD int gst_credit_event_parse(const char *name, enum gst_credit_event *ret); /* -EINVAL */

/* Whether such an event costs the credit at all. */
bool gst_credit_event_reverses(enum gst_credit_event event);

/* What to reverse; all zero when nothing is. Errors as of gst_tax_line(). */
NODISCARD int gst_credit_reversal(const struct gst_credit_input *in, struct gst_tax *ret);
