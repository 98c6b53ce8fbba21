/* SPDX-License-Identifier: Apache-2.0 */
#include "gst_credit_note.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "civil.h"
#include "financial_year.h"

#define LAST_MONTH 11 /* 30 November after the end of the financial year, section 34(2) */
#define LAST_MONTH_DAY 30

/* 2025-10-01: section 34(2) as amended by the Finance Act 2025. From then every note needs the
 * recipient's reversal; a discount after supply has needed it all along, by 15(3)(b)(ii). */
#define REVERSAL_FROM_DAY 20362

static const char *const grounds[] = {
    [GST_CREDIT_NOTE_RETURN] = "RETURN",
    [GST_CREDIT_NOTE_OVERCHARGE] = "OVERCHARGE",
    [GST_CREDIT_NOTE_DEFICIENCY] = "DEFICIENCY",
    [GST_CREDIT_NOTE_POST_SUPPLY_DISCOUNT] = "POST_SUPPLY_DISCOUNT",
};

static int32_t last_day(const struct gst_credit_note_input *in)
{
    struct civil_date november = {
        .year = financial_year_of(in->invoice_day) + 1, .month = LAST_MONTH, .day = LAST_MONTH_DAY};
    int32_t day = 0;
    int err = civil_day(november, &day);
    assert(err == 0);
    (void)err;
    if (in->annual_return_filed_day != CIVIL_NONE && in->annual_return_filed_day < day)
        day = in->annual_return_filed_day;
    return day;
}

static enum gst_credit_note_reason reason(const struct gst_credit_note_input *in, int32_t last)
{
    bool discount = in->ground == GST_CREDIT_NOTE_POST_SUPPLY_DISCOUNT;
    if (in->note_day > last)
        return GST_CREDIT_NOTE_TIME_LIMIT;
    if (discount && in->regime == GST_CREDIT_NOTE_BEFORE && !in->agreed_before_supply)
        return GST_CREDIT_NOTE_NO_PRIOR_AGREEMENT;
    if ((discount || in->note_day >= REVERSAL_FROM_DAY) && !in->recipient_reversed_credit)
        return GST_CREDIT_NOTE_ITC_NOT_REVERSED;
    return GST_CREDIT_NOTE_OK;
}

struct gst_credit_note gst_credit_note_judge(const struct gst_credit_note_input *in)
{
    assert(in);
    int32_t last = last_day(in);
    return (struct gst_credit_note){.reason = reason(in, last), .last_day = last};
}

enum gst_credit_note_regime gst_credit_note_regime_on(int32_t day, int32_t amendment_from_day)
{
    return amendment_from_day != CIVIL_NONE && day >= amendment_from_day ? GST_CREDIT_NOTE_AFTER
                                                                         : GST_CREDIT_NOTE_BEFORE;
}

const char *gst_credit_note_reason_name(enum gst_credit_note_reason r)
{
    switch (r) {
    case GST_CREDIT_NOTE_OK:
        return "OK";
    case GST_CREDIT_NOTE_TIME_LIMIT:
        return "TIME_LIMIT";
    case GST_CREDIT_NOTE_NO_PRIOR_AGREEMENT:
        return "NO_PRIOR_AGREEMENT";
    case GST_CREDIT_NOTE_ITC_NOT_REVERSED:
        return "ITC_NOT_REVERSED";
    }
    return "unknown";
}

const char *gst_credit_note_ground_name(enum gst_credit_note_ground ground)
{
    assert((size_t)ground < ARRAY_LEN(grounds));
    return grounds[ground];
}

int gst_credit_note_ground_parse(const char *name, enum gst_credit_note_ground *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < ARRAY_LEN(grounds); i++)
        if (strcmp(name, grounds[i]) == 0) {
            *ret = (enum gst_credit_note_ground)i;
            return 0;
        }
    return -EINVAL;
}
