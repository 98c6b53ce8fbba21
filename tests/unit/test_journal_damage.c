/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are damaged, old, too new or not ours: what opening says, and that it changes nothing.
 * The files are spoilt behind the journal's back, by SQL. */
#include "journal_case.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/stat.h>

static void spoil(struct journal_case *c, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(c->conf.path, &db), SQLITE_OK);
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

struct damage {
    const char *name;
    const char *sql;
    int err;
    const char *want;
};

/* The journal has 6 entries: opened, 4 receipts, a pick. */
static struct damage damages[] = {
    {"a byte of an entry was changed",
     "UPDATE entry SET body = zeroblob(length(body)) WHERE seq = 3", -EBADMSG,
     "entry 3 is damaged"},
    {"an entry was replaced by another valid one",
     "UPDATE entry SET body = (SELECT body FROM entry WHERE seq = 4) WHERE seq = 3", -EBADMSG,
     "entry 3 is damaged"},
    {"a hash was changed", "UPDATE entry SET hash = zeroblob(32) WHERE seq = 4", -EBADMSG,
     "entry 4 is damaged"},
    {"a hash was cut", "UPDATE entry SET hash = x'00' WHERE seq = 4", -EBADMSG,
     "entry 4 is damaged"},
    {"an entry was taken out", "DELETE FROM entry WHERE seq = 2", -EBADMSG, "entry 2 is damaged"},
    {"the last entries were cut off", "DELETE FROM entry WHERE seq > 4", -EBADMSG,
     "entry 5 is damaged"},
    {"an entry was put on behind",
     "INSERT INTO entry SELECT 7, wall_ms, kind, body, hash FROM entry WHERE seq = 6", -EBADMSG,
     "entry 7 is damaged"},
    {"a time in a column differs from the entry's",
     "UPDATE entry SET wall_ms = wall_ms + 1 WHERE seq = 5", -EBADMSG, "entry 5 is damaged"},
    {"the row of the head is gone", "DELETE FROM head", -EBADMSG, "entry 1 is damaged"},
    {"the file is of a newer release", "PRAGMA user_version = 99", -EPROTO,
     "schema version 99: this release knows up to 3"},
    {"the file is another program's", "PRAGMA user_version = 0", -EBADMSG,
     "the file is a database, but no journal"},
    {"the journal is of another tenant", "UPDATE origin SET tenant = 'other'", -EINVAL,
     "this is the journal of other, wh-1, epoch 1"},
};

static int64_t file_bytes(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

static void fill(struct journal_case *c)
{
    for (int i = 0; i < 4; i++)
        case_book(c, case_entry(ENTRY_RECEIVED, "B1", 10));
    case_book(c, case_entry(ENTRY_PICKED, "B1", 3));
}

static void damage_is_named_and_nothing_is_changed(void **state)
{
    const struct damage *d = *state;
    void *s = NULL;
    case_setup(&s);
    struct journal_case *c = s;
    fill(c);
    case_close(c);
    spoil(c, d->sql);
    int64_t size = file_bytes(c->conf.path);
    assert_int_equal(case_open(c), d->err);
    assert_null(c->j);
    assert_string_equal(c->why.text, d->want);
    assert_int_equal(file_bytes(c->conf.path), size);
    assert_int_equal(case_open(c), d->err); /* and again the same */
    case_teardown(&s);
}

static void bytes_that_are_no_database_are_damage(void **state)
{
    struct journal_case *c = *state;
    case_close(c);
    FILE *out = fopen(c->conf.path, "we");
    assert_non_null(out);
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", out);
    fclose(out);
    assert_int_equal(case_open(c), -EBADMSG);
}

static void a_page_that_was_overwritten_is_damage(void **state)
{
    struct journal_case *c = *state;
    fill(c);
    case_close(c);
    int64_t size = file_bytes(c->conf.path);
    FILE *file = fopen(c->conf.path, "r+e");
    assert_non_null(file);
    for (int64_t at = 4096; at < size; at += 4096) { /* the kind of page is its first byte */
        assert_int_equal(fseek(file, (long)at, SEEK_SET), 0);
        fputc(0x77, file);
    }
    fclose(file);
    assert_int_equal(case_open(c), -EBADMSG);
    assert_true(c->why.text[0] != '\0');
}

static void damage_behind_what_opening_checks_is_found_by_verify(void **state)
{
    struct journal_case *c = *state;
    for (int unit = 0; unit < 170; unit++) {
        struct entry e[JOURNAL_UNIT_MAX];
        for (int i = 0; i < JOURNAL_UNIT_MAX; i++)
            e[i] = case_entry(ENTRY_RECEIVED, "B1", 1);
        case_append(c, e, JOURNAL_UNIT_MAX);
    }
    assert_int_equal(journal_commit(c->j), 0);
    case_close(c);
    spoil(c, "UPDATE entry SET hash = zeroblob(32) WHERE seq = 300");
    assert_int_equal(case_open(c), 0);
    assert_int_equal(c->opening.head, 1 + 170 * JOURNAL_UNIT_MAX);
    assert_int_equal(c->opening.verified, JOURNAL_OPEN_VERIFIES);
    int64_t next = 0;
    assert_int_equal(journal_verify(c->j, 1, 200, &next), 200);
    assert_int_equal(next, 201);
    assert_int_equal(journal_verify(c->j, next, 200, &next), 99);
    assert_int_equal(next, 300);
}

static void folds_that_are_missing_are_made_anew(void **state)
{
    struct journal_case *c = *state;
    fill(c);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(c->j, before), 0);
    case_close(c);
    spoil(c, "DROP TABLE lot; DROP TABLE demand; DELETE FROM fold WHERE name = 'stock'");
    assert_int_equal(case_open(c), 0);
    assert_true(c->opening.folds_rebuilt);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 37);
    assert_int_equal(journal_fold_digest(c->j, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}

static void a_fold_that_went_wrong_shows_in_digest_and_balance(void **state)
{
    struct journal_case *c = *state;
    fill(c);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(c->j, before), 0);
    case_close(c);
    spoil(c, "UPDATE lot SET qty = qty + 1");
    assert_int_equal(case_open(c), 0);
    assert_int_equal(journal_fold_digest(c->j, after), 0);
    assert_memory_not_equal(before, after, SHA256_SIZE);
    assert_int_equal(journal_rebuild(c->j), 0);
    assert_int_equal(journal_fold_digest(c->j, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}

/* A file as release 0.0 wrote it, recorded as SQL: schema version 1, three entries. */
static void a_file_of_version_1_is_brought_up_to_date(void **state)
{
    struct journal_case *c = *state;
    case_close(c);
    remove(c->conf.path);
    FILE *in = fopen("tests/data/journal/version1.sql", "re");
    assert_non_null(in);
    char sql[8192] = "";
    assert_true(fread(sql, 1, sizeof(sql) - 1, in) > 0);
    fclose(in);
    spoil(c, sql);
    assert_int_equal(case_open(c), 0);
    assert_false(c->opening.created);
    assert_int_equal(c->opening.migrated_from, 1);
    assert_true(c->opening.folds_rebuilt);
    assert_int_equal(c->opening.head, 3);
    assert_int_equal(c->opening.verified, 3);
    assert_int_equal(case_qty(c, "B1", "A", STOCK_SELLABLE), 70);
    case_sound(c->j);
    case_book(c, case_entry(ENTRY_PICKED, "B1", 5));
    case_close(c);
    assert_int_equal(case_open(c), 0); /* once is enough */
    assert_int_equal(c->opening.migrated_from, 0);
    assert_false(c->opening.folds_rebuilt);
    assert_int_equal(c->opening.head, 4);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, case_setup, case_teardown)

int main(void)
{
    const struct CMUnitTest fixed[] = {
        TEST(bytes_that_are_no_database_are_damage),
        TEST(a_page_that_was_overwritten_is_damage),
        TEST(damage_behind_what_opening_checks_is_found_by_verify),
        TEST(folds_that_are_missing_are_made_anew),
        TEST(a_fold_that_went_wrong_shows_in_digest_and_balance),
        TEST(a_file_of_version_1_is_brought_up_to_date),
    };
    struct CMUnitTest tests[ARRAY_LEN(fixed) + ARRAY_LEN(damages)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        tests[n++] = fixed[i];
    for (size_t i = 0; i < ARRAY_LEN(damages); i++)
        tests[n++] = (struct CMUnitTest){damages[i].name, damage_is_named_and_nothing_is_changed,
                                         NULL, NULL, &damages[i]};
    return cmocka_run_group_tests_name("journal_damage", tests, NULL, NULL);
}
