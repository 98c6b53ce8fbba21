/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "entry_rows.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tally.h"

enum { EPOCH, SEQ, WALL_MS, CAME_MS, KIND, EXPIRY_DAY, MRP_PAISE, QTY, VALUE_PAISE, LINE, INTS };
enum { DEVICE, WORKER, SKU, BATCH, DOCUMENT, PARTY, REASON, TEXTS };

static const char *const int_names[INTS] = {
    [EPOCH] = "epoch",         [SEQ] = "seq",   [WALL_MS] = "wall_ms",
    [CAME_MS] = "came_ms",     [KIND] = "kind", [EXPIRY_DAY] = "expiry_day",
    [MRP_PAISE] = "mrp_paise", [QTY] = "qty",   [VALUE_PAISE] = "value_paise",
    [LINE] = "line",
};
static const char *const text_names[TEXTS] = {
    [DEVICE] = "device",     [WORKER] = "worker", [SKU] = "sku",       [BATCH] = "batch",
    [DOCUMENT] = "document", [PARTY] = "party",   [REASON] = "reason",
};

struct row {
    int64_t ints[INTS];
    const char *texts[TEXTS];
    size_t body; /* where its bytes begin */
    size_t body_len;
};

struct entry_rows {
    struct words *words;
    struct row *rows;
    size_t count;
    size_t room;
    uint8_t *bytes; /* bodies, one behind the other */
    size_t bytes_count;
    size_t bytes_room;
};

int entry_rows_open(struct entry_rows **ret)
{
    assert(ret);
    AUTO(entry_rows) r = calloc(1, sizeof(*r));
    if (!r)
        return -ENOMEM;
    int err = words_open(&r->words);
    if (err == 0)
        *ret = TAKE(r);
    return err;
}

void entry_rows_free(struct entry_rows *r)
{
    if (!r)
        return;
    words_free(r->words);
    free(r->rows);
    free(r->bytes);
    free(r);
}

static int make_room(struct entry_rows *r, size_t body_len)
{
    if (r->count == r->room) {
        size_t room = r->room ? r->room * 2 : 512;
        struct row *rows = realloc(r->rows, room * sizeof(*rows));
        if (!rows)
            return -ENOMEM;
        r->rows = rows;
        r->room = room;
    }
    if (r->bytes_count + body_len > r->bytes_room) {
        size_t room = r->bytes_room ? r->bytes_room * 2 : 65536; /* a body is shorter than that */
        uint8_t *bytes = realloc(r->bytes, room);
        if (!bytes)
            return -ENOMEM;
        r->bytes = bytes;
        r->bytes_room = room;
    }
    return 0;
}

int entry_rows_add(struct entry_rows *r, const struct entry *e, const uint8_t *raw, size_t raw_len)
{
    assert(r && e && raw && raw_len <= 65536);
    int err = make_room(r, raw_len);
    if (err < 0)
        return err;
    struct row row = {.ints = {[SEQ] = e->seq,
                               [WALL_MS] = e->wall_ms,
                               [KIND] = e->kind,
                               [EXPIRY_DAY] = e->batch.expiry_day,
                               [MRP_PAISE] = e->batch.mrp_paise,
                               [QTY] = e->qty,
                               [VALUE_PAISE] = e->value_paise,
                               [LINE] = e->line},
                      .body = r->bytes_count,
                      .body_len = raw_len};
    const char *const texts[TEXTS] = {
        [DEVICE] = "",
        [WORKER] = e->worker,
        [SKU] = e->sku,
        [BATCH] = e->batch.number,
        [DOCUMENT] = e->document,
        [PARTY] = e->party,
        [REASON] = e->reason,
    };
    for (size_t i = 0; i < TEXTS; i++) {
        row.texts[i] = words_keep(r->words, texts[i]);
        if (!row.texts[i])
            return -ENOMEM;
    }
    memcpy(r->bytes + r->bytes_count, raw, raw_len);
    r->bytes_count += raw_len;
    r->rows[r->count++] = row;
    return 0;
}

size_t entry_rows_count(const struct entry_rows *r)
{
    return r->count;
}

int64_t entry_rows_seq(const struct entry_rows *r, size_t at)
{
    assert(at < r->count);
    return r->rows[at].ints[SEQ];
}

const uint8_t *entry_rows_body(const struct entry_rows *r, size_t at, size_t *ret_len)
{
    assert(at < r->count);
    *ret_len = r->rows[at].body_len;
    return r->bytes + r->rows[at].body;
}

const uint8_t *entry_rows_find(const struct entry_rows *r, const char *device, int64_t epoch,
                               int64_t seq, size_t *ret_len)
{
    assert(r && device && ret_len);
    for (size_t i = 0; i < r->count; i++) {
        const struct row *row = &r->rows[i];
        if (row->ints[SEQ] == seq && row->ints[EPOCH] == epoch &&
            strcmp(row->texts[DEVICE], device) == 0)
            return entry_rows_body(r, i, ret_len);
    }
    return NULL;
}

int entry_rows_belong(struct entry_rows *r, size_t first, const char *device, int64_t epoch,
                      int64_t came_ms)
{
    assert(r && device);
    const char *name = words_keep(r->words, device);
    if (!name)
        return -ENOMEM;
    for (size_t i = first; i < r->count; i++) {
        r->rows[i].texts[DEVICE] = name;
        r->rows[i].ints[EPOCH] = epoch;
        r->rows[i].ints[CAME_MS] = came_ms;
    }
    return 0;
}

void entry_rows_drop(struct entry_rows *r, size_t first, size_t n)
{
    assert(r && first <= r->count && n <= r->count - first);
    if (n > 0)
        memmove(&r->rows[first], &r->rows[first + n], (r->count - first - n) * sizeof(*r->rows));
    r->count -= n;
}

/* Columns of each type lie one behind the other. */
struct columns {
    int64_t *ints;
    const char **texts;
    const void **bytes;
    size_t *lens;
};

static int insert(const struct entry_rows *r, struct sql *s, const struct columns *c)
{
    struct sql_column columns[INTS + TEXTS + 1] = {0};
    for (size_t t = 0; t < INTS; t++) {
        int64_t *column = c->ints + t * r->count;
        for (size_t i = 0; i < r->count; i++)
            column[i] = r->rows[i].ints[t];
        columns[t] = (struct sql_column){.name = int_names[t], .type = SQL_INT, .ints = column};
    }
    for (size_t t = 0; t < TEXTS; t++) {
        const char **column = c->texts + t * r->count;
        for (size_t i = 0; i < r->count; i++)
            column[i] = r->rows[i].texts[t];
        columns[INTS + t] =
            (struct sql_column){.name = text_names[t], .type = SQL_TEXT, .texts = column};
    }
    for (size_t i = 0; i < r->count; i++) {
        c->bytes[i] = r->bytes + r->rows[i].body;
        c->lens[i] = r->rows[i].body_len;
    }
    columns[INTS + TEXTS] =
        (struct sql_column){.name = "body", .type = SQL_BYTES, .bytes = c->bytes, .lens = c->lens};
    int64_t done = sql_insert(s, "entry", columns, ARRAY_LEN(columns), r->count, "");
    return done < 0 ? (int)done : 0;
}

int entry_rows_write(struct entry_rows *r, struct sql *s)
{
    assert(r && s);
    size_t n = r->count;
    if (n == 0)
        return 0;
    struct columns c = {.ints = malloc(n * INTS * sizeof(*c.ints)),
                        .texts = malloc(n * TEXTS * sizeof(*c.texts)),
                        .bytes = malloc(n * sizeof(*c.bytes)),
                        .lens = malloc(n * sizeof(*c.lens))};
    int err = c.ints && c.texts && c.bytes && c.lens ? insert(r, s, &c) : -ENOMEM;
    free(c.ints);
    free(c.texts);
    free(c.bytes);
    free(c.lens);
    return err;
}

/* In the order of int_names[] and text_names[]. */
static const char select_rows[] =
    "SELECT epoch, seq, wall_ms, came_ms, kind, expiry_day, mrp_paise, qty, value_paise, line,"
    " device, worker, sku, batch, document, party, reason, body FROM entry WHERE device = $1"
    " AND epoch = $2 AND seq >= $3 AND seq <= $4 ORDER BY seq";

static bool same_row(const struct entry_rows *r, size_t at, struct sql_query *q)
{
    const struct row *row = &r->rows[at];
    for (int i = 0; i < INTS; i++)
        if (row->ints[i] != sql_int(q, i))
            return false;
    for (int i = 0; i < TEXTS; i++)
        if (strcmp(row->texts[i], sql_text(q, INTS + i)) != 0)
            return false;
    size_t len = 0;
    const void *body = sql_bytes(q, INTS + TEXTS, &len);
    return len == row->body_len && memcmp(body, r->bytes + row->body, len) == 0;
}

int entry_rows_compare(const struct entry_rows *r, struct sql *s, bool *ret_same)
{
    assert(r && s && ret_same);
    if (r->count == 0)
        return 0;
    memset(ret_same, 0, r->count * sizeof(*ret_same));
    int64_t first = entry_rows_seq(r, 0);
    AUTO(sql_query) q = sql_query(s, select_rows);
    sql_bind_text(q, 1, r->rows[0].texts[DEVICE]);
    sql_bind_int(q, 2, r->rows[0].ints[EPOCH]);
    sql_bind_int(q, 3, first);
    sql_bind_int(q, 4, first + (int64_t)r->count - 1);
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        size_t at = (size_t)(sql_int(q, SEQ) - first);
        ret_same[at] = same_row(r, at, q);
    }
    return got;
}

void entry_rows_forget(struct entry_rows *r)
{
    assert(r);
    r->count = 0;
    r->bytes_count = 0;
    words_forget(r->words);
}
