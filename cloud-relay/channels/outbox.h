/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/outbox.h -- what must leave the relay: queued in the transaction of the decision that
 * wants it, sent later by somebody else (sender.h), each message at most once a try. It talks to no
 * provider.
 *
 *   decision's transaction   outbox_queue(key ...)                 the same key: the same message
 *   sender's transaction     outbox_next() -> message, "sending"   durable BEFORE the request
 *   no transaction           the request, with message id
 *   sender's transaction     outbox_settle(what came of it)
 *   webhook's transaction    outbox_receipt()                      any order, any repetition
 *
 * What is guaranteed. A key is queued once, for ever. A message has at most one request under way,
 * and a try whose outcome is not known (no answer, or the sender died between request and answer)
 * is repeated only where the provider takes a message id once (our SMS contract): there the person
 * gets it exactly once. With WhatsApp, SMTP and vendors without that promise it is not repeated:
 * the message stays "sending" with why no_answer, a receipt that carries our message id settles it,
 * and after OUTBOX_UNKNOWN_MS it is dead (outcome_unknown): at most once, and counted. So each row
 * is in one state at any time and the sum over states is the number queued. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "channel_message.h"
#include "contact.h"
#include "event.h"
#include "message_template.h"
#include "provider_code.h"
#include "setting.h"
#include "sql.h"

#define OUTBOX_ID_SIZE 33
#define OUTBOX_KEY_SIZE 193
#define OUTBOX_VARIABLES_MAX 4095
#define OUTBOX_PROVIDER_ID_SIZE 193
#define OUTBOX_TRIES 6
#define OUTBOX_LEASE_MS 60000               /* longer than a request may take */
#define OUTBOX_UNKNOWN_MS INT64_C(86400000) /* how long a receipt is waited for */
#define OUTBOX_REPEAT_MS                                                                           \
    30000 /* before a try of unknown outcome is repeated where that is safe                        \
           */

/* Who goes first. */
#define OUTBOX_RANK_ALERT 10
#define OUTBOX_RANK_TRANSACTION 20
#define OUTBOX_RANK_PERSON 50 /* what a person sends by hand */
#define OUTBOX_RANK_CAMPAIGN 80

struct outbox_draft {
    const char *key; /* unique for ever: "campaign:K12:OUT-7:1" */
    enum message_channel channel;
    enum message_purpose purpose;
    const char *party;
    const char *template;
    const char *language;  /* ""; that of the contact */
    const char *variables; /* a JSON object of texts */
    int64_t rank;
    int64_t due_ms;    /* not before; 0: now */
    const char *cause; /* "campaign:ID": it is called off with it */
    const char *trace; /* of the case, the event or the request that wants it; NULL as "" */
};

/* In the caller's write transaction. ret_id may be NULL.
 *   1        the key is known: *ret_id is its message, and nothing changed
 *   -EINVAL  a text is empty or too long */
NODISCARD int outbox_queue(struct sql *s, const struct outbox_draft *d, int64_t now_ms,
                           char ret_id[OUTBOX_ID_SIZE]);

/* A message as it is handed to a provider. */
struct outbox_message {
    char id[OUTBOX_ID_SIZE];
    enum message_channel channel;
    enum message_purpose purpose;
    char party[CONTACT_PARTY_SIZE];
    char address[CONTACT_ADDRESS_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    char trace[EVENT_TRACE_SIZE];
    struct message_template template;
    struct message_values values;
    char text[TEMPLATE_BODY_SIZE]; /* the body, filled */
    int64_t attempt;               /* 1, 2, ... */
};

/* Takes the next message of the channel that is due and may go, judged by send_judge() on the
 * present state of consent, caps and templates; marks it "sending". Those before it that are
 * blocked or must wait are written so, at most OUTBOX_JUDGED_MAX a call. In a write transaction of
 * the caller that he commits before the request.
 *   1   *ret: send it
 *   0   nothing now; *ret_due_ms: when to look again (INT64_MAX: when something is queued) */
#define OUTBOX_JUDGED_MAX 64
NODISCARD int outbox_next(struct sql *s, enum message_channel channel,
                          const struct setting_book *settings, int64_t now_ms,
                          struct outbox_message *ret, int64_t *ret_due_ms);

enum send_result {
    SENT_ACCEPTED,
    SENT_REFUSED, /* an answer with a code: the provider did not take it */
    SENT_NOTHING, /* nothing reached the provider: not resolved, not connected */
    SENT_UNKNOWN, /* something was sent and no answer came */
};

struct send_outcome {
    enum send_result result;
    bool repeatable; /* the provider takes a message id once */
    int64_t http_status;
    char provider_id[OUTBOX_PROVIDER_ID_SIZE]; /* SENT_ACCEPTED; may be "" */
    char code[33];                             /* SENT_REFUSED */
};

/* What came of a try, in a write transaction. Receipts that were faster are merged. 1: the message
 * had moved on already (a receipt, or another try): only the provider's id is noted. */
NODISCARD int outbox_settle(struct sql *s, const struct outbox_message *m,
                            const struct send_outcome *outcome, int64_t now_ms);

/* Tries whose lease has run out: their sender died or hangs. Returns how many were handled. */
NODISCARD int outbox_recover(struct sql *s, enum message_channel channel, bool repeatable,
                             int64_t now_ms);

/* A provider's callback, in a write transaction. `message_id` is ours if the provider gives it
 * back, else "". 1: known before. A receipt of a message that is not known is kept: its answer may
 * still be on the way. */
struct outbox_receipt {
    enum message_channel channel;
    char provider_id[OUTBOX_PROVIDER_ID_SIZE];
    char message_id[OUTBOX_ID_SIZE];
    enum receipt_status status;
    char code[33]; /* RECEIPT_FAILED */
    int64_t at_ms;
};
NODISCARD int outbox_receive(struct sql *s, const struct outbox_receipt *r, int64_t now_ms);

/* How many messages are in each state; `cause` "": of all. */
NODISCARD int outbox_count(struct sql *s, const char *cause, int64_t ret[MESSAGE_STATE_COUNT]);

/* What waits for the party on the channel is blocked: the person wants no more of its kind. What is
 * being sent is not called back. Returns how many. */
NODISCARD int outbox_call_off(struct sql *s, const char *party, enum message_channel channel,
                              enum message_purpose purpose, int64_t now_ms);

/* What waits for a channel that cannot be sent on, since the distributor's account lacks something,
 * is held: it stays queued and says why, and an alert does once a day. It goes as soon as the
 * account is whole. Returns how many are new.
 * 1: some wait that do not say so yet. */
NODISCARD int outbox_is_waiting(struct sql *s, enum message_channel channel, const char *lack);
NODISCARD int outbox_hold(struct sql *s, enum message_channel channel, const char *lack,
                          int64_t now_ms);

/* A channel that rests, and why: an alert says so. 1 with *ret_until_ms: it does; 0: it does not.
 */
NODISCARD int channel_paused(struct sql *s, enum message_channel channel, int64_t now_ms,
                             int64_t *ret_until_ms);
NODISCARD int channel_pause(struct sql *s, enum message_channel channel, const char *why,
                            int64_t from_ms, int64_t until_ms);
NODISCARD int channel_resume(struct sql *s, enum message_channel channel); /* 1: it did not rest */
