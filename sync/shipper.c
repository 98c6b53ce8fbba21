/* SPDX-License-Identifier: Apache-2.0 */
#include "shipper_state.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "urgency.h"

void shipper_free(struct shipper *s)
{
    if (!s)
        return;
    journal_free(s->journal);
    batch_encoder_free(s->encoder);
    free(s->entries);
    free(s);
}

int shipper_open(const struct shipper_conf *conf, struct diag *reterr, struct shipper **ret)
{
    assert(conf && ret);
    AUTO(shipper) s = calloc(1, sizeof(*s));
    if (!s)
        return -ENOMEM;
    int err = journal_open_readonly(conf->journal, NULL, &s->origin, reterr, &s->journal);
    if (err < 0)
        return err;
    s->format = conf->format;
    s->wire = wire_range(WIRE_VERSION).oldest;
    s->context_floor = 1;
    text_cut(s->release, sizeof(s->release), conf->release);
    s->entries = calloc(BATCH_ENTRIES_MAX, sizeof(*s->entries));
    if (!s->entries)
        return -ENOMEM;
    err = batch_encoder_new(&s->encoder);
    if (err < 0)
        return err;
    const struct uplink_journal journal = {.floor = journal_floor(s->journal) + 1,
                                           .head = journal_head(s->journal),
                                           .acked = conf->acked,
                                           .safe = conf->safe};
    uplink_start(&s->link, &conf->link, &journal);
    *ret = TAKE(s);
    return 0;
}

const struct origin *shipper_origin(const struct shipper *s)
{
    assert(s);
    return &s->origin;
}

int64_t shipper_head(const struct shipper *s)
{
    assert(s);
    return journal_head(s->journal);
}

static int find_urgent(const struct entry *e, const uint8_t *raw, size_t raw_len,
                       const struct chain_head *hash, void *context)
{
    (void)raw;
    (void)raw_len;
    (void)hash;
    (void)context;
    return entry_urgency(e) != ENTRY_GATHERS;
}

int shipper_look(struct shipper *s, int64_t now_ms)
{
    assert(s);
    int64_t before = journal_head(s->journal);
    int grown = journal_refresh(s->journal);
    if (grown >= 0 && journal_floor(s->journal) >= s->link.floor)
        uplink_trimmed(&s->link, journal_floor(s->journal) + 1);
    if (grown <= 0)
        return grown;
    int urgent = journal_read(s->journal, before + 1, find_urgent, NULL);
    if (urgent < 0)
        return urgent;
    uplink_appended(&s->link, journal_head(s->journal), urgent > 0, now_ms);
    return 1;
}

void shipper_link_up(struct shipper *s, int64_t now_ms)
{
    uplink_link_up(&s->link, now_ms);
}

void shipper_link_down(struct shipper *s, int64_t now_ms)
{
    uplink_link_down(&s->link, now_ms);
}

static void make_hello(struct shipper *s, const struct control_have *have, size_t have_count,
                       struct shipper_message *m)
{
    struct control c = {.kind = CONTROL_HELLO,
                        .session = m->action.s,
                        .hello = {.origin = s->origin,
                                  .floor = m->action.floor - 1,
                                  .head = m->action.head,
                                  .schema = journal_schema(),
                                  .wire = wire_range(WIRE_VERSION),
                                  .have_count = have_count}};
    struct chain_head hash = journal_head_hash(s->journal);
    memcpy(c.hello.hash, hash.hash, sizeof(c.hello.hash));
    memcpy(c.hello.release, s->release, sizeof(c.hello.release));
    memcpy(c.hello.have, have, have_count * sizeof(*have));
    m->topic = TOPIC_HELLO;
    m->len = control_write(&c, s->text);
    m->bytes = s->text;
}

int shipper_next(struct shipper *s, int64_t now_ms, const struct control_have *have,
                 size_t have_count, struct shipper_message *ret, int64_t *ret_until_ms)
{
    assert(s && (have || have_count == 0) && have_count <= CONTROL_DOCUMENTS_MAX && ret &&
           ret_until_ms);
    struct shipper_message m = {.action = uplink_next(&s->link, now_ms)};
    int made = shipper_make_notices(s, &m, now_ms);
    if (made < 0)
        return made;
    switch (m.action.step) {
    case UPLINK_WAIT:
        *ret_until_ms = m.action.until_ms;
        return 0;
    case UPLINK_RENEW:
        return -EKEYEXPIRED;
    case UPLINK_HELLO:
        make_hello(s, have, have_count, &m);
        made = 1;
        break;
    case UPLINK_NOTICE:
        break;
    case UPLINK_BATCH:
        made = shipper_make_batch(s, &m);
        break;
    }
    if (made > 0)
        *ret = m;
    return made;
}

void shipper_said(struct shipper *s, const struct shipper_message *message, int64_t now_ms)
{
    assert(s && message);
    if (message->topic == TOPIC_NOTICE) {
        uplink_noticed(&s->link, &message->action, message->looked, message->early);
        return;
    }
    if (message->topic == TOPIC_HELLO) {
        s->hello_ms = now_ms;
        s->hello_head = message->action.head;
    }
    uplink_sent(&s->link, &message->action, now_ms);
}

void shipper_renew(struct shipper *s, int64_t life)
{
    assert(s);
    uplink_renew(&s->link, life);
}

static struct link_resume resume_of(const struct control *c)
{
    return (struct link_resume){.s = c->session,
                                .wm = c->resume.wm,
                                .safe = c->resume.safe,
                                .now_ms = c->resume.now_ms,
                                .window = c->resume.window,
                                .flush_ms = c->resume.flush_ms,
                                .early = c->resume.early};
}

static struct link_nack nack_of(const struct control *c)
{
    static const int32_t why[] = {[NACK_GAP] = LINK_WHY_GAP,
                                  [NACK_FORK] = LINK_WHY_FORK,
                                  [NACK_SCHEMA] = LINK_WHY_SCHEMA,
                                  [NACK_QUOTA] = LINK_WHY_QUOTA,
                                  [NACK_OTHER] = LINK_WHY_QUOTA};
    return (struct link_nack){
        .s = c->session, .wm = c->nack.wm, .why = why[c->nack.why], .retry_ms = c->nack.retry_ms};
}

/* What the relay can be taken to know of the journal: all that it says it has, until it asks again
 * for what was sent, as it does when it lacks the entries that a batch was foreseen from. */
static void note_known(struct shipper *s, const struct control *c)
{
    if (c->session != s->link.s)
        return;
    if (c->kind == CONTROL_RESUME) {
        int newest = wire_range(WIRE_VERSION).newest;
        s->wire = c->resume.wire < newest ? c->resume.wire : newest;
        if (c->resume.wm + 1 < s->context_floor)
            s->context_floor = c->resume.wm + 1;
    }
    if (c->kind == CONTROL_NACK && c->nack.why == NACK_GAP)
        s->context_floor = c->nack.wm + 1;
}

/* The relay holds HELLO's head against its own when both are at the same entry, and each batch's
 * chain: what it then has is this journal's. A number alone could be of another one of its name. */
static int note_proof(struct shipper *s, int counts, int64_t wm, bool same)
{
    if (counts == 1 && same && wm > s->proven)
        s->proven = wm;
    return counts;
}

int shipper_heard(struct shipper *s, const struct control *c, int64_t now_ms)
{
    assert(s && c);
    note_known(s, c);
    if (c->kind == CONTROL_RESUME) {
        const struct link_resume resume = resume_of(c);
        int counts = uplink_resume(&s->link, &resume, now_ms);
        s->resumed = counts == 1 ? resume.wm : s->resumed;
        return note_proof(s, counts, resume.wm, resume.wm == s->hello_head);
    }
    if (c->kind == CONTROL_ACK) {
        const struct link_ack ack = {.s = c->session, .wm = c->ack.wm, .safe = c->ack.safe};
        return note_proof(s, uplink_ack(&s->link, &ack, now_ms), ack.wm, ack.wm > s->resumed);
    }
    if (c->kind == CONTROL_NACK) {
        const struct link_nack nack = nack_of(c);
        return uplink_nack(&s->link, &nack, now_ms);
    }
    return -EBADMSG;
}

bool shipper_is_present(const struct shipper *s, int64_t session, int64_t *ret_hello_ms)
{
    assert(s && ret_hello_ms);
    *ret_hello_ms = s->hello_ms;
    return session == s->link.s;
}

int64_t shipper_session(const struct shipper *s)
{
    assert(s);
    return s->link.s;
}

int shipper_secured(struct shipper *s, int64_t *ret_seq, struct chain_head *ret_hash)
{
    assert(s && ret_seq && ret_hash);
    int64_t seq = uplink_deletable(&s->link);
    seq = seq < s->proven ? seq : s->proven;
    if (seq <= journal_floor(s->journal) || journal_hash(s->journal, seq, ret_hash) <= 0)
        return 0;
    *ret_seq = seq;
    return 1;
}

struct uplink_status shipper_status(const struct shipper *s, int64_t now_ms)
{
    assert(s);
    return uplink_status(&s->link, now_ms);
}
