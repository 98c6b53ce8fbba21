/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a proposal to its outcome, through compliance, limits, people, lines and scans. */
#include "relay_world.h"

#include "cooldown.h"
#include "transfer_saga.h"

/* A case, a proposal for `units` to that site, and all that agents do with it by themselves. */
static void begin(struct world *w, const char *to, int64_t units, char case_id[RECOVERY_ID_SIZE],
                  char id[PROPOSAL_ID_SIZE])
{
    world_case(w, "BISC", "B1", case_id);
    struct proposal p = world_draft(case_id, "BISC", "B1", to, units);
    world_propose(w, &p, id);
    world_settle(w);
}

static void expect_state(struct world *w, const char *id, enum proposal_state state)
{
    struct proposal p = world_proposal(w, id);
    if (p.state != state)
        fail_msg("%s is %s (%s; %s), not %s", id, proposal_state_name(p.state), p.compliance,
                 p.decided_reason, proposal_state_name(state));
}

static void expect_case(struct world *w, const char *id, enum recovery_state state)
{
    assert_string_equal(recovery_state_name(world_find_case(w, id).state),
                        recovery_state_name(state));
}

static int64_t lines(struct world *w, const char *kind, const char *state)
{
    relay_begin(w->s, SQL_READ);
    int64_t n = 0;
    {
        AUTO(sql_query)
        q = sql_query(w->s, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM order_line"
                            " WHERE kind = $1 AND state = $2");
        sql_bind_text(q, 1, kind);
        sql_bind_text(q, 2, state);
        assert_int_equal(sql_step(q), 1);
        n = sql_int(q, 0);
    }
    sql_rollback(w->s);
    return n;
}

static int64_t said(struct world *w, const char *type)
{
    relay_begin(w->s, SQL_READ);
    int64_t n = 0;
    {
        AUTO(sql_query) q = sql_query(w->s, "SELECT count(*) FROM event WHERE type = $1");
        sql_bind_text(q, 1, type);
        assert_int_equal(sql_step(q), 1);
        n = sql_int(q, 0);
    }
    sql_rollback(w->s);
    return n;
}

static int keep_body(const struct event *e, void *context)
{
    snprintf(context, 1024, "%s", e->body);
    return 0;
}

static const char *last_said(struct world *w, const char *type, char body[1024])
{
    body[0] = '\0';
    relay_begin(w->s, SQL_READ);
    struct event_filter f = {.type = type, .newest_first = true, .limit = 1};
    assert_int_equal(event_each(w->s, &f, keep_body, body), 0);
    sql_rollback(w->s);
    return body;
}

static int64_t free_units(struct world *w)
{
    int64_t n = 0;
    struct batch_key b = world_batch("B1");
    relay_begin(w->s, SQL_READ);
    assert_int_equal(transfer_free_units(w->s, "PUNE", "BISC", &b, &n), 0);
    sql_rollback(w->s);
    return n;
}

/* ---- deciding ---- */

static void within_its_limits_an_agent_acts_alone(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-alone");
    begin(&w, "NASHIK", 40, c, id);
    struct proposal p = world_proposal(&w, id);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_string_equal(p.decided_by, "agent:reallocation");
    assert_string_equal(p.compliance, "compliant");
    expect_case(&w, c, RECOVERY_EXECUTING);
    assert_true(lines(&w, "transfer_out", "open") == 40 && lines(&w, "transfer_in", "open") == 40);
    assert_true(world_number(&w, "SELECT count(*) FROM order_line WHERE received_day = 20770"
                                 " AND batch = 'B1' AND mrp_paise = 1000") == 2);
    assert_true(world_number(&w, "SELECT count(*) FROM paper WHERE kind = 'DELIVERY_CHALLAN'"
                                 " AND number = 'D27/26-27/00001' AND tax_paise = 0") == 1);
    assert_true(free_units(&w) == 60);
    assert_true(said(&w, EVENT_REALLOCATION_OPPORTUNITY) == 1);
    world_free(&w);
}

static void another_registration_gets_a_tax_invoice(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-invoice");
    begin(&w, "DELHI", 50, c, id);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_true(world_number(&w, "SELECT count(*) FROM paper WHERE kind = 'TAX_INVOICE'"
                                 " AND number = 'I27/26-27/00001' AND taxable_paise = 40000"
                                 " AND tax_paise = 2000 AND eway = 'not_required'") == 1);
    world_free(&w);
}

static void beyond_its_limits_a_person_decides(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE], body[1024];
    struct diag why = {0};
    struct world w = world_new(state, "tr-person");
    world_set(&w, "autonomy.units", "39");
    begin(&w, "NASHIK", 40, c, id);
    expect_state(&w, id, PROPOSAL_PROPOSED);
    assert_non_null(strstr(last_said(&w, EVENT_APPROVAL_WANTED, body), "\"limits\":\"units\""));
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_string_equal(world_proposal(&w, id).decided_by, "user:meera");
    assert_int_equal(world_decide(&w, id, PROPOSAL_REJECT, "user:meera", 0, &why), -EPERM);
    world_free(&w);
}

static void beyond_a_threshold_two_persons_decide(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-two");
    world_set(&w, "autonomy.units", "0");
    world_set(&w, "approval.two_paise", "31999");
    begin(&w, "NASHIK", 40, c, id);
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), 1);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_PROPOSED);
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), -EPERM);
    assert_non_null(strstr(why.text, "another person"));
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:arjun", 0, &why), 0);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_true(said(&w, EVENT_APPROVAL_GIVEN) == 2);
    world_free(&w);
}

static void a_rejection_rests_the_lane(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE], again[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-reject");
    world_set(&w, "autonomy.on", "false");
    begin(&w, "NASHIK", 40, c, id);
    assert_int_equal(world_decide(&w, id, PROPOSAL_REJECT, "user:meera", 0, &why), 0);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_REJECTED);
    expect_case(&w, c, RECOVERY_ASSESSED);
    struct proposal p = world_draft(c, "BISC", "B1", "NASHIK", 40);
    assert_int_equal(world_try(&w, &p, again), -EALREADY);
    world_days(&w, 15);
    assert_int_equal(world_try(&w, &p, again), 0);
    world_free(&w);
}

static void an_override_is_checked_anew_and_executed_as_changed(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-override");
    world_set(&w, "autonomy.on", "false");
    begin(&w, "NASHIK", 40, c, id);
    assert_int_equal(world_decide(&w, id, PROPOSAL_OVERRIDE, "user:meera", 41, &why), -EINVAL);
    assert_int_equal(world_decide(&w, id, PROPOSAL_OVERRIDE, "user:meera", 24, &why), 1);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    assert_true(lines(&w, "transfer_out", "open") == 24);
    struct proposal p = world_proposal(&w, id);
    assert_true(p.revenue_paise == 21600 && p.landed_paise == 19200 && p.cost_paise == 12000);
    world_free(&w);
}

static void nobody_decides_and_it_expires(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-expire");
    world_set(&w, "autonomy.on", "false");
    begin(&w, "NASHIK", 40, c, id);
    world_days(&w, 4);
    expect_state(&w, id, PROPOSAL_EXPIRED);
    expect_case(&w, c, RECOVERY_ASSESSED);
    world_free(&w);
}

static void the_kill_switch_holds_whoever_approves(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-kill");
    world_set(&w, "kill.switch", "true");
    begin(&w, "NASHIK", 40, c, id);
    expect_state(&w, id, PROPOSAL_PROPOSED);
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), -EPERM);
    assert_non_null(strstr(why.text, "kill switch"));
    assert_true(world_number(&w, "SELECT count(*) FROM order_line") == 0);
    world_free(&w);
}

static void missing_tax_data_waits_for_a_person(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-review");
    world_stock(&w, "wh-p", "PUNE", "NOHSN", "B9", 50);
    world_case(&w, "NOHSN", "B9", c);
    struct proposal p = world_draft(c, "NOHSN", "B9", "NASHIK", 10);
    world_propose(&w, &p, id);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_PROPOSED);
    assert_string_equal(world_proposal(&w, id).compliance, "requires_review:hsn_missing");
    assert_true(said(&w, EVENT_COMPLIANCE_VIOLATION) == 1);
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_EXECUTING);
    world_free(&w);
}

static void goods_that_may_not_move_never_get_a_line(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tr-hold");
    struct entry e = world_entry(ENTRY_RESTATED, "BISC", "B1", 100);
    e.status_to = STOCK_HOLD;
    snprintf(e.reason, sizeof(e.reason), "recall");
    world_scan(&w, "wh-p", "PUNE", &e);
    begin(&w, "NASHIK", 40, c, id);
    expect_state(&w, id, PROPOSAL_REJECTED);
    assert_string_equal(world_proposal(&w, id).decided_reason, "blocked:on_hold");
    assert_true(said(&w, EVENT_COMPLIANCE_VIOLATION) == 1);
    assert_true(world_number(&w, "SELECT count(*) FROM order_line") == 0);
    assert_true(world_number(&w, "SELECT count(*) FROM paper") == 0);
    world_free(&w);
}

static void stock_that_went_meanwhile_fails_it_alone(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-gone");
    world_set(&w, "autonomy.on", "false");
    begin(&w, "NASHIK", 40, c, id);
    assert_int_equal(world_decide(&w, id, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    struct entry e = world_entry(ENTRY_PICKED, "BISC", "B1", 70);
    world_scan(&w, "wh-p", "PUNE", &e);
    world_settle(&w);
    expect_state(&w, id, PROPOSAL_FAILED);
    expect_case(&w, c, RECOVERY_ASSESSED);
    assert_true(said(&w, EVENT_COMPLIANCE_VIOLATION) == 1);
    assert_true(world_number(&w, "SELECT count(*) FROM order_line") == 0);
    world_free(&w);
}

static void of_two_for_one_lot_the_first_has_the_units(void **state)
{
    char c[RECOVERY_ID_SIZE], one[PROPOSAL_ID_SIZE], two[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tr-two-lot");
    world_set(&w, "autonomy.on", "false");
    world_case(&w, "BISC", "B1", c);
    struct proposal a = world_draft(c, "BISC", "B1", "NASHIK", 60);
    struct proposal b = world_draft(c, "BISC", "B1", "DELHI", 60);
    world_propose(&w, &a, one);
    world_propose(&w, &b, two);
    world_settle(&w);
    assert_int_equal(world_decide(&w, two, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    assert_int_equal(world_decide(&w, one, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    world_settle(&w);
    expect_state(&w, two, PROPOSAL_EXECUTING);
    expect_state(&w, one, PROPOSAL_FAILED);
    assert_true(free_units(&w) == 40);
    expect_case(&w, c, RECOVERY_EXECUTING);
    world_free(&w);
}

/* ---- scans ---- */

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
    struct world w = world_new(state, "tr-return");
    world_case(&w, "BISC", "B1", c);
    struct proposal p = world_draft(c, "BISC", "B1", "NASHIK", 30);
    p.action = PROPOSAL_SUPPLIER_RETURN;
    world_propose(&w, &p, id);
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
    {"within its limits an agent acts alone", within_its_limits_an_agent_acts_alone},
    {"another registration gets a tax invoice", another_registration_gets_a_tax_invoice},
    {"beyond its limits a person decides", beyond_its_limits_a_person_decides},
    {"beyond a threshold two persons decide", beyond_a_threshold_two_persons_decide},
    {"a rejection rests the lane", a_rejection_rests_the_lane},
    {"an override is checked anew and executed as changed",
     an_override_is_checked_anew_and_executed_as_changed},
    {"nobody decides and it expires", nobody_decides_and_it_expires},
    {"the kill switch holds whoever approves", the_kill_switch_holds_whoever_approves},
    {"missing tax data waits for a person", missing_tax_data_waits_for_a_person},
    {"goods that may not move never get a line", goods_that_may_not_move_never_get_a_line},
    {"stock that went meanwhile fails it alone", stock_that_went_meanwhile_fails_it_alone},
    {"of two for one lot the first has the units", of_two_for_one_lot_the_first_has_the_units},
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
