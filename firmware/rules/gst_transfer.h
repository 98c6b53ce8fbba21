/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_transfer.h -- moving stock from one place of business to another: is it a supply, with
 * which document, at which value, and with how much tax. Pure.
 * CGST Act 2017: section 25(4) (registrations of one PAN are distinct persons), Schedule I para 2
 * (supply without consideration); CGST Rules 28 and 30 (value). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "gst_document.h"
#include "gst_tax.h"
#include "gstin.h"

#define GST_TRANSFER_UNKNOWN (-1) /* a value that nobody knows */
#define GST_TRANSFER_VALUES_MAX 2

struct gst_transfer_input {
    struct gstin from;
    struct gstin to;
    bool from_sez;
    bool to_sez;
    bool exempt;                /* all goods are exempt or nil-rated */
    bool recipient_full_credit; /* the recipient can take full input tax credit */
    int64_t declared_paise;     /* the value on the document */
    /* For rule 28, each GST_TRANSFER_UNKNOWN when not known. */
    int64_t market_paise; /* open market value, else that of like kind and quality */
    int64_t cost_paise;   /* 110 percent of it counts when there is no market value */
    int64_t resale_paise; /* the recipient's price to unrelated buyers, when he resells as such */
    int32_t gst_ppm;
    int32_t cess_ppm;
};

enum gst_transfer_value {
    GST_TRANSFER_NO_SUPPLY,   /* nothing is valued for tax */
    GST_TRANSFER_ANY_VALUE,   /* the declared value is deemed right, or it is an ordinary sale */
    GST_TRANSFER_LISTED_VALUE /* only one of allowed_paise */
};

struct gst_transfer {
    bool same_person;
    bool supply; /* false: one registration, no tax */
    struct gst_document_choice document;
    enum gst_place_kind kind; /* of the tax; no meaning without supply */
    struct gst_tax tax;       /* on the declared value */
    enum gst_transfer_value value_rule;
    size_t allowed_count;
    int64_t allowed_paise[GST_TRANSFER_VALUES_MAX];
    bool value_ok;
};

/* Errors as of gst_tax_on(). */
NODISCARD int gst_transfer_judge(const struct gst_transfer_input *in, struct gst_transfer *ret);
