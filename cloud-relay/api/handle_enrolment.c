/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /enrol/v1/claim: an appliance comes by its name and certificate. The body and its answers
 * are those of sync/contract/enrolment.h. Keys of authorities are read for the request and wiped.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api_claim.h"
#include "api_handlers.h"
#include "api_state.h"
#include "authority.h"
#include "civil.h"
#include "enrolment.h"
#include "file_text.h"
#include "log.h"

#define SEAT_WAIT_MS 3000
#define PATH_SIZE 512
#define VALID_MS (365 * CIVIL_MS_PER_DAY)
#define EARLIER_MS INT64_C(3600000) /* a certificate holds from an hour ago: clocks differ */

struct applicant {
    struct enrolment_request request;
    char asked[CERTIFICATE_NAME_SIZE];
    uint8_t key[SHA256_SIZE];
    char tenant[ORIGIN_TENANT_SIZE];
    char device[ORIGIN_DEVICE_SIZE]; /* of a renewal */
};

static int refuse(struct api_call *call, enum enrolment_refusal why, const char *words)
{
    call->text = enrolment_refusal_write(why, words);
    call->own_status = (unsigned)enrolment_refusal_status(why);
    return call->text ? 0 : -ENOMEM;
}

static int read_file(const struct api_call *call, const char *name, const char *ending, size_t size,
                     char *ret)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s%s", call->api->conf.authority_folder, name, ending);
    char *text = NULL;
    size_t len = 0;
    int err = file_text(path, size - 1, &text, &len);
    if (err == 0)
        snprintf(ret, size, "%s", text);
    else
        log_line(LOG_LEVEL_ERROR, "api: an authority's file cannot be read: %s%s: %s", name, ending,
                 strerror(-err));
    free(text);
    return err;
}

static int issue(const struct api_call *call, const struct applicant *a,
                 const struct claim_name *name, char ret_leaf[CERTIFICATE_PEM_SIZE],
                 char ret_chain[ENROLMENT_CHAIN_SIZE])
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s.key.pem", call->api->conf.authority_folder, a->tenant);
    AUTO(key) key = NULL;
    int err = key_read(path, &key);
    if (err == 0)
        err = read_file(call, a->tenant, ".chain.pem", ENROLMENT_CHAIN_SIZE, ret_chain);
    if (err < 0)
        return err;
    int64_t now_ms = api_real_ms();
    char full[CERTIFICATE_NAME_SIZE];
    struct authority_order order = {
        .role = AUTHORITY_DEVICE,
        .name = certificate_name(&name->origin, full),
        .request = a->request.csr,
        .from_ms = now_ms - EARLIER_MS,
        .to_ms = now_ms + VALID_MS,
    };
    return authority_issue(key, ret_chain, &order, ret_leaf);
}

/* The grant: what was given before to the same key, or a new certificate, written down. */
static int grant(struct api_call *call, const struct applicant *a, const struct claim_name *name)
{
    char leaf[CERTIFICATE_PEM_SIZE];
    struct enrolment_grant *g = calloc(1, sizeof(*g));
    char *chain = calloc(1, ENROLMENT_CHAIN_SIZE);
    int err = g && chain ? issue(call, a, name, leaf, chain) : -ENOMEM;
    if (err == 0 && name->certificate[0] != '\0')
        snprintf(leaf, sizeof(leaf), "%s", name->certificate);
    if (err == 0)
        err = read_file(call, "root", ".pem", sizeof(g->ca), g->ca);
    if (err == 0 && strlen(leaf) + strlen(chain) >= sizeof(g->certificate))
        err = -EMSGSIZE;
    if (err == 0)
        err = claim_granted(call->s, name, &a->request, leaf, api_real_ms());
    if (err == 0) {
        g->origin = name->origin;
        g->shard = name->shard;
        g->now_ms = call->now_ms;
        snprintf(g->site, sizeof(g->site), "%s", name->site);
        size_t len = strlen(leaf);
        memcpy(g->certificate, leaf, len);
        memcpy(g->certificate + len, chain, strlen(chain) + 1);
        const char *const *brokers = call->api->conf.brokers;
        while (g->brokers_count < API_BROKERS_MAX && brokers[g->brokers_count]) {
            snprintf(g->brokers[g->brokers_count], ENROLMENT_BROKER_SIZE, "%s",
                     brokers[g->brokers_count]);
            g->brokers_count++;
        }
        call->text = enrolment_grant_write(g);
        err = call->text ? 0 : -ENOMEM;
    }
    free(chain);
    free(g);
    return err;
}

static int audit(struct api_call *call, const struct claim_name *name, bool renewal)
{
    char subject[EVENT_SUBJECT_SIZE];
    uint8_t digest[SHA256_SIZE];
    char hex[SHA256_HEX_SIZE];
    size_t len = 0;
    const char *body = http_body(call->request, &len);
    sha256(body, len, digest);
    snprintf(subject, sizeof(subject), "device:%s", name->origin.device);
    snprintf(call->actor, sizeof(call->actor), "device:%s", name->origin.device);
    snprintf(call->cause, sizeof(call->cause), "enrolment:%s", sha256_hex(digest, hex));
    struct api_change change = {.type = renewal ? "CertificateRenewed" : "DeviceEnrolled",
                                .subject = subject,
                                .place = name->site,
                                .why = renewal ? "its certificate comes to its end" : "claimed",
                                .before = "",
                                .after = ""};
    return api_audit(call, &change);
}

/* In one write transaction, which is committed for a grant alone. */
static int admit(struct api_call *call, const struct applicant *a)
{
    struct claim_name name;
    enum enrolment_refusal why;
    const char *words = "";
    bool renewal = a->request.claim[0] == '\0';
    int n = renewal
                ? claim_renew(call->s, a->device, a->key, &name, &why, &words)
                : claim_redeem(call->s, &a->request, a->key, api_real_ms(), &name, &why, &words);
    if (n == 1)
        return refuse(call, why, words);
    int err = n < 0 ? n : grant(call, a, &name);
    if (err == 0)
        err = audit(call, &name, renewal);
    return err < 0 ? err : sql_commit(call->s);
}

static int read_certificate(const struct api_call *call, struct applicant *a)
{
    struct certificate_facts facts;
    char ca[ENROLMENT_CA_SIZE];
    if (certificate_read(a->request.certificate, &facts) < 0 ||
        certificate_name_parse(facts.name, a->tenant, a->device) < 0)
        return -EBADMSG;
    int err = read_file(call, "root", ".pem", sizeof(ca), ca);
    if (err < 0)
        return err;
    /* An expired one may renew: the dates are not looked at, the signatures are. */
    struct certificate_check check = {.chain = a->request.certificate,
                                      .ca = ca,
                                      .name = facts.name,
                                      .now_ms = api_real_ms(),
                                      .doubtful = true};
    if (certificate_check(&check, NULL) < 0 || memcmp(facts.key, a->key, sizeof(a->key)) != 0)
        return -EKEYREJECTED;
    return 0;
}

static int read_applicant(struct api_call *call, struct applicant *a, struct diag *why)
{
    size_t len = 0;
    const char *body = http_body(call->request, &len);
    int err = enrolment_request_read(body, len, why, &a->request);
    if (err == 0)
        err = certificate_request_read(a->request.csr, a->asked, a->key);
    if (err < 0)
        return err == -ENOMEM ? err : -EINVAL;
    if (a->request.claim[0] == '\0')
        return read_certificate(call, a);
    return claim_tenant(a->request.claim, a->tenant) < 0 ? -ENOENT : 0;
}

static int enrol(struct api_call *call, struct applicant *a)
{
    struct diag why = {.line = 0};
    int err = read_applicant(call, a, &why);
    if (err == -EINVAL)
        return refuse(call, ENROLMENT_MALFORMED,
                      why.text[0] != '\0' ? why.text : "no request that holds");
    if (err == -EBADMSG || err == -EKEYREJECTED)
        return refuse(call, ENROLMENT_REVOKED, "the certificate is not one of ours");
    if (err == 0)
        err = api_seat_take(call->api->seats, a->tenant, SEAT_WAIT_MS, &call->seat);
    if (err == -ENOENT)
        return refuse(call, ENROLMENT_CLAIM_UNKNOWN, "there is no such claim");
    if (err < 0)
        return err == -EBUSY ? refuse(call, ENROLMENT_BUSY, "come again") : err;
    call->s = call->seat.s;
    memcpy(call->who.tenant, a->tenant, sizeof(a->tenant));
    err = sql_begin(call->s, SQL_WRITE);
    if (err == 0)
        err = admit(call, a);
    api_seat_give(call->api->seats, &call->seat);
    call->s = NULL;
    return err;
}

int handle_enrol(struct api_call *call)
{
    if (!call->api->conf.authority_folder || call->api->conf.authority_folder[0] == '\0')
        return refuse(call, ENROLMENT_BUSY, "no appliance is enrolled here");
    struct applicant *a = calloc(1, sizeof(*a));
    int err = a ? enrol(call, a) : -ENOMEM;
    free(a);
    return err;
}
