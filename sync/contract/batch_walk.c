/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_walk.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "batch_scan.h"
#include "batch_work.h"
#include "decimal.h"
#include "entry_column.h"

/* What a value of an earlier row says of this one. */
enum turn {
    AS_IT_IS,
    ONE_MORE,
    ONE_LESS,
    WITH_CLOCK, /* mono_ms goes with wall_ms */
    WITH_SHELF, /* made_day goes with expiry_day */
    WITH_QTY,   /* in proportion to qty */
    WITH_RISK,  /* in proportion to risk_units */
};

/* Where a try comes from: rows by a key, newest first, and their column. */
struct source {
    enum memory_key key;
    enum turn turn;
    int column; /* 0: the same */
    int values; /* how many different ones; 0: one */
};

#define SOURCES_MAX 3
#define TRIES_MAX 6
#define ROWS_MAX 16 /* that are looked at for one source */

/* Columns whose first try is mostly right together: one bit says so. */
enum group {
    ALONE,
    OF_CLOCK,
    OF_PAPER,
    OF_GOODS,
};

struct plan {
    int column;
    enum memory_domain domain;
    enum group group;
    int digits; /* of a number, that are foreseen */
    struct source sources[SOURCES_MAX];
};

/* In the order of the walk: what others are foreseen from comes first. A group stands together. */
/* clang-format off */
static const struct plan plans[] = {
    {COLUMN_REST, DOMAIN_NONE, ALONE, 4, {{BY_ORDER, ONE_LESS, 0, 0}}},
    {COLUMN_WALL_MS, DOMAIN_NONE, ALONE, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_MONO_MS, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, WITH_CLOCK, 0, 0}}},
    {COLUMN_BOOT, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_TRUST, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_VERSION, DOMAIN_NONE, OF_CLOCK, 3, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_DOCUMENT, DOMAIN_DOCUMENT, OF_PAPER, 0, {{BY_KIND, AS_IT_IS, 0, 2}}},
    {COLUMN_LINE, DOMAIN_NONE, OF_PAPER, 4, {{BY_DOCUMENT, ONE_MORE, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_PARTY, DOMAIN_PARTY, OF_PAPER, 0, {{BY_DOCUMENT, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_WORKER, DOMAIN_PERSON, OF_PAPER, 0, {{BY_DOCUMENT, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}, {BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_DEVICE, DOMAIN_DEVICE, OF_PAPER, 0, {{BY_KIND, AS_IT_IS, 0, 3}, {BY_DOCUMENT, AS_IT_IS, 0, 0}}},
    {COLUMN_SKU, DOMAIN_SKU, ALONE, 0, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_BATCH, DOMAIN_BATCH, ALONE, 0, {{BY_SKU, AS_IT_IS, 0, 4}}},
    {COLUMN_QTY, DOMAIN_NONE, ALONE, 6, {{BY_ORDER, AS_IT_IS, 0, 0}}},
    {COLUMN_EXPIRY_DAY, DOMAIN_NONE, OF_GOODS, 4, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, AS_IT_IS, 0, 0}}},
    {COLUMN_MRP_PAISE, DOMAIN_NONE, OF_GOODS, 8, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, AS_IT_IS, 0, 0}}},
    {COLUMN_EXPIRY_KIND, DOMAIN_NONE, OF_GOODS, 4, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_MADE_DAY, DOMAIN_NONE, OF_GOODS, 8, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_SKU, WITH_SHELF, 0, 0}, {BY_KIND, WITH_SHELF, 0, 2}}},
    {COLUMN_STATUS, DOMAIN_NONE, OF_GOODS, 4, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_BIN, DOMAIN_BIN, OF_GOODS, 0, {{BY_BATCH, AS_IT_IS, 0, 2}, {BY_SKU, AS_IT_IS, 0, 2}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_VALUE_PAISE, DOMAIN_NONE, OF_GOODS, 4, {{BY_BATCH, WITH_QTY, 0, 0}, {BY_SKU, WITH_QTY, 0, 0}}},
    {COLUMN_BIN_TO, DOMAIN_BIN, ALONE, 0, {{BY_SKU, AS_IT_IS, COLUMN_BIN, 3}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_STATUS_TO, DOMAIN_NONE, ALONE, 4, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_OBSERVED, DOMAIN_NONE, ALONE, 4, {{BY_BATCH, AS_IT_IS, 0, 0}}},
    {COLUMN_EXPECTED, DOMAIN_NONE, ALONE, 4, {{BY_NONE, AS_IT_IS, 0, 0}}},
    {COLUMN_REASON, DOMAIN_REASON, ALONE, 0, {{BY_KIND, AS_IT_IS, 0, 2}}},
    {COLUMN_NOTE, DOMAIN_NOTE, ALONE, 0, {{BY_KIND, AS_IT_IS, 0, 2}}},
    {COLUMN_WITNESS, DOMAIN_PERSON, ALONE, 0, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_PROPOSED, DOMAIN_BATCH, ALONE, 0, {{BY_SKU, AS_IT_IS, COLUMN_BATCH, 4}}},
    {COLUMN_CORRECTS, DOMAIN_NONE, ALONE, 4, {{BY_NONE, AS_IT_IS, 0, 0}}},
    {COLUMN_AMOUNT, DOMAIN_NONE, ALONE, 4, {{BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_DUE_DAY, DOMAIN_NONE, ALONE, 4, {{BY_BATCH, AS_IT_IS, 0, 0}, {BY_KIND, AS_IT_IS, 0, 0}}},
    {COLUMN_SCORE, DOMAIN_NONE, ALONE, 6, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_BATCH, AS_IT_IS, 0, 0}}},
    {COLUMN_RISK_UNITS, DOMAIN_NONE, ALONE, 6, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_BATCH, AS_IT_IS, 0, 0}}},
    {COLUMN_RISK_PAISE, DOMAIN_NONE, ALONE, 3, {{BY_ORDER, AS_IT_IS, 0, 0}, {BY_BATCH, WITH_RISK, 0, 0}}},
    {COLUMN_SHA256, DOMAIN_SHA256, ALONE, 0, {{BY_NONE, AS_IT_IS, 0, 0}}},
    {COLUMN_SCAN, DOMAIN_SCAN, ALONE, 0, {{BY_SKU, AS_IT_IS, 0, 4}}},
};
/* clang-format on */

/* What a step of the walk is, for its weights and contexts. */
enum step {
    STEP_TRY,
    STEP_NUMBER,
    STEP_WORD,
    STEP_TEXT,
    STEP_COUNT,
};

struct walk {
    struct batch_memory *m;
    struct bit_guess *g;
    struct bit_coder *c;
    struct entry *e;
    struct memory_row now; /* of e, as far as it is known */
    const struct entry_field *fields[COLUMN_COUNT];
    const struct memory_row *last; /* the row before; NULL: none */
};

static uint32_t mix(uint32_t a, uint32_t b)
{
    return (a ^ b * 0x9e3779b1U) * 0x85ebca6bU + (b ^ a >> 13);
}

static uint32_t last_shape(const struct walk *w)
{
    return w->last ? w->last->shape : 0;
}

#define GROUP 0x10000 /* about: no try, but all of a group */

/* Three views of the same step: the column alone, with the kind, and with something of its own. */
static struct bit_situation situation(const struct walk *w, enum step step, int column,
                                      uint32_t about, uint32_t own)
{
    uint32_t base = mix(mix((uint32_t)step, (uint32_t)column), about);
    uint32_t shape = w->now.shape;
    return (struct bit_situation){
        .set = (unsigned)column * STEP_COUNT + step,
        .contexts = {base, mix(base, 0x10000 + shape), mix(base, 0x20000 ^ own)}};
}

/* ---- shape ---- */

static uint64_t columns_of(const struct walk *w)
{
    uint64_t columns = 0;
    for (size_t i = 0; i < ARRAY_LEN(plans); i++)
        columns |= (uint64_t)entry_field_present(w->e, w->fields[plans[i].column])
                   << plans[i].column;
    return columns;
}

static void walk_new_shape(struct walk *w, const struct bit_situation *s)
{
    w->now.values[COLUMN_KIND] = bit_guess_code_number(w->g, w->c, s, w->e->kind, 6);
    uint64_t want = w->now.columns;
    w->now.columns = 0;
    for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
        int id = plans[i].column;
        struct bit_situation has = {.set = s->set};
        uint32_t kind = (uint32_t)w->now.values[COLUMN_KIND];
        has.contexts[0] = mix(7, (uint32_t)id);
        has.contexts[1] = mix(mix(8, (uint32_t)id), kind);
        has.contexts[2] = mix(mix(9, (uint32_t)id), (uint32_t)(w->now.columns >> 1));
        w->now.columns |= (uint64_t)bit_guess_code(w->g, w->c, &has, 0, want >> id & 1) << id;
    }
}

static int walk_shape(struct walk *w)
{
    uint32_t before = last_shape(w);
    const struct memory_row *two = batch_memory_row(w->m, w->m->count - 1);
    uint32_t rest = w->last && w->last->values[COLUMN_REST] > 0;
    struct bit_situation s = {.set = STEP_TRY};
    s.contexts[0] = mix(1, rest);
    s.contexts[1] = mix(mix(2, before), rest);
    s.contexts[2] = mix(mix(mix(3, before), rest), two ? two->shape : 0);
    uint16_t shape = 0;
    if (!w->c->reading) {
        w->now.columns = columns_of(w);
        shape = batch_memory_find_shape(w->m, w->e->kind, w->now.columns);
    }
    const struct memory_row *like =
        w->last ? batch_memory_row(w->m, w->m->after_shape[w->last->shape]) : NULL;
    uint16_t guess = like ? like->shape : 0;
    if (guess != 0 && bit_guess_code(w->g, w->c, &s, 0, shape == guess))
        shape = guess;
    else
        shape = (uint16_t)bit_guess_code_below(w->g, w->c, &s, 1, MEMORY_SHAPE_BITS,
                                               w->m->shape_count + 1U, shape);
    if (shape > 0) {
        w->now.columns = w->m->shapes[shape].columns;
        w->now.values[COLUMN_KIND] = w->m->shapes[shape].kind;
    } else {
        s.set = STEP_NUMBER;
        walk_new_shape(w, &s);
        shape = batch_memory_learn_shape(w->m, w->now.values[COLUMN_KIND], w->now.columns);
    }
    w->now.shape = shape;
    int64_t kind = w->now.values[COLUMN_KIND];
    if (kind < INT32_MIN || kind > INT32_MAX)
        return -EBADMSG;
    w->e->kind = (int32_t)kind;
    return 0;
}

/* ---- tries ---- */

static int64_t minus(int64_t a, int64_t b) /* wraps around */
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t in_proportion(const struct walk *w, const struct memory_row *row, int64_t v,
                             int column)
{
    int64_t was = row->values[column];
    int64_t rate = 0;
    if (was > 0 && decimal_muldiv(v, w->now.values[column], was, &rate) == 0)
        return rate;
    return v;
}

static int64_t turned(const struct walk *w, const struct memory_row *row, enum turn turn, int64_t v)
{
    const int64_t *now = w->now.values;
    switch (turn) {
    case AS_IT_IS:
        return v;
    case ONE_MORE:
        return plus(v, 1);
    case ONE_LESS:
        return minus(v, 1);
    case WITH_CLOCK:
        return plus(v, minus(now[COLUMN_WALL_MS], row->values[COLUMN_WALL_MS]));
    case WITH_SHELF:
        return plus(v, minus(now[COLUMN_EXPIRY_DAY], row->values[COLUMN_EXPIRY_DAY]));
    case WITH_QTY:
        return in_proportion(w, row, v, COLUMN_QTY);
    case WITH_RISK:
        return in_proportion(w, row, v, COLUMN_RISK_UNITS);
    }
    return v;
}

struct tries {
    int64_t values[TRIES_MAX];
    uint32_t from[TRIES_MAX]; /* which source, and how far back */
    int count;
};

static void add_try(struct tries *t, int64_t v, uint32_t from)
{
    for (int i = 0; i < t->count; i++)
        if (t->values[i] == v)
            return;
    if (t->count == TRIES_MAX)
        return;
    t->values[t->count] = v;
    t->from[t->count++] = from;
}

static void find_tries(const struct walk *w, const struct plan *p, struct tries *ret, int max)
{
    ret->count = 0;
    for (int i = 0; ret->count < max && i < SOURCES_MAX && p->sources[i].key != BY_NONE; i++) {
        const struct source *s = &p->sources[i];
        int column = s->column ? s->column : p->column;
        int wanted = ret->count + (s->values ? s->values : 1);
        wanted = wanted < max ? wanted : max;
        uint32_t number = batch_memory_latest(w->m, s->key, &w->now);
        const struct memory_row *row = NULL;
        for (int looked = 0; looked < ROWS_MAX && ret->count < wanted &&
                             (row = batch_memory_row(w->m, number)) != NULL;
             looked++, number = row->before[s->key]) {
            bool has =
                row->columns >> column & 1 && (p->domain == DOMAIN_NONE || row->values[column]);
            if (has)
                add_try(ret, turned(w, row, s->turn, row->values[column]),
                        (uint32_t)(i * TRIES_MAX + ret->count));
            if (has && wanted == 1)
                break;
        }
    }
}

/* Which try is right; ret->count when none is. right: when writing. */
static int walk_tries(struct walk *w, const struct plan *p, const struct tries *t, int64_t right,
                      bool can_be)
{
    for (int i = 0; i < t->count; i++) {
        uint32_t before = w->last && w->last->columns >> p->column & 1
                              ? (w->last->values[p->column] == t->values[i]) + 1U
                              : 0;
        uint32_t about = (uint32_t)i << 8 | t->from[i];
        struct bit_situation s =
            situation(w, STEP_TRY, p->column, about, before << 16 | last_shape(w));
        if (bit_guess_code(w->g, w->c, &s, 0, can_be && t->values[i] == right))
            return i;
    }
    return t->count;
}

/* ---- numbers ---- */

static int set_number(struct entry *e, const struct entry_field *f, int64_t v)
{
    if (v == f->absent || (f->type == ENTRY_FIELD_I32 && (v < INT32_MIN || v > INT32_MAX)))
        return -EBADMSG;
    char *at = (char *)e + f->offset;
    if (f->type == ENTRY_FIELD_I32)
        *(int32_t *)at = (int32_t)v;
    else
        *(int64_t *)at = v;
    return 0;
}

static int64_t near(const struct walk *w, const struct plan *p, const struct tries *t)
{
    if (p->column == COLUMN_EXPECTED)
        return w->now.values[COLUMN_OBSERVED];
    if (p->column == COLUMN_CORRECTS)
        return w->e->seq;
    if (p->column == COLUMN_QTY)
        return 0;
    return t->count > 0 ? t->values[0] : 0;
}

static int walk_number(struct walk *w, const struct plan *p)
{
    const struct entry_field *f = w->fields[p->column];
    int64_t v = w->c->reading ? 0 : entry_field_number(w->e, f);
    struct tries t;
    find_tries(w, p, &t, TRIES_MAX);
    int at = walk_tries(w, p, &t, v, true);
    if (at < t.count) {
        v = t.values[at];
    } else {
        int64_t from = near(w, p, &t);
        uint32_t own = (uint32_t)w->now.values[COLUMN_SKU];
        struct bit_situation s = situation(w, STEP_NUMBER, p->column, 0, own);
        v = plus(from, bit_guess_code_number(w->g, w->c, &s, minus(v, from), p->digits));
    }
    w->now.values[p->column] = v;
    return w->c->reading ? set_number(w->e, f, v) : 0;
}

/* ---- texts ---- */

struct text {
    uint8_t bytes[ENTRY_SCAN_SIZE];
    size_t len;
};

/* What the bytes of a new text are foreseen from: a text that it may be alike in parts. */
struct model_text {
    uint8_t at[ENTRY_SCAN_SIZE];
    size_t len;
    size_t next;  /* where it is alike now */
    uint32_t run; /* for so many bytes */
};

#define ALIKE 3 /* bytes that have to be the same before it is taken up in another place */

static void follow(struct model_text *like, const uint8_t *bytes, size_t len)
{
    uint8_t byte = bytes[len - 1];
    if (like->next < like->len && like->at[like->next] == byte) {
        like->next++;
        like->run += like->run < 15;
        return;
    }
    like->run = 0;
    for (size_t i = ALIKE; len >= ALIKE && i <= like->len; i++)
        if (memcmp(like->at + i - ALIKE, bytes + len - ALIKE, ALIKE) == 0) {
            like->next = i;
            like->run = 1;
            return;
        }
    like->next++; /* codes are as long as those before them, mostly */
}

/* Papers are numbered one after the other. */
static void count_up(struct model_text *like)
{
    for (size_t i = like->len; i-- > 0 && like->at[i] >= '0' && like->at[i] <= '9';) {
        if (like->at[i] < '9') {
            like->at[i]++;
            return;
        }
        like->at[i] = '0';
    }
}

static void find_like(const struct walk *w, const struct plan *p, const struct tries *t,
                      struct model_text *ret)
{
    uint16_t word = 0;
    *ret = (struct model_text){.len = 0};
    if (p->column == COLUMN_PARTY)
        word = (uint16_t)w->now.values[COLUMN_DOCUMENT];
    if (word == 0 && t->count > 0 && p->domain == DOMAIN_SCAN)
        word = (uint16_t)t->values[0];
    if (word == 0)
        word = w->m->newest[p->domain];
    if (word == 0)
        return;
    const uint8_t *text = batch_memory_text(w->m, word, &ret->len);
    memcpy(ret->at, text, ret->len);
    if (p->domain == DOMAIN_DOCUMENT)
        count_up(ret);
}

/* Byte i: the one that the alike text has there, said with one bit, or another. */
static uint8_t walk_byte(struct walk *w, const struct plan *p, const struct model_text *like,
                         const struct text *text, size_t i)
{
    uint32_t domain = (uint32_t)p->domain << 20;
    uint32_t one = i > 0 ? text->bytes[i - 1] : 0;
    uint32_t two = i > 1 ? text->bytes[i - 2] : 0;
    uint8_t byte = w->c->reading ? 0 : text->bytes[i];
    struct bit_situation s = {.set = (unsigned)p->column * STEP_COUNT + STEP_TEXT};
    uint32_t guess = 256;
    if (like->next < like->len) {
        guess = like->at[like->next];
        s.contexts[0] = mix(mix(10, domain), like->run);
        s.contexts[1] = mix(mix(11, domain), (uint32_t)i << 8 | like->run);
        s.contexts[2] = mix(mix(12, domain), one << 8 | guess);
        if (bit_guess_code(w->g, w->c, &s, 0, byte == guess))
            return (uint8_t)guess;
    }
    s.set = (unsigned)p->column * STEP_COUNT + STEP_NUMBER;
    s.contexts[0] = mix(mix(13, domain), one << 8 | two);
    s.contexts[1] = mix(mix(14, domain), (uint32_t)i);
    s.contexts[2] = mix(mix(15, domain), guess);
    return (uint8_t)bit_guess_code_below(w->g, w->c, &s, 1, 8, 256, byte);
}

static int walk_new_text(struct walk *w, const struct plan *p, const struct tries *t,
                         struct text *text, size_t max)
{
    struct model_text like;
    find_like(w, p, t, &like);
    struct bit_situation s = situation(w, STEP_NUMBER, p->column, 1, (uint32_t)like.len);
    int64_t len = (int64_t)like.len +
                  bit_guess_code_number(w->g, w->c, &s, (int64_t)text->len - (int64_t)like.len, 6);
    if (len < 1 || len > (int64_t)max)
        return -EBADMSG;
    text->len = (size_t)len;
    for (size_t i = 0; i < text->len; i++) {
        text->bytes[i] = walk_byte(w, p, &like, text, i);
        follow(&like, text->bytes, i + 1);
    }
    return 0;
}

static int walk_known_text(struct walk *w, const struct plan *p, uint16_t *word)
{
    uint32_t last = w->last ? (uint32_t)w->last->values[p->column] : 0;
    struct bit_situation s = situation(w, STEP_WORD, p->column, 0, last);
    uint32_t index = *word ? w->m->words[*word].index : 0;
    if (w->m->index_count[p->domain] == 0)
        return -EBADMSG;
    index = bit_guess_code_below(w->g, w->c, &s, 1, MEMORY_WORD_BITS, w->m->index_count[p->domain],
                                 index);
    *word = w->m->of_index[p->domain][index];
    return 0;
}

static void take_text(const struct walk *w, const struct entry_field *f, struct text *ret)
{
    ret->len = 0;
    if (w->c->reading)
        return;
    const uint8_t *at = batch_text(w->e, f, &ret->len);
    memcpy(ret->bytes, at, ret->len);
}

static int set_text(struct entry *e, const struct entry_field *f, const struct text *text)
{
    bool bytes = f->type == ENTRY_FIELD_BYTES;
    if (text->len == 0 || text->len > f->size - !bytes ||
        (!bytes && memchr(text->bytes, '\0', text->len)))
        return -EBADMSG;
    memcpy((char *)e + f->offset, text->bytes, text->len);
    if (bytes)
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)text->len;
    return 0;
}

/* A text of the entry, or of its scan with marks. */
static int walk_word(struct walk *w, const struct plan *p, struct text *text)
{
    const struct entry_field *f = w->fields[p->column];
    uint16_t word = w->c->reading ? 0 : batch_memory_find(w->m, p->domain, text->bytes, text->len);
    struct tries t;
    find_tries(w, p, &t, TRIES_MAX);
    int at = walk_tries(w, p, &t, word, word != 0);
    if (at < t.count) {
        word = (uint16_t)t.values[at];
    } else {
        struct bit_situation s =
            situation(w, STEP_WORD, p->column, 1, w->now.values[COLUMN_KIND] != 0);
        bool known = bit_guess_code(w->g, w->c, &s, 0, word != 0);
        size_t max = f->type == ENTRY_FIELD_BYTES ? f->size : f->size - 1;
        int err = known ? walk_known_text(w, p, &word) : walk_new_text(w, p, &t, text, max);
        if (err < 0)
            return err;
        if (!known)
            word = batch_memory_learn(w->m, p->domain, text->bytes, text->len);
        w->now.values[p->column] = word;
        if (!known)
            return 0;
    }
    w->now.values[p->column] = word;
    const uint8_t *bytes = batch_memory_text(w->m, word, &text->len);
    memcpy(text->bytes, bytes, text->len);
    return 0;
}

static int walk_scan(struct walk *w, const struct plan *p)
{
    const struct entry_field *f = w->fields[p->column];
    struct text text;
    take_text(w, f, &text);
    bool marks = !w->c->reading && batch_scan_mark(w->e, text.bytes, &text.len) == 0;
    struct bit_situation s = situation(w, STEP_WORD, p->column, 2, 0);
    marks = bit_guess_code(w->g, w->c, &s, 0, marks);
    if (!w->c->reading && !marks)
        take_text(w, f, &text);
    int err = walk_word(w, p, &text);
    if (err < 0 || !w->c->reading)
        return err;
    err = set_text(w->e, f, &text);
    return err == 0 && marks ? batch_scan_unmark(w->e) : err;
}

static int walk_text(struct walk *w, const struct plan *p)
{
    const struct entry_field *f = w->fields[p->column];
    struct text text;
    take_text(w, f, &text);
    int err = walk_word(w, p, &text);
    return err == 0 && w->c->reading ? set_text(w->e, f, &text) : err;
}

/* ---- columns ---- */

static int walk_column(struct walk *w, const struct plan *p)
{
    if (!(w->now.columns >> p->column & 1))
        return 0;
    if (p->domain == DOMAIN_NONE)
        return walk_number(w, p);
    return p->column == COLUMN_SCAN ? walk_scan(w, p) : walk_text(w, p);
}

static size_t group_size(size_t first)
{
    size_t n = 1;
    while (plans[first].group != ALONE && first + n < ARRAY_LEN(plans) &&
           plans[first + n].group == plans[first].group)
        n++;
    return n;
}

/* The first try for a column. -ENOENT: there is none. */
static int first_try(const struct walk *w, const struct plan *p, int64_t *ret)
{
    struct tries t;
    find_tries(w, p, &t, 1);
    if (t.count == 0)
        return -ENOENT;
    *ret = t.values[0];
    return 0;
}

static bool is_right(const struct walk *w, const struct plan *p, int64_t v)
{
    const struct entry_field *f = w->fields[p->column];
    if (p->domain == DOMAIN_NONE)
        return entry_field_number(w->e, f) == v;
    size_t len = 0;
    size_t word_len = 0;
    const uint8_t *text = batch_text(w->e, f, &len);
    const uint8_t *word = batch_memory_text(w->m, (uint16_t)v, &word_len);
    return len == word_len && memcmp(text, word, len) == 0;
}

static int set_try(struct walk *w, const struct plan *p, int64_t v)
{
    const struct entry_field *f = w->fields[p->column];
    if (p->domain == DOMAIN_NONE)
        return set_number(w->e, f, v);
    struct text text;
    const uint8_t *word = batch_memory_text(w->m, (uint16_t)v, &text.len);
    memcpy(text.bytes, word, text.len);
    return set_text(w->e, f, &text);
}

/* Fills the columns of a group with their first tries. Whether each has one and, when writing, it
 * is right; *ret_any: whether the entry has any of them. */
static bool try_group(struct walk *w, const struct plan *p, size_t n, bool *ret_any)
{
    *ret_any = false;
    for (size_t i = 0; i < n; i++) {
        if (!(w->now.columns >> p[i].column & 1))
            continue;
        *ret_any = true;
        int64_t v = 0;
        if (first_try(w, &p[i], &v) < 0 || (!w->c->reading && !is_right(w, &p[i], v)))
            return false;
        w->now.values[p[i].column] = v;
    }
    return true;
}

/* 1 when the first tries of all n columns are right, which one bit says; 0 when they are to be
 * coded one by one; -EBADMSG. */
static int walk_group(struct walk *w, const struct plan *p, size_t n)
{
    bool any = false;
    bool whole = try_group(w, p, n, &any);
    if (!any)
        return 1;
    struct bit_situation s = situation(w, STEP_TRY, p->column, GROUP, last_shape(w));
    bool said = bit_guess_code(w->g, w->c, &s, 0, whole);
    if (said && !whole)
        return -EBADMSG;
    int err = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(w->now.columns >> p[i].column & 1))
            continue;
        if (!said)
            w->now.values[p[i].column] = 0;
        else if (err == 0 && w->c->reading)
            err = set_try(w, &p[i], w->now.values[p[i].column]);
    }
    return err < 0 ? err : said;
}

int batch_walk(struct batch_memory *m, struct bit_guess *g, struct bit_coder *c, struct entry *e)
{
    assert(m && g && c && e);
    struct walk w = {.m = m, .g = g, .c = c, .e = e, .last = batch_memory_row(m, m->count)};
    size_t count = 0;
    const struct entry_field *fields = entry_fields(&count);
    for (size_t i = 0; i < count; i++)
        w.fields[fields[i].id] = &fields[i];
    int err = walk_shape(&w);
    for (size_t i = 0; err == 0 && i < ARRAY_LEN(plans);) {
        size_t n = group_size(i);
        int whole = plans[i].group == ALONE ? 0 : walk_group(&w, &plans[i], n);
        for (size_t k = i; whole == 0 && err == 0 && k < i + n; k++)
            err = walk_column(&w, &plans[k]);
        err = whole < 0 ? whole : err;
        i += n;
    }
    if (err == 0)
        batch_memory_add(m, &w.now);
    return err;
}
