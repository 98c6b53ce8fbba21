/* SPDX-License-Identifier: Apache-2.0 */
/* What staff see is never ahead of the disk: commits and appends that fail. */
#include "floor.h"

#include <errno.h>
#include <string.h>

#include "fault_vfs.h"

static void scan_soap(struct floor *f, const char *post)
{
    floor_scan(f, post, (const uint8_t *)"]E08901234000038", 16);
}

static struct station_view look(struct floor *f, const char *post)
{
    struct station_view v;
    assert_int_equal(station_view(f->station, post, f->now.mono_ms, &v), 0);
    return v;
}

static int64_t soap_on_dock(struct floor *f)
{
    struct batch_key none = {.expiry_day = INT32_MIN};
    int64_t qty = 0;
    assert_int_equal(journal_qty(f->journal, "SOAP", &none, "DOCK", STOCK_SELLABLE, &qty), 0);
    return qty;
}

static void begin_receiving(struct floor *f)
{
    floor_command(f, "P1", "flow:receive");
    floor_command(f, "P2", "flow:receive");
    scan_soap(f, "P1");
    scan_soap(f, "P2");
    floor_command(f, "P2", "qty:5");
}

static void assert_not_saved(struct floor *f, const char *post)
{
    struct station_answer a;
    assert_int_equal(station_answer(f->station, &a), 1);
    assert_string_equal(a.post, post);
    assert_string_equal(a.message.code, "not_saved");
    assert_int_equal(a.tone, TONE_REJECT);
    assert_int_equal(a.first_seq, 0);
    assert_int_equal(a.entries, 0);
}

static void a_failed_commit_puts_every_post_back(void **state)
{
    (void)state;
    struct floor f;
    char sku[ENTRY_SKU_SIZE];
    struct station_label label;
    fault_vfs_clear();
    floor_open_on(&f, FAULT_VFS);
    begin_receiving(&f);
    int64_t head = journal_head(f.journal);
    int64_t version = look(&f, "P1").version;

    f.holding = true;
    floor_command(&f, "P1", "ok");
    floor_command(&f, "P2", "ok");
    assert_int_equal(soap_on_dock(&f), 6); /* in the open transaction */
    fault_vfs_fail(FAULT_FULL, 1, true);
    assert_int_not_equal(station_commit(f.station), 0);
    assert_true(fault_vfs_failed());
    assert_not_saved(&f, "P1");
    assert_not_saved(&f, "P2");
    assert_int_equal(station_touched(f.station, sku), 0);
    assert_int_equal(station_print(f.station, &label), 0);
    assert_int_equal(journal_head(f.journal), head);
    struct station_view v = look(&f, "P1");
    assert_true(v.version > version); /* the screen must draw it */
    assert_string_equal(v.answer.code, "not_saved");
    assert_true(v.has_item);
    assert_int_equal(v.item.qty, 1);
    assert_int_equal(v.recent_count, 0);
    assert_int_equal(look(&f, "P2").item.qty, 5);

    fault_vfs_heal();
    f.holding = false;
    floor_command(&f, "P1", "ok");
    assert_string_equal(f.last.message.code, "received");
    floor_command(&f, "P2", "ok");
    assert_string_equal(f.last.message.code, "received");
    assert_int_equal(soap_on_dock(&f), 6);
    assert_int_equal(station_touched(f.station, sku), 1);
    assert_string_equal(sku, "SOAP");
    floor_assert_balanced(&f);
    floor_close(&f);
}

static void a_refused_append_leaves_the_goods_in_hand(void **state)
{
    (void)state;
    struct floor f;
    floor_open(&f);
    f.disk_reserve_bytes = INT64_MAX / 4; /* no disk has so much */
    floor_stop(&f);
    floor_start(&f);
    floor_command(&f, "P1", "worker:MEENA");
    assert_string_equal(f.last.message.code, "not_saved");
    assert_string_equal(look(&f, "P1").worker, "");
    f.disk_reserve_bytes = 0;
    floor_stop(&f);
    floor_start(&f);
    floor_command(&f, "P1", "worker:MEENA");
    assert_string_equal(f.last.message.code, "signed_in");
    floor_close(&f);
}

#define ROUNDS 6

/* Rounds of receiving with the n-th I/O failing: how many were answered as booked. */
static int64_t receive_rounds(struct floor *f)
{
    int64_t accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
        scan_soap(f, "P1");
        floor_command(f, "P1", "ok");
        accepted += f->last.tone == TONE_ACCEPT;
        floor_command(f, "P1", "cancel"); /* what was refused is laid aside */
    }
    return accepted;
}

static void what_was_accepted_is_there_whatever_io_fails(void **state)
{
    (void)state;
    bool failed = true;
    for (int64_t nth = 1; failed; nth += 3) {
        struct floor f;
        fault_vfs_clear();
        floor_open_on(&f, FAULT_VFS);
        floor_command(&f, "P1", "flow:receive");
        fault_vfs_fail(FAULT_IO, nth, false);
        int64_t accepted = receive_rounds(&f);
        failed = fault_vfs_failed();
        fault_vfs_heal();
        floor_stop(&f);
        fault_vfs_cut(CUT_NOTHING, 1);
        floor_start(&f);
        assert_int_equal(soap_on_dock(&f), accepted);
        assert_true(failed || accepted == ROUNDS);
        floor_assert_balanced(&f);
        floor_close(&f);
    }
}

int main(void)
{
    fault_vfs_install();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_commit_puts_every_post_back),
        cmocka_unit_test(a_refused_append_leaves_the_goods_in_hand),
        cmocka_unit_test(what_was_accepted_is_there_whatever_io_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
