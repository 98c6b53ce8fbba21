/* SPDX-License-Identifier: Apache-2.0 */
#include "key.h"

#include <assert.h>
#include <errno.h>
#include <mbedtls/bignum.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/pem.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "file_replace.h"
#include "file_text.h"
#include "key_mbedtls.h"

#define PEM_SIZE 512 /* a P-256 key takes some 230 bytes */
#define DER_SIZE 128 /* its public half takes 91 */

int key_random(void *context, unsigned char *ret, size_t len)
{
    (void)context;
    while (len > 0) {
        ssize_t n = getrandom(ret, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
        ret += n;
        len -= (size_t)n;
    }
    return 0;
}

int key_err(int code)
{
    /* The last seven bits are what failed, the bits above who called it (mbedtls/error.h). */
    int low = -code & 0x7F;
    int high = -code & 0xFF80;
    if (code >= 0)
        return 0;
    if (low == -MBEDTLS_ERR_ENTROPY_SOURCE_FAILED)
        return -EIO;
    return low == -MBEDTLS_ERR_MPI_ALLOC_FAILED || high == -MBEDTLS_ERR_PK_ALLOC_FAILED ||
                   high == -MBEDTLS_ERR_PEM_ALLOC_FAILED || high == -MBEDTLS_ERR_ECP_ALLOC_FAILED ||
                   high == -MBEDTLS_ERR_X509_ALLOC_FAILED
               ? -ENOMEM
               : -EBADMSG;
}

static int allocate(struct key **ret)
{
    struct key *k = calloc(1, sizeof(*k));
    if (!k)
        return -ENOMEM;
    mbedtls_pk_init(&k->pk);
    *ret = k;
    return 0;
}

void key_free(struct key *k)
{
    if (!k)
        return;
    mbedtls_pk_free(&k->pk);
    free(k);
}

static bool is_p256(const struct key *k)
{
    return mbedtls_pk_get_type(&k->pk) == MBEDTLS_PK_ECKEY &&
           mbedtls_pk_ec(k->pk)->grp.id == MBEDTLS_ECP_DP_SECP256R1;
}

int key_read(const char *path, struct key **ret)
{
    assert(path && ret);
    struct stat st;
    if (stat(path, &st) < 0)
        return -errno;
    if (st.st_mode & 077)
        return -EPERM;
    char *text = NULL;
    size_t len = 0;
    int err = file_text(path, PEM_SIZE, &text, &len);
    if (err == -EFBIG)
        return -EBADMSG;
    if (err < 0)
        return err;
    AUTO(key) k = NULL;
    err = allocate(&k);
    if (err == 0)
        err = key_err(mbedtls_pk_parse_key(&k->pk, (const unsigned char *)text, len + 1, NULL, 0));
    if (err == 0 && !is_p256(k))
        err = -EBADMSG;
    mbedtls_platform_zeroize(text, len);
    free(text);
    if (err < 0)
        return err;
    *ret = TAKE(k);
    return 0;
}

static int make(const char *path, struct key **ret)
{
    AUTO(key) k = NULL;
    int err = allocate(&k);
    if (err < 0)
        return err;
    unsigned char pem[PEM_SIZE];
    int code = mbedtls_pk_setup(&k->pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
    if (code == 0)
        code =
            mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(k->pk), key_random, NULL);
    if (code == 0)
        code = mbedtls_pk_write_key_pem(&k->pk, pem, sizeof(pem));
    err =
        code == 0 ? file_replace(path, pem, strlen((char *)pem), FILE_MODE_SECRET) : key_err(code);
    mbedtls_platform_zeroize(pem, sizeof(pem));
    if (err < 0)
        return err;
    *ret = TAKE(k);
    return 1;
}

int key_open(const char *path, struct key **ret)
{
    int err = key_read(path, ret);
    return err == -ENOENT ? make(path, ret) : err;
}

void key_fingerprint_of(mbedtls_pk_context *pk, uint8_t ret[SHA256_SIZE])
{
    unsigned char der[DER_SIZE * 8]; /* a request may bring a longer key of another kind */
    int len = mbedtls_pk_write_pubkey_der(pk, der, sizeof(der));
    assert(len > 0);
    sha256(der + sizeof(der) - (size_t)len, (size_t)len, ret);
}

void key_fingerprint(const struct key *k, uint8_t ret[SHA256_SIZE])
{
    assert(k && ret);
    struct key *readable = (struct key *)k; /* mbedtls 2.28 takes no const here, and only reads */
    key_fingerprint_of(&readable->pk, ret);
}
