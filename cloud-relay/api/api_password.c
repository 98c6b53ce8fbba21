/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_password.h"

#include <assert.h>
#include <crypt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/* Nobody's: what a password of an unknown user is compared with. */
static const char nobody[] =
    "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7";

int api_password_hash(const char *password, char ret[API_HASH_SIZE])
{
    assert(password && ret);
    char setting[CRYPT_GENSALT_OUTPUT_SIZE];
    struct crypt_data *data = calloc(1, sizeof(*data)); /* 32 KiB: not for a thread's stack */
    if (!data)
        return -ENOMEM;
    int err = crypt_gensalt_rn("$y$", 0, NULL, 0, setting, sizeof(setting)) ? 0 : -EIO;
    const char *hash = err == 0 ? crypt_rn(password, setting, data, sizeof(*data)) : NULL;
    if (err == 0)
        err = hash ? text_copy(ret, API_HASH_SIZE, hash) : -EINVAL;
    explicit_bzero(data, sizeof(*data));
    free(data);
    return err;
}

/* Looks at every byte, so that time says nothing about where they differ. */
static bool equal(const char *a, const char *b)
{
    size_t len = strlen(a);
    if (len != strlen(b)) /* that of a hash is no secret */
        return false;
    int differ = 0;
    for (size_t i = 0; i < len; i++)
        differ |= a[i] ^ b[i];
    return differ == 0;
}

bool api_password_holds(const char *password, const char *hash)
{
    assert(password && hash);
    struct crypt_data *data = calloc(1, sizeof(*data));
    if (!data)
        return false;
    const char *want = hash[0] != '\0' ? hash : nobody;
    const char *got = crypt_rn(password, want, data, sizeof(*data));
    bool holds = hash[0] != '\0' && got && equal(got, hash);
    explicit_bzero(data, sizeof(*data));
    free(data);
    return holds;
}
