/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "gs1_date.h"
#include "text.h"

#define LABEL_PREFIX_LEN 3

/* Our own printed cards and labels: the prefix, and the command that the rest stands for. */
static const struct {
    const char *prefix;
    const char *command;
} labels[] = {
    {"VS*", ""},
    {"VB*", "bin:"},
    {"VW*", "worker:"},
    {"VD*", "document:"},
};

static bool is_label(const char *text, int32_t today, struct reading *ret)
{
    char command[STATION_COMMAND_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        if (strncmp(text, labels[i].prefix, LABEL_PREFIX_LEN) != 0)
            continue;
        int n =
            snprintf(command, sizeof(command), "%s%s", labels[i].command, text + LABEL_PREFIX_LEN);
        bool fits = n > 0 && (size_t)n < sizeof(command);
        ret->kind = fits && command_parse(command, today, &ret->command) == 0 ? READING_COMMAND
                                                                              : READING_BAD_COMMAND;
        return true;
    }
    return false;
}

/* "AB1217261231": batch AB12 and expiry 26-12-31, if a separator was lost between them. */
static void split_batch(struct goods *g, int32_t today)
{
    static const char use_by[] = "17";
    size_t tail = strlen(use_by) + GS1_DATE_LEN;
    size_t len = strlen(g->batch);
    if (len <= tail || strncmp(g->batch + len - tail, use_by, strlen(use_by)) != 0 ||
        gs1_date_read(g->batch + len - GS1_DATE_LEN, GS1_DATE_LEN, civil_date(today).year,
                      &g->split_expiry) < 0)
        return;
    g->separator_lost = true;
    memcpy(g->split_batch, g->batch, len - tail);
    g->split_batch[len - tail] = '\0';
}

static void take_dates(const struct barcode_facts *f, struct goods *g)
{
    static const struct {
        enum barcode_date_kind date;
        enum expiry_kind kind;
    } order[] = {
        /* safety before quality before trade */
        {BARCODE_USE_BY, EXPIRY_USE_BY},
        {BARCODE_BEST_BEFORE, EXPIRY_BEST_BEFORE},
        {BARCODE_SELL_BY, EXPIRY_SELL_BY},
    };
    for (size_t i = ARRAY_LEN(order); i-- > 0;) {
        if (f->dates[order[i].date].day == CIVIL_NONE)
            continue;
        g->expiry_day = f->dates[order[i].date].day;
        g->expiry_kind = (int32_t)order[i].kind;
    }
    g->made_day = f->dates[BARCODE_MADE].day != CIVIL_NONE ? f->dates[BARCODE_MADE].day
                                                           : f->dates[BARCODE_PACKED].day;
}

static int64_t amount(int64_t n)
{
    return n > 0 && n <= DRAFT_QTY_MAX ? n : 0;
}

static struct goods goods_of(const struct barcode_facts *f, int32_t today)
{
    struct goods g = goods_new();
    g.content = f->gtin14[0] == '\0' && f->content_gtin14[0] != '\0';
    text_cut(g.gtin, sizeof(g.gtin), g.content ? f->content_gtin14 : f->gtin14);
    text_cut(g.item, sizeof(g.item), f->instore);
    text_cut(g.batch, sizeof(g.batch), f->batch);
    take_dates(f, &g);
    g.count = amount(g.content ? f->contained_count : f->variable_count);
    g.grams = amount(f->net_weight_g);
    g.price_paise = amount(f->price_paise);
    if (f->warnings & BARCODE_WARN_BATCH)
        split_batch(&g, today);
    return g;
}

struct reading reading_of(const uint8_t *bytes, size_t len, const struct barcode_settings *settings,
                          int32_t today)
{
    assert(bytes && settings);
    struct reading r = {.kind = READING_GOODS, .goods = goods_new()};
    struct barcode_facts facts = barcode_facts_none();
    struct frame_counts counts = {0};
    struct gs1_reject reject;
    if (barcode_read((const char *)bytes, len, settings, today, &facts, &counts, &reject) < 0) {
        r.kind = READING_MALFORMED;
        return r;
    }
    if (facts.kind == BARCODE_TEXT && is_label(facts.text, today, &r))
        return r;
    r.goods = goods_of(&facts, today);
    return r;
}
