/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <errno.h>
#include <mbedtls/asn1write.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "authority.h"
#include "certificate_mbedtls.h"
#include "key_mbedtls.h"

#define FIXED_BYTES 1024 /* names, times, number and signature */
#define ROW_BYTES 64     /* of one that was withdrawn: 20 bytes of serial, 15 of time, heads */
#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)

/* mbedtls reads such lists and writes none. DER is written backwards: p goes down, and the first
 * code that is negative stays. */
struct writer {
    unsigned char *start;
    unsigned char *p;
    int code;
};

static void keep(struct writer *w, int code)
{
    if (w->code == 0 && code < 0)
        w->code = code;
}

static void wrap(struct writer *w, const unsigned char *end, unsigned char tag)
{
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_len(&w->p, w->start, (size_t)(end - w->p)));
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_tag(&w->p, w->start, tag));
}

/* RFC 5280, section 5.1.2.4: UTCTime through 2049, GeneralizedTime from 2050. */
static void write_time(struct writer *w, int64_t ms)
{
    char text[24];
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    if (!gmtime_r(&s, &tm)) {
        keep(w, MBEDTLS_ERR_ASN1_INVALID_DATA);
        return;
    }
    bool late = tm.tm_year >= 150;
    size_t skip = late ? 0 : 2; /* the century */
    size_t len = strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm) - skip;
    unsigned char tag = late ? MBEDTLS_ASN1_GENERALIZED_TIME : MBEDTLS_ASN1_UTC_TIME;
    unsigned char *end = w->p;
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_raw_buffer(&w->p, w->start, (unsigned char *)text + skip, len));
    wrap(w, end, tag);
}

static int write_serial(struct writer *w, const char *hex)
{
    mbedtls_mpi serial;
    mbedtls_mpi_init(&serial);
    int err = mbedtls_mpi_read_string(&serial, 16, hex) == 0 ? 0 : -EINVAL;
    if (err == 0 && w->code == 0)
        keep(w, mbedtls_asn1_write_mpi(&w->p, w->start, &serial));
    mbedtls_mpi_free(&serial);
    return err;
}

static int write_revoked(struct writer *w, const struct authority_revoked *revoked, size_t count)
{
    unsigned char *list_end = w->p;
    for (size_t i = count; i-- > 0;) {
        unsigned char *end = w->p;
        write_time(w, revoked[i].at_ms);
        if (!*revoked[i].serial || write_serial(w, revoked[i].serial) < 0)
            return -EINVAL;
        wrap(w, end, SEQUENCE);
    }
    if (count > 0) /* an empty list is left out (section 5.1.2.6) */
        wrap(w, list_end, SEQUENCE);
    return 0;
}

/* [0] { { 2.5.29.20, OCTET STRING { INTEGER number } } }: section 5.2.3. */
static void write_number(struct writer *w, int64_t number)
{
    unsigned char *end = w->p;
    mbedtls_mpi n;
    mbedtls_mpi_init(&n);
    keep(w, mbedtls_mpi_lset(&n, number));
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_mpi(&w->p, w->start, &n));
    mbedtls_mpi_free(&n);
    wrap(w, end, MBEDTLS_ASN1_OCTET_STRING);
    static const char oid[] = "\x55\x1d\x14";
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_oid(&w->p, w->start, oid, sizeof(oid) - 1));
    wrap(w, end, SEQUENCE);
    wrap(w, end, SEQUENCE);
    wrap(w, end, MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED);
}

static void write_algorithm(struct writer *w)
{
    unsigned char *end = w->p;
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_oid(&w->p, w->start, MBEDTLS_OID_ECDSA_SHA256,
                                       MBEDTLS_OID_SIZE(MBEDTLS_OID_ECDSA_SHA256)));
    wrap(w, end, SEQUENCE);
}

/* The signature behind, then what was signed in front, moved up to it. */
static void seal(struct writer *w, const struct key *key, unsigned char *end)
{
    struct key *signer = (struct key *)key; /* mbedtls 2.28 takes no const, and only reads */
    size_t len = (size_t)(end - w->p);
    uint8_t digest[SHA256_SIZE];
    sha256(w->p, len, digest);
    unsigned char signature[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
    size_t signature_len = 0;
    keep(w, mbedtls_pk_sign(&signer->pk, MBEDTLS_MD_SHA256, digest, sizeof(digest), signature,
                            &signature_len, key_random, NULL));
    if (w->code < 0)
        return;
    const unsigned char *body = w->p;
    struct writer tail = {.start = w->start + FIXED_BYTES / 2, .p = w->start + FIXED_BYTES};
    unsigned char *tail_end = tail.p;
    keep(&tail, mbedtls_asn1_write_bitstring(&tail.p, tail.start, signature, signature_len * 8));
    write_algorithm(&tail);
    keep(w, tail.code);
    size_t tail_len = (size_t)(tail_end - tail.p);
    memmove(w->p - tail_len, body, len);
    memcpy(end - tail_len, tail.p, tail_len);
    w->p -= tail_len;
    wrap(w, end, SEQUENCE);
}

static int write_pem(const unsigned char *der, size_t len, char **ret_pem)
{
    static const char begin[] = "-----BEGIN X509 CRL-----\n";
    static const char end[] = "-----END X509 CRL-----\n";
    size_t size = 0;
    mbedtls_pem_write_buffer(begin, end, der, len, NULL, 0, &size); /* how much it takes */
    char *pem = malloc(size);
    if (!pem)
        return -ENOMEM;
    int code = mbedtls_pem_write_buffer(begin, end, der, len, (unsigned char *)pem, size, &size);
    if (code != 0) {
        free(pem);
        return key_err(code);
    }
    *ret_pem = pem;
    return 0;
}

/* tbsCertList (section 5.1.2), from its end: number, list, next, now, issuer, algorithm, version.
 */
static int write_list(struct writer *w, mbedtls_x509_crt *issuer,
                      const struct authority_revoked *revoked, size_t count, int64_t number,
                      int64_t now_ms, int64_t next_ms)
{
    unsigned char *end = w->p;
    write_number(w, number);
    int err = write_revoked(w, revoked, count);
    write_time(w, next_ms);
    write_time(w, now_ms);
    if (w->code == 0) /* as it stands in the certificate, to the byte */
        keep(w, mbedtls_asn1_write_raw_buffer(&w->p, w->start, issuer->subject_raw.p,
                                              issuer->subject_raw.len));
    write_algorithm(w);
    if (w->code == 0)
        keep(w, mbedtls_asn1_write_int(&w->p, w->start, 1)); /* v2 */
    wrap(w, end, SEQUENCE);
    return err;
}

int authority_crl(const struct key *key, const char *issuer,
                  const struct authority_revoked *revoked, size_t count, int64_t number,
                  int64_t now_ms, int64_t next_ms, char **ret_pem)
{
    assert(key && issuer && (revoked || count == 0) && number >= 0 && ret_pem);
    if (count > AUTHORITY_REVOKED_MAX || next_ms <= now_ms || number > INT32_MAX)
        return -EINVAL;
    size_t size = 3 * FIXED_BYTES + count * ROW_BYTES;
    unsigned char *der = malloc(size);
    if (!der)
        return -ENOMEM;
    struct writer w = {.start = der, .p = der + size};
    mbedtls_x509_crt crt;
    mbedtls_x509_crt_init(&crt);
    int err = certificate_parse(issuer, &crt);
    struct certificate_facts facts = {.authority = false};
    uint8_t mine[SHA256_SIZE];
    key_fingerprint(key, mine);
    if (err == 0)
        certificate_facts_of(&crt, &facts);
    if (err == 0 && (!facts.authority || memcmp(mine, facts.key, sizeof(mine)) != 0))
        err = -EPERM;
    if (err == 0)
        err = write_list(&w, &crt, revoked, count, number, now_ms, next_ms);
    if (err == 0) {
        seal(&w, key, der + size);
        err = w.code == 0 ? write_pem(w.p, (size_t)(der + size - w.p), ret_pem) : key_err(w.code);
    }
    mbedtls_x509_crt_free(&crt);
    free(der);
    return err;
}
