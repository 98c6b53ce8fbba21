/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gst_records.h -- until when a document must be kept. It deletes nothing. Pure.
 * CGST Act 2017, section 36: 72 months from the due date of the annual return, which is 31 December
 * after the financial year (section 44). Companies Act 2013, section 128(5): eight financial
 * years. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

int32_t gst_records_annual_return_due_day(int32_t document_day);

/* The last day on which the GST books must still be there. */
int32_t gst_records_keep_until_day(int32_t document_day);

/* The same, and for a company the Companies Act besides: the later of the two. */
int32_t gst_records_keep_books_until_day(int32_t document_day, bool company);
