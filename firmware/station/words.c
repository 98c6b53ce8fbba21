/* SPDX-License-Identifier: Apache-2.0 */
#include "words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "pack.h"
#include "text.h"

static struct pack_size size_of(enum pack_level level, int64_t units, bool hindi)
{
    static const struct {
        const char *one, *many, *hindi;
    } names[] = {
        [PACK_PIECE] = {"piece", "pieces", "नग"},
        [PACK_INNER] = {"inner", "inners", "डिब्बे"},
        [PACK_CASE] = {"case", "cases", "पेटी"},
    };
    return hindi ? (struct pack_size){names[level].hindi, names[level].hindi, units}
                 : (struct pack_size){names[level].one, names[level].many, units};
}

/* Largest first, and the single piece last. */
static struct pack_sizes sizes_of(const struct catalogue_sku *product, bool hindi)
{
    struct pack_sizes p = {.count = 0};
    for (size_t i = product->packs_count; i-- > 1;)
        p.sizes[p.count++] = size_of(product->packs[i].level, product->packs[i].units, hindi);
    p.sizes[p.count++] = size_of(PACK_PIECE, 1, hindi);
    return p;
}

/* Appends one part, if it fits whole. */
static void append(char buf[STATION_ARG_SIZE], const char *separator, const char *part)
{
    size_t used = strlen(buf);
    const char *between = used > 0 ? separator : "";
    if (used + strlen(between) + strlen(part) < STATION_ARG_SIZE)
        snprintf(buf + used, STATION_ARG_SIZE - used, "%s%s", between, part);
}

static void append_measure(char buf[STATION_ARG_SIZE], int64_t qty, const char *small,
                           const char *large)
{
    char part[STATION_ARG_SIZE];
    char number[DECIMAL_TEXT_SIZE];
    if (qty < 1000 && qty > -1000)
        snprintf(part, sizeof(part), "%" PRId64 " %s", qty, small);
    else
        snprintf(part, sizeof(part), "%s %s", decimal_format(qty, 3, number), large);
    append(buf, "", part);
}

const char *words_qty(const struct catalogue_sku *product, int64_t qty, bool hindi,
                      char buf[STATION_ARG_SIZE])
{
    assert(product && buf);
    buf[0] = '\0';
    if (product->unit != UNIT_PIECE) {
        bool grams = product->unit == UNIT_GRAM;
        append_measure(buf, qty, grams ? "g" : "ml", grams ? "kg" : "l");
        return buf;
    }
    struct pack_sizes packs = sizes_of(product, hindi);
    char text[PACK_TEXT_SIZE];
    if (pack_check(&packs) < 0) /* packs that do not go into each other: pieces alone */
        packs = (struct pack_sizes){.sizes = {packs.sizes[packs.count - 1]}, .count = 1};
    text_cut(buf, STATION_ARG_SIZE, pack_format(&packs, qty, text));
    return buf;
}

const char *words_batch(const struct batch_key *key, bool hindi, char buf[STATION_ARG_SIZE])
{
    assert(key && buf);
    char part[STATION_ARG_SIZE];
    char day[CIVIL_TEXT_SIZE];
    char rupees[DECIMAL_TEXT_SIZE];
    buf[0] = '\0';
    append(buf, "", key->number);
    if (key->expiry_day != CIVIL_NONE)
        append(buf, ", ", civil_format(key->expiry_day, day));
    if (key->mrp_paise > 0) {
        snprintf(part, sizeof(part), "MRP %s", decimal_format(key->mrp_paise, 2, rupees));
        append(buf, ", ", part);
    }
    if (buf[0] == '\0')
        append(buf, "", hindi ? "बिना बैच" : "no batch");
    return buf;
}

const char *words_status(enum stock_status status, bool hindi)
{
    static const char *const names[STOCK_STATUS_COUNT][2] = {
        [STOCK_SELLABLE] = {"sellable", "बिक्री योग्य"},
        [STOCK_QUARANTINE] = {"quarantine", "जाँच में"},
        [STOCK_HOLD] = {"on hold", "रोका हुआ"},
        [STOCK_EXPIRED] = {"expired", "एक्सपायर"},
    };
    assert((int)status >= 0 && (int)status < STOCK_STATUS_COUNT);
    return names[status][hindi];
}

const char *words_day(int32_t day, char buf[STATION_ARG_SIZE])
{
    char text[CIVIL_TEXT_SIZE];
    snprintf(buf, STATION_ARG_SIZE, "%s", civil_format(day, text));
    return buf;
}

const char *words_money(int64_t paise, char buf[STATION_ARG_SIZE])
{
    char text[DECIMAL_TEXT_SIZE];
    snprintf(buf, STATION_ARG_SIZE, "%s", decimal_format(paise, 2, text));
    return buf;
}

const char *words_number(int64_t n, char buf[STATION_ARG_SIZE])
{
    snprintf(buf, STATION_ARG_SIZE, "%" PRId64, n);
    return buf;
}
