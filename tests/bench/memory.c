/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a journal with a million entries over 5,000 SKUs and 50,000 batches, all of them still in
 * the house, the oldest past their day, and tells what opening it and detecting over it takes.
 *
 *   bench_memory fill FOLDER    makes FOLDER/journal.db, its last entry of today
 *   bench_memory open FOLDER    opens it as stationd does, and prints time and memory step by step
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "civil.h"
#include "detect.h"
#include "journal.h"
#include "master.h"
#include "rng.h"

#define ENTRIES 1000000
#define SKUS 5000
#define BATCHES 50000
#define A_BATCH (ENTRIES / BATCHES) /* entries: one receipt, one move, the others as below */
#define BINS 2000
#define DAYS 365
#define UNIT 50
#define UNITS_A_COMMIT 100
#define LIVING 8000 /* batches that are sold from at one time */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(int err, const struct diag *why, const char *what)
{
    if (err >= 0)
        return;
    fprintf(stderr, "%s: %s: %s\n", what, strerror(-err), why->text);
    exit(EXIT_FAILURE);
}

static struct journal *open_journal(const char *folder, const struct journal_time *time)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/journal.db", folder);
    struct journal_conf conf = {.path = path, .origin = {"demo", "wh-01", 1}, .site = "warehouse"};
    struct journal_opening opening;
    struct diag why = {0};
    struct journal *j = NULL;
    must(journal_open(&conf, time, &opening, &why, &j), &why, path);
    return j;
}

static void apply(struct journal *j, const struct journal_time *time, enum document_type type,
                  const char *body, size_t len)
{
    struct diag why = {0};
    must(master_apply(j, time, type, 1, body, len, &why), &why, document_name(type));
}

static void apply_documents(struct journal *j, const struct journal_time *time)
{
    char *body = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&body, &len);
    if (!out)
        exit(EXIT_FAILURE);
    fputs("sku,name,category,unit,expiry_kind,shelf_life_days,outlet_days,needs,cost,mrp,"
          "volume_ml\n",
          out);
    for (int i = 0; i < SKUS; i++)
        fprintf(out,
                "SKU%05d,Product number %d,category-%d,piece,best_before,360,20,expiry,8,10,"
                "200\n",
                i, i, i % 40);
    fclose(out);
    apply(j, time, DOCUMENT_CATALOGUE, body, len);
    free(body);

    out = open_memstream(&body, &len);
    if (!out)
        exit(EXIT_FAILURE);
    fputs("bin,kind\nDOCK,dock\nQUAR,quarantine\n", out);
    for (int i = 0; i < BINS; i++)
        fprintf(out, "R%04d,rack\n", i);
    fclose(out);
    apply(j, time, DOCUMENT_BINS, body, len);
    free(body);
}

/* Entry number k: each batch comes and is put away; between, younger batches are sold from, and
 * now and then counted, damaged, or come back. No batch is ever sold out: 200 come, and less than
 * that many can go. */
static struct entry entry_of(int64_t k, int32_t day, struct rng *rng)
{
    int64_t newest = k / A_BATCH;
    int64_t step = k % A_BATCH;
    int64_t oldest = newest > LIVING ? newest - LIVING : 0;
    int64_t b = step < 2 || newest == 0
                    ? newest
                    : oldest + (int64_t)rng_below(rng, (uint64_t)(newest - oldest));
    uint64_t chance = rng_below(rng, 1000);
    struct entry e = entry_new(step == 0     ? ENTRY_RECEIVED
                               : step == 1   ? ENTRY_MOVED
                               : chance < 20 ? ENTRY_RETURNED
                               : chance < 30 ? ENTRY_COUNTED
                               : chance < 35 ? ENTRY_DISPOSED
                                             : ENTRY_PICKED);
    snprintf(e.sku, sizeof(e.sku), "SKU%05d", (int)(b % SKUS));
    snprintf(e.batch.number, sizeof(e.batch.number), "L%05d", (int)b);
    int32_t came = (int32_t)(day - (newest - b) * DAYS / BATCHES);
    e.batch.expiry_day = came - came % 30 + 360; /* printed to the month */
    e.batch.mrp_paise = 1000;
    snprintf(e.worker, sizeof(e.worker), "W%02d", (int)(k % 12));
    snprintf(e.bin, sizeof(e.bin), "R%04d", (int)(b % BINS));
    e.qty = 1 + (int64_t)rng_below(rng, 3);
    snprintf(e.document, sizeof(e.document), "SO-%06d", (int)(k / 30));
    if (e.kind == ENTRY_RECEIVED || e.kind == ENTRY_MOVED) {
        e.qty = 200;
        strcpy(e.bin, "DOCK");
    }
    if (e.kind == ENTRY_RECEIVED)
        e.value_paise = e.qty * 800;
    if (e.kind == ENTRY_MOVED)
        snprintf(e.bin_to, sizeof(e.bin_to), "R%04d", (int)(b % BINS));
    if (e.kind == ENTRY_PICKED || e.kind == ENTRY_RETURNED)
        snprintf(e.party, sizeof(e.party), "OUT-%04d", (int)rng_below(rng, 1500));
    if (e.kind == ENTRY_RETURNED || e.kind == ENTRY_DISPOSED)
        strcpy(e.reason, "damaged");
    if (e.kind == ENTRY_COUNTED) {
        e.qty = 0;
        e.expected = 120;
        e.observed = 120 + (int64_t)rng_below(rng, 3);
    }
    return e;
}

static int32_t today(void)
{
    return civil_ist_day((int64_t)time(NULL) * 1000);
}

static void fill(const char *folder)
{
    struct rng rng = rng_seed(1000000);
    int32_t first = today() - DAYS;
    struct journal_time time = {
        .wall_ms = civil_ist_start_ms(first), .mono_ms = 1, .boot = 1, .trust = CLOCK_NTP};
    AUTO(journal) j = open_journal(folder, &time);
    apply_documents(j, &time);
    double begun = now_s();
    struct diag why = {0};
    for (int64_t k = 0; k < ENTRIES; k += UNIT) {
        int32_t day = first + (int32_t)(k * DAYS / ENTRIES);
        time.wall_ms = civil_ist_start_ms(first) + k * (DAYS * CIVIL_MS_PER_DAY / ENTRIES);
        time.mono_ms = time.wall_ms - civil_ist_start_ms(first) + 1;
        struct entry unit[UNIT];
        for (int64_t i = 0; i < UNIT; i++)
            unit[i] = entry_of(k + i, day, &rng);
        int64_t seq = 0;
        must(journal_append(j, &time, unit, UNIT, &why, &seq), &why, "append");
        if (k / UNIT % UNITS_A_COMMIT == UNITS_A_COMMIT - 1)
            must(journal_commit(j), &why, "commit");
    }
    must(journal_commit(j), &why, "commit");
    double took = now_s() - begun;
    struct journal_disk disk;
    must(journal_disk(j, today(), &disk), &why, "disk");
    printf("filled: %" PRId64 " entries in %.0f s (%.0f a second), %" PRId64 " MB\n",
           journal_head(j), took, ENTRIES / took, disk.used_bytes / 1000000);
}

static void print_memory(const char *after, double seconds)
{
    FILE *in = fopen("/proc/self/status", "re");
    if (!in)
        exit(EXIT_FAILURE);
    char line[256];
    long rss = 0;
    long peak = 0;
    while (fgets(line, sizeof(line), in)) {
        (void)sscanf(line, "VmRSS: %ld", &rss);
        (void)sscanf(line, "VmHWM: %ld", &peak);
    }
    fclose(in);
    printf("%-28s %7.2f s   VmRSS %6.1f MB   VmHWM %6.1f MB\n", after, seconds, (double)rss / 1024,
           (double)peak / 1024);
}

static void open_all(const char *folder)
{
    struct journal_time time = {.wall_ms = civil_ist_start_ms(today()) + 36000000,
                                .mono_ms = 1,
                                .boot = 2,
                                .trust = CLOCK_NTP};
    struct diag why = {0};
    double begun = now_s();
    print_memory("start", 0);
    AUTO(journal) j = open_journal(folder, &time);
    print_memory("journal open", now_s() - begun);
    begun = now_s();
    struct detect_conf conf = detect_conf_default();
    AUTO(detect) d = NULL;
    must(detect_open(&conf, j, today(), &why, &d), &why, "detect");
    print_memory("detection open", now_s() - begun);
    begun = now_s();
    detect_begin_day(d, today());
    for (int left = 1; left > 0;) {
        left = detect_step(d, &time, 50);
        must(left, &why, "sweep");
        must(journal_commit(j), &why, "commit");
        detect_committed(d, true);
    }
    print_memory("the day's sweep", now_s() - begun);
    struct detect_total t = detect_total(d, NULL);
    printf("%" PRId64 " SKUs, %" PRId64 " batches that may be sold\n", t.skus, t.batches);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "fill") == 0) {
        fill(argv[2]);
        return EXIT_SUCCESS;
    }
    if (argc == 3 && strcmp(argv[1], "open") == 0) {
        open_all(argv[2]);
        return EXIT_SUCCESS;
    }
    fputs("usage: bench_memory fill|open FOLDER\n", stderr);
    return 2;
}
