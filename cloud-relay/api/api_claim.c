/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_claim.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "certificate.h"
#include "diag.h"
#include "text.h"
#include "topic.h"

#define GROUPS 4
#define GROUP_SIZE 4

/* Crockford's base 32: no I, L, O, U. */
static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int claim_tenant(const char *code, char ret[ORIGIN_TENANT_SIZE])
{
    assert(code && ret);
    const char *dot = strchr(code, '.');
    struct origin origin = {.device = "x", .epoch = 1};
    if (!dot || text_copy_n(origin.tenant, sizeof(origin.tenant), code, (size_t)(dot - code)) < 0 ||
        origin_check(&origin, NULL) < 0)
        return -EINVAL;
    memcpy(ret, origin.tenant, sizeof(origin.tenant));
    return 0;
}

static const char insert_claim[] =
    "INSERT INTO claim(code_sha256, device, site, made_ms, expires_ms, used_ms, made_by)"
    " VALUES($1, $2, $3, $4, $5, 0, $6)";

int claim_make(struct sql *s, const char *tenant, const struct claim *claim,
               char ret_code[CLAIM_CODE_SIZE])
{
    assert(s && tenant && claim && ret_code);
    unsigned char bits[GROUPS * GROUP_SIZE];
    if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
        return -EIO;
    char text[GROUPS * (GROUP_SIZE + 1) + 1] = "";
    size_t len = 0;
    for (size_t i = 0; i < sizeof(bits); i++) {
        if (i > 0 && i % GROUP_SIZE == 0)
            text[len++] = '-';
        text[len++] = digits[bits[i] % 32]; /* 256 is a multiple of 32 */
    }
    snprintf(ret_code, CLAIM_CODE_SIZE, "%s.%s", tenant, text);
    uint8_t digest[SHA256_SIZE];
    sha256(ret_code, strlen(ret_code), digest);
    AUTO(sql_query) q = sql_query(s, insert_claim);
    sql_bind_bytes(q, 1, digest, sizeof(digest));
    sql_bind_text(q, 2, claim->device);
    sql_bind_text(q, 3, claim->site);
    sql_bind_int(q, 4, claim->made_ms);
    sql_bind_int(q, 5, claim->expires_ms);
    sql_bind_text(q, 6, claim->made_by);
    return sql_run(q);
}

int claim_each(struct sql *s, claim_fn on_claim, void *context)
{
    assert(s && on_claim);
    AUTO(sql_query)
    q = sql_query(s, "SELECT device, site, made_by, made_ms, expires_ms, used_ms FROM claim"
                     " ORDER BY made_ms DESC, device LIMIT $1");
    sql_bind_int(q, 1, CLAIMS_MAX);
    int n = 0;
    while ((n = sql_step(q)) == 1) {
        char device[ORIGIN_DEVICE_SIZE];
        char site[ENROLMENT_SITE_SIZE];
        struct claim_state c = {.device = device,
                                .site = site,
                                .made_by = sql_text(q, 2),
                                .made_ms = sql_int(q, 3),
                                .expires_ms = sql_int(q, 4),
                                .used_ms = sql_int(q, 5)};
        sql_copy(q, 0, device, sizeof(device));
        sql_copy(q, 1, site, sizeof(site));
        int err = on_claim(&c, context);
        if (err != 0)
            return err;
    }
    return n;
}

int claim_revoke(struct sql *s, const char *device, int64_t now_ms)
{
    assert(s && device);
    AUTO(sql_query)
    q = sql_query(s, "UPDATE claim SET expires_ms = $2 WHERE device = $1 AND used_ms = 0"
                     " AND expires_ms > $2");
    sql_bind_text(q, 1, device);
    sql_bind_int(q, 2, now_ms);
    int err = sql_run(q);
    return err < 0 ? err : (int)sql_changes(q);
}

struct known { /* of a device, before */
    bool there;
    int64_t epoch;
    char state[17];
    struct certificate_facts facts;
    bool certified;
};

static int read_device(struct sql *s, const char *device, struct claim_name *name,
                       struct known *ret)
{
    static const char select[] =
        "SELECT epoch, state, certificate, site FROM device WHERE device = $1";
    *ret = (struct known){.there = false};
    AUTO(sql_query) q = sql_query(s, select);
    sql_bind_text(q, 1, device);
    int n = sql_step(q);
    if (n != 1)
        return n;
    ret->there = true;
    ret->epoch = sql_int(q, 0);
    sql_copy(q, 1, ret->state, sizeof(ret->state));
    sql_copy(q, 2, name->certificate, sizeof(name->certificate));
    if (name->site[0] == '\0')
        sql_copy(q, 3, name->site, sizeof(name->site));
    ret->certified = certificate_read(sql_text(q, 2), &ret->facts) == 0;
    return 0;
}

static int refuse(enum enrolment_refusal why, const char *words, enum enrolment_refusal *ret,
                  const char **ret_words)
{
    *ret = why;
    *ret_words = words;
    return 1;
}

static void fill(struct claim_name *name, struct sql *s, const char *device, int64_t epoch)
{
    const char *tenant = sql_tenant(s);
    snprintf(name->origin.tenant, sizeof(name->origin.tenant), "%s", tenant);
    snprintf(name->origin.device, sizeof(name->origin.device), "%s", device);
    name->origin.epoch = (uint32_t)epoch;
    name->shard = topic_shard(tenant);
}

/* An appliance with a journal keeps its epoch; one without gets the next, or that of a device which
 * nobody was enrolled as yet. */
static int choose_epoch(const struct known *known, uint32_t asked, int64_t *ret)
{
    if (asked == 0)
        *ret = known->there ? known->epoch + known->certified : 1;
    else if (known->there && asked < known->epoch)
        return -EINVAL; /* a storage that was replaced came back */
    else
        *ret = asked;
    return 0;
}

int claim_redeem(struct sql *s, const struct enrolment_request *request,
                 const uint8_t key[SHA256_SIZE], int64_t now_ms, struct claim_name *ret,
                 enum enrolment_refusal *ret_refusal, const char **ret_words)
{
    assert(s && request && key && ret && ret_refusal && ret_words);
    static const char select[] =
        "SELECT device, site, expires_ms, used_ms FROM claim WHERE code_sha256 = $1";
    uint8_t digest[SHA256_SIZE];
    sha256(request->claim, strlen(request->claim), digest);
    AUTO(sql_query) q = sql_query(s, select);
    sql_bind_bytes(q, 1, digest, sizeof(digest));
    int n = sql_step(q);
    if (n < 0)
        return n;
    if (n == 0)
        return refuse(ENROLMENT_CLAIM_UNKNOWN, "there is no such claim", ret_refusal, ret_words);
    struct claim_name name = {.shard = 0};
    char device[ORIGIN_DEVICE_SIZE];
    sql_copy(q, 0, device, sizeof(device));
    sql_copy(q, 1, name.site, sizeof(name.site));
    struct known known;
    int err = read_device(s, device, &name, &known);
    if (err < 0)
        return err;
    bool same_key = known.certified && memcmp(known.facts.key, key, SHA256_SIZE) == 0;
    fill(&name, s, device, known.epoch);
    char full[CERTIFICATE_NAME_SIZE];
    if (request->name[0] != '\0' &&
        strcmp(certificate_name(&name.origin, full), request->name) != 0)
        return refuse(ENROLMENT_MISMATCH, "the claim is for another appliance", ret_refusal,
                      ret_words);
    if (sql_int(q, 3) > 0) { /* the answer may have been lost */
        if (!same_key || strcmp(known.state, "revoked") == 0)
            return refuse(ENROLMENT_CLAIM_USED, "the claim was used", ret_refusal, ret_words);
        *ret = name;
        return 0;
    }
    if (sql_int(q, 2) < now_ms)
        return refuse(ENROLMENT_CLAIM_UNKNOWN, "the claim is too old", ret_refusal, ret_words);
    int64_t epoch = 0;
    if (choose_epoch(&known, request->epoch, &epoch) < 0)
        return refuse(ENROLMENT_MISMATCH, "the journal is of an older storage", ret_refusal,
                      ret_words);
    name.origin.epoch = (uint32_t)epoch;
    name.certificate[0] = '\0';
    *ret = name;
    return 0;
}

int claim_renew(struct sql *s, const char *device, const uint8_t fingerprint_key[SHA256_SIZE],
                struct claim_name *ret, enum enrolment_refusal *ret_refusal, const char **ret_words)
{
    assert(s && device && fingerprint_key && ret && ret_refusal && ret_words);
    struct claim_name name = {.shard = 0};
    struct known known;
    int err = read_device(s, device, &name, &known);
    if (err < 0)
        return err;
    if (!known.there || strcmp(known.state, "revoked") == 0 || !known.certified ||
        memcmp(known.facts.key, fingerprint_key, SHA256_SIZE) != 0)
        return refuse(ENROLMENT_REVOKED, "the certificate is not the device's present one",
                      ret_refusal, ret_words);
    fill(&name, s, device, known.epoch);
    name.certificate[0] = '\0';
    *ret = name;
    return 0;
}

static const char upsert_device[] =
    "INSERT INTO device(device, site, shard, epoch, state, certificate, release, wire, head, floor,"
    " last_heard_ms, skew_ms, facts) VALUES($1, $2, $3, $4, 'claimed', $5, $6, 0, 0, 0, 0, 0, $7)"
    " ON CONFLICT (tenant, device) DO UPDATE SET site = $2, shard = $3, epoch = $4, state = CASE"
    " WHEN device.state = 'active' THEN 'active' ELSE 'claimed' END, certificate = $5, head = CASE"
    " WHEN device.epoch = $4 THEN device.head ELSE 0 END, facts = $7";
static const char use_claim[] = "UPDATE claim SET used_ms = $2 WHERE code_sha256 = $1";

int claim_granted(struct sql *s, const struct claim_name *name,
                  const struct enrolment_request *request, const char *certificate, int64_t now_ms)
{
    assert(s && name && request && certificate);
    char facts[2 * ENROLMENT_FACT_SIZE + 8];
    snprintf(facts, sizeof(facts), "%s %s", request->serial, request->hardware);
    AUTO(sql_query) q = sql_query(s, upsert_device);
    sql_bind_text(q, 1, name->origin.device);
    sql_bind_text(q, 2, name->site);
    sql_bind_int(q, 3, name->shard);
    sql_bind_int(q, 4, name->origin.epoch);
    sql_bind_text(q, 5, certificate);
    sql_bind_text(q, 6, request->release);
    sql_bind_text(q, 7, facts);
    int err = sql_run(q);
    if (err < 0 || request->claim[0] == '\0')
        return err;
    uint8_t digest[SHA256_SIZE];
    sha256(request->claim, strlen(request->claim), digest);
    AUTO(sql_query) u = sql_query(s, use_claim);
    sql_bind_bytes(u, 1, digest, sizeof(digest));
    sql_bind_int(u, 2, now_ms);
    return sql_run(u);
}
