/* SPDX-License-Identifier: Apache-2.0 */
/* The day of journal_story.h with the n-th call of the disk failing, for every n until nothing
 * fails any more; and the same with the power cut at the n-th call. An argument k tries every k-th
 * n only, for slow machines. */
#include "test.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "fault_vfs.h"
#include "journal_stock.h"
#include "journal_story.h"

static int64_t stride = 1;

struct disk_fault {
    const char *name;
    enum fault_kind kind;
    bool lasting;
};

static struct disk_fault disk_faults[] = {
    {"the n-th call fails once", FAULT_IO, false},
    {"from the n-th call on all fail", FAULT_IO, true},
    {"the n-th write is short", FAULT_SHORT, false},
    {"the disk is full for the n-th write", FAULT_FULL, false},
    {"the disk is full from the n-th write on", FAULT_FULL, true},
    {"the disk is read-only from the n-th write on", FAULT_READ_ONLY, true},
};

static void day_with_a_faulty_disk(void **state)
{
    const struct disk_fault *f = *state;
    int64_t with_failures = 0;
    for (int64_t n = 1;; n += stride) {
        fault_vfs_clear();
        fault_vfs_fail(f->kind, n, f->lasting);
        struct story story = {.vfs = FAULT_VFS, .path = "/journal.db"};
        story_play(&story);
        bool happened = fault_vfs_failed();
        fault_vfs_heal();
        /* A disk that stays away at closing, too, leaves what a crash would leave. */
        story_check(&story, f->lasting);
        if (!happened) {
            assert_int_equal(story.failures, 0);
            break;
        }
        with_failures += story.failures > 0;
        /* The disk is sound again: the next day needs nothing but itself. */
        struct story next = story;
        next.failures = 0;
        story_play(&next);
        assert_int_equal(next.failures, 0);
    }
    assert_true(with_failures > 10 / stride);
}

struct cut {
    const char *name;
    enum cut_kind kind;
    int seeds; /* each n is tried with so many throws */
};

static struct cut cuts[] = {
    {"the power is cut and nothing unsynced stays", CUT_NOTHING, 1},
    {"the power is cut and all that was written stays", CUT_ALL, 1},
    {"the power is cut and some sectors stay", CUT_SOME, 4},
};

/* False when the day was over before the n-th call. */
static bool day_with_a_cut(const struct cut *c, int64_t n, uint64_t seed)
{
    fault_vfs_clear();
    fault_vfs_fail(FAULT_POWER, n, true);
    struct story story = {.vfs = FAULT_VFS, .path = "/journal.db"};
    story_play(&story);
    bool happened = fault_vfs_failed();
    fault_vfs_cut(c->kind, seed);
    story_check(&story, true);
    return happened;
}

static void day_with_a_power_cut(void **state)
{
    const struct cut *c = *state;
    int64_t n = 1;
    for (bool happened = true; happened; n += stride)
        for (int seed = 0; seed < c->seeds; seed++)
            happened = day_with_a_cut(c, n, (uint64_t)(n * 1000 + seed));
    assert_true(n > 100);
}

/* What the staff are told, and that nothing needs to be opened again. */
struct refusal {
    const char *name;
    enum fault_kind kind;
    int err;
    const char *words;
};

static struct refusal refusals[] = {
    {"a full disk refuses, loses nothing, and work goes on when there is room", FAULT_FULL, -ENOSPC,
     "the disk is full"},
    {"a read-only disk refuses, loses nothing, and work goes on when it is writable",
     FAULT_READ_ONLY, -EROFS, "the disk cannot be written"},
};

static struct entry received(int64_t qty)
{
    struct entry e = entry_new(ENTRY_RECEIVED);
    strcpy(e.sku, "TEA");
    strcpy(e.bin, "A");
    e.qty = qty;
    return e;
}

static int book(struct journal *j, int64_t qty)
{
    struct journal_time now = {.wall_ms = 1792780200000, .boot = 1};
    struct entry e = received(qty);
    struct diag why = {0};
    int64_t seq = 0;
    int err = journal_append(j, &now, &e, 1, &why, &seq);
    return err < 0 ? err : journal_commit(j);
}

static int64_t stock(struct journal *j)
{
    struct entry e = received(1);
    int64_t qty = 0;
    assert_int_equal(journal_qty(j, e.sku, &e.batch, e.bin, STOCK_SELLABLE, &qty), 0);
    return qty;
}

static void the_disk_refuses_and_recovers(void **state)
{
    const struct refusal *r = *state;
    struct journal_conf conf = {
        .path = "/journal.db", .origin = {"acme", "wh-1", 1}, .site = "Nagpur", .vfs = FAULT_VFS};
    struct journal_time now = {.wall_ms = 1792780200000, .boot = 1};
    struct journal_opening opening;
    struct diag why = {0};
    AUTO(journal) j = NULL;
    fault_vfs_clear();
    assert_int_equal(journal_open(&conf, &now, &opening, &why, &j), 0);
    assert_int_equal(book(j, 5), 0);
    fault_vfs_fail(r->kind, 0, true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(book(j, 7), r->err);
        assert_int_equal(journal_pending(j), 0);
        assert_int_equal(journal_head(j), 2);
        assert_int_equal(stock(j), 5); /* questions are answered all the time */
    }
    fault_vfs_heal();
    assert_int_equal(book(j, 2), 0);
    assert_int_equal(stock(j), 7);
    journal_free(TAKE(j));

    fault_vfs_fail(r->kind, 0, true);
    int err = journal_open(&conf, &now, &opening, &why, &j);
    if (err == 0) { /* a full disk can be read */
        assert_int_equal(r->kind, FAULT_FULL);
        assert_int_equal(stock(j), 7);
        journal_free(TAKE(j));
    } else {
        assert_int_equal(err, r->err);
        assert_non_null(strstr(why.text, r->words));
    }
    fault_vfs_heal();
    assert_int_equal(journal_open(&conf, &now, &opening, &why, &j), 0);
    assert_int_equal(opening.head, 3);
    assert_int_equal(stock(j), 7);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        stride = strtol(argv[1], NULL, 10);
    if (stride < 1)
        return 2;
    fault_vfs_install();
    struct CMUnitTest tests[ARRAY_LEN(disk_faults) + ARRAY_LEN(cuts) + ARRAY_LEN(refusals)];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(disk_faults); i++)
        tests[n++] = (struct CMUnitTest){disk_faults[i].name, day_with_a_faulty_disk, NULL, NULL,
                                         &disk_faults[i]};
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
        tests[n++] = (struct CMUnitTest){cuts[i].name, day_with_a_power_cut, NULL, NULL, &cuts[i]};
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        tests[n++] = (struct CMUnitTest){refusals[i].name, the_disk_refuses_and_recovers, NULL,
                                         NULL, &refusals[i]};
    int failed = cmocka_run_group_tests_name("fault/journal", tests, NULL, NULL);
    fault_vfs_clear();
    return failed;
}
