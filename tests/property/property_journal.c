/* SPDX-License-Identifier: Apache-2.0 */
/* Random days of a warehouse: what the folds hold after every commit is what a naive model holds
 * that knows nothing of SQL, and what a rebuild makes. Arguments: runs, and the first seed. */
#include "journal_case.h"

#include <inttypes.h>

#include "rng.h"

#define SKUS 3
#define BATCHES 3
#define BINS 3
#define DAYS 40
#define STEPS 400

static int64_t runs = 8;
static uint64_t first_seed = 1;

/* The model: plain arrays, no sums kept that could be added up. */
struct model {
    int64_t lots[SKUS][BATCHES][BINS][STOCK_STATUS_COUNT];
    int64_t sold[SKUS][DAYS];
    bool stocked[SKUS][DAYS]; /* sellable stock at some time of the day */
    int64_t done[SKUS];       /* picked for document "SO", line = SKU */
};

static int64_t sellable(const struct model *m, int sku)
{
    int64_t sum = 0;
    for (int b = 0; b < BATCHES; b++)
        for (int i = 0; i < BINS; i++)
            sum += m->lots[sku][b][i][STOCK_SELLABLE];
    return sum;
}

static void note_stocked(struct model *m, int day)
{
    for (int s = 0; s < SKUS; s++)
        if (sellable(m, s) > 0)
            m->stocked[s][day] = true;
}

static const char *const bins[BINS] = {"A", "B", "C"};

static struct entry about(enum entry_kind kind, int sku, int batch, int bin, int status)
{
    struct entry e = entry_new(kind);
    snprintf(e.sku, sizeof(e.sku), "S%d", sku);
    snprintf(e.batch.number, sizeof(e.batch.number), "B%d", batch);
    e.batch.expiry_day = batch == 0 ? CIVIL_NONE : CASE_DAY0 + 50 * batch;
    strcpy(e.bin, bins[bin]);
    e.status = status;
    return e;
}

enum step {
    STEP_RECEIVE,
    STEP_PICK,
    STEP_MOVE,
    STEP_RESTATE,
    STEP_COUNT,
    STEP_ADJUST,
    STEP_DISPATCH,
    STEP_RETURN,
    STEP_CORRECT,
    STEP_COUNT_OF_STEPS,
};

/* One random unit of entries, done to the model as it is said in words. Returns how many. */
static size_t step(struct rng *r, struct model *m, int day, struct entry unit[2])
{
    int sku = (int)rng_below(r, SKUS);
    int batch = (int)rng_below(r, BATCHES);
    int bin = (int)rng_below(r, BINS);
    int status = (int)rng_below(r, STOCK_STATUS_COUNT);
    int to = (int)rng_below(r, BINS);
    int status_to = (int)rng_below(r, STOCK_STATUS_COUNT);
    int batch_to = (int)rng_below(r, BATCHES);
    int64_t qty = 1 + (int64_t)rng_below(r, 12);
    int64_t *lot = &m->lots[sku][batch][bin][status];
    switch ((enum step)rng_below(r, STEP_COUNT_OF_STEPS)) {
    case STEP_RECEIVE:
        unit[0] = about(ENTRY_RECEIVED, sku, batch, bin, status);
        unit[0].qty = qty * 2;
        *lot += qty * 2;
        return 1;
    case STEP_PICK:
        unit[0] = about(ENTRY_PICKED, sku, batch, bin, STOCK_SELLABLE);
        unit[0].qty = qty;
        strcpy(unit[0].document, "SO");
        unit[0].line = sku;
        m->lots[sku][batch][bin][STOCK_SELLABLE] -= qty;
        m->sold[sku][day] += qty;
        m->done[sku] += qty;
        return 1;
    case STEP_MOVE:
        unit[0] = about(ENTRY_MOVED, sku, batch, bin, status);
        unit[0].qty = qty;
        strcpy(unit[0].bin_to, bins[to]);
        *lot -= qty;
        m->lots[sku][batch][to][status] += qty;
        return 1;
    case STEP_RESTATE:
        unit[0] = about(ENTRY_RESTATED, sku, batch, bin, status);
        unit[0].qty = qty;
        unit[0].status_to = status_to;
        strcpy(unit[0].reason, "damaged");
        *lot -= qty;
        m->lots[sku][batch][bin][status_to] += qty;
        return 1;
    case STEP_COUNT:
        unit[0] = about(ENTRY_COUNTED, sku, batch, bin, status);
        unit[0].expected = *lot;
        unit[0].observed = qty;
        *lot = qty;
        return 1;
    case STEP_ADJUST:
        unit[0] = about(ENTRY_ADJUSTED, sku, batch, bin, status);
        unit[0].qty = -qty;
        strcpy(unit[0].reason, "missing");
        *lot -= qty;
        return 1;
    case STEP_DISPATCH:
        unit[0] = about(ENTRY_DISPATCHED, sku, batch, bin, status);
        unit[0].qty = qty;
        strcpy(unit[0].document, "TR");
        strcpy(unit[0].party, "WH-2");
        *lot -= qty;
        return 1;
    case STEP_RETURN:
        unit[0] = about(ENTRY_RETURNED, sku, batch, bin, STOCK_QUARANTINE);
        unit[0].qty = qty;
        strcpy(unit[0].reason, "expired");
        m->lots[sku][batch][bin][STOCK_QUARANTINE] += qty;
        return 1;
    case STEP_CORRECT:
        unit[0] = about(ENTRY_CORRECTED_OUT, sku, batch, bin, status);
        unit[1] = about(ENTRY_CORRECTED_IN, sku, batch_to, bin, status);
        unit[0].qty = unit[1].qty = qty;
        strcpy(unit[0].reason, "wrong_batch");
        strcpy(unit[1].reason, "wrong_batch");
        *lot -= qty;
        m->lots[sku][batch_to][bin][status] += qty;
        return 2;
    case STEP_COUNT_OF_STEPS:
        break;
    }
    fail();
    return 0;
}

static void same_lots(struct journal *j, const struct model *m)
{
    for (int s = 0; s < SKUS; s++)
        for (int b = 0; b < BATCHES; b++)
            for (int i = 0; i < BINS; i++)
                for (int st = 0; st < STOCK_STATUS_COUNT; st++) {
                    struct entry e = about(ENTRY_PICKED, s, b, i, st);
                    int64_t qty = 0;
                    assert_int_equal(
                        journal_qty(j, e.sku, &e.batch, e.bin, (enum stock_status)st, &qty), 0);
                    assert_int_equal(qty, m->lots[s][b][i][st]);
                }
}

static void same_demand(struct journal *j, const struct model *m)
{
    for (int s = 0; s < SKUS; s++) {
        char sku[ENTRY_SKU_SIZE];
        snprintf(sku, sizeof(sku), "S%d", s);
        int64_t units[DAYS];
        uint8_t in_stock[DAYS];
        assert_int_equal(journal_demand(j, sku, CASE_DAY0, CASE_DAY0 + DAYS - 1, units, in_stock),
                         0);
        for (int d = 0; d < DAYS; d++) {
            assert_int_equal(units[d], m->sold[s][d]);
            assert_int_equal(in_stock[d], m->stocked[s][d]);
        }
        struct journal_sku_life life;
        assert_int_equal(journal_sku_life(j, sku, &life), 0);
        assert_int_equal(life.sellable, sellable(m, s));
        int64_t done = 0;
        assert_int_equal(journal_line_done(j, "SO", s, ENTRY_PICKED, &done), 0);
        assert_int_equal(done, m->done[s]);
    }
}

static int balanced(const struct journal_balance *b, void *context)
{
    (void)context;
    assert_int_equal(b->computed, b->held);
    return 0;
}

/* A day's steps in groups; some groups are taken back, and then never happened. */
static void run_days(struct journal_case *c, struct rng *r, struct model *m)
{
    for (int day = 0; day < DAYS; day++) {
        c->now = case_time(CASE_DAY0 + day, 0);
        note_stocked(m, day); /* what the night before left */
        int steps = (int)rng_below(r, 2 * STEPS / DAYS);
        struct model before = *m;
        for (int i = 0; i < steps; i++) {
            struct entry unit[2];
            size_t n = step(r, m, day, unit);
            case_append(c, unit, n);
            note_stocked(m, day);
            uint64_t throw = rng_below(r, 8);
            if (throw == 0) {
                journal_rollback(c->j);
                *m = before;
            } else if (throw < 4) {
                assert_int_equal(journal_commit(c->j), 0);
                before = *m;
            }
        }
        assert_int_equal(journal_commit(c->j), 0);
        same_lots(c->j, m);
    }
}

static void folds_are_the_model_and_a_rebuild(void **state)
{
    (void)state;
    for (int64_t i = 0; i < runs; i++) {
        uint64_t seed = first_seed + (uint64_t)i;
        print_message("seed %" PRIu64 "\n", seed);
        struct rng r = rng_seed(seed);
        static struct model m;
        m = (struct model){0};
        void *s = NULL;
        case_setup(&s);
        struct journal_case *c = s;
        run_days(c, &r, &m);
        same_demand(c->j, &m);
        assert_int_equal(journal_balances(c->j, balanced, NULL), 0);
        case_sound(c->j);
        same_lots(c->j, &m);
        same_demand(c->j, &m);
        case_teardown(&s);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        runs = strtol(argv[1], NULL, 10);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    if (runs < 1)
        return 2;
    const struct CMUnitTest tests[] = {cmocka_unit_test(folds_are_the_model_and_a_rebuild)};
    return cmocka_run_group_tests_name("property/journal", tests, NULL, NULL);
}
