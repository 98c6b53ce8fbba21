/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/webhook.h -- what providers tell us: receipts, answers of outlets, and their wish for no
 * more offers; from raw bytes, which are authenticated before a single one is looked at. The
 * readers are pure; webhook_take() writes. Delivery is at least once and in any order. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "contact.h"
#include "diag.h"
#include "outbox.h"
#include "sql.h"

#define WEBHOOK_BODY_MAX (256 << 10)
#define WEBHOOK_TEXT_SIZE 257
#define WEBHOOK_ASK_DAY 3

/* Whether `header` is "sha256=" and the HMAC-SHA256 of exactly these bytes; in constant time. With
 * no header or no secret it is not. */
bool webhook_signed(const char *secret, const void *body, size_t len, const char *header);

/* What stands in the URL that is given to a gateway which signs nothing: of this tenant and this
 * vendor alone, and no more can be learnt from it than that. In hexadecimal. */
#define WEBHOOK_KEY_SIZE 65
void webhook_key(const char *secret, const char *tenant, const char *vendor,
                 char ret[WEBHOOK_KEY_SIZE]);
/* Whether it is that, in constant time. With no key or no secret it is not. */
bool webhook_keyed(const char *secret, const char *tenant, const char *vendor, const char *key);

/* The provider's question when a webhook is set up: 0 when he may have his challenge back as plain
 * text, -EPERM (403) when not. NULL arguments are as "". */
NODISCARD int webhook_subscribe(const char *mode, const char *token, const char *wanted_token);

enum webhook_kind {
    WEBHOOK_RECEIPT,
    WEBHOOK_REPLY,
    WEBHOOK_PREFERENCE,
    WEBHOOK_UNSUBSCRIBE, /* payload: a token of ours, perhaps; for unsubscribe_take() */
};

struct webhook_item {
    enum webhook_kind kind;
    enum message_channel channel;
    int64_t at_ms;
    struct outbox_receipt receipt;       /* WEBHOOK_RECEIPT */
    char from[CONTACT_ADDRESS_SIZE];     /* WEBHOOK_REPLY, WEBHOOK_PREFERENCE */
    char id[OUTBOX_PROVIDER_ID_SIZE];    /* the reply's or the wish's own; "" where it has none */
    char to_id[OUTBOX_PROVIDER_ID_SIZE]; /* WEBHOOK_REPLY: the message that it answers, by the
                                          * provider's id; WEBHOOK_PREFERENCE: by ours; "" */
    char payload[WEBHOOK_TEXT_SIZE];     /* ... of a button; "" */
    char text[WEBHOOK_TEXT_SIZE];        /* ... cut */
    bool stop;                           /* WEBHOOK_PREFERENCE: else resume */
};

/* Readers of bodies. Items that this release does not know are passed over, as a list of an unknown
 * field is; a body that is no JSON of that shape is -EBADMSG, and nothing of it was told. A
 * negative return of on_item ends it and is passed on. */
typedef int (*webhook_fn)(const struct webhook_item *item, void *context);
NODISCARD int whatsapp_webhook_read(const char *body, size_t len, webhook_fn on_item,
                                    void *context);
/* Our contract: {"provider_id", "status", "code", "at", "parts"}, and replies as {"inbound_id",
 * "from", "body", "at"}. */
NODISCARD int sms_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context);
/* Delivery reports of gateways, as their public pages show them, in JSON or in a form:
 *   msg91    [{"requestId", "report": [{"number", "status", "desc", "date", "credit"}]}], the same
 *            in a form's field "data", or one object with all of it
 *   exotel   form SmsSid, Status, DetailedStatusCode, DateSent, SmsUnits, CustomField
 *   gupshup  [{"externalId", "eventType", "eventTs", "errCode"}], the same in a form's field
 *            "response", or a form externalId, status, deliveredTS, errCode */
NODISCARD int msg91_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context);
NODISCARD int exotel_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context);
NODISCARD int gupshup_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context);
/* A mail that came back, as our mail server hands it over (RFC 5322): delivery reports (RFC 3464)
 * and complaints (RFC 5965). Of other mails only one is told that went to NAME+TOKEN@..., the
 * address of our List-Unsubscribe (RFC 2369). */
NODISCARD int email_webhook_read(const char *body, size_t len, webhook_fn on_item, void *context);

/* What an outlet means by its words, in any language that we send in: "STOP", "YES", "48", "B 48",
 * "yes b 48", "48 B". */
enum reply_meaning { REPLY_OTHER, REPLY_STOP, REPLY_RESUME, REPLY_ORDER };
struct reply { /* units and word of REPLY_ORDER */
    enum reply_meaning meaning;
    int64_t units; /* 0: none is named */
    char word;     /* a capital letter that names an offer; '\0': none */
};
struct reply reply_read(const char *text);

/* Writes one item, in a write transaction: receipts to their messages, an order as
 * CampaignAnswered, once a reply: to the offer whose button was pressed or whose message was
 * replied to, else to the one that it names by its letter, else to the only one that is open to
 * that address. Where several are open and none is named it is nobody's order: the outlet is asked
 * which it means, at most WEBHOOK_ASK_DAY times a day; STOP to the consent ledger of everybody with
 * that address, with an audit record, and what still waits for them there is called off. 1: known
 * before, or from nobody that we know; nothing changed. */
NODISCARD int webhook_take(struct sql *s, const struct webhook_item *item, int64_t now_ms);

/* One-click unsubscribing (RFC 8058): a token names a party and the day that it was made, is
 * signed, and holds for UNSUBSCRIBE_DAYS: mails are read late, and links in old ones should not
 * stay. */
#define UNSUBSCRIBE_TOKEN_SIZE 200
#define UNSUBSCRIBE_DAYS 400
NODISCARD int unsubscribe_token(const char *secret, const char *party, int64_t now_ms,
                                char ret[UNSUBSCRIBE_TOKEN_SIZE]); /* -EINVAL: too long */
/* Whose it is. -EPERM: not our token, or there is no secret. -ETIME: it was, for too long. */
NODISCARD int unsubscribe_read(const char *secret, const char *token, int64_t now_ms,
                               char ret_party[CONTACT_PARTY_SIZE]);
/* What POST to the token's URL does; the errors of unsubscribe_read(). 1: had been done. */
NODISCARD int unsubscribe_take(struct sql *s, const char *secret, const char *token,
                               int64_t now_ms);
