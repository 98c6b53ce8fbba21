/* SPDX-License-Identifier: Apache-2.0 */
/* station/step.h -- one input on its way through a post: what it may look at, and the reply and
 * entries it gathers. A step changes the post's state and gathers; station.c appends the entries as
 * one unit afterwards, and puts the post back if that fails. */
#pragma once

#include "journal.h"
#include "master.h"
#include "post.h"

#define STEP_LABELS_MAX 2

/* With a doubtful clock today may be later than it says: an appliance is expected to work this long
 * without a link, and may have been off as long. Dates are judged as if so many days had passed. */
#define STEP_DOUBT_DAYS 30

struct step {
    struct journal *journal;
    const struct station_conf *conf;
    const struct station_post_conf *place;
    struct post *post;
    struct journal_time time;
    int32_t today;      /* Indian civil day of the clock */
    int32_t judged_day; /* by which dates are judged: later than today when the clock is doubtful */
    bool doubtful;
    const struct station_input *in;

    enum station_tone tone;
    struct station_message message;
    struct entry entries[JOURNAL_UNIT_MAX];
    size_t entries_count;
    bool booked; /* the entries are a booking that undo may take back */
    struct station_label labels[STEP_LABELS_MAX];
    size_t labels_count;
};

/* The reply. Texts are cut to the argument's size; NULL ends them. The code must be in the table
 * of message.h. */
void step_say(struct step *s, enum station_tone tone, const char *code, ...)
    __attribute__((sentinel));

/* A new entry of the unit: worker and device are filled in, the scan's bytes too when `with_scan`.
 * Borrowed until the step ends. There is room for JOURNAL_UNIT_MAX. */
struct entry *step_add(struct step *s, enum entry_kind kind, bool with_scan);

/* Books that something was not accepted: ENTRY_REFUSED with that reason, the goods and the bytes.
 */
void step_add_refused(struct step *s, const char *reason, const char *sku,
                      const struct batch_key *key);

/* The last reply stays on the screen as one of the recent bookings. */
void step_booked(struct step *s);

/* How texts of the screen are worded in the post's language. */
bool step_in_hindi(const struct step *s);
const char *step_name(const struct step *s, const struct catalogue_sku *product);
