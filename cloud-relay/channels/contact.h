/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/contact.h -- how a party is reached, whether it may be, and the ledger of what it agreed
 * to. A party is an outlet's code, or "user:NAME" for one of the distributor's own people.
 * Addresses are personal data: they are read here and by nobody else, and never logged.
 *
 * An address on WhatsApp is digits ("919800000001") or a business-scoped user id ("IN.1234"); on
 * SMS 91 and ten digits; on email an address of RFC 5321. All functions stand in a transaction of
 * the caller and answer as store/sql.h besides what they say. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "channel_message.h"
#include "entry.h"
#include "sql.h"

#define CONTACT_PARTY_SIZE 49
#define CONTACT_ADDRESS_SIZE 161
#define CONTACT_STATE_SIZE 33

struct contact {
    char party[CONTACT_PARTY_SIZE];
    enum message_channel channel;
    char address[CONTACT_ADDRESS_SIZE];
    char language[8];               /* en, hi */
    char state[CONTACT_STATE_SIZE]; /* active; else why nothing is sent there: unreachable ... */
};

NODISCARD int contact_find(struct sql *s, const char *party, enum message_channel channel,
                           struct contact *ret); /* -ENOENT */
/* The next party behind `after` ("": the first) that has this address: two shops of one owner may
 * share a number. -ENOENT: no more. */
NODISCARD int contact_next_address(struct sql *s, enum message_channel channel, const char *address,
                                   const char *after, struct contact *ret);

/* Makes or replaces it. -EINVAL: the address is none of this channel's. */
NODISCARD int contact_set(struct sql *s, const struct contact *c, int64_t now_ms);

/* Nothing is sent there any more, and why. No contact: nothing happens. */
NODISCARD int contact_suppress(struct sql *s, const char *party, enum message_channel channel,
                               const char *why, int64_t now_ms);

/* One line of the ledger, appended: what was captured, where, from which text. `evidence` names
 * what proves it ("wamid.AAA", "form 17"). */
struct consent_record {
    const char *party;
    enum message_channel channel;
    enum message_purpose purpose;
    enum consent_status status;
    const char *source; /* paper form, OTP, inbound message, app, provider */
    const char *text_shown;
    const char *language;
    const char *evidence;
    int64_t at_ms;
};
/* 1: the ledger says so already, from that evidence. */
NODISCARD int consent_append(struct sql *s, const struct consent_record *r);

/* Whether any line of the ledger has this status from this evidence: what names one message of a
 * person, told again, is no new wish. 1: it has. */
NODISCARD int consent_recorded(struct sql *s, const struct consent_record *r);

/* The newest line; CONSENT_NONE without one. */
NODISCARD int consent_now(struct sql *s, const char *party, enum message_channel channel,
                          enum message_purpose purpose, enum consent_status *ret);

/* Whether the party can and may be reached: 1 when its contact there is active and the ledger
 * allows this purpose (offers want a grant, all else no withdrawal). */
NODISCARD int contact_may(struct sql *s, const char *party, enum message_channel channel,
                          enum message_purpose purpose);
