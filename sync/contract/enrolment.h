/* SPDX-License-Identifier: Apache-2.0 */
/* contract/enrolment.h -- how an appliance comes by its name and certificate: the JSON bodies of
 * POST /enrol/v1/claim, read and written. It checks their form; whether a claim is good and a
 * signature holds is for the relay's ledger of claims and for identity/authority.h. Pure but for
 * cJSON's memory.
 *
 *   device                                                     relay
 *   {"v":1, "claim":"K7QF-93XM", "csr":"-----BEGIN ...",  ->
 *    "name":"acme.wh-1", "epoch":1,                             what its journal already begins
 *    "facts":{"serial":"...","hardware":"...","release":"..."}} with; left out when it has none
 *                      <-  200 {"v":1, "tenant":"acme", "device":"wh-1", "epoch":1, "shard":17,
 *                               "site":"Nagpur", "brokers":["mqtt-1.example.in:8883", ...],
 *                               "certificate":"(leaf, then its issuers)", "ca":"(root)",
 *                               "now":1768214400000}
 *
 *   {"v":1, "certificate":"(the present one)", "csr":"...", ->  a renewal: no claim. The request
 *    "name":"acme.wh-1", "epoch":1, "facts":{...}}              is signed by the certificate's own
 *                      <-  200 as above                         key, so an expired one can renew,
 *                                                               and a replay gains nothing
 *                      <-  4xx, 5xx {"error":"claim_used", "message":"in words"}
 *
 * The same claim with a request of the same key is answered the same way again: the first answer
 * may have been lost. With another key it is claim_used, and a person is told (a cloned code).
 * Members that are not known are passed over, so that old and new understand each other; known ones
 * are bounded and typed, and none may stand twice. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "origin.h"

#define ENROLMENT_VERSION 1
#define ENROLMENT_PATH "/enrol/v1/claim"
/* In the appliance's folder: what `vyaparctl claim` lays there for syncd, each file one line. */
#define ENROLMENT_FOLDER "identity"
#define ENROLMENT_CLAIM_FILE "claim"
#define ENROLMENT_RELAY_FILE "relay" /* https://HOST */
#define ENROLMENT_BODY_MAX 32768     /* bytes of any of the bodies */

#define ENROLMENT_CLAIM_SIZE 65
#define ENROLMENT_NAME_SIZE (ORIGIN_TENANT_SIZE + ORIGIN_DEVICE_SIZE) /* "<tenant>.<device>" */
#define ENROLMENT_FACT_SIZE 65
#define ENROLMENT_CSR_SIZE 2048
#define ENROLMENT_CHAIN_SIZE 8192
#define ENROLMENT_CA_SIZE 4096
#define ENROLMENT_SITE_SIZE 97
#define ENROLMENT_BROKERS_MAX 4
#define ENROLMENT_BROKER_SIZE 129 /* "host:port" */
#define ENROLMENT_SHARD_MAX 255
#define ENROLMENT_WORDS_SIZE 161

struct enrolment_request {
    char claim[ENROLMENT_CLAIM_SIZE];       /* "" in a renewal ... */
    char certificate[ENROLMENT_CHAIN_SIZE]; /* ... which has this instead: exactly one of both */
    char csr[ENROLMENT_CSR_SIZE];           /* PEM */
    char name[ENROLMENT_NAME_SIZE];         /* "": the relay gives it */
    uint32_t epoch;                         /* 0: the relay gives it */
    char serial[ENROLMENT_FACT_SIZE];       /* of the board; facts may be "" */
    char hardware[ENROLMENT_FACT_SIZE];
    char release[ENROLMENT_FACT_SIZE];
};

struct enrolment_grant {
    struct origin origin;
    int32_t shard; /* 0..ENROLMENT_SHARD_MAX */
    char site[ENROLMENT_SITE_SIZE];
    char brokers[ENROLMENT_BROKERS_MAX][ENROLMENT_BROKER_SIZE]; /* in order of preference */
    size_t brokers_count;                                       /* at least 1 */
    char certificate[ENROLMENT_CHAIN_SIZE];                     /* PEM: leaf, then its issuers */
    char ca[ENROLMENT_CA_SIZE];                                 /* PEM: the root */
    int64_t now_ms; /* the relay's time, for a device whose clock is doubtful */
};

/* Why a relay refuses, as the word on the wire. */
enum enrolment_refusal {
    ENROLMENT_MALFORMED,     /* 400: the body, or the certificate request in it */
    ENROLMENT_CLAIM_UNKNOWN, /* 403: no such claim, or not any more */
    ENROLMENT_CLAIM_USED,    /* 409: taken by another key */
    ENROLMENT_MISMATCH,      /* 409: the claim is for another name or epoch than the journal's */
    ENROLMENT_REVOKED,       /* 403: the certificate was withdrawn; only a new claim helps */
    ENROLMENT_BUSY,          /* 429 or 503: the same again later */
};
#define ENROLMENT_REFUSAL_COUNT 6

const char *enrolment_refusal_name(enum enrolment_refusal why); /* static */
int enrolment_refusal_status(enum enrolment_refusal why);       /* its HTTP status */

/* Writers: the text in memory from malloc() that the caller frees. NULL: out of memory. */
NODISCARD char *enrolment_request_write(const struct enrolment_request *r);
NODISCARD char *enrolment_grant_write(const struct enrolment_grant *g);
NODISCARD char *enrolment_refusal_write(enum enrolment_refusal why, const char *words);

/* Readers of a text of len bytes.
 *   -EINVAL  *reterr names the member and what is allowed
 *   -EPROTO  of another version than ENROLMENT_VERSION
 *   -ENOMEM */
NODISCARD int enrolment_request_read(const char *text, size_t len, struct diag *reterr,
                                     struct enrolment_request *ret);
NODISCARD int enrolment_grant_read(const char *text, size_t len, struct diag *reterr,
                                   struct enrolment_grant *ret);

/* A word that this release does not know is ENROLMENT_BUSY: later helps. */
NODISCARD int enrolment_refusal_read(const char *text, size_t len, struct diag *reterr,
                                     enum enrolment_refusal *ret,
                                     char ret_words[ENROLMENT_WORDS_SIZE]);
