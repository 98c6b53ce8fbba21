/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a proposal to its lines or its end: compliance, limits and people. */
#include "transfer_steps.h"

#include "cooldown.h"

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
};

int main(void)
{
    return relay_run_tests("proposal_decision", tests, ARRAY_LEN(tests));
}
