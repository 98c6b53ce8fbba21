/* SPDX-License-Identifier: Apache-2.0 */
#include "barcode_facts.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define WEIGHT_PLACES 3 /* grams in a kilogram */
#define PRICE_PLACES 2  /* paise in a rupee */
#define WEIGHT_DIGITS_MAX 999999

struct text_field {
    const char *ai;
    size_t offset;
    size_t size;
    unsigned bit;
};

static const struct text_field text_fields[] = {
    {"00", offsetof(struct barcode_facts, sscc), BARCODE_SSCC_SIZE, BARCODE_FIELD_SSCC},
    {"01", offsetof(struct barcode_facts, gtin14), GTIN_SIZE, BARCODE_FIELD_GTIN},
    {"02", offsetof(struct barcode_facts, content_gtin14), GTIN_SIZE, BARCODE_FIELD_CONTENT},
    {"10", offsetof(struct barcode_facts, batch), BARCODE_BATCH_SIZE, BARCODE_FIELD_BATCH},
    {"21", offsetof(struct barcode_facts, serial), BARCODE_SERIAL_SIZE, BARCODE_FIELD_SERIAL},
    {NULL, offsetof(struct barcode_facts, instore), BARCODE_INSTORE_SIZE, BARCODE_FIELD_INSTORE},
    {NULL, offsetof(struct barcode_facts, text), BARCODE_TEXT_SIZE, BARCODE_FIELD_TEXT},
};

struct amount_field {
    const char *ai; /* without its last digit where that counts decimals */
    bool decimals;
    int places; /* of our unit */
    size_t offset;
    unsigned bit;
};

static const struct amount_field amount_fields[] = {
    {"310", true, WEIGHT_PLACES, offsetof(struct barcode_facts, net_weight_g),
     BARCODE_FIELD_WEIGHT},
    {"30", false, 0, offsetof(struct barcode_facts, variable_count), BARCODE_FIELD_VARIABLE_COUNT},
    {"37", false, 0, offsetof(struct barcode_facts, contained_count),
     BARCODE_FIELD_CONTAINED_COUNT},
    {"392", true, PRICE_PLACES, offsetof(struct barcode_facts, price_paise), BARCODE_FIELD_PRICE},
};

static const char *const date_ais[BARCODE_DATE_KINDS] = {
    [BARCODE_MADE] = "11",    [BARCODE_PACKED] = "13", [BARCODE_BEST_BEFORE] = "15",
    [BARCODE_SELL_BY] = "16", [BARCODE_USE_BY] = "17",
};

static char *text_of(struct barcode_facts *facts, const struct text_field *f)
{
    return (char *)facts + f->offset;
}

static int64_t *amount_of(struct barcode_facts *facts, const struct amount_field *f)
{
    return (int64_t *)(void *)((char *)facts + f->offset);
}

struct barcode_facts barcode_facts_none(void)
{
    struct barcode_facts none = {.kind = BARCODE_NOTHING};
    for (size_t i = 0; i < ARRAY_LEN(amount_fields); i++)
        *amount_of(&none, &amount_fields[i]) = BARCODE_NONE;
    for (size_t i = 0; i < BARCODE_DATE_KINDS; i++)
        none.dates[i].day = CIVIL_NONE;
    return none;
}

static void settle_date(struct barcode_date *date, int32_t today)
{
    if (date->yymmdd[0] == '\0' || today == CIVIL_NONE)
        return;
    int32_t day = CIVIL_NONE;
    if (gs1_date_read(date->yymmdd, GS1_DATE_LEN, civil_date(today).year, &day) == 0)
        date->day = day;
}

void barcode_facts_settle(struct barcode_facts *facts, int32_t today)
{
    assert(facts);
    for (size_t i = 0; i < BARCODE_DATE_KINDS; i++)
        settle_date(&facts->dates[i], today);
}

static int64_t power_of_ten(int n)
{
    int64_t p = 1;
    while (n-- > 0)
        p *= 10;
    return p;
}

/* The digits, with `decimals` behind the point, in units of `places`; BARCODE_NONE when that is no
 * whole number. A value has 15 digits at most. */
static int64_t scaled(const char *digits, size_t len, int decimals, int places)
{
    int64_t value = 0;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (digits[i] - '0');
    if (decimals <= places)
        return value * power_of_ten(places - decimals);
    int64_t unit = power_of_ten(decimals - places);
    return value % unit == 0 ? value / unit : BARCODE_NONE;
}

static void add_amount(struct barcode_facts *facts, const struct amount_field *f,
                       const struct gs1_element *e, const char *value)
{
    int decimals = f->decimals ? e->ai->decimals : 0;
    int64_t amount = scaled(value, e->len, decimals, f->places);
    *amount_of(facts, f) = amount;
    if (amount == BARCODE_NONE)
        facts->warnings |= BARCODE_WARN_INEXACT;
}

static void add_date(struct barcode_date *date, const char *yymmdd, int32_t today)
{
    *date = (struct barcode_date){.day = CIVIL_NONE};
    memcpy(date->yymmdd, yymmdd, GS1_DATE_LEN);
    settle_date(date, today);
}

static bool amount_is(const struct amount_field *f, const struct gs1_ai *ai)
{
    size_t n = strlen(f->ai);
    return ai->digits_len == n + (f->decimals ? 1 : 0) && memcmp(ai->digits, f->ai, n) == 0;
}

static void add_element(struct barcode_facts *facts, const struct gs1_element *e, const char *value,
                        int32_t today)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const struct text_field *f = &text_fields[i];
        if (f->ai && strcmp(f->ai, e->ai->digits) == 0) {
            assert(e->len < f->size);
            memcpy(text_of(facts, f), value, e->len);
            text_of(facts, f)[e->len] = '\0';
            return;
        }
    }
    for (size_t i = 0; i < BARCODE_DATE_KINDS; i++)
        if (strcmp(date_ais[i], e->ai->digits) == 0) {
            add_date(&facts->dates[i], value, today);
            return;
        }
    for (size_t i = 0; i < ARRAY_LEN(amount_fields); i++)
        if (amount_is(&amount_fields[i], e->ai))
            add_amount(facts, &amount_fields[i], e, value);
}

void barcode_facts_add(struct barcode_facts *facts, const struct gs1_message *m, int32_t today)
{
    assert(facts && m);
    for (size_t i = 0; i < m->count; i++)
        add_element(facts, &m->elements[i], m->text + m->elements[i].at, today);
    const struct gs1_element *expiry_time = gs1_get(m, "7003");
    if (expiry_time && facts->dates[BARCODE_USE_BY].yymmdd[0] == '\0')
        add_date(&facts->dates[BARCODE_USE_BY], m->text + expiry_time->at, today);
}

/* Day 00 and the month's last day are the same day. The century does not matter to that, so any
 * reference year serves. */
static bool same_day(const struct barcode_date *a, const struct barcode_date *b)
{
    int32_t day_a = CIVIL_NONE;
    int32_t day_b = CIVIL_NONE;
    return strcmp(a->yymmdd, b->yymmdd) == 0 ||
           (gs1_date_read(a->yymmdd, GS1_DATE_LEN, 2000, &day_a) == 0 &&
            gs1_date_read(b->yymmdd, GS1_DATE_LEN, 2000, &day_b) == 0 && day_a == day_b);
}

/* 1 when the two are different dates. */
static bool merge_date(struct barcode_date *into, const struct barcode_date *more)
{
    if (more->yymmdd[0] == '\0')
        return false;
    if (into->yymmdd[0] == '\0') {
        *into = *more;
        return false;
    }
    if (!same_day(into, more))
        return true;
    if (strcmp(more->yymmdd, into->yymmdd) < 0) /* one of two spellings, whatever the order */
        memcpy(into->yymmdd, more->yymmdd, sizeof(into->yymmdd));
    if (into->day == CIVIL_NONE)
        into->day = more->day;
    return false;
}

unsigned barcode_facts_merge(struct barcode_facts *into, const struct barcode_facts *more)
{
    assert(into && more);
    struct barcode_facts from = *more;
    unsigned conflicts = more->conflicts;
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        char *known = text_of(into, &text_fields[i]);
        const char *said = text_of(&from, &text_fields[i]);
        if (known[0] == '\0')
            memcpy(known, said, text_fields[i].size);
        else if (said[0] != '\0' && strcmp(known, said) != 0)
            conflicts |= text_fields[i].bit;
    }
    for (size_t i = 0; i < ARRAY_LEN(amount_fields); i++) {
        int64_t *known = amount_of(into, &amount_fields[i]);
        int64_t said = *amount_of(&from, &amount_fields[i]);
        if (*known == BARCODE_NONE)
            *known = said;
        else if (said != BARCODE_NONE && said != *known)
            conflicts |= amount_fields[i].bit;
    }
    for (size_t i = 0; i < BARCODE_DATE_KINDS; i++)
        if (merge_date(&into->dates[i], &more->dates[i]))
            conflicts |= (unsigned)BARCODE_FIELD_DATES << i;
    into->warnings |= more->warnings;
    into->conflicts |= conflicts;
    if (more->kind > into->kind)
        into->kind = more->kind; /* the one that says most; the same in any order */
    return conflicts;
}

/* The elements while they are put together; the first bad value ends it. */
struct draft {
    char text[BARCODE_ELEMENTS_SIZE];
    size_t len;
    struct gs1_message m;
    struct gs1_reject reject;
};

static void put(struct draft *d, const char *digits, const char *value)
{
    const struct gs1_ai *ai = gs1_ai_find(digits, strlen(digits));
    size_t len = strlen(value);
    assert(ai && len < sizeof(d->text) - d->len && d->m.count < GS1_ELEMENTS_MAX);
    if (d->reject.fault != GS1_FINE)
        return;
    d->reject = (struct gs1_reject){.fault = gs1_value_check(ai, value, len), .ai = ai};
    memcpy(d->text + d->len, value, len);
    d->m.elements[d->m.count++] =
        (struct gs1_element){.ai = ai, .at = (uint16_t)d->len, .len = (uint16_t)len};
    d->len += len;
}

static void put_texts(struct draft *d, struct barcode_facts *facts, bool separated)
{
    for (size_t i = 0; i < ARRAY_LEN(text_fields); i++) {
        const struct text_field *f = &text_fields[i];
        if (!f->ai || text_of(facts, f)[0] == '\0')
            continue;
        const struct gs1_ai *ai = gs1_ai_find(f->ai, strlen(f->ai));
        if (((ai->flags & GS1_AI_SEPARATED) != 0) == separated)
            put(d, f->ai, text_of(facts, f));
    }
}

static void put_dates(struct draft *d, const struct barcode_facts *facts)
{
    for (size_t i = 0; i < BARCODE_DATE_KINDS; i++) {
        const struct barcode_date *date = &facts->dates[i];
        char yymmdd[GS1_DATE_LEN + 1];
        if (date->yymmdd[0] != '\0') {
            put(d, date_ais[i], date->yymmdd);
        } else if (date->day != CIVIL_NONE) {
            gs1_date_write(date->day, yymmdd);
            put(d, date_ais[i], yymmdd);
        }
    }
}

/* -ERANGE when no number of decimals makes it six digits. */
static int put_weight(struct draft *d, int64_t weight_g)
{
    if (weight_g == BARCODE_NONE)
        return 0;
    int decimals = WEIGHT_PLACES;
    while (weight_g > WEIGHT_DIGITS_MAX && weight_g % 10 == 0 && decimals > 0) {
        weight_g /= 10;
        decimals--;
    }
    if (weight_g < 0 || weight_g > WEIGHT_DIGITS_MAX)
        return -ERANGE;
    char ai[GS1_AI_DIGITS_MAX + 1] = "310n";
    char value[8];
    ai[3] = (char)('0' + decimals);
    snprintf(value, sizeof(value), "%06" PRId32, (int32_t)weight_g);
    put(d, ai, value);
    return 0;
}

static void put_number(struct draft *d, const char *ai, int64_t n)
{
    char value[24];
    snprintf(value, sizeof(value), "%" PRId64, n);
    if (n != BARCODE_NONE)
        put(d, ai, value);
}

int barcode_facts_compose(const struct barcode_facts *facts, enum gs1_form form,
                          enum gs1_level level, char *buf, size_t size, size_t *ret_len,
                          struct gs1_reject *reterr)
{
    assert(facts && buf && size > 0 && ret_len && reterr);
    struct barcode_facts f = *facts;
    struct draft d = {.reject = {.fault = GS1_FINE}};
    d.m.text = d.text;
    put_texts(&d, &f, false);
    put_dates(&d, &f);
    int err = put_weight(&d, f.net_weight_g);
    if (err < 0)
        return err;
    put_number(&d, "30", f.variable_count);
    put_number(&d, "37", f.contained_count);
    put_number(&d, "3922", f.price_paise);
    put_texts(&d, &f, true);

    if (d.m.count == 0)
        d.reject.fault = GS1_EMPTY;
    if (d.reject.fault != GS1_FINE) {
        *reterr = d.reject;
        return -EINVAL;
    }
    const struct gs1_message *const messages[] = {&d.m};
    if (gs1_check_union(messages, 1, level, reterr) < 0)
        return -EINVAL;
    return gs1_compose(&d.m, form, buf, size, ret_len);
}
