/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channels/http_post.h -- one request to a provider: HTTP POST, or a mail by SMTP, and above all
 * whether anything of it can have reached him when no answer came. It reads no answer. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define HTTP_POST_ANSWER_MAX (64 << 10)

struct http_post {
    const char *url;            /* https; http on this machine alone */
    const char *type;           /* of the body; NULL: application/json */
    const char *const *headers; /* "Name: value" */
    size_t headers_count;
    const char *user; /* HTTP basic; NULL: none */
    const char *password;
    const char *body;
    const char *ca; /* file; NULL: the system's */
    long timeout_ms;
};

struct http_answer {
    int64_t status; /* HTTP status or SMTP reply */
    char body[HTTP_POST_ANSWER_MAX + 1];
};

/* Blocks for timeout_ms at most. 0: *ret has the answer, whatever it says.
 *   -EIO        nothing reached the provider
 *   -ETIMEDOUT  something did, and no whole answer came: it may have been taken
 *   -EINVAL     the url is not allowed        -ENOMEM */
NODISCARD int http_post(const struct http_post *request, struct http_answer *ret);

struct smtp_mail {
    const char *url;  /* smtps, or smtp with STARTTLS; smtp in the open on this machine alone */
    const char *from; /* an address */
    const char *to;
    const char *text; /* headers and body, lines end with CR LF */
    const char *user; /* "": none */
    const char *password;
    const char *ca;
    long timeout_ms;
};

/* The same; a reply of 400 or more is an answer. */
NODISCARD int smtp_send(const struct smtp_mail *mail, struct http_answer *ret);
