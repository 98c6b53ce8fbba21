/* SPDX-License-Identifier: Apache-2.0 */
/* Which entries may go, by their age, the disk, and what the relay has safe. */
#include "journal_case.h"

#include "retention.h"

#define ENTRIES (RETENTION_KEPT_MIN + 1000) /* the first 420 on day 0, the next on day 10 ... */

static int setup(void **state)
{
    case_setup(state); /* entry 1 */
    struct journal_case *c = *state;
    for (int64_t left = ENTRIES - 1; left > 0;) {
        struct entry e[JOURNAL_UNIT_MAX];
        size_t n = left < 60 ? (size_t)left : 60;
        c->now = case_time(CASE_DAY0 + 10 * (int32_t)((ENTRIES - left) / 420), 1000);
        for (size_t i = 0; i < n; i++)
            e[i] = case_entry(ENTRY_RECEIVED, "B1", 1);
        case_append(c, e, n);
        left -= (int64_t)n;
    }
    assert_int_equal(journal_commit(c->j), 0);
    return 0;
}

static struct retention_secured secured_at(struct journal_case *c, int64_t seq)
{
    struct retention_secured s = {.seq = seq};
    assert_int_equal(journal_hash(c->j, seq, &s.hash), 1);
    return s;
}

struct row {
    const char *name;
    int64_t days;
    int32_t age_days; /* of the journal's beginning */
    enum clock_trust trust;
    int32_t full_permille;
    int64_t secured;
    bool other_history;
    int64_t want; /* 0: none may go; -1: as many as are older than `days` */
};

static struct row rows[] = {
    {"young entries stay", 400, 60, CLOCK_NTP, 100, 900, false, 0},
    {"old ones go that the relay has safe", 30, 45, CLOCK_NTP, 100, 1000, false, -1},
    {"old ones stay that it has not", 30, 55, CLOCK_NTP, 100, 120, false, 120},
    {"none is safe, none goes", 30, 3000, CLOCK_NTP, 1000, 0, false, 0},
    {"ages by a clock that is not trusted say nothing", 30, 3000, CLOCK_RESTORED, 100, 900, false,
     0},
    {"a nearly full disk does not wait for their days", 400, 60, CLOCK_NTP, 950, 900, false, 900},
    {"nor for a clock", 400, 60, CLOCK_UNSET, 950, 900, false, 900},
    {"a disk that is not so full does", 400, 60, CLOCK_NTP, 949, 900, false, 0},
    {"without days they go when the disk is nearly full", 0, 3000, CLOCK_NTP, 100, 900, false, 0},
    {"the newest stay, whatever the disk", 1, 3000, CLOCK_NTP, 1000, ENTRIES - 1, false, 1000},
    {"what is safe of another history lets nothing go", 30, 3000, CLOCK_NTP, 1000, 900, true, 0},
};

static void what_may_go(void **state)
{
    const struct row *r = *state;
    void *s = NULL;
    setup(&s);
    struct journal_case *c = s;
    struct retention policy = {.days = r->days};
    struct retention_secured secured = {0};
    if (r->secured > 0)
        secured = secured_at(c, r->secured);
    if (r->other_history)
        secured.hash.hash[5] ^= 1;
    struct journal_time now = case_time(CASE_DAY0 + r->age_days, 2000);
    now.trust = r->trust;
    struct journal_disk disk = {.full_permille = r->full_permille};
    int64_t want = r->want;
    if (want < 0) {
        int64_t first = 0;
        assert_int_equal(
            journal_first_since(c->j, now.wall_ms - r->days * INT64_C(86400000), &first), 0);
        want = first - 1;
        assert_in_range(want, 400, 999); /* some went, and not all that is safe */
    }
    int64_t got = -1;
    assert_int_equal(retention_limit(&policy, c->j, &secured, &now, &disk, &got), 0);
    assert_int_equal(got, want);
    case_teardown(&s);
}

static void a_journal_that_went_back_in_time_keeps_all(void **state)
{
    struct journal_case *c = *state;
    struct retention policy = {.days = 1};
    struct retention_secured secured = {.seq = ENTRIES + 5}; /* the relay has more than is here */
    struct journal_time now = case_time(CASE_DAY0 + 3000, 0);
    struct journal_disk disk = {.full_permille = 1000};
    int64_t got = -1;
    assert_int_equal(retention_limit(&policy, c->j, &secured, &now, &disk, &got), 0);
    assert_int_equal(got, 0);
}

static void steps_delete_what_may_go_and_no_more(void **state)
{
    struct journal_case *c = *state;
    struct retention policy = {.days = 30};
    struct retention_secured secured = secured_at(c, 333);
    struct journal_time now = case_time(CASE_DAY0 + 3000, 0);
    int steps = 0;
    while (retention_step(&policy, c->j, &secured, &now) > 0)
        steps++;
    assert_int_equal(steps, (333 + JOURNAL_TRIM_STEP - 1) / JOURNAL_TRIM_STEP);
    assert_int_equal(journal_floor(c->j), 333);
    case_sound(c->j);
}

static int count(const struct journal_alert *a, void *context)
{
    if (strcmp(a->alert.reason, RETENTION_ALERT) == 0)
        ++*(int *)context;
    return 0;
}

static void tell(struct retention *r, struct journal_case *c, int32_t full_permille, int wanted)
{
    struct journal_disk disk = {.full_permille = full_permille};
    assert_int_equal(retention_warn(r, c->j, &c->now, &disk), 0);
    int alerts = 0;
    assert_int_equal(journal_alerts(c->j, count, &alerts), 0);
    assert_int_equal(alerts, wanted);
}

static void a_disk_that_fills_is_told_once_a_filling(void **state)
{
    struct journal_case *c = *state;
    struct retention r = {.days = 400};
    tell(&r, c, 799, 0);
    tell(&r, c, 800, 1);
    tell(&r, c, 900, 1);
    struct retention after_a_restart = {.days = 400};
    tell(&after_a_restart, c, 900, 1);
    struct entry seen = entry_new(ENTRY_ACKNOWLEDGED);
    seen.corrects = journal_head(c->j);
    case_book(c, seen);
    tell(&r, c, 900, 0); /* who has seen it is not told again, */
    tell(&r, c, 740, 0);
    tell(&r, c, 810, 1); /* until it fills anew */
}

/* A reserve that is larger than any disk leaves no room. */
static void what_the_journal_can_take_is_what_is_left_above_the_reserve(void **state)
{
    struct journal_case *c = *state;
    struct journal_disk disk;
    assert_int_equal(journal_disk(c->j, CASE_DAY0, &disk), 0);
    assert_in_range(disk.full_permille, 0, 999);
    case_close(c);
    c->conf.disk_reserve_bytes = INT64_C(1) << 60;
    assert_int_equal(case_open(c), 0);
    assert_int_equal(journal_disk(c->j, CASE_DAY0, &disk), 0);
    assert_int_equal(disk.full_permille, 1000);
    struct retention policy = {.days = 400};
    struct retention_secured secured = secured_at(c, 64);
    assert_int_equal(retention_step(&policy, c->j, &secured, &c->now), 64);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, case_teardown)

int main(void)
{
    const struct CMUnitTest fixed[] = {
        TEST(a_journal_that_went_back_in_time_keeps_all),
        TEST(steps_delete_what_may_go_and_no_more),
        TEST(a_disk_that_fills_is_told_once_a_filling),
        TEST(what_the_journal_can_take_is_what_is_left_above_the_reserve),
    };
    struct CMUnitTest tests[ARRAY_LEN(fixed) + ARRAY_LEN(rows)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[n++] = (struct CMUnitTest){rows[i].name, what_may_go, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
