/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "projection.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "civil.h"
#include "entry_codec.h"
#include "entry_find.h"
#include "projection_part.h"

const struct projection_part *const projection_parts[PROJECTION_PART_COUNT] = {
    &projection_stock,   &projection_demand, &projection_stocked, &projection_outlet,
    &projection_transit, &projection_line,   &projection_supply,
};

const struct tally_table *const projection_tables[PROJECTION_TABLE_COUNT] = {
    [PROJECTION_STOCK] = &projection_stock_table,
    [PROJECTION_LOT] = &projection_lot_table,
    [PROJECTION_ACCOUNT] = &projection_account_table,
    [PROJECTION_DEMAND] = &projection_demand_table,
    [PROJECTION_STOCKED] = &projection_stocked_table,
    [PROJECTION_OUTLET_SALE] = &projection_outlet_table,
    [PROJECTION_TRANSIT] = &projection_transit_table,
    [PROJECTION_LINE_DONE] = &projection_line_table,
    [PROJECTION_SUPPLY] = &projection_supply_table,
};

int projection_open(struct projection **ret)
{
    assert(ret);
    AUTO(projection) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    int err = words_open(&f->words);
    if (err == 0)
        err = stocked_open(&f->stocked);
    for (size_t i = 0; err == 0 && i < PROJECTION_TABLE_COUNT; i++)
        err = tally_open(projection_tables[i], &f->tallies[i]);
    if (err == 0)
        *ret = TAKE(f);
    return err;
}

void projection_free(struct projection *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < PROJECTION_TABLE_COUNT; i++)
        tally_free(f->tallies[i]);
    stocked_free(f->stocked);
    free(f->touched);
    words_free(f->words);
    free(f);
}

void projection_forget(struct projection *f)
{
    assert(f);
    for (size_t i = 0; i < PROJECTION_TABLE_COUNT; i++)
        tally_forget(f->tallies[i]);
    stocked_forget(f->stocked);
    f->touched_count = 0;
    words_forget(f->words);
}

int64_t projection_least_day(int64_t a, int64_t b)
{
    if (a == CIVIL_NONE || b == CIVIL_NONE)
        return a == CIVIL_NONE ? b : a;
    return b < a ? b : a;
}

int projection_add(struct projection *f, enum projection_table table, const struct tally_row *row)
{
    struct tally_row kept = *row;
    for (size_t i = 0; i < tally_texts(projection_tables[table]); i++) {
        kept.texts[i] = words_keep(f->words, row->texts[i]);
        if (!kept.texts[i])
            return -ENOMEM;
    }
    return tally_add(f->tallies[table], &kept);
}

/* ---- entries ---- */

struct finding {
    struct entry_journal journal;
    const struct entry_rows *unwritten;
};

static int find(int64_t seq, void *context, struct entry *ret)
{
    struct finding *where = context;
    const struct entry_journal *journal = &where->journal;
    size_t len = 0;
    const void *body = where->unwritten ? entry_rows_find(where->unwritten, journal->device,
                                                          journal->epoch, seq, &len)
                                        : NULL;
    if (body)
        return entry_decode(body, len, ret) == 0 && entry_check(ret, NULL) == 0;
    return entry_find(seq, &where->journal, ret);
}

static int check_limits(const struct entry *e, struct diag *reterr)
{
    const int64_t units[] = {e->qty, e->observed, e->expected};
    bool moves = stock_account(e) != ACCOUNT_NONE || e->kind == ENTRY_LOST;
    for (size_t i = 0; moves && i < ARRAY_LEN(units); i++)
        if (units[i] > PROJECTION_UNITS_MAX || units[i] < -PROJECTION_UNITS_MAX) {
            diag_set(reterr, 0, "%s of %" PRId64 " units: at most %" PRId64,
                     entry_kind_name(e->kind), units[i], PROJECTION_UNITS_MAX);
            return -EINVAL;
        }
    if (moves &&
        (e->value_paise > PROJECTION_PAISE_MAX || e->value_paise < -PROJECTION_PAISE_MAX)) {
        diag_set(reterr, 0, "%s of %" PRId64 " paise: at most %" PRId64, entry_kind_name(e->kind),
                 e->value_paise, PROJECTION_PAISE_MAX);
        return -EINVAL;
    }
    return 0;
}

static int apply_parts(struct projection *f, const struct projection_movement *m)
{
    for (size_t i = 0; i < ARRAY_LEN(projection_parts); i++) {
        int err = projection_parts[i]->apply(f, m);
        if (err < 0)
            return err;
    }
    return 0;
}

int projection_entry(struct projection *f, struct sql *s, const struct projection_source *from,
                     const struct entry *e, struct diag *reterr)
{
    assert(f && s && from && e);
    int err = entry_check(e, reterr);
    if (err == 0)
        err = check_limits(e, reterr);
    if (err < 0)
        return err;
    struct entry movement;
    int64_t units = 0;
    struct finding where = {{s, from->device, from->epoch}, from->unwritten};
    int undone = stock_undone(e, find, &where, &movement, &units);
    if (undone < 0)
        return undone;
    struct projection_movement own = {
        .from = from, .e = e, .units = e->qty, .day = civil_ist_day(e->wall_ms)};
    err = apply_parts(f, &own);
    if (err == 0 && undone > 0) {
        struct projection_movement back = {.from = from,
                                           .e = &movement,
                                           .units = -units,
                                           .again = true,
                                           .day = civil_ist_day(movement.wall_ms)};
        err = apply_parts(f, &back);
    }
    return err;
}

int projection_new_epoch(struct projection *f, struct sql *s, const struct projection_source *from,
                         int32_t day)
{
    assert(f && s && from);
    int err =
        projection_write(f, s); /* what the old epoch has just brought is booked out as well */
    if (err == 0)
        err = projection_stock_book_out(f, s, from, day);
    return err == 0 ? projection_write(f, s) : err;
}

int projection_settle(struct projection *f, struct sql *s)
{
    return stocked_settle(f, s);
}

int projection_write_rows(struct projection *f, struct sql *s)
{
    assert(f && s && !f->alone);
    int err = projection_stock_note(f);
    for (size_t i = 0; err == 0 && i < PROJECTION_TABLE_COUNT; i++)
        err = tally_write(f->tallies[i], s);
    return err;
}

int projection_tidy(struct projection *f, struct sql *s)
{
    int err = projection_stock_tidy(f, s);
    if (err == 0)
        words_forget(f->words);
    return err;
}

int projection_write(struct projection *f, struct sql *s)
{
    assert(f && s);
    int err = projection_settle(f, s);
    if (err == 0)
        err = projection_write_rows(f, s);
    return err == 0 ? projection_tidy(f, s) : err;
}
