/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "test.h"

#include "attr.h"
#include "transfer_saga.h"

struct row {
    const char *name;
    struct transfer_facts facts;
    enum transfer_step step;
    enum proposal_state state;
    bool out_open, in_open, differs;
    int64_t in_qty, in_transit, done;
};

#define EXECUTING PROPOSAL_EXECUTING
static struct row rows[] = {
    {"nothing has happened",
     {.ordered = 10},
     TRANSFER_LINES,
     EXECUTING,
     true,
     true,
     false,
     10,
     0,
     0},
    {"part has left",
     {.ordered = 10, .sent = 4},
     TRANSFER_LEAVING,
     EXECUTING,
     true,
     true,
     false,
     10,
     4,
     0},
    {"all has left",
     {.ordered = 10, .sent = 10},
     TRANSFER_LEFT,
     EXECUTING,
     false,
     true,
     false,
     10,
     10,
     0},
    {"the rest will not leave",
     {.ordered = 10, .sent = 4, .out_short = 6},
     TRANSFER_LEFT,
     EXECUTING,
     false,
     true,
     false,
     4,
     4,
     0},
    {"none will leave",
     {.ordered = 10, .out_short = 10},
     TRANSFER_CLOSED,
     PROPOSAL_FAILED,
     false,
     false,
     false,
     0,
     0,
     0},
    {"part has arrived",
     {.ordered = 10, .sent = 10, .arrived = 4},
     TRANSFER_ARRIVING,
     EXECUTING,
     false,
     true,
     false,
     10,
     6,
     4},
    {"all has arrived",
     {.ordered = 10, .sent = 10, .arrived = 10},
     TRANSFER_CLOSED,
     PROPOSAL_DONE,
     false,
     false,
     false,
     10,
     0,
     10},
    {"some of it damaged",
     {.ordered = 10, .sent = 10, .arrived = 10, .damaged = 3},
     TRANSFER_CLOSED,
     PROPOSAL_PARTIAL,
     false,
     false,
     true,
     10,
     0,
     7},
    {"some of it lost",
     {.ordered = 10, .sent = 10, .arrived = 8, .lost = 2},
     TRANSFER_CLOSED,
     PROPOSAL_PARTIAL,
     false,
     false,
     true,
     10,
     0,
     8},
    {"all of it lost",
     {.ordered = 10, .sent = 10, .lost = 10},
     TRANSFER_CLOSED,
     PROPOSAL_FAILED,
     false,
     false,
     true,
     10,
     0,
     0},
    {"it arrived before its departure was heard of",
     {.ordered = 10, .arrived = 10},
     TRANSFER_ARRIVING,
     EXECUTING,
     true,
     false,
     false,
     10,
     0,
     10},
    {"more arrived than was sent",
     {.ordered = 10, .sent = 10, .arrived = 12},
     TRANSFER_CLOSED,
     PROPOSAL_DONE,
     false,
     false,
     true,
     10,
     0,
     12},
    {"the time to leave is over, nothing left",
     {.ordered = 10, .dispatch_late = true},
     TRANSFER_CLOSED,
     PROPOSAL_FAILED,
     false,
     false,
     false,
     0,
     0,
     0},
    {"the time to leave is over, part left",
     {.ordered = 10, .sent = 4, .dispatch_late = true},
     TRANSFER_LEFT,
     EXECUTING,
     false,
     true,
     false,
     4,
     4,
     0},
    {"given up with part arrived",
     {.ordered = 10, .sent = 10, .arrived = 4, .given_up = true},
     TRANSFER_CLOSED,
     PROPOSAL_PARTIAL,
     false,
     false,
     true,
     10,
     6,
     4},
    {"given up while the rest may still leave",
     {.ordered = 10, .sent = 4, .given_up = true},
     TRANSFER_LEAVING,
     EXECUTING,
     true,
     true,
     false,
     10,
     4,
     0},
};

static void judge(void **state)
{
    const struct row *r = *state;
    struct transfer_verdict v = transfer_judge(&r->facts);
    assert_int_equal(v.step, r->step);
    assert_string_equal(proposal_state_name(v.state), proposal_state_name(r->state));
    assert_int_equal(v.out_open, r->out_open);
    assert_int_equal(v.in_open, r->in_open);
    assert_int_equal(v.differs, r->differs);
    assert_true(v.in_qty == r->in_qty);
    assert_true(v.in_transit == r->in_transit);
    assert_true(v.done_units == r->done);
}

int main(void)
{
    struct CMUnitTest tests[ARRAY_LEN(rows)];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tests[i] = (struct CMUnitTest){rows[i].name, judge, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("transfer_judge", tests, NULL, NULL);
}
