/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>

#include "attr.h"
#include "civil.h"
#include "gst_credit_note.h"

struct row {
    const char *name;
    const char *invoice;
    const char *note;
    const char *filed; /* NULL: not yet */
    int ground;
    int regime;
    bool agreed;
    bool reversed;
    const char *last;
    enum gst_credit_note_reason want;
};

enum { /* short names, so that a row reads as one */
       RETURN = GST_CREDIT_NOTE_RETURN,
       DISCOUNT = GST_CREDIT_NOTE_POST_SUPPLY_DISCOUNT,
       BEFORE = GST_CREDIT_NOTE_BEFORE,
       AFTER = GST_CREDIT_NOTE_AFTER,
};

static struct row rows[] = {
    {"the last day", "2025-05-10", "2026-11-30", NULL, RETURN, BEFORE, false, true, "2026-11-30",
     GST_CREDIT_NOTE_OK},
    {"a day late", "2025-05-10", "2026-12-01", NULL, RETURN, BEFORE, false, true, "2026-11-30",
     GST_CREDIT_NOTE_TIME_LIMIT},
    {"31 March still belongs to the old year", "2026-03-31", "2026-12-01", NULL, RETURN, BEFORE,
     false, true, "2026-11-30", GST_CREDIT_NOTE_TIME_LIMIT},
    {"1 April has a year more", "2026-04-01", "2027-11-30", NULL, RETURN, BEFORE, false, true,
     "2027-11-30", GST_CREDIT_NOTE_OK},
    {"a leap day's invoice", "2024-02-29", "2024-11-30", NULL, RETURN, BEFORE, false, true,
     "2024-11-30", GST_CREDIT_NOTE_OK},
    {"the day of the annual return is in time", "2025-05-10", "2026-10-01", "2026-10-01", RETURN,
     BEFORE, false, true, "2026-10-01", GST_CREDIT_NOTE_OK},
    {"the annual return was filed the day before", "2025-05-10", "2026-10-02", "2026-10-01", RETURN,
     BEFORE, false, true, "2026-10-01", GST_CREDIT_NOTE_TIME_LIMIT},
    {"a late annual return extends nothing", "2025-05-10", "2026-12-15", "2026-12-31", RETURN,
     BEFORE, false, true, "2026-11-30", GST_CREDIT_NOTE_TIME_LIMIT},
    {"time is looked at first", "2025-05-10", "2026-12-01", NULL, DISCOUNT, BEFORE, false, false,
     "2026-11-30", GST_CREDIT_NOTE_TIME_LIMIT},
    {"agreement is looked at before reversal", "2026-04-20", "2026-06-01", NULL, DISCOUNT, BEFORE,
     false, false, "2027-11-30", GST_CREDIT_NOTE_NO_PRIOR_AGREEMENT},
    {"a discount agreed and reversed", "2026-04-20", "2026-06-01", NULL, DISCOUNT, BEFORE, true,
     true, "2027-11-30", GST_CREDIT_NOTE_OK},
    {"after the amendment no agreement is needed", "2026-04-20", "2026-06-01", NULL, DISCOUNT,
     AFTER, false, true, "2027-11-30", GST_CREDIT_NOTE_OK},
    {"a return needs no agreement", "2026-04-20", "2026-06-01", NULL, RETURN, BEFORE, false, true,
     "2027-11-30", GST_CREDIT_NOTE_OK},
    {"a return whose credit the buyer keeps", "2026-04-20", "2026-06-01", NULL, RETURN, AFTER,
     false, false, "2027-11-30", GST_CREDIT_NOTE_ITC_NOT_REVERSED},
    {"before October 2025 a return did not ask for that", "2025-04-20", "2025-09-30", NULL, RETURN,
     BEFORE, false, false, "2026-11-30", GST_CREDIT_NOTE_OK},
    {"from October 2025 it does", "2025-04-20", "2025-10-01", NULL, RETURN, BEFORE, false, false,
     "2026-11-30", GST_CREDIT_NOTE_ITC_NOT_REVERSED},
    {"a discount has always asked", "2025-04-20", "2025-09-30", NULL, DISCOUNT, BEFORE, true, false,
     "2026-11-30", GST_CREDIT_NOTE_ITC_NOT_REVERSED},
};

static int32_t day_of(const char *text)
{
    int32_t day = CIVIL_NONE;
    if (text)
        assert_int_equal(civil_parse(text, &day), 0);
    return day;
}

static void note_row(void **state)
{
    const struct row *r = *state;
    struct gst_credit_note got = gst_credit_note_judge(
        &(struct gst_credit_note_input){.invoice_day = day_of(r->invoice),
                                        .note_day = day_of(r->note),
                                        .annual_return_filed_day = day_of(r->filed),
                                        .ground = (enum gst_credit_note_ground)r->ground,
                                        .regime = (enum gst_credit_note_regime)r->regime,
                                        .agreed_before_supply = r->agreed,
                                        .recipient_reversed_credit = r->reversed});
    char text[CIVIL_TEXT_SIZE];
    assert_string_equal(gst_credit_note_reason_name(got.reason),
                        gst_credit_note_reason_name(r->want));
    assert_string_equal(civil_format(got.last_day, text), r->last);
}

static void the_regime_follows_its_date(void **state)
{
    (void)state;
    int32_t from = day_of("2027-01-01");
    assert_int_equal(gst_credit_note_regime_on(from - 1, from), BEFORE);
    assert_int_equal(gst_credit_note_regime_on(from, from), AFTER);
    assert_int_equal(gst_credit_note_regime_on(from, CIVIL_NONE), BEFORE);
}

static void grounds_are_read_back(void **state)
{
    (void)state;
    for (int i = RETURN; i <= DISCOUNT; i++) {
        enum gst_credit_note_ground ground = GST_CREDIT_NOTE_RETURN;
        const char *name = gst_credit_note_ground_name((enum gst_credit_note_ground)i);
        assert_int_equal(gst_credit_note_ground_parse(name, &ground), 0);
        assert_int_equal(ground, i);
    }
    enum gst_credit_note_ground ground = GST_CREDIT_NOTE_RETURN;
    assert_int_equal(gst_credit_note_ground_parse("WHIM", &ground), -EINVAL);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows) + 2];
    size_t n = 0;
    for (; n < ARRAY_LEN(rows); n++)
        tests[n] = (struct CMUnitTest){rows[n].name, note_row, NULL, NULL, &rows[n]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(the_regime_follows_its_date);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(grounds_are_read_back);
    return cmocka_run_group_tests_name("gst_credit_note", tests, NULL, NULL);
}
