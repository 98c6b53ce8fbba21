/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "channel_secret.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "file_text.h"
#include "text.h"

#define PATH_SIZE 512

static const char *const names[CHANNEL_SECRET_COUNT] = {
    [SECRET_WHATSAPP_TOKEN] = "whatsapp.token",
    [SECRET_WHATSAPP_APP] = "whatsapp.app_secret",
    [SECRET_WHATSAPP_VERIFY] = "whatsapp.verify_token",
    [SECRET_SMS_KEY] = "sms.key",
    [SECRET_SMS_CALLBACK] = "sms.callback_secret",
    [SECRET_EMAIL_PASSWORD] = "email.password",
    [SECRET_EMAIL_CALLBACK] = "email.callback_secret",
    [SECRET_UNSUBSCRIBE] = "unsubscribe.secret",
};

const char *channel_secret_name(enum channel_secret secret)
{
    assert((size_t)secret < ARRAY_LEN(names));
    return names[secret];
}

int channel_secret_parse(const char *name, enum channel_secret *ret)
{
    assert(name && ret);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(names[i], name) == 0) {
            *ret = (enum channel_secret)i;
            return 0;
        }
    return -EINVAL;
}

int channel_secret_path(const char *folder, const char *tenant, const char *name, char *ret,
                        size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    assert(folder && tenant && name && ret);
    size_t len = strlen(tenant);
    if (len == 0 || len > 32 || strspn(tenant, letters) != len)
        return -EINVAL;
    int n = snprintf(ret, size, "%s/%s/%s", folder, tenant, name);
    return n < 0 || (size_t)n >= size ? -EINVAL : 0;
}

/* The first line, which must be all that stands there. */
static int take_line(char *text, size_t len, char ret[CHANNEL_SECRET_SIZE])
{
    if (len > 0 && text[len - 1] == '\n')
        text[--len] = '\0';
    if (strlen(text) != len || !text_is_code(text))
        return -EINVAL;
    return text_copy(ret, CHANNEL_SECRET_SIZE, text) < 0 ? -EINVAL : 0;
}

int channel_secret_read(const char *folder, const char *tenant, enum channel_secret secret,
                        char ret[CHANNEL_SECRET_SIZE], struct diag *reterr)
{
    assert(folder && tenant && ret);
    char path[PATH_SIZE];
    struct stat st;
    char *text = NULL;
    size_t len = 0;
    if (folder[0] == '\0')
        return -ENOENT;
    int err = channel_secret_path(folder, tenant, channel_secret_name(secret), path, sizeof(path));
    if (err == 0 && stat(path, &st) < 0)
        err = -errno;
    if (err == 0 && (st.st_mode & 077) != 0)
        err = -EPERM;
    if (err == 0)
        err = file_text(path, CHANNEL_SECRET_SIZE, &text, &len);
    if (err == 0)
        err = take_line(text, len, ret);
    if (text)
        explicit_bzero(text, len);
    free(text);
    if (err == -EFBIG)
        err = -EINVAL;
    if (err < 0 && err != -ENOENT)
        diag_set(reterr, 0, "%s of %.32s: %s", channel_secret_name(secret), tenant,
                 err == -EPERM    ? "its owner alone may read it (mode 0600)"
                 : err == -EINVAL ? "one line of 1 to 1024 printable characters is wanted"
                                  : strerror(-err));
    return err;
}
