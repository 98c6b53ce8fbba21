/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_case.h"

#include <errno.h>

/* What a walk tells, one line a record, to be compared as text. */
struct told {
    char text[2048];
    size_t n;
};

static void tell(struct told *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void tell(struct told *t, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->text + t->n, sizeof(t->text) - t->n, fmt, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(t->text) - t->n);
    t->n += (size_t)n;
}

static int on_lot(const struct journal_lot *l, void *context)
{
    tell(context, "%s %s %s %s %lld\n", l->batch.sku, l->batch.key.number, l->bin,
         stock_status_name(l->status), (long long)l->qty);
    return 0;
}

static struct entry in_bin(struct entry e, const char *bin)
{
    strcpy(e.bin, bin);
    return e;
}

static struct entry expiring(struct entry e, int32_t expiry_day)
{
    e.batch.expiry_day = expiry_day;
    return e;
}

static struct entry because(struct entry e, const char *reason)
{
    strcpy(e.reason, reason);
    return e;
}

static struct entry of_sku(struct entry e, const char *sku)
{
    strcpy(e.sku, sku);
    return e;
}

static void lots_come_in_fefo_order_and_unknown_dates_last(void **state)
{
    struct journal_case *c = *state;
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "NODATE", 1), CIVIL_NONE));
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "LATE", 2), CASE_DAY0 + 90));
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "SOON", 3), CASE_DAY0 + 9));
    c->now = case_time(CASE_DAY0 + 1, 0); /* the same expiry, received later: behind */
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "AFTER", 4), CASE_DAY0 + 9));
    case_book(c, in_bin(expiring(case_entry(ENTRY_RECEIVED, "SOON", 5), CASE_DAY0 + 9), "B"));
    case_book(c, of_sku(case_entry(ENTRY_RECEIVED, "X", 6), "BISC"));
    struct told t = {.n = 0};
    assert_int_equal(journal_lots(c->j, "TEA", on_lot, &t), 0);
    assert_string_equal(t.text, "TEA SOON A sellable 3\n"
                                "TEA SOON B sellable 5\n"
                                "TEA AFTER A sellable 4\n"
                                "TEA LATE A sellable 2\n"
                                "TEA NODATE A sellable 1\n");
    t.n = 0;
    assert_int_equal(journal_lots(c->j, NULL, on_lot, &t), 0);
    assert_memory_equal(t.text, "BISC X A sellable 6\nTEA SOON A", 30);
    t.n = 0;
    assert_int_equal(journal_lots_in_bin(c->j, "B", on_lot, &t), 0);
    assert_string_equal(t.text, "TEA SOON B sellable 5\n");
}

static void a_lot_of_nothing_is_not_shown(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 10));
    struct told t = {.n = 0};
    assert_int_equal(journal_lots(c->j, "TEA", on_lot, &t), 0);
    assert_string_equal(t.text, "");
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 0);
    struct journal_batch b;
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 1); /* the batch stays known */
    key.mrp_paise = 1100;
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 0);
}

static void a_negative_lot_is_shown_until_a_count_repairs_it(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_PICKED, "B1", 4));
    struct told t = {.n = 0};
    assert_int_equal(journal_lots_negative(c->j, on_lot, &t), 0);
    assert_string_equal(t.text, "TEA B1 A sellable -4\n");
    struct entry e = case_entry(ENTRY_COUNTED, "B1", 0);
    e.observed = 7;
    e.expected = -4;
    case_book(c, e);
    t = (struct told){.n = 0};
    assert_int_equal(journal_lots_negative(c->j, on_lot, &t), 0);
    assert_string_equal(t.text, "");
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 7);
    case_sound(c->j);
}

static void statuses_and_bins_are_lots_of_their_own(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    struct entry e = because(case_entry(ENTRY_RESTATED, "B1", 3), "damaged");
    e.status_to = STOCK_QUARANTINE;
    case_book(c, e);
    e = case_entry(ENTRY_MOVED, "B1", 2);
    strcpy(e.bin_to, "C");
    case_book(c, e);
    struct told t = {.n = 0};
    assert_int_equal(journal_lots(c->j, "TEA", on_lot, &t), 0);
    assert_string_equal(t.text,
                        "TEA B1 A sellable 5\nTEA B1 A quarantine 3\nTEA B1 C sellable 2\n");
    struct journal_sku_life life;
    assert_int_equal(journal_sku_life(c->j, "TEA", &life), 0);
    assert_int_equal(life.sellable, 7);
    assert_int_equal(life.on_hand, 10);
}

static void age_cost_and_facts_follow_what_was_brought(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_ARRIVED, "B1", 30);
    strcpy(e.document, "TR-1");
    e.due_day = CASE_DAY0 - 40; /* the sender's day */
    e.value_paise = 3000;
    e.expiry_kind = EXPIRY_BEST_BEFORE;
    case_book(c, e);
    e = case_entry(ENTRY_RECEIVED, "B1", 10);
    e.value_paise = 1400;
    e.made_day = CASE_DAY0 - 60;
    e.expiry_kind = EXPIRY_SELL_BY; /* the first one counted */
    case_book(c, e);
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 99)); /* without a value: no say on cost */
    struct journal_batch b;
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 1);
    assert_int_equal(b.received_day, CASE_DAY0 - 40);
    assert_int_equal(b.made_day, CASE_DAY0 - 60);
    assert_int_equal(b.expiry_kind, EXPIRY_BEST_BEFORE);
    assert_int_equal(b.cost_paise_per_1000, 110000);
    case_sound(c->j);
}

static void a_pick_before_its_receipt_does_not_fix_the_facts(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_PICKED, "B1", 1));
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 5);
    e.expiry_kind = EXPIRY_COMPUTED;
    case_book(c, e);
    struct journal_batch b;
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_batch_find(c->j, "TEA", &key, &b), 1);
    assert_int_equal(b.expiry_kind, EXPIRY_COMPUTED);
    assert_int_equal(b.cost_paise_per_1000, 0);
}

static void recent_batches_come_newest_first_and_bounded(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "OLD", 1));
    c->now = case_time(CASE_DAY0 + 1, 0);
    case_book(c, case_entry(ENTRY_RECEIVED, "MID", 1));
    case_book(c, case_entry(ENTRY_RECEIVED, "NEW", 1));
    struct journal_batch b[2];
    assert_int_equal(journal_batches_recent(c->j, "TEA", b, 2), 2);
    assert_string_equal(b[0].key.number, "NEW");
    assert_string_equal(b[1].key.number, "MID");
    assert_int_equal(journal_batches_recent(c->j, "NONE", b, 2), 0);
}

static void demand_is_what_was_sold_by_day(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 5));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 2));
    c->now = case_time(CASE_DAY0 + 2, CIVIL_MS_PER_DAY - 1); /* the last instant of the day */
    case_book(c, case_entry(ENTRY_PICKED, "B1", 4));
    case_book(c, because(case_entry(ENTRY_RETURNED, "B1", 1), "expired"));
    case_book(c, because(case_entry(ENTRY_SENT_BACK, "B1", 1), "expired"));
    case_book(c, because(case_entry(ENTRY_ADJUSTED, "B1", -1), "missing"));
    struct entry e = case_entry(ENTRY_DISPATCHED, "B1", 8);
    strcpy(e.document, "TR-1");
    strcpy(e.party, "WH-2");
    case_book(c, e);
    int64_t units[5];
    uint8_t in_stock[5];
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0 - 1, CASE_DAY0 + 3, units, in_stock), 0);
    const int64_t want[5] = {0, 7, 0, 4, 0};
    const uint8_t stocked[5] = {0, 1, 1, 1, 1};
    assert_memory_equal(units, want, sizeof(want));
    assert_memory_equal(in_stock, stocked, sizeof(stocked));
    struct journal_sku_life life;
    assert_int_equal(journal_sku_life(c->j, "TEA", &life), 0);
    assert_int_equal(life.first_received_day, CASE_DAY0);
    assert_int_equal(life.first_sold_day, CASE_DAY0);
    assert_int_equal(life.last_sold_day, CASE_DAY0 + 2);
    assert_int_equal(journal_sku_life(c->j, "NONE", &life), 0);
    assert_int_equal(life.first_received_day, CIVIL_NONE);
    case_sound(c->j);
}

static void days_without_sellable_stock_are_told_apart(void **state)
{
    struct journal_case *c = *state;
    struct entry hold;
    /* Day 0 in stock; sold out on day 1; nothing on 2; in quarantine on 3; released and sold on 4;
     * again on 5, so that two spans touch; nothing after. */
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 5));
    c->now = case_time(CASE_DAY0 + 1, 0);
    case_book(c, case_entry(ENTRY_PICKED, "B1", 5));
    c->now = case_time(CASE_DAY0 + 3, 0);
    hold = case_entry(ENTRY_RECEIVED, "B1", 3);
    hold.status = STOCK_QUARANTINE;
    case_book(c, hold);
    c->now = case_time(CASE_DAY0 + 4, 0);
    hold = because(case_entry(ENTRY_RESTATED, "B1", 3), "inspected_good");
    hold.status = STOCK_QUARANTINE;
    hold.status_to = STOCK_SELLABLE;
    case_book(c, hold);
    case_book(c, case_entry(ENTRY_PICKED, "B1", 3));
    c->now = case_time(CASE_DAY0 + 5, 0);
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 1));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 1));
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 1));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 1));
    int64_t units[8];
    uint8_t in_stock[8];
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0, CASE_DAY0 + 7, units, in_stock), 0);
    const uint8_t want[8] = {1, 1, 0, 0, 1, 1, 0, 0};
    assert_memory_equal(in_stock, want, sizeof(want));
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0 + 2, CASE_DAY0 + 2, units, in_stock), 0);
    assert_int_equal(in_stock[0], 0);
    case_sound(c->j);
}

static void an_undone_pick_is_no_demand_and_not_done(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 100));
    struct entry pick = case_entry(ENTRY_PICKED, "B1", 6);
    strcpy(pick.document, "SO-1");
    pick.line = 2;
    int64_t seq = case_book(c, pick);
    int64_t done = 0;
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 6);
    c->now = case_time(CASE_DAY0 + 1, 0);
    struct entry undo = because(case_entry(ENTRY_ADJUSTED, "B1", 4), "keying_error");
    undo.corrects = seq;
    case_book(c, undo);
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 2);
    int64_t units[2];
    uint8_t in_stock[2];
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0, CASE_DAY0 + 1, units, in_stock), 0);
    assert_int_equal(units[0], 2);
    assert_int_equal(units[1], 0);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 98);
    case_sound(c->j);
}

static void an_undone_undoing_is_demand_and_done_again(void **state)
{
    struct journal_case *c = *state;
    struct entry pick = case_entry(ENTRY_PICKED, "B1", 6);
    strcpy(pick.document, "SO-1");
    pick.line = 2;
    struct entry undo = because(case_entry(ENTRY_ADJUSTED, "B1", 6), "keying_error");
    undo.corrects = case_book(c, pick);
    struct entry redo = because(case_entry(ENTRY_ADJUSTED, "B1", -6), "keying_error");
    redo.corrects = case_book(c, undo);
    int64_t done = -1;
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 0);
    case_book(c, redo);
    assert_int_equal(journal_line_done(c->j, "SO-1", 2, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 6);
    int64_t units = 0;
    uint8_t in_stock = 0;
    assert_int_equal(journal_demand(c->j, "TEA", CASE_DAY0, CASE_DAY0, &units, &in_stock), 0);
    assert_int_equal(units, 6);
    case_sound(c->j);
}

static void an_adjustment_that_names_itself_or_the_future_undoes_nothing(void **state)
{
    struct journal_case *c = *state;
    struct entry e = because(case_entry(ENTRY_ADJUSTED, "B1", 6), "keying_error");
    e.corrects = 2; /* its own */
    assert_int_equal(case_book(c, e), 2);
    e.corrects = 99;
    case_book(c, e);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 12);
    case_sound(c->j);
}

static void lines_are_counted_by_document_line_and_kind(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 10);
    strcpy(e.document, "PO-1");
    e.line = 1;
    int64_t seq = case_book(c, e);
    case_book(c, e);
    e.line = 2;
    case_book(c, e);
    struct entry undo = because(case_entry(ENTRY_ADJUSTED, "B1", -3), "keying_error");
    undo.corrects = seq;
    case_book(c, undo);
    int64_t done = 0;
    assert_int_equal(journal_line_done(c->j, "PO-1", 1, ENTRY_RECEIVED, &done), 0);
    assert_int_equal(done, 17);
    assert_int_equal(journal_line_done(c->j, "PO-1", 1, ENTRY_PICKED, &done), 0);
    assert_int_equal(done, 0);
    assert_int_equal(journal_line_done(c->j, "PO-2", 1, ENTRY_RECEIVED, &done), 0);
    assert_int_equal(done, 0);
}

static struct entry captured(const char *code, int64_t qty)
{
    struct entry e = entry_new(ENTRY_CAPTURED);
    e.scan_len = (uint16_t)strlen(code);
    memcpy(e.scan, code, e.scan_len);
    e.qty = qty;
    strcpy(e.bin, "DOCK");
    strcpy(e.worker, "W1");
    return e;
}

static int on_capture(const struct journal_capture *cap, void *context)
{
    tell(context, "%lld %.*s %lld %s %s\n", (long long)cap->seq, (int)cap->scan_len,
         (const char *)cap->scan, (long long)cap->qty, cap->bin, cap->worker);
    return 0;
}

static void a_capture_waits_and_is_stock_once_when_it_is_bound(void **state)
{
    struct journal_case *c = *state;
    case_book(c, captured("4711", 6));
    case_book(c, captured("4712", 2));
    struct told t = {.n = 0};
    assert_int_equal(journal_captures(c->j, on_capture, &t), 0);
    assert_string_equal(t.text, "2 4711 6 DOCK W1\n3 4712 2 DOCK W1\n");
    struct journal_sku_life life;
    assert_int_equal(journal_sku_life(c->j, "TEA", &life), 0);
    assert_int_equal(life.on_hand, 0);

    struct entry unit[2] = {entry_new(ENTRY_BOUND), case_entry(ENTRY_RECEIVED, "B1", 6 * 12)};
    strcpy(unit[0].sku, "TEA");
    unit[0].corrects = 2;
    unit[0].line = 12;
    case_append(c, unit, 2);
    assert_int_equal(journal_commit(c->j), 0);
    t = (struct told){.n = 0};
    assert_int_equal(journal_captures(c->j, on_capture, &t), 0);
    assert_string_equal(t.text, "3 4712 2 DOCK W1\n");
    assert_int_equal(journal_sku_life(c->j, "TEA", &life), 0);
    assert_int_equal(life.on_hand, 72);

    char sku[ENTRY_SKU_SIZE] = "";
    int64_t units = 0;
    assert_int_equal(journal_bound(c->j, (const uint8_t *)"4711", 4, sku, &units), 1);
    assert_string_equal(sku, "TEA");
    assert_int_equal(units, 12);
    assert_int_equal(journal_bound(c->j, (const uint8_t *)"4712", 4, sku, &units), 0);

    struct entry again = entry_new(ENTRY_BOUND); /* bound anew, and naming its code itself */
    strcpy(again.sku, "TEA2");
    again.corrects = 2;
    again.line = 1;
    again.scan_len = 4;
    memcpy(again.scan, "4711", 4);
    case_book(c, again);
    assert_int_equal(journal_bound(c->j, (const uint8_t *)"4711", 4, sku, &units), 1);
    assert_string_equal(sku, "TEA2");
    case_sound(c->j);
}

static struct entry alerted(const char *sku, const char *batch, int32_t line)
{
    struct entry e = entry_new(ENTRY_ALERTED);
    strcpy(e.reason, "expiry");
    strcpy(e.sku, sku);
    if (batch[0])
        e.batch = case_key(batch, CASE_DAY0 + 100, 1000);
    e.line = line;
    return e;
}

static int on_alert(const struct journal_alert *a, void *context)
{
    tell(context, "%lld %s %d\n", (long long)a->alert.seq, a->alert.sku,
         a->snoozed_until == CIVIL_NONE ? 0 : (int)a->snoozed_until);
    return 0;
}

static void an_alert_stands_until_it_is_answered_and_is_told_once(void **state)
{
    struct journal_case *c = *state;
    int64_t first = case_book(c, alerted("TEA", "B1", 30));
    int64_t second = case_book(c, alerted("BISC", "", 14));
    struct batch_key key = case_key("B1", CASE_DAY0 + 100, 1000);
    assert_int_equal(journal_alerted(c->j, "expiry", "TEA", &key, 30), 1);
    assert_int_equal(journal_alerted(c->j, "expiry", "TEA", &key, 14), 0);
    assert_int_equal(journal_alerted(c->j, "expiry", "TEA", NULL, 30), 0);
    assert_int_equal(journal_alerted(c->j, "expiry", "BISC", NULL, 14), 1);
    assert_int_equal(journal_alerted(c->j, "dead", "BISC", NULL, 14), 0);

    struct entry snoozed = entry_new(ENTRY_SNOOZED);
    snoozed.corrects = first;
    snoozed.due_day = 20760;
    case_book(c, snoozed);
    struct told t = {.n = 0};
    assert_int_equal(journal_alerts(c->j, on_alert, &t), 0);
    assert_string_equal(t.text, "3 BISC 0\n2 TEA 20760\n");

    struct entry ack = entry_new(ENTRY_ACKNOWLEDGED);
    ack.corrects = second;
    strcpy(ack.worker, "W1");
    case_book(c, ack);
    t = (struct told){.n = 0};
    assert_int_equal(journal_alerts(c->j, on_alert, &t), 0);
    assert_string_equal(t.text, "2 TEA 20760\n");
    assert_int_equal(journal_alerted(c->j, "expiry", "BISC", NULL, 14), 1); /* never again */
    case_book(c, alerted("BISC", "", 14)); /* raised all the same: it stands */
    case_sound(c->j);
}

static void the_last_flag_of_a_sku_and_of_a_batch_is_kept(void **state)
{
    struct journal_case *c = *state;
    struct entry e = entry_new(ENTRY_FLAGGED);
    strcpy(e.sku, "TEA");
    strcpy(e.reason, "watch");
    case_book(c, e);
    strcpy(e.reason, "dead");
    e.score = 80;
    case_book(c, e);
    e.batch = case_key("B1", CASE_DAY0 + 100, 1000);
    strcpy(e.reason, "at_risk");
    case_book(c, e);
    struct entry got;
    assert_int_equal(journal_flag(c->j, "TEA", NULL, &got), 1);
    assert_string_equal(got.reason, "dead");
    assert_int_equal(got.score, 80);
    assert_int_equal(journal_flag(c->j, "TEA", &e.batch, &got), 1);
    assert_string_equal(got.reason, "at_risk");
    assert_int_equal(journal_flag(c->j, "BISC", NULL, &got), 0);
    case_sound(c->j);
}

static int on_reason(const struct journal_reason_row *r, void *context)
{
    tell(context, "%s %s %lld %lld %lld\n", r->reason[0] ? r->reason : "-", r->worker,
         (long long)r->entries, (long long)r->qty, (long long)r->value_paise);
    return 0;
}

static struct entry by(struct entry e, const char *worker, int64_t value_paise)
{
    strcpy(e.worker, worker);
    e.value_paise = value_paise;
    return e;
}

static void adjustments_are_summed_by_reason_and_worker(void **state)
{
    struct journal_case *c = *state;
    case_book(c, by(because(case_entry(ENTRY_ADJUSTED, "B1", -2), "breakage"), "W1", 200));
    case_book(c, by(because(case_entry(ENTRY_ADJUSTED, "B1", -3), "breakage"), "W2", 300));
    c->now = case_time(CASE_DAY0 + 1, 0);
    case_book(c, by(because(case_entry(ENTRY_ADJUSTED, "B1", -4), "breakage"), "W1", 400));
    case_book(c, by(because(case_entry(ENTRY_ADJUSTED, "B1", 1), "found"), "W1", 100));
    struct told t = {.n = 0};
    assert_int_equal(journal_reasons(c->j, ENTRY_ADJUSTED, CASE_DAY0, CASE_DAY0 + 1, on_reason, &t),
                     0);
    assert_string_equal(t.text, "breakage W1 2 -6 600\nbreakage W2 1 -3 300\nfound W1 1 1 100\n");
    t = (struct told){.n = 0};
    assert_int_equal(
        journal_reasons(c->j, ENTRY_ADJUSTED, CASE_DAY0 + 1, CASE_DAY0 + 1, on_reason, &t), 0);
    assert_string_equal(t.text, "breakage W1 1 -4 400\nfound W1 1 1 100\n");
}

static void picks_count_only_where_fefo_was_not_followed(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_PICKED, "B1", 2));
    struct entry e = because(case_entry(ENTRY_PICKED, "B1", 3), "not_found");
    strcpy(e.proposed, "B0");
    case_book(c, e);
    struct told t = {.n = 0};
    assert_int_equal(journal_reasons(c->j, ENTRY_PICKED, CASE_DAY0, CASE_DAY0, on_reason, &t), 0);
    assert_string_equal(t.text, "not_found W1 1 3 0\n");
}

static void counts_are_reported_by_their_difference(void **state)
{
    struct journal_case *c = *state;
    struct entry e = case_entry(ENTRY_COUNTED, "B1", 0);
    e.observed = 4;
    e.expected = 6;
    case_book(c, e);
    e.expected = 4; /* as expected: no row */
    case_book(c, e);
    struct told t = {.n = 0};
    assert_int_equal(journal_reasons(c->j, ENTRY_COUNTED, CASE_DAY0, CASE_DAY0, on_reason, &t), 0);
    assert_string_equal(t.text, "- W1 1 -2 0\n");
}

static int on_balance(const struct journal_balance *b, void *context)
{
    tell(context, "%s %s in %lld sold %lld adjusted %lld: %lld %lld\n", b->sku, b->key.number,
         (long long)b->accounts[ACCOUNT_RECEIVED], (long long)b->accounts[ACCOUNT_SOLD],
         (long long)b->accounts[ACCOUNT_ADJUSTED], (long long)b->computed, (long long)b->held);
    return 0;
}

static void the_equation_is_computed_from_entries_and_set_beside_the_fold(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 4));
    struct entry e = case_entry(ENTRY_MOVED, "B1", 2);
    strcpy(e.bin_to, "B");
    case_book(c, e);
    case_book(c, expiring(case_entry(ENTRY_RECEIVED, "B0", 5), CASE_DAY0 + 9));
    e = because(case_entry(ENTRY_ADJUSTED, "B1", -6), "missing"); /* pending counts, too */
    case_append(c, &e, 1);
    struct told t = {.n = 0};
    assert_int_equal(journal_balances(c->j, on_balance, &t), 0);
    assert_string_equal(t.text, "TEA B0 in 5 sold 0 adjusted 0: 5 5\n"
                                "TEA B1 in 10 sold -4 adjusted -6: 0 0\n");
    assert_int_equal(journal_pending(c->j), 1);
    assert_int_equal(journal_commit(c->j), 0);
    t = (struct told){.n = 0};
    assert_int_equal(journal_balances(c->j, on_balance, &t), 0);
    assert_string_equal(t.text, "TEA B0 in 5 sold 0 adjusted 0: 5 5\n"
                                "TEA B1 in 10 sold -4 adjusted -6: 0 0\n");
}

static int stop_at_once(const struct journal_lot *lot, void *context)
{
    (void)lot;
    ++*(int *)context;
    return 3;
}

static int on_lot_walk_again(const struct journal_lot *lot, void *context)
{
    int inner = 0;
    struct journal *j = context;
    assert_int_equal(journal_lots(j, lot->batch.sku, stop_at_once, &inner), 3);
    assert_int_equal(inner, 1);
    return 0;
}

static int on_sku(const char *sku, void *context)
{
    tell(context, "%s ", sku);
    return 0;
}

static void walks_stop_when_told_and_may_stand_inside_each_other(void **state)
{
    struct journal_case *c = *state;
    case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, of_sku(case_entry(ENTRY_RECEIVED, "B2", 10), "ATTA"));
    int n = 0;
    assert_int_equal(journal_lots(c->j, "TEA", stop_at_once, &n), 3);
    assert_int_equal(journal_lots(c->j, "TEA", on_lot_walk_again, c->j), 0);
    struct told t = {.n = 0};
    assert_int_equal(journal_skus(c->j, on_sku, &t), 0);
    assert_string_equal(t.text, "ATTA TEA ");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, case_setup, case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lots_come_in_fefo_order_and_unknown_dates_last),
        TEST(a_lot_of_nothing_is_not_shown),
        TEST(a_negative_lot_is_shown_until_a_count_repairs_it),
        TEST(statuses_and_bins_are_lots_of_their_own),
        TEST(age_cost_and_facts_follow_what_was_brought),
        TEST(a_pick_before_its_receipt_does_not_fix_the_facts),
        TEST(recent_batches_come_newest_first_and_bounded),
        TEST(demand_is_what_was_sold_by_day),
        TEST(days_without_sellable_stock_are_told_apart),
        TEST(an_undone_pick_is_no_demand_and_not_done),
        TEST(an_undone_undoing_is_demand_and_done_again),
        TEST(an_adjustment_that_names_itself_or_the_future_undoes_nothing),
        TEST(lines_are_counted_by_document_line_and_kind),
        TEST(a_capture_waits_and_is_stock_once_when_it_is_bound),
        TEST(an_alert_stands_until_it_is_answered_and_is_told_once),
        TEST(the_last_flag_of_a_sku_and_of_a_batch_is_kept),
        TEST(adjustments_are_summed_by_reason_and_worker),
        TEST(picks_count_only_where_fefo_was_not_followed),
        TEST(counts_are_reported_by_their_difference),
        TEST(the_equation_is_computed_from_entries_and_set_beside_the_fold),
        TEST(walks_stop_when_told_and_may_stand_inside_each_other),
    };
    return cmocka_run_group_tests_name("journal_stock", tests, NULL, NULL);
}
