/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tally.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 256 /* powers of two */
#define BLOCK_SIZE 65536

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v;
    h *= UINT64_C(0x9E3779B97F4A7C15);
    return h ^ h >> 29;
}

/* ---- words ---- */

struct block {
    struct block *next;
    size_t used;
    char bytes[BLOCK_SIZE];
};

struct words {
    struct block *blocks;
    const char **slots; /* open addressing; at most half full */
    size_t slots_count;
    size_t count;
};

static uint64_t text_hash(const char *text) /* FNV-1a */
{
    uint64_t h = UINT64_C(0xCBF29CE484222325);
    for (const char *c = text; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * UINT64_C(0x100000001B3);
    return h;
}

static const char **word_slot(const char **slots, size_t n, const char *text)
{
    size_t i = (size_t)text_hash(text) & (n - 1);
    while (slots[i] && strcmp(slots[i], text) != 0)
        i = (i + 1) & (n - 1);
    return &slots[i];
}

int words_open(struct words **ret)
{
    assert(ret);
    struct words *w = calloc(1, sizeof(*w));
    const char **slots = calloc(SLOTS_MIN, sizeof(*slots));
    if (!w || !slots) {
        free(w);
        free(slots);
        return -ENOMEM;
    }
    w->slots = slots;
    w->slots_count = SLOTS_MIN;
    *ret = w;
    return 0;
}

static bool words_grow(struct words *w)
{
    size_t n = w->slots_count * 2;
    const char **slots = calloc(n, sizeof(*slots));
    if (!slots)
        return false;
    for (size_t i = 0; i < w->slots_count; i++)
        if (w->slots[i])
            *word_slot(slots, n, w->slots[i]) = w->slots[i];
    free(w->slots);
    w->slots = slots;
    w->slots_count = n;
    return true;
}

static char *block_room(struct words *w, size_t size)
{
    assert(size <= BLOCK_SIZE);
    if (!w->blocks || w->blocks->used + size > BLOCK_SIZE) {
        struct block *b = malloc(sizeof(*b));
        if (!b)
            return NULL;
        b->next = w->blocks;
        b->used = 0;
        w->blocks = b;
    }
    char *at = w->blocks->bytes + w->blocks->used;
    w->blocks->used += size;
    return at;
}

const char *words_keep(struct words *w, const char *text)
{
    assert(w && text);
    const char **slot = word_slot(w->slots, w->slots_count, text);
    if (*slot)
        return *slot;
    if ((w->count + 1) * 2 > w->slots_count) {
        if (!words_grow(w))
            return NULL;
        slot = word_slot(w->slots, w->slots_count, text);
    }
    size_t size = strlen(text) + 1;
    char *kept = block_room(w, size);
    if (!kept)
        return NULL;
    memcpy(kept, text, size);
    w->count++;
    *slot = kept;
    return kept;
}

void words_forget(struct words *w)
{
    assert(w);
    while (w->blocks && w->blocks->next) { /* one block stays for the next time */
        struct block *next = w->blocks->next;
        free(w->blocks);
        w->blocks = next;
    }
    if (w->blocks)
        w->blocks->used = 0;
    memset(w->slots, 0, w->slots_count * sizeof(*w->slots));
    w->count = 0;
}

void words_free(struct words *w)
{
    if (!w)
        return;
    while (w->blocks) {
        struct block *next = w->blocks->next;
        free(w->blocks);
        w->blocks = next;
    }
    free(w->slots);
    free(w);
}

/* ---- rows ---- */

struct tally {
    const struct tally_table *table;
    size_t n_texts;
    size_t n_ints;
    struct tally_row *rows;
    size_t count;
    size_t room;
    uint32_t *slots; /* index of the row and 1; 0: free. At most half full */
    size_t slots_count;
};

size_t tally_texts(const struct tally_table *table)
{
    size_t n = 0;
    while (n < TALLY_TEXTS_MAX && table->texts[n])
        n++;
    return n;
}

size_t tally_ints(const struct tally_table *table)
{
    size_t n = 0;
    while (n < TALLY_INTS_MAX && table->ints[n])
        n++;
    return n;
}

int tally_open(const struct tally_table *table, struct tally **ret)
{
    assert(table && ret);
    AUTO(tally) t = calloc(1, sizeof(*t));
    if (!t)
        return -ENOMEM;
    *t = (struct tally){.table = table,
                        .n_texts = tally_texts(table),
                        .n_ints = tally_ints(table),
                        .room = SLOTS_MIN / 2,
                        .slots_count = SLOTS_MIN};
    t->rows = calloc(t->room, sizeof(*t->rows));
    t->slots = calloc(t->slots_count, sizeof(*t->slots));
    if (!t->rows || !t->slots)
        return -ENOMEM;
    *ret = TAKE(t);
    return 0;
}

void tally_free(struct tally *t)
{
    if (!t)
        return;
    free(t->rows);
    free(t->slots);
    free(t);
}

static bool same_key(const struct tally_table *table, const struct tally_row *a,
                     const struct tally_row *b)
{
    for (size_t i = 0; i < table->key_texts; i++)
        if (a->texts[i] != b->texts[i])
            return false;
    return memcmp(a->ints, b->ints, table->key_ints * sizeof(a->ints[0])) == 0;
}

static uint32_t *row_slot(const struct tally *t, uint32_t *slots, size_t n,
                          const struct tally_row *row)
{
    uint64_t h = 0;
    for (size_t i = 0; i < t->table->key_texts; i++)
        h = mix(h, (uint64_t)(uintptr_t)row->texts[i]);
    for (size_t i = 0; i < t->table->key_ints; i++)
        h = mix(h, (uint64_t)row->ints[i]);
    size_t at = (size_t)h & (n - 1);
    while (slots[at] != 0 && !same_key(t->table, &t->rows[slots[at] - 1], row))
        at = (at + 1) & (n - 1);
    return &slots[at];
}

static int tally_grow(struct tally *t)
{
    size_t room = t->room * 2;
    struct tally_row *rows = realloc(t->rows, room * sizeof(*rows));
    if (!rows)
        return -ENOMEM;
    t->rows = rows;
    uint32_t *slots = calloc(room * 2, sizeof(*slots));
    if (!slots)
        return -ENOMEM;
    t->room = room;
    for (size_t i = 0; i < t->count; i++)
        *row_slot(t, slots, room * 2, &t->rows[i]) = (uint32_t)i + 1;
    free(t->slots);
    t->slots = slots;
    t->slots_count = room * 2;
    return 0;
}

static void merge(const struct tally *t, struct tally_row *row, const struct tally_row *more)
{
    if (t->table->merge) {
        t->table->merge(row, more);
        return;
    }
    for (size_t i = t->table->key_ints; i < t->n_ints; i++)
        row->ints[i] += more->ints[i];
}

int tally_add(struct tally *t, const struct tally_row *row)
{
    assert(t && row);
    uint32_t *slot = row_slot(t, t->slots, t->slots_count, row);
    if (*slot != 0) {
        merge(t, &t->rows[*slot - 1], row);
        return 0;
    }
    if (t->count == t->room) {
        if (t->count >= UINT32_MAX / 4 || tally_grow(t) < 0)
            return -ENOMEM;
        slot = row_slot(t, t->slots, t->slots_count, row);
    }
    t->rows[t->count++] = *row;
    *slot = (uint32_t)t->count;
    return 0;
}

size_t tally_count(const struct tally *t)
{
    return t->count;
}

const struct tally_row *tally_at(const struct tally *t, size_t i)
{
    assert(i < t->count);
    return &t->rows[i];
}

/* Turns the rows into columns, which are laid one behind the other. */
static int insert_columns(const struct tally *t, struct sql *s, const char **texts, int64_t *ints)
{
    struct sql_column columns[TALLY_TEXTS_MAX + TALLY_INTS_MAX] = {0};
    for (size_t c = 0; c < t->n_texts; c++) {
        const char **column = texts + c * t->count;
        for (size_t i = 0; i < t->count; i++)
            column[i] = t->rows[i].texts[c];
        columns[c] =
            (struct sql_column){.name = t->table->texts[c], .type = SQL_TEXT, .texts = column};
    }
    for (size_t c = 0; c < t->n_ints; c++) {
        int64_t *column = ints + c * t->count;
        for (size_t i = 0; i < t->count; i++)
            column[i] = t->rows[i].ints[c];
        columns[t->n_texts + c] =
            (struct sql_column){.name = t->table->ints[c], .type = SQL_INT, .ints = column};
    }
    int64_t done = sql_insert(s, t->table->name, columns, t->n_texts + t->n_ints, t->count,
                              t->table->conflict);
    return done < 0 ? (int)done : 0;
}

/* By the key's texts: rows that lie together in the store are written together. */
static int by_texts(const void *a, const void *b)
{
    const struct tally_row *x = a;
    const struct tally_row *y = b;
    for (size_t i = 0; i < TALLY_TEXTS_MAX && x->texts[i]; i++)
        if (x->texts[i] != y->texts[i]) {
            int order = strcmp(x->texts[i], y->texts[i]);
            if (order != 0)
                return order;
        }
    return (x->ints[0] > y->ints[0]) - (x->ints[0] < y->ints[0]);
}

int tally_write(struct tally *t, struct sql *s)
{
    assert(t && s);
    if (t->count == 0)
        return 0;
    qsort(t->rows, t->count, sizeof(*t->rows), by_texts); /* the slots are of no use after this */
    const char **texts = malloc(t->n_texts * t->count * sizeof(*texts));
    int64_t *ints = malloc(t->n_ints * t->count * sizeof(*ints));
    int err = texts && ints ? insert_columns(t, s, texts, ints) : -ENOMEM;
    free(texts);
    free(ints);
    if (err == 0)
        tally_forget(t);
    return err;
}

void tally_forget(struct tally *t)
{
    assert(t);
    if (t->count > 0)
        memset(t->slots, 0, t->slots_count * sizeof(*t->slots));
    t->count = 0;
}
