/* SPDX-License-Identifier: Apache-2.0 */
#include "courier.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "anchor.h"
#include "backoff.h"
#include "clock_lapse.h"
#include "clock_system.h"
#include "courier_trouble.h"
#include "enrol.h"
#include "fetcher.h"
#include "file_text.h"
#include "folder_lock.h"
#include "identity_folder.h"
#include "inbox.h"
#include "log.h"
#include "mqtt.h"
#include "release.h"
#include "shipper.h"
#include "text.h"
#include "topic.h"

#define TICK_USEC 200000      /* how soon a new entry is seen */
#define SAY_MS 10000          /* between notes of plain progress: each is a commit on flash */
#define JOURNAL_RETRY_MS 2000 /* stationd has not begun it yet */
#define RENEW_PERMILLE 667    /* of a certificate's life after which another one is asked for */
#define RECEIVING 64          /* messages that wait here at most */
#define INFLIGHT 16           /* 8 batches, HELLO and GETs */
#define ROUND_MAX 64          /* messages of one round, so that the loop turns */
#define CLAIM_FILE_MAX 256
#define URL_LOOK_MS 1000 /* between looks whether somebody has named a relay */

struct courier {
    struct syncd_conf conf;
    int lock_fd;
    struct clock *clock;
    bool lapse; /* the calendar is simulated: certificates and anchors are not of it */
    struct inbox *inbox;
    int64_t life;
    struct rng rng;
    struct identity_folder identity;
    struct enrolment_grant grant; /* of the relay, or put together from the configuration */
    bool granted;
    struct shipper *shipper;
    struct fetcher *fetcher;
    struct mqtt *mqtt;
    bool up;

    struct anchor anchor; /* the last of this boot */
    bool anchored;
    bool doubtful; /* as the transport was told last */

    int64_t journal_due_ms;
    int64_t enrol_due_ms;
    uint32_t enrol_attempt;
    int64_t say_due_ms;
    bool unsaid; /* the last note was not taken: the next one is due at say_due_ms */
    struct inbox_link said;
    const char *trouble; /* courier_trouble.h; "": none */
    int64_t trouble_ms;
    int64_t connected_ms;
    int64_t acked_ms;

    sd_event *event;
    sd_event_source *tick;
    sd_event_source *io;
};

void courier_free(struct courier *c)
{
    if (!c)
        return;
    sd_event_source_disable_unref(c->tick);
    sd_event_source_disable_unref(c->io);
    mqtt_free(c->mqtt);
    fetcher_free(c->fetcher);
    shipper_free(c->shipper);
    identity_folder_close(&c->identity);
    inbox_free(c->inbox);
    clock_free(c->clock);
    sd_event_unref(c->event);
    if (c->lock_fd >= 0)
        close(c->lock_fd);
    free(c);
}

static struct clock_reading now_of(struct courier *c)
{
    struct clock_reading r = {.trust = CLOCK_UNSET};
    if (clock_now(c->clock, &r) < 0)
        r.mono_ms = clock_steady_ms();
    return r;
}

static void path_in(const struct courier *c, const char *name, char ret[SYNCD_PATH_SIZE + 32])
{
    snprintf(ret, SYNCD_PATH_SIZE + 32, "%s/%s", c->conf.folder, name);
}

/* --- what the screen is told */

static void set_trouble(struct courier *c, const char *trouble)
{
    if (strcmp(c->trouble, trouble) == 0)
        return;
    c->trouble = trouble;
    c->trouble_ms = *trouble ? now_of(c).wall_ms : 0;
}

static struct inbox_link link_now(struct courier *c)
{
    struct inbox_link l = {.connected_ms = c->connected_ms,
                           .acked_ms = c->acked_ms,
                           .acked = c->said.acked,
                           .safe = c->said.safe,
                           .left_ms = -1};
    if (c->shipper) {
        struct uplink_status s = shipper_status(c->shipper, clock_steady_ms());
        text_cut(l.state, sizeof(l.state), uplink_state_name(s.state));
        l.acked = s.acked;
        l.safe = s.safe;
        l.left_ms = s.left_ms == UPLINK_NEVER_MS ? -1 : s.left_ms;
        const char *halted = courier_trouble_of_state(s.state);
        if (*halted)
            set_trouble(c, halted);
        else if (courier_trouble_is_of_state(c->trouble))
            set_trouble(c, "");
    } else {
        text_cut(l.state, sizeof(l.state), uplink_state_name(UPLINK_OFFLINE));
    }
    if (!c->identity.certified)
        text_cut(l.state, sizeof(l.state), "unclaimed");
    l.trouble_ms = c->trouble_ms;
    text_cut(l.trouble, sizeof(l.trouble), c->trouble);
    return l;
}

/* At once when something became different, else now and then: every note is a commit. */
static void say(struct courier *c, int64_t now_ms)
{
    struct inbox_link l = link_now(c);
    bool different = strcmp(l.state, c->said.state) != 0 ||
                     strcmp(l.trouble, c->said.trouble) != 0 ||
                     l.connected_ms != c->said.connected_ms;
    bool progress = l.acked != c->said.acked || l.safe != c->said.safe;
    bool due = now_ms >= c->say_due_ms;
    if (!(different && (due || !c->unsaid)) && !(progress && due))
        return;
    int err = inbox_link_put(c->inbox, &l);
    c->say_due_ms = now_ms + SAY_MS;
    if (err < 0 && !c->unsaid)
        log_line(LOG_LEVEL_WARNING, "inbox: state of the link not noted, retrying: %s",
                 strerror(-err));
    c->unsaid = err < 0;
    if (err == 0)
        c->said = l;
}

/* --- enrolment */

/* Certificates are of the world's time, whatever calendar is simulated. */
static int64_t world_ms(const struct courier *c, const struct clock_reading *now)
{
    if (!c->lapse)
        return now->wall_ms;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000;
}

static struct relay_server server_now(struct courier *c)
{
    struct clock_reading now = now_of(c);
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
    struct clock_reading now = now_of(c);
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
    struct clock_reading now = now_of(c);
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

static void try_enrolment(struct courier *c, int64_t now_ms)
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
        const struct relay_server at = server_now(c);
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
        set_trouble(c, "");
        return;
    }
    c->enrol_attempt++;
    set_trouble(c, !asked ? COURIER_UNCLAIMED : courier_trouble_of_enrolment(err, refusal));
    if (asked)
        log_line(LOG_LEVEL_WARNING, "enrolment: retrying: %s",
                 *why.text ? why.text : strerror(-err));
}

/* --- opening what comes later than the start */

static void try_journal(struct courier *c, int64_t now_ms)
{
    if (c->shipper || now_ms < c->journal_due_ms)
        return;
    c->journal_due_ms = now_ms + JOURNAL_RETRY_MS;
    static const enum batch_format formats[] = {[SYNCD_WIRE_ZSTD] = BATCH_ZSTD,
                                                [SYNCD_WIRE_COLUMNS] = BATCH_COLUMNS,
                                                [SYNCD_WIRE_JSON] = BATCH_JSON};
    char path[SYNCD_PATH_SIZE + 32];
    path_in(c, "journal.db", path);
    struct shipper_conf conf = {.journal = path,
                                .format = formats[c->conf.wire],
                                .release = RELEASE,
                                .acked = c->said.acked,
                                .safe = c->said.safe};
    conf.link = (struct uplink_conf){.boot = c->life,
                                     .seed = rng_next(&c->rng),
                                     .flush_entries = (int32_t)c->conf.flush_entries,
                                     .flush_ms = (int32_t)c->conf.flush_ms,
                                     .refresh_ms = UPLINK_REFRESH_MS};
    struct diag why = {0};
    int err = shipper_open(&conf, &why, &c->shipper);
    if (err == -ENOENT)
        return; /* an appliance that has not been started yet */
    if (err < 0) {
        log_line(LOG_LEVEL_WARNING, "journal: not to be read yet, retrying: %s", why.text);
        return;
    }
    const struct origin *o = shipper_origin(c->shipper);
    shipper_renew(c->shipper, uplink_first_boot(o->epoch) + c->life);
    log_line(LOG_LEVEL_NOTICE, "journal: %s.%s, epoch %" PRIu32 ", head %" PRId64, o->tenant,
             o->device, o->epoch, shipper_head(c->shipper));
    if (c->up)
        shipper_link_up(c->shipper, now_ms);
}

/* "a:1 b:2" into a list that ends with NULL; text is cut up. */
static void split_brokers(char *text, const char *ret[ENROLMENT_BROKERS_MAX + 1])
{
    size_t n = 0;
    char *rest = NULL;
    for (char *b = strtok_r(text, " ,", &rest); b && n < ENROLMENT_BROKERS_MAX;
         b = strtok_r(NULL, " ,", &rest))
        ret[n++] = b;
    ret[n] = NULL;
}

static void tell_clock(struct courier *c)
{
    if (!c->mqtt || c->lapse)
        return;
    struct clock_reading now = now_of(c);
    c->doubtful = now.trust <= CLOCK_TRUST_DOUBTFUL;
    mqtt_clock(c->mqtt, now.wall_ms - now.mono_ms, c->doubtful);
}

static int on_mqtt(sd_event_source *source, int fd, uint32_t revents, void *userdata);

static void try_transport(struct courier *c)
{
    if (c->mqtt || !c->shipper || !c->identity.certified)
        return;
    const struct origin *o = shipper_origin(c->shipper);
    char name[CERTIFICATE_NAME_SIZE];
    if (strcmp(certificate_name(o, name), c->identity.facts.name) != 0) {
        set_trouble(c, COURIER_MISMATCH);
        return;
    }
    char text[SYNCD_BROKERS_SIZE];
    const char *brokers[ENROLMENT_BROKERS_MAX + 1] = {NULL};
    strcpy(text, c->conf.brokers);
    split_brokers(text, brokers);
    for (size_t i = 0; !*c->conf.brokers && c->granted && i < c->grant.brokers_count; i++)
        brokers[i] = c->grant.brokers[i];
    if (!brokers[0]) {
        set_trouble(c, COURIER_UNCLAIMED);
        return;
    }
    char filter[TOPIC_SIZE];
    char presence[TOPIC_SIZE];
    struct topic topic = {.kind = TOPIC_PRESENCE};
    strcpy(topic.tenant, o->tenant);
    strcpy(topic.device, o->device);
    struct clock_reading now = now_of(c);
    const char *const filters[] = {topic_filter_device(o->tenant, o->device, filter), NULL};
    const struct mqtt_conf conf = {.name = name,
                                   .brokers = brokers,
                                   .ca = c->identity.ca_path,
                                   .certificate = c->identity.certificate_path,
                                   .key = c->identity.key_path,
                                   .filters = filters,
                                   .presence = topic_format(&topic, presence),
                                   .birth = "online",
                                   .will = "offline",
                                   .keepalive_s = (int)c->conf.keepalive_s,
                                   .retry_s = (int)c->conf.retry_s,
                                   .inflight = INFLIGHT,
                                   .receiving = RECEIVING,
                                   .seed = rng_next(&c->rng),
                                   .clock_known = !c->lapse,
                                   .clock_offset_ms = now.wall_ms - now.mono_ms,
                                   .doubtful = now.trust <= CLOCK_TRUST_DOUBTFUL};
    struct diag why = {0};
    c->doubtful = conf.doubtful;
    int err = mqtt_open(&conf, &why, &c->mqtt);
    if (err == 0)
        err = sd_event_add_io(c->event, &c->io, mqtt_fd(c->mqtt), EPOLLIN, on_mqtt, c);
    if (err < 0) {
        log_line(LOG_LEVEL_WARNING, "mqtt: not opened, retrying: %s",
                 *why.text ? why.text : strerror(-err));
        mqtt_free(c->mqtt);
        c->mqtt = NULL;
        return;
    }
}

/* --- what comes down */

/* Only the answer to a HELLO says when the relay's clock was read. */
static void take_time(struct courier *c, const struct control *r, int64_t hello_ms, int64_t now_ms)
{
    struct anchor next;
    if (c->lapse || anchor_measure(1, hello_ms, now_ms, r->resume.now_ms, &next) < 0 ||
        !anchor_worth(c->anchored ? &c->anchor : NULL, &next))
        return;
    c->anchor = next;
    c->anchored = true;
    clock_anchor(c->clock, next.wall_ms, next.mono_ms);
    struct inbox_anchor a = {
        .mono_ms = next.mono_ms, .wall_ms = next.wall_ms, .error_ms = next.error_ms};
    text_cut(a.boot_id, sizeof(a.boot_id), now_of(c).boot_id);
    int err = inbox_anchor_put(c->inbox, &a);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "inbox: the relay's time is not kept: %s", strerror(-err));
    bool was_doubtful = c->doubtful;
    tell_clock(c);
    if (was_doubtful && !c->doubtful)
        mqtt_renew(c->mqtt); /* now the dates of certificates are looked at too */
}

static void hear_offer(struct courier *c, const struct control *m)
{
    int64_t hello_ms = 0;
    if (shipper_is_present(c->shipper, m->session, &hello_ms) &&
        fetcher_offered(c->fetcher, &m->fetch, clock_steady_ms()) < 0)
        log_line(LOG_LEVEL_WARNING, "fetch dropped: no such size of a document");
}

/* Kept for stationd, which does it: said again in each session until its answer has gone up. */
static void hear_command(struct courier *c, const struct control *m)
{
    int64_t hello_ms = 0;
    struct inbox_command command = {.id = m->command.id, .expires_ms = m->command.expires_ms};
    if (!shipper_is_present(c->shipper, m->session, &hello_ms))
        return;
    text_cut(command.what, sizeof(command.what), m->command.what);
    int err = inbox_command_put(c->inbox, &command);
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "command %s: not kept: %s", command.what, strerror(-err));
}

static void hear_control(struct courier *c, const struct mqtt_event *e)
{
    struct control m;
    struct diag why = {0};
    int err = control_read((const char *)e->bytes, e->len, &m, &why);
    if (err < 0) {
        log_line(LOG_LEVEL_WARNING, "message dropped: %s", why.text);
        return;
    }
    if (m.kind == CONTROL_FETCH) {
        hear_offer(c, &m);
        return;
    }
    if (m.kind == CONTROL_COMMAND) {
        hear_command(c, &m);
        return;
    }
    int64_t now_ms = clock_steady_ms();
    int64_t hello_ms = 0;
    bool present = shipper_is_present(c->shipper, m.session, &hello_ms);
    int counts = shipper_heard(c->shipper, &m, now_ms);
    if (counts < 0) {
        log_line(LOG_LEVEL_WARNING, "%s dropped: it contradicts itself", control_kind_name(m.kind));
        return;
    }
    if (counts == 1 && m.kind != CONTROL_NACK) {
        set_trouble(c, "");
        c->acked_ms = now_of(c).wall_ms;
    }
    if (m.kind != CONTROL_RESUME || !present)
        return;
    if (counts == 1)
        take_time(c, &m, hello_ms, now_ms);
    fetcher_wanted(c->fetcher, m.resume.want, m.resume.want_count, now_ms);
}

static void hear_chunk(struct courier *c, const struct mqtt_event *e)
{
    struct chunk chunk;
    struct diag why = {0};
    int err = chunk_decode(e->bytes, e->len, &chunk, &why);
    int64_t hello_ms = 0;
    if (err == 0 && !shipper_is_present(c->shipper, chunk.session, &hello_ms))
        return;
    if (err == 0)
        err = fetcher_chunk(c->fetcher, &chunk, clock_steady_ms());
    if (err < 0)
        log_line(LOG_LEVEL_WARNING, "piece of a document dropped: %s",
                 *why.text ? why.text : strerror(-err));
}

static void hear(struct courier *c, const struct mqtt_event *e)
{
    struct topic topic;
    const struct origin *o = c->shipper ? shipper_origin(c->shipper) : NULL;
    if (!o || topic_parse(e->topic, &topic) < 0 || strcmp(topic.tenant, o->tenant) != 0 ||
        strcmp(topic.device, o->device) != 0)
        return; /* not for us: the broker's ACL is not as it should be */
    if (topic.kind == TOPIC_CONTROL)
        hear_control(c, e);
    else if (topic.kind == TOPIC_CHUNKS)
        hear_chunk(c, e);
}

static void on_link(struct courier *c, const struct mqtt_event *e)
{
    int64_t now_ms = clock_steady_ms();
    c->up = e->kind == MQTT_UP;
    if (c->up) {
        log_line(LOG_LEVEL_NOTICE, "link: up");
        c->connected_ms = now_of(c).wall_ms;
        set_trouble(c, "");
        shipper_link_up(c->shipper, now_ms);
        fetcher_link_up(c->fetcher);
        return;
    }
    const char *trouble = e->err == 0 ? "" : courier_trouble_of_link(e->err);
    if (e->err < 0 && (strcmp(trouble, c->trouble) != 0 || c->connected_ms > 0))
        log_line(LOG_LEVEL_WARNING, "link: down, retrying: %s", e->words);
    c->connected_ms = 0;
    set_trouble(c, trouble);
    shipper_link_down(c->shipper, now_ms);
    fetcher_link_down(c->fetcher);
}

static void on_published(struct courier *c, const struct mqtt_event *e)
{
    if (e->err != -EACCES)
        return; /* what was lost is missed by the machines, and said again */
    if (strcmp(c->trouble, COURIER_FORBIDDEN) != 0)
        log_line(LOG_LEVEL_ERROR, "link: the broker does not let us publish (reason %d)",
                 e->reason);
    set_trouble(c, COURIER_FORBIDDEN);
}

/* --- what goes up */

static int publish(struct courier *c, enum topic_kind kind, const void *bytes, size_t len)
{
    const struct origin *o = shipper_origin(c->shipper);
    struct topic topic = {.kind = kind, .shard = c->granted ? c->grant.shard : (int)c->conf.shard};
    strcpy(topic.tenant, o->tenant);
    strcpy(topic.device, o->device);
    char text[TOPIC_SIZE];
    return mqtt_publish(c->mqtt, topic_format(&topic, text), bytes, len, false, 0);
}

static int next_life(struct courier *c)
{
    int err = inbox_begin_life(c->inbox, &c->life);
    if (err == 0)
        shipper_renew(c->shipper, uplink_first_boot(shipper_origin(c->shipper)->epoch) + c->life);
    return err;
}

static void ship(struct courier *c, int64_t now_ms)
{
    struct control_have have[CONTROL_DOCUMENTS_MAX];
    size_t have_count = fetcher_have(c->fetcher, have);
    for (int i = 0; i < ROUND_MAX; i++) {
        struct shipper_message m;
        int64_t until = 0;
        int got = shipper_next(c->shipper, now_ms, have, have_count, &m, &until);
        if (got == -EKEYEXPIRED && (got = next_life(c)) == 0)
            continue;
        if (got < 0)
            log_line(LOG_LEVEL_WARNING, "journal: not read, retrying: %s", strerror(-got));
        if (got <= 0 || publish(c, m.hello ? TOPIC_HELLO : TOPIC_ENTRIES, m.bytes, m.len) < 0)
            return; /* the transport is full: the next tick says it again */
        shipper_said(c->shipper, &m, now_ms);
    }
}

static void fetch(struct courier *c, int64_t now_ms)
{
    const struct relay_server server = server_now(c);
    fetcher_server(c->fetcher, &server);
    for (int i = 0; i < ROUND_MAX; i++) {
        struct control get = {.kind = CONTROL_GET, .session = shipper_session(c->shipper)};
        char stored[INBOX_TYPE_SIZE];
        int64_t until = 0;
        struct diag why = {0};
        int got = fetcher_next(c->fetcher, now_ms, &get.get, stored, &until, &why);
        if (*stored)
            log_line(LOG_LEVEL_INFO, "document %s: here", stored);
        if (got == -EIO && *why.text) {
            log_line(LOG_LEVEL_WARNING, "document: broken off, retrying: %s", why.text);
            return;
        }
        if (got < 0) {
            log_line(LOG_LEVEL_WARNING, "inbox: a document is not kept, retrying: %s",
                     strerror(-got));
            fetcher_free(TAKE(c->fetcher)); /* begun again from what the inbox holds */
            return;
        }
        if (got == 0 && until > now_ms)
            return;
        if (got == 0)
            continue;
        char text[CONTROL_MAX];
        get.get.origin = *shipper_origin(c->shipper);
        if (publish(c, TOPIC_HELLO, text, control_write(&get, text)) < 0)
            return;
        fetcher_asked(c->fetcher, now_ms);
    }
}

static void step(struct courier *c)
{
    int64_t now_ms = clock_steady_ms();
    try_journal(c, now_ms);
    try_enrolment(c, now_ms);
    if (!c->fetcher && fetcher_open(c->inbox, rng_next(&c->rng), &c->fetcher) < 0)
        return; /* want of memory or of the disk: the next tick */
    try_transport(c);
    now_ms = clock_steady_ms();
    if (c->shipper) {
        int seen = shipper_look(c->shipper, now_ms);
        if (seen < 0 && seen != -EBUSY)
            log_line(LOG_LEVEL_WARNING, "journal: not read, retrying: %s", strerror(-seen));
        if (c->mqtt && c->up) {
            ship(c, now_ms);
            fetch(c, now_ms);
        }
    }
    say(c, now_ms);
}

static int on_mqtt(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
    (void)source;
    (void)fd;
    (void)revents;
    struct courier *c = userdata;
    struct mqtt_event e;
    for (int i = 0; i < ROUND_MAX && c->fetcher && mqtt_take(c->mqtt, &e) == 1; i++) {
        switch (e.kind) {
        case MQTT_UP:
        case MQTT_DOWN:
            on_link(c, &e);
            break;
        case MQTT_PUBLISHED:
            on_published(c, &e);
            break;
        case MQTT_MESSAGE:
            hear(c, &e);
            free(e.bytes);
            break;
        }
    }
    step(c);
    return 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
    (void)usec;
    step(userdata);
    int err = sd_event_source_set_time_relative(source, TICK_USEC);
    return err < 0 ? err : sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* --- opening */

static int open_clock(struct courier *c, struct diag *reterr)
{
    if (strcmp(c->conf.clock, "system") != 0) {
        struct lapse spec;
        int err = lapse_parse(c->conf.clock, &spec, reterr);
        c->lapse = true;
        return err < 0 ? err : clock_lapse_open(&spec, &c->clock);
    }
    char last_time[SYNCD_PATH_SIZE + 32];
    path_in(c, "last-time", last_time); /* stationd's: it is read here, never written */
    struct clock_system_conf conf = {
        .build_ms = RELEASE_BUILD_MS, .last_time = last_time, .rtc_dir = "/sys/class/rtc"};
    return clock_system_open(&conf, &c->clock);
}

static int open_signals(struct courier *c)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return -errno;
    signal(SIGPIPE, SIG_IGN);
    int err = sd_event_add_signal(c->event, NULL, SIGTERM, NULL, NULL); /* NULL: ends the loop */
    return err < 0 ? err : sd_event_add_signal(c->event, NULL, SIGINT, NULL, NULL);
}

static int open_inbox(struct courier *c, struct diag *reterr)
{
    char path[SYNCD_PATH_SIZE + 32];
    path_in(c, "inbox.db", path);
    int err = inbox_open(path, NULL, reterr, &c->inbox);
    if (err == 0)
        err = inbox_begin_life(c->inbox, &c->life);
    if (err == 0)
        err = inbox_link(c->inbox, &c->said);
    if (err >= 0)
        err = inbox_enrolment(c->inbox, &c->grant);
    if (err < 0) {
        diag_set(reterr, 0, "%.100s: %s", path, *reterr->text ? reterr->text : strerror(-err));
        return err;
    }
    c->granted = err == 1;
    c->said.connected_ms = 0; /* of the life before */
    c->acked_ms = c->said.acked_ms;
    return 0;
}

int courier_open(const struct syncd_conf *conf, struct diag *reterr, struct courier **ret)
{
    assert(conf && reterr && ret);
    AUTO(courier) c = calloc(1, sizeof(*c));
    if (!c)
        return -ENOMEM;
    c->conf = *conf;
    c->lock_fd = -1;
    c->trouble = "";
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        return -EIO;
    c->rng = rng_seed(seed);
    int err = sd_event_default(&c->event);
    if (err >= 0)
        err = open_signals(c); /* before the first thread, which inherits the mask */
    if (err >= 0)
        err = folder_lock_take(conf->folder, "syncd", reterr, &c->lock_fd);
    if (err >= 0)
        err = open_clock(c, reterr);
    if (err >= 0)
        err = open_inbox(c, reterr);
    if (err >= 0)
        err = identity_folder_open(conf->folder, reterr, &c->identity);
    if (err >= 0)
        err = sd_event_add_time_relative(c->event, &c->tick, CLOCK_MONOTONIC, 0, 0, on_tick, c);
    if (err < 0)
        return err;
    *ret = TAKE(c);
    return 0;
}

int courier_run(struct courier *c)
{
    assert(c);
    sd_event_set_watchdog(c->event, true);
    sd_notify(0, "READY=1");
    log_line(LOG_LEVEL_NOTICE, "syncd: life %" PRId64 " in %s", c->life, c->conf.folder);
    int err = sd_event_loop(c->event);
    sd_notify(0, "STOPPING=1");
    c->connected_ms = 0;
    c->up = false;
    if (c->shipper)
        shipper_link_down(c->shipper, clock_steady_ms());
    say(c, clock_steady_ms());
    log_line(LOG_LEVEL_NOTICE, "syncd: ended");
    return err;
}
