/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/sms.h -- SMS through an Indian gateway: what is posted to it, in our own contract or in
 * a vendor's words, and what its answer means. No network; reports are webhook.h's.
 *
 *   ours     JSON {"message_id", "to", "kind", "pe_id", "header", "template_id", "body",
 *            "variables", "callback"}  ->  {"accepted": true, "provider_id"} | {"accepted": false,
 *            "code"}; the key in the header "authkey". A message id that it has seen gets the same
 *            answer again and sends nothing: the only one that a try may be repeated with.
 *   msg91    JSON of the flow API, "authkey"  ->  {"type": "success", "message": id}
 *   exotel   form to .../Sms/send.json, HTTP basic  ->  {"SMSMessage": {"Sid", "Status"}}
 *   gupshup  form of the enterprise API, user and password in it  ->  "success | number | id"
 *
 * Shapes are those of the vendors' public pages; what no page says is marked so in README.md. */
#pragma once

#include <stdbool.h>

#include "attr.h"
#include "channel_secret.h"
#include "http_post.h"
#include "outbox.h"

enum sms_vendor { SMS_OURS, SMS_MSG91, SMS_EXOTEL, SMS_GUPSHUP };
#define SMS_VENDOR_COUNT 4
extern const char *const sms_vendor_names[SMS_VENDOR_COUNT + 1]; /* "ours" ..., ended by NULL */

/* Whether it takes a message id once, and whether its account has a user name besides the key. */
bool sms_repeatable(enum sms_vendor vendor);
bool sms_has_user(enum sms_vendor vendor);

struct sms_sender { /* of the principal entity, as registered with the operators */
    enum sms_vendor vendor;
    const char *pe_id;
    const char *header;
    const char *callback; /* URL; "": none */
    const char *user;
    const char *key;
};

/* How it is posted. user and password: HTTP basic, borrowed of the sender; NULL: not by that. */
struct sms_request {
    const char *type; /* static: the body's media type */
    char *body;
    char header[CHANNEL_SECRET_SIZE + 16]; /* "authkey: KEY", or "" */
    const char *user;
    const char *password;
};

/* 0: *ret is to be wiped by the caller. -ENOMEM */
NODISCARD int sms_request_write(const struct sms_sender *sender, const struct outbox_message *m,
                                struct sms_request *ret);
void sms_request_wipe(struct sms_request *r);

/* Codes of a vendor's own carry his name ("gupshup_102"); an HTTP status stands alone ("429"). */
struct send_outcome sms_answer(enum sms_vendor vendor, const struct http_answer *a);
