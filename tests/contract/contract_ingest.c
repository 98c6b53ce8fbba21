/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ingest promises, on every engine: exactly once, whatever is delivered, and nobody's rows but
 * the sender's own. */
#include "ingest_desk.h"

/* ---- exactly once ---- */

struct delivery {
    int64_t first;
    int64_t last;
};

struct story {
    const char *name;
    struct delivery deliveries[6];
    int64_t wm;
    int gaps;
};

static const struct story stories[] = {
    {"in order", {{1, 10}, {11, 20}}, 20, 0},
    {"doubled", {{1, 10}, {1, 10}, {1, 10}, {11, 20}}, 20, 0},
    {"overlapping", {{1, 10}, {5, 20}, {1, 20}}, 20, 0},
    {"a larger one from the same beginning", {{1, 10}, {1, 15}, {1, 20}}, 20, 0},
    {"overtaken", {{11, 20}, {1, 10}, {11, 20}}, 20, 1},
    {"never the middle", {{1, 5}, {11, 20}, {12, 20}}, 5, 2},
    {"one by one", {{1, 1}, {2, 2}, {3, 3}, {3, 3}}, 3, 0},
};

static void whatever_is_delivered_the_rows_are_the_entries_once(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(stories); i++)
        for (int way = 0; way < 4; way++) {
            bool grouped = way % 2;
            struct desk d = desk_open(state);
            d.format = way / 2 ? BATCH_PREDICTED : BATCH_ZSTD;
            struct device *v = device_new(&d, "wh-2", 1, 20);
            const struct delivery *steps = stories[i].deliveries;
            struct parcel parcels[ARRAY_LEN(stories[i].deliveries)];
            size_t n = 0;
            int gaps = 0;
            for (; n < ARRAY_LEN(parcels) && steps[n].first > 0; n++) {
                parcels[n] = batch(&d, v, steps[n].first, steps[n].last);
                if (grouped)
                    continue;
                deliver(&d, &parcels[n], 1);
                gaps += d.answers.last.kind == CONTROL_NACK;
            }
            if (grouped)
                deliver(&d, parcels, n);
            assert_int_equal(number(&d, "SELECT wm FROM watermark"), stories[i].wm);
            assert_int_equal(number(&d, "SELECT count(*) FROM entry"), stories[i].wm);
            assert_int_equal(number(&d, "SELECT CAST(sum(entries) AS BIGINT) FROM archive"),
                             stories[i].wm);
            assert_int_equal(grouped ? ingest_counts(d.x).refused : gaps, stories[i].gaps);
            assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), 0);
            assert_holds(&d, v);
            free(v);
            desk_close(&d);
        }
}

static void an_answer_comes_after_the_commit_and_says_what_is_safe(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 30);
    deliver_batch(&d, v, 1, 10);
    assert_acked(&d, 10);
    assert_int_equal(d.answers.last.ack.safe, 0); /* no backup was verified */
    relay_begin(d.s, SQL_WRITE);
    struct journal_verdict backup = {.epoch = 1, .wm = 6, .head = v->heads[6]};
    strcpy(backup.device, "wh-2");
    int64_t safe = 0;
    assert_int_equal(journal_secure(d.s, &backup, &safe), 0);
    relay_commit(d.s);
    assert_int_equal(safe, 6);
    deliver_batch(&d, v, 11, 20);
    assert_int_equal(d.answers.last.ack.safe, 6);
    open_ingest(&d, INGEST_SAFE_COMMIT, NULL);
    deliver_batch(&d, v, 21, 30);
    assert_int_equal(d.answers.last.ack.safe, 30);
    free(v);
    desk_close(&d);
}

static void a_backup_of_another_chain_secures_nothing(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 10);
    deliver_batch(&d, v, 1, 10);
    struct journal_verdict backup = {.epoch = 1, .wm = 6, .head = v->heads[5]};
    strcpy(backup.device, "wh-2");
    int64_t safe = 0;
    relay_begin(d.s, SQL_WRITE);
    assert_int_equal(journal_secure(d.s, &backup, &safe), -EBADMSG);
    backup.head = v->heads[6];
    backup.broken_seq = 3;
    assert_int_equal(journal_secure(d.s, &backup, &safe), -EBADMSG);
    sql_rollback(d.s);
    free(v);
    desk_close(&d);
}

static void acknowledgements_are_a_second_apart_but_for_the_first(void **state)
{
    struct desk d = desk_open(state);
    const struct ingest_listener listener = {on_reply, on_alarm, &d.answers};
    struct device *v = device_new(&d, "wh-2", 1, 20);
    deliver_batch(&d, v, 1, 10);
    assert_acked(&d, 10);
    d.mono_ms -= 900; /* deliver() lets a second go by */
    deliver_batch(&d, v, 11, 20);
    assert_int_equal(d.answers.count, 0);
    int64_t due_ms = ingest_answer(d.x, d.mono_ms, &listener);
    assert_int_equal(d.answers.count, 0);
    assert_int_equal(ingest_answer(d.x, due_ms, &listener), INT64_MAX);
    assert_acked(&d, 20);
    free(v);
    desk_close(&d);
}

/* ---- who may say what ---- */

static void a_fork_is_set_aside_once_and_the_journal_is_held(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 20);
    struct device *clone = device_new(&d, "wh-2", 1, 20);
    clone->entries[7].qty = 5; /* another history from entry 8 on */
    chain(clone);
    static const struct delivery attempts[] = {{1, 10}, {5, 10}, {5, 15}, {11, 20}};
    for (size_t i = 0; i < ARRAY_LEN(attempts); i++) {
        deliver_batch(&d, v, 1, 10);
        deliver_batch(&d, clone, attempts[i].first, attempts[i].last);
        assert_nacked(&d, NACK_FORK, 10);
        assert_int_equal(d.answers.alarms, 1);
        assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), (int64_t)i + 1);
        deliver_batch(&d, clone, attempts[i].first, attempts[i].last); /* and again */
        assert_nacked(&d, NACK_FORK, 10);
        assert_int_equal(number(&d, "SELECT count(*) FROM dead_letter"), (int64_t)i + 1);
        assert_int_equal(number(&d, "SELECT wm FROM watermark"), 10);
        assert_holds(&d, v);
        relay_begin(d.s, SQL_WRITE); /* a person decides */
        relay_run(d.s, "UPDATE watermark SET fork_seq = 0");
        relay_commit(d.s);
    }
    deliver_batch(&d, v, 11, 20);
    assert_acked(&d, 20);
    free(v);
    free(clone);
    desk_close(&d);
}

static void nobody_writes_another_devices_rows(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 20);
    deliver_batch(&d, v, 1, 10);
    int64_t stock = number(&d, "SELECT CAST(sum(qty) AS BIGINT) FROM stock");
    static const struct {
        const char *device; /* as the payload says */
        uint32_t epoch;
        const char *before; /* the topic that the broker let through: before the tenant, ... */
        const char *tenant; /* ... NULL: this one, ... */
        const char *behind; /* ... and behind it */
        const char *what;
    } rows[] = {
        {"wh-2", 1, "u/7/", NULL, ".wh-1/e", "topic and payload differ"},
        {"wh-2", 1, "u/8/", NULL, ".wh-2/e", "a shard that was not given"},
        {"wh-2", 1, "u/7/", "other", ".wh-2/e", "another tenant"},
        {"wh-2", 1, "d/", NULL, ".wh-2/c", "a topic that goes down"},
        {"wh-2", 9, "u/7/", NULL, ".wh-2/e", "an epoch that was never given"},
        {"wh-9", 1, "u/7/", NULL, ".wh-9/e", "revoked"},
        {"wh-7", 1, "u/7/", NULL, ".wh-7/e", "never known"},
        {"wh-2", 1, "", "nonsense", "", "no topic at all"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct device *other = device_new(&d, rows[i].device, rows[i].epoch, 20);
        struct parcel p = batch(&d, other, 1, 20);
        snprintf(p.topic, sizeof(p.topic), "%s%s%s", rows[i].before,
                 rows[i].tenant ? rows[i].tenant : d.tenant, rows[i].behind);
        if (deliver(&d, &p, 1) != 0)
            fail_msg("taken: %s", rows[i].what);
        assert_int_equal(d.answers.count, 0);
        assert_int_equal(d.answers.alarms, 1);
        free(other);
    }
    assert_int_equal(ingest_counts(d.x).dropped, ARRAY_LEN(rows));
    assert_int_equal(number(&d, "SELECT count(*) FROM entry"), 10);
    assert_int_equal(number(&d, "SELECT CAST(sum(qty) AS BIGINT) FROM stock"), stock);
    assert_holds(&d, v);
    free(v);
    desk_close(&d);
}

static void an_old_epoch_is_fenced_when_a_new_one_was_given(void **state)
{
    struct desk d = desk_open(state);
    struct device *old = device_new(&d, "wh-1", 1, 10);
    struct device *new = device_new(&d, "wh-1", 2, 10);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE device SET epoch = 1 WHERE device = 'wh-1'");
    relay_commit(d.s);
    deliver_batch(&d, old, 1, 8);
    assert_acked(&d, 8);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE device SET epoch = 2 WHERE device = 'wh-1'");
    relay_commit(d.s);
    deliver_batch(&d, old, 9, 10);
    assert_nacked(&d, NACK_FORK, 8);
    deliver_batch(&d, new, 1, 10); /* I5: a new entry is never swallowed as an old one */
    assert_acked(&d, 10);
    assert_int_equal(number(&d, "SELECT count(*) FROM entry"), 18);
    assert_int_equal(number(&d, "SELECT CAST(sum(qty) AS BIGINT) FROM stock"), 30 - 6);
    assert_holds(&d, new);
    free(old);
    free(new);
    desk_close(&d);
}

static void an_entry_without_sense_is_set_aside_and_the_rest_goes_on(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 10);
    v->entries[4].bin[0] = '\0';
    chain(v);
    deliver_batch(&d, v, 1, 10);
    assert_acked(&d, 10);
    assert_int_equal(number(&d, "SELECT seq FROM dead_letter WHERE source = 'fold'"), 5);
    assert_int_equal(number(&d, "SELECT count(*) FROM entry"), 10);
    assert_holds(&d, v);
    free(v);
    desk_close(&d);
}

static void what_devices_say_of_themselves_is_kept(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 1);
    struct entry *e = add(v, ENTRY_ANCHORED, 0);
    e->amount = NOW_MS;
    e->observed = 40;
    e->mono_ms = 77;
    e->boot = 3;
    e = add(v, ENTRY_APPLIED, 0);
    strcpy(e->document, "catalogue");
    e->line = 6;
    e->sha256_len = ENTRY_SHA256_SIZE;
    chain(v);
    deliver_batch(&d, v, 1, 3);
    assert_acked(&d, 3);
    assert_int_equal(number(&d, "SELECT error_ms FROM anchor WHERE boot = 3 AND mono_ms = 77"), 40);
    assert_int_equal(number(&d, "SELECT version FROM applied WHERE type = 'catalogue'"), 6);
    assert_int_equal(number(&d, "SELECT last_heard_ms FROM device WHERE device = 'wh-2'"), NOW_MS);
    free(v);
    desk_close(&d);
}

static const struct CMUnitTest promises[] = {
    cmocka_unit_test(whatever_is_delivered_the_rows_are_the_entries_once),
    cmocka_unit_test(an_answer_comes_after_the_commit_and_says_what_is_safe),
    cmocka_unit_test(a_backup_of_another_chain_secures_nothing),
    cmocka_unit_test(acknowledgements_are_a_second_apart_but_for_the_first),
    cmocka_unit_test(a_fork_is_set_aside_once_and_the_journal_is_held),
    cmocka_unit_test(nobody_writes_another_devices_rows),
    cmocka_unit_test(an_old_epoch_is_fenced_when_a_new_one_was_given),
    cmocka_unit_test(an_entry_without_sense_is_set_aside_and_the_rest_goes_on),
    cmocka_unit_test(what_devices_say_of_themselves_is_kept),
};

int main(void)
{
    return relay_cases_run("ingest", promises, ARRAY_LEN(promises));
}
