/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ingest promises of entries that are told ahead of their turn, on every engine: they are
 * beside the journals, never in them, and what was told is what comes. */
#include "ingest_desk.h"

/* 40 entries, of which 10, 20, 30 and 40 are alerts. */
static struct device *device_with_alerts(const struct desk *d, uint32_t epoch)
{
    struct device *v = device_new(d, "wh-2", epoch, 40);
    for (int64_t seq = 10; seq <= 40; seq += 10) {
        struct entry *e = &v->entries[seq - 1];
        *e = entry_new(ENTRY_ALERTED);
        e->seq = seq;
        e->wall_ms = civil_ist_start_ms(20000) + seq * 1000;
        e->line = (int32_t)seq;
        strcpy(e->reason, "expiry");
        strcpy(e->sku, "TEA");
    }
    chain(v);
    return v;
}

static void tell(struct desk *d, const struct device *v, const int64_t *seqs)
{
    struct parcel p = notice(v, seqs);
    assert_int_equal(deliver(d, &p, 1), 0);
    assert_int_equal(d->answers.count, 0); /* a notice has no answer */
}

static void what_is_told_ahead_is_beside_the_journal_until_its_turn(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_with_alerts(&d, 1);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    deliver_batch(&d, v, 1, 5);
    assert_int_equal(projection_digest(d.s, before), 0);
    tell(&d, v, (const int64_t[]){20, 30, 0});
    tell(&d, v, (const int64_t[]){20, 30, 0}); /* doubled */
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 2);
    assert_int_equal(number(&d, "SELECT count(*) FROM entry"), 5);
    assert_int_equal(number(&d, "SELECT wm FROM watermark"), 5);
    assert_int_equal(number(&d, "SELECT count(*) FROM archive"), 1);
    assert_int_equal(projection_digest(d.s, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE); /* nothing is folded */
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    assert_int_equal(d.answers.last.kind, CONTROL_RESUME);
    assert_int_equal(d.answers.last.resume.wm, 5); /* nor counted */
    assert_int_equal(d.answers.last.resume.early, LINK_EARLY_MAX);
    deliver_batch(&d, v, 6, 25);
    assert_acked(&d, 25);
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 1);
    tell(&d, v, (const int64_t[]){20, 0}); /* late */
    assert_int_equal(number(&d, "SELECT min(seq) FROM early"), 30);
    deliver_batch(&d, v, 26, 40);
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 0);
    assert_int_equal(number(&d, "SELECT count(*) FROM entry"), 40);
    assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), 0);
    assert_int_equal(d.answers.alarms, 0);
    assert_int_equal(ingest_counts(d.x).early, 2);
    assert_holds(&d, v);
    free(v);
    desk_close(&d);
}

static void both_lanes_may_meet_in_one_transaction(void **state)
{
    for (int order = 0; order < 2; order++) {
        struct desk d = desk_open(state);
        struct device *v = device_with_alerts(&d, 1);
        struct parcel parcels[3] = {notice(v, (const int64_t[]){10, 30, 0}), batch(&d, v, 1, 20)};
        struct parcel swap = parcels[0];
        if (order == 1) {
            parcels[0] = parcels[1];
            parcels[1] = swap;
        }
        assert_int_equal(deliver(&d, parcels, 2), 20);
        assert_acked(&d, 20);
        assert_int_equal(number(&d, "SELECT count(*) FROM early"), 1);
        assert_int_equal(number(&d, "SELECT seq FROM early"), 30);
        assert_int_equal(d.answers.alarms, 0);
        assert_holds(&d, v);
        free(v);
        desk_close(&d);
    }
}

static void what_comes_otherwise_than_it_was_told_is_set_aside_once_with_an_alarm(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_with_alerts(&d, 1);
    strcpy(v->entries[19].sku,
           "SOAP"); /* by another of its name, or before its storage went back */
    tell(&d, v, (const int64_t[]){20, 0});
    strcpy(v->entries[19].sku, "TEA");
    deliver_batch(&d, v, 1, 30);
    assert_acked(&d, 30); /* the journal goes on: its chain is whole */
    assert_int_equal(d.answers.alarms, 1);
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 0);
    assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter WHERE source = 'early'"
                                " AND device = 'wh-2' AND epoch = 1 AND seq = 20"),
                     1);
    deliver_batch(&d, v, 1, 40);
    assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), 1);
    assert_int_equal(d.answers.alarms, 0);
    assert_holds(&d, v);
    free(v);
    desk_close(&d);
}

static void no_more_is_kept_ahead_than_there_is_room(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 1);
    while (v->count < LINK_EARLY_MAX + 30) {
        struct entry *e = add(v, ENTRY_ALERTED, 0);
        strcpy(e->reason, "expiry");
        strcpy(e->sku, "TEA");
    }
    chain(v);
    for (int64_t first = 2; first <= v->count; first += NOTICE_ENTRIES_MAX) {
        int64_t seqs[NOTICE_ENTRIES_MAX + 1] = {0};
        for (int64_t i = 0; i < NOTICE_ENTRIES_MAX && first + i <= v->count; i++)
            seqs[i] = first + i;
        tell(&d, v, seqs);
    }
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), LINK_EARLY_MAX);
    assert_int_equal(number(&d, "SELECT max(seq) FROM early"), LINK_EARLY_MAX + 1);
    deliver_batch(&d, v, 1, v->count);
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 0);
    free(v);
    desk_close(&d);
}

static void who_may_not_send_entries_may_not_tell_them_ahead(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_with_alerts(&d, 1);
    struct parcel p = notice(v, (const int64_t[]){20, 0});
    strcpy(strstr(p.topic, "wh-2"), "wh-1/n"); /* in another's topic */
    deliver(&d, &p, 1);
    struct device *revoked = device_with_alerts(&d, 1);
    strcpy(revoked->origin.device, "wh-9");
    p = notice(revoked, (const int64_t[]){20, 0});
    deliver(&d, &p, 1);
    p = notice(v, (const int64_t[]){20, 0});
    p.bytes[p.len - 1] ^= 0xff; /* broken */
    deliver(&d, &p, 1);
    v->origin.epoch = 7; /* never given */
    p = notice(v, (const int64_t[]){20, 0});
    deliver(&d, &p, 1);
    assert_int_equal(ingest_counts(d.x).dropped, 4);
    v->origin.epoch = 1;
    tell(&d, v, (const int64_t[]){2, 3, 0}); /* sales, which are no business of this lane */
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 0);
    free(revoked);
    free(v);
    desk_close(&d);
}

static void a_new_epoch_forgets_what_the_old_one_told(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_with_alerts(&d, 1);
    strcpy(v->origin.device, "wh-1");
    chain(v);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE device SET epoch = 1 WHERE device = 'wh-1'");
    relay_commit(d.s);
    deliver_batch(&d, v, 1, 5);
    tell(&d, v, (const int64_t[]){20, 0});
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 1);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE device SET epoch = 2 WHERE device = 'wh-1'");
    relay_commit(d.s);
    tell(&d, v, (const int64_t[]){30, 0}); /* fenced */
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 1);
    v->origin.epoch = 2;
    chain(v);
    deliver_batch(&d, v, 1, 5);
    assert_int_equal(number(&d, "SELECT count(*) FROM early"), 0);
    free(v);
    desk_close(&d);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(what_is_told_ahead_is_beside_the_journal_until_its_turn),
    cmocka_unit_test(both_lanes_may_meet_in_one_transaction),
    cmocka_unit_test(what_comes_otherwise_than_it_was_told_is_set_aside_once_with_an_alarm),
    cmocka_unit_test(no_more_is_kept_ahead_than_there_is_room),
    cmocka_unit_test(who_may_not_send_entries_may_not_tell_them_ahead),
    cmocka_unit_test(a_new_epoch_forgets_what_the_old_one_told),
};

int main(void)
{
    return relay_cases_run("ingest_early", promises, ARRAY_LEN(promises));
}
