/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ingest promises, on every engine: exactly once, whatever is delivered, and nobody's rows but
 * the sender's own. */
#include "ingest_desk.h"

#include <inttypes.h>

#include "commands.h"
#include "document_delta.h"
#include "documents.h"
#include "known_journals.h"
#include "plan_document.h"

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

/* ---- entries that are foreseen from those before ---- */

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

/* ---- HELLO and documents ---- */

static void a_hello_is_answered_with_where_to_go_on_and_what_to_have(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 20);
    static const char body[] = "bin,kind\nDOCK,dock\n";
    static const char own[] = "bin,kind\nDOCK,dock\nA-01,rack\n";
    const struct document all = {"*", DOCUMENT_BINS, body, sizeof(body) - 1, "user:test"};
    const struct document mine = {"wh-2", DOCUMENT_BINS, own, sizeof(own) - 1, "user:test"};
    struct diag why = {0};
    int64_t version = 0;
    relay_begin(d.s, SQL_WRITE);
    assert_int_equal(documents_publish(d.s, &all, NOW_MS, &why, &version), 0);
    assert_int_equal(documents_publish(d.s, &all, NOW_MS, &why, &version), 1);
    assert_int_equal(version, 1);
    assert_int_equal(documents_publish(d.s, &mine, NOW_MS, &why, &version), 0);
    relay_commit(d.s);
    deliver_batch(&d, v, 1, 10);
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    assert_int_equal(d.answers.last.kind, CONTROL_RESUME);
    assert_int_equal(d.answers.last.resume.wm, 10);
    assert_int_equal(d.answers.last.resume.want_count, 1);
    assert_string_equal(d.answers.last.resume.want[0].type, "bins");
    assert_int_equal(d.answers.last.resume.want[0].bytes, sizeof(own) - 1);
    assert_int_equal(number(&d, "SELECT head FROM device WHERE device = 'wh-2'"), 20);

    struct control get = {.kind = CONTROL_GET, .session = 65537};
    get.get = (struct control_get){.origin = v->origin, .version = version};
    strcpy(get.get.type, "bins");
    p = said(v, &get);
    deliver(&d, &p, 1);
    struct chunk c;
    assert_int_equal(chunk_decode(d.answers.chunk, d.answers.chunk_len, &c, &why), 0);
    assert_int_equal(c.total, 1);
    char *got = NULL;
    size_t got_len = 0;
    assert_int_equal(document_unpack(c.data, c.data_len, NULL, 0, sha256, &got, &got_len, &why), 0);
    assert_int_equal(got_len, sizeof(own) - 1);
    assert_memory_equal(got, own, got_len);
    free(got);
    free(v);
    desk_close(&d);
}

/* Of so many bytes, which no packing makes small. */
static char *new_bins(size_t len, size_t seed, size_t *ret_len)
{
    char *body = calloc(1, len + 64);
    assert_non_null(body);
    uint64_t state = 88172645463325252U + seed;
    size_t n = (size_t)sprintf(body, "bin,kind\nDOCK,dock\n");
    for (int row = 0; n < len; row++) {
        state ^= state << 13; /* Marsaglia's xorshift */
        state ^= state >> 7;
        state ^= state << 17;
        n += (size_t)sprintf(body + n, "%04X-%010" PRIX64 ",rack\n", (unsigned)row,
                             state & 0xffffffffff);
    }
    *ret_len = n;
    return body;
}

/* 64 kB is the rule, 128 kB is what messages can carry at all. */
static void a_large_document_is_offered_to_whoever_can_fetch_it(void **state)
{
    static const struct {
        size_t bytes;
        bool key;      /* the relay has an API */
        int32_t fetch; /* the device knows its URL */
        bool chunk;
        bool offer;
    } rows[] = {
        {60000, true, 1, true, false},    {300000, true, 1, false, true},
        {300000, true, 0, true, false},   {300000, false, 1, true, false},
        {900000, true, 1, false, true},   {900000, true, 0, false, false},
        {900000, false, 1, false, false},
    };
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 1);
    const struct document_key key = document_key("0123456789abcdef0123456789abcdef", 32);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        open_ingest(&d, INGEST_SAFE_BACKUP, rows[i].key ? &key : NULL);
        size_t len = 0;
        char *body = new_bins(rows[i].bytes, i, &len);
        const struct document bins = {"*", DOCUMENT_BINS, body, len, "user:test"};
        struct diag why = {0};
        int64_t version = 0;
        relay_begin(d.s, SQL_WRITE);
        assert_int_equal(documents_publish(d.s, &bins, NOW_MS, &why, &version), 0);
        relay_commit(d.s);
        free(body);
        struct control get = {.kind = CONTROL_GET, .session = 65537};
        get.get =
            (struct control_get){.origin = v->origin, .version = version, .fetch = rows[i].fetch};
        strcpy(get.get.type, "bins");
        d.answers = (struct answers){.count = 0};
        struct parcel p = said(v, &get);
        deliver(&d, &p, 1);
        assert_int_equal(d.answers.chunk_len > 0, rows[i].chunk);
        assert_int_equal(d.answers.count, rows[i].chunk || rows[i].offer);
        if (!rows[i].offer)
            continue;
        struct document_ticket ticket;
        assert_int_equal(d.answers.last.kind, CONTROL_FETCH);
        assert_int_equal(d.answers.last.fetch.version, version);
        assert_int_equal(document_ticket_read(&key, d.answers.last.fetch.ticket, 0, &ticket), 0);
        assert_string_equal(ticket.device, "wh-2");
        assert_string_equal(ticket.type, "bins");
        assert_int_equal(ticket.version, version);
    }
    free(v);
    desk_close(&d);
}

static void a_device_is_told_when_its_plan_changes(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 5);
    const struct ingest_listener listener = {on_reply, on_alarm, &d.answers};
    struct diag why = {0};
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    assert_int_equal(d.answers.last.resume.want_count, 0);
    assert_int_equal(plan_documents(d.s, NOW_MS, &why), 0);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s,
              "INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day,"
              " batch, expiry_day, mrp_paise, received_day, price_paise, state, made_ms, cause)"
              " VALUES('T-1', 1, 'pune', 'transfer_out', 'nagpur', 'TEA', 12, 20010, 'B1',"
              " 20100, 1000, 19990, 0, 'open', 1, 'test')");
    relay_commit(d.s);
    if (plan_documents(d.s, NOW_MS, &why) != 1)
        fail_msg("%s: %s", why.text, sql_words(d.s));
    assert_int_equal(plan_documents(d.s, NOW_MS, &why), 0); /* it has not changed */
    d.answers = (struct answers){.count = 0};
    assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
    assert_int_equal(d.answers.count, 1);
    assert_int_equal(d.answers.last.resume.want_count, 1);
    assert_string_equal(d.answers.last.resume.want[0].type, "plan");
    assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
    assert_int_equal(d.answers.count, 1); /* it was told */
    relay_begin(d.s, SQL_WRITE); /* a site of an older release would refuse a plan with such */
    relay_run(d.s,
              "INSERT INTO order_line(document, line, site, kind, party, sku, qty, due_day,"
              " batch, expiry_day, mrp_paise, received_day, price_paise, state, made_ms, cause)"
              " VALUES('T-2', 1, 'pune', 'write_off', 'pune', 'TEA', 12, 20010, 'B1',"
              " 20100, 1000, 19990, 0, 'open', 1, 'test')");
    relay_run(d.s, "UPDATE device SET release = '0.1.9'");
    relay_commit(d.s);
    assert_int_equal(plan_documents(d.s, NOW_MS, &why), 0);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE device SET release = '0.2.0'");
    relay_commit(d.s);
    assert_int_equal(plan_documents(d.s, NOW_MS, &why), 1);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE device SET release = '1.0'");
    relay_run(d.s, "UPDATE order_line SET due_day = 20011 WHERE document = 'T-2'");
    relay_commit(d.s);
    assert_int_equal(plan_documents(d.s, NOW_MS, &why), 1);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "UPDATE order_line SET state = 'cancelled'");
    relay_commit(d.s);
    assert_int_equal(plan_documents(d.s, NOW_MS, &why), 1); /* an empty one */
    free(v);
    desk_close(&d);
}

static void a_command_is_said_once_a_session_until_its_answer_is_here(void **state)
{
    struct desk d = desk_open(state);
    struct device *v = device_new(&d, "wh-2", 1, 1);
    const struct ingest_listener listener = {on_reply, on_alarm, &d.answers};
    struct command late = {.device = "wh-2", .what = "restart", .expires_ms = NOW_MS};
    struct command c = {.device = "wh-2", .what = "restart", .expires_ms = NOW_MS + 1};
    struct command strange = {.device = "wh-9", .what = "restart", .expires_ms = NOW_MS + 1};
    struct command no_code = {.device = "wh-2", .what = "a\"b", .expires_ms = NOW_MS + 1};
    relay_begin(d.s, SQL_WRITE);
    assert_int_equal(commands_add(d.s, &late, NOW_MS - 9, "test"), 0);
    assert_int_equal(commands_add(d.s, &c, NOW_MS - 9, "test"), 0);
    assert_int_equal(c.id, 2);
    assert_int_equal(commands_add(d.s, &strange, NOW_MS, "test"), -ENOENT); /* it is revoked */
    assert_int_equal(commands_add(d.s, &no_code, NOW_MS, "test"), -EINVAL);
    relay_commit(d.s);
    for (int session = 0; session < 2; session++) {
        struct parcel p = hello(v);
        deliver(&d, &p, 1);
        d.answers = (struct answers){.count = 0};
        assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
        assert_int_equal(d.answers.count, 1);
        assert_int_equal(d.answers.last.kind, CONTROL_COMMAND);
        assert_int_equal(d.answers.last.command.id, 2); /* the other is too late */
        assert_string_equal(d.answers.last.command.what, "restart");
        assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
        assert_int_equal(d.answers.count, 1);
    }
    struct entry *e = add(v, ENTRY_TASK_DONE, 0);
    e->qty = 1;
    strcpy(e->document, "cmd-2");
    strcpy(e->reason, "done");
    chain(v);
    deliver_batch(&d, v, 1, v->count);
    assert_acked(&d, v->count);
    struct parcel p = hello(v);
    deliver(&d, &p, 1);
    d.answers = (struct answers){.count = 0};
    assert_int_equal(ingest_tell_wants(d.x, NOW_MS, &listener), 0);
    assert_int_equal(d.answers.count, 0);
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
    cmocka_unit_test(what_is_stored_needs_not_be_sent),
    cmocka_unit_test(many_journals_are_known_by_turns),
    cmocka_unit_test(what_the_store_lacks_is_asked_for),
    cmocka_unit_test(a_batch_foreseen_from_other_entries_is_asked_for_again),
    cmocka_unit_test(another_history_is_a_fork_before_its_entries_are_read),
    cmocka_unit_test(a_fork_is_set_aside_once_and_the_journal_is_held),
    cmocka_unit_test(nobody_writes_another_devices_rows),
    cmocka_unit_test(an_old_epoch_is_fenced_when_a_new_one_was_given),
    cmocka_unit_test(an_entry_without_sense_is_set_aside_and_the_rest_goes_on),
    cmocka_unit_test(a_hello_is_answered_with_where_to_go_on_and_what_to_have),
    cmocka_unit_test(a_large_document_is_offered_to_whoever_can_fetch_it),
    cmocka_unit_test(a_device_is_told_when_its_plan_changes),
    cmocka_unit_test(a_command_is_said_once_a_session_until_its_answer_is_here),
    cmocka_unit_test(what_devices_say_of_themselves_is_kept),
};

int main(void)
{
    return relay_cases_run("ingest", promises, ARRAY_LEN(promises));
}
