/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_rate.h -- the rate of GST and cess for an HSN code on a day, looked up in a table that
 * the caller brings: rates are data. Which day counts is the caller's: the document's date for an
 * ordinary sale, the invoice's for its credit note, the purchase bill's for a reversal. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define GST_RATE_ROWS_MAX 4096

/* A rate in a period, both days inclusive. */
struct gst_rate_row {
    const char *hsn;       /* 2, 4, 6 or 8 digits: it holds for every code that begins so */
    const char *condition; /* the part of the heading that it is for, as "namkeen"; "": all else */
    int32_t from_day;
    int32_t to_day; /* CIVIL_NONE: open */
    int32_t gst_ppm;
    int32_t cess_ppm;
};

struct gst_rate_table {
    const struct gst_rate_row *rows;
    size_t count;
};

/* FMCG rates from July 2017 and from 22 September 2025: a start, no authority. Generated. */
extern const struct gst_rate_table gst_rate_seed;

/* Whether the table can be used: codes of digits, periods that do not end before they begin, rates
 * in range, and never two rows for one code, condition and day. -EINVAL with *reterr, whose line is
 * the row's number from 1. */
NODISCARD int gst_rate_check(const struct gst_rate_table *table, struct diag *reterr);

/* The row with the longest code that begins `hsn` and whose period holds the day; of one length
 * that with the condition, else that without. Borrowed from the table.
 *   -EINVAL  hsn is not 4, 6 or 8 digits
 *   -ENOENT  no rate is known: ask, never assume one */
NODISCARD int gst_rate_find(const struct gst_rate_table *table, const char *hsn,
                            const char *condition, int32_t day, const struct gst_rate_row **ret);
