/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_story.h"

#include "test.h"

#include <errno.h>
#include <string.h>

#include "civil.h"
#include "journal_stock.h"
#include "master.h"

#define DAY0 20750

static struct journal_time at(int32_t day, int64_t minute)
{
    return (struct journal_time){.wall_ms = civil_ist_start_ms(day) + minute * 60000,
                                 .mono_ms = minute * 60000,
                                 .boot = 1,
                                 .trust = CLOCK_RTC};
}

static struct entry goods(enum entry_kind kind, const char *sku, const char *batch, int64_t qty)
{
    struct entry e = entry_new(kind);
    strcpy(e.sku, sku);
    strcpy(e.batch.number, batch);
    e.batch.expiry_day = DAY0 + 60;
    e.batch.mrp_paise = 1000;
    strcpy(e.bin, "DOCK");
    strcpy(e.worker, "W1");
    e.qty = qty;
    return e;
}

/* Errors that a disk or want of memory may cause, and nothing else. */
static bool of_the_disk(int err)
{
    static const int allowed[] = {-EIO, -ENOSPC, -EROFS, -ENOMEM, -EBADMSG, -EBUSY, -ENOENT};
    for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
        if (err == allowed[i])
            return true;
    return false;
}

static void failed(struct story *s, int err)
{
    if (!of_the_disk(err))
        fail_msg("error %d (%s)", err, strerror(-err));
    s->failures++;
}

static void append(struct story *s, struct journal *j, const struct journal_time *time,
                   struct entry *unit, size_t n)
{
    int64_t head = journal_head(j);
    int pending = journal_pending(j);
    struct diag why = {0};
    int64_t seq = 0;
    int err = journal_append(j, time, unit, n, &why, &seq);
    if (err == 0) {
        assert_int_equal(seq, head + 1);
        assert_int_equal(journal_pending(j), pending + 1);
        return;
    }
    failed(s, err);
    assert_true(why.text[0] != '\0');
    if (journal_pending(j) == 0)
        assert_int_equal(journal_head(j), s->answered);
    else {
        assert_int_equal(journal_pending(j), pending);
        assert_int_equal(journal_head(j), head);
    }
}

static void commit(struct story *s, struct journal *j)
{
    if (journal_pending(j) == 0) { /* all of the group failed, and nothing is to be answered */
        assert_int_equal(journal_commit(j), 0);
        return;
    }
    int64_t head = journal_head(j);
    int err = journal_commit(j);
    assert_int_equal(journal_pending(j), 0);
    if (err == 0) {
        s->answered = journal_head(j);
        s->hash = journal_head_hash(j);
        assert_int_equal(s->answered, head);
        s->doubtful = 0;
        return;
    }
    failed(s, err);
    s->doubtful = head;
    assert_int_equal(journal_head(j), s->answered);
}

static void book(struct story *s, struct journal *j, const struct journal_time *time,
                 struct entry e)
{
    append(s, j, time, &e, 1);
    commit(s, j);
}

static void documents(struct story *s, struct journal *j, const struct journal_time *time)
{
    static const char catalogue[] =
        "sku,name,unit,piece_gtin\nTEA,Tea,piece,8901234567890\nBISC,Biscuits,piece,\n";
    struct diag why = {0};
    int err = master_apply(j, time, DOCUMENT_CATALOGUE, 1, catalogue, strlen(catalogue), &why);
    if (err < 0 && err != -EEXIST)
        failed(s, err);
    commit(s, j);
    struct catalogue_sku sku;
    size_t pack = 0;
    err = master_gtin(j, "08901234567890", &sku, &pack);
    if (err < 0)
        failed(s, err);
}

static void morning(struct story *s, struct journal *j)
{
    struct journal_time now = at(DAY0, 8 * 60);
    documents(s, j, &now);
    for (int i = 0; i < 3; i++) { /* a group of three scans */
        struct entry e = goods(ENTRY_RECEIVED, i ? "BISC" : "TEA", "B1", 24);
        strcpy(e.document, "PO-1");
        e.line = i + 1;
        e.value_paise = 4800;
        append(s, j, &now, &e, 1);
    }
    commit(s, j);
    struct entry unit[2] = {goods(ENTRY_CORRECTED_OUT, "TEA", "B1", 12),
                            goods(ENTRY_CORRECTED_IN, "TEA", "B2", 12)};
    strcpy(unit[0].reason, "wrong_batch");
    strcpy(unit[1].reason, "wrong_batch");
    append(s, j, &now, unit, 2);
    struct entry moved = goods(ENTRY_MOVED, "TEA", "B2", 12);
    strcpy(moved.bin_to, "A-01");
    append(s, j, &now, &moved, 1);
    commit(s, j);
    struct entry pick = goods(ENTRY_PICKED, "BISC", "B1", 5);
    append(s, j, &now, &pick, 1);
    journal_rollback(j); /* a scan that was taken back before its commit */
    assert_int_equal(journal_head(j), s->answered);
}

/* The relay has the oldest safe. Whatever fails, all that was answered is still told by folds. */
static void trim(struct story *s, struct journal *j, const struct journal_time *time)
{
    int64_t up_to = s->answered - 4;
    int64_t floor = journal_floor(j);
    if (journal_pending(j) > 0 || up_to <= floor)
        return;
    struct diag why = {0};
    int gone = journal_trim(j, up_to, time->wall_ms, &why);
    if (gone < 0) {
        failed(s, gone);
        assert_true(why.text[0] != '\0');
        assert_int_equal(journal_floor(j), floor);
        return;
    }
    assert_int_equal(journal_floor(j), up_to);
    assert_int_equal(gone, up_to - floor);
}

static void afternoon(struct story *s, struct journal *j)
{
    struct journal_time now = at(DAY0 + 1, 15 * 60);
    struct entry e = goods(ENTRY_PICKED, "TEA", "B1", 12);
    strcpy(e.document, "SO-1");
    e.line = 1;
    book(s, j, &now, e);
    e = entry_new(ENTRY_CAPTURED);
    memcpy(e.scan, "4711", 4);
    e.scan_len = 4;
    e.qty = 2;
    book(s, j, &now, e);
    e = entry_new(ENTRY_ALERTED);
    strcpy(e.reason, "expiry");
    strcpy(e.sku, "TEA");
    e.line = 30;
    book(s, j, &now, e);
    trim(s, j, &now);
    e = goods(ENTRY_ADJUSTED, "BISC", "B1", -1);
    strcpy(e.reason, "breakage");
    book(s, j, &now, e);
    trim(s, j, &now);
    int err = journal_tidy(j);
    if (err < 0)
        failed(s, err);
}

static int open_story(const struct story *s, struct diag *why, struct journal **ret)
{
    struct journal_conf conf = {
        .path = s->path, .origin = {"acme", "wh-1", 1}, .site = "Nagpur", .vfs = s->vfs};
    struct journal_time now = at(DAY0, 7 * 60);
    struct journal_opening opening;
    return journal_open(&conf, &now, &opening, why, ret);
}

/* 0, or it could not be opened. */
static int begin(struct story *s, struct journal **ret)
{
    struct diag why = {0};
    int err = open_story(s, &why, ret);
    if (err < 0) {
        failed(s, err);
        assert_null(*ret);
        if (s->answered == 0)
            s->doubtful = 1; /* the first entry */
        return err;
    }
    /* What opening made durable counts as answered: the first entry, or a doubtful group that a
     * crash before this day left behind. */
    if (s->answered == 0 || journal_head(*ret) == s->doubtful) {
        s->answered = journal_head(*ret);
        s->hash = journal_head_hash(*ret);
    }
    s->doubtful = 0;
    assert_int_equal(journal_head(*ret), s->answered);
    return 0;
}

void story_play(struct story *story)
{
    AUTO(journal) first = NULL;
    if (begin(story, &first) < 0)
        return;
    morning(story, first);
    journal_free(TAKE(first));
    AUTO(journal) second = NULL;
    if (begin(story, &second) < 0)
        return;
    afternoon(story, second);
}

static int balanced(const struct journal_balance *b, void *context)
{
    (void)context;
    assert_int_equal(b->computed, b->held);
    return 0;
}

void story_check(const struct story *story, bool crashed)
{
    struct diag why = {0};
    AUTO(journal) j = NULL;
    int err = open_story(story, &why, &j);
    if (err < 0)
        fail_msg("cannot be opened again: %d: %s", err, why.text);
    int64_t head = journal_head(j);
    struct chain_head hash = journal_head_hash(j);
    bool nothing_answered = story->answered == 0;
    if (nothing_answered)
        assert_int_equal(head, 1);
    else if (!crashed || head != story->doubtful) {
        assert_int_equal(head, story->answered);
        assert_memory_equal(hash.hash, story->hash.hash, SHA256_SIZE);
    }
    int64_t next = 0;
    int64_t floor = journal_floor(j);
    assert_true(floor <= story->answered);
    assert_int_equal(journal_verify(j, floor + 1, head - floor, &next), head - floor);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(j, before), 0);
    assert_int_equal(journal_balances(j, balanced, NULL), 0);
    assert_int_equal(journal_rebuild(j), 0);
    assert_int_equal(journal_fold_digest(j, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
}
