/* SPDX-License-Identifier: Apache-2.0 */
#include "count_compare.h"

#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "hand.h"
#include "stock_effect.h"
#include "text.h"

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct count_lots *b = context;
    if (lot->qty == 0)
        return 0;
    if (b->count == ARRAY_LEN(b->lots)) {
        b->full = true;
        return 1;
    }
    memcpy(b->lots[b->count].sku, lot->batch.sku, sizeof(b->lots[0].sku));
    b->lots[b->count++].lot = offer_of(lot);
    return 0;
}

int count_expected(struct step *s, struct count_lots *ret)
{
    ret->count = 0;
    ret->full = false;
    int err = journal_lots_in_bin(s->journal, s->post->work.bin, on_lot, ret);
    return err < 0 ? err : 0;
}

struct moves {
    const char *bin;
    bool moved;
};

static int on_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct moves *m = context;
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    for (size_t i = 0; i < n; i++)
        m->moved |= strcmp(effects[i].bin, m->bin) == 0;
    return m->moved;
}

int count_disturbed(struct step *s)
{
    struct moves moves = {.bin = s->post->work.bin};
    if (s->post->work.count_from < journal_floor(s->journal))
        return 1; /* what moved meanwhile cannot be told any more */
    int err = journal_read(s->journal, s->post->work.count_from + 1, on_entry, &moves);
    return err < 0 ? err : moves.moved;
}

static int64_t counted_of(const struct work *w, const char *sku, const struct batch_key *key)
{
    for (size_t i = 0; i < w->lines_count; i++)
        if (strcmp(w->lines[i].sku, sku) == 0 && batch_key_equal(&w->lines[i].key, key))
            return w->lines[i].qty;
    return 0;
}

/* Units of a batch that the books expect in the bin, in every status. */
static int64_t expected_of(const struct count_lots *b, const char *sku, const struct batch_key *key)
{
    int64_t sum = 0;
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->lots[i].sku, sku) == 0 && batch_key_equal(&b->lots[i].lot.key, key))
            sum += b->lots[i].lot.qty;
    return sum;
}

static bool far_off(const struct step *s, int64_t counted, int64_t expected)
{
    int64_t allowed = 0;
    int64_t base = expected > 0 ? expected : 0;
    if (decimal_muldiv(base, s->conf->recount_permille, 1000, &allowed) < 0)
        return true;
    return llabs(counted - expected) > allowed;
}

/* Whether any batch differs so much that it should be counted once more. */
bool count_differs(const struct step *s, const struct count_lots *b)
{
    const struct work *w = &s->post->work;
    for (size_t i = 0; i < w->lines_count; i++)
        if (far_off(s, w->lines[i].qty, expected_of(b, w->lines[i].sku, &w->lines[i].key)))
            return true;
    for (size_t i = 0; i < b->count; i++)
        if (far_off(s, counted_of(w, b->lots[i].sku, &b->lots[i].lot.key),
                    expected_of(b, b->lots[i].sku, &b->lots[i].lot.key)))
            return true;
    return false;
}

bool count_misses(const struct work *w, const struct count_lots *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (counted_of(w, b->lots[i].sku, &b->lots[i].lot.key) == 0)
            return true;
    return false;
}

static int add_counted(struct step *s, const char *sku, const struct offer *lot, int64_t observed)
{
    struct catalogue_sku product;
    int found = master_sku(s->journal, sku, &product);
    if (found < 0)
        return found;
    struct entry *e = step_add(s, ENTRY_COUNTED, false);
    hand_fill_lot(e, sku, lot);
    e->observed = observed;
    e->expected = lot->qty;
    e->value_paise = found > 0 ? hand_lot_value(lot, &product, observed - lot->qty) : 0;
    return 0;
}

/* Goods of one batch in several states lie on one heap: those set apart are there first, and the
 * difference is of those that may be sold, which come last. */
static int add_lots(struct step *s, const struct count_lots *b, const char *sku,
                    const struct batch_key *key, int64_t counted)
{
    size_t last = b->count;
    for (size_t i = 0; i < b->count; i++) {
        bool same = strcmp(b->lots[i].sku, sku) == 0 && batch_key_equal(&b->lots[i].lot.key, key);
        if (same && (last == b->count || b->lots[i].lot.status == STOCK_SELLABLE))
            last = i;
    }
    for (size_t i = 0; i < b->count; i++) {
        const struct offer *lot = &b->lots[i].lot;
        if (i == last || strcmp(b->lots[i].sku, sku) != 0 || !batch_key_equal(&lot->key, key))
            continue;
        int64_t here = lot->qty < counted ? lot->qty : counted;
        here = here > 0 ? here : 0;
        counted -= here;
        int err = add_counted(s, sku, lot, here);
        if (err < 0)
            return err;
    }
    return add_counted(s, sku, &b->lots[last].lot, counted);
}

static int add_new(struct step *s, const struct count_line *line, const struct catalogue_bin *bin)
{
    struct offer lot = {.key = line->key,
                        .expiry_kind = line->expiry_kind,
                        .made_day = line->made_day,
                        .status = bin->kind == BIN_QUARANTINE ? STOCK_QUARANTINE : STOCK_SELLABLE};
    memcpy(lot.bin, bin->bin, sizeof(lot.bin));
    return add_counted(s, line->sku, &lot, line->qty);
}

/* The first of its batch in the list: each batch is booked once. */
static bool is_first(const struct count_lots *b, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(b->lots[k].sku, b->lots[i].sku) == 0 &&
            batch_key_equal(&b->lots[k].lot.key, &b->lots[i].lot.key))
            return false;
    return true;
}

static bool is_in(const struct count_lots *b, const struct count_line *line)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->lots[i].sku, line->sku) == 0 &&
            batch_key_equal(&b->lots[i].lot.key, &line->key))
            return true;
    return false;
}

int count_book(struct step *s, const struct count_lots *b)
{
    struct work *w = &s->post->work;
    struct catalogue_bin bin;
    int err = master_bin(s->journal, w->bin, &bin);
    for (size_t i = 0; i < b->count && err >= 0; i++)
        if (is_first(b, i))
            err = add_lots(s, b, b->lots[i].sku, &b->lots[i].lot.key,
                           counted_of(w, b->lots[i].sku, &b->lots[i].lot.key));
    for (size_t i = 0; i < w->lines_count && err >= 0; i++)
        if (!is_in(b, &w->lines[i]) && w->lines[i].qty > 0)
            err = add_new(s, &w->lines[i], &bin);
    if (err < 0)
        return err;
    if (s->entries_count == 0) { /* empty, as the books say: that too was seen */
        struct entry *e = step_add(s, ENTRY_TASK_DONE, false);
        memcpy(e->document, w->bin, sizeof(w->bin));
        text_cut(e->reason, sizeof(e->reason), "counted_empty");
    }
    step_say(s, TONE_ACCEPT, "counted", w->bin, NULL);
    step_booked(s);
    s->post->work = work_new();
    return 0;
}
