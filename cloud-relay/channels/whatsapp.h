/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/whatsapp.h -- WhatsApp Business Cloud API: the body of a template message, and the
 * answer to it. No network; webhooks are webhook.h's. */
#pragma once

#include "attr.h"
#include "http_post.h"
#include "outbox.h"

/* The JSON, from malloc() that the caller frees. An offer's button carries "ORDER:campaign:party",
 * biz_opaque_callback_data our message id, by which a receipt finds its message without the answer.
 * NULL: out of memory. */
NODISCARD char *whatsapp_write(const struct outbox_message *m);

/* What the answer means. */
struct send_outcome whatsapp_answer(const struct http_answer *a);
