/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_walk.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "batch_walk_state.h"
#include "batch_work.h"

#define GROUP 0x10000 /* about: no try, but all of a group */

/* ---- shape ---- */

/* All but what the shape says itself, and seq, which is given. */
static uint64_t columns_of(const struct walk *w)
{
    return entry_present(w->e) & ~(UINT64_C(1) << COLUMN_SEQ | UINT64_C(1) << COLUMN_KIND);
}

static bool is_shape(const struct batch_memory *m, uint16_t shape, int64_t kind, uint64_t columns)
{
    return shape != 0 && m->shapes[shape].kind == kind && m->shapes[shape].columns == columns;
}

static void walk_new_shape(struct walk *w, const struct bit_situation *s)
{
    w->now.values[COLUMN_KIND] = bit_guess_code_number(w->g, w->c, s, w->e->kind, 6);
    uint64_t want = w->now.columns;
    w->now.columns = 0;
    for (size_t i = 0; i < w->plans_count; i++) {
        int id = w->plans[i].column;
        struct bit_situation has = {.set = s->set};
        uint32_t kind = (uint32_t)w->now.values[COLUMN_KIND];
        has.contexts[0] = batch_walk_mix(7, (uint32_t)id);
        has.contexts[1] = batch_walk_mix(batch_walk_mix(8, (uint32_t)id), kind);
        has.contexts[2] =
            batch_walk_mix(batch_walk_mix(9, (uint32_t)id), (uint32_t)(w->now.columns >> 1));
        w->now.columns |= (uint64_t)bit_guess_code(w->g, w->c, &has, 0, want >> id & 1) << id;
    }
}

static int walk_shape(struct walk *w)
{
    uint32_t before = batch_walk_last_shape(w);
    const struct memory_row *two = batch_memory_row(w->m, w->m->count - 1);
    uint32_t rest = w->last && w->last->values[COLUMN_REST] > 0;
    struct bit_situation s = {.set = STEP_TRY};
    s.contexts[0] = batch_walk_mix(1, rest);
    s.contexts[1] = batch_walk_mix(batch_walk_mix(2, before), rest);
    s.contexts[2] =
        batch_walk_mix(batch_walk_mix(batch_walk_mix(3, before), rest), two ? two->shape : 0);
    const struct memory_row *like =
        w->last ? batch_memory_row(w->m, w->m->after_shape[w->last->shape]) : NULL;
    uint16_t guess = like ? like->shape : 0;
    uint16_t shape = 0;
    if (!w->c->reading) {
        w->now.columns = columns_of(w);
        shape = is_shape(w->m, guess, w->e->kind, w->now.columns)
                    ? guess
                    : batch_memory_find_shape(w->m, w->e->kind, w->now.columns);
    }
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
    const struct entry_field *f = entry_field_of(p->column);
    int64_t v = w->c->reading ? 0 : entry_field_number(w->e, f);
    struct tries t;
    batch_walk_find_tries(w, p, &t, TRIES_MAX);
    int at = batch_walk_tries(w, p, &t, v, true);
    if (at < t.count) {
        v = t.values[at];
    } else {
        int64_t from = near(w, p, &t);
        uint32_t own = (uint32_t)w->now.values[COLUMN_SKU];
        struct bit_situation s = batch_walk_situation(w, STEP_NUMBER, p->column, 0, own);
        v = batch_walk_plus(
            from, bit_guess_code_number(w->g, w->c, &s, batch_walk_minus(v, from), p->digits));
    }
    batch_walk_know(w, p->column, v);
    return w->c->reading ? set_number(w->e, f, v) : 0;
}

/* ---- columns ---- */

static int walk_column(struct walk *w, const struct plan *p)
{
    if (!(w->now.columns >> p->column & 1))
        return 0;
    return p->domain == DOMAIN_NONE ? walk_number(w, p) : batch_walk_text(w, p);
}

static size_t group_size(const struct walk *w, size_t first)
{
    const struct plan *p = &w->plans[first];
    size_t n = 1;
    while (p->group != ALONE && first + n < w->plans_count && p[n].group == p->group)
        n++;
    return n;
}

/* The first try for a column. -ENOENT: there is none. */
static int first_try(struct walk *w, const struct plan *p, int64_t *ret)
{
    struct tries t;
    batch_walk_find_tries(w, p, &t, 1);
    if (t.count == 0)
        return -ENOENT;
    *ret = t.values[0];
    return 0;
}

static bool is_right(const struct walk *w, const struct plan *p, int64_t v)
{
    const struct entry_field *f = entry_field_of(p->column);
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
    const struct entry_field *f = entry_field_of(p->column);
    if (p->domain == DOMAIN_NONE)
        return set_number(w->e, f, v);
    struct text text;
    const uint8_t *word = batch_memory_text(w->m, (uint16_t)v, &text.len);
    memcpy(text.bytes, word, text.len);
    return batch_walk_set_text(w->e, f, &text);
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
        batch_walk_know(w, p[i].column, v);
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
    struct bit_situation s =
        batch_walk_situation(w, STEP_TRY, p->column, GROUP, batch_walk_last_shape(w));
    bool said = bit_guess_code(w->g, w->c, &s, 0, whole);
    if (said && !whole)
        return -EBADMSG;
    int err = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(w->now.columns >> p[i].column & 1))
            continue;
        if (!said)
            batch_walk_know(w, p[i].column, 0);
        else if (err == 0 && w->c->reading)
            err = set_try(w, &p[i], w->now.values[p[i].column]);
    }
    return err < 0 ? err : said;
}

int batch_walk(struct batch_memory *m, struct bit_guess *g, struct bit_coder *c, struct entry *e)
{
    assert(m && g && c && e);
    struct walk w = {.m = m, .g = g, .c = c, .e = e, .last = batch_memory_row(m, m->count)};
    w.plans = batch_plans(&w.plans_count);
    int err = walk_shape(&w);
    for (size_t i = 0; err == 0 && i < w.plans_count;) {
        size_t n = group_size(&w, i);
        int whole = w.plans[i].group == ALONE ? 0 : walk_group(&w, &w.plans[i], n);
        for (size_t k = i; whole == 0 && err == 0 && k < i + n; k++)
            err = walk_column(&w, &w.plans[k]);
        err = whole < 0 ? whole : err;
        i += n;
    }
    if (err == 0)
        batch_memory_add(m, &w.now);
    return err;
}
