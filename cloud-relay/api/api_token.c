/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_token.h"

#include <assert.h>
#include <errno.h>
#include <jwt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_text.h"
#include "text.h"

int api_secret_read(const char *path, struct diag *reterr, struct api_secret *ret)
{
    assert(path && ret);
    struct stat st;
    char *text = NULL;
    size_t len = 0;
    int err = stat(path, &st) < 0 ? -errno : file_text(path, sizeof(ret->bytes), &text, &len);
    if (err == 0 && ((st.st_mode & 077) != 0 || len < API_SECRET_LEAST))
        err = -EINVAL;
    if (err < 0)
        diag_set(reterr, 0, "%s: %s", path,
                 err == -EINVAL ? "32 to 64 bytes that their owner alone may read are wanted"
                                : strerror(-err));
    else
        memcpy(ret->bytes, text, len);
    ret->len = len;
    if (text)
        explicit_bzero(text, len);
    free(text);
    return err;
}

static const char *const kind_names[] = {[TOKEN_ACCESS] = "access", [TOKEN_REFRESH] = "refresh"};

DEFINE_AUTO(jwt);

int api_token_write(const struct api_secret *secret, const struct api_token *token,
                    char ret[API_TOKEN_SIZE])
{
    assert(secret && secret->len >= API_SECRET_LEAST && token && ret);
    AUTO(jwt) t = NULL;
    if (jwt_new(&t) != 0 || jwt_add_grant(t, "use", kind_names[token->kind]) != 0 ||
        jwt_add_grant(t, "ten", token->tenant) != 0 || jwt_add_grant(t, "sub", token->user) != 0 ||
        jwt_add_grant_int(t, "ver", (long)token->version) != 0 ||
        jwt_add_grant_int(t, "exp", (long)token->expires_s) != 0 ||
        jwt_set_alg(t, JWT_ALG_HS256, secret->bytes, (int)secret->len) != 0)
        return -ENOMEM;
    char *text = jwt_encode_str(t);
    int err = text ? text_copy(ret, API_TOKEN_SIZE, text) : -ENOMEM;
    free(text);
    return err < 0 ? -ENOMEM : 0;
}

static int copy_grant(struct jwt *t, const char *name, char *dst, size_t size)
{
    const char *value = jwt_get_grant(t, name);
    return value && text_copy(dst, size, value) == 0 ? 0 : -EBADMSG;
}

int api_token_read(const struct api_secret *secret, const char *text, enum api_token_kind kind,
                   int64_t now_s, struct api_token *ret)
{
    assert(secret && secret->len >= API_SECRET_LEAST && text && ret);
    if (strlen(text) >= API_TOKEN_SIZE)
        return -EBADMSG;
    AUTO(jwt) t = NULL;
    /* The algorithm is ours to choose, never the token's: "none" and others are refused. */
    if (jwt_decode(&t, text, secret->bytes, (int)secret->len) != 0 ||
        jwt_get_alg(t) != JWT_ALG_HS256)
        return -EBADMSG;
    const char *use = jwt_get_grant(t, "use");
    if (!use || strcmp(use, kind_names[kind]) != 0)
        return -EBADMSG;
    struct api_token token = {.kind = kind};
    if (copy_grant(t, "ten", token.tenant, sizeof(token.tenant)) < 0 ||
        copy_grant(t, "sub", token.user, sizeof(token.user)) < 0)
        return -EBADMSG;
    token.version = jwt_get_grant_int(t, "ver");
    token.expires_s = jwt_get_grant_int(t, "exp");
    if (token.expires_s <= now_s)
        return -ETIME;
    *ret = token;
    return 0;
}
