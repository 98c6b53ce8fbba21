/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_walk_state.h"

#include <errno.h>
#include <string.h>

#include "batch_scan.h"
#include "batch_work.h"

/* What the bytes of a new text are foreseen from: a text that it may be alike in parts. */
struct model_text {
    uint8_t at[ENTRY_SCAN_SIZE];
    size_t len;
    size_t next;  /* where it is alike now */
    uint32_t run; /* for so many bytes */
};

#define ALIKE 3 /* bytes that have to be the same before it is taken up in another place */

static void follow(struct model_text *like, const uint8_t *bytes, size_t len)
{
    uint8_t byte = bytes[len - 1];
    if (like->next < like->len && like->at[like->next] == byte) {
        like->next++;
        like->run += like->run < 15;
        return;
    }
    like->run = 0;
    for (size_t i = ALIKE; len >= ALIKE && i <= like->len; i++)
        if (memcmp(like->at + i - ALIKE, bytes + len - ALIKE, ALIKE) == 0) {
            like->next = i;
            like->run = 1;
            return;
        }
    like->next++; /* codes are as long as those before them, mostly */
}

/* Papers are numbered one after the other. */
static void count_up(struct model_text *like)
{
    for (size_t i = like->len; i-- > 0 && like->at[i] >= '0' && like->at[i] <= '9';) {
        if (like->at[i] < '9') {
            like->at[i]++;
            return;
        }
        like->at[i] = '0';
    }
}

static void find_like(const struct walk *w, const struct plan *p, const struct tries *t,
                      struct model_text *ret)
{
    uint16_t word = 0;
    *ret = (struct model_text){.len = 0};
    if (p->column == COLUMN_PARTY)
        word = (uint16_t)w->now.values[COLUMN_DOCUMENT];
    if (word == 0 && t->count > 0 && p->domain == DOMAIN_SCAN)
        word = (uint16_t)t->values[0];
    if (word == 0)
        word = w->m->newest[p->domain];
    if (word == 0)
        return;
    const uint8_t *text = batch_memory_text(w->m, word, &ret->len);
    memcpy(ret->at, text, ret->len);
    if (p->domain == DOMAIN_DOCUMENT)
        count_up(ret);
}

/* Byte i: the one that the alike text has there, said with one bit, or another. */
static uint8_t walk_byte(struct walk *w, const struct plan *p, const struct model_text *like,
                         const struct text *text, size_t i)
{
    uint32_t domain = (uint32_t)p->domain << 20;
    uint32_t one = i > 0 ? text->bytes[i - 1] : 0;
    uint32_t two = i > 1 ? text->bytes[i - 2] : 0;
    uint8_t byte = w->c->reading ? 0 : text->bytes[i];
    struct bit_situation s = {.set = (unsigned)p->column * STEP_COUNT + STEP_TEXT};
    uint32_t guess = 256;
    if (like->next < like->len) {
        guess = like->at[like->next];
        s.contexts[0] = batch_walk_mix(batch_walk_mix(10, domain), like->run);
        s.contexts[1] = batch_walk_mix(batch_walk_mix(11, domain), (uint32_t)i << 8 | like->run);
        s.contexts[2] = batch_walk_mix(batch_walk_mix(12, domain), one << 8 | guess);
        if (bit_guess_code(w->g, w->c, &s, 0, byte == guess))
            return (uint8_t)guess;
    }
    s.set = (unsigned)p->column * STEP_COUNT + STEP_NUMBER;
    s.contexts[0] = batch_walk_mix(batch_walk_mix(13, domain), one << 8 | two);
    s.contexts[1] = batch_walk_mix(batch_walk_mix(14, domain), (uint32_t)i);
    s.contexts[2] = batch_walk_mix(batch_walk_mix(15, domain), guess);
    return (uint8_t)bit_guess_code_below(w->g, w->c, &s, 1, 8, 256, byte);
}

static int walk_new_text(struct walk *w, const struct plan *p, const struct tries *t,
                         struct text *text, size_t max)
{
    struct model_text like;
    find_like(w, p, t, &like);
    struct bit_situation s = batch_walk_situation(w, STEP_NUMBER, p->column, 1, (uint32_t)like.len);
    int64_t len = (int64_t)like.len +
                  bit_guess_code_number(w->g, w->c, &s, (int64_t)text->len - (int64_t)like.len, 6);
    if (len < 1 || len > (int64_t)max)
        return -EBADMSG;
    text->len = (size_t)len;
    for (size_t i = 0; i < text->len; i++) {
        text->bytes[i] = walk_byte(w, p, &like, text, i);
        follow(&like, text->bytes, i + 1);
    }
    return 0;
}

static int walk_known_text(struct walk *w, const struct plan *p, uint16_t *word)
{
    uint32_t last = w->last ? (uint32_t)w->last->values[p->column] : 0;
    struct bit_situation s = batch_walk_situation(w, STEP_WORD, p->column, 0, last);
    uint32_t index = *word ? w->m->words[*word].index : 0;
    if (w->m->index_count[p->domain] == 0)
        return -EBADMSG;
    index = bit_guess_code_below(w->g, w->c, &s, 1, MEMORY_WORD_BITS, w->m->index_count[p->domain],
                                 index);
    *word = w->m->of_index[p->domain][index];
    return 0;
}

static void take_text(const struct walk *w, const struct entry_field *f, struct text *ret)
{
    ret->len = 0;
    if (w->c->reading)
        return;
    const uint8_t *at = batch_text(w->e, f, &ret->len);
    memcpy(ret->bytes, at, ret->len);
}

int batch_walk_set_text(struct entry *e, const struct entry_field *f, const struct text *text)
{
    bool bytes = f->type == ENTRY_FIELD_BYTES;
    if (text->len == 0 || text->len > f->size - !bytes ||
        (!bytes && memchr(text->bytes, '\0', text->len)))
        return -EBADMSG;
    memcpy((char *)e + f->offset, text->bytes, text->len);
    if (bytes)
        *(uint16_t *)((char *)e + f->len_offset) = (uint16_t)text->len;
    return 0;
}

/* A text of the entry, or of its scan with marks. */
static int walk_word(struct walk *w, const struct plan *p, struct text *text)
{
    const struct entry_field *f = entry_field_of(p->column);
    uint16_t word = w->c->reading ? 0 : batch_memory_find(w->m, p->domain, text->bytes, text->len);
    struct tries t;
    batch_walk_find_tries(w, p, &t, TRIES_MAX);
    int at = batch_walk_tries(w, p, &t, word, word != 0);
    if (at < t.count) {
        word = (uint16_t)t.values[at];
    } else {
        struct bit_situation s =
            batch_walk_situation(w, STEP_WORD, p->column, 1, w->now.values[COLUMN_KIND] != 0);
        bool known = bit_guess_code(w->g, w->c, &s, 0, word != 0);
        size_t max = f->type == ENTRY_FIELD_BYTES ? f->size : f->size - 1;
        int err = known ? walk_known_text(w, p, &word) : walk_new_text(w, p, &t, text, max);
        if (err < 0)
            return err;
        if (!known) {
            word = batch_memory_learn(w->m, p->domain, text->bytes, text->len);
            batch_walk_know(w, p->column, word);
            return 0;
        }
    }
    batch_walk_know(w, p->column, word);
    const uint8_t *bytes = batch_memory_text(w->m, word, &text->len);
    memcpy(text->bytes, bytes, text->len);
    return 0;
}

static int walk_scan(struct walk *w, const struct plan *p)
{
    const struct entry_field *f = entry_field_of(p->column);
    struct text text;
    take_text(w, f, &text);
    bool marks = !w->c->reading && batch_scan_mark(w->e, text.bytes, &text.len) == 0;
    struct bit_situation s = batch_walk_situation(w, STEP_WORD, p->column, 2, 0);
    marks = bit_guess_code(w->g, w->c, &s, 0, marks);
    if (!w->c->reading && !marks)
        take_text(w, f, &text);
    int err = walk_word(w, p, &text);
    if (err < 0 || !w->c->reading)
        return err;
    err = batch_walk_set_text(w->e, f, &text);
    return err == 0 && marks ? batch_scan_unmark(w->e) : err;
}

int batch_walk_text(struct walk *w, const struct plan *p)
{
    if (p->column == COLUMN_SCAN)
        return walk_scan(w, p);
    const struct entry_field *f = entry_field_of(p->column);
    struct text text;
    take_text(w, f, &text);
    int err = walk_word(w, p, &text);
    return err == 0 && w->c->reading ? batch_walk_set_text(w->e, f, &text) : err;
}
