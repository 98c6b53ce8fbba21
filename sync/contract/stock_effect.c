/* SPDX-License-Identifier: Apache-2.0 */
#include "stock_effect.h"

#include <assert.h>
#include <string.h>

#include "civil.h"

enum direction {
    IN = 1,
    OUT = -1,
    SIGNED = 2,     /* qty carries the sign */
    DIFFERENCE = 3, /* observed - expected */
    BETWEEN_BINS = 4,
    BETWEEN_STATUSES = 5,
};

static const struct {
    enum stock_account account;
    enum direction direction;
} effects[ENTRY_KIND_MAX] = {
    [ENTRY_OPENING] = {ACCOUNT_OPENING, IN},
    [ENTRY_RECEIVED] = {ACCOUNT_RECEIVED, IN},
    [ENTRY_MOVED] = {ACCOUNT_INTERNAL, BETWEEN_BINS},
    [ENTRY_PICKED] = {ACCOUNT_SOLD, OUT},
    [ENTRY_RETURNED] = {ACCOUNT_RETURNED, IN},
    [ENTRY_DISPATCHED] = {ACCOUNT_DISPATCHED, OUT},
    [ENTRY_ARRIVED] = {ACCOUNT_ARRIVED, IN},
    [ENTRY_SENT_BACK] = {ACCOUNT_SENT_BACK, OUT},
    [ENTRY_DISPOSED] = {ACCOUNT_DISPOSED, OUT},
    [ENTRY_COUNTED] = {ACCOUNT_ADJUSTED, DIFFERENCE},
    [ENTRY_ADJUSTED] = {ACCOUNT_ADJUSTED, SIGNED},
    [ENTRY_RESTATED] = {ACCOUNT_INTERNAL, BETWEEN_STATUSES},
    [ENTRY_CORRECTED_OUT] = {ACCOUNT_INTERNAL, OUT},
    [ENTRY_CORRECTED_IN] = {ACCOUNT_INTERNAL, IN},
};

const char *stock_account_name(enum stock_account account)
{
    static const char *const names[ACCOUNT_COUNT] = {
        [ACCOUNT_NONE] = "none",         [ACCOUNT_OPENING] = "opening",
        [ACCOUNT_RECEIVED] = "received", [ACCOUNT_SOLD] = "sold",
        [ACCOUNT_RETURNED] = "returned", [ACCOUNT_DISPATCHED] = "dispatched",
        [ACCOUNT_ARRIVED] = "arrived",   [ACCOUNT_SENT_BACK] = "sent_back",
        [ACCOUNT_DISPOSED] = "disposed", [ACCOUNT_ADJUSTED] = "adjusted",
        [ACCOUNT_INTERNAL] = "internal",
    };
    assert((int)account >= 0 && (int)account < ACCOUNT_COUNT);
    return names[account];
}

enum stock_account stock_account(const struct entry *e)
{
    assert(e && entry_kind_name(e->kind));
    return effects[e->kind].account;
}

static size_t between(const char *bin, int32_t status, const char *bin_to, int32_t status_to,
                      int64_t qty, struct stock_effect ret[STOCK_EFFECTS_MAX])
{
    if (qty == 0 || (strcmp(bin, bin_to) == 0 && status == status_to))
        return 0;
    ret[0] = (struct stock_effect){bin, (enum stock_status)status, -qty};
    ret[1] = (struct stock_effect){bin_to, (enum stock_status)status_to, qty};
    return 2;
}

static size_t one(const struct entry *e, int64_t delta, struct stock_effect ret[STOCK_EFFECTS_MAX])
{
    if (delta == 0)
        return 0;
    ret[0] = (struct stock_effect){e->bin, (enum stock_status)e->status, delta};
    return 1;
}

size_t stock_effects(const struct entry *e, struct stock_effect ret[STOCK_EFFECTS_MAX])
{
    assert(e && entry_kind_name(e->kind) && ret);
    switch (effects[e->kind].direction) {
    case IN:
    case SIGNED:
        return one(e, e->qty, ret);
    case OUT:
        return one(e, -e->qty, ret);
    case DIFFERENCE:
        return one(e, e->observed - e->expected, ret);
    case BETWEEN_BINS:
        return between(e->bin, e->status, e->bin_to, e->status, e->qty, ret);
    case BETWEEN_STATUSES:
        return between(e->bin, e->status, e->bin, e->status_to, e->qty, ret);
    }
    return 0; /* a kind without a row moves no stock */
}

bool stock_brings(const struct entry *e)
{
    switch (stock_account(e)) {
    case ACCOUNT_OPENING:
    case ACCOUNT_RECEIVED:
    case ACCOUNT_ARRIVED:
        return true;
    case ACCOUNT_INTERNAL:
        return e->kind == ENTRY_CORRECTED_IN;
    case ACCOUNT_NONE:
    case ACCOUNT_SOLD:
    case ACCOUNT_RETURNED:
    case ACCOUNT_DISPATCHED:
    case ACCOUNT_SENT_BACK:
    case ACCOUNT_DISPOSED:
    case ACCOUNT_ADJUSTED:
        return false;
    }
    return false;
}

int32_t stock_received_day(const struct entry *e)
{
    int32_t day = civil_ist_day(e->wall_ms);
    return stock_brings(e) && e->due_day != CIVIL_NONE && e->due_day < day ? e->due_day : day;
}

int stock_undone(const struct entry *e, stock_find_fn find, void *context,
                 struct entry *ret_movement, int64_t *ret_units)
{
    assert(e && find && ret_movement && ret_units);
    if (e->kind != ENTRY_ADJUSTED || e->corrects == 0)
        return 0;
    /* What undoes an undoing is about the same movement, with the other sign. */
    struct entry movement = *e;
    while (movement.kind == ENTRY_ADJUSTED && movement.corrects > 0 &&
           movement.corrects < movement.seq) {
        int got = find(movement.corrects, context, &movement);
        if (got <= 0)
            return got;
    }
    struct stock_effect undone[STOCK_EFFECTS_MAX];
    if (movement.seq == e->seq || movement.qty == 0 || stock_effects(&movement, undone) != 1)
        return 0;
    *ret_movement = movement;
    *ret_units = undone[0].delta < 0 ? e->qty : -e->qty;
    return 1;
}
