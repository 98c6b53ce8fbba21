/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/message_template.h -- the texts that may be sent: registered word for word with their
 * provider, in versions, in English and Hindi, with named variables in a fixed order. It makes no
 * claim of its own: what an offer says is what its variables say, and those are facts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "channel_message.h"
#include "sql.h"

#define TEMPLATE_NAME_SIZE 65
#define TEMPLATE_BODY_SIZE 2049 /* WhatsApp: 1024 characters */
#define TEMPLATE_VARIABLES_MAX 12
#define TEMPLATE_VARIABLE_SIZE 257

struct message_template {
    char name[TEMPLATE_NAME_SIZE];
    char language[8];
    char category[17];                      /* marketing, utility */
    char provider_name[TEMPLATE_NAME_SIZE]; /* WhatsApp name, DLT template id, email subject */
    char body[TEMPLATE_BODY_SIZE];          /* with {{name}} where variables stand */
    char variables[257];                    /* their names in order, joined by "," */
    bool approved;
};

/* The newest version in that language, else in English. -ENOENT */
NODISCARD int message_template_find(struct sql *s, const char *name, enum message_channel channel,
                                    const char *language, struct message_template *ret);

/* The next version of it. */
NODISCARD int message_template_put(struct sql *s, enum message_channel channel,
                                   const struct message_template *t, int64_t now_ms);

struct message_values { /* in the template's order */
    size_t count;
    char values[TEMPLATE_VARIABLES_MAX][TEMPLATE_VARIABLE_SIZE];
};

/* The values that a message brings ({"outlet": "..."}) in the template's order. Returns 0, or 1
 * with *ret_fault ("missing expiry", "too long sku"): every variable is there, not empty, without
 * control characters, and on SMS at most 30 characters (DLT). -EBADMSG: json is no object of texts.
 */
NODISCARD int message_template_values(const struct message_template *t,
                                      enum message_channel channel, const char *json,
                                      struct message_values *ret, char ret_fault[MESSAGE_WHY_SIZE]);

/* The body with its variables in their places. -EMSGSIZE: it does not fit. */
NODISCARD int message_template_fill(const struct message_template *t,
                                    const struct message_values *values,
                                    char ret[TEMPLATE_BODY_SIZE]);

/* Parts an SMS is charged as: GSM 03.38 160 or 153 septets (characters of its extension count two),
 * any other character makes it UCS-2: 70 or 67. */
int sms_parts(const char *text);

/* The offer, alert and approval templates of this release, as if their providers had approved them:
 * for the demonstration and for tests. A distributor's own have his providers' names. */
NODISCARD int message_template_seed(struct sql *s, int64_t now_ms);

#define TEMPLATE_OFFER "near_expiry_offer"
#define TEMPLATE_ORDER "order_taken"
#define TEMPLATE_WHICH "which_offer" /* asks back where several offers are open */
#define TEMPLATE_ALERT "alert"
#define TEMPLATE_APPROVAL "approval"
