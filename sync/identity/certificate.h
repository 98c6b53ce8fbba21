/* SPDX-License-Identifier: Apache-2.0 */
/* identity/certificate.h -- X.509 certificates and requests as an appliance and its relay use them:
 * asked for, read, and checked against an authority at a given time. Signing them is
 * identity/authority.h. All are PEM texts. No clock: the caller says what time it is and whether
 * that is to be believed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "key.h"
#include "origin.h"

#define CERTIFICATE_NAME_SIZE 66 /* "<tenant>.<device>", or an authority's name, and NUL */
#define CERTIFICATE_SERIAL_SIZE 41
#define CERTIFICATE_PEM_SIZE 8192 /* of a chain */
#define CERTIFICATE_REQUEST_SIZE 2048
#define CERTIFICATE_CRL_SIZE (1 << 20)

struct certificate_facts {
    char name[CERTIFICATE_NAME_SIZE]; /* common name */
    char issuer[CERTIFICATE_NAME_SIZE];
    char serial[CERTIFICATE_SERIAL_SIZE]; /* hexadecimal */
    int64_t from_ms;
    int64_t to_ms; /* the last instant that it holds */
    bool authority;
    uint8_t fingerprint[SHA256_SIZE]; /* of the certificate (DER) */
    uint8_t key[SHA256_SIZE];         /* key_fingerprint() of what it certifies */
};

/* "<tenant>.<device>": the certificate's name, the MQTT user's and the topics'. Returns buf. */
const char *certificate_name(const struct origin *origin, char buf[CERTIFICATE_NAME_SIZE]);

/* Splits such a name. -EINVAL when it is none. */
NODISCARD int certificate_name_parse(const char *name, char ret_tenant[ORIGIN_TENANT_SIZE],
                                     char ret_device[ORIGIN_DEVICE_SIZE]);

/* A request for that name, signed by the key it is for. -EINVAL for a name that cannot stand in a
 * certificate (empty, too long, other than letters, digits, '-', '.', '_' and blanks), -ENOMEM,
 * -EIO. */
NODISCARD int certificate_request(const struct key *key, const char *name,
                                  char ret_pem[CERTIFICATE_REQUEST_SIZE]);

/* Reads a request and checks that whoever wrote it holds its key.
 *   -EBADMSG      no request, or with another key than P-256
 *   -EKEYREJECTED its signature does not hold */
NODISCARD int certificate_request_read(const char *pem, char ret_name[CERTIFICATE_NAME_SIZE],
                                       uint8_t ret_key[SHA256_SIZE]);

/* Reads the first certificate of a chain. -EBADMSG when there is none. */
NODISCARD int certificate_read(const char *pem, struct certificate_facts *ret);

struct certificate_check {
    const char *chain; /* leaf first, then its issuers */
    const char *ca;    /* the roots that are trusted */
    const char *crl;   /* lists of what was revoked, or NULL */
    const char *name;  /* that the leaf must bear, or NULL */
    int64_t now_ms;
    bool doubtful; /* the clock is not to be believed: all is checked but the dates */
};

/* Whether the leaf may be trusted.
 *   -EBADMSG      no certificate, or no root
 *   -EKEYREJECTED it does not lead to a root, a signature is wrong, or it bears another name
 *   -EKEYREVOKED  it, or an authority above it, was withdrawn
 *   -EKEYEXPIRED  not yet or no longer valid
 * *reterr says which, in all cases. */
NODISCARD int certificate_check(const struct certificate_check *check, struct diag *reterr);
