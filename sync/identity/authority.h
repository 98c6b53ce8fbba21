/* SPDX-License-Identifier: Apache-2.0 */
/* identity/authority.h -- the signing side: a root, one authority under it for each tenant, and
 * what they issue and withdraw. For the relay, and for demo and tests; an appliance never signs.
 * Who may have what is decided by the caller before. */
#pragma once

#include "certificate.h"

enum authority_role {
    AUTHORITY_TENANT, /* signs what belongs to one tenant, and no further authority */
    AUTHORITY_DEVICE, /* a client: an appliance, or a relay at its broker */
    AUTHORITY_SERVER, /* a broker or a web server, by host names and addresses */
};

#define AUTHORITY_HOSTS_MAX 8

struct authority_order {
    enum authority_role role;
    const char *name;    /* given by the authority, whatever the request says */
    const char *request; /* PEM: its key is certified; its signature is checked again */
    int64_t from_ms;
    int64_t to_ms;
    const char *hosts[AUTHORITY_HOSTS_MAX]; /* AUTHORITY_SERVER: names or numeric addresses */
    size_t hosts_count;
};

/* A root that signs itself. -EINVAL as certificate_request(), -ENOMEM, -EIO. */
NODISCARD int authority_root(const struct key *key, const char *name, int64_t from_ms,
                             int64_t to_ms, char ret_pem[CERTIFICATE_PEM_SIZE]);

/* Issues: *ret_pem is the new certificate alone; `issuer` (its chain) goes behind it where a chain
 * is wanted. The serial number is random, 128 bits.
 *   -EINVAL       a name that cannot stand in a certificate, dates the wrong way round, bad hosts
 *   -EPERM        the key is not the issuer's, or the issuer is no authority
 *   -EBADMSG -EKEYREJECTED  as certificate_request_read(); of the issuer: -EBADMSG
 *   -ENOMEM -EIO */
NODISCARD int authority_issue(const struct key *key, const char *issuer,
                              const struct authority_order *order,
                              char ret_pem[CERTIFICATE_PEM_SIZE]);

#define AUTHORITY_REVOKED_MAX 10000

struct authority_revoked {
    char serial[CERTIFICATE_SERIAL_SIZE]; /* hexadecimal */
    int64_t at_ms;
};

/* The list of what this issuer has withdrawn (RFC 5280, section 5), also when that is nothing: a
 * broker that checks lists wants one of every issuer. The text is from malloc(), for the caller to
 * free. Errors as authority_issue(), -EINVAL for a serial that is no number. */
NODISCARD int authority_crl(const struct key *key, const char *issuer,
                            const struct authority_revoked *revoked, size_t count, int64_t number,
                            int64_t now_ms, int64_t next_ms, char **ret_pem);
