/* SPDX-License-Identifier: Apache-2.0 */
#include "festival.h"

#include <assert.h>
#include <string.h>

#include "attr.h"
#include "festival_table.h"

#define WORD_MIN 3

/* What the trade's calendar calls the kinds that a catalogue has categories for. */
static const struct {
    const char *category; /* stands in the category's name */
    const char *kind;     /* stands in what a festival lifts */
} kinds[] = {
    {"drink", "beverages"},
    {"juice", "beverages"},
    {"tea", "beverages"},
    {"coffee", "beverages"},
    {"water", "beverages"},
    {"namkeen", "snacks"},
    {"chips", "snacks"},
    {"biscuit", "snacks"},
    {"noodle", "snacks"},
    {"milk", "dairy"},
    {"ghee", "dairy"},
    {"butter", "dairy"},
    {"cheese", "dairy"},
    {"paneer", "dairy"},
    {"soap", "personal care"},
    {"hair", "hair oil"},
    {"hair", "personal care"},
    {"oral", "personal care"},
    {"shampoo", "personal care"},
    {"cosmetic", "personal care"},
    {"almond", "dry fruit"},
    {"cashew", "dry fruit"},
    {"raisin", "dry fruit"},
    {"dry_fruit", "dry fruit"},
    {"chocolate", "sweets"},
    {"detergent", "home care"},
    {"clean", "home care"},
    {"rice", "staples"},
    {"atta", "staples"},
    {"dal", "staples"},
};

const struct festival *festivals(size_t *ret_count)
{
    assert(ret_count);
    *ret_count = festival_table_len;
    return festival_table;
}

bool festival_is_kept_in(const struct festival *f, uint8_t state)
{
    assert(f);
    if (f->states[0] == 0)
        return true;
    for (size_t i = 0; i < FESTIVAL_STATES_MAX && f->states[i] != 0; i++)
        if (f->states[i] == state)
            return true;
    return false;
}

/* The next word of small letters in *text, and moves behind it. */
static const char *next_word(const char **text, size_t *ret_len)
{
    const char *p = *text;
    while (*p && !(*p >= 'a' && *p <= 'z'))
        p++;
    const char *start = p;
    while (*p >= 'a' && *p <= 'z')
        p++;
    *text = p;
    *ret_len = (size_t)(p - start);
    return start;
}

static bool holds(const char *text, const char *word, size_t len)
{
    for (const char *p = text; *p; p++)
        if (strncmp(p, word, len) == 0)
            return true;
    return false;
}

bool festival_lifts(const struct festival *f, const char *category)
{
    assert(f && category);
    const char *rest = f->lifts;
    size_t len = 0;
    for (const char *word = next_word(&rest, &len); len > 0; word = next_word(&rest, &len))
        if (len >= WORD_MIN && holds(category, word, len))
            return true;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strstr(category, kinds[i].category) && strstr(f->lifts, kinds[i].kind))
            return true;
    return false;
}

const struct festival *festival_ahead(const char *category, uint8_t state, int32_t today,
                                      int32_t lead_days)
{
    assert(category);
    for (size_t i = 0; i < festival_table_len; i++) {
        const struct festival *f = &festival_table[i];
        if (f->day >= today && (int64_t)f->day - today <= lead_days &&
            festival_is_kept_in(f, state) && festival_lifts(f, category))
            return f;
    }
    return NULL;
}
