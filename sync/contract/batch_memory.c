/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_memory.h"

#include <assert.h>
#include <string.h>

void batch_memory_begin(struct batch_memory *m)
{
    assert(m);
    memset(m, 0, sizeof(*m));
}

/* ---- rows ---- */

const struct memory_row *batch_memory_row(const struct batch_memory *m, uint32_t number)
{
    if (number == 0 || number > m->count || m->count - number >= MEMORY_ROWS)
        return NULL;
    return &m->rows[number % MEMORY_ROWS];
}

static uint32_t scramble(uint64_t v)
{
    v *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(v >> 32);
}

/* 0 when the row lacks it: then it shares it with none. */
static bool has_key(enum memory_key key, const struct memory_row *row)
{
    switch (key) {
    case BY_ORDER:
    case BY_KIND:
        return true;
    case BY_SKU:
        return row->values[COLUMN_SKU] != 0;
    case BY_BATCH:
        return row->values[COLUMN_SKU] != 0 && row->values[COLUMN_BATCH] != 0;
    case BY_DOCUMENT:
        return row->values[COLUMN_DOCUMENT] != 0;
    case BY_NONE:
        break;
    }
    return false;
}

static bool share_key(enum memory_key key, const struct memory_row *a, const struct memory_row *b)
{
    const int64_t *v = a->values;
    const int64_t *w = b->values;
    switch (key) {
    case BY_ORDER:
        return true;
    case BY_KIND:
        return v[COLUMN_KIND] == w[COLUMN_KIND];
    case BY_SKU:
        return v[COLUMN_SKU] == w[COLUMN_SKU];
    case BY_BATCH:
        return v[COLUMN_SKU] == w[COLUMN_SKU] && v[COLUMN_BATCH] == w[COLUMN_BATCH];
    case BY_DOCUMENT:
        return v[COLUMN_DOCUMENT] == w[COLUMN_DOCUMENT];
    case BY_NONE:
        break;
    }
    return false;
}

static size_t place_of(enum memory_key key, const struct memory_row *row)
{
    const int64_t *v = row->values;
    int64_t a = key == BY_KIND       ? v[COLUMN_KIND]
                : key == BY_DOCUMENT ? v[COLUMN_DOCUMENT]
                : key == BY_ORDER    ? 0
                                     : v[COLUMN_SKU];
    int64_t b = key == BY_BATCH ? v[COLUMN_BATCH] : 0;
    return scramble((uint64_t)a << 24 ^ (uint64_t)b << 3 ^ (uint64_t)key) % MEMORY_LATEST;
}

uint32_t batch_memory_latest(const struct batch_memory *m, enum memory_key key,
                             const struct memory_row *row)
{
    if (!has_key(key, row))
        return 0;
    uint32_t number = key == BY_ORDER ? m->count : m->latest[place_of(key, row)];
    const struct memory_row *last = batch_memory_row(m, number);
    return last && has_key(key, last) && share_key(key, row, last) ? number : 0;
}

void batch_memory_add(struct batch_memory *m, struct memory_row *row)
{
    uint32_t number = m->count + 1;
    for (int k = BY_ORDER; k < MEMORY_KEY_COUNT; k++)
        row->before[k] = batch_memory_latest(m, (enum memory_key)k, row);
    for (int k = BY_KIND; k < MEMORY_KEY_COUNT; k++)
        if (has_key((enum memory_key)k, row))
            m->latest[place_of((enum memory_key)k, row)] = (uint16_t)number;
    const struct memory_row *last = batch_memory_row(m, m->count);
    if (last)
        m->after_shape[last->shape] = (uint16_t)number;
    m->rows[number % MEMORY_ROWS] = *row;
    m->count = number;
}

/* ---- texts ---- */

/* FNV-1a (Fowler, Noll, Vo): only places depend on it, nothing on the wire. */
static size_t bucket_of(enum memory_domain domain, const uint8_t *text, size_t len)
{
    uint32_t h = 2166136261U ^ (uint32_t)domain;
    for (size_t i = 0; i < len; i++)
        h = (h ^ text[i]) * 16777619U;
    return (h ^ h >> 16) % MEMORY_WORDS;
}

uint16_t batch_memory_find(const struct batch_memory *m, enum memory_domain domain,
                           const uint8_t *text, size_t len)
{
    uint16_t word = m->buckets[bucket_of(domain, text, len)];
    for (; word != 0; word = m->words[word].next) {
        const struct memory_word *w = &m->words[word];
        if (w->domain == (uint8_t)domain && w->len == len &&
            memcmp(m->texts + w->at, text, len) == 0)
            break;
    }
    return word;
}

uint16_t batch_memory_learn(struct batch_memory *m, enum memory_domain domain, const uint8_t *text,
                            size_t len)
{
    uint16_t word = batch_memory_find(m, domain, text, len);
    if (word != 0 || m->word_count + 1 == MEMORY_WORDS || len > MEMORY_TEXT - m->texts_len)
        return word;
    word = ++m->word_count;
    size_t bucket = bucket_of(domain, text, len);
    m->words[word] = (struct memory_word){.at = m->texts_len,
                                          .len = (uint16_t)len,
                                          .index = m->index_count[domain],
                                          .next = m->buckets[bucket],
                                          .domain = (uint8_t)domain};
    memcpy(m->texts + m->texts_len, text, len);
    m->texts_len += (uint32_t)len;
    m->buckets[bucket] = word;
    m->of_index[domain][m->index_count[domain]++] = word;
    m->newest[domain] = word;
    return word;
}

const uint8_t *batch_memory_text(const struct batch_memory *m, uint16_t word, size_t *ret_len)
{
    assert(word > 0 && word <= m->word_count);
    *ret_len = m->words[word].len;
    return m->texts + m->words[word].at;
}

/* ---- shapes ---- */

uint16_t batch_memory_find_shape(const struct batch_memory *m, int64_t kind, uint64_t columns)
{
    for (uint16_t s = 1; s <= m->shape_count; s++)
        if (m->shapes[s].kind == kind && m->shapes[s].columns == columns)
            return s;
    return 0;
}

uint16_t batch_memory_learn_shape(struct batch_memory *m, int64_t kind, uint64_t columns)
{
    uint16_t s = batch_memory_find_shape(m, kind, columns);
    if (s != 0 || m->shape_count + 1 == MEMORY_SHAPES)
        return s;
    m->shapes[++m->shape_count] = (struct memory_shape){kind, columns};
    return m->shape_count;
}
