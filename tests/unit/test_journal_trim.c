/* SPDX-License-Identifier: Apache-2.0 */
/* A journal whose oldest entries are deleted, beside a twin that keeps all: whatever is asked of
 * the two, the answer is the same; and the chain is whole from where the one begins. */
#include "journal_case.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rng.h"

struct twins {
    struct journal_case *trimmed;
    struct journal_case *whole;
    struct rng rng;
};

static int setup(void **state)
{
    struct twins *t = calloc(1, sizeof(*t));
    assert_non_null(t);
    void *s = NULL;
    case_setup(&s);
    t->trimmed = s;
    case_setup(&s);
    t->whole = s;
    t->rng = rng_seed(7);
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    struct twins *t = *state;
    void *s = t->trimmed;
    case_teardown(&s);
    s = t->whole;
    case_teardown(&s);
    free(t);
    return 0;
}

static int64_t book(struct twins *t, struct entry e)
{
    int64_t seq = case_book(t->trimmed, e);
    assert_int_equal(case_book(t->whole, e), seq);
    return seq;
}

static int64_t pick(struct twins *t, uint64_t n)
{
    return (int64_t)rng_below(&t->rng, n);
}

/* One of what happens in a warehouse, about one of few goods; `back`: an earlier entry. */
static struct entry something(struct twins *t, int64_t back)
{
    static const enum entry_kind kinds[] = {ENTRY_RECEIVED, ENTRY_RECEIVED,     ENTRY_PICKED,
                                            ENTRY_PICKED,   ENTRY_CAPTURED,     ENTRY_BOUND,
                                            ENTRY_FLAGGED,  ENTRY_ALERTED,      ENTRY_ACKNOWLEDGED,
                                            ENTRY_ADJUSTED, ENTRY_ACKNOWLEDGED, ENTRY_ADJUSTED};
    static const char *const skus[] = {"TEA", "SOAP", "OIL"};
    struct entry e =
        case_entry(kinds[pick(t, ARRAY_LEN(kinds))], pick(t, 2) ? "B1" : "B2", 1 + pick(t, 9));
    strcpy(e.sku, skus[pick(t, ARRAY_LEN(skus))]);
    if (e.kind == ENTRY_PICKED) {
        strcpy(e.document, "SO-1");
        e.line = 1 + (int32_t)pick(t, 3);
    } else if (e.kind == ENTRY_ADJUSTED) {
        strcpy(e.reason, "keying_error");
        e.corrects = pick(t, 4) ? back : 0;
    } else if (e.kind == ENTRY_CAPTURED) {
        e = entry_new(ENTRY_CAPTURED);
        e.scan_len = 2;
        e.scan[0] = (uint8_t)('a' + pick(t, 5));
        e.scan[1] = 'x';
        e.qty = 2;
    } else if (e.kind == ENTRY_BOUND) {
        e = entry_new(ENTRY_BOUND);
        strcpy(e.sku, "TEA");
        e.corrects = back;
        e.line = 3;
    } else if (e.kind == ENTRY_FLAGGED) {
        e.qty = 0;
        memset(e.bin, 0, sizeof(e.bin));
        memset(e.worker, 0, sizeof(e.worker));
        strcpy(e.reason, pick(t, 2) ? "at_risk" : "cleared");
    } else if (e.kind == ENTRY_ALERTED) {
        memset(e.bin, 0, sizeof(e.bin));
        memset(e.worker, 0, sizeof(e.worker));
        strcpy(e.reason, "expiry");
        e.line = 7;
    } else if (e.kind == ENTRY_ACKNOWLEDGED) {
        e = entry_new(ENTRY_ACKNOWLEDGED);
        e.corrects = back;
    }
    return e;
}

/* n entries; those that correct an earlier one choose it of those that are still there. */
static void live(struct twins *t, int n)
{
    for (int i = 0; i < n; i++) {
        t->trimmed->now.wall_ms += 3600000 * pick(t, 5);
        t->whole->now = t->trimmed->now;
        int64_t floor = journal_floor(t->trimmed->j);
        int64_t there = journal_head(t->trimmed->j) - floor;
        book(t, something(t, floor + 1 + pick(t, (uint64_t)there)));
    }
}

static int64_t trim(struct journal_case *c, int64_t up_to)
{
    int64_t gone = 0;
    int n = 0;
    while ((n = journal_trim(c->j, up_to, c->now.wall_ms, &c->why)) > 0) {
        assert_true(n <= JOURNAL_TRIM_STEP);
        gone += n;
    }
    if (n < 0)
        print_error("trim: %s\n", c->why.text);
    assert_int_equal(n, 0);
    return gone;
}

struct sums {
    uint8_t digest[SHA256_SIZE];
};

static int add_balance(const struct journal_balance *b, void *context)
{
    struct sums *s = context;
    uint8_t next[SHA256_SIZE];
    assert_int_equal(b->computed, b->held);
    sha256_pair(s->digest, sizeof(s->digest), b->accounts, sizeof(b->accounts), next);
    sha256_pair(next, sizeof(next), b->sku, strlen(b->sku), s->digest);
    return 0;
}

static int add_alert(const struct journal_alert *a, void *context)
{
    struct sums *s = context;
    uint8_t next[SHA256_SIZE];
    sha256_pair(s->digest, sizeof(s->digest), &a->alert.seq, sizeof(a->alert.seq), next);
    memcpy(s->digest, next, sizeof(next));
    return 0;
}

static int add_capture(const struct journal_capture *c, void *context)
{
    struct sums *s = context;
    uint8_t next[SHA256_SIZE];
    sha256_pair(s->digest, sizeof(s->digest), c->scan, c->scan_len, next);
    memcpy(s->digest, next, sizeof(next));
    return 0;
}

/* All that can be asked of a journal and does not go entry by entry. */
static struct sums answers(struct journal *j)
{
    struct sums s = {{0}};
    assert_int_equal(journal_fold_digest(j, s.digest), 0);
    assert_int_equal(journal_balances(j, add_balance, &s), 0);
    assert_int_equal(journal_alerts(j, add_alert, &s), 0);
    assert_int_equal(journal_captures(j, add_capture, &s), 0);
    struct entry flag;
    if (journal_flag(j, "TEA", NULL, &flag) == 1)
        s.digest[0] ^= (uint8_t)flag.seq;
    return s;
}

static void same(struct twins *t)
{
    struct sums a = answers(t->trimmed->j);
    struct sums b = answers(t->whole->j);
    assert_memory_equal(&a, &b, sizeof(a));
    struct chain_head ha = journal_head_hash(t->trimmed->j);
    struct chain_head hb = journal_head_hash(t->whole->j);
    assert_memory_equal(&ha, &hb, sizeof(ha));
}

static void reopen(struct journal_case *c)
{
    case_close(c);
    int err = case_open(c);
    if (err < 0)
        print_error("opening: %s\n", c->why.text);
    assert_int_equal(err, 0);
}

static void what_is_deleted_is_gone_and_what_follows_from_it_stays(void **state)
{
    struct twins *t = *state;
    live(t, 300);
    assert_int_equal(trim(t->trimmed, 200), 200);
    assert_int_equal(journal_floor(t->trimmed->j), 200);
    same(t);
    case_sound(t->trimmed->j);
    same(t);
    reopen(t->trimmed);
    assert_int_equal(journal_floor(t->trimmed->j), 200);
    assert_false(t->trimmed->opening.folds_rebuilt);
    assert_int_equal(t->trimmed->opening.verified, 101);
    same(t);
    live(t, 50);
    assert_int_equal(trim(t->trimmed, 200), 0); /* nothing more */
    same(t);
}

static void at_any_point_trimmed_opened_or_made_anew_it_equals_its_twin(void **state)
{
    struct twins *t = *state;
    for (int i = 0; i < 60; i++) {
        live(t, 1 + (int)pick(t, 40));
        int64_t floor = journal_floor(t->trimmed->j);
        int64_t there = journal_head(t->trimmed->j) - floor;
        if (pick(t, 3) == 0)
            trim(t->trimmed, floor + pick(t, (uint64_t)there));
        if (pick(t, 5) == 0)
            reopen(t->trimmed);
        if (pick(t, 5) == 0)
            assert_int_equal(journal_rebuild(t->trimmed->j), 0);
        same(t);
    }
    case_sound(t->trimmed->j);
    assert_true(journal_floor(t->trimmed->j) > 200);
}

static void folds_that_are_lost_are_made_from_what_the_deleted_left(void **state)
{
    struct twins *t = *state;
    live(t, 150);
    trim(t->trimmed, 100);
    live(t, 20);
    case_close(t->trimmed);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(t->trimmed->conf.path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "DROP TABLE lot; DROP TABLE demand; DELETE FROM fold", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(case_open(t->trimmed), 0);
    assert_true(t->trimmed->opening.folds_rebuilt);
    same(t);
}

static void an_undone_pick_is_undone_though_the_pick_is_deleted_first(void **state)
{
    struct twins *t = *state;
    struct entry e = case_entry(ENTRY_PICKED, "B1", 9);
    strcpy(e.document, "SO-1");
    e.line = 1;
    struct entry undo = case_entry(ENTRY_ADJUSTED, "B1", 4);
    undo.corrects = book(t, e);
    strcpy(undo.reason, "keying_error");
    struct entry redo = case_entry(ENTRY_ADJUSTED, "B1", -1);
    strcpy(redo.reason, "keying_error");
    live(t, 3);
    redo.corrects = book(t, undo);
    trim(t->trimmed, undo.corrects); /* the pick goes, its undoing stays */
    case_sound(t->trimmed->j);
    same(t);
    book(t, redo); /* and that is undone in turn */
    live(t, 3);
    same(t);
    trim(t->trimmed, redo.corrects);
    case_sound(t->trimmed->j);
    same(t);
    trim(t->trimmed, journal_head(t->trimmed->j) - 1);
    case_sound(t->trimmed->j);
    same(t);
}

static void what_was_deleted_cannot_be_corrected_and_nothing_is_booked(void **state)
{
    struct twins *t = *state;
    live(t, 20);
    trim(t->trimmed, 10);
    int64_t head = journal_head(t->trimmed->j);
    struct entry undo = case_entry(ENTRY_ADJUSTED, "B1", 4);
    strcpy(undo.reason, "keying_error");
    undo.corrects = 7;
    int64_t seq = 0;
    struct journal_case *c = t->trimmed;
    assert_int_equal(journal_append(c->j, &c->now, &undo, 1, &c->why, &seq), -EINVAL);
    assert_string_equal(c->why.text,
                        "entry 7 cannot be corrected any more: entries up to 10 were deleted here");
    assert_int_equal(journal_head(c->j), head);
    assert_int_equal(journal_pending(c->j), 0);
    same(t);
}

static void an_open_capture_is_bound_after_its_entry_is_deleted(void **state)
{
    struct twins *t = *state;
    struct entry e = entry_new(ENTRY_CAPTURED);
    memcpy(e.scan, "4711", 4);
    e.scan_len = 4;
    e.qty = 2;
    struct entry bound = entry_new(ENTRY_BOUND);
    strcpy(bound.sku, "TEA");
    bound.line = 12;
    bound.corrects = book(t, e);
    live(t, 5);
    trim(t->trimmed, bound.corrects + 1);
    same(t);
    book(t, bound);
    char sku[ENTRY_SKU_SIZE];
    int64_t units = 0;
    assert_int_equal(journal_bound(t->trimmed->j, (const uint8_t *)"4711", 4, sku, &units), 1);
    assert_string_equal(sku, "TEA");
    assert_int_equal(units, 12);
    case_sound(t->trimmed->j);
    same(t);
}

static void damage_is_not_deleted_but_told(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    live(t, 60);
    case_close(c);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(c->conf.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE entry SET hash = zeroblob(32), body = zeroblob(3)"
                                  " WHERE seq = 40",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    AUTO(journal) j = NULL;
    struct origin origin;
    assert_int_equal(case_open(c), -EBADMSG); /* it is young enough to be seen at opening */
    assert_int_equal(journal_open_readonly(c->conf.path, NULL, &origin, &c->why, &j), 0);
    assert_int_equal(journal_trim(j, 50, c->now.wall_ms, &c->why), -EBADMSG);
    assert_string_equal(c->why.text, "entry 40 is damaged");
    assert_int_equal(journal_floor(j), 0);
}

static void the_first_entry_that_is_left_is_bound_to_the_deleted_by_the_chain(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    live(t, 60);
    trim(c, 50);
    case_close(c);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(c->conf.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "UPDATE floor SET hash = zeroblob(32)", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(case_open(c), -EBADMSG);
    assert_string_equal(c->why.text, "entry 51 is damaged");
}

static void lost_base(struct journal_case *c, const char *suffix)
{
    char path[512];
    snprintf(path, sizeof(path), "%s" JOURNAL_BASE_SUFFIX "%s", c->conf.path, suffix);
    assert_true(unlink(path) == 0 || errno == ENOENT);
}

static void without_what_the_deleted_left_work_goes_on_and_nothing_more_is_deleted(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    live(t, 60);
    trim(c, 50);
    case_close(c);
    lost_base(c, "");
    lost_base(c, "-wal");
    lost_base(c, "-shm");
    assert_int_equal(case_open(c), 0); /* the folds are there */
    live(t, 5);
    assert_int_equal(journal_trim(c->j, 55, c->now.wall_ms, &c->why), -ENODATA);
    assert_non_null(strstr(c->why.text, "entries up to 50 were deleted"));
    assert_int_equal(journal_floor(c->j), 50);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(c->j, before), 0);
    assert_int_equal(journal_rebuild(c->j), -ENODATA);
    assert_int_equal(journal_fold_digest(c->j, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE); /* nothing was thrown away for nothing */
    live(t, 5);
}

static void another_journals_base_is_made_anew_while_nothing_is_deleted(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    live(t, 60);
    trim(c, 50);
    case_close(c); /* its journal is lost, and what it left lies there */
    char path[512];
    snprintf(path, sizeof(path), "%s", c->conf.path);
    assert_int_equal(unlink(path), 0);
    c->conf.origin.epoch = 2;
    assert_int_equal(case_open(c), 0);
    for (int i = 0; i < 40; i++)
        case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    trim(c, 30);
    case_sound(c->j);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 400);
}

static int64_t file_bytes(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void a_file_that_is_trimmed_as_it_grows_stays_as_large_as_it_is(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    int64_t bytes = 0;
    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < 1024 / JOURNAL_UNIT_MAX; i++) {
            struct entry e[JOURNAL_UNIT_MAX];
            for (int k = 0; k < JOURNAL_UNIT_MAX; k++)
                e[k] = case_entry(ENTRY_RECEIVED, "B1", 1);
            case_append(c, e, JOURNAL_UNIT_MAX);
            assert_int_equal(journal_commit(c->j), 0);
        }
        if (round >= 2)
            assert_int_equal(trim(c, journal_head(c->j) - 2048), 1024 + (round == 2));
        assert_int_equal(journal_tidy(c->j), 0);
        reopen(c);
        if (round == 3)
            bytes = file_bytes(c->conf.path);
    }
    assert_true(file_bytes(c->conf.path) <= bytes + 8 * 4096);
    struct journal_disk disk;
    assert_int_equal(journal_disk(c->j, CASE_DAY0 + 30, &disk), 0);
    assert_true(disk.reusable_bytes > 0);
    case_sound(c->j);
}

static void nothing_is_deleted_under_a_unit_that_waits_for_its_commit(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    live(t, 20);
    struct entry e = case_entry(ENTRY_RECEIVED, "B1", 1);
    case_append(c, &e, 1);
    assert_int_equal(journal_trim(c->j, 10, c->now.wall_ms, &c->why), -EBUSY);
    journal_rollback(c->j);
    assert_int_equal(journal_trim(c->j, 10, c->now.wall_ms, &c->why), 10);
}

static int first(const struct entry *e, const uint8_t *raw, size_t raw_len,
                 const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    *(int64_t *)context = e->seq;
    return 1;
}

static void a_reader_learns_where_the_journal_begins_by_now(void **state)
{
    struct twins *t = *state;
    struct journal_case *c = t->trimmed;
    live(t, 40);
    AUTO(journal) reader = NULL;
    struct origin origin;
    assert_int_equal(journal_open_readonly(c->conf.path, NULL, &origin, &c->why, &reader), 0);
    assert_int_equal(journal_floor(reader), 0);
    trim(c, 30);
    assert_int_equal(journal_refresh(reader), 0);
    assert_int_equal(journal_floor(reader), 30);
    int64_t seq = 0;
    assert_int_equal(journal_read(reader, 1, first, &seq), 1);
    assert_int_equal(seq, 31);
    struct chain_head hash;
    struct chain_head want;
    assert_int_equal(journal_hash(reader, 30, &hash), 1);
    assert_int_equal(journal_hash(t->whole->j, 30, &want), 1);
    assert_memory_equal(&hash, &want, sizeof(hash));
    assert_int_equal(journal_hash(reader, 29, &hash), 0);
    struct sums a = answers(reader);
    struct sums b = answers(t->whole->j);
    assert_memory_equal(&a, &b, sizeof(a));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_deleted_is_gone_and_what_follows_from_it_stays),
        TEST(at_any_point_trimmed_opened_or_made_anew_it_equals_its_twin),
        TEST(folds_that_are_lost_are_made_from_what_the_deleted_left),
        TEST(an_undone_pick_is_undone_though_the_pick_is_deleted_first),
        TEST(what_was_deleted_cannot_be_corrected_and_nothing_is_booked),
        TEST(an_open_capture_is_bound_after_its_entry_is_deleted),
        TEST(damage_is_not_deleted_but_told),
        TEST(the_first_entry_that_is_left_is_bound_to_the_deleted_by_the_chain),
        TEST(without_what_the_deleted_left_work_goes_on_and_nothing_more_is_deleted),
        TEST(another_journals_base_is_made_anew_while_nothing_is_deleted),
        TEST(a_file_that_is_trimmed_as_it_grows_stays_as_large_as_it_is),
        TEST(nothing_is_deleted_under_a_unit_that_waits_for_its_commit),
        TEST(a_reader_learns_where_the_journal_begins_by_now),
    };
    return cmocka_run_group_tests_name("journal_trim", tests, NULL, NULL);
}
