/* SPDX-License-Identifier: Apache-2.0 */
#include "floor_tell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "message.h"

static void put(struct floor_text *t, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void put(struct floor_text *t, const char *fmt, ...)
{
    size_t used = strlen(t->buf);
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(t->buf + used, sizeof(t->buf) - used, fmt, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(t->buf) - used);
}

static void put_entry(struct floor_text *t, const struct entry *e)
{
    put(t, "%s%s", t->buf[0] ? "; " : "", entry_kind_name(e->kind));
    if (e->kind == ENTRY_COUNTED)
        put(t, " %" PRId64 "/%" PRId64, e->observed, e->expected);
    if (e->kind == ENTRY_WEIGHED)
        put(t, " %" PRId64 "g", e->amount);
    if (e->qty != 0)
        put(t, " %" PRId64, e->qty);
    if (e->batch.number[0])
        put(t, " %s", e->batch.number);
    if (e->bin[0])
        put(t, " @%s", e->bin);
    if (e->bin_to[0])
        put(t, ">%s", e->bin_to);
    if (e->kind == ENTRY_RESTATED)
        put(t, " [%s>%s]", stock_status_name((enum stock_status)e->status),
            stock_status_name((enum stock_status)e->status_to));
    else if (e->status != STOCK_SELLABLE)
        put(t, " [%s]", stock_status_name((enum stock_status)e->status));
    if (e->reason[0])
        put(t, " !%s", e->reason);
    if (e->document[0] && e->kind != ENTRY_PRINTED)
        put(t, " #%s", e->document);
    if (e->line != 0)
        put(t, "/%" PRId32, e->line);
    if (e->proposed[0])
        put(t, " instead of %s", e->proposed);
    if (e->witness[0])
        put(t, " before %s", e->witness);
}

struct collected {
    struct floor_text *text;
    int64_t left;
};

static int on_entry(const struct entry *e, const uint8_t *raw, size_t raw_len,
                    const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    struct collected *c = context;
    put_entry(c->text, e);
    return --c->left == 0;
}

void floor_tell_entries(struct floor *f, struct floor_text *t)
{
    struct collected c = {t, f->last.entries};
    if (f->last.entries > 0)
        assert_true(journal_read(f->journal, f->last.first_seq, on_entry, &c) >= 0);
}

static const char *tone_name(enum station_tone tone)
{
    static const char *const names[] = {
        [TONE_NONE] = "none",           [TONE_ACCEPT] = "accept", [TONE_REJECT] = "reject",
        [TONE_ATTENTION] = "attention", [TONE_NOTED] = "noted",
    };
    return names[tone];
}

void floor_tell_answer(const struct floor *f, struct floor_text *t)
{
    put(t, "%s %s", tone_name(f->last.tone), f->last.message.code);
}

static struct station_view look(struct floor *f, const char *post)
{
    struct station_view v;
    assert_int_equal(station_view(f->station, post, f->now.mono_ms, &v), 0);
    return v;
}

static void put_item(struct floor_text *t, const struct station_item *i)
{
    put(t, "%s %s", i->sku, i->qty_text);
    if (i->batch.number[0])
        put(t, " %s", i->batch.number);
    if (i->bin[0])
        put(t, " @%s", i->bin);
}

void floor_tell_screen(struct floor *f, const char *post, const char *part, struct floor_text *t)
{
    struct station_view v = look(f, post);
    if (strcmp(part, "?prompt") == 0)
        put(t, "%s", v.prompt.code);
    else if (strcmp(part, "?text") == 0)
        (void)message_text(&v.prompt, v.language, t->buf, sizeof(t->buf));
    else if (strcmp(part, "?answer") == 0)
        (void)message_text(&v.answer, v.language, t->buf, sizeof(t->buf));
    else if (strcmp(part, "?item") == 0 && v.has_item)
        put_item(t, &v.item);
    else if (strcmp(part, "?target") == 0 && v.has_target)
        put_item(t, &v.target);
    else if (strcmp(part, "?progress") == 0)
        put(t, "%" PRId32 "/%" PRId32, v.done, v.total);
    else if (strcmp(part, "?doubtful") == 0)
        put(t, "%s", v.clock_doubtful ? "yes" : "no");
    else if (strcmp(part, "?choices") == 0)
        for (size_t i = 0; i < v.choices_count; i++)
            put(t, "%s%s", i ? " " : "", v.choices[i].command);
}

struct stock_wanted {
    char sku[32], batch[32], bin[32], status[32];
    int64_t qty;
};

static int on_lot(const struct journal_lot *lot, void *context)
{
    struct stock_wanted *w = context;
    bool any = strcmp(w->batch, "*") == 0;
    if (strcmp(lot->bin, w->bin) == 0 && (any || strcmp(lot->batch.key.number, w->batch) == 0) &&
        strcmp(stock_status_name(lot->status), w->status) == 0)
        w->qty += lot->qty;
    return 0;
}

void floor_tell_stock(struct floor *f, const char *what, struct floor_text *t)
{
    struct stock_wanted w = {.qty = 0};
    assert_int_equal(sscanf(what, "= %31s %31s %31s %31s", w.sku, w.batch, w.bin, w.status), 4);
    if (strcmp(w.batch, "-") == 0)
        w.batch[0] = '\0';
    assert_int_equal(journal_lots(f->journal, w.sku, on_lot, &w), 0);
    put(t, "%" PRId64, w.qty);
}
