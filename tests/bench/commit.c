/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan costs on this disk: append and commit of one picked entry with all folds, in turns
 * with a bare SQLite commit (WAL, synchronous=FULL) of the same row, so that both see the same disk
 * at the same time. Prints one line of JSON. Run by tests/bench/commit.
 *
 *   commit FOLDER COMMITS ENTRIES    FOLDER lies on the disk in question; ENTRIES: for bytes an
 *                                    entry, opening time and memory */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "bare.h"
#include "civil.h"
#include "entry_codec.h"
#include "journal.h"
#include "journal_stock.h"
#include "rng.h"

#define SKUS 400
#define PER_DAY 5000 /* entries that a busy site makes */

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "commit: %s failed\n", what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t rss_kib(void)
{
    FILE *in = fopen("/proc/self/statm", "re");
    long size = 0;
    long resident = 0;
    need(in && fscanf(in, "%ld %ld", &size, &resident) == 2, "reading statm");
    fclose(in);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct journal *open_journal(const char *path)
{
    struct journal_conf conf = {.path = path, .origin = {"acme", "wh-1", 1}, .site = "Nagpur"};
    struct journal_time time = {.wall_ms = civil_ist_start_ms(20750), .boot = 1};
    struct journal_opening opening;
    struct diag why = {0};
    struct journal *j = NULL;
    if (journal_open(&conf, &time, &opening, &why, &j) < 0)
        fprintf(stderr, "commit: %s\n", why.text);
    need(j != NULL, "opening the journal");
    return j;
}

static struct entry pick(struct rng *r, int64_t n)
{
    /* Every 40th entry receives what the others pick. */
    struct entry e = entry_new(n % 40 == 0 ? ENTRY_RECEIVED : ENTRY_PICKED);
    int sku = (int)rng_below(r, SKUS);
    snprintf(e.sku, sizeof(e.sku), "SKU-%05d", sku);
    snprintf(e.batch.number, sizeof(e.batch.number), "LT%02d%03d", (int)(n / 100000), sku);
    e.batch.expiry_day = 20900 + sku % 90;
    e.batch.mrp_paise = 5000;
    snprintf(e.bin, sizeof(e.bin), "A-%02d", sku % 60);
    snprintf(e.document, sizeof(e.document), "SO-%07d", (int)(n / 25));
    e.line = (int32_t)(n % 25) + 1;
    strcpy(e.party, "OUT-0017");
    strcpy(e.worker, "W01");
    strcpy(e.device, "scanner-1");
    e.qty = n % 40 == 0 ? 480 : 12;
    e.value_paise = 48000;
    return e;
}

static struct journal_time time_of(int64_t n)
{
    return (struct journal_time){.wall_ms =
                                     civil_ist_start_ms(20750) + n * (CIVIL_MS_PER_DAY / PER_DAY),
                                 .mono_ms = n * 10,
                                 .boot = 1,
                                 .trust = CLOCK_NTP};
}

static void append(struct journal *j, struct rng *r, int64_t n)
{
    struct entry e = pick(r, n);
    struct journal_time time = time_of(n);
    struct diag why = {0};
    int64_t seq = 0;
    int err = journal_append(j, &time, &e, 1, &why, &seq);
    if (err < 0)
        fprintf(stderr, "commit: %s\n", why.text);
    need(err == 0, "append");
}

/* The same rows, in the same table, and nothing else. */
static void bare_group(struct bare *b, struct rng *r, int64_t *n, int64_t group)
{
    bare_begin(b);
    for (int64_t i = 0; i < group; i++, ++*n) {
        struct entry e = pick(r, *n);
        e.seq = *n + 2;
        e.wall_ms = time_of(*n).wall_ms;
        uint8_t raw[ENTRY_ENCODED_MAX];
        size_t len = entry_encode(&e, raw);
        bare_insert(b, e.seq, e.wall_ms, e.kind, raw, len);
    }
    bare_commit(b);
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double quantile_us(int64_t *ns, int64_t count, double q)
{
    qsort(ns, (size_t)count, sizeof(*ns), compare);
    int64_t at = (int64_t)(q * (double)(count - 1));
    return (double)ns[at] / 1000.0;
}

/* Commits of `group` entries in turns with bare ones. The log is moved in between, when nobody
 * waits, as the station does it. */
static void measure(const char *folder, int64_t commits, int64_t group, bool last)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/journal-%" PRId64 ".db", folder, group);
    struct journal *j = open_journal(path);
    snprintf(path, sizeof(path), "%s/bare-%" PRId64 ".db", folder, group);
    struct bare *b = bare_open(path);
    int64_t *ours = calloc((size_t)commits, sizeof(*ours));
    int64_t *bare = calloc((size_t)commits, sizeof(*bare));
    need(ours && bare, "memory");
    struct rng r = rng_seed(7);
    struct rng bare_r = rng_seed(7);
    int64_t n = 0;
    int64_t bare_n = 0;
    for (int64_t i = 0; i < commits; i++) {
        int64_t start = now_ns();
        for (int64_t k = 0; k < group; k++)
            append(j, &r, n++);
        need(journal_commit(j) == 0, "commit");
        ours[i] = now_ns() - start;
        start = now_ns();
        bare_group(b, &bare_r, &bare_n, group);
        bare[i] = now_ns() - start;
        need(journal_tidy(j) == 0, "tidy");
    }
    double our_p50 = quantile_us(ours, commits, 0.50);
    double our_p99 = quantile_us(ours, commits, 0.99);
    double bare_p50 = quantile_us(bare, commits, 0.50);
    double bare_p99 = quantile_us(bare, commits, 0.99);
    printf("    {\"entries_a_commit\": %" PRId64 ", \"p50_us\": %.0f, \"p99_us\": %.0f,"
           " \"bare_p50_us\": %.0f, \"bare_p99_us\": %.0f, \"ratio_p50\": %.2f,"
           " \"ratio_p99\": %.2f}%s\n",
           group, our_p50, our_p99, bare_p50, bare_p99, our_p50 / bare_p50, our_p99 / bare_p99,
           last ? "" : ",");
    free(ours);
    free(bare);
    bare_close(b);
    journal_free(j);
}

static void measure_size(const char *folder, int64_t entries)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/large.db", folder);
    struct journal *j = open_journal(path);
    struct rng r = rng_seed(7);
    int64_t start = now_ns();
    for (int64_t n = 0; n < entries; n++) {
        append(j, &r, n);
        if (n % 512 == 511 || n + 1 == entries) {
            need(journal_commit(j) == 0, "commit");
            need(journal_tidy(j) == 0, "tidy");
        }
    }
    double fill_s = (double)(now_ns() - start) / 1e9;
    journal_free(j);
    struct stat st;
    need(stat(path, &st) == 0, "stat");
    int64_t rss_before = rss_kib();
    start = now_ns();
    j = open_journal(path);
    double open_ms = (double)(now_ns() - start) / 1e6;
    int64_t rss = rss_kib();
    start = now_ns();
    need(journal_rebuild(j) == 0, "rebuild");
    double rebuild_s = (double)(now_ns() - start) / 1e9;
    start = now_ns();
    int64_t next = 0;
    need(journal_verify(j, 1, entries + 1, &next) == entries + 1, "verify");
    double verify_s = (double)(now_ns() - start) / 1e9;
    printf("  \"entries\": %" PRId64 ", \"bytes_an_entry\": %.0f, \"append_per_s\": %.0f,"
           " \"open_ms\": %.0f, \"rss_kib\": %" PRId64 ", \"rss_before_kib\": %" PRId64
           ", \"rebuild_s\": %.1f, \"verify_s\": %.1f\n",
           entries, (double)st.st_size / (double)entries, (double)entries / fill_s, open_ms, rss,
           rss_before, rebuild_s, verify_s);
    journal_free(j);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s FOLDER COMMITS ENTRIES\n", argv[0]);
        return 2;
    }
    int64_t commits = strtol(argv[2], NULL, 10);
    int64_t entries = strtol(argv[3], NULL, 10);
    static const int64_t groups[] = {1, 8, 64};
    printf("{\n  \"commits\": [\n");
    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        measure(argv[1], groups[i] == 1 ? commits : commits / 4, groups[i],
                i + 1 == ARRAY_LEN(groups));
    printf("  ],\n");
    measure_size(argv[1], entries);
    printf("}\n");
    return 0;
}
