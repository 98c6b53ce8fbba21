/* SPDX-License-Identifier: Apache-2.0 */
/* One suite over every clock: fake, time-lapse, system. What only one has follows at the end. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "clock.h"
#include "clock_fake.h"
#include "clock_lapse.h"
#include "clock_system.h"
#include "scratch.h"

#define BUILD_MS INT64_C(1767225600000) /* 2026-01-01 */
#define DAY_MS INT64_C(86400000)

struct bench {
    struct scratch scratch;
    char last_time[128];
    struct clock_fake_state fake;
};

static int open_fake(struct bench *b, struct clock **ret)
{
    b->fake.reading = (struct clock_reading){BUILD_MS + DAY_MS, 5000, CLOCK_NTP, "boot"};
    return clock_fake_open(&b->fake, ret);
}

static int open_lapse(struct bench *b, struct clock **ret)
{
    (void)b;
    struct lapse spec = {BUILD_MS, 3600000, clock_steady_ms()};
    return clock_lapse_open(&spec, ret);
}

static int open_system(struct bench *b, struct clock **ret)
{
    struct clock_system_conf conf = {BUILD_MS, b->last_time, "/sys/class/rtc"};
    return clock_system_open(&conf, ret);
}

static void begin(struct bench *b)
{
    *b = (struct bench){.scratch = scratch_new()};
    strcpy(b->last_time, scratch_path(&b->scratch, "last_time"));
}

static void end(struct bench *b)
{
    unlink(b->last_time);
    assert_int_equal(rmdir(b->scratch.folder), 0); /* nothing else was left behind */
}

static struct clock_reading now(struct clock *c)
{
    struct clock_reading r;
    assert_int_equal(clock_now(c, &r), 0);
    return r;
}

static void a_reading_is_complete(struct clock *c)
{
    struct clock_reading r = now(c);
    assert_true(r.wall_ms >= BUILD_MS);
    assert_true(r.mono_ms > 0);
    assert_in_range(r.trust, CLOCK_UNSET, CLOCK_RELAY);
    assert_true(r.boot_id[0] != '\0');
    assert_true(strlen(r.boot_id) < CLOCK_BOOT_ID_SIZE);
}

static void within_a_boot_the_monotonic_time_never_runs_backwards(struct clock *c)
{
    struct clock_reading before = now(c);
    for (int i = 0; i < 1000; i++) {
        struct clock_reading r = now(c);
        assert_true(r.mono_ms >= before.mono_ms);
        assert_string_equal(r.boot_id, before.boot_id);
        before = r;
    }
}

static void the_wall_time_never_goes_below_the_floor(struct clock *c)
{
    int64_t floor_ms = now(c).wall_ms + 5000 * DAY_MS;
    clock_set_floor(c, floor_ms);
    assert_true(now(c).wall_ms >= floor_ms);
    clock_set_floor(c, floor_ms - DAY_MS); /* lower: ignored */
    assert_true(now(c).wall_ms >= floor_ms);
}

static void a_clock_far_below_the_floor_is_not_believed(struct clock *c)
{
    clock_set_floor(c, now(c).wall_ms + 5000 * DAY_MS);
    assert_true(now(c).trust <= CLOCK_TRUST_DOUBTFUL);
}

static void an_anchor_never_lowers_the_trust(struct clock *c)
{
    struct clock_reading before = now(c);
    clock_anchor(c, before.wall_ms + 1000, before.mono_ms);
    struct clock_reading r = now(c);
    assert_int_equal(r.trust, CLOCK_RELAY);
    assert_true(r.wall_ms >= before.wall_ms);
}

static void the_time_can_be_persisted(struct clock *c)
{
    assert_int_equal(clock_persist(c), 0);
    assert_int_equal(clock_persist(c), 0);
}

static const struct {
    const char *name;
    int (*open)(struct bench *b, struct clock **ret);
} clocks[] = {{"fake", open_fake}, {"lapse", open_lapse}, {"system", open_system}};

static const struct {
    const char *name;
    void (*run)(struct clock *c);
} contract[] = {
    {"a reading is complete", a_reading_is_complete},
    {"within a boot the monotonic time never runs backwards",
     within_a_boot_the_monotonic_time_never_runs_backwards},
    {"the wall time never goes below the floor", the_wall_time_never_goes_below_the_floor},
    {"a clock far below the floor is not believed", a_clock_far_below_the_floor_is_not_believed},
    {"an anchor never lowers the trust", an_anchor_never_lowers_the_trust},
    {"the time can be persisted", the_time_can_be_persisted},
};

struct row {
    char name[128];
    int (*open)(struct bench *b, struct clock **ret);
    void (*run)(struct clock *c);
};

static void contract_row(void **state)
{
    const struct row *r = *state;
    struct bench b;
    begin(&b);
    AUTO(clock) c = NULL;
    assert_int_equal(r->open(&b, &c), 0);
    r->run(c);
    end(&b);
}

/* --- one clock only */

static void a_failed_reading_leaves_the_reading_alone(void **state)
{
    (void)state;
    struct clock_fake_state fake = {.err = -EIO, .reading = {.wall_ms = 1}};
    AUTO(clock) c = NULL;
    assert_int_equal(clock_fake_open(&fake, &c), 0);
    struct clock_reading r = {.wall_ms = 77};
    assert_int_equal(clock_now(c, &r), -EIO);
    assert_int_equal(r.wall_ms, 77);
}

static void a_floor_within_the_slack_keeps_the_trust(void **state)
{
    (void)state;
    struct clock_fake_state fake = {.reading = {.wall_ms = DAY_MS, .trust = CLOCK_NTP}};
    AUTO(clock) c = NULL;
    assert_int_equal(clock_fake_open(&fake, &c), 0);
    clock_set_floor(c, DAY_MS + CLOCK_SLACK_MS);
    assert_int_equal(now(c).wall_ms, DAY_MS + CLOCK_SLACK_MS);
    assert_int_equal(now(c).trust, CLOCK_NTP);
}

static void an_hour_a_second_is_the_same_calendar_in_every_process(void **state)
{
    (void)state;
    struct lapse spec = {BUILD_MS, 3600000, 7000};
    struct clock_reading r = clock_lapse_at(&spec, 7000);
    assert_int_equal(r.wall_ms, BUILD_MS);
    assert_int_equal(r.mono_ms, 7000);
    r = clock_lapse_at(&spec, 7000 + 24000);
    assert_int_equal(r.wall_ms, BUILD_MS + DAY_MS);
    assert_int_equal(r.mono_ms, 7000 + DAY_MS);
    r = clock_lapse_at(&spec, 7001);
    assert_int_equal(r.wall_ms, BUILD_MS + 3600);

    r = clock_lapse_at(&spec, 7000 - 2500); /* before its origin it does not hurry */
    assert_int_equal(r.wall_ms, BUILD_MS - 2500);
    assert_int_equal(r.mono_ms, 7000 - 2500);

    char text[LAPSE_TEXT_SIZE];
    struct lapse other;
    assert_int_equal(lapse_parse(lapse_format(&spec, text), &other, NULL), 0);
    assert_string_equal(text, "lapse:1767225600000:3600000:7000");
    assert_int_equal(clock_lapse_at(&other, 9999).wall_ms, clock_lapse_at(&spec, 9999).wall_ms);
}

static void a_spec_that_is_none_is_refused_with_a_reason(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "lapse",
                                        "lapse:1:2",
                                        "lapse:1:2:3:4",
                                        "lapse:1:0:3",
                                        "lapse:1:2000000001:3",
                                        "lapse:-1:1000:3",
                                        "lapse:a:1000:3",
                                        "laps:1:1000:3",
                                        "lapse:1:1000:",
                                        "lapse:1:1000:-3"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct lapse spec = {.start_ms = 77};
        struct diag why = {0};
        assert_int_equal(lapse_parse(wrong[i], &spec, &why), -EINVAL);
        assert_int_equal(spec.start_ms, 77);
        assert_non_null(strstr(why.text, "lapse:START_MS"));
    }
    AUTO(clock) c = NULL;
    assert_int_equal(clock_lapse_open(&(struct lapse){0, 0, 0}, &c), -EINVAL);
}

static void write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void a_persisted_time_is_restored(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    int64_t anchored_ms = 0;
    {
        AUTO(clock) c = NULL;
        assert_int_equal(open_system(&b, &c), 0);
        struct clock_reading r = now(c);
        anchored_ms = r.wall_ms + 1000 * DAY_MS; /* the relay knows better */
        clock_anchor(c, anchored_ms, r.mono_ms);
        assert_int_equal(clock_persist(c), 0);
    }
    AUTO(clock) c = NULL;
    struct clock_system_conf conf = {BUILD_MS, b.last_time, b.scratch.folder}; /* no RTC there */
    assert_int_equal(clock_system_open(&conf, &c), 0);
    struct clock_reading r = now(c);
    if (r.trust == CLOCK_NTP) /* this machine's clock is disciplined: that wins */
        assert_true(r.wall_ms < anchored_ms);
    else
        assert_true(r.trust == CLOCK_RESTORED && r.wall_ms >= anchored_ms);
    end(&b);
}

static void a_persisted_time_that_is_no_number_is_not_believed(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    write_text(b.last_time, "9999999999999999999999999999999999999\n");
    struct clock_system_conf conf = {BUILD_MS, b.last_time, b.scratch.folder};
    AUTO(clock) c = NULL;
    assert_int_equal(clock_system_open(&conf, &c), 0);
    enum clock_trust trust = now(c).trust;
    assert_true(trust == CLOCK_UNSET || trust == CLOCK_NTP);
    end(&b);
}

static void an_rtc_that_set_the_time_at_boot_is_believed(void **state)
{
    (void)state;
    struct bench b;
    begin(&b);
    struct scratch rtc = scratch_new();
    scratch_write(&rtc, "rtc0/hctosys", "1\n");
    scratch_write(&rtc, "rtc0/since_epoch", "1780000000\n");
    struct clock_system_conf conf = {BUILD_MS, b.last_time, rtc.folder};
    AUTO(clock) c = NULL;
    assert_int_equal(clock_system_open(&conf, &c), 0);
    assert_true(now(c).trust >= CLOCK_RTC);
    scratch_remove(&rtc);
    end(&b);
}

static void a_time_that_cannot_be_stored_is_an_error(void **state)
{
    (void)state;
    struct clock_system_conf conf = {BUILD_MS, "/nonexistent/last_time", "/nonexistent"};
    AUTO(clock) c = NULL;
    assert_int_equal(clock_system_open(&conf, &c), 0);
    assert_int_equal(clock_persist(c), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_failed_reading_leaves_the_reading_alone),
        cmocka_unit_test(a_floor_within_the_slack_keeps_the_trust),
        cmocka_unit_test(an_hour_a_second_is_the_same_calendar_in_every_process),
        cmocka_unit_test(a_spec_that_is_none_is_refused_with_a_reason),
        cmocka_unit_test(a_persisted_time_is_restored),
        cmocka_unit_test(a_persisted_time_that_is_no_number_is_not_believed),
        cmocka_unit_test(an_rtc_that_set_the_time_at_boot_is_believed),
        cmocka_unit_test(a_time_that_cannot_be_stored_is_an_error),
    };
    static struct row rows[ARRAY_LEN(clocks) * ARRAY_LEN(contract)];
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct row *r = &rows[i];
        r->open = clocks[i / ARRAY_LEN(contract)].open;
        r->run = contract[i % ARRAY_LEN(contract)].run;
        snprintf(r->name, sizeof(r->name), "%s: %s", clocks[i / ARRAY_LEN(contract)].name,
                 contract[i % ARRAY_LEN(contract)].name);
        tests[i] = (struct CMUnitTest){r->name, contract_row, NULL, NULL, r};
    }
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL) +
           cmocka_run_group_tests_name("clock: one only", others, NULL, NULL);
}
