/* SPDX-License-Identifier: Apache-2.0 */
#include "zpl_label.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "civil.h"
#include "decimal.h"
#include "text.h"

/* Dots, for the smallest media; larger media leave room. */
#define MARGIN 16
#define NAME_HEIGHT 28
#define LINE_HEIGHT 22
#define LINE_STEP 28
#define SYMBOL_TOP 72
#define TEXT_LEFT 160 /* beside a DataMatrix */
#define MODULE 5      /* of a DataMatrix: 0.6 mm, which any 2D imager reads */
#define BAR_MODULE 2  /* 0.25 mm, the least that GS1 allows */
#define BAR_HEIGHT 60
#define NAME_BYTES 40 /* what fits one line */
#define LINE_SIZE 96

const struct zpl_media zpl_50x30_203dpi = {400, 240};

const char *zpl_date(int32_t day, char buf[ZPL_DATE_SIZE])
{
    static const char months[12][4] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    struct civil_date d = civil_date(day);
    snprintf(buf, ZPL_DATE_SIZE, "%02d-%s-%04d", (int)(d.day % 100), months[(d.month - 1) % 12],
             (int)(d.year % 10000));
    return buf;
}

static void name(struct zpl *z, const char *utf8, const struct zpl_bitmap *bitmap)
{
    char line[NAME_BYTES];
    if (bitmap) {
        zpl_bitmap(z, MARGIN, MARGIN, bitmap);
    } else {
        text_cut(line, sizeof(line), utf8);
        zpl_text(z, MARGIN, MARGIN, NAME_HEIGHT, line);
    }
}

/* Lines below each other; what has nothing to say takes no place. */
struct column {
    struct zpl *z;
    uint16_t x;
    uint16_t y;
};

static void line(struct column *c, const char *label, const char *value)
{
    char text[LINE_SIZE];
    if (value[0] == '\0')
        return;
    snprintf(text, sizeof(text), "%s%.*s", label, LINE_SIZE / 2, value);
    zpl_text(c->z, c->x, c->y, LINE_HEIGHT, text);
    c->y = (uint16_t)(c->y + LINE_STEP);
}

static void date_line(struct column *c, const char *label, int32_t day)
{
    char text[ZPL_DATE_SIZE];
    if (day != CIVIL_NONE)
        line(c, label, zpl_date(day, text));
}

static void money_line(struct column *c, const char *label, int64_t paise)
{
    char text[DECIMAL_TEXT_SIZE];
    line(c, label, decimal_format(paise, 2, text));
}

int zpl_batch_label(const struct zpl_media *media, const struct zpl_batch *b, int copies, char *buf,
                    size_t size)
{
    assert(media && b && (b->sku_name || b->sku_bitmap) && b->batch && b->quantity_unit);
    assert(b->payload && buf);
    char text[LINE_SIZE];
    struct zpl z = zpl_start(buf, size, media);
    name(&z, b->sku_name, b->sku_bitmap);

    int bars = b->symbol == ZPL_GS1_128;
    struct column c = {&z, bars ? MARGIN : TEXT_LEFT, MARGIN + NAME_HEIGHT + 8};
    line(&c, "Batch ", b->batch);
    if (bars)
        zpl_symbol(&z, b->symbol, MARGIN, 148, BAR_MODULE, BAR_HEIGHT, b->payload);
    else
        zpl_symbol(&z, b->symbol, MARGIN, SYMBOL_TOP, MODULE, 0, b->payload);
    date_line(&c, "MFG ", b->mfg_day);
    date_line(&c, "EXP ", b->exp_day);
    if (bars) /* a second column: the bars need the lower half */
        c = (struct column){&z, (uint16_t)(media->width_dots / 2), MARGIN + NAME_HEIGHT + 8};
    money_line(&c, "MRP Rs ", b->mrp_paise);
    snprintf(text, sizeof(text), "%lld %.20s", (long long)b->quantity, b->quantity_unit);
    line(&c, "Qty ", text);
    return zpl_finish(&z, copies);
}

int zpl_clearance_label(const struct zpl_media *media, const struct zpl_clearance *l, int copies,
                        char *buf, size_t size)
{
    assert(media && l && (l->sku_name || l->sku_bitmap) && l->offer && l->payload && buf);
    if (l->price_paise < 0 || l->price_paise > l->mrp_paise)
        return -ERANGE;
    char money[DECIMAL_TEXT_SIZE];
    char text[LINE_SIZE];
    struct zpl z = zpl_start(buf, size, media);
    name(&z, l->sku_name, l->sku_bitmap);
    struct column c = {&z, TEXT_LEFT, 112};
    snprintf(text, sizeof(text), "Rs %s", decimal_format(l->price_paise, 2, money));
    zpl_text(&z, TEXT_LEFT, 56, 48, text);
    money_line(&c, "MRP Rs ", l->mrp_paise);
    line(&c, "Offer ", l->offer);
    date_line(&c, "Until ", l->until_day);
    zpl_symbol(&z, ZPL_DATAMATRIX, MARGIN, SYMBOL_TOP, MODULE, 0, l->payload);
    return zpl_finish(&z, copies);
}

int zpl_card_label(const struct zpl_media *media, enum zpl_card card, const char *title,
                   const char *below, const struct zpl_bitmap *bitmap, const char *payload,
                   char *buf, size_t size)
{
    /* A bin is read from the aisle, a badge from the hand. */
    static const struct {
        uint16_t title_height;
        uint16_t module;
    } layouts[] = {[ZPL_COMMAND_CARD] = {40, 6}, [ZPL_BIN] = {60, 8}, [ZPL_BADGE] = {32, 5}};
    assert(media && title && below && payload && buf && card <= ZPL_BADGE);
    struct zpl z = zpl_start(buf, size, media);
    uint16_t top = (uint16_t)(MARGIN + layouts[card].title_height + 8);
    zpl_text(&z, MARGIN, MARGIN, layouts[card].title_height, title);
    zpl_symbol(&z, ZPL_DATAMATRIX, MARGIN, top, layouts[card].module, 0, payload);
    if (bitmap)
        zpl_bitmap(&z, 200, top, bitmap);
    else
        zpl_text(&z, 200, top, LINE_HEIGHT, below);
    return zpl_finish(&z, 1);
}
