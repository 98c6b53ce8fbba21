/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal keeps beside stock: captures, alerts, flags and reasons. */
#include "journal_told.h"

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

#define TEST(f) cmocka_unit_test_setup_teardown(f, case_setup, case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_capture_waits_and_is_stock_once_when_it_is_bound),
        TEST(an_alert_stands_until_it_is_answered_and_is_told_once),
        TEST(the_last_flag_of_a_sku_and_of_a_batch_is_kept),
        TEST(adjustments_are_summed_by_reason_and_worker),
        TEST(picks_count_only_where_fefo_was_not_followed),
        TEST(counts_are_reported_by_their_difference),
    };
    return cmocka_run_group_tests_name("journal_records", tests, NULL, NULL);
}
