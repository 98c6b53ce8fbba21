/* SPDX-License-Identifier: Apache-2.0 */
#include "courier_state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "backoff.h"
#include "courier_trouble.h"
#include "enrol.h"
#include "file_text.h"
#include "log.h"
#include "release.h"
#include "text.h"

#define RENEW_PERMILLE 667 /* of a certificate's life after which another one is asked for */
#define CLAIM_FILE_MAX 256
#define URL_LOOK_MS 1000 /* between looks whether somebody has named a relay */

/* Certificates are of the world's time, whatever calendar is simulated. */
static int64_t world_ms(const struct courier *c, const struct clock_reading *now)
{
    if (!c->lapse)
        return now->wall_ms;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000;
}

struct relay_server courier_server(struct courier *c)
{
    struct clock_reading now = courier_now(c);
    return (struct relay_server){.url = c->conf.url,
                                 .ca = c->conf.ca,
                                 .now_ms = world_ms(c, &now),
                                 .doubtful = now.trust <= CLOCK_TRUST_DOUBTFUL};
}

/* Of the configured file, else as vyaparctl laid it down. */
static int read_claim(const struct courier *c, char ret[ENROLMENT_CLAIM_SIZE])
{
    char *text = NULL;
    size_t len = 0;
    if (!*c->conf.claim || access(c->conf.claim, F_OK) < 0)
        return identity_folder_line(c->conf.folder, ENROLMENT_CLAIM_FILE, ret,
                                    ENROLMENT_CLAIM_SIZE);
    int err = file_text(c->conf.claim, CLAIM_FILE_MAX, &text, &len);
    if (err < 0)
        return err;
    text[strcspn(text, "\r\n")] = '\0';
    err = text_is_code(text) ? text_copy(ret, ENROLMENT_CLAIM_SIZE, text) : -EINVAL;
    free(text);
    return err;
}

static int make_request(struct courier *c, struct enrolment_request *r)
{
    char name[CERTIFICATE_NAME_SIZE] = "unclaimed";
    if (c->shipper) {
        certificate_name(shipper_origin(c->shipper), name);
        text_cut(r->name, sizeof(r->name), name);
        r->epoch = shipper_origin(c->shipper)->epoch;
    }
    text_cut(r->release, sizeof(r->release), RELEASE);
    int err = certificate_request(c->identity.key, name, r->csr);
    if (err < 0 || !c->identity.certified)
        return err < 0 ? err : read_claim(c, r->claim);
    char *pem = NULL;
    size_t len = 0;
    err = file_text(c->identity.certificate_path, sizeof(r->certificate) - 1, &pem, &len);
    if (err == 0)
        err = text_copy(r->certificate, sizeof(r->certificate), pem);
    free(pem);
    return err;
}

/* What was granted must be what the site's journal began with: entries cannot be renamed. */
static bool is_of_journal(const struct courier *c, const struct origin *o)
{
    const struct origin *mine = c->shipper ? shipper_origin(c->shipper) : NULL;
    return !mine || (strcmp(mine->tenant, o->tenant) == 0 && strcmp(mine->device, o->device) == 0 &&
                     mine->epoch == o->epoch);
}

static int take_grant(struct courier *c, const struct enrolment_grant *grant, struct diag *why)
{
    struct clock_reading now = courier_now(c);
    bool doubtful = now.trust <= CLOCK_TRUST_DOUBTFUL;
    int64_t wall_ms = doubtful || c->lapse ? grant->now_ms : now.wall_ms;
    int err = identity_folder_take(&c->identity, grant, wall_ms, false, why);
    if (err == 0)
        err = inbox_enrol(c->inbox, grant);
    if (err < 0)
        return err;
    c->grant = *grant;
    c->granted = true;
    log_line(LOG_LEVEL_NOTICE, "enrolment: %s.%s, epoch %" PRIu32 ", shard %d",
             grant->origin.tenant, grant->origin.device, grant->origin.epoch, (int)grant->shard);
    mqtt_free(c->mqtt); /* opened anew with what was granted */
    c->mqtt = NULL;
    c->up = false;
    c->io = sd_event_source_disable_unref(c->io);
    return 0;
}

static bool wants_renewal(struct courier *c)
{
    const struct certificate_facts *f = &c->identity.facts;
    struct clock_reading now = courier_now(c);
    int64_t wall_ms = world_ms(c, &now);
    return now.trust > CLOCK_TRUST_DOUBTFUL &&
           wall_ms > f->from_ms + (f->to_ms - f->from_ms) / 1000 * RENEW_PERMILLE;
}

/* An appliance that was configured with no relay has it from whoever claims it. */
static void learn_url(struct courier *c, int64_t now_ms)
{
    if (*c->conf.url || now_ms < c->enrol_due_ms)
        return;
    int err = identity_folder_line(c->conf.folder, ENROLMENT_RELAY_FILE, c->conf.url,
                                   sizeof(c->conf.url));
    if (err < 0)
        c->enrol_due_ms = now_ms + URL_LOOK_MS;
}

void courier_enrol(struct courier *c, int64_t now_ms)
{
    /* A certificate without what was granted with it: a power cut came between the two. */
    bool whole = c->identity.certified && (c->granted || *c->conf.brokers);
    learn_url(c, now_ms);
    if (!*c->conf.url || now_ms < c->enrol_due_ms || (whole && !wants_renewal(c)))
        return;
    struct enrolment_request *request = calloc(1, sizeof(*request));
    struct enrolment_grant *grant = calloc(1, sizeof(*grant));
    struct diag why = {0};
    enum enrolment_refusal refusal = ENROLMENT_BUSY;
    int err = request && grant ? make_request(c, request) : -ENOMEM;
    bool asked = err == 0;
    if (asked) {
        const struct relay_server at = courier_server(c);
        err = enrol_ask(&at, request, &why, grant, &refusal);
    }
    if (err == 0 && !is_of_journal(c, &grant->origin)) {
        diag_set(&why, 0, "the claim is for another appliance or epoch than this journal's");
        refusal = ENROLMENT_MISMATCH;
        err = -EACCES;
    }
    if (err == 0)
        err = take_grant(c, grant, &why);
    free(request);
    free(grant);
    c->enrol_due_ms = now_ms + backoff_ms(&c->rng, c->enrol_attempt);
    if (err == 0) {
        c->enrol_attempt = 0;
        courier_set_trouble(c, "");
        return;
    }
    c->enrol_attempt++;
    courier_set_trouble(c, !asked ? COURIER_UNCLAIMED : courier_trouble_of_enrolment(err, refusal));
    if (asked)
        log_line(LOG_LEVEL_WARNING, "enrolment: retrying: %s",
                 *why.text ? why.text : strerror(-err));
}
