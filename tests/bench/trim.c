/* SPDX-License-Identifier: Apache-2.0 */
/* What it takes that a journal keeps so many days: a site's entries day by day, the oldest day
 * deleted each night, beside a journal that keeps all. Prints one line of JSON. Run by
 * tests/bench/trim.
 *
 *   trim FOLDER DAYS KEPT PER_DAY */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "journal.h"
#include "scan_stream.h"

#define FILLED_AT_ONCE 50    /* entries a transaction while a day is filled, */
#define MEASURED_COMMITS 200 /* but for some of one entry, as a scan is */

static void need(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "trim: %s failed\n", what);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct times {
    int64_t *ns;
    size_t n;
};

static void note(struct times *t, int64_t ns)
{
    t->ns = realloc(t->ns, (t->n + 1) * sizeof(*t->ns));
    need(t->ns != NULL, "memory");
    t->ns[t->n++] = ns;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double ms_at(const struct times *t, size_t permille)
{
    need(t->n > 0, "measuring");
    return (double)t->ns[(t->n - 1) * permille / 1000] / 1e6;
}

struct site {
    char path[512];
    struct journal *j;
    struct scan_stream stream;
    struct times commits;
    struct times trims;
    int64_t day_ends[4096];
    int days;
};

static void begin(struct site *s, const char *folder, const char *name)
{
    *s = (struct site){.stream = scan_stream(5)};
    snprintf(s->path, sizeof(s->path), "%s/%s", folder, name);
    struct journal_conf conf = {.path = s->path, .origin = s->stream.origin, .site = "Nagpur"};
    struct journal_time time = {.wall_ms = s->stream.wall_ms, .boot = 1};
    struct journal_opening opening;
    struct diag why = {0};
    need(journal_open(&conf, &time, &opening, &why, &s->j) == 0, "opening");
}

static void book(struct site *s)
{
    struct entry e = scan_stream_next(&s->stream);
    struct journal_time time = {
        .wall_ms = e.wall_ms, .mono_ms = e.mono_ms, .boot = 1, .trust = CLOCK_NTP};
    struct diag why = {0};
    int64_t seq = 0;
    e.corrects = 0; /* of the stream's own numbers */
    int err = journal_append(s->j, &time, &e, 1, &why, &seq);
    if (err < 0)
        fprintf(stderr, "trim: %s\n", why.text);
    need(err == 0, "appending");
}

static void live_a_day(struct site *s, int per_day)
{
    for (int i = 0; i < per_day; i++) {
        int64_t before = now_ns();
        book(s);
        bool last = i >= per_day - MEASURED_COMMITS;
        if (!last && i % FILLED_AT_ONCE != 0)
            continue;
        need(journal_commit(s->j) == 0, "committing");
        if (last)
            note(&s->commits, now_ns() - before);
    }
    s->day_ends[s->days++] = journal_head(s->j);
    need(journal_tidy(s->j) == 0, "tidying");
}

static void keep(struct site *s, int kept)
{
    if (s->days <= kept)
        return;
    int64_t up_to = s->day_ends[s->days - 1 - kept];
    struct diag why = {0};
    int gone = 1;
    while (gone > 0) {
        int64_t before = now_ns();
        gone = journal_trim(s->j, up_to, 0, &why);
        if (gone > 0)
            note(&s->trims, now_ns() - before);
    }
    need(gone == 0, "deleting");
    need(journal_tidy(s->j) == 0, "tidying");
}

static int64_t file_bytes(const char *path, const char *suffix)
{
    char name[600];
    struct stat st;
    snprintf(name, sizeof(name), "%s%s", path, suffix);
    return stat(name, &st) == 0 ? (int64_t)st.st_size : 0;
}

int main(int argc, char **argv)
{
    need(argc == 5, "usage: trim FOLDER DAYS KEPT PER_DAY:");
    int days = atoi(argv[2]);
    int kept = atoi(argv[3]);
    int per_day = atoi(argv[4]);
    need(days > kept && days < 4096 && kept > 0 && per_day > MEASURED_COMMITS, "arguments");
    static struct site trimmed;
    static struct site whole;
    begin(&trimmed, argv[1], "trimmed.db");
    begin(&whole, argv[1], "whole.db");
    for (int d = 0; d < days; d++) {
        live_a_day(&trimmed, per_day);
        live_a_day(&whole, per_day);
        keep(&trimmed, kept);
    }
    uint8_t a[SHA256_SIZE];
    uint8_t b[SHA256_SIZE];
    need(journal_fold_digest(trimmed.j, a) == 0 && journal_fold_digest(whole.j, b) == 0 &&
             memcmp(a, b, sizeof(a)) == 0,
         "equality of the folds");
    int64_t start = now_ns();
    need(journal_rebuild(trimmed.j) == 0, "making the folds anew");
    double rebuilt_s = (double)(now_ns() - start) / 1e9;
    need(journal_fold_digest(trimmed.j, a) == 0 && memcmp(a, b, sizeof(a)) == 0,
         "equality of the folds made anew");
    journal_free(trimmed.j);
    journal_free(whole.j);
    qsort(trimmed.commits.ns, trimmed.commits.n, sizeof(int64_t), by_size);
    qsort(trimmed.trims.ns, trimmed.trims.n, sizeof(int64_t), by_size);
    printf("{\"days\": %d, \"kept\": %d, \"per_day\": %d, \"whole_bytes\": %" PRId64
           ", \"trimmed_bytes\": %" PRId64 ", \"base_bytes\": %" PRId64
           ", \"commit_ms\": [%.3f, %.3f, %.3f], \"step_ms\": [%.3f, %.3f, %.3f],"
           " \"step_to_commit\": [%.2f, %.2f, %.2f], \"rebuild_s\": %.2f}\n",
           days, kept, per_day, file_bytes(whole.path, ""), file_bytes(trimmed.path, ""),
           file_bytes(trimmed.path, JOURNAL_BASE_SUFFIX), ms_at(&trimmed.commits, 500),
           ms_at(&trimmed.commits, 990), ms_at(&trimmed.commits, 1000), ms_at(&trimmed.trims, 500),
           ms_at(&trimmed.trims, 990), ms_at(&trimmed.trims, 1000),
           ms_at(&trimmed.trims, 500) / ms_at(&trimmed.commits, 500),
           ms_at(&trimmed.trims, 990) / ms_at(&trimmed.commits, 990),
           ms_at(&trimmed.trims, 1000) / ms_at(&trimmed.commits, 1000), rebuilt_s);
    free(trimmed.commits.ns);
    free(trimmed.trims.ns);
    free(whole.commits.ns);
    return 0;
}
