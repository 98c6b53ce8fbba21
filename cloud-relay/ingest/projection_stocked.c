/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spans of days on which an appliance had sellable stock of a SKU. A day counts when there was some
 * at any time of it: a span runs from the day on which stock rose above zero to the day on which it
 * fell to zero, and spans that touch are one. This alone of the folds needs the order of entries
 * and the level before them, so changes are kept in order and followed at the end. */
#include "projection_part.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"

#define STILL INT32_MAX /* to_day of a span that has not ended */

static void merge_span(struct tally_row *row, const struct tally_row *more)
{
    row->ints[1] = more->ints[1]; /* the later word on when it ends */
}

const struct tally_table projection_stocked_table = {
    .name = "stocked",
    .texts = {"site", "sku", "device"},
    .ints = {"from_day", "to_day"},
    .key_texts = 3,
    .key_ints = 1,
    .conflict = "ON CONFLICT (tenant, site, sku, from_day, device)"
                " DO UPDATE SET to_day = excluded.to_day",
    .rows = "SELECT site, sku, device, from_day, to_day FROM stocked"
            " ORDER BY site, sku, from_day, device",
    .merge = merge_span,
};

struct change {
    const char *site;
    const char *device;
    const char *sku;
    size_t order;
    int64_t delta;
    int32_t day;
};

struct stocked {
    struct change *changes;
    size_t count;
    size_t room;
};

int stocked_open(struct stocked **ret)
{
    struct stocked *k = calloc(1, sizeof(*k));
    if (!k)
        return -ENOMEM;
    *ret = k;
    return 0;
}

void stocked_free(struct stocked *k)
{
    if (k)
        free(k->changes);
    free(k);
}

void stocked_forget(struct stocked *k)
{
    k->count = 0;
}

int stocked_change(struct projection *f, const struct projection_source *from, const char *sku,
                   int32_t day, int64_t delta)
{
    struct stocked *k = f->stocked;
    if (k->count == k->room) {
        size_t room = k->room ? k->room * 2 : 256;
        struct change *changes = realloc(k->changes, room * sizeof(*changes));
        if (!changes)
            return -ENOMEM;
        k->changes = changes;
        k->room = room;
    }
    struct change c = {.site = words_keep(f->words, from->site),
                       .device = words_keep(f->words, from->device),
                       .sku = words_keep(f->words, sku),
                       .order = k->count,
                       .delta = delta,
                       .day = day};
    if (!c.site || !c.device || !c.sku)
        return -ENOMEM;
    k->changes[k->count++] = c;
    return 0;
}

static int apply(struct projection *f, const struct projection_movement *m)
{
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = m->again ? 0 : stock_effects(m->e, effects);
    int64_t net = 0;
    for (size_t i = 0; i < n; i++)
        if (effects[i].status == STOCK_SELLABLE)
            net += effects[i].delta;
    return net == 0 ? 0 : stocked_change(f, m->from, m->e->sku, m->day, net);
}

const struct projection_part projection_stocked = {.name = "stocked", .version = 1, .apply = apply};

/* ---- following the levels ---- */

/* A SKU's changes, and where its level and its last span stand. */
struct thread {
    const struct change *first;
    size_t count;
    int64_t level;
    int64_t from_day; /* of the last span */
    int64_t to_day;
    bool spanned; /* there is one */
};

static int by_sku(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;
    int order = strcmp(x->site, y->site);
    order = order ? order : strcmp(x->device, y->device);
    order = order ? order : strcmp(x->sku, y->sku);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool same_journal(const struct change *a, const struct change *b)
{
    return a->site == b->site && a->device == b->device;
}

/* Asks about the SKUs of one journal at once; the answer's rows begin with the SKU, ascending as
 * the threads are. */
static int ask(struct sql *s, const char *question, struct thread *threads, size_t n,
               void (*take)(struct thread *thread, struct sql_query *q))
{
    const char **skus = malloc(n * sizeof(*skus));
    if (!skus)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++)
        skus[i] = threads[i].first->sku;
    AUTO(sql_query) q = sql_query_lists(s, question);
    sql_bind_text(q, 1, threads[0].first->site);
    sql_bind_text(q, 2, threads[0].first->device);
    sql_bind_texts(q, 3, skus, n);
    free(skus);
    int got = 0;
    size_t i = 0;
    while ((got = sql_step(q)) > 0) {
        while (i < n && strcmp(threads[i].first->sku, sql_text(q, 0)) != 0)
            i++;
        if (i < n)
            take(&threads[i], q);
    }
    return got;
}

static void take_level(struct thread *thread, struct sql_query *q)
{
    thread->level = sql_int(q, 1);
}

static void take_span(struct thread *thread, struct sql_query *q)
{
    thread->from_day = sql_int(q, 1);
    thread->to_day = sql_int(q, 2);
    thread->spanned = true;
}

/* Each SKU's rows are looked up by themselves: a join might read all stock of the site instead. */
static const char ask_level[] =
    "SELECT k.text, (SELECT CAST(sum(t.qty) AS BIGINT) FROM stock t WHERE t.site = $1"
    " AND t.device = $2 AND t.sku = k.text AND t.status = 0) FROM $3[] AS k ORDER BY k.text";
static const char ask_span[] =
    "SELECT k.sku, k.from_day, k.to_day FROM (SELECT l.text AS sku, (SELECT max(o.from_day)"
    " FROM stocked o WHERE o.site = $1 AND o.device = $2 AND o.sku = l.text) AS last FROM $3[] AS "
    "l)"
    " AS n JOIN stocked k ON k.site = $1 AND k.device = $2 AND k.sku = n.sku AND k.from_day = "
    "n.last"
    " ORDER BY k.sku";

static int put_span(struct projection *f, const struct change *c, const struct thread *thread)
{
    struct tally_row row = {.texts = {c->site, c->sku, c->device},
                            .ints = {thread->from_day, thread->to_day}};
    return tally_add(f->tallies[PROJECTION_STOCKED], &row);
}

static int follow(struct projection *f, struct thread *thread)
{
    for (size_t i = 0; i < thread->count; i++) {
        const struct change *c = &thread->first[i];
        int64_t before = thread->level;
        thread->level += c->delta;
        if ((before > 0) == (thread->level > 0))
            continue;
        if (thread->level > 0) {
            if (!thread->spanned || thread->to_day + 1 < c->day)
                thread->from_day = c->day;
            thread->to_day = STILL;
            thread->spanned = true;
        } else {
            thread->to_day = c->day;
        }
        int err = put_span(f, c, thread);
        if (err < 0)
            return err;
    }
    return 0;
}

static bool crosses(const struct thread *thread)
{
    int64_t level = thread->level;
    for (size_t i = 0; i < thread->count; i++) {
        int64_t before = level;
        level += thread->first[i].delta;
        if ((before > 0) != (level > 0))
            return true;
    }
    return false;
}

/* The SKUs of one journal. */
static int settle_journal(struct projection *f, struct sql *s, struct thread *threads, size_t n)
{
    int err = f->alone ? 0 : ask(s, ask_level, threads, n, take_level);
    size_t crossing = 0;
    for (size_t i = 0; err == 0 && i < n; i++)
        if (crosses(&threads[i]))
            threads[crossing++] = threads[i];
    if (err == 0 && crossing > 0 && !f->alone)
        err = ask(s, ask_span, threads, crossing, take_span);
    for (size_t i = 0; err == 0 && i < crossing; i++)
        err = follow(f, &threads[i]);
    return err;
}

/* The sorted changes, a thread a SKU. How many threads. */
static size_t spin(const struct stocked *k, struct thread *threads)
{
    size_t n = 0;
    for (size_t i = 0; i < k->count; i++) {
        const struct change *c = &k->changes[i];
        if (n > 0 && same_journal(threads[n - 1].first, c) && threads[n - 1].first->sku == c->sku)
            threads[n - 1].count++;
        else
            threads[n++] = (struct thread){.first = c, .count = 1};
    }
    return n;
}

int stocked_settle(struct projection *f, struct sql *s)
{
    struct stocked *k = f->stocked;
    if (k->count == 0)
        return 0;
    qsort(k->changes, k->count, sizeof(*k->changes), by_sku);
    struct thread *threads = malloc(k->count * sizeof(*threads));
    if (!threads)
        return -ENOMEM;
    size_t n = spin(k, threads);
    int err = 0;
    for (size_t first = 0, next = 0; err == 0 && first < n; first = next) {
        while (next < n && same_journal(threads[first].first, threads[next].first))
            next++;
        err = settle_journal(f, s, threads + first, next - first);
    }
    free(threads);
    if (err == 0)
        k->count = 0;
    return err;
}
