/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_claim.h -- the ledger of claims: codes that let one appliance in, once, and what an
 * appliance is then called. It signs nothing and keeps no code, only its SHA-256.
 *
 *   code: "<tenant>.XXXX-XXXX-XXXX-XXXX", 80 random bits in Crockford's base 32; the tenant stands
 * in it because an appliance that claims knows nothing else */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "enrolment.h"
#include "origin.h"
#include "sha256.h"
#include "sql.h"

#define CLAIM_CODE_SIZE ENROLMENT_CLAIM_SIZE

struct claim {
    const char *device;
    const char *site;
    int64_t made_ms;
    int64_t expires_ms;
    const char *made_by;
};

/* In the caller's write transaction. -EIO: no random bits. */
NODISCARD int claim_make(struct sql *s, const char *tenant, const struct claim *claim,
                         char ret_code[CLAIM_CODE_SIZE]);

/* Claims as they stand, the newest first, at most CLAIMS_MAX. used_ms 0: not yet. */
#define CLAIMS_MAX 1000
struct claim_state {
    const char *device, *site, *made_by; /* borrowed for the call */
    int64_t made_ms, expires_ms, used_ms;
};
typedef int (*claim_fn)(const struct claim_state *claim, void *context);
NODISCARD int claim_each(struct sql *s, claim_fn on_claim, void *context);

/* Open claims for a device of that name let nobody in any more. Returns how many those were; an
 * appliance that is in already stays. */
NODISCARD int claim_revoke(struct sql *s, const char *device, int64_t now_ms);

/* The tenant of a code; -EINVAL when it is none. */
NODISCARD int claim_tenant(const char *code, char ret[ORIGIN_TENANT_SIZE]);

/* Who an appliance becomes. */
struct claim_name {
    struct origin origin;
    int32_t shard; /* all appliances of a tenant share one: a worker has the tenant whole */
    char site[ENROLMENT_SITE_SIZE];
    char certificate[ENROLMENT_CHAIN_SIZE]; /* the leaf that the same key was given before, or "" */
};

/* Looks the code up for the key of this request, in the caller's write transaction. 0 with *ret;
 * else 1 with *ret_refusal and *ret_words (static). */
NODISCARD int claim_redeem(struct sql *s, const struct enrolment_request *request,
                           const uint8_t key[SHA256_SIZE], int64_t now_ms, struct claim_name *ret,
                           enum enrolment_refusal *ret_refusal, const char **ret_words);

/* The same for a renewal by the present certificate of a device that is not revoked. */
NODISCARD int claim_renew(struct sql *s, const char *device,
                          const uint8_t fingerprint_key[SHA256_SIZE], struct claim_name *ret,
                          enum enrolment_refusal *ret_refusal, const char **ret_words);

/* Writes down what was granted: the device with its certificate, and that the code is used ("": a
 * renewal). */
NODISCARD int claim_granted(struct sql *s, const struct claim_name *name,
                            const struct enrolment_request *request, const char *certificate,
                            int64_t now_ms);
