/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of `entry` a second into the relay's store, durable, by rows a transaction, on both engines,
 * in turns with the same rows written by the engine's own library (store_bare.h). Prints JSON. Run
 * by tests/bench/store, which starts PostgreSQL.
 *
 *   store FOLDER ROUNDS */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "rng.h"
#include "sql.h"
#include "store_bare.h"

#define ROWS_MAX 512
#define FILL_ROUNDS 150
#define BODY_BYTES 110 /* canonical bytes of an entry of the scan stream */
#define WALL_MS INT64_C(1790000000000)

static void need(int ok, const char *what, const char *words)
{
    if (ok)
        return;
    fprintf(stderr, "store: %s: %s\n", what, words);
    exit(1);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Values of ROWS_MAX entries, column by column, in the order of `columns`. */
static struct {
    int64_t epoch[ROWS_MAX], seq[ROWS_MAX], wall_ms[ROWS_MAX], came_ms[ROWS_MAX], kind[ROWS_MAX];
    int64_t expiry_day[ROWS_MAX], mrp_paise[ROWS_MAX], qty[ROWS_MAX], value_paise[ROWS_MAX];
    int64_t line[ROWS_MAX];
    const char *device[ROWS_MAX], *worker[ROWS_MAX], *party[ROWS_MAX], *reason[ROWS_MAX];
    const char *sku[ROWS_MAX], *batch[ROWS_MAX], *document[ROWS_MAX];
    char texts[3][ROWS_MAX][16];
    unsigned char raw[ROWS_MAX][BODY_BYTES];
    const void *body[ROWS_MAX];
    size_t lens[ROWS_MAX];
} rows;

static const struct sql_column columns[] = {
    {.name = "device", .type = SQL_TEXT, .texts = rows.device},
    {.name = "epoch", .type = SQL_INT, .ints = rows.epoch},
    {.name = "seq", .type = SQL_INT, .ints = rows.seq},
    {.name = "wall_ms", .type = SQL_INT, .ints = rows.wall_ms},
    {.name = "came_ms", .type = SQL_INT, .ints = rows.came_ms},
    {.name = "kind", .type = SQL_INT, .ints = rows.kind},
    {.name = "worker", .type = SQL_TEXT, .texts = rows.worker},
    {.name = "sku", .type = SQL_TEXT, .texts = rows.sku},
    {.name = "batch", .type = SQL_TEXT, .texts = rows.batch},
    {.name = "expiry_day", .type = SQL_INT, .ints = rows.expiry_day},
    {.name = "mrp_paise", .type = SQL_INT, .ints = rows.mrp_paise},
    {.name = "qty", .type = SQL_INT, .ints = rows.qty},
    {.name = "value_paise", .type = SQL_INT, .ints = rows.value_paise},
    {.name = "document", .type = SQL_TEXT, .texts = rows.document},
    {.name = "line", .type = SQL_INT, .ints = rows.line},
    {.name = "party", .type = SQL_TEXT, .texts = rows.party},
    {.name = "reason", .type = SQL_TEXT, .texts = rows.reason},
    {.name = "body", .type = SQL_BYTES, .bytes = rows.body, .lens = rows.lens},
};

/* The entries behind `from`: random enough that neither engine can squeeze them. */
static void make_rows(struct rng *r, int64_t from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t sku = (int64_t)rng_below(r, 400);
        rows.seq[i] = from + (int64_t)i + 1;
        rows.wall_ms[i] = WALL_MS + rows.seq[i] * 17000;
        rows.came_ms[i] = WALL_MS;
        rows.epoch[i] = 1;
        rows.kind[i] = 3;
        rows.expiry_day[i] = 20900 + sku % 90;
        rows.mrp_paise[i] = 5000;
        rows.qty[i] = 12;
        rows.value_paise[i] = 48000;
        rows.line[i] = rows.seq[i] % 25;
        rows.device[i] = "kol-1";
        rows.worker[i] = "W01";
        rows.party[i] = "OUT-0017";
        rows.reason[i] = "";
        snprintf(rows.texts[0][i], sizeof(rows.texts[0][i]), "SKU-%05d", (int)sku);
        snprintf(rows.texts[1][i], sizeof(rows.texts[1][i]), "LT01%03d", (int)sku);
        snprintf(rows.texts[2][i], sizeof(rows.texts[2][i]), "SO-%07d", (int)(rows.seq[i] / 25));
        rows.sku[i] = rows.texts[0][i];
        rows.batch[i] = rows.texts[1][i];
        rows.document[i] = rows.texts[2][i];
        for (size_t k = 0; k < BODY_BYTES; k++)
            rows.raw[i][k] = (unsigned char)(rng_next(r) & 0xFF);
        rows.body[i] = rows.raw[i];
        rows.lens[i] = BODY_BYTES;
    }
}

/* Without a clause for conflicts, as ingest does: it has trimmed what is there already. */
static void write_ours(struct sql *s, size_t n)
{
    need(sql_begin(s, SQL_WRITE) == 0, "begin", sql_words(s));
    need(sql_insert(s, "entry", columns, ARRAY_LEN(columns), n, "") == (int64_t)n, "insert",
         sql_words(s));
    need(sql_commit(s) == 0, "commit", sql_words(s));
}

#define WRITERS 3

struct engine {
    const char *name;
    struct sql *ours;
    struct store_bare *bare[WRITERS - 1]; /* the first is what the ratio is to */
    const char *bare_names[WRITERS - 1];
};

/* Writers of an engine: 0 is ours, behind it the bare ones. Returns the nanoseconds it took. */
static int64_t write_by(struct engine *e, size_t writer, size_t n)
{
    int64_t start = now_ns();
    if (writer == 0)
        write_ours(e->ours, n);
    else
        store_bare_write(e->bare[writer - 1], columns, ARRAY_LEN(columns), n);
    return now_ns() - start;
}

/* `rounds` transactions of each in turns, so that all see the same disk at the same time; another
 * one begins each round, because the disk answers the first slower than those right behind it. */
static void measure(struct engine *e, size_t group, int rounds, int64_t *from, bool last)
{
    struct rng r = rng_seed(11);
    int64_t ns[WRITERS] = {0};
    size_t writers = e->bare[1] ? 3 : 2;
    for (int i = 0; i < rounds; i++, *from += (int64_t)group) {
        make_rows(&r, *from, group);
        for (size_t k = 0; k < writers; k++) {
            size_t writer = ((size_t)i + k) % writers;
            ns[writer] += write_by(e, writer, group);
        }
    }
    double written = (double)group * rounds * 1e9;
    printf("  {\"engine\": \"%s\", \"rows\": %zu, \"rows_per_s\": %.0f", e->name, group,
           written / (double)ns[0]);
    for (size_t k = 0; k + 1 < writers; k++)
        printf(", \"%s_per_s\": %.0f, \"ratio_to_%s\": %.2f", e->bare_names[k],
               written / (double)ns[k + 1], e->bare_names[k], (double)ns[k + 1] / (double)ns[0]);
    printf("}%s\n", last ? "" : ",");
}

/* Logs that grow are slower than logs that are used again: all have grown before it counts. */
static void fill(struct engine *e, int64_t *from)
{
    struct rng r = rng_seed(5);
    for (int i = 0; i < FILL_ROUNDS; i++, *from += ROWS_MAX) {
        make_rows(&r, *from, ROWS_MAX);
        for (size_t k = 0; k < (e->bare[1] ? 3 : 2); k++)
            (void)write_by(e, k, ROWS_MAX);
    }
}

static struct sql *open_ours(const char *owner, const char *address)
{
    struct diag why = {0};
    struct sql *s = NULL;
    need(sql_tenant_create(owner, "bench", &why) == 0, "creating", why.text);
    need(sql_open(address, "bench", &why, &s) == 0, "opening", why.text);
    return s;
}

static void run(struct engine *e, int rounds, bool last)
{
    static const struct {
        size_t rows;
        int share; /* of the rounds, in percent */
    } groups[] = {{1, 100}, {8, 100}, {64, 50}, {512, 20}};
    int64_t from = 0;
    fill(e, &from);
    for (size_t g = 0; g < ARRAY_LEN(groups); g++)
        measure(e, groups[g].rows, rounds * groups[g].share / 100, &from,
                last && g + 1 == ARRAY_LEN(groups));
    for (size_t k = 0; k < ARRAY_LEN(e->bare) && e->bare[k]; k++)
        store_bare_close(e->bare[k]);
    sql_free(e->ours);
}

int main(int argc, char **argv)
{
    const char *worker = getenv("STORE_POSTGRES");
    const char *owner = getenv("STORE_POSTGRES_OWNER");
    if (argc != 3) {
        fprintf(stderr, "usage: %s FOLDER ROUNDS\n", argv[0]);
        return 2;
    }
    int rounds = (int)strtol(argv[2], NULL, 10);
    char address[512];
    char file[512];
    snprintf(address, sizeof(address), "sqlite:%s", argv[1]);
    snprintf(file, sizeof(file), "%s/bare.db", argv[1]);
    printf("[\n");
    struct engine lite = {.name = "sqlite",
                          .ours = open_ours(address, address),
                          .bare = {store_bare_open(BARE_SQLITE, file, columns, ARRAY_LEN(columns))},
                          .bare_names = {"bare"}};
    run(&lite, rounds, !worker || !owner);
    if (worker && owner) {
        const char *place = strchr(owner, ':') + 1;
        struct engine big = {
            .name = "postgres",
            .ours = open_ours(owner, worker),
            .bare = {store_bare_open(BARE_POSTGRES_ARRAYS, place, columns, ARRAY_LEN(columns)),
                     store_bare_open(BARE_POSTGRES_ROWS, place, columns, ARRAY_LEN(columns))},
            .bare_names = {"unnest", "single"}};
        run(&big, rounds, true);
    }
    printf("]\n");
    return 0;
}
