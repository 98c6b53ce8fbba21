/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/sender.h -- takes what waits in one tenant's outbox to its providers. It blocks for the
 * length of a request, so it runs in a thread of its own with a store connection of its own; it
 * decides nothing that outbox.h does not, and holds nothing in memory that a crash would lose but
 * the answer that it is about to write (which outbox_recover() stands in for). */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "channel_account.h"
#include "diag.h"
#include "sql.h"

/* What came of one try, for who keeps a log: without address, text or person. */
struct sender_outcome {
    const char *message; /* its id */
    const char *channel;
    const char *outcome; /* accepted, refused, nothing, unknown */
    const char *code;    /* of a refusal; "" */
    const char *cause;   /* as in the outbox */
    const char *trace;
};
typedef void (*sender_outcome_fn)(const struct sender_outcome *outcome, void *context);

/* All borrowed for the sender's life but the account, which is copied. */
struct sender_conf {
    const struct channel_account *account; /* of the connection's tenant */
    const char *public_url; /* where providers and readers of mails reach the relay; "": nowhere,
                             * and no mail goes, since nobody could unsubscribe */
    const char *ca;         /* file; NULL: the system's */
    long timeout_ms;        /* of one request; shorter than OUTBOX_LEASE_MS */
    sender_outcome_fn on_outcome; /* once it is durable; NULL: nobody */
    void *context;
};

#define SENDER_TIMEOUT_MS 20000

struct sender;

/* The connection is borrowed and used by nobody else meanwhile. -EINVAL *reterr: a timeout, or an
 * address that is too long. */
NODISCARD int sender_open(const struct sender_conf *conf, struct sql *s, struct diag *reterr,
                          struct sender **ret);
void sender_free(struct sender *sender); /* NULL is fine */
DEFINE_AUTO(sender);

/* Sends at most one message a channel, or writes what came of the last. What waits for a channel
 * that the account lacks something of is held: it says what is lacking, and an alert does, once a
 * day.
 *   1   something was done: call again
 *   0   nothing to do until *ret_due_ms, or until something is queued
 *   -EBUSY -EIO ...  the store: call again later; an answer that could not be written is kept */
NODISCARD int sender_step(struct sender *sender, int64_t now_ms, int64_t *ret_due_ms);
