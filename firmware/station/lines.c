/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "journal_stock.h"

enum entry_kind line_entry_kind(enum order_kind kind)
{
    switch (kind) {
    case ORDER_SALE:
        return ENTRY_PICKED;
    case ORDER_PURCHASE:
        return ENTRY_RECEIVED;
    case ORDER_TRANSFER_OUT:
        return ENTRY_DISPATCHED;
    case ORDER_TRANSFER_IN:
        return ENTRY_ARRIVED;
    case ORDER_SUPPLIER_RETURN:
        return ENTRY_SENT_BACK;
    case ORDER_WRITE_OFF:
        return ENTRY_DISPOSED;
    }
    return ENTRY_PICKED;
}

int line_state(struct journal *j, const struct catalogue_order_line *line, struct line_state *ret)
{
    assert(j && line && ret);
    struct line_state s = {.line = *line};
    enum entry_kind lost = line->kind == ORDER_TRANSFER_IN ? ENTRY_LOST : ENTRY_TASK_DONE;
    int err =
        journal_line_done(j, line->document, line->line, line_entry_kind(line->kind), &s.done);
    if (err == 0)
        err = journal_line_done(j, line->document, line->line, lost, &s.lost);
    if (err < 0)
        return err;
    s.open = line->qty - s.done - s.lost;
    *ret = s;
    return 0;
}

struct walk {
    struct journal *journal;
    enum order_kind kind;
    line_fn on_line;
    void *context;
};

static int on_row(const void *record, void *context, struct diag *reterr)
{
    (void)reterr;
    const struct catalogue_order_line *line = record;
    struct walk *w = context;
    if (line->kind != w->kind)
        return 0;
    struct line_state state;
    int err = line_state(w->journal, line, &state);
    return err < 0 ? err : w->on_line(&state, w->context);
}

int lines_each(struct journal *j, const char *document, enum order_kind kind, line_fn on_line,
               void *context)
{
    assert(j && document && on_line);
    struct walk w = {j, kind, on_line, context};
    return master_order(j, document, on_row, &w);
}

static int add_line(const struct line_state *line, void *context)
{
    struct lines_total *t = context;
    if (t->lines == 0)
        memcpy(t->party, line->line.party, sizeof(t->party));
    t->lines++;
    t->closed += line->open <= 0;
    return 0;
}

int lines_total(struct journal *j, const char *document, enum order_kind kind,
                struct lines_total *ret)
{
    struct lines_total t = {0};
    int err = lines_each(j, document, kind, add_line, &t);
    if (err < 0)
        return err;
    if (t.lines == 0)
        return -ENOENT;
    *ret = t;
    return 0;
}
