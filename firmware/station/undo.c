/* SPDX-License-Identifier: Apache-2.0 */
#include "undo.h"

#include <errno.h>
#include <string.h>

#include "stock_effect.h"
#include "text.h"

struct unit {
    struct entry *entries; /* of the step: they are turned around where they stand */
    size_t n;
    size_t wanted;
};

static int on_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct unit *u = context;
    u->entries[u->n++] = *e;
    return u->n == u->wanted;
}

static void swap_text(char *a, char *b, size_t size)
{
    char t[ENTRY_NOTE_SIZE];
    memcpy(t, a, size);
    memcpy(a, b, size);
    memcpy(b, t, size);
}

static void as_adjustment(struct entry *e, int64_t qty)
{
    e->kind = ENTRY_ADJUSTED;
    e->qty = qty;
    e->value_paise = qty < 0 ? -e->value_paise : e->value_paise;
    text_cut(e->reason, sizeof(e->reason), "keying_error");
    memset(e->proposed, 0, sizeof(e->proposed));
    memset(e->witness, 0, sizeof(e->witness));
    e->observed = e->expected = 0;
    e->due_day = INT32_MIN;
}

/* Turns a booked entry into the one that compensates it. False: of its kind there is none. */
static bool turn_around(struct entry *e)
{
    e->corrects = e->seq;
    switch (e->kind) {
    case ENTRY_RECEIVED:
    case ENTRY_RETURNED:
    case ENTRY_ARRIVED:
        as_adjustment(e, -e->qty);
        return true;
    case ENTRY_PICKED:
    case ENTRY_DISPATCHED:
    case ENTRY_SENT_BACK:
    case ENTRY_DISPOSED:
        as_adjustment(e, e->qty);
        return true;
    case ENTRY_COUNTED:
        as_adjustment(e, e->expected - e->observed);
        return true;
    case ENTRY_ADJUSTED:
        as_adjustment(e, -e->qty);
        return true;
    case ENTRY_MOVED:
        swap_text(e->bin, e->bin_to, sizeof(e->bin));
        e->corrects = 0;
        return true;
    case ENTRY_RESTATED: {
        int32_t status = e->status;
        e->status = e->status_to;
        e->status_to = status;
        e->corrects = 0;
        return true;
    }
    case ENTRY_CORRECTED_OUT:
        e->kind = ENTRY_CORRECTED_IN;
        return true;
    case ENTRY_CORRECTED_IN:
        e->kind = ENTRY_CORRECTED_OUT;
        e->due_day = INT32_MIN;
        return true;
    default:
        return false;
    }
}

/* The goods still lie where they would be taken from. 1, 0 or an error. */
static int still_there(struct step *s, const struct entry *e)
{
    struct stock_effect effects[STOCK_EFFECTS_MAX];
    size_t n = stock_effects(e, effects);
    for (size_t i = 0; i < n; i++) {
        int64_t held = 0;
        if (effects[i].delta > 0)
            continue;
        int err =
            journal_qty(s->journal, e->sku, &e->batch, effects[i].bin, effects[i].status, &held);
        if (err < 0)
            return err;
        if (held < -effects[i].delta)
            return 0;
    }
    return 1;
}

static int refuse(struct step *s, const char *code)
{
    s->entries_count = 0;
    step_say(s, TONE_REJECT, code, NULL);
    return 0;
}

int undo_last(struct step *s)
{
    struct post *p = s->post;
    if (p->last_seq == 0 || p->last_seq <= journal_floor(s->journal))
        return refuse(s, "nothing_to_undo"); /* or it is so old that it was deleted */
    struct entry *added = &s->entries[s->entries_count];
    struct unit u = {.entries = added, .wanted = (size_t)p->last_entries};
    int err = journal_read(s->journal, p->last_seq, on_entry, &u);
    if (err < 0)
        return err;
    size_t n = 0;
    for (size_t i = 0; i < u.n; i++) {
        struct entry e = added[i];
        if (e.kind == ENTRY_COUNTED && e.observed == e.expected)
            continue; /* it changed nothing */
        if (e.kind == ENTRY_WEIGHED || e.kind == ENTRY_PRINTED)
            continue; /* it was seen, and stays seen */
        if (!turn_around(&e))
            return refuse(s, "cannot_undo");
        int there = still_there(s, &e);
        if (there < 0)
            return there;
        if (there == 0)
            return refuse(s, "goods_moved_on");
        memcpy(e.worker, p->worker, sizeof(e.worker));
        memcpy(e.device, s->in->device, sizeof(e.device));
        e.scan_len = 0;
        memset(e.scan, 0, sizeof(e.scan));
        added[n++] = e;
    }
    s->entries_count += n;
    p->last_seq = 0;
    p->has_label = false;
    step_say(s, TONE_ACCEPT, "undone", NULL);
    return 0;
}
