/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes together from one site to another: one document with its e-way bill, one least load,
 * and what becomes of the rest when a part falls away. */
#include "relay_death.h"
#include "relay_world.h"

#include "consignment.h"
#include "transfer_saga.h"

/* A second batch, goods that weigh a kilogram a piece, and a lorry that must carry so much. */
static struct world begin(void **state, const char *tenant, int least_kg, int trucks_kg)
{
    static const char body[] = "sku,name,category,hsn,unit,expiry_kind,shelf_life_days,outlet_days,"
                               "cost,price,mrp,piece_units,weight_g\n"
                               "BISC,Biscuits,biscuits,19053100,piece,best_before,180,30,8,9,10,1,"
                               "1000\n";
    struct world w = world_new(state, tenant);
    world_stock(&w, "wh-p", "PUNE", "BISC", "B2", 100);
    relay_begin(w.s, SQL_WRITE);
    {
        AUTO(sql_query)
        q = sql_query(w.s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by,"
                           " bytes, body) VALUES('*', 'catalogue', 2, $1, 0, 'user:x', 0, $1)");
        sql_bind_bytes(q, 1, body, sizeof(body) - 1);
        assert_int_equal(sql_run(q), 0);
        AUTO(sql_query)
        l = sql_query(w.s, "UPDATE lane SET least_kg = $1, kg_a_truck = $2, trucks = 1");
        sql_bind_int(l, 1, least_kg);
        sql_bind_int(l, 2, trucks_kg);
        assert_int_equal(sql_run(l), 0);
    }
    relay_commit(w.s);
    return w;
}

struct pair {
    char case_id[2][RECOVERY_ID_SIZE];
    char id[2][PROPOSAL_ID_SIZE];
};

/* Forty of each batch, from Pune to Nashik. */
static struct pair propose_two(struct world *w)
{
    static const char *const batch[] = {"B1", "B2"};
    struct pair two;
    for (int i = 0; i < 2; i++) {
        world_case(w, "BISC", batch[i], two.case_id[i]);
        struct proposal p = world_draft(two.case_id[i], "BISC", batch[i], "NASHIK", 40);
        world_propose(w, &p, two.id[i]);
    }
    world_settle(w);
    return two;
}

static void decide(struct world *w, const char *id, enum proposal_decision decision)
{
    struct diag why = {0};
    if (world_decide(w, id, decision, "user:meera", 0, &why) < 0)
        fail_msg("%s: %s", id, why.text);
    world_settle(w);
}

static void expect(struct world *w, const struct pair *two, enum proposal_state first,
                   enum proposal_state second)
{
    assert_string_equal(proposal_state_name(world_proposal(w, two->id[0]).state),
                        proposal_state_name(first));
    assert_string_equal(proposal_state_name(world_proposal(w, two->id[1]).state),
                        proposal_state_name(second));
}

static void leave(struct world *w, const char *id, const char *batch, int64_t qty, const char *kind)
{
    bool short_of = strcmp(kind, "short") == 0;
    struct entry e = world_entry(short_of ? ENTRY_TASK_DONE : ENTRY_DISPATCHED, "BISC", batch, qty);
    struct proposal p = world_proposal(w, id);
    snprintf(e.document, sizeof(e.document), "%s", p.document);
    e.line = 1;
    snprintf(e.party, sizeof(e.party), "NASHIK");
    if (short_of) {
        e.bin[0] = '\0';
        e.batch = (struct batch_key){.expiry_day = CIVIL_NONE};
        snprintf(e.reason, sizeof(e.reason), "short");
    }
    world_scan(w, "wh-p", "PUNE", &e);
}

static int64_t count(struct world *w, const char *text)
{
    return world_number(w, text);
}

/* ---- one document ---- */

static void lines_of_one_way_stand_under_one_number(void **state)
{
    struct world w = begin(state, "co-number", 0, 2500);
    struct pair two = propose_two(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_EXECUTING);
    assert_true(count(&w, "SELECT count(*) FROM paper") == 2);
    assert_true(count(&w, "SELECT count(DISTINCT number) FROM paper") == 1);
    leave(&w, two.id[0], "B1", 40, "");
    world_settle(&w);
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    world_case(&w, "BISC", "B2", c);
    struct proposal later = world_draft("", "BISC", "B2", "NASHIK", 10);
    world_propose(&w, &later, id);
    world_settle(&w);
    assert_int_equal(world_proposal(&w, id).state, PROPOSAL_EXECUTING);
    assert_true(count(&w, "SELECT count(DISTINCT number) FROM paper") == 2);
    world_free(&w);
}

static void an_eway_bill_is_for_all_that_goes_together(void **state)
{
    struct world w = begin(state, "co-eway", 0, 2500);
    world_set(&w, "eway.limit_paise", "63999"); /* each line 32,000 paise */
    struct pair two = propose_two(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_EXECUTING);
    assert_true(count(&w, "SELECT count(*) FROM paper WHERE eway = 'required'") == 2);
    leave(&w, two.id[1], "B2", 40, "short");
    world_settle(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_FAILED);
    assert_true(count(&w, "SELECT count(*) FROM paper WHERE state = 'issued'"
                          " AND eway = 'not_required'") == 1);
    world_free(&w);
}

static void what_the_bill_needs_is_asked_of_each_part(void **state)
{
    struct world w = begin(state, "co-pin", 0, 2500);
    relay_begin(w.s, SQL_WRITE);
    AUTO(sql_query) q = sql_query(w.s, "UPDATE site SET pincode = '' WHERE site = 'NASHIK'");
    assert_int_equal(sql_run(q), 0);
    sql_query_free(TAKE(q));
    relay_commit(w.s);
    world_set(&w, "eway.limit_paise", "63999");
    struct pair two = propose_two(&w);
    expect(&w, &two, PROPOSAL_PROPOSED, PROPOSAL_PROPOSED);
    for (int i = 0; i < 2; i++)
        assert_string_equal(world_proposal(&w, two.id[i]).compliance, "requires_review:pincode");
    world_free(&w);
}

/* ---- one least load ---- */

static void it_waits_for_what_is_to_go_with_it(void **state)
{
    struct world w = begin(state, "co-wait", 60, 2500);
    world_set(&w, "autonomy.on", "false");
    struct pair two = propose_two(&w);
    decide(&w, two.id[0], PROPOSAL_APPROVE);
    expect(&w, &two, PROPOSAL_APPROVED, PROPOSAL_PROPOSED);
    assert_true(count(&w, "SELECT count(*) FROM event WHERE type = 'TransferWaits'") == 1);
    assert_true(count(&w, "SELECT count(*) FROM order_line") == 0);
    decide(&w, two.id[1], PROPOSAL_APPROVE);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_EXECUTING);
    world_free(&w);
}

static void a_rejected_part_lets_the_rest_fall(void **state)
{
    struct world w = begin(state, "co-reject", 60, 2500);
    world_set(&w, "autonomy.on", "false");
    struct pair two = propose_two(&w);
    decide(&w, two.id[0], PROPOSAL_APPROVE);
    decide(&w, two.id[1], PROPOSAL_REJECT);
    expect(&w, &two, PROPOSAL_FAILED, PROPOSAL_REJECTED);
    assert_int_equal(world_find_case(&w, two.case_id[0]).state, RECOVERY_ASSESSED);
    assert_true(count(&w, "SELECT count(*) FROM order_line") == 0);
    world_free(&w);
}

static void a_short_part_calls_the_rest_off_before_it_leaves(void **state)
{
    struct world w = begin(state, "co-short", 60, 2500);
    struct pair two = propose_two(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_EXECUTING);
    leave(&w, two.id[1], "B2", 40, "short");
    world_settle(&w);
    expect(&w, &two, PROPOSAL_FAILED, PROPOSAL_FAILED);
    assert_true(count(&w, "SELECT count(*) FROM order_line WHERE state = 'open'") == 0);
    assert_true(count(&w, "SELECT count(*) FROM paper WHERE state = 'issued'") == 0);
    assert_int_equal(world_find_case(&w, two.case_id[0]).state, RECOVERY_ASSESSED);
    world_free(&w);
}

static void once_something_has_left_the_lorry_goes(void **state)
{
    struct world w = begin(state, "co-left", 60, 2500);
    struct pair two = propose_two(&w);
    leave(&w, two.id[0], "B1", 40, "");
    world_settle(&w);
    leave(&w, two.id[1], "B2", 40, "short");
    world_settle(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_FAILED);
    world_free(&w);
}

static void what_is_too_much_for_the_lorries_goes_when_others_have_left(void **state)
{
    struct world w = begin(state, "co-full", 0, 50);
    struct pair two = propose_two(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_APPROVED);
    leave(&w, two.id[0], "B1", 40, "");
    world_settle(&w);
    expect(&w, &two, PROPOSAL_EXECUTING, PROPOSAL_EXECUTING);
    world_free(&w);
}

/* ---- processes that die ---- */

struct life {
    const struct relay_case *c;
    int64_t now_ms;
};

static void settle_in_child(void *context)
{
    const struct life *l = context;
    struct world w = {.s = relay_again(l->c, "co-deaths"), .now_ms = l->now_ms};
    world_runtime(&w, world_movers, ARRAY_LEN(world_movers));
    world_settle(&w);
    world_free(&w);
}

static void deaths_while_it_is_called_off_change_nothing(void **state)
{
    struct world w = begin(state, "co-deaths", 60, 2500);
    struct pair two = propose_two(&w);
    leave(&w, two.id[1], "B2", 40, "short");
    struct life life = {*state, w.now_ms};
    int deaths = 0;
    for (int n = 1; relay_death_at(n, settle_in_child, &life); n++)
        deaths++;
    assert_true(deaths > 20);
    expect(&w, &two, PROPOSAL_FAILED, PROPOSAL_FAILED);
    assert_true(count(&w, "SELECT count(*) FROM order_line WHERE state = 'open'") == 0);
    assert_true(count(&w, "SELECT count(*) FROM event WHERE type = 'ProposalFailed'") == 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(world_find_case(&w, two.case_id[i]).state, RECOVERY_ASSESSED);
    world_free(&w);
}

/* ---- the judgement itself ---- */

static void the_judgement_by_loads(void **state)
{
    (void)state;
    static const struct {
        struct consignment_load load;
        enum consignment_verdict want;
    } rows[] = {
        {{100, 0, 0, 0, 0}, CONSIGNMENT_GOES}, /* nobody has said what the lane takes */
        {{0, 100, 1000, 1, 500}, CONSIGNMENT_GOES},   {{500, 0, 1000, 1, 500}, CONSIGNMENT_GOES},
        {{499, 0, 1000, 1, 500}, CONSIGNMENT_FALLS},  {{499, 1, 1000, 1, 500}, CONSIGNMENT_WAITS},
        {{1001, 0, 1000, 1, 0}, CONSIGNMENT_WAITS},   {{1001, 0, 1000, 2, 500}, CONSIGNMENT_GOES},
        {{1001, 0, 1000, 2, 501}, CONSIGNMENT_FALLS},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(consignment_judge(&rows[i].load), rows[i].want);
}

static const struct relay_test tests[] = {
    {"lines of one way stand under one number", lines_of_one_way_stand_under_one_number},
    {"an e-way bill is for all that goes together", an_eway_bill_is_for_all_that_goes_together},
    {"what the bill needs is asked of each part", what_the_bill_needs_is_asked_of_each_part},
    {"it waits for what is to go with it", it_waits_for_what_is_to_go_with_it},
    {"a rejected part lets the rest fall", a_rejected_part_lets_the_rest_fall},
    {"a short part calls the rest off before it leaves",
     a_short_part_calls_the_rest_off_before_it_leaves},
    {"once something has left the lorry goes", once_something_has_left_the_lorry_goes},
    {"what is too much for the lorries goes when others have left",
     what_is_too_much_for_the_lorries_goes_when_others_have_left},
    {"deaths while it is called off change nothing", deaths_while_it_is_called_off_change_nothing},
    {"the judgement by loads", the_judgement_by_loads},
};

int main(void)
{
    return relay_run_tests("consignment", tests, ARRAY_LEN(tests));
}
