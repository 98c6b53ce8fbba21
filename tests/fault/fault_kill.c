/* SPDX-License-Identifier: Apache-2.0 */
/* A writer is killed with SIGKILL at random points, again and again on the same file. Nothing that
 * it answered is lost, no unit is there in part, and the chain and the folds are whole. Arguments:
 * how many kills, and the seed (printed, so that a failure can be repeated). */
#include "test.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "civil.h"
#include "journal.h"
#include "journal_stock.h"
#include "rng.h"
#include "scratch.h"

#define GROUP_MAX 4
#define UNIT_MAX 3
#define ANSWERS_MAX 30

static int64_t kills = 100;
static uint64_t seed = 20261121;

static int open_at(const char *path, struct diag *why, struct journal **ret)
{
    struct journal_conf conf = {.path = path, .origin = {"acme", "wh-1", 1}, .site = "Nagpur"};
    struct journal_time now = {.wall_ms = civil_ist_start_ms(20750), .boot = 1};
    struct journal_opening opening;
    return journal_open(&conf, &now, &opening, why, ret);
}

static struct entry movement(struct rng *r)
{
    struct entry e = entry_new(rng_below(r, 2) ? ENTRY_RECEIVED : ENTRY_PICKED);
    snprintf(e.sku, sizeof(e.sku), "SKU-%d", (int)rng_below(r, 20));
    snprintf(e.batch.number, sizeof(e.batch.number), "B%d", (int)rng_below(r, 5));
    strcpy(e.bin, "A-01");
    e.qty = 1 + (int64_t)rng_below(r, 9);
    return e;
}

/* Books for ever, and tells the head after each commit. Leaves by being killed; 1: it failed. */
static int write_on(const char *path, int answers, uint64_t own_seed)
{
    struct rng r = rng_seed(own_seed);
    struct diag why;
    struct journal *j = NULL;
    if (open_at(path, &why, &j) < 0)
        return 1;
    for (int64_t i = 0;; i++) {
        struct journal_time now = {.wall_ms = civil_ist_start_ms(20750) + i * 1000, .boot = 1};
        for (uint64_t units = 1 + rng_below(&r, GROUP_MAX); units > 0; units--) {
            struct entry unit[UNIT_MAX];
            size_t n = 1 + rng_below(&r, UNIT_MAX);
            for (size_t k = 0; k < n; k++)
                unit[k] = movement(&r);
            int64_t seq = 0;
            if (journal_append(j, &now, unit, n, &why, &seq) < 0)
                return 1;
        }
        if (journal_commit(j) < 0)
            return 1;
        int64_t head = journal_head(j);
        if (write(answers, &head, sizeof(head)) != sizeof(head))
            return 1;
        if (rng_below(&r, 8) == 0 && journal_tidy(j) < 0)
            return 1;
    }
}

/* Starts a writer, waits for some answers and a little more, kills it. Returns the last answer. */
static int64_t run_and_kill(const char *path, struct rng *r, int64_t answered)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    uint64_t own_seed = rng_next(r);
    pid_t writer = fork();
    assert_true(writer >= 0);
    if (writer == 0) {
        close(ends[0]);
        _exit(write_on(path, ends[1], own_seed));
    }
    close(ends[1]);
    int64_t head = 0;
    for (uint64_t wait = rng_below(r, ANSWERS_MAX); wait > 0; wait--)
        if (read(ends[0], &head, sizeof(head)) == sizeof(head))
            answered = head;
    struct rng burn = rng_seed(1); /* to fall anywhere into the next commit */
    for (uint64_t turns = rng_below(r, 200000); turns > 0; turns--)
        rng_next(&burn);
    assert_int_equal(kill(writer, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(writer, &status, 0), writer);
    assert_true(WIFSIGNALED(status)); /* it did not end by itself, which would be a failure */
    while (read(ends[0], &head, sizeof(head)) == sizeof(head))
        answered = head;
    close(ends[0]);
    return answered;
}

static int last_is_whole(const struct entry *e, const uint8_t *raw, size_t raw_len,
                         const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    (void)context;
    assert_int_equal(e->rest, 0);
    return 0;
}

static int balanced(const struct journal_balance *b, void *context)
{
    (void)context;
    assert_int_equal(b->computed, b->held);
    return 0;
}

/* Returns the head that was found. */
static int64_t check(const char *path, int64_t answered)
{
    struct diag why = {0};
    AUTO(journal) j = NULL;
    int err = open_at(path, &why, &j);
    if (err < 0)
        fail_msg("cannot be opened again: %s", why.text);
    int64_t head = journal_head(j);
    assert_true(head >= answered);
    assert_true(head - answered <= GROUP_MAX * UNIT_MAX || answered == 0);
    assert_int_equal(journal_read(j, head, last_is_whole, NULL), 0);
    int64_t next = 0;
    assert_int_equal(journal_verify(j, 1, head, &next), head);
    assert_int_equal(journal_balances(j, balanced, NULL), 0);
    return head;
}

static void nothing_answered_is_lost(void **state)
{
    (void)state;
    struct scratch scratch = scratch_new();
    const char *path = scratch_path(&scratch, "journal.db");
    struct rng r = rng_seed(seed);
    int64_t answered = 0;
    int64_t first = 0;
    for (int64_t i = 0; i < kills; i++) {
        answered = run_and_kill(path, &r, answered);
        answered = check(path, answered); /* what is there now must stay */
        first = i == 0 ? answered : first;
    }
    assert_true(answered > first); /* work was done in between */
    struct diag why;
    AUTO(journal) j = NULL;
    assert_int_equal(open_at(path, &why, &j), 0);
    uint8_t before[SHA256_SIZE];
    uint8_t after[SHA256_SIZE];
    assert_int_equal(journal_fold_digest(j, before), 0);
    assert_int_equal(journal_rebuild(j), 0);
    assert_int_equal(journal_fold_digest(j, after), 0);
    assert_memory_equal(before, after, SHA256_SIZE);
    print_message("%" PRId64 " kills, %" PRId64 " entries\n", kills, answered);
    scratch_remove(&scratch);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        kills = strtol(argv[1], NULL, 10);
    if (argc > 2)
        seed = strtoull(argv[2], NULL, 10);
    if (kills < 2)
        return 2;
    print_message("seed %" PRIu64 "\n", seed);
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_answered_is_lost)};
    return cmocka_run_group_tests_name("fault/kill", tests, NULL, NULL);
}
