/* SPDX-License-Identifier: Apache-2.0 */
#include "task_list.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "journal_stock.h"
#include "lines.h"

const char *task_kind_name(enum task_kind kind)
{
    static const char *const names[] = {
        [TASK_PICK] = "pick",         [TASK_RECEIVE] = "receive",     [TASK_DISPATCH] = "dispatch",
        [TASK_TAKE_IN] = "arrive",    [TASK_SEND_BACK] = "send_back", [TASK_DISPOSE] = "dispose",
        [TASK_PUT_AWAY] = "put_away", [TASK_COUNT] = "count",         [TASK_BIND] = "bind",
    };
    assert((int)kind >= 0 && (size_t)kind < ARRAY_LEN(names));
    return names[kind];
}

struct walk {
    struct journal *journal;
    task_fn on_task;
    void *context;
};

static struct task task_new(enum task_kind kind)
{
    struct task t = {.kind = kind, .due_day = CIVIL_NONE, .batch.expiry_day = CIVIL_NONE};
    snprintf(t.command, sizeof(t.command), "flow:%s", task_kind_name(kind));
    return t;
}

static int on_any_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    *(int32_t *)context = ((const struct catalogue_order_line *)record)->line;
    return 1;
}

/* A document is told of once, at its first line. */
static int on_order_line(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    static const enum task_kind kinds[] = {
        [ORDER_SALE] = TASK_PICK,
        [ORDER_PURCHASE] = TASK_RECEIVE,
        [ORDER_TRANSFER_OUT] = TASK_DISPATCH,
        [ORDER_TRANSFER_IN] = TASK_TAKE_IN,
        [ORDER_SUPPLIER_RETURN] = TASK_SEND_BACK,
        [ORDER_WRITE_OFF] = TASK_DISPOSE,
    };
    const struct catalogue_order_line *line = record;
    struct walk *w = context;
    int32_t first = 0;
    int err = master_order(w->journal, line->document, on_any_line, &first);
    if (err < 0 || first != line->line)
        return err < 0 ? err : 0;
    struct lines_total total;
    err = lines_total(w->journal, line->document, line->kind, &total);
    if (err < 0 || total.closed == total.lines)
        return err;
    struct task t = task_new(kinds[line->kind]);
    snprintf(t.command, sizeof(t.command), "document:%s", line->document);
    memcpy(t.document, line->document, sizeof(t.document));
    memcpy(t.party, line->party, sizeof(t.party));
    t.due_day = line->due_day;
    t.lines = total.lines;
    t.closed = total.closed;
    return w->on_task(&t, w->context);
}

static int tell_lot(struct walk *w, enum task_kind kind, const struct journal_lot *lot)
{
    struct task t = task_new(kind);
    memcpy(t.sku, lot->batch.sku, sizeof(t.sku));
    t.batch = lot->batch.key;
    memcpy(t.bin, lot->bin, sizeof(t.bin));
    t.qty = lot->qty;
    return w->on_task(&t, w->context);
}

static int on_dock_lot(const struct journal_lot *lot, void *context)
{
    return lot->qty > 0 ? tell_lot(context, TASK_PUT_AWAY, lot) : 0;
}

static int on_negative_lot(const struct journal_lot *lot, void *context)
{
    return tell_lot(context, TASK_COUNT, lot);
}

static int on_capture(const struct journal_capture *c, void *context)
{
    struct walk *w = context;
    struct task t = task_new(TASK_BIND);
    t.seq = c->seq;
    t.qty = c->qty;
    memcpy(t.bin, c->bin, sizeof(t.bin));
    return w->on_task(&t, w->context);
}

/* Posts may share a dock: its goods are told of once. */
static bool is_first_with_dock(const struct station_conf *conf, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(conf->posts[k].dock_bin, conf->posts[i].dock_bin) == 0)
            return false;
    return true;
}

int task_list_each(struct journal *j, const struct station_conf *conf, task_fn on_task,
                   void *context)
{
    assert(j && conf && on_task);
    struct walk w = {j, on_task, context};
    int r = master_orders(j, on_order_line, &w);
    for (size_t i = 0; i < conf->posts_count && r == 0; i++)
        if (is_first_with_dock(conf, i))
            r = journal_lots_in_bin(j, conf->posts[i].dock_bin, on_dock_lot, &w);
    if (r == 0)
        r = journal_lots_negative(j, on_negative_lot, &w);
    return r == 0 ? journal_captures(j, on_capture, &w) : r;
}
