/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_token.h -- signed tokens that say who is asking: JSON Web Tokens (RFC 7519) with HS256,
 * by libjwt. What a user may do is not in them: that is read from the store with each request. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "origin.h"

#define API_USER_SIZE 49
#define API_TOKEN_SIZE 1024
#define API_SECRET_LEAST 32 /* bytes of the key (RFC 7518, section 3.2) */
#define API_ACCESS_S 900
#define API_REFRESH_S 604800

enum api_token_kind { TOKEN_ACCESS, TOKEN_REFRESH };

struct api_secret {
    unsigned char bytes[64];
    size_t len; /* API_SECRET_LEAST or more */
};

struct api_token {
    enum api_token_kind kind;
    char tenant[ORIGIN_TENANT_SIZE];
    char user[API_USER_SIZE];
    int64_t version;   /* the user's token_version: a higher one there ends it */
    int64_t expires_s; /* since 1970 */
};

/* The secret out of its file. -EINVAL: no 32 to 64 bytes that their owner alone may read; else what
 * reading gives; with *reterr. */
NODISCARD int api_secret_read(const char *path, struct diag *reterr, struct api_secret *ret);

/* -ENOMEM. */
NODISCARD int api_token_write(const struct api_secret *secret, const struct api_token *token,
                              char ret[API_TOKEN_SIZE]);

/* -EBADMSG: no token of ours, or of another kind; -ETIME: it is over. */
NODISCARD int api_token_read(const struct api_secret *secret, const char *text,
                             enum api_token_kind kind, int64_t now_s, struct api_token *ret);
