/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/email.h -- a mail as it goes to the submission server: multipart/alternative with a text
 * part, our own Message-ID, and for offers one-click unsubscribing (RFC 8058). It does not sign:
 * DKIM is the server's. No network. */
#pragma once

#include "attr.h"
#include "http_post.h"
#include "outbox.h"

struct email_sender {
    const char *from;             /* an address */
    const char *unsubscribe_url;  /* the token is put behind it */
    const char *unsubscribe_mail; /* "u@example.in": the token goes in as u+TOKEN@ */
    const char *secret;           /* signs tokens */
};

/* From malloc(), lines end with CR LF, none longer than 998 bytes, no line of it a lone dot unless
 * doubled by the client. NULL: out of memory, or the address does not fit. */
NODISCARD char *email_write(const struct email_sender *sender, const struct outbox_message *m,
                            int64_t now_ms);
struct send_outcome email_answer(const struct outbox_message *m, const struct email_sender *sender,
                                 const struct http_answer *a);
