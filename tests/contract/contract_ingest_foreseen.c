/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ingest promises, on every engine, of batches that are foreseen from the entries before them.
 */
#include "ingest_desk.h"

#include "known_journals.h"

static void what_is_stored_needs_not_be_sent(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 140);
    d.format = BATCH_PREDICTED;
    deliver_batch(&d, v, 1, 40);
    deliver_batch(&d, v, 41, 60);
    open_ingest(&d, INGEST_SAFE_BACKUP, NULL); /* a new start knows nothing: it reads the store */
    deliver_batch(&d, v, 61, 80);
    assert_acked(&d, 80);
    /* In one transaction, the second from entries of which some are not in the table yet. */
    struct parcel p[] = {batch(&d, v, 81, 100), batch_behind(&d, v, 70, 101, 120)};
    deliver(&d, p, 2);
    assert_acked(&d, 120);
    deliver_batch(&d, v, 110, 140); /* sent again in another cut, and more */
    assert_acked(&d, 140);
    assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), 0);
    assert_holds(&d, v);
    free(v);
    desk_close(&d);
}

static void many_journals_are_known_by_turns(void **state)
{
    struct desk d = desk_open(state);
    struct device *v[KNOWN_JOURNALS_MAX + 4];
    d.format = BATCH_PREDICTED;
    relay_begin(d.s, SQL_WRITE);
    for (size_t i = 0; i < ARRAY_LEN(v); i++) {
        char name[16];
        snprintf(name, sizeof(name), "many-%zu", i);
        AUTO(sql_query)
        q = sql_query(d.s, "INSERT INTO device(device, site, shard, epoch, state, certificate,"
                           " release, wire, head, floor, last_heard_ms, skew_ms, facts)"
                           " VALUES($1, 'pune', 7, 1, 'claimed', '', '', 0, 0, 0, 0, 0, '')");
        sql_bind_text(q, 1, name);
        assert_int_equal(sql_run(q), 0);
        v[i] = device_new(&d, name, 1, 30);
    }
    relay_commit(d.s);
    for (int64_t first = 1; first < 30; first += 10)
        for (size_t i = 0; i < ARRAY_LEN(v); i++) {
            deliver_batch(&d, v[i], first, first + 9);
            assert_acked(&d, first + 9);
        }
    for (size_t i = 0; i < ARRAY_LEN(v); i++)
        free(v[i]);
    desk_close(&d);
}

/* Whatever the cut: at a step the context begins anew, and its entries are known by then. */
static void entries_that_came_are_not_read_from_the_store_again(void **state)
{
    static const int64_t sizes[] = {64, 60, 512, 500, 1};
    struct desk d = desk_open(state);
    d.format = BATCH_PREDICTED;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        int64_t first = sizes[i] == 1 ? 1015 : 1;
        struct device *v = device_new(&d, "wh-2", 1, sizes[i] == 1 ? 1035 : 1600);
        open_ingest(&d, INGEST_SAFE_BACKUP, NULL);
        relay_begin(d.s, SQL_WRITE);
        relay_run(d.s, "DELETE FROM watermark");
        relay_run(d.s, "DELETE FROM archive");
        relay_commit(d.s);
        for (int64_t at = 1; at < first; at += 338)
            deliver_batch(&d, v, at, at + 337);
        for (; first + sizes[i] - 1 <= v->count; first += sizes[i]) {
            relay_begin(d.s, SQL_WRITE);
            relay_run(d.s, "DELETE FROM entry");
            relay_commit(d.s);
            struct parcel p =
                batch_behind(&d, v, batch_context_start(first, 1), first, first + sizes[i] - 1);
            deliver(&d, &p, 1);
            assert_acked(&d, first + sizes[i] - 1);
        }
        relay_begin(d.s, SQL_WRITE);
        relay_run(d.s, "DELETE FROM entry");
        relay_commit(d.s);
        free(v);
    }
    desk_close(&d);
}

static void what_the_store_lacks_is_asked_for(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 60);
    d.format = BATCH_PREDICTED;
    deliver_batch(&d, v, 1, 40);
    open_ingest(&d, INGEST_SAFE_BACKUP, NULL);
    relay_begin(d.s, SQL_WRITE); /* rows of the hot window went */
    relay_run(d.s, "DELETE FROM entry WHERE seq < 20");
    relay_commit(d.s);
    deliver_batch(&d, v, 41, 50);
    assert_nacked(&d, NACK_GAP, 40);
    struct parcel p = batch_behind(&d, v, 41, 41, 50); /* as the device then does */
    deliver(&d, &p, 1);
    assert_acked(&d, 50);
    deliver_batch(&d, v, 51, 60);
    assert_nacked(&d, NACK_GAP, 50);
    p = batch_behind(&d, v, 41, 51, 60);
    deliver(&d, &p, 1);
    assert_acked(&d, 60);
    free(v);
    desk_close(&d);
}

static void a_batch_foreseen_from_other_entries_is_asked_for_again(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 60);
    struct device *faulty = device_new(&d, "wh-2", 1, 60);
    d.format = BATCH_PREDICTED;
    for (int i = 5; i < 35; i++) { /* what its encoder learnt is not what it journalled */
        strcpy(faulty->entries[i].sku, i % 2 ? "SOAP" : "RICE");
        faulty->entries[i].qty = i;
    }
    memcpy(faulty->heads, v->heads, sizeof(v->heads));
    deliver_batch(&d, v, 1, 40);
    deliver_batch(&d, faulty, 41, 60);
    assert_nacked(&d, NACK_GAP, 40);
    assert_int_equal(d.answers.alarms, 0);
    struct parcel p = batch_behind(&d, faulty, 41, 41, 60);
    deliver(&d, &p, 1);
    assert_acked(&d, 60);
    assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), 0);
    assert_holds(&d, v);
    free(v);
    free(faulty);
    desk_close(&d);
}

static void another_history_is_a_fork_before_its_entries_are_read(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 40);
    struct device *clone = device_new(&d, "wh-2", 1, 40);
    d.format = BATCH_PREDICTED;
    clone->entries[7].qty = 5;
    chain(clone);
    deliver_batch(&d, v, 1, 20);
    deliver_batch(&d, clone, 21, 40);
    assert_nacked(&d, NACK_FORK, 20);
    assert_int_equal(d.answers.alarms, 1);
    assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), 1);
    assert_holds(&d, v);
    free(v);
    free(clone);
    desk_close(&d);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(what_is_stored_needs_not_be_sent),
    cmocka_unit_test(many_journals_are_known_by_turns),
    cmocka_unit_test(entries_that_came_are_not_read_from_the_store_again),
    cmocka_unit_test(what_the_store_lacks_is_asked_for),
    cmocka_unit_test(a_batch_foreseen_from_other_entries_is_asked_for_again),
    cmocka_unit_test(another_history_is_a_fork_before_its_entries_are_read),
};

int main(void)
{
    return relay_cases_run("ingest_foreseen", promises, ARRAY_LEN(promises));
}
