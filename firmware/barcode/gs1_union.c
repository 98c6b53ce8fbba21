/* SPDX-License-Identifier: Apache-2.0 */
/* gs1_check_union(): what goes with what. Each rule reports the lowest AI that breaks it, and the
 * table is in ascending order, so addresses into it decide which is lower. */
#include "gs1.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "gs1_ai_table.h"

struct symbols {
    const struct gs1_message *const *messages;
    size_t count;
    struct gs1_class_set present;
    struct gs1_class_set banned; /* by any of them */
    unsigned flags;              /* of all AIs together */
    bool same_suspect;           /* two elements may be of one AI, or of one class */
};

/* Judges one element against all. */
typedef bool (*rule_fn)(const struct symbols *s, const struct gs1_message *m,
                        const struct gs1_element *e);

static bool meet(const struct gs1_class_set *a, const struct gs1_class_set *b)
{
    return ((a->words[0] & b->words[0]) | (a->words[1] & b->words[1])) != 0;
}

static bool contains(const struct gs1_class_set *a, const struct gs1_class_set *part)
{
    return ((part->words[0] & ~a->words[0]) | (part->words[1] & ~a->words[1])) == 0;
}

static void unite(struct gs1_class_set *into, const struct gs1_class_set *more)
{
    into->words[0] |= more->words[0];
    into->words[1] |= more->words[1];
}

static struct symbols gather(const struct gs1_message *const messages[], size_t count)
{
    struct gs1_class_set present = {{0, 0}};
    struct gs1_class_set banned = {{0, 0}};
    uint64_t seen = 0; /* rows of the table modulo 64: a cheap sign that an AI comes again */
    uint64_t again = 0;
    unsigned flags = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < messages[k]->count; i++) {
            const struct gs1_ai *ai = messages[k]->elements[i].ai;
            uint64_t row = UINT64_C(1) << ((ai - gs1_ai_table) & 63);
            uint64_t bit = UINT64_C(1) << (ai->association & 63);
            uint64_t *word = &present.words[ai->association >> 6];
            if (ai->association > 0)
                again |= *word & bit;
            again |= seen & row;
            seen |= row;
            *word |= bit;
            flags |= ai->flags;
            if (ai->excludes > 0)
                unite(&banned, &gs1_exclusions[ai->excludes]);
        }
    present.words[0] &= ~UINT64_C(1); /* class 0 is none */
    return (struct symbols){.messages = messages,
                            .count = count,
                            .present = present,
                            .banned = banned,
                            .flags = flags,
                            .same_suspect = again != 0};
}

static bool excluded(const struct symbols *s, const struct gs1_message *m,
                     const struct gs1_element *e)
{
    (void)m;
    if (meet(&gs1_exclusions[e->ai->excludes], &s->present))
        return true;
    if (!s->same_suspect || !(e->ai->flags & GS1_AI_ONE_OF_CLASS))
        return false;
    for (size_t k = 0; k < s->count; k++)
        for (size_t i = 0; i < s->messages[k]->count; i++) {
            const struct gs1_ai *other = s->messages[k]->elements[i].ai;
            if (other != e->ai && other->association == e->ai->association)
                return true;
        }
    return false;
}

static bool clause_met(const struct gs1_clause *clause, const struct gs1_class_set *present)
{
    if (meet(&clause->any_of, present))
        return true;
    for (size_t i = 0; i < clause->count; i++)
        if (contains(present, &gs1_conjunctions[clause->first + i]))
            return true;
    return false;
}

static bool lacks(const struct symbols *s, const struct gs1_message *m, const struct gs1_element *e)
{
    (void)m;
    const struct gs1_requirement *r = &gs1_requirements[e->ai->requires];
    for (size_t i = 0; i < r->count; i++)
        if (!clause_met(&gs1_clauses[r->first + i], &s->present))
            return true;
    return false;
}

static bool repeats_otherwise(const struct symbols *s, const struct gs1_message *m,
                              const struct gs1_element *e)
{
    for (size_t k = 0; k < s->count; k++)
        for (size_t i = 0; i < s->messages[k]->count; i++) {
            const struct gs1_element *other = &s->messages[k]->elements[i];
            if (other->ai == e->ai &&
                (other->len != e->len ||
                 memcmp(s->messages[k]->text + other->at, m->text + e->at, e->len) != 0))
                return true;
        }
    return false;
}

static bool unserialised(const struct symbols *s, const struct gs1_message *m,
                         const struct gs1_element *e)
{
    (void)s;
    (void)m;
    return (e->ai->flags & GS1_AI_SERIAL_OPTIONAL) && e->len == e->ai->min_len;
}

/* The lowest AI that breaks the rule, or NULL. */
static inline const struct gs1_ai *lowest(const struct symbols *s, rule_fn breaks)
{
    const struct gs1_ai *low = NULL;
    for (size_t k = 0; k < s->count; k++) {
        const struct gs1_message *m = s->messages[k];
        for (size_t i = 0; i < m->count; i++) {
            const struct gs1_element *e = &m->elements[i];
            if (breaks(s, m, e) && (!low || e->ai < low))
                low = e->ai;
        }
    }
    return low;
}

int gs1_check_union(const struct gs1_message *const messages[], size_t count, enum gs1_level level,
                    struct gs1_reject *reterr)
{
    assert(messages && count > 0 && reterr);
    struct symbols s = gather(messages, count);
    bool pair_suspect = s.same_suspect || meet(&s.banned, &s.present);
    const struct gs1_ai *ai = pair_suspect ? lowest(&s, excluded) : NULL;
    if (ai)
        return gs1_refuse(reterr, GS1_EXCLUDED_PAIR, ai);
    ai = level == GS1_FULL ? lowest(&s, lacks) : NULL;
    if (ai)
        return gs1_refuse(reterr, GS1_REQUIRED_MISSING, ai);
    ai = s.same_suspect ? lowest(&s, repeats_otherwise) : NULL;
    if (ai)
        return gs1_refuse(reterr, GS1_REPEAT_DIFFERS, ai);
    ai = s.flags & GS1_AI_SIGNATURE ? lowest(&s, unserialised) : NULL;
    if (ai)
        return gs1_refuse(reterr, GS1_SERIAL_REQUIRED, ai);
    return 0;
}
