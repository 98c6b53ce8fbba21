/* SPDX-License-Identifier: Apache-2.0 */
#include "authority.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <mbedtls/asn1write.h>
#include <mbedtls/oid.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "certificate_mbedtls.h"
#include "key_mbedtls.h"

#define SERIAL_BYTES 16
#define HOSTS_DER_SIZE 1024
#define TIME_SIZE 16 /* "YYYYMMDDhhmmss" and NUL, with one to spare */

static int write_time(int64_t ms, char ret[TIME_SIZE])
{
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    if (!gmtime_r(&s, &tm) || strftime(ret, TIME_SIZE, "%Y%m%d%H%M%S", &tm) != 14)
        return -EINVAL;
    return 0;
}

static int set_serial(mbedtls_x509write_cert *crt)
{
    unsigned char bytes[SERIAL_BYTES];
    mbedtls_mpi serial;
    mbedtls_mpi_init(&serial);
    int code = key_random(NULL, bytes, sizeof(bytes));
    bytes[0] = (unsigned char)(0x40 | (bytes[0] & 0x3F)); /* positive, and always of one length */
    if (code == 0)
        code = mbedtls_mpi_read_binary(&serial, bytes, sizeof(bytes));
    if (code == 0)
        code = mbedtls_x509write_crt_set_serial(crt, &serial);
    mbedtls_mpi_free(&serial);
    return code;
}

/* RFC 5280, section 4.2.1.12: what the key may be used for. */
static int set_purpose(mbedtls_x509write_cert *crt, enum authority_role role)
{
    unsigned char der[32];
    unsigned char *p = der + sizeof(der);
    const char *oid = role == AUTHORITY_SERVER ? MBEDTLS_OID_SERVER_AUTH : MBEDTLS_OID_CLIENT_AUTH;
    int len = mbedtls_asn1_write_oid(&p, der, oid, MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH));
    if (len > 0)
        len += mbedtls_asn1_write_len(&p, der, (size_t)len);
    if (len > 0)
        len += mbedtls_asn1_write_tag(&p, der, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    if (len < 0)
        return len;
    return mbedtls_x509write_crt_set_extension(crt, MBEDTLS_OID_EXTENDED_KEY_USAGE,
                                               MBEDTLS_OID_SIZE(MBEDTLS_OID_EXTENDED_KEY_USAGE), 0,
                                               p, (size_t)len);
}

/* One host in front of what is at *p (DER is written backwards): [2] a name, [7] an address. */
static int write_host(unsigned char **p, unsigned char *start, const char *host)
{
    unsigned char address[16];
    const unsigned char *bytes = (const unsigned char *)host;
    size_t len = strlen(host);
    unsigned char tag = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2;
    if (inet_pton(AF_INET, host, address) == 1)
        len = 4;
    else if (inet_pton(AF_INET6, host, address) == 1)
        len = 16;
    if (len != strlen(host) || strchr(host, ':')) {
        bytes = address;
        tag = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;
    }
    int written = mbedtls_asn1_write_raw_buffer(p, start, bytes, len);
    if (written < 0)
        return written;
    int head = mbedtls_asn1_write_len(p, start, len);
    if (head < 0)
        return head;
    int tagged = mbedtls_asn1_write_tag(p, start, tag);
    return tagged < 0 ? tagged : written + head + tagged;
}

/* RFC 5280, section 4.2.1.6. */
static int set_hosts(mbedtls_x509write_cert *crt, const struct authority_order *order)
{
    unsigned char der[HOSTS_DER_SIZE];
    unsigned char *p = der + sizeof(der);
    size_t len = 0;
    for (size_t i = order->hosts_count; i-- > 0;) {
        int n = write_host(&p, der, order->hosts[i]);
        if (n < 0)
            return n;
        len += (size_t)n;
    }
    int n = mbedtls_asn1_write_len(&p, der, len);
    int tagged =
        n < 0 ? n
              : mbedtls_asn1_write_tag(&p, der, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
    if (tagged < 0)
        return tagged;
    return mbedtls_x509write_crt_set_extension(crt, MBEDTLS_OID_SUBJECT_ALT_NAME,
                                               MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0, p,
                                               len + (size_t)n + (size_t)tagged);
}

static int set_use(mbedtls_x509write_cert *crt, const struct authority_order *order, bool authority,
                   int depth)
{
    int code = mbedtls_x509write_crt_set_basic_constraints(crt, authority, depth);
    if (code == 0)
        code = mbedtls_x509write_crt_set_key_usage(
            crt, authority ? MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN
                           : MBEDTLS_X509_KU_DIGITAL_SIGNATURE);
    if (code == 0 && !authority)
        code = set_purpose(crt, order->role);
    if (code == 0 && order && order->hosts_count > 0)
        code = set_hosts(crt, order);
    return code;
}

/* Everything but whose certificate it is. */
static int write_certificate(mbedtls_x509write_cert *crt, const char *subject, const char *issuer,
                             int64_t from_ms, int64_t to_ms, char ret_pem[CERTIFICATE_PEM_SIZE])
{
    char from[TIME_SIZE];
    char to[TIME_SIZE];
    if (write_time(from_ms, from) < 0 || write_time(to_ms, to) < 0)
        return -EINVAL;
    mbedtls_x509write_crt_set_version(crt, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(crt, MBEDTLS_MD_SHA256);
    unsigned char pem[CERTIFICATE_PEM_SIZE];
    int code = set_serial(crt);
    if (code == 0)
        code = mbedtls_x509write_crt_set_subject_name(crt, subject);
    if (code == 0)
        code = mbedtls_x509write_crt_set_issuer_name(crt, issuer);
    if (code == 0)
        code = mbedtls_x509write_crt_set_validity(crt, from, to);
    if (code == 0)
        code = mbedtls_x509write_crt_set_subject_key_identifier(crt);
    if (code == 0)
        code = mbedtls_x509write_crt_set_authority_key_identifier(crt);
    if (code == 0)
        code = mbedtls_x509write_crt_pem(crt, pem, sizeof(pem), key_random, NULL);
    if (code != 0)
        return key_err(code);
    memcpy(ret_pem, pem, sizeof(pem));
    return 0;
}

int authority_root(const struct key *key, const char *name, int64_t from_ms, int64_t to_ms,
                   char ret_pem[CERTIFICATE_PEM_SIZE])
{
    assert(key && name && ret_pem);
    char subject[CERTIFICATE_SUBJECT_SIZE];
    int err = certificate_subject(name, subject);
    if (err < 0 || to_ms <= from_ms)
        return -EINVAL;
    struct key *signer = (struct key *)key; /* mbedtls 2.28 takes no const, and only reads */
    mbedtls_x509write_cert crt;
    mbedtls_x509write_crt_init(&crt);
    mbedtls_x509write_crt_set_subject_key(&crt, &signer->pk);
    mbedtls_x509write_crt_set_issuer_key(&crt, &signer->pk);
    err = key_err(set_use(&crt, NULL, true, 1)); /* one kind of authority stands under it */
    if (err == 0)
        err = write_certificate(&crt, subject, subject, from_ms, to_ms, ret_pem);
    mbedtls_x509write_crt_free(&crt);
    return err;
}

/* The issuer's own facts, when the key is its. */
static int read_issuer(const struct key *key, const char *issuer,
                       char ret[CERTIFICATE_SUBJECT_SIZE])
{
    struct certificate_facts facts;
    int err = certificate_read(issuer, &facts);
    if (err < 0)
        return err;
    uint8_t mine[SHA256_SIZE];
    key_fingerprint(key, mine);
    if (!facts.authority || memcmp(mine, facts.key, sizeof(mine)) != 0)
        return -EPERM;
    return certificate_subject(facts.name, ret);
}

static bool order_makes_sense(const struct authority_order *order)
{
    bool server = order->role == AUTHORITY_SERVER;
    bool good = order->to_ms > order->from_ms && server == (order->hosts_count > 0) &&
                order->hosts_count <= AUTHORITY_HOSTS_MAX;
    for (size_t i = 0; good && i < order->hosts_count; i++)
        good = *order->hosts[i] && strlen(order->hosts[i]) < CERTIFICATE_NAME_SIZE;
    return good;
}

int authority_issue(const struct key *key, const char *issuer, const struct authority_order *order,
                    char ret_pem[CERTIFICATE_PEM_SIZE])
{
    assert(key && issuer && order && order->name && order->request && ret_pem);
    char subject[CERTIFICATE_SUBJECT_SIZE];
    char signed_by[CERTIFICATE_SUBJECT_SIZE];
    if (!order_makes_sense(order) || certificate_subject(order->name, subject) < 0)
        return -EINVAL;
    int err = read_issuer(key, issuer, signed_by);
    if (err < 0)
        return err;
    struct key *signer = (struct key *)key;
    mbedtls_x509_csr csr;
    mbedtls_x509write_cert crt;
    mbedtls_x509_csr_init(&csr);
    mbedtls_x509write_crt_init(&crt);
    err = certificate_request_parse(order->request, &csr);
    mbedtls_x509write_crt_set_subject_key(&crt, &csr.pk);
    mbedtls_x509write_crt_set_issuer_key(&crt, &signer->pk);
    bool authority = order->role == AUTHORITY_TENANT;
    if (err == 0)
        err = key_err(set_use(&crt, order, authority, authority ? 0 : -1));
    if (err == 0)
        err = write_certificate(&crt, subject, signed_by, order->from_ms, order->to_ms, ret_pem);
    mbedtls_x509write_crt_free(&crt);
    mbedtls_x509_csr_free(&csr);
    return err;
}
