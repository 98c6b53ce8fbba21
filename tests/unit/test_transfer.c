/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a proposal's lines to its outcome, by scans at both ends. */
#include "transfer_steps.h"

static void scans_at_both_ends_settle_it(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE], body[1024], again[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-done");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_out(&w, ENTRY_DISPATCHED, p.document, 25, "");
    world_settle(&w);
    assert_true(lines(&w, "transfer_out", "open") == 40);
    assert_true(said(&w, EVENT_TRANSFER_LEFT) == 0);
    world_out(&w, ENTRY_DISPATCHED, p.document, 15, "");
    world_settle(&w);
    assert_true(lines(&w, "transfer_out", "done") == 40);
    assert_true(said(&w, EVENT_TRANSFER_LEFT) == 1);
    world_in(&w, ENTRY_ARRIVED, p.document, 40, "");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_DONE);
    expect_case(&w, c, RECOVERY_SETTLED);
    assert_true(world_find_case(&w, c).moved_units == 40);
    assert_true(lines(&w, "transfer_in", "done") == 40);
    last_said(&w, EVENT_REALLOCATION_EXECUTED, body);
    assert_non_null(strstr(body, "\"executionStatus\":\"success\",\"actualQuantity\":40,"
                                 "\"actualCost\":20000,"
                                 "\"complianceDocuments\":[\"D27/26-27/00001\"]"));
    assert_true(world_number(&w, "SELECT count(*) FROM timer WHERE what <> 'cooldown'") == 0);
    /* Neither on from there nor back. */
    world_case(&w, "BISC", "B1", c);
    struct proposal back = world_draft("", "BISC", "B1", "PUNE", 10);
    snprintf(back.from_site, sizeof(back.from_site), "NASHIK");
    assert_int_equal(world_try(&w, &back, again), -EALREADY);
    world_free(&w);
}

static void short_and_damaged_goods_are_balanced(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE], body[1024];
    struct world w = world_new(state, "tr-short");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_out(&w, ENTRY_DISPATCHED, p.document, 36, "");
    world_out(&w, ENTRY_TASK_DONE, p.document, 4, "short");
    world_settle(&w);
    assert_true(lines(&w, "transfer_in", "open") == 36);
    world_in(&w, ENTRY_ARRIVED, p.document, 30, "");
    world_in(&w, ENTRY_ARRIVED, p.document, 2, "damaged");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    world_in(&w, ENTRY_LOST, p.document, 4, "short");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_PARTIAL);
    last_said(&w, EVENT_REALLOCATION_EXECUTED, body);
    /* Freight, and six of 800 paise that left and did not arrive whole. */
    assert_non_null(strstr(body, "\"partial\",\"actualQuantity\":30,\"actualCost\":24800"));
    last_said(&w, EVENT_TRANSFER_SHORT, body);
    assert_non_null(strstr(body, "\"sent\":36,\"arrived\":32,\"damaged\":2,\"lost\":4"));
    assert_true(world_find_case(&w, c).moved_units == 30);
    expect_case(&w, c, RECOVERY_SETTLED);
    world_free(&w);
}

static void what_never_leaves_is_undone(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE], body[1024], again[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-late");
    begin(&w, "NASHIK", 40, c, id);
    world_days(&w, 4);
    expect_state(&w, id, PROPOSAL_FAILED);
    expect_case(&w, c, RECOVERY_ASSESSED);
    assert_true(lines(&w, "transfer_out", "cancelled") == 40);
    assert_true(lines(&w, "transfer_in", "cancelled") == 40);
    assert_true(world_number(&w, "SELECT count(*) FROM paper WHERE state = 'cancelled'") == 1);
    assert_true(free_units(&w) == 100);
    assert_non_null(strstr(last_said(&w, EVENT_REALLOCATION_EXECUTED, body),
                           "\"failed\",\"actualQuantity\":0,\"actualCost\":0"));
    struct proposal p = world_draft(c, "BISC", "B1", "NASHIK", 40);
    assert_int_equal(world_try(&w, &p, again), -EALREADY);
    world_free(&w);
}

static void what_left_after_all_executes_again(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-after");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_days(&w, 4);
    expect_state(&w, id, PROPOSAL_FAILED);
    world_out(&w, ENTRY_DISPATCHED, p.document, 40, ""); /* scanned before the site heard of it */
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    expect_case(&w, c, RECOVERY_EXECUTING);
    assert_true(lines(&w, "transfer_in", "open") == 40);
    assert_true(world_number(&w, "SELECT count(*) FROM paper WHERE state = 'issued'") == 1);
    world_in(&w, ENTRY_ARRIVED, p.document, 40, "");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_DONE);
    expect_case(&w, c, RECOVERY_SETTLED);
    world_free(&w);
}

static void part_that_left_in_time_arrives(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-part");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_out(&w, ENTRY_DISPATCHED, p.document, 10, "");
    world_settle(&w);
    world_days(&w, 4);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_true(lines(&w, "transfer_in", "open") == 10);
    world_in(&w, ENTRY_ARRIVED, p.document, 10, "");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_PARTIAL);
    world_free(&w);
}

static void what_does_not_arrive_is_overdue_then_given_up(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-overdue");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_out(&w, ENTRY_DISPATCHED, p.document, 40, "");
    world_settle(&w);
    world_days(&w, 3);
    assert_true(said(&w, EVENT_TRANSFER_OVERDUE) == 0);
    world_days(&w, 4);
    assert_in_range(said(&w, EVENT_TRANSFER_OVERDUE), 3, 4);
    world_in(&w, ENTRY_ARRIVED, p.document, 12, "");
    world_settle(&w);
    world_days(&w, 40);
    expect_state(&w, id, PROPOSAL_PARTIAL);
    assert_true(world_proposal(&w, id).done_units == 12);
    assert_true(lines(&w, "transfer_in", "cancelled") == 40);
    world_in(&w, ENTRY_ARRIVED, p.document, 28, ""); /* found in the yard */
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_DONE);
    assert_true(world_find_case(&w, c).moved_units == 40);
    world_free(&w);
}

static void the_destination_may_be_heard_first(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-reorder");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_in(&w, ENTRY_ARRIVED, p.document, 40, "");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    world_out(&w, ENTRY_DISPATCHED, p.document, 40, "");
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_DONE);
    world_free(&w);
}

/* ---- what it brought ---- */

static void sales_there_are_what_it_truly_brought(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-earn");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    world_out(&w, ENTRY_DISPATCHED, p.document, 40, "");
    world_in(&w, ENTRY_ARRIVED, p.document, 40, "");
    world_settle(&w);
    assert_true(world_find_case(&w, c).recovered_paise == 0);
    for (int i = 0; i < 3; i++) { /* 15 a time: 45 are more than were moved */
        struct entry e = world_entry(ENTRY_PICKED, "BISC", "B1", 15);
        world_scan(&w, "wh-n", "NASHIK", &e);
    }
    world_settle(&w);
    assert_true(world_find_case(&w, c).recovered_paise == 40 * 900);
    struct proposal_record r;
    relay_begin(w.s, SQL_READ);
    assert_int_equal(proposal_record(w.s, 0, INT64_MAX, &r), 0);
    sql_rollback(w.s);
    assert_true(r.ended == 1 && r.successes == 1 && r.predicted_revenue_paise == 36000 &&
                r.actual_revenue_paise == 36000 && r.actual_cost_paise == 20000);
    world_free(&w);
}

static void a_write_off_is_carried_by_scans(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-writeoff");
    world_case(&w, "BISC", "B1", c);
    struct proposal p = world_draft(c, "BISC", "B1", "", 30);
    p.action = PROPOSAL_WRITE_OFF;
    world_propose(&w, &p, id);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_true(free_units(&w) == 70);
    assert_true(lines(&w, "write_off", "open") == 30);
    struct proposal under_way = world_proposal(&w, id);
    for (int i = 0; i < 2; i++) {
        struct entry e = world_entry(ENTRY_DISPOSED, "BISC", "B1", 15);
        snprintf(e.reason, sizeof(e.reason), "damaged");
        if (i == 0) { /* from the task; the other found by itself */
            snprintf(e.document, sizeof(e.document), "%s", under_way.document);
            e.line = 1;
        }
        world_scan(&w, "wh-p", "PUNE", &e);
    }
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_DONE);
    assert_true(lines(&w, "write_off", "done") == 30);
    assert_true(world_find_case(&w, c).written_off_units == 30);
    expect_case(&w, c, RECOVERY_SETTLED);
    world_free(&w);
}

static void a_return_that_nobody_carries_out_is_taken_back(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-return");
    world_case(&w, "BISC", "B1", c);
    struct proposal p = world_draft(c, "BISC", "B1", "NASHIK", 30);
    p.action = PROPOSAL_SUPPLIER_RETURN;
    world_propose(&w, &p, id);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_PROPOSED); /* nobody has entered what he takes back */
    assert_string_equal(world_proposal(&w, id).compliance, "requires_review:terms_unknown");
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_true(lines(&w, "supplier_return", "open") == 30);
    struct entry e = world_entry(ENTRY_SENT_BACK, "BISC", "B1", 10);
    snprintf(e.reason, sizeof(e.reason), "near_expiry");
    snprintf(e.document, sizeof(e.document), "%s", world_proposal(&w, id).document);
    e.line = 1;
    world_scan(&w, "wh-p", "PUNE", &e);
    world_settle(&w);
    world_days(&w, 4);
    expect_state(&w, id, PROPOSAL_PARTIAL);
    assert_true(lines(&w, "supplier_return", "cancelled") == 30);
    assert_true(world_find_case(&w, c).returned_units == 10);
    expect_case(&w, c, RECOVERY_SETTLED);
    world_free(&w);
}

static const struct relay_test tests[] = {
    {"scans at both ends settle it", scans_at_both_ends_settle_it},
    {"short and damaged goods are balanced", short_and_damaged_goods_are_balanced},
    {"what never leaves is undone", what_never_leaves_is_undone},
    {"what left after all executes again", what_left_after_all_executes_again},
    {"part that left in time arrives", part_that_left_in_time_arrives},
    {"what does not arrive is overdue, then given up",
     what_does_not_arrive_is_overdue_then_given_up},
    {"the destination may be heard first", the_destination_may_be_heard_first},
    {"sales there are what it truly brought", sales_there_are_what_it_truly_brought},
    {"a write-off is carried by scans", a_write_off_is_carried_by_scans},
    {"a return that nobody carries out is taken back",
     a_return_that_nobody_carries_out_is_taken_back},
};

int main(void)
{
    return relay_run_tests("transfer", tests, ARRAY_LEN(tests));
}
