/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Transfers under disorder, by seed: what both sites scan is drawn, the two journals are heard in
 * any interleaving, agents run or do not between, workers change, and processes die at any call of
 * the store. How it ends must follow from the facts alone. TRANSFER_SEEDS=N runs more seeds. */
#include "relay_world.h"

#include "relay_death.h"
#include "rng.h"
#include "transfer_saga.h"

#define STEPS_MAX 16
#define ORDERED 40

struct scan {
    enum entry_kind kind;
    int64_t qty;
    const char *reason;
};

struct tale { /* what happens at each end, in its order */
    struct scan out[STEPS_MAX], in[STEPS_MAX];
    size_t outs, ins;
    struct transfer_facts facts;
};

static int64_t below(struct rng *r, int64_t n)
{
    return (int64_t)rng_below(r, (uint64_t)n);
}

static void add(struct scan *list, size_t *n, enum entry_kind kind, int64_t qty, const char *reason)
{
    if (qty > 0 && *n < STEPS_MAX)
        list[(*n)++] = (struct scan){kind, qty, reason};
}

/* Some of it leaves in a few loads; what left is accounted for in parts, or not all of it. */
static struct tale draw(struct rng *r)
{
    struct tale t = {.facts.ordered = ORDERED};
    int64_t send = below(r, 4) == 0 ? below(r, ORDERED + 1) : ORDERED;
    while (t.facts.sent < send && t.outs < 4) {
        int64_t load = 1 + below(r, send - t.facts.sent);
        add(t.out, &t.outs, ENTRY_DISPATCHED, load, "");
        t.facts.sent += load;
    }
    if (t.facts.sent < ORDERED && below(r, 3) > 0) {
        t.facts.out_short = ORDERED - t.facts.sent;
        add(t.out, &t.outs, ENTRY_TASK_DONE, t.facts.out_short, "short");
    }
    int64_t left = below(r, 5) == 0 ? below(r, t.facts.sent + 1) : t.facts.sent;
    while (left > 0 && t.ins < 8) {
        int64_t part = 1 + below(r, left);
        int64_t how = below(r, 6);
        if (how == 0) {
            add(t.in, &t.ins, ENTRY_LOST, part, "short");
            t.facts.lost += part;
        } else {
            add(t.in, &t.ins, ENTRY_ARRIVED, part, how == 1 ? "damaged" : "");
            t.facts.arrived += part;
            t.facts.damaged += how == 1 ? part : 0;
        }
        left -= part;
    }
    return t;
}

static void play_one(struct world *w, const struct scan *s, const char *document, bool out)
{
    if (out)
        world_out(w, s->kind, document, s->qty, s->reason);
    else
        world_in(w, s->kind, document, s->qty, s->reason);
}

/* Another worker takes the tenant over: nothing but the store goes with it. */
static void change_worker(struct world *w)
{
    runtime_free(TAKE(w->r));
    world_runtime(w, world_movers, ARRAY_LEN(world_movers));
}

static void play(struct world *w, const struct tale *t, const char *document, struct rng *r)
{
    size_t o = 0, i = 0;
    while (o < t->outs || i < t->ins) {
        bool out = i == t->ins || (o < t->outs && below(r, 2) == 0);
        if (out)
            play_one(w, &t->out[o++], document, true);
        else
            play_one(w, &t->in[i++], document, false);
        if (below(r, 3) == 0)
            world_settle(w);
        if (below(r, 8) == 0)
            change_worker(w);
    }
    world_settle(w);
}

static void check_chain(struct world *w)
{
    struct event_verdict v;
    assert_int_equal(event_verify(w->s, &v), 0);
}

/* opened = on hand + in transit + damaged or lost, over the network. */
static void check_conserved(struct world *w, const struct transfer_facts *f)
{
    int64_t there = world_number(w, "SELECT CAST(coalesce(sum(qty), 0) AS BIGINT) FROM stock"
                                    " WHERE sku = 'BISC'");
    assert_true(there == 100 - f->sent + f->arrived);
}

static void check_outcome(struct world *w, const char *id, const char *case_id,
                          const struct transfer_facts *f)
{
    struct transfer_verdict v = transfer_judge(f);
    struct proposal p = world_proposal(w, id);
    struct recovery_case c = world_find_case(w, case_id);
    if (p.state != v.state)
        fail_msg("%s is %s, by its facts %s", id, proposal_state_name(p.state),
                 proposal_state_name(v.state));
    assert_true(c.moved_units == (v.step == TRANSFER_CLOSED ? v.done_units : 0));
    assert_int_equal(p.saga_step & TRANSFER_STEP_MASK, v.step);
    assert_true(world_number(w, "SELECT count(*) FROM order_line WHERE kind = 'transfer_out'"
                                " AND state = 'open'") == v.out_open);
    assert_true(world_number(w, "SELECT count(*) FROM order_line WHERE kind = 'transfer_in'"
                                " AND state = 'open'") == v.in_open);
    assert_true(world_number(w, "SELECT count(*) FROM paper") == 1);
    bool over = v.step == TRANSFER_CLOSED;
    assert_true(world_number(w, "SELECT count(*) FROM event WHERE type = 'ReallocationExecuted'") >=
                over);
    check_conserved(w, f);
    check_chain(w);
}

static int seeds(void)
{
    const char *n = getenv("TRANSFER_SEEDS");
    return n ? atoi(n) : 12;
}

static void begin(struct world *w, char case_id[RECOVERY_ID_SIZE], char id[PROPOSAL_ID_SIZE])
{
    world_case(w, "BISC", "B1", case_id);
    struct proposal p = world_draft(case_id, "BISC", "B1", "NASHIK", ORDERED);
    world_propose(w, &p, id);
    world_settle(w);
    assert_int_equal(world_proposal(w, id).state, PROPOSAL_EXECUTING);
}

static void how_it_ends_follows_from_the_facts_alone(void **state)
{
    for (int seed = 1; seed <= seeds(); seed++) {
        char tenant[32], id[PROPOSAL_ID_SIZE], case_id[RECOVERY_ID_SIZE];
        struct rng r = rng_seed((uint64_t)seed);
        struct tale t = draw(&r);
        snprintf(tenant, sizeof(tenant), "chaos-%d", seed);
        struct world w = world_new(state, tenant);
        begin(&w, case_id, id);
        char document[ENTRY_DOCUMENT_SIZE];
        snprintf(document, sizeof(document), "%s", world_proposal(&w, id).document);
        if (below(&r, 5) == 0) { /* the time to dispatch is over before anything is heard */
            world_days(&w, 4);
            t.facts.dispatch_late = true;
        }
        print_message("seed %d\n", seed);
        play(&w, &t, document, &r);
        check_outcome(&w, id, case_id, &t.facts);
        world_free(&w);
    }
}

/* ---- processes that die ---- */

struct run {
    const struct relay_case *c;
    const char *tenant;
    int64_t now_ms;
};

static void run_agents(void *context)
{
    const struct run *run = context;
    struct world w = {.s = relay_again(run->c, run->tenant), .now_ms = run->now_ms};
    world_runtime(&w, world_movers, ARRAY_LEN(world_movers));
    world_settle(&w);
    world_free(&w);
}

/* Dies again and again, each time a little later, until a step gets through. */
static int settle_through_deaths(const struct relay_case *c, const char *tenant, int64_t now_ms,
                                 int stride)
{
    struct run run = {c, tenant, now_ms};
    int deaths = 0;
    for (int n = 1; relay_death_at(n, run_agents, &run); n += stride)
        deaths++;
    return deaths;
}

static void deaths_at_every_call_change_nothing(void **state)
{
    const struct relay_case *c = *state;
    char id[PROPOSAL_ID_SIZE], case_id[RECOVERY_ID_SIZE];
    struct world w = world_new(state, "chaos-deaths");
    world_case(&w, "BISC", "B1", case_id);
    struct proposal p = world_draft(case_id, "BISC", "B1", "NASHIK", ORDERED);
    world_propose(&w, &p, id);
    int deaths = settle_through_deaths(c, "chaos-deaths", w.now_ms, 1);
    char document[ENTRY_DOCUMENT_SIZE];
    snprintf(document, sizeof(document), "%s", world_proposal(&w, id).document);
    assert_string_not_equal(document, "");
    world_out(&w, ENTRY_DISPATCHED, document, 36, "");
    world_out(&w, ENTRY_TASK_DONE, document, 4, "short");
    deaths += settle_through_deaths(c, "chaos-deaths", w.now_ms, 1);
    world_in(&w, ENTRY_ARRIVED, document, 30, "");
    world_in(&w, ENTRY_ARRIVED, document, 4, "damaged");
    world_in(&w, ENTRY_LOST, document, 2, "short");
    deaths += settle_through_deaths(c, "chaos-deaths", w.now_ms, 1);
    struct transfer_facts f = {
        .ordered = ORDERED, .sent = 36, .out_short = 4, .arrived = 34, .damaged = 4, .lost = 2};
    assert_true(deaths > 40);
    check_outcome(&w, id, case_id, &f);
    assert_true(world_number(&w, "SELECT count(*) FROM event WHERE type = 'ProposalStarted'") == 1);
    assert_true(
        world_number(&w, "SELECT count(*) FROM event WHERE type = 'ReallocationExecuted'") == 1);
    assert_true(world_number(&w, "SELECT next FROM number_series") == 2);
    world_free(&w);
}

static const struct relay_test tests[] = {
    {"how it ends follows from the facts alone", how_it_ends_follows_from_the_facts_alone},
    {"deaths at every call change nothing", deaths_at_every_call_change_nothing},
};

int main(void)
{
    return relay_run_tests("transfer_chaos", tests, ARRAY_LEN(tests));
}
