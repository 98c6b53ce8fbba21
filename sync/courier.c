/* SPDX-License-Identifier: Apache-2.0 */
#include "courier_state.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "clock_choice.h"
#include "courier_trouble.h"
#include "daemon.h"
#include "folder_lock.h"
#include "log.h"
#include "release.h"
#include "text.h"
#include "topic.h"

#define TICK_USEC 200000      /* how soon a new entry is seen */
#define SAY_MS 10000          /* between notes of plain progress: each is a commit on flash */
#define JOURNAL_RETRY_MS 2000 /* stationd has not begun it yet */
#define RECEIVING 64          /* messages that wait here at most */
#define INFLIGHT 16           /* 8 batches, HELLO and GETs */
#define ROUND_MAX 64          /* messages of one round, so that the loop turns */

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

struct clock_reading courier_now(struct courier *c)
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

void courier_set_trouble(struct courier *c, const char *trouble)
{
    if (strcmp(c->trouble, trouble) == 0)
        return;
    c->trouble = trouble;
    c->trouble_ms = *trouble ? courier_now(c).wall_ms : 0;
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
            courier_set_trouble(c, halted);
        else if (courier_trouble_is_of_state(c->trouble))
            courier_set_trouble(c, "");
    } else {
        text_cut(l.state, sizeof(l.state), uplink_state_name(UPLINK_OFFLINE));
    }
    if (!c->identity.certified)
        text_cut(l.state, sizeof(l.state), "unclaimed");
    l.trouble_ms = c->trouble_ms;
    text_cut(l.trouble, sizeof(l.trouble), c->trouble);
    return l;
}

/* What stationd may delete. A note that fails is made the next time. */
static void say_secured(struct courier *c)
{
    struct inbox_secured s = {0};
    struct chain_head hash;
    if (!c->shipper || shipper_secured(c->shipper, &s.seq, &hash) == 0 || s.seq <= c->secured)
        return;
    memcpy(s.hash, hash.hash, sizeof(s.hash));
    if (inbox_secured_put(c->inbox, &s) == 0)
        c->secured = s.seq;
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
    say_secured(c);
    int err = inbox_link_put(c->inbox, &l);
    c->say_due_ms = now_ms + SAY_MS;
    if (err < 0 && !c->unsaid)
        log_line(LOG_LEVEL_WARNING, "inbox: state of the link not noted, retrying: %s",
                 strerror(-err));
    c->unsaid = err < 0;
    if (err == 0)
        c->said = l;
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
                                     .refresh_ms = UPLINK_REFRESH_MS,
                                     .early_behind = (int32_t)c->conf.early_behind};
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

void courier_tell_clock(struct courier *c)
{
    if (!c->mqtt || c->lapse)
        return;
    struct clock_reading now = courier_now(c);
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
        courier_set_trouble(c, COURIER_MISMATCH);
        return;
    }
    char text[SYNCD_BROKERS_SIZE];
    const char *brokers[ENROLMENT_BROKERS_MAX + 1] = {NULL};
    strcpy(text, c->conf.brokers);
    split_brokers(text, brokers);
    for (size_t i = 0; !*c->conf.brokers && c->granted && i < c->grant.brokers_count; i++)
        brokers[i] = c->grant.brokers[i];
    if (!brokers[0]) {
        courier_set_trouble(c, COURIER_UNCLAIMED);
        return;
    }
    char filter[TOPIC_SIZE];
    char presence[TOPIC_SIZE];
    struct topic topic = {.kind = TOPIC_PRESENCE};
    strcpy(topic.tenant, o->tenant);
    strcpy(topic.device, o->device);
    struct clock_reading now = courier_now(c);
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
        if (got <= 0 || publish(c, m.topic, m.bytes, m.len) < 0)
            return; /* the transport is full: the next tick says it again */
        shipper_said(c->shipper, &m, now_ms);
    }
}

static void fetch(struct courier *c, int64_t now_ms)
{
    const struct relay_server server = courier_server(c);
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
    courier_enrol(c, now_ms);
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
            courier_hear_link(c, &e);
            break;
        case MQTT_PUBLISHED:
            courier_hear_published(c, &e);
            break;
        case MQTT_MESSAGE:
            courier_hear(c, &e);
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
    char last_time[SYNCD_PATH_SIZE + 32];
    path_in(c, "last-time", last_time); /* stationd's: it is read here, never written */
    c->lapse = clock_choice_lapses(c->conf.clock);
    return clock_choice_open(c->conf.clock, last_time, reterr, &c->clock);
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
    int err = daemon_loop(&c->event);
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
    log_line(LOG_LEVEL_NOTICE, "syncd: life %" PRId64 " in %s", c->life, c->conf.folder);
    int err = daemon_run(c->event);
    c->connected_ms = 0;
    c->up = false;
    if (c->shipper)
        shipper_link_down(c->shipper, clock_steady_ms());
    say(c, clock_steady_ms());
    log_line(LOG_LEVEL_NOTICE, "syncd: ended");
    return err;
}
