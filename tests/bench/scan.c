/* SPDX-License-Identifier: Apache-2.0 */
/* From a scan's bytes to its durable answer, without the device and the lamp: what station_input()
 * and station_commit() take together, for a scan that only gathers and for one that books, and what
 * drawing the screen takes; in turns with a bare SQLite commit of the very row that the booking
 * wrote, so that both see the same disk at the same time. Prints one line of JSON. Run by
 * tests/bench/scan.
 *
 *   bench_scan BOOKINGS */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bare.h"
#include "floor.h"

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

struct row {
    struct bare *bare;
    int64_t ns;
};

/* The entry that was booked last, once more, alone. */
static int bare_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                      const struct chain_head *hash, void *context)
{
    (void)hash;
    struct row *r = context;
    int64_t start = now_ns();
    bare_begin(r->bare);
    bare_insert(r->bare, e->seq, e->wall_ms, e->kind, raw, raw_len);
    bare_commit(r->bare);
    r->ns = now_ns() - start;
    return 0;
}

static int64_t timed_bare(struct floor *f, struct bare *bare)
{
    struct row r = {.bare = bare};
    assert_int_equal(journal_read(f->journal, journal_head(f->journal), bare_entry, &r), 0);
    return r.ns;
}

static void print_quantiles(const char *name, int64_t *ns, size_t count, const char *end)
{
    qsort(ns, count, sizeof(*ns), compare);
    printf("\"%s_p50_us\": %" PRId64 ", \"%s_p99_us\": %" PRId64 "%s", name,
           ns[(count - 1) / 2] / 1000, name, ns[(count - 1) * 99 / 100] / 1000, end);
}

static int64_t timed_scan(struct floor *f, const char *bytes)
{
    int64_t start = now_ns();
    floor_scan(f, "P1", (const uint8_t *)bytes, strlen(bytes));
    return now_ns() - start;
}

static int64_t timed_view(struct floor *f)
{
    struct station_view v;
    int64_t start = now_ns();
    assert_int_equal(station_view(f->station, "P1", f->now.mono_ms, &v), 0);
    return now_ns() - start;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 0;
    int64_t *gathers = calloc(count + 1, sizeof(*gathers));
    int64_t *books = calloc(count + 1, sizeof(*books));
    int64_t *views = calloc(count + 1, sizeof(*views));
    int64_t *bares = calloc(count + 1, sizeof(*bares));
    if (count == 0 || !gathers || !books || !views || !bares) {
        fprintf(stderr, "usage: bench_scan BOOKINGS\n");
        return 2;
    }
    struct floor f;
    floor_open(&f);
    char path[128];
    snprintf(path, sizeof(path), "%s/bare.db", f.folder);
    struct bare *bare = bare_open(path);
    floor_command(&f, "P1", "flow:receive");
    for (size_t i = 0; i < count; i++) {
        gathers[i] = timed_scan(&f, "]E08901234000038");
        views[i] = timed_view(&f);
        books[i] = timed_scan(&f, "VS*ok");
        assert_string_equal(f.last.message.code, "received");
        bares[i] = timed_bare(&f, bare);
        assert_int_equal(journal_tidy(f.journal), 0); /* when nobody waits, as stationd does it */
    }
    bare_close(bare);
    printf("{\"bookings\": %zu, ", count);
    print_quantiles("gather", gathers, count, ", ");
    print_quantiles("book", books, count, ", ");
    print_quantiles("bare", bares, count, ", ");
    printf("\"ratio_p50\": %.2f, \"ratio_p99\": %.2f, ",
           (double)books[(count - 1) / 2] / (double)bares[(count - 1) / 2],
           (double)books[(count - 1) * 99 / 100] / (double)bares[(count - 1) * 99 / 100]);
    print_quantiles("screen", views, count, "}\n");
    floor_close(&f);
    free(gathers);
    free(books);
    free(views);
    free(bares);
    return 0;
}
