/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suppliers' terms from their entry to goods that were scanned out for them: versions, what agents
 * propose by them and within which bounds, papers, and what a change meanwhile stops. */
#include "relay_world.h"

#include "supplier_terms.h"

#define DAYS 45
#define RECEIVED_UNITS 300

static void write_parties(struct sql *s)
{
    static const char body[] = "party,kind,name,gstin\n"
                               "SUP-01,supplier,Suraj Foods,29AAGCB7383J1Z4\n"
                               "SUP-02,supplier,Other Foods,27AAPFU0939F1ZV\n";
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes,"
                     " body) VALUES('*', 'parties', 1, $1, 0, 'user:x', 0, $1)");
    sql_bind_bytes(q, 1, body, sizeof(body) - 1);
    assert_int_equal(sql_run(q), 0);
}

static struct supplier_terms usual(void)
{
    return (struct supplier_terms){.supplier = "SUP-01",
                                   .returnable = true,
                                   .window_from_days = -3650,
                                   .window_to_days = -20,
                                   .credit_permille = 700,
                                   .freight_ours = true,
                                   .freight_paise_kg = 100000}; /* nobody has weighed them: 1 g */
}

static int enter(struct world *w, const struct supplier_terms *terms, const char *reason,
                 struct diag *why)
{
    char cause[32];
    snprintf(cause, sizeof(cause), "request:%d", ++w->requests);
    struct supplier_terms_change change = {.terms = *terms,
                                           .by = "user:meera",
                                           .reason = reason,
                                           .cause = cause,
                                           .wall_ms = w->now_ms};
    relay_begin(w->s, SQL_WRITE);
    int err = supplier_terms_change(w->s, &change, why);
    if (err >= 0)
        relay_commit(w->s);
    else
        sql_rollback(w->s);
    return err;
}

static void expect_entered(struct world *w, const struct supplier_terms *terms)
{
    struct diag why = {0};
    int err = enter(w, terms, "as agreed", &why);
    if (err != 0)
        fail_msg("%s: %s", strerror(-err), why.text);
}

/* ---- terms ---- */

static void each_change_is_a_version_with_its_reason(void **state)
{
    struct diag why = {0};
    struct world w = world_new(state, "sr-versions");
    struct supplier_terms t = usual(), found;
    expect_entered(&w, &t);
    assert_int_equal(enter(&w, &t, "again", &why), 1);
    t.credit_permille = 650;
    assert_int_equal(enter(&w, &t, "", &why), -EINVAL);
    assert_non_null(strstr(why.text, "reason"));
    t.window_from_days = -19;
    assert_int_equal(enter(&w, &t, "wrong", &why), -EINVAL);
    assert_non_null(strstr(why.text, "window_to_days"));
    t.window_from_days = -90;
    expect_entered(&w, &t);
    snprintf(t.brand, sizeof(t.brand), "Suraj");
    t.credit_permille = 900;
    expect_entered(&w, &t);
    relay_begin(w.s, SQL_READ);
    assert_int_equal(supplier_terms_find(w.s, "SUP-01", "Suraj", &found), 1);
    assert_true(found.version == 1 && found.credit_permille == 900);
    assert_int_equal(supplier_terms_find(w.s, "SUP-01", "Other", &found), 1);
    assert_true(found.version == 2 && found.credit_permille == 650);
    assert_int_equal(supplier_terms_find(w.s, "SUP-02", "Suraj", &found), 0);
    sql_rollback(w.s);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE kind = 'audit'"
                                      " AND type = 'SupplierTermsChanged'"
                                      " AND subject = 'supplier:SUP-01'"),
                     3);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE body LIKE"
                                      " '%\"before\":{\"version\":1,%\"creditPermille\":700,%'"),
                     1);
    world_free(&w);
}

/* ---- what agents make of them ---- */

/* Goods of one supplier that nobody buys, and which nobody else may have or be offered. */
static struct world unsold(void **state, const char *tenant)
{
    struct world w = world_new(state, tenant);
    size_t count = 0;
    const struct agent *const *agents = agents_all(&count);
    runtime_free(w.r);
    world_runtime(&w, agents, count);
    relay_begin(w.s, SQL_WRITE);
    write_parties(w.s);
    relay_commit(w.s);
    world_set(&w, "season.days", "0");
    world_set(&w, "dead.days", "40");
    world_set(&w, "transfer.radius_km", "1");
    world_set(&w, "campaign.discount_max_permille", "0");
    struct entry e = world_entry(ENTRY_RECEIVED, "BISC", "R1", RECEIVED_UNITS);
    snprintf(e.party, sizeof(e.party), "SUP-01");
    e.value_paise = RECEIVED_UNITS * 800;
    world_scan(&w, "wh-p", "PUNE", &e);
    for (int d = 0; d < DAYS; d++)
        w.now_ms += CIVIL_MS_PER_DAY;
    return w;
}

static const char all_returns[] = "SELECT count(*) FROM proposal WHERE action = 'supplier_return'";
static const char returned_units[] = "SELECT CAST(coalesce(sum(units), 0) AS BIGINT) FROM proposal"
                                     " WHERE action = 'supplier_return'";

/* What was changed is heard, and planned for when the pause is over. */
static void plan_again(struct world *w)
{
    world_settle(w);
    w->now_ms += 3600000;
    world_settle(w);
}

static void find_return(struct world *w, const char *batch, struct proposal *ret)
{
    char id[PROPOSAL_ID_SIZE] = "";
    relay_begin(w->s, SQL_READ);
    AUTO(sql_query)
    q = sql_query(w->s, "SELECT proposal_id FROM proposal WHERE action = 'supplier_return'"
                        " AND batch = $1 ORDER BY made_ms DESC LIMIT 1");
    sql_bind_text(q, 1, batch);
    assert_int_equal(sql_step(q), 1);
    sql_copy(q, 0, id, sizeof(id));
    sql_query_free(TAKE(q));
    assert_int_equal(proposal_find(w->s, id, ret), 0);
    sql_rollback(w->s);
}

static void send_back(struct world *w, const struct proposal *p, int64_t units)
{
    struct entry e = world_entry(ENTRY_SENT_BACK, "BISC", p->batch.number, units);
    snprintf(e.reason, sizeof(e.reason), "near_expiry");
    snprintf(e.document, sizeof(e.document), "%s", p->document);
    snprintf(e.party, sizeof(e.party), "%s", p->to_site);
    e.line = 1;
    e.value_paise = units * 800;
    world_scan(w, "wh-p", "PUNE", &e);
    world_settle(w);
}

static void without_terms_nothing_goes_back(void **state)
{
    struct world w = unsold(state, "sr-none");
    world_settle(&w);
    assert_true(world_number(&w, "SELECT count(*) FROM recovery_case WHERE state = 'assessed'") >
                0);
    assert_int_equal(world_number(&w, all_returns), 0);
    world_free(&w);
}

static void what_a_supplier_takes_back_is_proposed_scanned_out_and_settled(void **state)
{
    struct proposal p;
    struct supplier_terms t = usual();
    struct world w = unsold(state, "sr-whole");
    expect_entered(&w, &t);
    world_settle(&w);
    find_return(&w, "R1", &p);
    assert_true(p.units == RECEIVED_UNITS && p.state == PROPOSAL_EXECUTING);
    assert_string_equal(p.to_site, "SUP-01");
    assert_string_equal(p.compliance, "compliant");
    assert_true(p.revenue_paise == RECEIVED_UNITS * 560);
    assert_true(p.cost_paise == RECEIVED_UNITS * 100 && p.gain_paise > 0);
    assert_non_null(strstr(p.reason, "Suraj Foods takes them back at 70.0 %"));
    assert_non_null(strstr(p.limits, "\"binds\":\"lot\""));
    assert_non_null(strstr(p.inputs, "\"terms\":1"));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line WHERE site = 'PUNE' AND"
                                      " kind = 'supplier_return' AND party = 'SUP-01' AND"
                                      " batch = 'R1' AND qty = 300 AND state = 'open'"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM paper WHERE kind = 'DELIVERY_CHALLAN'"
                                      " AND to_gstin = '29AAGCB7383J1Z4' AND tax_paise = 0 AND"
                                      " taxable_paise = 240000 AND body LIKE"
                                      " '%\"noteAwaited\":\"GST_CREDIT_NOTE\"%'"),
                     1);
    send_back(&w, &p, 100);
    assert_true(world_proposal(&w, p.id).state == PROPOSAL_EXECUTING);
    send_back(&w, &p, 200);
    assert_true(world_proposal(&w, p.id).state == PROPOSAL_DONE);
    struct recovery_case c = world_find_case(&w, p.case_id);
    assert_true(c.returned_units == RECEIVED_UNITS && c.recovered_paise == p.revenue_paise);
    assert_int_equal(c.state, RECOVERY_SETTLED);
    assert_int_equal(world_number(&w, "SELECT CAST(sum(back_units) AS BIGINT) FROM supply"
                                      " WHERE supplier = 'SUP-01'"),
                     RECEIVED_UNITS);
    world_free(&w);
}

static void opening_stock_goes_to_who_delivers_the_article(void **state)
{
    struct proposal p;
    struct supplier_terms t = usual();
    struct world w = unsold(state, "sr-opening");
    expect_entered(&w, &t);
    world_settle(&w);
    find_return(&w, "B1", &p);
    assert_true(p.units == 100);
    assert_string_equal(p.to_site, "SUP-01");
    world_free(&w);
}

static void a_quota_of_the_quarter_bounds_what_is_proposed(void **state)
{
    struct proposal p;
    struct supplier_terms t = usual();
    struct world w = unsold(state, "sr-quota");
    t.quota_units = 150;
    expect_entered(&w, &t);
    world_settle(&w);
    assert_int_equal(world_number(&w, returned_units), 150);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM proposal WHERE action ="
                                      " 'supplier_return' AND limits LIKE '%\"binds\":\"quota\"%'"
                                      " AND reason LIKE '%quota of the quarter%'"),
                     1);
    w.now_ms += CIVIL_MS_PER_DAY; /* planned again while it is under way: it counts */
    world_settle(&w);
    assert_int_equal(world_number(&w, returned_units), 150);
    find_return(&w, "R1", &p);
    send_back(&w, &p, p.units);
    world_days(&w, 1); /* and when it is gone */
    assert_int_equal(world_number(&w, returned_units), 150);
    t.quota_units = 0;
    t.quota_permille = 500; /* of the 2,400 rupees that were bought: 120 were in the other's */
    expect_entered(&w, &t);
    world_days(&w, 2);
    assert_int_equal(world_number(&w, "SELECT CAST(sum(landed_paise) AS BIGINT) FROM proposal WHERE"
                                      " action = 'supplier_return' AND state <> 'failed'"),
                     120000);
    world_free(&w);
}

static void outside_its_window_or_below_a_claim_nothing_is_proposed(void **state)
{
    struct supplier_terms t = usual();
    struct world w = unsold(state, "sr-window");
    t.window_to_days = -76; /* 75 days are left */
    expect_entered(&w, &t);
    world_settle(&w);
    assert_int_equal(world_number(&w, all_returns), 0);
    t.window_to_days = 30;
    t.window_from_days = -74;
    expect_entered(&w, &t);
    plan_again(&w);
    assert_int_equal(world_number(&w, all_returns), 0);
    t.window_from_days = -365;
    t.least_claim_paise = 400 * 560 + 1; /* more than all of it would be credited with */
    expect_entered(&w, &t);
    plan_again(&w);
    assert_int_equal(world_number(&w, all_returns), 0);
    t.least_claim_paise = 300 * 560;
    expect_entered(&w, &t);
    plan_again(&w);
    assert_true(world_number(&w, returned_units) >= 300);
    world_free(&w);
}

static void terms_that_changed_meanwhile_stop_it_in_the_transaction_that_executes(void **state)
{
    struct proposal p;
    struct diag why = {0};
    struct supplier_terms t = usual();
    struct world w = unsold(state, "sr-changed");
    world_set(&w, "autonomy.on", "false");
    expect_entered(&w, &t);
    world_settle(&w);
    find_return(&w, "R1", &p);
    assert_true(p.state == PROPOSAL_PROPOSED);
    assert_string_equal(p.compliance, "compliant");
    assert_int_equal(world_decide(&w, p.id, PROPOSAL_APPROVE, "user:meera", 0, &why), 0);
    t.returnable = false; /* before the orchestrator has seen the approval */
    expect_entered(&w, &t);
    world_settle(&w);
    assert_true(world_proposal(&w, p.id).state == PROPOSAL_FAILED);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM order_line"
                                      " WHERE kind = 'supplier_return'"),
                     0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type ="
                                      " 'ComplianceViolation' AND body LIKE"
                                      " '%blocked:not_returnable%'"),
                     1);
    world_free(&w);
}

static void goods_that_are_invoiced_back_have_a_tax_invoice(void **state)
{
    struct supplier_terms t = usual();
    struct world w = unsold(state, "sr-supply");
    t.supplied = true;
    expect_entered(&w, &t);
    world_settle(&w);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM paper WHERE kind = 'TAX_INVOICE'"
                                      " AND taxable_paise = 240000 AND tax_paise = 12000 AND body"
                                      " LIKE '%\"igstPaise\":12000%\"noteAwaited\":\"\"%'"),
                     1);
    world_free(&w);
}

static const struct relay_test tests[] = {
    {"each change is a version with its reason", each_change_is_a_version_with_its_reason},
    {"without terms nothing goes back", without_terms_nothing_goes_back},
    {"what a supplier takes back is proposed, scanned out and settled",
     what_a_supplier_takes_back_is_proposed_scanned_out_and_settled},
    {"opening stock goes to who delivers the article",
     opening_stock_goes_to_who_delivers_the_article},
    {"a quota of the quarter bounds what is proposed",
     a_quota_of_the_quarter_bounds_what_is_proposed},
    {"outside its window or below a claim nothing is proposed",
     outside_its_window_or_below_a_claim_nothing_is_proposed},
    {"terms that changed meanwhile stop it in the transaction that executes",
     terms_that_changed_meanwhile_stop_it_in_the_transaction_that_executes},
    {"goods that are invoiced back have a tax invoice",
     goods_that_are_invoiced_back_have_a_tax_invoice},
};

int main(void)
{
    return relay_run_tests("supplier_return", tests, ARRAY_LEN(tests));
}
