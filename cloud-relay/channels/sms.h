/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/sms.h -- SMS through an Indian provider: the body of our own contract, which takes a
 * message id once, and of MSG91's flow API, which does not; and the answers. No network.
 *
 *   POST {"message_id", "to", "kind", "pe_id", "header", "template_id", "body", "variables",
 *         "callback"}  ->  {"accepted": true, "provider_id"} | {"accepted": false, "code"}
 * A message id that the provider has seen gets the same answer again and sends nothing. */
#pragma once

#include <stdbool.h>

#include "attr.h"
#include "http_post.h"
#include "outbox.h"

enum sms_vendor { SMS_OURS, SMS_MSG91 };
#define SMS_VENDOR_COUNT 2

struct sms_sender { /* of the principal entity, as registered with the operators */
    enum sms_vendor vendor;
    const char *pe_id;
    const char *header;
    const char *callback; /* URL */
};

bool sms_repeatable(enum sms_vendor vendor);

/* From malloc(); NULL: out of memory. */
NODISCARD char *sms_write(const struct sms_sender *sender, const struct outbox_message *m);
struct send_outcome sms_answer(enum sms_vendor vendor, const struct http_answer *a);
