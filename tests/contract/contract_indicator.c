/* SPDX-License-Identifier: Apache-2.0 */
/* One suite over both indicators: the fake, and the kernel's files in a tree that the test has
 * made. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attr.h"
#include "indicator.h"
#include "indicator_fake.h"
#include "indicator_sysfs.h"
#include "log.h"
#include "scratch.h"

struct bench {
    struct scratch scratch;
    struct indicator_fake_record record;
};

/* --- files */

static void expect_file(const struct bench *b, const char *name, const char *want)
{
    char path[160];
    char text[32];
    snprintf(path, sizeof(path), "%s/%s", b->scratch.folder, name);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    assert_true(n >= 0);
    text[n] = '\0';
    assert_string_equal(text, want);
}

static void make_tree(struct bench *b)
{
    static const char *const files[][2] = {{"green/brightness", "255"},
                                           {"green/max_brightness", "255\n"},
                                           {"green/trigger", "[none] timer heartbeat"},
                                           {"red/brightness", "0"},
                                           {"red/trigger", "none [heartbeat]"},
                                           {"pwm0/period", "0"},
                                           {"pwm0/duty_cycle", "0"},
                                           {"pwm0/enable", "1"},
                                           {"buzzer", "0"}};
    b->scratch = scratch_new();
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        scratch_write(&b->scratch, files[i][0], files[i][1]);
}

static void remove_tree(struct bench *b)
{
    scratch_remove(&b->scratch);
}

static int open_tree(const struct bench *b, struct indicator **ret)
{
    char green[96], red[96], pwm[96], buzzer[96];
    snprintf(green, sizeof(green), "%s/green", b->scratch.folder);
    snprintf(red, sizeof(red), "%s/red", b->scratch.folder);
    snprintf(pwm, sizeof(pwm), "%s/pwm0", b->scratch.folder);
    snprintf(buzzer, sizeof(buzzer), "%s/buzzer", b->scratch.folder);
    struct indicator_sysfs_conf conf = {green, red, pwm, buzzer};
    return indicator_sysfs_open(&conf, ret);
}

/* --- what is seen and heard */

static int open_fake(struct bench *b, struct indicator **ret)
{
    return indicator_fake_open(&b->record, ret);
}

static void expect_fake(const struct bench *b, bool green, bool red, bool sound)
{
    struct indicator_out out = {0};
    if (b->record.n > 0)
        out = b->record.changes[b->record.n - 1].out;
    assert_int_equal(out.green, green);
    assert_int_equal(out.red, red);
    assert_int_equal(out.tone_hz > 0, sound);
}

static int open_sysfs(struct bench *b, struct indicator **ret)
{
    return open_tree(b, ret);
}

static void expect_sysfs(const struct bench *b, bool green, bool red, bool sound)
{
    expect_file(b, "green/brightness", green ? "255" : "0");
    expect_file(b, "red/brightness", red ? "1" : "0");
    expect_file(b, "pwm0/enable", sound ? "1" : "0");
    expect_file(b, "buzzer", sound ? "1" : "0");
}

struct kind {
    const char *name;
    int (*open)(struct bench *b, struct indicator **ret);
    void (*expect)(const struct bench *b, bool green, bool red, bool sound);
};

static const struct kind kinds[] = {{"fake", open_fake, expect_fake},
                                    {"sysfs", open_sysfs, expect_sysfs}};

/* --- the contract */

static void it_begins_dark_and_silent(const struct kind *k, struct bench *b, struct indicator *i)
{
    k->expect(b, false, false, false);
    assert_int_equal(indicator_step(i, 1000), INT64_MAX);
    k->expect(b, false, false, false);
}

static void accept_is_green_and_ends_by_itself(const struct kind *k, struct bench *b,
                                               struct indicator *i)
{
    int64_t due_ms = indicator_show(i, INDICATOR_ACCEPT, 1000);
    k->expect(b, true, false, true);
    due_ms = indicator_step(i, due_ms);
    k->expect(b, true, false, false);
    assert_int_equal(indicator_step(i, due_ms), INT64_MAX);
    k->expect(b, false, false, false);
}

static void reject_is_red_and_sounds_three_times(const struct kind *k, struct bench *b,
                                                 struct indicator *i)
{
    int64_t due_ms = indicator_show(i, INDICATOR_REJECT, 1000);
    for (int times = 0; times < 3; times++) {
        k->expect(b, false, true, true);
        due_ms = indicator_step(i, due_ms);
        k->expect(b, false, false, false);
        if (times < 2)
            due_ms = indicator_step(i, due_ms);
    }
    assert_int_equal(due_ms, INT64_MAX);
}

static void a_newer_answer_replaces_the_older(const struct kind *k, struct bench *b,
                                              struct indicator *i)
{
    indicator_show(i, INDICATOR_ACCEPT, 1000);
    indicator_show(i, INDICATOR_REJECT, 1010);
    k->expect(b, false, true, true);
    indicator_show(i, INDICATOR_ACCEPT, 1020);
    k->expect(b, true, false, true);
}

static void an_alert_stands_until_cleared(const struct kind *k, struct bench *b,
                                          struct indicator *i)
{
    int64_t due_ms = indicator_show(i, INDICATOR_ALERT, 1000);
    for (int n = 0; n < 100; n++) {
        assert_true(due_ms < INT64_MAX);
        due_ms = indicator_step(i, due_ms);
    }
    assert_int_equal(indicator_clear(i, INDICATOR_ALERT, due_ms), INT64_MAX);
    k->expect(b, false, false, false);
}

static void an_alert_steps_back_while_a_scan_is_answered(const struct kind *k, struct bench *b,
                                                         struct indicator *i)
{
    indicator_show(i, INDICATOR_ALERT, 1000);
    k->expect(b, false, true, true);
    int64_t due_ms = indicator_show(i, INDICATOR_ACCEPT, 1000);
    k->expect(b, true, false, true);
    while (due_ms < 3000) /* the alert's next round begins */
        due_ms = indicator_step(i, due_ms);
    indicator_step(i, 3000);
    k->expect(b, false, true, true);
}

static void an_alert_goes_before_attention(const struct kind *k, struct bench *b,
                                           struct indicator *i)
{
    indicator_show(i, INDICATOR_ATTENTION, 1000);
    k->expect(b, true, true, true);
    indicator_show(i, INDICATOR_ALERT, 1000);
    k->expect(b, false, true, true);
    indicator_show(i, INDICATOR_ATTENTION, 1001); /* stands already */
    k->expect(b, false, true, true);
    indicator_clear(i, INDICATOR_ALERT, 1002);
    k->expect(b, true, true, true);
}

static void a_step_that_comes_late_shows_what_is_due_then(const struct kind *k, struct bench *b,
                                                          struct indicator *i)
{
    indicator_show(i, INDICATOR_REJECT, 1000);
    assert_int_equal(indicator_step(i, 999999), INT64_MAX);
    k->expect(b, false, false, false);
}

static const struct {
    const char *name;
    void (*run)(const struct kind *k, struct bench *b, struct indicator *i);
} contract[] = {
    {"it begins dark and silent", it_begins_dark_and_silent},
    {"accept is green and ends by itself", accept_is_green_and_ends_by_itself},
    {"reject is red and sounds three times", reject_is_red_and_sounds_three_times},
    {"a newer answer replaces the older", a_newer_answer_replaces_the_older},
    {"an alert stands until cleared", an_alert_stands_until_cleared},
    {"an alert steps back while a scan is answered", an_alert_steps_back_while_a_scan_is_answered},
    {"an alert goes before attention", an_alert_goes_before_attention},
    {"a step that comes late shows what is due then",
     a_step_that_comes_late_shows_what_is_due_then},
};

struct row {
    char name[128];
    const struct kind *kind;
    void (*run)(const struct kind *k, struct bench *b, struct indicator *i);
};

static void contract_row(void **state)
{
    const struct row *r = *state;
    static struct bench b;
    b = (struct bench){0};
    make_tree(&b);
    {
        AUTO(indicator) i = NULL;
        assert_int_equal(r->kind->open(&b, &i), 0);
        r->run(r->kind, &b, i);
        indicator_show(i, INDICATOR_ALERT, 0);
    }
    r->kind->expect(&b, false, false, false); /* freed: all off */
    remove_tree(&b);
}

/* --- one only */

static void only_changes_are_set(void **state)
{
    (void)state;
    static struct indicator_fake_record record;
    record = (struct indicator_fake_record){0};
    AUTO(indicator) i = NULL;
    assert_int_equal(indicator_fake_open(&record, &i), 0);
    indicator_show(i, INDICATOR_ACCEPT, 1000);
    for (int64_t ms = 1000; ms < 2000; ms++)
        indicator_step(i, ms);
    assert_int_equal(record.n, 3);
    assert_int_equal(record.changes[0].mono_ms, 1000);
    assert_int_equal(record.changes[1].mono_ms, 1080);
    assert_int_equal(record.changes[2].mono_ms, 1300);
}

static void accept_and_reject_have_tones_of_their_own(void **state)
{
    (void)state;
    static struct indicator_fake_record record;
    record = (struct indicator_fake_record){0};
    AUTO(indicator) i = NULL;
    assert_int_equal(indicator_fake_open(&record, &i), 0);
    indicator_show(i, INDICATOR_ACCEPT, 1000);
    indicator_show(i, INDICATOR_REJECT, 1000);
    assert_int_equal(record.n, 2);
    assert_true(record.changes[0].out.tone_hz >= 4 * record.changes[1].out.tone_hz);
}

static void a_part_that_fails_is_counted(void **state)
{
    (void)state;
    static struct indicator_fake_record record;
    record = (struct indicator_fake_record){.err = -EIO};
    AUTO(indicator) i = NULL;
    assert_int_equal(indicator_fake_open(&record, &i), 0);
    indicator_show(i, INDICATOR_ACCEPT, 1000);
    assert_int_equal(indicator_failures(i), 1);
}

static void lamps_are_taken_from_their_trigger_and_the_buzzer_gets_its_tone(void **state)
{
    (void)state;
    struct bench b = {0};
    make_tree(&b);
    {
        AUTO(indicator) i = NULL;
        assert_int_equal(open_tree(&b, &i), 0);
        expect_file(&b, "red/trigger", "none");
        expect_file(&b, "green/brightness", "0");
        indicator_show(i, INDICATOR_REJECT, 1000);
        expect_file(&b, "pwm0/period", "2500000"); /* 400 Hz in nanoseconds */
        expect_file(&b, "pwm0/duty_cycle", "1250000");
        assert_int_equal(indicator_failures(i), 0);
    }
    remove_tree(&b);
}

static void what_is_missing_is_left_out(void **state)
{
    (void)state;
    struct bench b = {0};
    make_tree(&b);
    char red[96];
    snprintf(red, sizeof(red), "%s/red", b.scratch.folder);
    struct indicator_sysfs_conf conf = {"/nonexistent/green", red, "/nonexistent/pwm0",
                                        "/nonexistent/buzzer"};
    log_set("", LOG_LEVEL_ERROR, LOG_FORM_TEXT); /* the warnings are wanted, not their sight */
    AUTO(indicator) i = NULL;
    assert_int_equal(indicator_sysfs_open(&conf, &i), 0);
    log_set("", LOG_LEVEL_INFO, LOG_FORM_TEXT);
    indicator_show(i, INDICATOR_REJECT, 1000);
    expect_file(&b, "red/brightness", "1");
    assert_int_equal(indicator_failures(i), 0);
    remove_tree(&b);
}

static void nothing_fitted_is_fine(void **state)
{
    (void)state;
    AUTO(indicator) i = NULL;
    assert_int_equal(indicator_sysfs_open(&(struct indicator_sysfs_conf){0}, &i), 0);
    indicator_show(i, INDICATOR_ALERT, 1000);
    assert_int_equal(indicator_failures(i), 0);
    assert_string_equal(indicator_signal_name(INDICATOR_ALERT), "alert");
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(only_changes_are_set),
        cmocka_unit_test(accept_and_reject_have_tones_of_their_own),
        cmocka_unit_test(a_part_that_fails_is_counted),
        cmocka_unit_test(lamps_are_taken_from_their_trigger_and_the_buzzer_gets_its_tone),
        cmocka_unit_test(what_is_missing_is_left_out),
        cmocka_unit_test(nothing_fitted_is_fine),
    };
    static struct row rows[ARRAY_LEN(kinds) * ARRAY_LEN(contract)];
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct row *r = &rows[n];
        r->kind = &kinds[n / ARRAY_LEN(contract)];
        r->run = contract[n % ARRAY_LEN(contract)].run;
        snprintf(r->name, sizeof(r->name), "%s: %s", r->kind->name,
                 contract[n % ARRAY_LEN(contract)].name);
        tests[n] = (struct CMUnitTest){r->name, contract_row, NULL, NULL, r};
    }
    return cmocka_run_group_tests_name("indicator", tests, NULL, NULL) +
           cmocka_run_group_tests_name("indicator: one only", others, NULL, NULL);
}
