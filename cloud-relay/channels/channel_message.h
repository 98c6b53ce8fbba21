/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/channel_message.h -- one message to one person on one channel: its states, what a
 * provider may say of it, and the decision before it is sent. Pure: no clock, store or network.
 *
 *   queued --a rule forbids it--> blocked          (why: which rule)
 *   queued --marked durably, before the request--> sending
 *   sending --accepted--> sent --receipts--> delivered --> read
 *   sending --refused, worth another try--> queued --tries used up--> dead
 *   sending --refused for good--> failed           (why: the provider's code)
 *   sending --no answer came--> sending (why: no_answer) --receipt--> sent ... | --a day--> dead
 *
 * Receipts come at least once and in any order. What holds is a function of the set of what came:
 * read over delivered over failed over sent. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

enum message_channel { CHANNEL_WHATSAPP, CHANNEL_SMS, CHANNEL_EMAIL };
#define CHANNEL_COUNT 3
const char *channel_name(enum message_channel channel); /* static; as in the store */
NODISCARD int channel_parse(const char *name, enum message_channel *ret);

/* Where a message goes when this channel failed. -ENOENT: nowhere. */
NODISCARD int channel_after(enum message_channel channel, enum message_channel *ret);

enum message_purpose {
    PURPOSE_MARKETING,   /* an offer: needs consent */
    PURPOSE_TRANSACTION, /* about something the outlet ordered: unless withdrawn */
    PURPOSE_ALERT,       /* to the distributor's own people: unless withdrawn */
};
#define PURPOSE_COUNT 3
const char *purpose_name(enum message_purpose purpose); /* static; as in the store */
NODISCARD int purpose_parse(const char *name, enum message_purpose *ret);

enum message_state {
    MESSAGE_QUEUED,
    MESSAGE_SENDING,
    MESSAGE_SENT,
    MESSAGE_DELIVERED,
    MESSAGE_READ,
    MESSAGE_FAILED,
    MESSAGE_BLOCKED,
    MESSAGE_DEAD,
};
#define MESSAGE_STATE_COUNT 8
const char *message_state_name(enum message_state state); /* static; as in the store */
NODISCARD int message_state_parse(const char *name, enum message_state *ret);

/* What a receipt can say. -EINVAL: a status that nobody told us of. */
enum receipt_status { RECEIPT_SENT, RECEIPT_DELIVERED, RECEIPT_READ, RECEIPT_FAILED };
#define RECEIPT_STATUS_COUNT 4
const char *receipt_status_name(enum receipt_status status); /* static */
NODISCARD int receipt_status_parse(const char *name, enum receipt_status *ret);

/* The state of a message in state `now` after this receipt. It commutes and is idempotent over
 * receipts: any order, any repetition, the same end. A blocked message stays blocked: nothing of it
 * was sent. A dead one lives again: its receipt proves that it was taken. */
enum message_state message_merge(enum message_state now, enum receipt_status status);

/* ---- the decision before each send ---- */

/* From when a message may go, at or after now_ms: promotional SMS goes 10:05 to 20:45 India time,
 * inside TRAI's 10:00 to 21:00, so that what queues at the operator still arrives in time;
 * promotional WhatsApp 09:00 to 21:00 by courtesy; all else at any hour. */
int64_t quiet_until_ms(enum message_channel channel, enum message_purpose purpose, int64_t now_ms);

enum consent_status { CONSENT_NONE, CONSENT_GRANTED, CONSENT_WITHDRAWN };
const char *consent_status_name(enum consent_status status); /* static; as in the store */
NODISCARD int consent_status_parse(const char *name, enum consent_status *ret);
bool consent_allows(enum consent_status consent, enum message_purpose purpose);

#define MESSAGE_WHY_SIZE 97

struct send_facts {
    enum message_channel channel;
    enum message_purpose purpose;
    int64_t now_ms;
    const char *called_off;    /* "" or why nothing of its kind may go: campaign_stopped ... */
    bool held;                 /* campaign paused or kill switch: it waits */
    bool superseded;           /* it stands in for one that has arrived after all */
    const char *contact_state; /* "": no contact; active, or why it is suppressed */
    enum consent_status consent;
    int64_t sent_week, week_cap; /* to the party in 7 days, over campaigns and channels */
    int64_t last_to_user_ms;     /* on this channel; 0: never */
    int64_t quota_until_ms;      /* the distributor's messages are used up until then; 0: not */
    bool template_found, template_approved, category_fits;
    const char *variable_fault; /* "" or what is wrong with which variable */
};

enum send_verdict { SEND_NOW, SEND_LATER, SEND_BLOCKED };

struct send_decision {
    enum send_verdict verdict;
    int64_t until_ms;           /* SEND_LATER */
    char why[MESSAGE_WHY_SIZE]; /* of SEND_LATER and SEND_BLOCKED; a code, perhaps ": detail" */
};

#define SEND_USER_GAP_MS 6000 /* WhatsApp: one message per 6 s to one user */
#define SEND_HELD_MS 60000    /* how soon a held message is looked at again */
#define SEND_WEEK_MS INT64_C(604800000)

/* In this order: called off, suppression, consent for the purpose, quiet hours, frequency cap,
 * template approved, variables complete, the distributor's quota; last the gap between two messages
 * to one user. */
struct send_decision send_judge(const struct send_facts *f);
