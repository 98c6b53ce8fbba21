/* SPDX-License-Identifier: Apache-2.0 */
/* tests/journal_case.h -- what tests of the journal share: opening one in a scratch folder, times,
 * and entries in one line. Asserts by cmocka. */
#pragma once

#include "test.h"

#include <string.h>

#include "civil.h"
#include "journal.h"
#include "journal_stock.h"
#include "scratch.h"

#define CASE_DAY0 20750 /* 2026-10-24 */

struct journal_case {
    struct scratch scratch;
    struct journal_conf conf;
    struct journal_opening opening;
    struct diag why;
    struct journal *j;
    struct journal_time now;
};

static inline struct journal_time case_time(int32_t day, int64_t ms_of_day)
{
    return (struct journal_time){.wall_ms = civil_ist_start_ms(day) + ms_of_day,
                                 .mono_ms = ms_of_day,
                                 .boot = 1,
                                 .trust = CLOCK_NTP};
}

static inline int case_open(struct journal_case *c)
{
    return journal_open(&c->conf, &c->now, &c->opening, &c->why, &c->j);
}

static inline void case_close(struct journal_case *c)
{
    journal_free(c->j);
    c->j = NULL;
}

static inline int case_setup(void **state)
{
    struct journal_case *c = calloc(1, sizeof(*c));
    assert_non_null(c);
    c->scratch = scratch_new();
    scratch_path(&c->scratch, "journal.db");
    c->conf = (struct journal_conf){
        .path = c->scratch.path, .origin = {"acme", "wh-1", 1}, .site = "Nagpur"};
    c->now = case_time(CASE_DAY0, 0);
    assert_int_equal(case_open(c), 0);
    *state = c;
    return 0;
}

static inline int case_teardown(void **state)
{
    struct journal_case *c = *state;
    case_close(c);
    scratch_remove(&c->scratch);
    free(c);
    return 0;
}

static inline struct batch_key case_key(const char *number, int32_t expiry_day, int64_t mrp_paise)
{
    struct batch_key key = {.expiry_day = expiry_day, .mrp_paise = mrp_paise};
    strcpy(key.number, number);
    return key;
}

/* An entry about units of SKU "TEA" in bin "A". */
static inline struct entry case_entry(enum entry_kind kind, const char *batch, int64_t qty)
{
    struct entry e = entry_new(kind);
    strcpy(e.sku, "TEA");
    e.batch = case_key(batch, CASE_DAY0 + 100, 1000);
    strcpy(e.bin, "A");
    strcpy(e.worker, "W1");
    e.qty = qty;
    return e;
}

static inline int64_t case_append(struct journal_case *c, struct entry *e, size_t n)
{
    int64_t seq = 0;
    int err = journal_append(c->j, &c->now, e, n, &c->why, &seq);
    if (err < 0)
        print_error("append: %s\n", c->why.text);
    assert_int_equal(err, 0);
    return seq;
}

static inline int64_t case_book(struct journal_case *c, struct entry e)
{
    int64_t seq = case_append(c, &e, 1);
    assert_int_equal(journal_commit(c->j), 0);
    return seq;
}

static inline int64_t case_qty(struct journal_case *c, const char *batch, const char *bin,
                               enum stock_status status)
{
    struct batch_key key = case_key(batch, CASE_DAY0 + 100, 1000);
    int64_t qty = -1;
    assert_int_equal(journal_qty(c->j, "TEA", &key, bin, status, &qty), 0);
    return qty;
}

/* The folds are what the entries say, and the chain is whole. */
static inline void case_sound(struct journal *j)
{
    int64_t next = 0;
    int64_t head = journal_head(j);
    int64_t floor = journal_floor(j);
    assert_int_equal(journal_verify(j, floor + 1, head - floor, &next), head - floor);
    assert_int_equal(next, head + 1);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(j, before), 0);
    assert_int_equal(journal_rebuild(j), 0);
    assert_int_equal(journal_fold_digest(j, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}
