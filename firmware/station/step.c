/* SPDX-License-Identifier: Apache-2.0 */
#include "step.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "message.h"
#include "text.h"

void step_say(struct step *s, enum station_tone tone, const char *code, ...)
{
    va_list args;
    va_start(args, code);
    s->message = message_make(code, args);
    va_end(args);
    s->tone = tone;
}

struct entry *step_add(struct step *s, enum entry_kind kind, bool with_scan)
{
    assert(s->entries_count < JOURNAL_UNIT_MAX);
    struct entry *e = &s->entries[s->entries_count++];
    *e = entry_new(kind);
    memcpy(e->worker, s->post->worker, sizeof(e->worker));
    memcpy(e->device, s->in->device, sizeof(e->device));
    if (with_scan && (s->in->kind == INPUT_SCAN || s->in->kind == INPUT_WEIGHT)) {
        memcpy(e->scan, s->in->bytes, s->in->len);
        e->scan_len = s->in->len;
    }
    return e;
}

void step_add_refused(struct step *s, const char *reason, const char *sku,
                      const struct batch_key *key)
{
    struct entry *e = step_add(s, ENTRY_REFUSED, true);
    text_cut(e->reason, sizeof(e->reason), reason);
    text_cut(e->sku, sizeof(e->sku), sku);
    if (key)
        e->batch = *key;
    memcpy(e->document, s->post->work.document, sizeof(e->document));
    memcpy(e->bin, s->post->work.bin, sizeof(e->bin));
}

void step_booked(struct step *s)
{
    struct post *p = s->post;
    s->booked = true;
    memmove(&p->recent[1], &p->recent[0], sizeof(p->recent) - sizeof(p->recent[0]));
    p->recent[0] = s->message;
    if (p->recent_count < STATION_RECENT_MAX)
        p->recent_count++;
}

bool step_in_hindi(const struct step *s)
{
    return strcmp(s->post->language, "hi") == 0;
}

const char *step_name(const struct step *s, const struct catalogue_sku *product)
{
    return step_in_hindi(s) && product->name_hi[0] ? product->name_hi : product->name;
}
