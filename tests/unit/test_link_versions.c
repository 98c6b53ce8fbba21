/* SPDX-License-Identifier: Apache-2.0 */
/* Every appliance of six releases meets every relay of six, and then the relay is upgraded: what
 * both speak flows, what they do not is kept until it does. */
#include "test.h"

#include <stdbool.h>

#include "attr.h"
#include "intake.h"
#include "uplink.h"
#include "wire.h"

#define RELEASES 6
#define ENTRIES 10

struct meeting {
    struct uplink uplink;
    struct intake_row row;
    int64_t now_ms;
    int wire; /* which the relay chose; as RESUME.wire on the wire */
};

static struct intake_conf relay_of(int release)
{
    struct wire_range range = wire_range(release);
    return (struct intake_conf){.schema_oldest = range.oldest, .schema_newest = range.newest};
}

static struct intake_answer say_hello(struct meeting *m, const struct uplink_action *a, int device,
                                      int relay)
{
    struct intake_conf conf = relay_of(relay);
    int wire = wire_choose(wire_range(device), wire_range(relay));
    struct link_hello hello = {
        .s = a->s, .floor = a->floor, .head = a->head, .schema = wire < 0 ? 0 : wire};
    m->wire = wire;
    return intake_hello(&m->row, &conf, &hello, m->now_ms);
}

/* The next HELLO, and the relay's answer. */
static void greet(struct meeting *m, int device, int relay)
{
    struct uplink_action a = uplink_next(&m->uplink, m->now_ms);
    while (a.step == UPLINK_WAIT) {
        m->now_ms = a.until_ms;
        a = uplink_next(&m->uplink, m->now_ms);
    }
    assert_int_equal(a.step, UPLINK_HELLO);
    uplink_sent(&m->uplink, &a, m->now_ms);
    struct intake_answer answer = say_hello(m, &a, device, relay);
    if (answer.reply == INTAKE_REPLY_RESUME)
        assert_int_equal(uplink_resume(&m->uplink, &answer.send.resume, m->now_ms), 1);
    else
        assert_int_equal(uplink_nack(&m->uplink, &answer.send.nack, m->now_ms), 1);
}

static void send_all(struct meeting *m, int relay)
{
    struct intake_conf conf = relay_of(relay);
    struct uplink_action a = uplink_next(&m->uplink, m->now_ms);
    assert_int_equal(a.step, UPLINK_BATCH);
    uplink_sent(&m->uplink, &a, m->now_ms);
    struct link_batch batch = {
        .s = a.s, .first_seq = a.first_seq, .n = a.n, .schema = m->wire, .head = {{1}}};
    assert_int_equal(intake_batch(&m->row, &conf, &batch).verdict, INTAKE_TAKE);
    m->row = intake_advance(&m->row, &batch);
    struct intake_pace pace = {0};
    struct link_ack ack;
    int64_t due_ms;
    intake_owe(&pace, batch.s);
    assert_int_equal(intake_ack_due(&pace, &m->row, &conf, m->now_ms, &ack, &due_ms), 1);
    assert_int_equal(uplink_ack(&m->uplink, &ack, m->now_ms), 1);
    assert_int_equal(uplink_status(&m->uplink, m->now_ms).state, UPLINK_SYNCED);
}

static void start(struct meeting *m)
{
    struct uplink_conf conf = {.boot = 1,
                               .seed = 1,
                               .flush_entries = UPLINK_FLUSH_ENTRIES,
                               .flush_ms = UPLINK_FLUSH_LAN_MS,
                               .refresh_ms = UPLINK_REFRESH_MS};
    struct uplink_journal journal = {.floor = 1, .head = ENTRIES};
    *m = (struct meeting){.now_ms = 1000};
    uplink_start(&m->uplink, &conf, &journal);
    uplink_link_up(&m->uplink, m->now_ms);
}

static void any_two_releases_speak_or_wait(void **state)
{
    (void)state;
    int speak = 0;
    for (int device = 1; device <= RELEASES; device++) {
        for (int relay = 1; relay <= RELEASES; relay++) {
            struct meeting m;
            start(&m);
            greet(&m, device, relay);
            bool common = device - relay <= WIRE_BEFORE && relay - device <= WIRE_BEFORE;
            if (common) {
                send_all(&m, relay);
                speak++;
                continue;
            }
            struct uplink_status s = uplink_status(&m.uplink, m.now_ms);
            assert_int_equal(s.state, UPLINK_SCHEMA);
            assert_int_equal(s.backlog, ENTRIES); /* nothing is lost */
            greet(&m, device, device);            /* the relay is brought to its release */
            send_all(&m, device);
        }
    }
    assert_int_equal(speak, 24); /* of 36: at most two releases apart */
}

/* Lane 1 has no version: RESUME says whether it is known, and a reader passes over what it does not
 * know. */
static void the_second_lane_is_for_two_that_know_it(void **state)
{
    (void)state;
    for (int known = 0; known < 4; known++) {
        bool device = known & 1;
        bool relay = known & 2;
        struct uplink_conf conf = {.boot = 1,
                                   .seed = 1,
                                   .flush_entries = UPLINK_FLUSH_ENTRIES,
                                   .flush_ms = UPLINK_FLUSH_LAN_MS,
                                   .refresh_ms = UPLINK_REFRESH_MS,
                                   .early_behind = device ? 4 : 0};
        struct uplink_journal journal = {.floor = 1, .head = ENTRIES};
        struct meeting m = {.now_ms = 1000};
        uplink_start(&m.uplink, &conf, &journal);
        uplink_link_up(&m.uplink, m.now_ms);
        struct intake_conf relay_conf = relay_of(2);
        relay_conf.early = relay ? LINK_EARLY_MAX : 0;
        struct uplink_action a = uplink_next(&m.uplink, m.now_ms);
        m.now_ms = a.step == UPLINK_WAIT ? a.until_ms : m.now_ms;
        a = uplink_next(&m.uplink, m.now_ms);
        struct link_hello hello = {.s = a.s, .floor = a.floor, .head = a.head, .schema = 2};
        struct intake_answer answer = intake_hello(&m.row, &relay_conf, &hello, m.now_ms);
        uplink_sent(&m.uplink, &a, m.now_ms);
        assert_int_equal(uplink_resume(&m.uplink, &answer.send.resume, m.now_ms), 1);
        a = uplink_next(&m.uplink, m.now_ms);
        assert_int_equal(a.step, device && relay ? UPLINK_NOTICE : UPLINK_BATCH);
        if (a.step == UPLINK_NOTICE)
            uplink_noticed(&m.uplink, &a, a.last_seq, 1);
        m.wire = 2;
        send_all(&m, 2); /* all of it, in any case */
        assert_int_equal(m.row.wm, ENTRIES);
    }
}

static void a_batch_of_a_format_that_was_not_chosen_is_not_kept(void **state)
{
    (void)state;
    struct intake_row row = {0};
    struct intake_conf conf = relay_of(4);
    for (int schema = 0; schema <= RELEASES; schema++) {
        struct link_batch b = {.s = 1, .first_seq = 1, .n = 1, .schema = schema};
        bool read = schema >= 2 && schema <= 4;
        assert_int_equal(intake_batch(&row, &conf, &b).verdict, read ? INTAKE_TAKE : INTAKE_SCHEMA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_two_releases_speak_or_wait),
        cmocka_unit_test(the_second_lane_is_for_two_that_know_it),
        cmocka_unit_test(a_batch_of_a_format_that_was_not_chosen_is_not_kept),
    };
    return cmocka_run_group_tests_name("link_versions", tests, NULL, NULL);
}
