/* SPDX-License-Identifier: Apache-2.0 */
/* sync_peer -- an appliance without a warehouse: sends a journal that it makes up, with the
 * product's own uplink machine, codec and broker connection, until all is acknowledged. The same
 * seed gives the same journal, so that it may be killed and started again with a higher boot
 * number.
 *
 *   sync_peer --broker HOST:PORT [--tls FOLDER] --tenant T --device D [--epoch N] [--shard N]
 *             [--boot N] [--entries N] [--seed N] [--fork-at N] [--claim T.D]
 *             [--story NAME --day N --scan-ms MS] [--alert-at N] [--behind N] [--wire N]
 *             [--until-told 1]
 *
 * FOLDER holds ca.pem and T.D.pem, T.D.key. --fork-at: entries from there on are another journal's.
 * --claim: payloads name another device than the topic. --story: a journal of story.h instead of
 * one by the seed. --alert-at: entry N is an alert, which goes ahead of a backlog longer than
 * --behind (by default the product's). --until-told 1: it ends when the broker has that, before any
 * batch. --wire 1: an appliance of a release that knows no notices. It prints "acked N" for each
 * acknowledgement, "notice N" for each entry that goes ahead, "nack WHY wm", and at its end "done N
 * bytes B batches C". */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "batch.h"
#include "chain.h"
#include "civil.h"
#include "control.h"
#include "entry_codec.h"
#include "mqtt.h"
#include "notice.h"
#include "rng.h"
#include "story.h"
#include "topic.h"
#include "uplink.h"
#include "urgency.h"

#define DAY0 20000

struct peer {
    struct origin origin; /* as payloads say */
    struct topic topic;
    int64_t entries;
    uint64_t seed;
    int64_t fork_at;
    int64_t alert_at;          /* 0: none */
    const struct story *story; /* NULL: a journal by the seed */
    int32_t day;               /* of the story, and of its scan */
    int64_t scan_ms;
    struct chain_head *heads; /* of the chain after each entry; [0]: genesis */
    struct uplink uplink;
    struct mqtt *mqtt;
    struct batch_encoder *encoder;
    int wire;              /* the newest that it speaks */
    int64_t context_floor; /* the first entry that the relay can be taken to know */
    int64_t bytes;
    int64_t batches;
    int64_t acked;
    uint64_t token;
    bool until_told;
    uint64_t told; /* token of the first notice; 0: none yet */
    bool up;
};

static int64_t now_ms(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the journal ---- */

static const enum entry_kind round_of_work[] = {
    ENTRY_RECEIVED, ENTRY_MOVED,  ENTRY_PICKED,   ENTRY_PICKED,
    ENTRY_PICKED,   ENTRY_PICKED, ENTRY_RETURNED, ENTRY_COUNTED,
};

/* Entry seq, from seed and seq alone. */
static struct entry make_entry(const struct peer *p, int64_t seq)
{
    if (p->story)
        return p->story->entry(p->day, p->scan_ms, seq);
    struct rng r = rng_seed(p->seed + (uint64_t)seq * 31 +
                            (p->fork_at > 0 && seq >= p->fork_at ? UINT64_C(1) << 40 : 0));
    enum entry_kind kind =
        seq == 1 ? ENTRY_OPENED : round_of_work[rng_below(&r, ARRAY_LEN(round_of_work))];
    if (seq == p->alert_at)
        kind = ENTRY_ALERTED;
    struct entry e = entry_new(kind);
    e.seq = seq;
    e.wall_ms = civil_ist_start_ms(DAY0) + seq * 17000 + (int64_t)rng_below(&r, 9000);
    e.mono_ms = seq * 17000;
    e.boot = 1;
    e.trust = CLOCK_NTP;
    if (kind == ENTRY_OPENED) {
        snprintf(e.note, sizeof(e.note), "%s", p->origin.device);
        return e;
    }
    uint64_t sku = rng_below(&r, 40);
    if (kind == ENTRY_ALERTED) {
        snprintf(e.reason, sizeof(e.reason), "expiry");
        snprintf(e.sku, sizeof(e.sku), "SKU-%04d", (int)sku);
        e.qty = 12;
        e.line = 7;
        return e;
    }
    snprintf(e.worker, sizeof(e.worker), "W%d", (int)rng_below(&r, 3));
    snprintf(e.device, sizeof(e.device), "scanner-1");
    snprintf(e.sku, sizeof(e.sku), "SKU-%04d", (int)sku);
    snprintf(e.batch.number, sizeof(e.batch.number), "B%02d%c", (int)sku,
             (char)('A' + (int)rng_below(&r, 3)));
    e.batch.expiry_day = DAY0 + 90 + (int32_t)sku;
    e.batch.mrp_paise = 1000 + (int64_t)sku * 50;
    snprintf(e.bin, sizeof(e.bin), "A-%02d", (int)rng_below(&r, 12));
    e.qty = 1 + (int64_t)rng_below(&r, 24);
    e.value_paise = e.qty * 800;
    if (kind == ENTRY_RECEIVED) {
        e.qty *= 10;
        e.value_paise *= 10;
        snprintf(e.party, sizeof(e.party), "SUP-1");
    }
    if (kind == ENTRY_PICKED || kind == ENTRY_RETURNED) {
        snprintf(e.document, sizeof(e.document), "SO-%" PRId64, seq / 40);
        e.line = (int32_t)(seq % 40) + 1;
        snprintf(e.party, sizeof(e.party), "OUT-%03d", (int)rng_below(&r, 80));
    }
    if (kind == ENTRY_RETURNED)
        snprintf(e.reason, sizeof(e.reason), "not_sold");
    if (kind == ENTRY_MOVED)
        snprintf(e.bin_to, sizeof(e.bin_to), "B-%02d", (int)rng_below(&r, 12));
    if (kind == ENTRY_COUNTED) {
        e.expected = e.qty;
        e.observed = e.qty + (int64_t)rng_below(&r, 3) - 1;
        e.qty = 0;
        e.value_paise = 0;
    }
    return e;
}

static int make_chain(struct peer *p)
{
    p->heads = calloc((size_t)p->entries + 1, sizeof(*p->heads));
    if (!p->heads)
        return -ENOMEM;
    p->heads[0] = chain_genesis(&p->origin);
    for (int64_t seq = 1; seq <= p->entries; seq++) {
        uint8_t raw[ENTRY_ENCODED_MAX];
        struct entry e = make_entry(p, seq);
        p->heads[seq] = chain_next(&p->heads[seq - 1], raw, entry_encode(&e, raw));
    }
    return 0;
}

/* ---- sending ---- */

static void send_bytes(struct peer *p, enum topic_kind kind, const void *bytes, size_t len)
{
    char topic[TOPIC_SIZE];
    p->topic.kind = kind;
    int err = mqtt_publish(p->mqtt, topic_format(&p->topic, topic), bytes, len, false, ++p->token);
    if (err < 0)
        uplink_link_down(&p->uplink, now_ms());
    p->bytes += (int64_t)len;
}

static void send_hello(struct peer *p, const struct uplink_action *a)
{
    struct control c = {.kind = CONTROL_HELLO,
                        .session = a->s,
                        .hello = {.origin = p->origin,
                                  .floor = a->floor - 1,
                                  .head = a->head,
                                  .release = "peer",
                                  .schema = 1,
                                  .wire = wire_range(p->wire)}};
    char text[CONTROL_MAX];
    memcpy(c.hello.hash, p->heads[a->head].hash, sizeof(c.hello.hash));
    size_t len = control_write(&c, text);
    send_bytes(p, TOPIC_HELLO, text, len);
}

/* Has the encoder stand before first_seq. */
static void stand_before(struct peer *p, int64_t first_seq)
{
    struct batch_context *k = batch_encoder_context(p->encoder);
    int64_t start = batch_context_start(first_seq, p->context_floor);
    if (batch_context_first(k) != start || batch_context_next(k) > first_seq)
        batch_context_begin(k, start);
    while (batch_context_next(k) < first_seq) {
        struct entry e = make_entry(p, batch_context_next(k));
        batch_context_add(k, &e);
    }
}

static void send_batch(struct peer *p, struct uplink_action *a)
{
    static struct entry entries[BATCH_ENTRIES_MAX];
    const uint8_t *bytes = NULL;
    size_t len = 0;
    for (int64_t i = 0; i < a->n; i++)
        entries[i] = make_entry(p, a->first_seq + i);
    bool foreseen = p->wire >= BATCH_PREDICTED_WIRE;
    struct batch_head head = {.wire = p->wire,
                              .origin = p->origin,
                              .session = p->uplink.s,
                              .first_seq = a->first_seq,
                              .count = (int32_t)a->n,
                              .has_prev = foreseen};
    memcpy(head.prev, p->heads[a->first_seq - 1].hash, sizeof(head.prev));
    memcpy(head.head_hash, p->heads[a->first_seq + a->n - 1].hash, sizeof(head.head_hash));
    if (foreseen)
        stand_before(p, a->first_seq);
    int err = batch_encode(p->encoder, foreseen ? BATCH_PREDICTED : BATCH_ZSTD, &head, entries,
                           &bytes, &len);
    if (err < 0) {
        fprintf(stderr, "sync_peer: batch: %s\n", strerror(-err));
        exit(EXIT_FAILURE);
    }
    p->batches++;
    send_bytes(p, TOPIC_ENTRIES, bytes, len);
}

static void send_notice(struct peer *p, const struct uplink_action *a)
{
    static uint8_t raw[NOTICE_ENTRIES_MAX][ENTRY_ENCODED_MAX];
    static uint8_t bytes[NOTICE_MAX];
    struct notice n = {.origin = p->origin, .session = a->s};
    int64_t seq = a->first_seq;
    for (; seq <= a->last_seq && n.count < NOTICE_ENTRIES_MAX && (int64_t)n.count < a->n; seq++) {
        struct entry e = make_entry(p, seq);
        if (entry_urgency(&e) != ENTRY_EARLY)
            continue;
        n.entries[n.count] = (struct notice_entry){raw[n.count], entry_encode(&e, raw[n.count])};
        n.count++;
        printf("notice %" PRId64 "\n", seq);
    }
    fflush(stdout);
    uplink_noticed(&p->uplink, a, seq - 1, (int64_t)n.count);
    if (n.count > 0)
        send_bytes(p, TOPIC_NOTICE, bytes, notice_write(&n, bytes));
    if (n.count > 0 && p->told == 0)
        p->told = p->token;
}

/* Does what the machine asks for; returns for how long there is nothing to do. */
static int step(struct peer *p)
{
    for (;;) {
        if (p->until_told && p->told != 0)
            return 1000;
        struct uplink_action a = uplink_next(&p->uplink, now_ms());
        switch (a.step) {
        case UPLINK_WAIT: {
            int64_t wait_ms = a.until_ms == UPLINK_NEVER_MS ? 1000 : a.until_ms - now_ms();
            return wait_ms < 0 ? 0 : wait_ms > 1000 ? 1000 : (int)wait_ms;
        }
        case UPLINK_HELLO:
            send_hello(p, &a);
            break;
        case UPLINK_BATCH:
            send_batch(p, &a);
            break;
        case UPLINK_NOTICE:
            send_notice(p, &a);
            continue;
        case UPLINK_RENEW:
            exit(EXIT_FAILURE); /* 65,536 sessions of one boot */
        }
        uplink_sent(&p->uplink, &a, now_ms());
    }
}

/* ---- receiving ---- */

static void on_control(struct peer *p, const struct mqtt_event *e)
{
    struct control c;
    if (control_read((const char *)e->bytes, e->len, &c, NULL) < 0)
        return;
    if (c.kind == CONTROL_RESUME) {
        if (c.resume.wm + 1 < p->context_floor)
            p->context_floor = c.resume.wm + 1;
        struct link_resume r = {.s = c.session,
                                .wm = c.resume.wm,
                                .safe = c.resume.safe,
                                .now_ms = c.resume.now_ms,
                                .flush_ms = c.resume.flush_ms,
                                .early = c.resume.early};
        printf("resume %" PRId64 " safe %" PRId64 " want %zu\n", r.wm, r.safe, c.resume.want_count);
        (void)!uplink_resume(&p->uplink, &r, now_ms());
    } else if (c.kind == CONTROL_ACK) {
        struct link_ack a = {.s = c.session, .wm = c.ack.wm, .safe = c.ack.safe};
        if (uplink_ack(&p->uplink, &a, now_ms()) > 0)
            printf("acked %" PRId64 "\n", a.wm);
    } else if (c.kind == CONTROL_NACK) {
        struct link_nack n = {.s = c.session,
                              .wm = c.nack.wm,
                              .why = (int32_t)c.nack.why,
                              .retry_ms = c.nack.retry_ms};
        printf("nack %s %" PRId64 "\n", nack_why_name(c.nack.why), n.wm);
        if (c.nack.why == NACK_GAP)
            p->context_floor = c.nack.wm + 1;
        (void)!uplink_nack(&p->uplink, &n, now_ms());
    }
    fflush(stdout);
}

static void take_events(struct peer *p)
{
    struct mqtt_event e;
    while (mqtt_take(p->mqtt, &e) > 0) {
        if (e.kind == MQTT_UP)
            uplink_link_up(&p->uplink, now_ms());
        if (e.kind == MQTT_DOWN)
            uplink_link_down(&p->uplink, now_ms());
        if (e.kind == MQTT_PUBLISHED && e.err == -EACCES) {
            printf("refused\n");
            fflush(stdout);
        }
        if (e.kind == MQTT_PUBLISHED && p->until_told && e.token == p->told && e.err == 0) {
            printf("told\n");
            exit(EXIT_SUCCESS);
        }
        if (e.kind == MQTT_MESSAGE) {
            on_control(p, &e);
            free(e.bytes);
        }
    }
}

static void run(struct peer *p)
{
    for (;;) {
        int wait_ms = step(p);
        struct uplink_status s = uplink_status(&p->uplink, now_ms());
        if (s.acked == p->entries && s.state == UPLINK_SYNCED)
            return;
        struct pollfd fd = {.fd = mqtt_fd(p->mqtt), .events = POLLIN};
        poll(&fd, 1, wait_ms);
        take_events(p);
    }
}

/* ---- wiring ---- */

struct words {
    const char *broker;
    const char *tls;
    const char *tenant;
    const char *device;
    const char *claim;
    const char *story;
    int64_t epoch, shard, boot, entries, seed, fork_at, wire, day, scan_ms, alert_at, behind,
        until_told;
};

static struct words read_words(int argc, char **argv)
{
    struct words w = {.epoch = 1,
                      .boot = 1,
                      .entries = 1000,
                      .seed = 1,
                      .wire = WIRE_VERSION,
                      .behind = UPLINK_EARLY_BEHIND};
    const struct {
        const char *name;
        const char **text;
        int64_t *number;
    } rows[] = {
        {"broker", &w.broker, NULL},   {"tls", &w.tls, NULL},
        {"tenant", &w.tenant, NULL},   {"device", &w.device, NULL},
        {"claim", &w.claim, NULL},     {"story", &w.story, NULL},
        {"epoch", NULL, &w.epoch},     {"shard", NULL, &w.shard},
        {"boot", NULL, &w.boot},       {"entries", NULL, &w.entries},
        {"seed", NULL, &w.seed},       {"fork-at", NULL, &w.fork_at},
        {"wire", NULL, &w.wire},       {"day", NULL, &w.day},
        {"scan-ms", NULL, &w.scan_ms}, {"alert-at", NULL, &w.alert_at},
        {"behind", NULL, &w.behind},   {"until-told", NULL, &w.until_told},
    };
    struct option options[ARRAY_LEN(rows) + 1] = {{NULL, 0, NULL, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        options[i] = (struct option){rows[i].name, required_argument, NULL, 0};
    int c = 0;
    for (int i = 0; (c = getopt_long(argc, argv, "", options, &i)) == 0;) {
        if (rows[i].text)
            *rows[i].text = optarg;
        else
            *rows[i].number = strtoll(optarg, NULL, 10);
    }
    if (c != -1 || !w.broker || !w.tenant || !w.device || w.entries < 1 || w.wire < 1 ||
        w.wire > WIRE_VERSION)
        exit(2);
    return w;
}

static int open_mqtt(struct peer *p, const struct words *w)
{
    char client[TOPIC_CLIENT_SIZE];
    char filter[TOPIC_SIZE];
    char ca[256], certificate[256], key[256];
    topic_client(w->tenant, w->device, client);
    snprintf(ca, sizeof(ca), "%s/ca.pem", w->tls ? w->tls : "");
    snprintf(certificate, sizeof(certificate), "%s/%s.pem", w->tls ? w->tls : "", client);
    snprintf(key, sizeof(key), "%s/%s.key", w->tls ? w->tls : "", client);
    const char *const brokers[] = {w->broker, NULL};
    const char *const filters[] = {topic_filter_device(w->tenant, w->device, filter), NULL};
    const struct mqtt_conf conf = {.name = client,
                                   .brokers = brokers,
                                   .ca = w->tls ? ca : NULL,
                                   .certificate = w->tls ? certificate : NULL,
                                   .key = w->tls ? key : NULL,
                                   .filters = filters,
                                   .keepalive_s = 30,
                                   .inflight = 64,
                                   .receiving = 64,
                                   .seed = (uint64_t)w->seed};
    struct diag why = {0};
    int err = mqtt_open(&conf, &why, &p->mqtt);
    if (err < 0)
        fprintf(stderr, "sync_peer: %s\n", why.text);
    return err;
}

int main(int argc, char **argv)
{
    struct words w = read_words(argc, argv);
    static struct peer p;
    p = (struct peer){.entries = w.entries,
                      .seed = (uint64_t)w.seed,
                      .fork_at = w.fork_at,
                      .alert_at = w.alert_at,
                      .until_told = w.until_told > 0,
                      .wire = (int)w.wire,
                      .context_floor = 1};
    snprintf(p.topic.tenant, sizeof(p.topic.tenant), "%s", w.tenant);
    snprintf(p.topic.device, sizeof(p.topic.device), "%s", w.device);
    p.topic.shard = (int)w.shard;
    p.origin.epoch = (uint32_t)w.epoch;
    memcpy(p.origin.tenant, p.topic.tenant, sizeof(p.origin.tenant));
    memcpy(p.origin.device, p.topic.device, sizeof(p.origin.device));
    p.story = w.story ? story_find(w.story) : NULL;
    p.day = (int32_t)w.day;
    p.scan_ms = w.scan_ms;
    if (w.story && (!p.story || w.entries > p.story->entries))
        return 2;
    if (w.claim && topic_client_parse(w.claim, p.origin.tenant, p.origin.device) < 0)
        return 2;
    if (make_chain(&p) < 0 || batch_encoder_new(&p.encoder) < 0 || open_mqtt(&p, &w) < 0)
        return EXIT_FAILURE;
    const struct uplink_conf conf = {.boot = w.boot,
                                     .seed = (uint64_t)(w.seed * 1000 + w.boot),
                                     .flush_entries = UPLINK_FLUSH_ENTRIES,
                                     .flush_ms = UPLINK_FLUSH_LAN_MS,
                                     .refresh_ms = UPLINK_REFRESH_MS,
                                     .early_behind = w.wire > 1 ? (int32_t)w.behind : 0};
    const struct uplink_journal journal = {.floor = 1, .head = w.entries};
    uplink_start(&p.uplink, &conf, &journal);
    int64_t began_ms = now_ms();
    run(&p);
    printf("done %" PRId64 " bytes %" PRId64 " batches %" PRId64 " ms %" PRId64 "\n", p.entries,
           p.bytes, p.batches, now_ms() - began_ms);
    mqtt_free(p.mqtt);
    batch_encoder_free(p.encoder);
    free(p.heads);
    return EXIT_SUCCESS;
}
