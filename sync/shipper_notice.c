/* SPDX-License-Identifier: Apache-2.0 */
/* The lane of what cannot wait: entries told ahead of their turn. */
#include "shipper_state.h"

#include <errno.h>
#include <string.h>

#include "urgency.h"

struct picking {
    struct notice notice;
    uint8_t (*raw)[ENTRY_ENCODED_MAX];
    size_t most;
    int64_t last_seq; /* to look at */
    int64_t looked;
};

static int pick_early(const struct entry *e, const uint8_t *raw, size_t raw_len,
                      const struct chain_head *hash, void *context)
{
    (void)hash;
    struct picking *p = context;
    struct notice *n = &p->notice;
    if (e->seq > p->last_seq)
        return 1;
    p->looked = e->seq;
    if (entry_urgency(e) != ENTRY_EARLY || raw_len > ENTRY_ENCODED_MAX)
        return 0;
    memcpy(p->raw[n->count], raw, raw_len);
    n->entries[n->count] = (struct notice_entry){p->raw[n->count], raw_len};
    n->count++;
    return n->count == p->most;
}

/* 1: a notice; 0: nothing there is early. */
static int make_notice(struct shipper *s, struct shipper_message *m)
{
    struct uplink_action *a = &m->action;
    struct picking p = {.notice = {.origin = s->origin, .session = a->s},
                        .raw = s->raw,
                        .most = a->n < NOTICE_ENTRIES_MAX ? (size_t)a->n : NOTICE_ENTRIES_MAX,
                        .last_seq = a->last_seq};
    int err = journal_read(s->journal, a->first_seq, pick_early, &p);
    if (err < 0)
        return err;
    if (p.looked < a->first_seq)
        return -EBADMSG; /* the journal is shorter than its head says */
    m->topic = TOPIC_NOTICE;
    m->looked = p.looked;
    m->early = (int64_t)p.notice.count;
    if (p.notice.count == 0)
        return 0;
    m->len = notice_write(&p.notice, s->notice);
    m->bytes = s->notice;
    return 1;
}

int shipper_make_notices(struct shipper *s, struct shipper_message *m, int64_t now_ms)
{
    int made = 0;
    while (made == 0 && m->action.step == UPLINK_NOTICE) {
        made = make_notice(s, m);
        if (made == 0) {
            uplink_noticed(&s->link, &m->action, m->looked, 0);
            m->action = uplink_next(&s->link, now_ms);
        }
    }
    return made;
}
