/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands.h"
#include "documents.h"
#include "ingest_group.h"
#include "text.h"

#define WANT_UNKNOWN SIZE_MAX

/* A device that was heard of: what it was told, and when. In memory only. */
struct peer {
    char device[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    int64_t session;
    int32_t wire; /* of the last RESUME; 0: none yet */
    struct intake_row row;
    struct intake_pace pace;
    struct control_want want[CONTROL_DOCUMENTS_MAX];
    size_t want_count;
    int64_t command; /* the last that it was told in this session; 0: none */
};

struct ingest {
    struct sql *s;
    struct ingest_conf conf;
    struct intake_conf intake;
    struct batch_decoder *decoder;
    struct ingest_batch *batch;
    struct known_journals *known;
    struct entry_rows *rows;
    struct projection *projection;
    struct documents *documents;
    struct group group;
    struct peer *peers;
    size_t peers_count;
    size_t peers_room;
    bool secures; /* as found in the last transaction */
    struct ingest_counts counts;
};

int ingest_open(struct sql *s, const struct ingest_conf *conf, struct ingest **ret)
{
    assert(s && conf && ret && conf->window >= 1 && conf->window <= CONTROL_WINDOW_MAX);
    AUTO(ingest) x = calloc(1, sizeof(*x));
    if (!x)
        return -ENOMEM;
    struct wire_range wire = wire_range(WIRE_VERSION);
    x->s = s;
    x->conf = *conf;
    x->intake = (struct intake_conf){.flush_ms = conf->flush_ms,
                                     .schema_oldest = wire.oldest,
                                     .schema_newest = wire.newest,
                                     .early = LINK_EARLY_MAX,
                                     .quota_retry_ms = conf->quota_retry_ms};
    x->batch = malloc(sizeof(*x->batch));
    int err = x->batch ? batch_decoder_new(&x->decoder) : -ENOMEM;
    if (err == 0)
        err = known_journals_open(&x->known);
    if (err == 0)
        err = entry_rows_open(&x->rows);
    if (err == 0)
        err = projection_open(&x->projection);
    if (err == 0)
        err = documents_open(&x->documents);
    if (err == 0)
        *ret = TAKE(x);
    return err;
}

void ingest_free(struct ingest *x)
{
    if (!x)
        return;
    batch_decoder_free(x->decoder);
    free(x->batch);
    known_journals_free(x->known);
    entry_rows_free(x->rows);
    projection_free(x->projection);
    documents_free(x->documents);
    free(x->peers);
    free(x);
}

struct ingest_counts ingest_counts(const struct ingest *x)
{
    return x->counts;
}

bool ingest_secures(const struct ingest *x)
{
    return x->secures;
}

static struct peer *find_peer(struct ingest *x, const char *device, int64_t epoch)
{
    for (size_t i = 0; i < x->peers_count; i++)
        if (x->peers[i].epoch == epoch && strcmp(x->peers[i].device, device) == 0)
            return &x->peers[i];
    return NULL;
}

/* As many as there are devices and epochs of theirs that speak. NULL: out of memory. */
static struct peer *know_peer(struct ingest *x, const char *device, int64_t epoch)
{
    struct peer *p = find_peer(x, device, epoch);
    if (p)
        return p;
    if (x->peers_count == x->peers_room) {
        size_t room = x->peers_room ? x->peers_room * 2 : 16;
        struct peer *peers = realloc(x->peers, room * sizeof(*peers));
        if (!peers)
            return NULL;
        x->peers = peers;
        x->peers_room = room;
    }
    p = &x->peers[x->peers_count++];
    *p = (struct peer){.epoch = epoch};
    memcpy(p->device, device, sizeof(p->device));
    return p;
}

/* ---- answers ---- */

static void say(const struct ingest *x, const char *device, enum topic_kind kind, const void *bytes,
                size_t len, const struct ingest_listener *listener)
{
    struct topic to = {.kind = kind};
    char text[TOPIC_SIZE];
    snprintf(to.tenant, sizeof(to.tenant), "%s", sql_tenant(x->s));
    snprintf(to.device, sizeof(to.device), "%s", device);
    listener->reply(topic_format(&to, text), bytes, len, listener->context);
}

static void say_control(const struct ingest *x, const char *device, const struct control *c,
                        const struct ingest_listener *listener)
{
    char text[CONTROL_MAX];
    size_t len = control_write(c, text);
    say(x, device, TOPIC_CONTROL, text, len, listener);
}

/* Acknowledges when it is time; else when it will be. */
static int64_t acknowledge(struct ingest *x, struct peer *p, int64_t mono_ms,
                           const struct ingest_listener *listener)
{
    struct link_ack ack;
    int64_t due_ms = INT64_MAX;
    if (intake_ack_due(&p->pace, &p->row, &x->intake, mono_ms, &ack, &due_ms) <= 0)
        return due_ms;
    struct control c = {
        .kind = CONTROL_ACK, .session = ack.s, .ack = {.wm = ack.wm, .safe = ack.safe}};
    say_control(x, p->device, &c, listener);
    return INT64_MAX;
}

int64_t ingest_answer(struct ingest *x, int64_t mono_ms, const struct ingest_listener *listener)
{
    assert(x && listener);
    int64_t first_ms = INT64_MAX;
    for (size_t i = 0; i < x->peers_count; i++) {
        int64_t due_ms = acknowledge(x, &x->peers[i], mono_ms, listener);
        first_ms = due_ms < first_ms ? due_ms : first_ms;
    }
    return first_ms;
}

static bool fits_messages(const struct ingest *x, const struct control_get *get,
                          const struct document_piece *piece)
{
    bool may_fetch = x->conf.fetch_key && get->fetch == 1;
    return !may_fetch || (piece->from_version > 0 ? chunk_total(piece->len) > 0
                                                  : piece->len <= INGEST_MESSAGE_MAX);
}

/* The ticket is of real time, as the API's clock is: the relay's own may be a simulated one. */
static void offer(const struct ingest *x, const struct outcome *o,
                  const struct document_piece *snapshot, const struct ingest_listener *listener)
{
    const struct control_get *get = &o->say.get;
    struct document_ticket ticket = {.version = get->version,
                                     .expires_s = (int64_t)time(NULL) + DOCUMENT_TICKET_S};
    text_cut(ticket.tenant, sizeof(ticket.tenant), sql_tenant(x->s));
    text_cut(ticket.device, sizeof(ticket.device), o->from.device);
    memcpy(ticket.type, get->type, sizeof(ticket.type));
    struct control c = {.kind = CONTROL_FETCH,
                        .session = o->session,
                        .fetch = {.version = get->version, .bytes = (int64_t)snapshot->len}};
    memcpy(c.fetch.type, get->type, sizeof(c.fetch.type));
    document_ticket_write(x->conf.fetch_key, &ticket, c.fetch.ticket);
    say_control(x, o->from.device, &c, listener);
}

/* One piece for a GET: the device asks for the next. What is too large for messages gets no answer
 * where nothing can be fetched. */
static void give_piece(const struct ingest *x, const struct outcome *o, int wire,
                       const struct document_piece *piece, const struct ingest_listener *listener)
{
    const struct control_get *get = &o->say.get;
    if (get->at >= chunk_total(piece->len))
        return;
    struct chunk c = {.wire = wire,
                      .session = o->session,
                      .version = get->version,
                      .from_version = piece->from_version};
    uint8_t bytes[CHUNK_MAX];
    memcpy(c.type, get->type, sizeof(c.type));
    sha256(piece->packed, piece->len, c.sha256);
    chunk_cut(piece->packed, piece->len, get->at, &c);
    size_t len = chunk_encode(&c, bytes);
    say(x, o->from.device, TOPIC_CHUNKS, bytes, len, listener);
}

/* Outside of the writing transaction: packing a large document takes its time. */
static int give(struct ingest *x, const struct outcome *o, const struct ingest_listener *listener)
{
    struct document_piece piece;
    struct peer *p = find_peer(x, o->from.device, o->epoch);
    struct control_get get = o->say.get;
    bool fits = false;
    int err = sql_begin(x->s, SQL_READ);
    if (err == 0)
        err = documents_get(x->documents, x->s, o->from.device, &get, &piece);
    if (err == 0)
        fits = fits_messages(x, &get, &piece);
    if (err == 0 && !fits && piece.from_version > 0) {
        get.from_version = 0; /* what is fetched is the snapshot */
        err = documents_get(x->documents, x->s, o->from.device, &get, &piece);
    }
    sql_rollback(x->s);
    if (err == 0 && fits)
        give_piece(x, o, p && p->wire > 0 ? p->wire : wire_range(WIRE_VERSION).oldest, &piece,
                   listener);
    else if (err == 0)
        offer(x, o, &piece, listener);
    if (err == -ENOENT && p)
        p->want_count = WANT_UNKNOWN; /* another version by now: ingest_tell_wants() says which */
    return err == -ENOENT ? 0 : err;
}

/* ---- a group ---- */

static int note_peer(struct ingest *x, const struct outcome *o)
{
    struct peer *p = know_peer(x, o->from.device, o->epoch);
    if (!p)
        return -ENOMEM;
    if (o->kind == OUTCOME_ACK) {
        p->row = o->row;
        intake_owe(&p->pace, o->session);
    }
    if (o->kind == OUTCOME_SAY && o->say.kind == CONTROL_RESUME) {
        p->row = o->row;
        p->session = o->session;
        p->command = 0;
        p->wire = o->say.resume.wire;
        p->want_count = o->say.resume.want_count;
        memcpy(p->want, o->say.resume.want, p->want_count * sizeof(p->want[0]));
    }
    return 0;
}

static void answer_all(struct ingest *x, int64_t mono_ms, const struct ingest_listener *listener)
{
    const struct group *g = &x->group;
    for (size_t i = 0; i < g->outcomes_count; i++) {
        const struct outcome *o = &g->outcomes[i];
        if (o->alarm[0] != '\0')
            listener->alarm(o->from.device, o->alarm, listener->context);
        if (o->kind == OUTCOME_NONE || note_peer(x, o) < 0)
            continue; /* unanswered: the device asks again */
        if (o->kind == OUTCOME_SAY)
            say_control(x, o->from.device, &o->say, listener);
        else if (o->kind == OUTCOME_GIVE && give(x, o, listener) < 0)
            listener->alarm(o->from.device, "a document cannot be read", listener->context);
    }
    ingest_answer(x, mono_ms, listener);
}

static void add_counts(struct ingest *x)
{
    const struct ingest_counts *c = &x->group.counts;
    x->counts.messages += c->messages;
    x->counts.transactions++;
    x->counts.entries += c->entries;
    x->counts.again += c->again;
    x->counts.refused += c->refused;
    x->counts.dropped += c->dropped;
    x->counts.set_aside += c->set_aside;
    x->counts.early += c->early;
}

static int find_secures(struct ingest *x)
{
    int standby = x->conf.safe == INGEST_SAFE_STANDBY ? sql_standby(x->s) : 0;
    if (standby < 0)
        return standby;
    x->secures = x->conf.safe == INGEST_SAFE_COMMIT || standby > 0;
    return 0;
}

static int judge_and_write(struct ingest *x, const struct ingest_message *messages, size_t n)
{
    int err = find_secures(x);
    struct judge j = {.s = x->s,
                      .conf = &x->conf,
                      .secured = x->secures,
                      .intake = x->intake,
                      .decoder = x->decoder,
                      .batch = x->batch,
                      .known = x->known,
                      .rows = x->rows,
                      .projection = x->projection,
                      .group = &x->group};
    if (err == 0)
        err = sql_lock(x->s, "ingest");
    for (size_t i = 0; err == 0 && i < n; i++)
        err = group_judge(&j, &messages[i]);
    return err == 0 ? group_write(&j) : err;
}

int64_t ingest_take(struct ingest *x, const struct ingest_message *messages, size_t n,
                    int64_t now_ms, int64_t mono_ms, const struct ingest_listener *listener)
{
    assert(x && messages && n >= 1 && n <= INGEST_GROUP_MAX && listener);
    memset(&x->group, 0, sizeof(x->group));
    x->group.now_ms = now_ms;
    int err = sql_begin(x->s, SQL_WRITE);
    if (err < 0)
        return err;
    err = judge_and_write(x, messages, n);
    err = err == 0 ? sql_commit(x->s) : err;
    entry_rows_forget(x->rows);
    if (err < 0) {
        sql_rollback(x->s);
        projection_forget(x->projection);
        return err;
    }
    add_counts(x);
    answer_all(x, mono_ms, listener);
    return x->group.counts.entries;
}

/* ---- wants ---- */

static int tell_want(struct ingest *x, struct peer *p, int64_t now_ms,
                     const struct ingest_listener *listener)
{
    struct control c = {.kind = CONTROL_RESUME,
                        .session = p->session,
                        .resume = {.wm = p->row.wm,
                                   .safe = p->row.safe,
                                   .now_ms = now_ms,
                                   .wire = p->wire,
                                   .window = x->conf.window,
                                   .flush_ms = x->conf.flush_ms,
                                   .early = x->intake.early}};
    int n = documents_wanted(x->s, p->device, c.resume.want);
    if (n < 0)
        return n;
    c.resume.want_count = (size_t)n;
    bool told = p->want_count == c.resume.want_count &&
                memcmp(p->want, c.resume.want, p->want_count * sizeof(p->want[0])) == 0;
    if (told)
        return 0;
    memcpy(p->want, c.resume.want, c.resume.want_count * sizeof(p->want[0]));
    p->want_count = c.resume.want_count;
    say_control(x, p->device, &c, listener);
    return 0;
}

static void tell_command(struct ingest *x, const struct command *command,
                         const struct ingest_listener *listener)
{
    for (size_t i = 0; i < x->peers_count; i++) {
        struct peer *p = &x->peers[i];
        if (p->wire == 0 || p->command >= command->id || strcmp(p->device, command->device) != 0)
            continue;
        struct control c = {.kind = CONTROL_COMMAND,
                            .session = p->session,
                            .command = {.id = command->id, .expires_ms = command->expires_ms}};
        memcpy(c.command.what, command->what, sizeof(c.command.what));
        p->command = command->id;
        say_control(x, p->device, &c, listener);
    }
}

static int tell_commands(struct ingest *x, int64_t now_ms, const struct ingest_listener *listener)
{
    struct command pending[COMMANDS_AT_ONCE];
    int n = commands_pending(x->s, now_ms, pending);
    for (int i = 0; i < n; i++)
        tell_command(x, &pending[i], listener);
    return n < 0 ? n : 0;
}

int ingest_tell_wants(struct ingest *x, int64_t now_ms, const struct ingest_listener *listener)
{
    assert(x && listener);
    int err = sql_begin(x->s, SQL_READ);
    if (err == 0)
        err = tell_commands(x, now_ms, listener);
    for (size_t i = 0; err == 0 && i < x->peers_count; i++)
        if (x->peers[i].wire > 0)
            err = tell_want(x, &x->peers[i], now_ms, listener);
    sql_rollback(x->s);
    return err;
}
