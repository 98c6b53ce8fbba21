/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What earlier transfers teach: over simulated outcomes, and read from a store. */
#include "relay_world.h"

#include "learning.h"
#include "rng.h"

/* ---- simulated outcomes ---- */

#define TRANSFERS 60
#define SPAN 15 /* transfers at the beginning and at the end that are compared */

/* A site where so much of what is predicted comes, within a fifth: errors of the first and of the
 * last predictions, in permille of what came. */
static void play(uint64_t seed, int64_t truth_permille, int64_t *ret_first, int64_t *ret_last,
                 struct learning_sum *ret_sum)
{
    struct rng rng = rng_seed(seed);
    struct learning_sum sum = {0};
    int64_t off[2] = {0}, came[2] = {0};
    for (int i = 0; i < TRANSFERS; i++) {
        int64_t raw = 100000 + (int64_t)rng_below(&rng, 400000);
        int64_t with = learning_permille(&sum);
        int64_t predicted = raw * with / 1000;
        int64_t actual = raw * truth_permille / 1000 * (800 + (int64_t)rng_below(&rng, 401)) / 1000;
        int late = i >= TRANSFERS - SPAN;
        if (i < SPAN || late) {
            off[late] += predicted > actual ? predicted - actual : actual - predicted;
            came[late] += actual;
        }
        assert_in_range(with, LEARNING_LEAST, LEARNING_MOST);
        learning_add(&sum, predicted, with, actual);
    }
    *ret_first = off[0] * 1000 / came[0];
    *ret_last = off[1] * 1000 / came[1];
    *ret_sum = sum;
}

static void predictions_come_nearer_to_what_comes(void **state)
{
    (void)state;
    static const int64_t truths[] = {550, 650, 800, 1250, 1400};
    for (size_t t = 0; t < ARRAY_LEN(truths); t++) {
        int64_t all_first = 0, all_last = 0;
        for (uint64_t seed = 1; seed <= 20; seed++) {
            int64_t first = 0, last = 0;
            struct learning_sum sum;
            play(seed, truths[t], &first, &last, &sum);
            all_first += first;
            all_last += last;
            assert_true(last < 170); /* what comes varies by a fifth: 100 on average */
        }
        print_message("truth %d permille: error %d permille at first, %d at last\n", (int)truths[t],
                      (int)all_first / 20, (int)all_last / 20);
        assert_true(all_last < all_first);
    }
}

static void it_stays_within_bounds_and_moves_little_at_first(void **state)
{
    (void)state;
    int64_t first = 0, last = 0;
    struct learning_sum sum;
    play(1, 50, &first, &last, &sum);
    assert_int_equal(learning_permille(&sum), LEARNING_LEAST);
    play(1, 4000, &first, &last, &sum);
    assert_int_equal(learning_permille(&sum), LEARNING_MOST);
    sum = (struct learning_sum){0};
    assert_int_equal(learning_permille(&sum), LEARNING_AS_PREDICTED);
    learning_add(&sum, 100000, 1000, 0); /* one bad outcome of five that count */
    assert_int_equal(learning_permille(&sum), 800);
    learning_add(&sum, 0, 1000, 500); /* nothing was predicted: it teaches nothing */
    assert_int_equal(learning_permille(&sum), 800);
}

/* ---- from a store ---- */

static void ended(struct world *w, int64_t days_ago, const char *state, const char *by,
                  int64_t revenue, int64_t cost)
{
    char c[RECOVERY_ID_SIZE], id[PROPOSAL_ID_SIZE];
    world_case(w, "BISC", "B1", c);
    struct proposal p = world_draft(c, "BISC", "B1", "NASHIK", 40); /* 36,000 and 20,000 paise */
    world_propose(w, &p, id);
    relay_begin(w->s, SQL_WRITE);
    {
        AUTO(sql_query)
        q = sql_query(w->s, "UPDATE proposal SET state = $2, decided_by = $3, decided_ms = $4,"
                            " done_units = units, actual_revenue_paise = $5,"
                            " actual_cost_paise = $6 WHERE proposal_id = $1");
        sql_bind_text(q, 1, id);
        sql_bind_text(q, 2, state);
        sql_bind_text(q, 3, by);
        sql_bind_int(q, 4, w->now_ms - days_ago * CIVIL_MS_PER_DAY);
        sql_bind_int(q, 5, revenue);
        sql_bind_int(q, 6, cost);
        assert_int_equal(sql_run(q), 0);
    }
    relay_commit(w->s);
}

static struct learning *learn(struct world *w)
{
    struct learning *l = NULL;
    AUTO(setting_book) book = NULL;
    relay_begin(w->s, SQL_READ);
    assert_int_equal(setting_book_read(w->s, &book), 0);
    struct agent_step step = {.s = w->s, .settings = book, .now_ms = w->now_ms, .today = WORLD_DAY};
    assert_int_equal(learning_read(&step, &l), 0);
    sql_rollback(w->s);
    return l;
}

static void outcomes_of_a_site_and_of_a_way_teach_it(void **state)
{
    struct world w = world_new(state, "learn");
    for (int i = 0; i < 4; i++)
        ended(&w, 60 + i, "done", "user:meera", 18000, 30000); /* half the sales, half more cost */
    ended(&w, 2, "done", "user:meera", 0, 20000); /* not yet sold: no word about sales */
    ended(&w, 70, "rejected", "user:meera", 0, 0);
    ended(&w, 71, "rejected", "agent:compliance", 0, 0); /* nobody was asked */
    AUTO(learning) l = learn(&w);
    assert_int_equal(learning_sales(l, "NASHIK"), 750);
    assert_int_equal(learning_cost(l, "PUNE", "NASHIK"), 1222); /* 140 of 100, five of nine */
    assert_int_equal(learning_agreement(l, "NASHIK"), 900);
    assert_int_equal(learning_sales(l, "DELHI"), LEARNING_AS_PREDICTED);
    assert_int_equal(learning_cost(l, "NASHIK", "PUNE"), LEARNING_AS_PREDICTED);
    world_free(&w);
}

/* Says of every transfer so far what its freight was. */
static void enter_freight(struct world *w, int64_t paise)
{
    relay_begin(w->s, SQL_WRITE);
    {
        AUTO(sql_query)
        q = sql_query(w->s, "INSERT INTO true_cost(proposal_id, version, freight_paise,"
                            " handling_paise, paper, made_ms, made_by, reason) SELECT proposal_id,"
                            " 1, $1 - 1000, 1000, 'LR', 0, '', '' FROM proposal");
        sql_bind_int(q, 1, paise);
        assert_int_equal(sql_run(q), 0);
    }
    relay_commit(w->s);
}

static void freight_that_was_entered_teaches_what_a_way_costs(void **state)
{
    struct world w = world_new(state, "freight");
    for (int i = 0; i < 4; i++)
        ended(&w, 60 + i, "done", "user:meera", 18000, 30000); /* 20000 were predicted */
    enter_freight(&w, 30000);
    AUTO(learning) l = learn(&w);
    assert_int_equal(learning_cost(l, "PUNE", "NASHIK"), 1250); /* half more, four of eight */
    ended(&w, 2, "done", "user:meera", 0, 20000); /* nobody has said: no word about freight */
    AUTO(learning) again = learn(&w);
    assert_int_equal(learning_cost(again, "PUNE", "NASHIK"), 1250);
    world_free(&w);
}

/* A way that costs so much by its papers: each plan is made with what was learnt, and the factor is
 * not pulled back by its own predictions. */
static void predictions_of_a_way_come_nearer_to_its_papers(void **state)
{
    (void)state;
    static const int64_t truths[] = {600, 850, 1000, 1300, 1450};
    for (size_t t = 0; t < ARRAY_LEN(truths); t++) {
        struct learning_way way = {.lost = {0}};
        int64_t off[2] = {0};
        for (int i = 0; i < TRANSFERS; i++) {
            int64_t with = learning_way_permille(&way), predicted = 20000 * with / 1000;
            int64_t paid = 20 * truths[t];
            if (i < SPAN || i >= TRANSFERS - SPAN)
                off[i >= SPAN] += predicted > paid ? predicted - paid : paid - predicted;
            learning_add(&way.freight, predicted, with, paid);
            learning_add(&way.lost, predicted, with, 0);
        }
        assert_true(off[1] <= off[0] && off[1] < SPAN * 20000 / 10);
    }
}

static void it_can_be_forgotten_and_switched_off(void **state)
{
    struct world w = world_new(state, "forget");
    for (int i = 0; i < 4; i++)
        ended(&w, 60 + i, "done", "user:meera", 18000, 30000);
    world_set(&w, "learning.since", "20261201");
    AUTO(learning) forgotten = learn(&w);
    assert_int_equal(learning_sales(forgotten, "NASHIK"), LEARNING_AS_PREDICTED);
    world_set(&w, "learning.since", "20261001");
    AUTO(learning) known = learn(&w);
    assert_int_equal(learning_sales(known, "NASHIK"), 750);
    world_set(&w, "learning.on", "false");
    AUTO(learning) off = learn(&w);
    assert_int_equal(learning_sales(off, "NASHIK"), LEARNING_AS_PREDICTED);
    world_free(&w);
}

static const struct relay_test tests[] = {
    {"predictions come nearer to what comes", predictions_come_nearer_to_what_comes},
    {"predictions of a way come nearer to its papers",
     predictions_of_a_way_come_nearer_to_its_papers},
    {"freight that was entered teaches what a way costs",
     freight_that_was_entered_teaches_what_a_way_costs},
    {"it stays within bounds and moves little at first",
     it_stays_within_bounds_and_moves_little_at_first},
    {"outcomes of a site and of a way teach it", outcomes_of_a_site_and_of_a_way_teach_it},
    {"it can be forgotten and switched off", it_can_be_forgotten_and_switched_off},
};

int main(void)
{
    return relay_run_tests("learning", tests, ARRAY_LEN(tests));
}
