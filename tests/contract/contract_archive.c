/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What archive.h promises, on every engine: the entries stand in the batches as well, and rows that
 * were damaged are as they were, with all that follows from them. */
#include "ingest_desk.h"

#include "archive.h"

#define ENTRIES 60

/* Two appliances' journals, in batches of many sizes, some of which overlap, and of both kinds: by
 * themselves, and foreseen from those before. */
static void take_all(struct desk *d)
{
    static const int64_t ends[] = {1, 2, 9, 10, 31, ENTRIES};
    static const char *const names[] = {"wh-1", "wh-2"};
    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        struct device *v = device_new(d, names[n], n == 0 ? 2 : 1, ENTRIES);
        int64_t first = 1;
        for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
            d->format = (i + n) % 3 ? BATCH_PREDICTED : BATCH_ZSTD;
            deliver_batch(d, v, first, ends[i]);
            first = ends[i] > 3 ? ends[i] - 2 : ends[i] + 1;
        }
        assert_acked(d, ENTRIES);
        free(v);
    }
}

struct found {
    int journals;
    int64_t archived, differing, first_seq;
};

static int on_archive(const struct archive_verdict *v, void *context)
{
    struct found *f = context;
    assert_int_equal(v->wm, ENTRIES);
    f->journals++;
    f->archived += v->archived;
    f->differing += v->differing;
    f->first_seq = v->first_seq > 0 ? v->first_seq : f->first_seq;
    return 0;
}

static struct found check_all(struct desk *d)
{
    struct found f = {0};
    relay_begin(d->s, SQL_READ);
    assert_int_equal(archive_check(d->s, on_archive, &f), 0);
    sql_rollback(d->s);
    assert_int_equal(f.journals, 2);
    return f;
}

static void the_archive_gives_every_entry(void **state)
{
    struct desk d = desk_open(state);
    take_all(&d);
    struct found f = check_all(&d);
    assert_int_equal(f.archived, 2 * ENTRIES);
    assert_int_equal(f.differing, 0);
    desk_close(&d);
}

struct damage {
    const char *name;
    const char *text;
    int64_t rows;
    int64_t first_seq;
};

static const struct damage damages[] = {
    {"a row is gone", "DELETE FROM entry WHERE device = 'wh-1' AND seq = 17", 1, 17},
    {"all rows of an appliance are gone", "DELETE FROM entry WHERE device = 'wh-2'", ENTRIES, 1},
    {"a quantity was changed", "UPDATE entry SET qty = qty + 1 WHERE device = 'wh-1' AND seq = 40",
     1, 40},
    {"bytes were changed",
     "UPDATE entry SET body = (SELECT o.body FROM entry o WHERE o.device = entry.device"
     " AND o.seq = 1) WHERE device = 'wh-2' AND seq >= 59",
     2, 59},
    {"the time it came was changed", "UPDATE entry SET came_ms = 5 WHERE seq = 1 AND epoch = 2", 1,
     1},
};

static void digest_of(struct desk *d, uint8_t ret[SHA256_SIZE])
{
    assert_int_equal(projection_digest(d->s, ret), 0);
}

static void damaged_rows_are_restored_with_all_that_follows(void **state)
{
    struct desk d = desk_open(state);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    take_all(&d);
    digest_of(&d, before);
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        const struct damage *m = &damages[i];
        relay_begin(d.s, SQL_WRITE);
        relay_run(d.s, m->text);
        relay_run(d.s, "DELETE FROM stock");
        relay_commit(d.s);
        struct found f = check_all(&d);
        if (f.differing != m->rows || f.first_seq != m->first_seq)
            fail_msg("%s: %d rows from %d", m->name, (int)f.differing, (int)f.first_seq);
        struct found mended = {0};
        relay_begin(d.s, SQL_WRITE);
        assert_int_equal(archive_restore(d.s, on_archive, &mended), 0);
        assert_int_equal(projection_rebuild(d.s), 0);
        relay_commit(d.s);
        assert_int_equal(mended.differing, m->rows);
        assert_int_equal(check_all(&d).differing, 0);
        digest_of(&d, after);
        assert_memory_equal(before, after, SHA256_SIZE);
    }
    desk_close(&d);
}

static void what_the_archive_lacks_is_left_alone(void **state)
{
    struct desk d = desk_open(state);
    take_all(&d);
    relay_begin(d.s, SQL_WRITE);
    relay_run(d.s, "DELETE FROM archive WHERE device = 'wh-1' AND first_seq = 11");
    relay_run(d.s, "UPDATE archive SET head_hash = (SELECT w.head_hash FROM watermark w"
                   " WHERE w.device = 'wh-1') WHERE device = 'wh-2' AND first_seq = 32");
    relay_run(d.s, "DELETE FROM entry WHERE seq = 50");
    relay_commit(d.s);
    struct found f = {0};
    relay_begin(d.s, SQL_WRITE);
    assert_int_equal(archive_restore(d.s, on_archive, &f), 0);
    assert_int_equal(relay_number(d.s, "SELECT count(*) FROM entry"), 2 * ENTRIES - 2);
    sql_rollback(d.s);
    assert_int_equal(f.archived, 10 + 31);
    assert_int_equal(f.differing, 0);
    desk_close(&d);
}

int main(void)
{
    static const struct relay_test tests[] = {
        {"the archive gives every entry", the_archive_gives_every_entry},
        {"damaged rows are restored, with all that follows from them",
         damaged_rows_are_restored_with_all_that_follows},
        {"what the archive lacks, or has broken, is left alone",
         what_the_archive_lacks_is_left_alone},
    };
    return relay_run_tests("archive", tests, ARRAY_LEN(tests));
}
