/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <assert.h>
#include <errno.h>
#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certificate_mbedtls.h"
#include "key_mbedtls.h"
#include "text.h"

const char *certificate_name(const struct origin *origin, char buf[CERTIFICATE_NAME_SIZE])
{
    assert(origin && buf);
    snprintf(buf, CERTIFICATE_NAME_SIZE, "%s.%s", origin->tenant, origin->device);
    return buf;
}

int certificate_name_parse(const char *name, char ret_tenant[ORIGIN_TENANT_SIZE],
                           char ret_device[ORIGIN_DEVICE_SIZE])
{
    assert(name && ret_tenant && ret_device);
    struct origin o = {.epoch = 1};
    const char *dot = strchr(name, '.');
    if (!dot || text_copy_n(o.tenant, sizeof(o.tenant), name, (size_t)(dot - name)) < 0 ||
        text_copy(o.device, sizeof(o.device), dot + 1) < 0 || origin_check(&o, NULL) < 0)
        return -EINVAL;
    strcpy(ret_tenant, o.tenant);
    strcpy(ret_device, o.device);
    return 0;
}

int certificate_subject(const char *name, char ret[CERTIFICATE_SUBJECT_SIZE])
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-._ ";
    size_t len = strlen(name);
    if (len == 0 || len >= CERTIFICATE_NAME_SIZE || strspn(name, allowed) != len ||
        !text_is_code(name))
        return -EINVAL;
    snprintf(ret, CERTIFICATE_SUBJECT_SIZE, "CN=%s", name);
    return 0;
}

int certificate_request(const struct key *key, const char *name,
                        char ret_pem[CERTIFICATE_REQUEST_SIZE])
{
    assert(key && name && ret_pem);
    char subject[CERTIFICATE_SUBJECT_SIZE];
    int err = certificate_subject(name, subject);
    if (err < 0)
        return err;
    unsigned char pem[CERTIFICATE_REQUEST_SIZE];
    struct key *signer = (struct key *)key; /* mbedtls 2.28 takes no const, and only reads */
    mbedtls_x509write_csr csr;
    mbedtls_x509write_csr_init(&csr);
    mbedtls_x509write_csr_set_md_alg(&csr, MBEDTLS_MD_SHA256);
    mbedtls_x509write_csr_set_key(&csr, &signer->pk);
    int code = mbedtls_x509write_csr_set_subject_name(&csr, subject);
    if (code == 0)
        code = mbedtls_x509write_csr_pem(&csr, pem, sizeof(pem), key_random, NULL);
    mbedtls_x509write_csr_free(&csr);
    if (code != 0)
        return key_err(code);
    memcpy(ret_pem, pem, sizeof(pem));
    return 0;
}

/* The common name; "" when there is none, or one that does not fit. */
static void common_name(const mbedtls_x509_name *name, char ret[CERTIFICATE_NAME_SIZE])
{
    ret[0] = '\0';
    for (; name; name = name->next)
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0 &&
            text_copy_n(ret, CERTIFICATE_NAME_SIZE, (const char *)name->val.p, name->val.len) < 0)
            ret[0] = '\0';
}

int certificate_request_parse(const char *pem, mbedtls_x509_csr *ret)
{
    int code = mbedtls_x509_csr_parse(ret, (const unsigned char *)pem, strlen(pem) + 1);
    if (code != 0)
        return key_err(code);
    if (mbedtls_pk_get_type(&ret->pk) != MBEDTLS_PK_ECKEY ||
        mbedtls_pk_ec(ret->pk)->grp.id != MBEDTLS_ECP_DP_SECP256R1 ||
        ret->sig_md != MBEDTLS_MD_SHA256)
        return -EBADMSG;
    uint8_t digest[SHA256_SIZE];
    sha256(ret->cri.p, ret->cri.len, digest);
    code =
        mbedtls_pk_verify(&ret->pk, ret->sig_md, digest, sizeof(digest), ret->sig.p, ret->sig.len);
    return code == 0 ? 0 : -EKEYREJECTED;
}

int certificate_request_read(const char *pem, char ret_name[CERTIFICATE_NAME_SIZE],
                             uint8_t ret_key[SHA256_SIZE])
{
    assert(pem && ret_name && ret_key);
    mbedtls_x509_csr csr;
    mbedtls_x509_csr_init(&csr);
    int err = certificate_request_parse(pem, &csr);
    if (err == 0) {
        common_name(&csr.subject, ret_name);
        key_fingerprint_of(&csr.pk, ret_key);
    }
    mbedtls_x509_csr_free(&csr);
    return err;
}

static int64_t utc_ms(const mbedtls_x509_time *t)
{
    struct tm tm = {.tm_year = t->year - 1900,
                    .tm_mon = t->mon - 1,
                    .tm_mday = t->day,
                    .tm_hour = t->hour,
                    .tm_min = t->min,
                    .tm_sec = t->sec};
    return (int64_t)timegm(&tm) * 1000;
}

void certificate_facts_of(mbedtls_x509_crt *crt, struct certificate_facts *ret)
{
    struct certificate_facts f = {.from_ms = utc_ms(&crt->valid_from),
                                  .to_ms = utc_ms(&crt->valid_to) + 999,
                                  .authority = crt->ca_istrue != 0};
    common_name(&crt->subject, f.name);
    common_name(&crt->issuer, f.issuer);
    const size_t digits = (sizeof(f.serial) - 1) / 2;
    for (size_t i = 0; i < crt->serial.len && i < digits; i++)
        snprintf(f.serial + 2 * i, 3, "%02x", crt->serial.p[i]);
    sha256(crt->raw.p, crt->raw.len, f.fingerprint);
    key_fingerprint_of(&crt->pk, f.key);
    *ret = f;
}

int certificate_parse(const char *pem, mbedtls_x509_crt *ret)
{
    /* A positive answer counts certificates that could not be read: none may be among ours. */
    int code = mbedtls_x509_crt_parse(ret, (const unsigned char *)pem, strlen(pem) + 1);
    return code > 0 ? -EBADMSG : key_err(code);
}

int certificate_read(const char *pem, struct certificate_facts *ret)
{
    assert(pem && ret);
    mbedtls_x509_crt crt;
    mbedtls_x509_crt_init(&crt);
    int err = certificate_parse(pem, &crt);
    if (err == 0)
        certificate_facts_of(&crt, ret);
    mbedtls_x509_crt_free(&crt);
    return err;
}

/* mbedtls compares dates with the system's clock, which may be years off: its verdict on them is
 * taken back, and they are compared with the time that the caller believes. */
struct verdict {
    int64_t now_ms;
    bool doubtful;
    bool expired;
};

static int judge_one(void *context, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    (void)depth;
    struct verdict *v = context;
    *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE |
                          MBEDTLS_X509_BADCRL_EXPIRED | MBEDTLS_X509_BADCRL_FUTURE);
    if (!v->doubtful &&
        (v->now_ms < utc_ms(&crt->valid_from) || v->now_ms > utc_ms(&crt->valid_to) + 999))
        v->expired = true;
    return 0;
}

static int say(uint32_t flags, const struct verdict *v, struct diag *reterr)
{
    if (flags & MBEDTLS_X509_BADCERT_REVOKED) {
        diag_set(reterr, 0, "the certificate, or its issuer, was withdrawn");
        return -EKEYREVOKED;
    }
    if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) {
        diag_set(reterr, 0, "the certificate is of another name");
        return -EKEYREJECTED;
    }
    if (flags != 0) {
        diag_set(reterr, 0, "the certificate does not lead to the authority that is trusted");
        return -EKEYREJECTED;
    }
    if (v->expired) {
        diag_set(reterr, 0, "the certificate, or its issuer, is not yet or no longer valid");
        return -EKEYEXPIRED;
    }
    return 0;
}

static int verify(const struct certificate_check *check, mbedtls_x509_crt *chain,
                  mbedtls_x509_crt *ca, mbedtls_x509_crl *crl, struct diag *reterr)
{
    struct certificate_facts facts;
    certificate_facts_of(chain, &facts);
    struct verdict v = {.now_ms = check->now_ms, .doubtful = check->doubtful};
    uint32_t flags = 0;
    int code =
        mbedtls_x509_crt_verify(chain, ca, check->crl ? crl : NULL, NULL, &flags, judge_one, &v);
    if (code != 0 && code != MBEDTLS_ERR_X509_CERT_VERIFY_FAILED)
        flags |= MBEDTLS_X509_BADCERT_OTHER;
    if (check->name && strcmp(check->name, facts.name) != 0)
        flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    return say(flags, &v, reterr);
}

int certificate_check(const struct certificate_check *check, struct diag *reterr)
{
    assert(check && check->chain && check->ca);
    mbedtls_x509_crt chain;
    mbedtls_x509_crt ca;
    mbedtls_x509_crl crl;
    mbedtls_x509_crt_init(&chain);
    mbedtls_x509_crt_init(&ca);
    mbedtls_x509_crl_init(&crl);
    int err = certificate_parse(check->chain, &chain);
    if (err == 0)
        err = certificate_parse(check->ca, &ca);
    if (err == 0 && check->crl)
        err = key_err(mbedtls_x509_crl_parse(&crl, (const unsigned char *)check->crl,
                                             strlen(check->crl) + 1));
    if (err < 0)
        diag_set(reterr, 0, "not a certificate, or a list of withdrawn ones, that can be read");
    else
        err = verify(check, &chain, &ca, &crl, reterr);
    mbedtls_x509_crl_free(&crl);
    mbedtls_x509_crt_free(&ca);
    mbedtls_x509_crt_free(&chain);
    return err;
}
