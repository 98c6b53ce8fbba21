/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_rate.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "civil.h"
#include "gst_tax.h"
#include "hsn.h"

#define CHAPTER_LEN 2

static bool holds_on(const struct gst_rate_row *row, int32_t day)
{
    return row->from_day <= day && (row->to_day == CIVIL_NONE || day <= row->to_day);
}

static bool code_ok(const char *hsn)
{
    return hsn_valid(hsn) ||
           (strlen(hsn) == CHAPTER_LEN && strspn(hsn, "0123456789") == CHAPTER_LEN);
}

static bool rate_ok(int32_t ppm)
{
    return ppm >= 0 && ppm <= GST_TAX_RATE_PPM_MAX;
}

/* Two periods meet exactly when one of them holds on the day on which the other begins. */
static bool overlap(const struct gst_rate_row *a, const struct gst_rate_row *b)
{
    return strcmp(a->hsn, b->hsn) == 0 && strcmp(a->condition, b->condition) == 0 &&
           (holds_on(a, b->from_day) || holds_on(b, a->from_day));
}

static int refuse(struct diag *reterr, size_t row, const char *why)
{
    diag_set(reterr, (int)row + 1, "%s", why);
    return -EINVAL;
}

int gst_rate_check(const struct gst_rate_table *table, struct diag *reterr)
{
    assert(table);
    if (table->count > GST_RATE_ROWS_MAX)
        return refuse(reterr, GST_RATE_ROWS_MAX, "too many rates");
    for (size_t i = 0; i < table->count; i++) {
        const struct gst_rate_row *row = &table->rows[i];
        if (!code_ok(row->hsn))
            return refuse(reterr, i, "an HSN code has 2, 4, 6 or 8 digits");
        if (!rate_ok(row->gst_ppm) || !rate_ok(row->cess_ppm))
            return refuse(reterr, i, "a rate is 0 to 1000 percent");
        if (row->from_day == CIVIL_NONE ||
            (row->to_day != CIVIL_NONE && row->to_day < row->from_day))
            return refuse(reterr, i, "a period has a first day, and does not end before it");
        for (size_t k = 0; k < i; k++)
            if (overlap(row, &table->rows[k]))
                return refuse(reterr, i, "another row has a rate for the same goods and day");
    }
    return 0;
}

int gst_rate_find(const struct gst_rate_table *table, const char *hsn, const char *condition,
                  int32_t day, const struct gst_rate_row **ret)
{
    assert(table && hsn && condition && ret);
    if (!hsn_valid(hsn))
        return -EINVAL;
    const struct gst_rate_row *best = NULL;
    size_t best_len = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct gst_rate_row *row = &table->rows[i];
        size_t len = strlen(row->hsn);
        bool meant = strcmp(row->condition, condition) == 0;
        if ((!meant && *row->condition) || strncmp(row->hsn, hsn, len) != 0 || !holds_on(row, day))
            continue;
        if (!best || len > best_len || (len == best_len && meant)) {
            best = row;
            best_len = len;
        }
    }
    if (!best)
        return -ENOENT;
    *ret = best;
    return 0;
}
