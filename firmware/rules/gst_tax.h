/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_tax.h -- the arithmetic of an invoice: gross, discount, taxable value, taxes, total,
 * round-off. It chooses no rate and no place of supply. Integers only; each step is rounded to the
 * paisa half up, line by line. Pure.
 *
 *   gross   = quantity x price              taxable = net                     price without tax
 *   net     = gross - percent - amount      taxable = net / (1 + gst + cess)  price with tax
 *   CGST = SGST = taxable x rate / 2        IGST = taxable x rate             cess likewise
 *
 * The law rounds at payment (CGST Act, section 170) and leaves the lines to the trade: the halves
 * may differ from the whole by a paisa, and what a price with tax loses goes to the round-off.
 * Rates are parts per million: 5 percent is 50000, 0.25 percent is 2500. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "gst_place.h"

#define GST_TAX_PPM_ONE INT64_C(1000000)
#define GST_TAX_PPM_PLACES 4          /* "2.5" percent read with 4 places is 25000 ppm */
#define GST_TAX_MICRO_PLACES 6        /* quantities and unit prices */
#define GST_TAX_RATE_PPM_MAX 10000000 /* cess on tobacco has been above 100 percent */

struct gst_tax {
    int64_t cgst_paise;
    int64_t sgst_paise; /* or UTGST */
    int64_t igst_paise;
    int64_t cess_paise;
};

struct gst_tax_line_input {
    int64_t quantity_micro;         /* millionths of the unit that is priced */
    int64_t unit_price_microrupees; /* some price lists have four places and more */
    bool price_includes_tax;
    int32_t discount_ppm;   /* of gross; comes off first */
    int64_t discount_paise; /* comes off second */
    int32_t gst_ppm;
    int32_t cess_ppm; /* by value; there is none by quantity on our goods */
    enum gst_place_kind kind;
};

struct gst_tax_line {
    int64_t gross_paise;
    int64_t discount_paise;
    int64_t taxable_paise;
    struct gst_tax tax;
    int64_t total_paise;
};

struct gst_tax_invoice {
    int64_t taxable_paise;
    struct gst_tax tax;
    int64_t total_paise;     /* before round-off */
    int64_t round_off_paise; /* -49 .. +50, a line of its own */
    int64_t payable_paise;   /* whole rupees */
};

/* The taxes on a taxable value.
 *   -EINVAL  the value is negative or a rate outside 0 .. GST_TAX_RATE_PPM_MAX
 *   -ERANGE  an amount does not fit */
NODISCARD int gst_tax_on(int64_t taxable_paise, int32_t gst_ppm, int32_t cess_ppm,
                         enum gst_place_kind kind, struct gst_tax *ret);

/* All four together. The caller has them from gst_tax_on(), so that they cannot overflow. */
int64_t gst_tax_sum(const struct gst_tax *tax);

/* One line. A free piece is a line at price zero.
 *   -EINVAL  something is negative, a rate is out of range, or the discount exceeds the gross
 *   -ERANGE  an amount does not fit */
NODISCARD int gst_tax_line(const struct gst_tax_line_input *in, struct gst_tax_line *ret);

/* The totals of lines that gst_tax_line() made. -ERANGE when a sum does not fit. */
NODISCARD int gst_tax_invoice(const struct gst_tax_line *lines, size_t count,
                              struct gst_tax_invoice *ret);
