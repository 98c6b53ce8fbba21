/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "attr.h"
#include "scale_fake.h"
#include "scale_thread.h"

#define WAIT_MS 20000 /* an event that does not come fails the test; no time is asserted */

/* A scale as the test plays it: its script, and how often it was opened. */
struct played {
    const struct scale_fake_step *steps;
    size_t n;
    int open_err; /* of the first opening */
    atomic_int opened;
    struct queue *openings; /* one byte for each opening */
};

static int open_played(const void *conf, struct scale **ret)
{
    struct played *p = *(struct played *const *)conf;
    int before = atomic_fetch_add(&p->opened, 1);
    (void)!queue_put(p->openings, "");
    if (before == 0 && p->open_err)
        return p->open_err;
    return scale_fake_open(p->steps, p->n, 0, ret);
}

struct rig {
    struct played played;
    struct played *self;
    struct queue *events;
    struct scale_thread *thread;
};

static void start(struct rig *r, const struct scale_fake_step *steps, size_t n, size_t capacity)
{
    r->played.steps = steps;
    r->played.n = n;
    r->self = &r->played;
    assert_int_equal(queue_open(16, 1, &r->played.openings), 0);
    assert_int_equal(queue_open(capacity, sizeof(struct scale_event), &r->events), 0);
    struct scale_thread_scale scale = {
        .id = "dock-1", .open = open_played, .conf = &r->self, .calibration_due_day = 20000};
    struct scale_thread_conf conf = {
        .scales = &scale, .count = 1, .poll_ms = 1, .events = r->events};
    assert_int_equal(scale_thread_start(&conf, &r->thread), 0);
}

static void stop(struct rig *r)
{
    scale_thread_free(r->thread);
    queue_free(r->events);
    queue_free(r->played.openings);
}

static struct scale_event expect(struct rig *r, enum scale_event_kind kind)
{
    struct scale_event e = {0};
    assert_int_equal(queue_take_wait(r->events, &e, WAIT_MS), 1);
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.id, "dock-1");
    assert_int_equal(e.calibration_due_day, 20000);
    return e;
}

static const struct scale_fake_step good = {.reading = {.counts = 5, .unit = SCALE_UNIT_KG}};

static void a_scale_comes_online_and_reads(void **state)
{
    (void)state;
    struct rig r = {0};
    start(&r, &good, 1, 8);
    expect(&r, SCALE_EVENT_ONLINE);
    assert_int_equal(expect(&r, SCALE_EVENT_READING).reading.counts, 5);
    stop(&r);
}

static void three_failures_are_offline_and_two_are_not(void **state)
{
    (void)state;
    static const struct scale_fake_step steps[] = {
        {.reading = {.counts = 1}}, {.err = -ETIMEDOUT}, {.err = -EBADMSG},
        {.reading = {.counts = 2}}, {.err = -ETIMEDOUT}, {.err = -EBADMSG},
        {.err = -ETIMEDOUT},
    };
    struct rig r = {0};
    start(&r, steps, ARRAY_LEN(steps), 64);
    expect(&r, SCALE_EVENT_ONLINE);
    assert_int_equal(expect(&r, SCALE_EVENT_READING).reading.counts, 1);
    assert_int_equal(expect(&r, SCALE_EVENT_READING).reading.counts, 2);
    assert_int_equal(expect(&r, SCALE_EVENT_OFFLINE).err, -ETIMEDOUT);
    stop(&r);
}

static void a_pulled_plug_is_offline_at_once_and_the_scale_returns(void **state)
{
    (void)state;
    static const struct scale_fake_step steps[] = {{.reading = {.counts = 1}}, {.err = -EIO}};
    struct rig r = {0};
    start(&r, steps, ARRAY_LEN(steps), 64);
    expect(&r, SCALE_EVENT_ONLINE);
    expect(&r, SCALE_EVENT_READING);
    assert_int_equal(expect(&r, SCALE_EVENT_OFFLINE).err, -EIO);
    expect(&r, SCALE_EVENT_ONLINE); /* the script begins again with the new scale */
    expect(&r, SCALE_EVENT_READING);
    assert_int_equal(atomic_load(&r.played.opened), 2);
    stop(&r);
}

static void a_scale_that_is_not_there_is_said_to_be_offline(void **state)
{
    (void)state;
    struct rig r = {.played = {.open_err = -ENOENT}};
    start(&r, &good, 1, 8);
    assert_int_equal(expect(&r, SCALE_EVENT_OFFLINE).err, -ENOENT);
    expect(&r, SCALE_EVENT_ONLINE);
    stop(&r);
}

static void an_overload_is_an_answer(void **state)
{
    (void)state;
    static const struct scale_fake_step steps[] = {{.reading = {.status = SCALE_OVERLOAD}}};
    struct rig r = {0};
    start(&r, steps, 1, 8);
    expect(&r, SCALE_EVENT_ONLINE);
    for (int i = 0; i < 5; i++) {
        struct scale_event e = expect(&r, SCALE_EVENT_REFUSED);
        assert_int_equal(e.err, -ERANGE);
        assert_int_equal(e.status, SCALE_OVERLOAD);
    }
    stop(&r);
}

static void a_full_queue_loses_readings_but_no_change_of_state(void **state)
{
    (void)state;
    static const struct scale_fake_step steps[] = {{.reading = {.counts = 1}},
                                                   {.reading = {.counts = 2}},
                                                   {.reading = {.counts = 3}},
                                                   {.err = -EIO}};
    struct rig r = {0};
    start(&r, steps, ARRAY_LEN(steps), 1);
    /* The one place fills with ONLINE, and is emptied only after the plug was pulled. */
    char opening;
    assert_int_equal(queue_take_wait(r.played.openings, &opening, WAIT_MS), 1);
    assert_int_equal(queue_take_wait(r.played.openings, &opening, WAIT_MS), 1);
    expect(&r, SCALE_EVENT_ONLINE);
    expect(&r, SCALE_EVENT_OFFLINE); /* before any further reading */
    stop(&r);
}

static void a_command_is_answered(void **state)
{
    (void)state;
    static const struct scale_fake_step steps[] = {{.reading = {.status = SCALE_OVERLOAD}}};
    struct rig r = {0};
    start(&r, steps, 1, 64);
    expect(&r, SCALE_EVENT_ONLINE);
    assert_int_equal(scale_thread_command(r.thread, "dock-1", SCALE_COMMAND_TARE), 0);
    assert_int_equal(scale_thread_command(r.thread, "dock-2", SCALE_COMMAND_TARE), -EINVAL);
    struct scale_event e = {0};
    while (e.kind != SCALE_EVENT_DONE)
        assert_int_equal(queue_take_wait(r.events, &e, WAIT_MS), 1);
    assert_int_equal(e.err, -ENOTSUP);
    assert_int_equal(e.command, SCALE_COMMAND_TARE);
    stop(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scale_comes_online_and_reads),
        cmocka_unit_test(three_failures_are_offline_and_two_are_not),
        cmocka_unit_test(a_pulled_plug_is_offline_at_once_and_the_scale_returns),
        cmocka_unit_test(a_scale_that_is_not_there_is_said_to_be_offline),
        cmocka_unit_test(an_overload_is_an_answer),
        cmocka_unit_test(a_full_queue_loses_readings_but_no_change_of_state),
        cmocka_unit_test(a_command_is_answered),
    };
    return cmocka_run_group_tests_name("scale_thread", tests, NULL, NULL);
}
