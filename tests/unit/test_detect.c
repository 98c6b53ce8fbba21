/* SPDX-License-Identifier: Apache-2.0 */
/* The appliance's own judgement, over a real journal in a folder of its own. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "civil.h"
#include "detect.h"
#include "journal_stock.h"
#include "master.h"
#include "opening.h"
#include "scratch.h"

#define DAY_ZERO 20700 /* 2026-09-04 */

static const char catalogue[] =
    "sku,name,category,hsn,unit,expiry_kind,shelf_life_days,outlet_days,needs,cost,mrp,volume_ml\n"
    "FAST,Fast biscuits,biscuits,19053100,piece,best_before,180,10,expiry,8.00,10.00,200\n"
    "IDLE,Idle soap,soap,,piece,use_by,900,30,expiry,20.00,30.00,100\n"
    "SHORT,Short cake,cakes,19053100,piece,best_before,60,5,expiry,15.00,20.00,300\n";
static const char bins[] = "bin,kind,volume_ml,walk\nA-01,rack,0,1\nA-02,rack,0,2\n";

struct world {
    struct scratch scratch;
    struct journal *journal;
    struct detect *detect;
    struct journal_time time;
};

static void set_day(struct world *w, int32_t day)
{
    w->time = (struct journal_time){.wall_ms = civil_ist_start_ms(DAY_ZERO + day) + 43200000,
                                    .mono_ms = (int64_t)(day + 1000) * 86400000,
                                    .boot = 1,
                                    .trust = CLOCK_NTP};
}

static void open_journal(struct world *w)
{
    struct journal_conf conf = {.path = scratch_path(&w->scratch, "journal.db"),
                                .origin = {"t", "d", 1},
                                .site = "s",
                                .vfs = NULL};
    struct journal_opening opening;
    struct diag why = {0};
    assert_int_equal(journal_open(&conf, &w->time, &opening, &why, &w->journal), 0);
}

static void open_detect(struct world *w, int32_t day)
{
    struct detect_conf conf = detect_conf_default();
    conf.skus_max = 8;
    conf.batches_max = 32;
    struct diag why = {0};
    assert_int_equal(detect_open(&conf, w->journal, DAY_ZERO + day, &why, &w->detect), 0);
}

static void commit(struct world *w)
{
    assert_int_equal(journal_commit(w->journal), 0);
    detect_committed(w->detect, true);
}

static void sweep(struct world *w, int32_t day)
{
    set_day(w, day);
    detect_begin_day(w->detect, DAY_ZERO + day);
    int left = 1;
    while (left > 0) {
        left = detect_step(w->detect, &w->time, 2);
        assert_true(left >= 0);
        commit(w);
    }
}

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    w->scratch = scratch_new();
    set_day(w, 0);
    open_journal(w);
    struct diag why = {0};
    assert_int_equal(master_apply(w->journal, &w->time, DOCUMENT_CATALOGUE, 1, catalogue,
                                  strlen(catalogue), &why),
                     0);
    assert_int_equal(master_apply(w->journal, &w->time, DOCUMENT_BINS, 1, bins, strlen(bins), &why),
                     0);
    assert_int_equal(journal_commit(w->journal), 0);
    /* 2026-09-04 + 150, 900, 20 and 40 days */
    const char *opening = "bin,sku,batch,made,expiry,mrp,qty\n"
                          "A-01,FAST,F1,,2027-02-01,,600\n"
                          "A-01,IDLE,I1,,2029-02-20,,50\n"
                          "A-02,SHORT,S1,,2026-09-24,,40\n"
                          "A-01,SHORT,S2,,2026-10-14,,400\n";
    assert_int_equal(opening_import(w->journal, &w->time, opening, strlen(opening), &why), 4);
    open_detect(w, 0);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    detect_free(w->detect);
    journal_free(w->journal);
    scratch_remove(&w->scratch);
    free(w);
    return 0;
}

static void pick(struct world *w, const char *sku, const char *number, const char *expiry,
                 const char *bin, int64_t qty)
{
    struct entry e = entry_new(ENTRY_PICKED);
    strcpy(e.sku, sku);
    strcpy(e.batch.number, number);
    assert_int_equal(civil_parse(expiry, &e.batch.expiry_day), 0);
    strcpy(e.bin, bin);
    e.qty = qty;
    int64_t seq = 0;
    struct diag why = {0};
    assert_int_equal(journal_append(w->journal, &w->time, &e, 1, &why, &seq), 0);
    assert_int_equal(detect_sku(w->detect, sku, &w->time), 0);
    commit(w);
}

struct counted {
    int count;
    const char *reason;
    const char *sku;
    enum entry_kind kind;
    int32_t line;
};

static int count_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                       const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct counted *c = context;
    c->count += e->kind == (int32_t)c->kind && strcmp(e->reason, c->reason) == 0 &&
                strcmp(e->sku, c->sku) == 0 && (c->line == 0 || e->line == c->line);
    return 0;
}

static int entries(struct world *w, enum entry_kind kind, const char *sku, const char *reason,
                   int32_t line)
{
    struct counted c = {.reason = reason, .sku = sku, .kind = kind, .line = line};
    assert_int_equal(journal_read(w->journal, 1, count_entry, &c), 0);
    return c.count;
}

struct found {
    char sku[ENTRY_SKU_SIZE];
    struct detect_batch batches[8];
    size_t count;
};

static int keep_batch(const struct detect_batch *b, void *context)
{
    struct found *f = context;
    f->batches[f->count++] = *b;
    return 0;
}

/* 90 days: FAST sells 6 a day, SHORT 1, IDLE nothing. */
static void live(struct world *w, int32_t from, int32_t to)
{
    for (int32_t day = from; day < to; day++) {
        sweep(w, day);
        if (day < 95)
            pick(w, "FAST", "F1", "2027-02-01", "A-01", 6);
        if (day < 20)
            pick(w, "SHORT", "S1", "2026-09-24", "A-02", 1);
    }
}

static void stock_that_sells_is_not_flagged(void **state)
{
    struct world *w = *state;
    live(w, 0, 60);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "FAST", "dead", 0), 0);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "FAST", "slow_moving", 0), 0);
    struct found f = {.count = 0};
    assert_int_equal(detect_batches_of(w->detect, "FAST", keep_batch, &f), 0);
    assert_int_equal(f.count, 1);
    assert_int_equal(f.batches[0].units, 240);
    assert_int_equal(f.batches[0].risk.state, EXPIRY_SELLS);
}

static void a_sku_that_never_sells_dies_once(void **state)
{
    struct world *w = *state;
    live(w, 0, 120);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "IDLE", "dead", 0), 1);
    assert_int_equal(entries(w, ENTRY_ALERTED, "IDLE", "dead_stock", 0), 1);
    struct detect_total t = detect_total(w->detect, "soap");
    assert_int_equal(t.dead_skus, 1);
    assert_int_equal(t.landed_paise, 50 * 2000);
    assert_true(t.impact.total_paise > 0);
}

static void a_batch_that_will_not_sell_is_flagged_before_it_expires(void **state)
{
    struct world *w = *state;
    live(w, 0, 15);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "SHORT", "at_risk", 0), 2);
    struct found f = {.count = 0};
    assert_int_equal(detect_batches_at_risk(w->detect, 8, keep_batch, &f), 0);
    assert_true(f.count >= 2);
    assert_string_equal(f.batches[0].sku, "SHORT"); /* S2: most of 400 units will be left */
    assert_string_equal(f.batches[0].key.number, "S2");
    assert_true(f.batches[0].risk.at_risk_units > 300);
    /* Biscuits of September 2026 carry 5 %: so much credit goes with what is destroyed. */
    assert_in_range(f.batches[0].risk.credit_paise, f.batches[0].risk.landed_paise / 20 - 1,
                    f.batches[0].risk.landed_paise / 20 + 1);
    for (size_t i = 1; i < f.count; i++)
        assert_true(f.batches[i].risk.total_paise <= f.batches[i - 1].risk.total_paise);
}

static void each_crossing_alerts_once_and_only_while_there_is_stock(void **state)
{
    struct world *w = *state;
    live(w, 0, 19);
    /* S1 expires on day 20: it began below 30, and crossed 14, 7 and 1. */
    assert_int_equal(entries(w, ENTRY_ALERTED, "SHORT", "expiry", 14), 1);
    assert_int_equal(entries(w, ENTRY_ALERTED, "SHORT", "expiry", 1), 0);
    sweep(w, 19);
    sweep(w, 19);
    assert_int_equal(entries(w, ENTRY_ALERTED, "SHORT", "expiry", 1), 1);
    live(w, 20, 39);
    assert_int_equal(entries(w, ENTRY_ALERTED, "FAST", "expiry", 0), 0);
}

struct standing {
    struct world *world;
    int all;
    int standing;
};

static int count_standing(const struct journal_alert *a, void *context)
{
    struct standing *s = context;
    s->all++;
    s->standing += detect_alert_stands(s->world->detect, &a->alert);
    return 0;
}

static void an_alert_stands_while_it_asks_for_something(void **state)
{
    struct world *w = *state;
    live(w, 0, 14); /* S1 crossed 30 and 14 and 7, S2 crossed 30 */
    struct standing s = {.world = w};
    assert_int_equal(journal_alerts(w->journal, count_standing, &s), 0);
    assert_int_equal(s.all, 4);
    assert_int_equal(s.standing, 2);
    pick(w, "SHORT", "S1", "2026-09-24", "A-02", 26); /* S1 sells out */
    s = (struct standing){.world = w};
    assert_int_equal(journal_alerts(w->journal, count_standing, &s), 0);
    assert_int_equal(s.standing, 1);
}

static void what_is_past_its_day_is_set_apart(void **state)
{
    struct world *w = *state;
    live(w, 0, 21);
    struct batch_key key = {.number = "S1"};
    assert_int_equal(civil_parse("2026-09-24", &key.expiry_day), 0);
    int64_t qty = 0;
    assert_int_equal(journal_qty(w->journal, "SHORT", &key, "A-02", STOCK_SELLABLE, &qty), 0);
    assert_int_equal(qty, 20); /* day 20 is its last: good until its end */
    sweep(w, 21);
    assert_int_equal(journal_qty(w->journal, "SHORT", &key, "A-02", STOCK_SELLABLE, &qty), 0);
    assert_int_equal(qty, 0);
    assert_int_equal(journal_qty(w->journal, "SHORT", &key, "A-02", STOCK_EXPIRED, &qty), 0);
    assert_int_equal(qty, 20);
}

static void a_doubtful_clock_sets_nothing_apart(void **state)
{
    struct world *w = *state;
    set_day(w, 30);
    w->time.trust = CLOCK_RESTORED;
    detect_begin_day(w->detect, DAY_ZERO + 30);
    assert_int_equal(detect_step(w->detect, &w->time, 100), 0);
    commit(w);
    assert_int_equal(entries(w, ENTRY_RESTATED, "SHORT", "expired", 0), 0);
}

static void findings_survive_a_restart_and_are_not_told_again(void **state)
{
    struct world *w = *state;
    live(w, 0, 100);
    int flagged = entries(w, ENTRY_FLAGGED, "IDLE", "dead", 0);
    int at_risk = entries(w, ENTRY_FLAGGED, "SHORT", "at_risk", 0);
    detect_free(w->detect);
    w->detect = NULL;
    journal_free(w->journal);
    w->journal = NULL;
    open_journal(w);
    open_detect(w, 100);
    live(w, 100, 104);
    assert_int_equal(flagged, 1);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "IDLE", "dead", 0), flagged);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "SHORT", "at_risk", 0), at_risk);
}

static void what_was_found_and_not_committed_is_found_again(void **state)
{
    struct world *w = *state;
    live(w, 0, 14);
    assert_int_equal(entries(w, ENTRY_ALERTED, "SHORT", "expiry", 7), 1);
    set_day(w, 26); /* S2 of day 40 crosses 14 */
    detect_begin_day(w->detect, DAY_ZERO + 26);
    assert_int_equal(detect_step(w->detect, &w->time, 100), 0);
    journal_rollback(w->journal); /* as a full disk would */
    detect_committed(w->detect, false);
    assert_int_equal(entries(w, ENTRY_RESTATED, "SHORT", "expired", 0), 0);
    (void)detect_alerts_raised(w->detect);
    sweep(w, 26);
    assert_int_equal(entries(w, ENTRY_RESTATED, "SHORT", "expired", 0), 1);
    assert_int_equal(detect_alerts_raised(w->detect),
                     1); /* S2 crossed 14; what failed is no alert */
    assert_int_equal(detect_alerts_raised(w->detect), 0);
}

static int sum_skus(const struct detect_sku_score *s, void *context)
{
    struct detect_total *t = context;
    t->skus++;
    t->landed_paise += s->landed_paise;
    t->risk_paise += s->risk_paise;
    t->impact = financial_impact_add(t->impact, s->impact);
    return 0;
}

static void totals_are_the_sum_of_their_parts(void **state)
{
    struct world *w = *state;
    live(w, 0, 110);
    struct detect_total all = detect_total(w->detect, NULL);
    struct detect_total parts = {0};
    assert_int_equal(detect_skus(w->detect, sum_skus, &parts), 0);
    assert_int_equal(all.skus, parts.skus);
    assert_int_equal(all.landed_paise, parts.landed_paise);
    assert_int_equal(all.risk_paise, parts.risk_paise);
    assert_int_equal(all.impact.total_paise, parts.impact.total_paise);
    static const char *const categories[] = {"biscuits", "soap", "cakes"};
    int64_t landed = 0;
    for (size_t i = 0; i < ARRAY_LEN(categories); i++)
        landed += detect_total(w->detect, categories[i]).landed_paise;
    assert_int_equal(landed, all.landed_paise);
}

static void history_from_before_the_journal_counts(void **state)
{
    struct world *w = *state;
    char history[8192] = "sku,day,units\n";
    for (int32_t day = 1; day <= 200; day++) { /* FAST sold 3 every day, IDLE once, long ago */
        char text[CIVIL_TEXT_SIZE];
        size_t used = strlen(history);
        snprintf(history + used, sizeof(history) - used, "FAST,%s,3\n",
                 civil_format(DAY_ZERO - day, text));
    }
    struct diag why = {0};
    assert_int_equal(
        master_apply(w->journal, &w->time, DOCUMENT_HISTORY, 1, history, strlen(history), &why), 0);
    commit(w);
    sweep(w, 1);
    struct found f = {.count = 0};
    assert_int_equal(detect_batches_of(w->detect, "FAST", keep_batch, &f), 0);
    /* 3 a day for some 140 days are 420 of 600 units; without the history all would be at risk. */
    assert_in_range(f.batches[0].risk.at_risk_units, 120, 240);
    /* IDLE has 200 days without a sale behind it: dead on the second morning. */
    assert_int_equal(entries(w, ENTRY_FLAGGED, "IDLE", "dead", 0), 1);
    assert_int_equal(entries(w, ENTRY_FLAGGED, "FAST", "dead", 0), 0);

    const char *twice = "sku,day,units\nFAST,2026-01-01,1\nFAST,2026-01-01,2\n";
    assert_int_equal(
        master_apply(w->journal, &w->time, DOCUMENT_HISTORY, 2, twice, strlen(twice), &why),
        -EINVAL);
    assert_int_equal(why.line, 3);
    assert_non_null(strstr(why.text, "2026-01-01 appears twice"));
}

static void a_new_catalogue_is_heeded_on_the_next_sweep(void **state)
{
    struct world *w = *state;
    const char *next = "sku,name,category,unit,shelf_life_days,outlet_days,needs,cost\n"
                       "FAST,Fast biscuits,snacks,piece,180,10,expiry,8.00\n";
    struct diag why = {0};
    assert_int_equal(
        master_apply(w->journal, &w->time, DOCUMENT_CATALOGUE, 2, next, strlen(next), &why), 0);
    commit(w);
    sweep(w, 1);
    assert_int_equal(detect_total(w->detect, "snacks").skus, 1);
    assert_int_equal(detect_total(w->detect, "biscuits").skus, 0);
    assert_int_equal(detect_total(w->detect, "soap").skus,
                     1); /* left the catalogue, not the house */
}

static void contradicting_terms_are_refused(void **state)
{
    struct world *w = *state;
    struct detect_conf conf = detect_conf_default();
    conf.crossing_days[1] = 30;
    struct diag why = {0};
    struct detect *d = NULL;
    assert_int_equal(detect_open(&conf, w->journal, DAY_ZERO, &why, &d), -EINVAL);
    assert_non_null(strstr(why.text, "descending"));
}

static void stock_from_before_comes_in_once(void **state)
{
    struct world *w = *state;
    const char *again = "bin,sku,batch,made,expiry,mrp,qty\nA-01,FAST,F9,,2027-02-01,,1\n";
    struct diag why = {0};
    assert_int_equal(opening_import(w->journal, &w->time, again, strlen(again), &why), -EEXIST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(stock_that_sells_is_not_flagged),
        TEST(a_sku_that_never_sells_dies_once),
        TEST(a_batch_that_will_not_sell_is_flagged_before_it_expires),
        TEST(each_crossing_alerts_once_and_only_while_there_is_stock),
        TEST(an_alert_stands_while_it_asks_for_something),
        TEST(what_is_past_its_day_is_set_apart),
        TEST(a_doubtful_clock_sets_nothing_apart),
        TEST(findings_survive_a_restart_and_are_not_told_again),
        TEST(what_was_found_and_not_committed_is_found_again),
        TEST(totals_are_the_sum_of_their_parts),
        TEST(history_from_before_the_journal_counts),
        TEST(a_new_catalogue_is_heeded_on_the_next_sweep),
        TEST(contradicting_terms_are_refused),
        TEST(stock_from_before_comes_in_once),
    };
    return cmocka_run_group_tests_name("detect", tests, NULL, NULL);
}
