/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <string.h>

#include "attr.h"
#include "intake.h"

#define WM 100
#define SAFE 80
#define S 50 /* the session that brought entry WM */

/* Chains are told apart by their first byte: 0 at WM. */
static struct chain_head head(uint8_t which)
{
    struct chain_head h = {{0}};
    h.hash[0] = which;
    return h;
}

static const struct intake_conf conf = {.schema_oldest = 2, .schema_newest = 4, .flush_ms = 5000};

static struct intake_row row_at_wm(void)
{
    return (struct intake_row){.wm = WM, .safe = SAFE, .s = S, .head = head(0)};
}

struct hello_row {
    const char *name;
    struct link_hello hello;
    int32_t hold;
    int32_t quota_retry_ms;
    const char *want;
};

static struct hello_row hello_rows[] = {
    {"HELLO: resumes behind what is stored", {S + 1, 1, 120, {{9}}, 3}, 0, 0, "resume"},
    {"HELLO: with nothing new resumes at the head", {S + 1, 1, WM, {{0}}, 3}, 0, 0, "resume"},
    {"HELLO: an empty journal resumes", {S, 1, 0, {{7}}, 3}, 0, 0, "resume"},
    {"HELLO: another chain at the same head is a fork", {S + 1, 1, WM, {{9}}, 3}, 0, 0, "fork"},
    {"HELLO: a later session with less lost entries", {S + 1, 1, 99, {{9}}, 3}, 0, 0, "rollback"},
    {"HELLO: an earlier session with less was overtaken", {S, 1, 99, {{9}}, 3}, 0, 0, "resume"},
    {"HELLO: deleted what is missing here", {S + 1, 102, 120, {{9}}, 3}, 0, 0, "lacking"},
    {"HELLO: deleted all that is stored here", {S + 1, 101, 120, {{9}}, 3}, 0, 0, "resume"},
    {"HELLO: a newer format than is read", {S + 1, 1, 120, {{9}}, 5}, 0, 0, "schema"},
    {"HELLO: an older format than is read", {S + 1, 1, 120, {{9}}, 1}, 0, 0, "schema"},
    {"HELLO: a tenant over its quota waits", {S + 1, 1, 120, {{9}}, 3}, 0, 9, "quota"},
    {"HELLO: a forked journal stays held", {S + 1, 1, 120, {{9}}, 3}, INTAKE_FORKED, 0, "held"},
    {"HELLO: an older epoch is fenced", {S + 1, 1, 120, {{9}}, 3}, INTAKE_FENCED, 0, "held"},
    {"HELLO: without a session", {0, 1, 120, {{9}}, 3}, 0, 0, "malformed"},
    {"HELLO: a floor beyond its head", {S + 1, 122, 120, {{9}}, 3}, 0, 0, "malformed"},
    {"HELLO: a negative head", {S + 1, 1, -1, {{9}}, 3}, 0, 0, "malformed"},
};

static void hello_is_judged(void **state)
{
    const struct hello_row *r = *state;
    struct intake_row row = row_at_wm();
    struct intake_conf c = conf;
    row.hold = r->hold;
    c.quota_retry_ms = r->quota_retry_ms;
    struct intake_answer a = intake_hello(&row, &c, &r->hello, 777);
    assert_string_equal(intake_verdict_name(a.verdict), r->want);
    if (a.reply == INTAKE_REPLY_RESUME) {
        assert_int_equal(a.send.resume.s, r->hello.s);
        assert_int_equal(a.send.resume.wm, WM);
        assert_int_equal(a.send.resume.safe, SAFE);
        assert_int_equal(a.send.resume.now_ms, 777);
        assert_int_equal(a.send.resume.window, LINK_BATCHES_MAX);
        assert_int_equal(a.send.resume.flush_ms, 5000);
    } else if (a.reply == INTAKE_REPLY_NACK) {
        assert_int_equal(a.send.nack.s, r->hello.s);
        assert_int_equal(a.send.nack.wm, WM);
    }
}

struct batch_row {
    const char *name;
    struct link_batch batch;
    int32_t hold;
    int32_t quota_retry_ms;
    const char *want;
    int64_t from; /* "take" */
    int64_t to;
};

static struct batch_row batch_rows[] = {
    {"batch: the next entries are taken", {S, 101, 5, {{0}}, {{9}}, 3}, 0, 0, "take", 101, 105},
    {"batch: an overlap is trimmed", {S, 90, 20, {{8}}, {{9}}, 3}, 0, 0, "take", 101, 109},
    {"batch: of an earlier session too", {1, 101, 5, {{0}}, {{9}}, 3}, 0, 0, "take", 101, 105},
    {"batch: what is stored is acknowledged again",
     {S, 90, 5, {{8}}, {{9}}, 3},
     0,
     0,
     "again",
     0,
     0},
    {"batch: up to the head is acknowledged again",
     {S, 90, 11, {{8}}, {{0}}, 3},
     0,
     0,
     "again",
     0,
     0},
    {"batch: another chain at the head is a fork",
     {S, 90, 11, {{8}}, {{9}}, 3},
     0,
     0,
     "fork",
     0,
     0},
    {"batch: one that does not continue the chain is a fork",
     {S, 101, 5, {{7}}, {{9}}, 3},
     0,
     0,
     "fork",
     0,
     0},
    {"batch: beyond the next entry there is a gap",
     {S, 102, 5, {{0}}, {{9}}, 3},
     0,
     0,
     "gap",
     0,
     0},
    {"batch: a format that is not read", {S, 101, 5, {{0}}, {{9}}, 5}, 0, 0, "schema", 0, 0},
    {"batch: a quota keeps nothing", {S, 101, 5, {{0}}, {{9}}, 3}, 0, 9, "quota", 0, 0},
    {"batch: a quota still answers what is stored",
     {S, 90, 5, {{8}}, {{9}}, 3},
     0,
     9,
     "again",
     0,
     0},
    {"batch: a held journal takes nothing",
     {S, 101, 5, {{0}}, {{9}}, 3},
     INTAKE_FORKED,
     0,
     "held",
     0,
     0},
    {"batch: without entries", {S, 101, 0, {{0}}, {{9}}, 3}, 0, 0, "malformed", 0, 0},
    {"batch: with more than may be under way",
     {S, 101, 513, {{0}}, {{9}}, 3},
     0,
     0,
     "malformed",
     0,
     0},
    {"batch: before the first entry", {S, 0, 5, {{0}}, {{9}}, 3}, 0, 0, "malformed", 0, 0},
    {"batch: at the end of all numbers",
     {S, INT64_MAX - 3, 5, {{0}}, {{9}}, 3},
     0,
     0,
     "malformed",
     0,
     0},
};

static void batch_is_judged(void **state)
{
    const struct batch_row *r = *state;
    struct intake_row row = row_at_wm();
    struct intake_conf c = conf;
    row.hold = r->hold;
    c.quota_retry_ms = r->quota_retry_ms;
    struct intake_answer a = intake_batch(&row, &c, &r->batch);
    assert_string_equal(intake_verdict_name(a.verdict), r->want);
    assert_int_equal(a.from, r->from);
    assert_int_equal(a.to, r->to);
    if (a.reply == INTAKE_REPLY_NACK) {
        assert_int_equal(a.send.nack.wm, WM);
        assert_int_equal(a.send.nack.s, r->batch.s);
    }
}

static void a_chain_that_differs_in_what_is_stored_is_a_fork(void **state)
{
    (void)state;
    struct intake_row row = row_at_wm();
    struct link_batch b = {S, 90, 20, head(8), head(9), 3};
    struct chain_head at_wm = head(0);
    struct chain_head at_end = head(9);
    assert_int_equal(intake_chained(&row, &conf, &b, &at_wm, &at_end).verdict, INTAKE_TAKE);
    at_wm = head(5);
    assert_int_equal(intake_chained(&row, &conf, &b, &at_wm, &at_end).verdict, INTAKE_FORK);
    at_end = head(5);
    assert_int_equal(intake_chained(&row, &conf, &b, &at_wm, &at_end).verdict, INTAKE_MALFORMED);
}

static void the_row_moves_with_its_entries(void **state)
{
    (void)state;
    struct intake_row row = row_at_wm();
    struct link_batch b = {S + 7, 90, 20, head(8), head(9), 3};
    struct intake_row next = intake_advance(&row, &b);
    assert_int_equal(next.wm, 109);
    assert_int_equal(next.s, S + 7);
    assert_int_equal(next.safe, SAFE);
    assert_int_equal(next.head.hash[0], 9);
    b.s = 1; /* a late batch of an earlier session does not take the session back */
    assert_int_equal(intake_advance(&row, &b).s, S);
}

static void safe_moves_forward_and_never_beyond_what_is_stored(void **state)
{
    (void)state;
    struct intake_row row = row_at_wm();
    intake_secured(&row, 70);
    assert_int_equal(row.safe, SAFE);
    intake_secured(&row, 90);
    assert_int_equal(row.safe, 90);
    intake_secured(&row, 200);
    assert_int_equal(row.safe, WM);
}

static void acknowledgements_come_once_a_second(void **state)
{
    (void)state;
    struct intake_row row = row_at_wm();
    struct intake_pace pace = {0};
    struct link_ack ack;
    int64_t due_ms;
    assert_int_equal(intake_ack_due(&pace, &row, &conf, 5000, &ack, &due_ms), 0);
    assert_true(due_ms == INT64_MAX);
    intake_owe(&pace, S);
    assert_int_equal(intake_ack_due(&pace, &row, &conf, 5000, &ack, &due_ms), 1);
    assert_int_equal(ack.wm, WM);
    assert_int_equal(ack.safe, SAFE);
    assert_int_equal(ack.s, S);
    row.wm++;
    intake_owe(&pace, S);
    assert_int_equal(intake_ack_due(&pace, &row, &conf, 5400, &ack, &due_ms), 0);
    assert_true(due_ms == 6000);
    assert_int_equal(intake_ack_due(&pace, &row, &conf, 6000, &ack, &due_ms), 1);
    assert_int_equal(ack.wm, WM + 1);
}

static void a_used_up_window_is_acknowledged_at_once(void **state)
{
    (void)state;
    struct intake_row row = row_at_wm();
    struct intake_pace pace = {.sent_ms = 5000, .wm = WM};
    struct link_ack ack;
    int64_t due_ms;
    row.wm += LINK_ENTRIES_MAX / 2;
    intake_owe(&pace, S);
    struct intake_conf narrow = conf;
    narrow.window = 1; /* it is to stand still */
    assert_int_equal(intake_ack_due(&pace, &row, &narrow, 5001, &ack, &due_ms), 0);
    assert_int_equal(intake_ack_due(&pace, &row, &conf, 5001, &ack, &due_ms), 1);
}

static void an_entry_ahead_of_its_turn_is_kept_while_there_is_room(void **state)
{
    (void)state;
    static const struct {
        int64_t seq;
        int64_t kept;
        int32_t hold;
        int32_t quota_retry_ms;
        int32_t early;
        bool want;
    } rows[] = {
        {WM + 1, 0, INTAKE_OPEN, 0, 8, true},
        {WM + 100000, 7, INTAKE_OPEN, 0, 8, true},
        {WM + 1, 8, INTAKE_OPEN, 0, 8, false}, /* no room */
        {WM, 0, INTAKE_OPEN, 0, 8, false},     /* it came */
        {1, 0, INTAKE_OPEN, 0, 8, false},
        {WM + 1, 0, INTAKE_FORKED, 0, 8, false},
        {WM + 1, 0, INTAKE_FENCED, 0, 8, false},
        {WM + 1, 0, INTAKE_OPEN, 5000, 8, false}, /* the tenant is to wait */
        {WM + 1, 0, INTAKE_OPEN, 0, 0, false},    /* a relay that keeps none */
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct intake_row row = row_at_wm();
        const struct intake_row before = row;
        struct intake_conf c = conf;
        row.hold = rows[i].hold;
        c.early = rows[i].early;
        c.quota_retry_ms = rows[i].quota_retry_ms;
        assert_int_equal(intake_keeps(&row, &c, rows[i].seq, rows[i].kept), rows[i].want);
        assert_int_equal(row.wm, before.wm);
    }
}

static void a_hello_is_told_how_many_are_kept_ahead(void **state)
{
    (void)state;
    struct intake_row row = row_at_wm();
    struct intake_conf c = conf;
    const struct link_hello hello = {S + 1, 1, 120, {{9}}, 3};
    assert_int_equal(intake_hello(&row, &c, &hello, 1).send.resume.early, 0);
    c.early = LINK_EARLY_MAX;
    assert_int_equal(intake_hello(&row, &c, &hello, 1).send.resume.early, LINK_EARLY_MAX);
}

static void forks_and_losses_alarm_and_daily_business_does_not(void **state)
{
    (void)state;
    for (int v = 0; v < INTAKE_VERDICT_COUNT; v++) {
        bool want = v == INTAKE_LACKING || v == INTAKE_FORK || v == INTAKE_ROLLBACK;
        assert_int_equal(intake_verdict_alarms((enum intake_verdict)v), want);
    }
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(hello_rows) + ARRAY_LEN(batch_rows) + 8];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(hello_rows); i++)
        tests[n++] =
            (struct CMUnitTest){hello_rows[i].name, hello_is_judged, NULL, NULL, &hello_rows[i]};
    for (size_t i = 0; i < ARRAY_LEN(batch_rows); i++)
        tests[n++] =
            (struct CMUnitTest){batch_rows[i].name, batch_is_judged, NULL, NULL, &batch_rows[i]};
    const struct CMUnitTest others[] = {
        cmocka_unit_test(a_chain_that_differs_in_what_is_stored_is_a_fork),
        cmocka_unit_test(the_row_moves_with_its_entries),
        cmocka_unit_test(safe_moves_forward_and_never_beyond_what_is_stored),
        cmocka_unit_test(acknowledgements_come_once_a_second),
        cmocka_unit_test(a_used_up_window_is_acknowledged_at_once),
        cmocka_unit_test(an_entry_ahead_of_its_turn_is_kept_while_there_is_room),
        cmocka_unit_test(a_hello_is_told_how_many_are_kept_ahead),
        cmocka_unit_test(forks_and_losses_alarm_and_daily_business_does_not),
    };
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        tests[n++] = others[i];
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
