/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a way truly cost: entered once, corrected with a reason, and part of a transfer's actual
 * cost whenever it comes. */
#include "relay_world.h"

#include "true_cost.h"

static int say(struct world *w, const char *id, int64_t freight, int64_t handling,
               const char *paper, const char *reason, struct diag *why)
{
    char cause[32];
    snprintf(cause, sizeof(cause), "request:%d", ++w->requests);
    struct true_cost_said said = {.freight_paise = freight,
                                  .handling_paise = handling,
                                  .paper = paper,
                                  .reason = reason,
                                  .by = "user:meera",
                                  .cause = cause,
                                  .now_ms = w->now_ms};
    relay_begin(w->s, SQL_WRITE);
    int err = true_cost_enter(w->s, id, &said, why);
    if (err >= 0)
        relay_commit(w->s);
    else
        sql_rollback(w->s);
    return err;
}

/* Of 40 units at 8 rupees, by a way that was to cost 200 rupees, 150 of them freight. */
static void begin(struct world *w, char id[PROPOSAL_ID_SIZE])
{
    char c[RECOVERY_ID_SIZE];
    world_case(w, "BISC", "B1", c);
    struct proposal p = world_draft(c, "BISC", "B1", "NASHIK", 40);
    snprintf(p.inputs, sizeof(p.inputs), "{\"costPermille\":1000,\"freightPpm\":750000}");
    world_propose(w, &p, id);
    world_settle(w);
}

static void leave(struct world *w, const char *id, int64_t units)
{
    world_out(w, ENTRY_DISPATCHED, world_proposal(w, id).document, units, "");
    world_settle(w);
}

static void arrive(struct world *w, const char *id, int64_t units, int64_t lost)
{
    struct proposal p = world_proposal(w, id);
    world_in(w, ENTRY_ARRIVED, p.document, units, "");
    if (lost > 0)
        world_in(w, ENTRY_LOST, p.document, lost, "short");
    world_settle(w);
}

static int64_t cost(struct world *w, const char *id)
{
    return world_proposal(w, id).actual_cost_paise;
}

static void it_is_entered_once_and_corrected_with_a_reason(void **state)
{
    char id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tc-once");
    begin(&w, id);
    assert_int_equal(say(&w, id, 16000, 900, "LR-881", "", &why), -EPERM);
    leave(&w, id, 40);
    arrive(&w, id, 40, 0);
    assert_true(cost(&w, id) == 20000); /* nobody has said more yet */
    assert_int_equal(say(&w, id, 16000, 900, "LR-881", "", &why), 0);
    assert_true(cost(&w, id) == 5000 + 16900);
    assert_int_equal(say(&w, id, 16000, 900, "LR-881", "", &why), 1);
    assert_int_equal(say(&w, id, 17000, 900, "LR-881", "", &why), -EINVAL);
    assert_non_null(strstr(why.text, "reason"));
    assert_int_equal(say(&w, id, 17000, 900, "LR-881", "detention was billed later", &why), 0);
    assert_true(cost(&w, id) == 5000 + 17900);
    assert_int_equal(say(&w, id, -1, 0, "LR-881", "x", &why), -EINVAL);
    assert_int_equal(say(&w, id, 0, 0, "", "x", &why), -EINVAL);
    assert_int_equal(say(&w, "P999", 0, 0, "LR", "x", &why), -ENOENT);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'FreightEntered'"),
                     2);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'FreightEntered'"
                                      " AND actor = 'user:meera' AND body LIKE"
                                      " '%\"freightPaise\":17000%\"predictedPaise\":15000%"
                                      "\"beforeFreightPaise\":16000%\"actualCostPaise\":22900%"
                                      "\"why\":\"detention was billed later\"%'"),
                     1);
    world_free(&w);
}

static void what_was_lost_is_added_whenever_the_freight_is_entered(void **state)
{
    struct diag why = {0};
    char before[PROPOSAL_ID_SIZE], behind[PROPOSAL_ID_SIZE];
    struct world w = world_new(state, "tc-lost");
    begin(&w, before);
    leave(&w, before, 40);
    assert_int_equal(say(&w, before, 16000, 900, "LR-1", "", &why), 0);
    arrive(&w, before, 35, 5);
    assert_true(cost(&w, before) == 5000 + 16900 + 5 * 800);
    world_free(&w);
    struct world v = world_new(state, "tc-lost-2");
    begin(&v, behind);
    leave(&v, behind, 40);
    arrive(&v, behind, 35, 5);
    assert_true(cost(&v, behind) == 20000 + 5 * 800);
    assert_int_equal(say(&v, behind, 16000, 900, "LR-1", "", &why), 0);
    assert_true(cost(&v, behind) == 5000 + 16900 + 5 * 800);
    world_free(&v);
}

static void an_offer_has_no_way(void **state)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    struct diag why = {0};
    struct world w = world_new(state, "tc-other");
    world_case(&w, "BISC", "B1", c);
    struct proposal p = world_draft(c, "BISC", "B1", "", 30);
    p.action = PROPOSAL_WRITE_OFF;
    world_propose(&w, &p, id);
    assert_int_equal(say(&w, id, 1, 1, "LR-1", "", &why), -ENOENT);
    world_free(&w);
}

static const struct relay_test tests[] = {
    {"it is entered once and corrected with a reason",
     it_is_entered_once_and_corrected_with_a_reason},
    {"what was lost is added whenever the freight is entered",
     what_was_lost_is_added_whenever_the_freight_is_entered},
    {"what is no transfer has no way", an_offer_has_no_way},
};

int main(void)
{
    return relay_run_tests("true_cost", tests, ARRAY_LEN(tests));
}
