/* SPDX-License-Identifier: Apache-2.0 */
/* sync/shipper.h -- the journal on its way up: notices new entries, asks link/uplink.h what is to
 * be said, and makes the messages. It reads the journal beside stationd, which never waits for it:
 * no lock is held between two calls. Its memory does not grow with the backlog. */
#pragma once

#include "batch.h"
#include "control.h"
#include "journal.h"
#include "topic.h"
#include "uplink.h"

struct shipper;

struct shipper_conf {
    const char *journal;     /* path of journal.db */
    struct uplink_conf link; /* boot: the life of syncd */
    enum batch_format format;
    const char *release;
    int64_t acked; /* as known from earlier lives */
    int64_t safe;
};

/* -ENOENT when there is no journal yet, else as journal_open_readonly(), -ENOMEM. */
NODISCARD int shipper_open(const struct shipper_conf *conf, struct diag *reterr,
                           struct shipper **ret);
void shipper_free(struct shipper *s); /* NULL is fine */
DEFINE_AUTO(shipper);

const struct origin *shipper_origin(const struct shipper *s);
int64_t shipper_head(const struct shipper *s);

/* Looks for new entries. 1 when there are, 0, or the error of reading. */
NODISCARD int shipper_look(struct shipper *s, int64_t now_ms);

void shipper_link_up(struct shipper *s, int64_t now_ms);
void shipper_link_down(struct shipper *s, int64_t now_ms);

/* What there is to say now. have: documents that a HELLO lists.
 *   1   a message, and for which topic; bytes are borrowed until the next call. Say
 *       shipper_said() when the transport has it, or ask again later
 *   0   nothing until *ret_until_ms
 *   else the error of reading; the same is asked again */
struct shipper_message {
    enum topic_kind topic; /* TOPIC_HELLO, TOPIC_ENTRIES, TOPIC_NOTICE */
    const void *bytes;
    size_t len;
    struct uplink_action action;
    int64_t looked; /* TOPIC_NOTICE: how far the journal was looked at, */
    int64_t early;  /* and how many entries it tells */
};
NODISCARD int shipper_next(struct shipper *s, int64_t now_ms, const struct control_have *have,
                           size_t have_count, struct shipper_message *ret, int64_t *ret_until_ms);
void shipper_said(struct shipper *s, const struct shipper_message *message, int64_t now_ms);

/* After UPLINK_RENEW was asked for by -EKEYEXPIRED of shipper_next(): a new life. */
void shipper_renew(struct shipper *s, int64_t life);

/* Gives a RESUME, ACK or NACK to the machine. 1 when it counts, 0 when it is of another session,
 * -EBADMSG when it contradicts itself. */
NODISCARD int shipper_heard(struct shipper *s, const struct control *c, int64_t now_ms);

/* Whether it is of the session that is under way, and since when its HELLO is out. */
bool shipper_is_present(const struct shipper *s, int64_t session, int64_t *ret_hello_ms);
int64_t shipper_session(const struct shipper *s);

/* Up to which entry the relay has this journal safe, as it has shown in a session: it took a batch
 * that continues its chain, or its end is ours. 1, *ret_seq and the chain there; 0: none, or it is
 * deleted already. */
int shipper_secured(struct shipper *s, int64_t *ret_seq, struct chain_head *ret_hash);

struct uplink_status shipper_status(const struct shipper *s, int64_t now_ms);
