/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte says which of three. The world of link_world.h, where every choice of the
 * adversary is a byte: I1 to I7 hold. Or one machine alone, told whatever numbers there are, as by
 * a broken or hostile other end: it keeps its own counts in order, and says nothing impossible. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "intake.h"
#include "link_world.h"
#include "pull.h"
#include "shelf.h"
#include "uplink.h"

#define DAY_MS 86400000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

struct input {
    const uint8_t *bytes;
    size_t len;
    size_t at;
};

static uint8_t octet(struct input *in)
{
    return in->at < in->len ? in->bytes[in->at++] : 0;
}

/* Mostly small, so that numbers meet; now and then any. */
static int64_t number(struct input *in)
{
    uint8_t first = octet(in);
    if (first < 224)
        return first;
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | octet(in);
    return (int64_t)v;
}

/* --- the world */

static void run_world(struct input *in)
{
    struct world *w = malloc(sizeof(*w));
    if (!w)
        abort();
    struct world_choices choices = {
        .rng = rng_seed(1), .bytes = in->bytes + in->at, .len = in->len - in->at};
    world_start(w, choices, WORLD_SOUND);
    while (w->choices.at < w->choices.len) {
        world_step(w);
        const char *broken = world_broken(w);
        require(!broken, broken);
    }
    bool calm = world_calm(w);
    const char *broken = world_broken(w);
    require(!broken, broken);
    require(calm, "I7: in the end all is acknowledged");
    free(w);
}

/* --- an appliance and any relay */

static void check_uplink(struct uplink *u, int64_t now_ms)
{
    require(u->acked >= 0 && u->acked <= u->head, "acknowledged is in the journal");
    require(u->safe >= 0 && u->safe <= u->acked, "safe is acknowledged");
    require(u->next > u->acked && u->next <= u->head + 1, "next is behind the acknowledged");
    require(u->next - 1 - u->acked <= LINK_ENTRIES_MAX, "entries under way are bounded");
    require(u->batches >= 0 && u->batches <= LINK_BATCHES_MAX, "batches under way are bounded");
    require(uplink_deletable(u) <= u->acked, "nothing is deleted that is not acknowledged");
    struct uplink_status s = uplink_status(u, now_ms);
    require(s.backlog == u->head - u->acked && s.left_ms >= 0, "the status adds up");
}

static void do_next(struct uplink *u, struct input *in, int64_t now_ms)
{
    struct uplink_action a = uplink_next(u, now_ms);
    switch (a.step) {
    case UPLINK_WAIT:
        require(a.until_ms > now_ms, "it never waits for the past");
        return;
    case UPLINK_RENEW:
        uplink_renew(u, u->boot + 1);
        return;
    case UPLINK_NOTICE: {
        require(a.first_seq > u->acked && a.first_seq >= u->floor && a.first_seq <= a.last_seq &&
                    a.last_seq <= u->head && a.n > 0 && a.n <= LINK_EARLY_MAX,
                "what is told ahead is in the journal, and bounded");
        struct uplink before = *u;
        int64_t looked = a.last_seq - octet(in) % (a.last_seq - a.first_seq + 1);
        uplink_noticed(u, &a, looked, octet(in) % (a.n + 1));
        require(u->acked == before.acked && u->safe == before.safe && u->next == before.next &&
                    u->batches == before.batches && u->answer_ms == before.answer_ms,
                "and moves nothing of the ledger");
        return;
    }
    case UPLINK_HELLO:
        require(a.s > 0 && a.head == u->head, "HELLO says where the journal stands");
        break;
    case UPLINK_BATCH:
        require(a.first_seq >= u->floor, "what was deleted is not sent");
        require(a.n > 0 && a.first_seq + a.n - 1 <= u->head, "what is sent is in the journal");
        a.n = 1 + (int64_t)((uint64_t)octet(in) % (uint64_t)a.n);
        break;
    }
    uplink_sent(u, &a, now_ms);
}

static int tell(struct uplink *u, struct input *in, uint8_t what, int64_t now_ms)
{
    int64_t s = octet(in) & 1 ? u->s : number(in);
    int64_t wm = number(in);
    if (what == 0) {
        struct link_resume r = {.s = s, .wm = wm, .safe = number(in)};
        r.window = (int32_t)number(in);
        r.flush_ms = (int32_t)number(in);
        r.early = (int32_t)(wm % 3); /* from bytes that were read before there were notices */
        return uplink_resume(u, &r, now_ms);
    }
    if (what == 1) {
        struct link_ack a = {.s = s, .wm = wm, .safe = number(in)};
        return uplink_ack(u, &a, now_ms);
    }
    struct link_nack n = {.s = s, .wm = wm, .why = octet(in) % 6, .retry_ms = (int32_t)number(in)};
    return uplink_nack(u, &n, now_ms);
}

static void run_uplink(struct input *in)
{
    struct uplink_conf conf = {.boot = 1,
                               .seed = octet(in),
                               .flush_entries = 1 + octet(in),
                               .flush_ms = octet(in) * 100,
                               .refresh_ms = UPLINK_REFRESH_MS,
                               .early_behind = 8};
    struct uplink_journal journal = {.floor = 1, .head = octet(in), .acked = number(in)};
    journal.safe = number(in);
    struct uplink u;
    uplink_start(&u, &conf, &journal);
    int64_t now_ms = 0;
    while (in->at < in->len) {
        uint8_t what = octet(in) % 10;
        if (what < 3) {
            int taken = tell(&u, in, what, now_ms);
            require(taken == 1 || taken == 0 || taken < 0, "an answer has a meaning");
        } else if (what == 3) {
            uplink_link_up(&u, now_ms);
        } else if (what == 4) {
            uplink_link_down(&u, now_ms);
        } else if (what == 5) {
            uplink_appended(&u, u.head + octet(in), octet(in) & 1, now_ms);
        } else if (what == 6 && uplink_deletable(&u) >= u.floor) {
            uplink_trimmed(&u, uplink_deletable(&u) + 1);
        } else if (what == 7) {
            now_ms += (int64_t)((uint64_t)number(in) % DAY_MS);
        } else {
            do_next(&u, in, now_ms);
        }
        check_uplink(&u, now_ms);
    }
}

/* --- a relay and any appliance */

static struct chain_head any_head(struct input *in)
{
    struct chain_head h = {{0}};
    h.hash[0] = octet(in) & 3;
    return h;
}

static void hear_hello(const struct intake_row *row, const struct intake_conf *conf,
                       struct input *in)
{
    struct link_hello h = {.s = number(in), .floor = number(in), .head = number(in)};
    h.head_hash = any_head(in);
    h.schema = octet(in) % 4;
    struct intake_answer a = intake_hello(row, conf, &h, 1);
    if (a.reply == INTAKE_REPLY_RESUME) {
        require(row->hold == INTAKE_OPEN, "a held journal is not resumed");
        require(a.send.resume.wm == row->wm && a.send.resume.safe <= row->wm, "safe <= wm");
        require(a.verdict == INTAKE_LACKING || h.floor <= row->wm + 1,
                "what was deleted is asked for with an alarm alone");
    }
    require(a.reply != INTAKE_REPLY_ACK, "HELLO is not acknowledged");
}

static void hear_batch(struct intake_row *row, const struct intake_conf *conf,
                       struct intake_pace *pace, struct input *in)
{
    struct link_batch b = {.s = number(in), .first_seq = number(in), .n = number(in)};
    b.prev = any_head(in);
    b.head = any_head(in);
    b.schema = octet(in) % 4;
    struct intake_answer a = intake_batch(row, conf, &b);
    struct intake_row before = *row;
    if (a.verdict == INTAKE_TAKE) {
        require(a.from == row->wm + 1, "what is new continues what is stored");
        require(a.to >= a.from && a.to == b.first_seq + b.n - 1, "and ends with the batch");
        *row = intake_advance(row, &b);
        require(row->wm == a.to && row->s >= before.s, "the row moves forward");
    }
    if (a.verdict == INTAKE_AGAIN)
        require(b.first_seq + b.n - 1 <= row->wm, "what is acknowledged is stored");
    if (a.reply == INTAKE_REPLY_ACK)
        intake_owe(pace, b.s);
}

static void run_intake(struct input *in)
{
    struct intake_row row = {0};
    struct intake_pace pace = {0};
    struct intake_conf conf = {.window = octet(in), .schema_oldest = 1, .schema_newest = 2};
    int64_t now_ms = 1;
    int64_t last_ack_ms = -INTAKE_ACK_MS;
    int64_t last_wm = 0;
    while (in->at < in->len) {
        uint8_t what = octet(in) % 8;
        struct link_ack ack;
        int64_t due_ms;
        if (what < 2) {
            hear_hello(&row, &conf, in);
        } else if (what < 5) {
            hear_batch(&row, &conf, &pace, in);
        } else if (what == 5) {
            intake_secured(&row, number(in));
            row.hold = octet(in) % 16 == 0 ? INTAKE_FORKED : INTAKE_OPEN;
        } else if (what == 6) {
            now_ms += octet(in) * 10;
        } else if (intake_ack_due(&pace, &row, &conf, now_ms, &ack, &due_ms) == 1) {
            require(ack.wm == row.wm && ack.safe <= ack.wm && ack.s > 0, "ACK says what is stored");
            require(now_ms - last_ack_ms >= INTAKE_ACK_MS ||
                        row.wm - last_wm >= LINK_ENTRIES_MAX / 2,
                    "one ACK a second, or for half a window");
            last_ack_ms = now_ms;
            last_wm = row.wm;
        }
        require(row.safe >= 0 && row.safe <= row.wm, "safe <= wm");
        conf.early = conf.window % (LINK_EARLY_MAX + 1);
        require(!intake_keeps(&row, &conf, row.wm, 0) &&
                    !intake_keeps(&row, &conf, row.wm + 1, conf.early),
                "ahead of its turn is bounded, and behind the watermark");
    }
}

/* --- documents, and anything instead of them */

static void check_pull(const struct pull *p)
{
    for (size_t i = 0; i < p->count; i++) {
        const struct pull_item *item = &p->items[i];
        require(item->got >= 0 && item->got <= item->total, "a part is within its body");
        require(item->have <= item->want, "nothing older is wanted");
        require(item->base == PULL_BASE_ANY || item->base == PULL_BASE_SNAPSHOT ||
                    item->base == item->have,
                "a delta fits what is here");
    }
}

static void hear_chunk(struct pull *p, struct input *in, int64_t now_ms)
{
    struct pull_chunk c = {.version = number(in), .base = number(in), .total = number(in)};
    c.type[0] = (char)('a' + octet(in) % 4);
    c.offset = number(in);
    c.len = octet(in) & 1 ? PULL_CHUNK_MAX : number(in);
    if (pull_chunk(p, &c, now_ms) == 1)
        require(c.offset >= 0 && c.len > 0 && c.offset + c.len <= c.total &&
                    c.total <= PULL_BODY_MAX,
                "what is written is within the body");
}

static void hear_offer(struct pull *p, struct input *in, int64_t now_ms)
{
    struct pull_offer o = {.version = number(in), .total = number(in)};
    o.type[0] = (char)('a' + octet(in) % 4);
    if (pull_offered(p, &o, now_ms) == 1)
        require(o.total > 0 && o.total <= PULL_BODY_MAX, "what is fetched has a size");
}

static void ask_shelf(struct pull *p, const struct pull_action *a, struct input *in, int64_t now_ms)
{
    struct shelf_delta delta = {.base = octet(in) % 4, .bytes = octet(in) * 64};
    struct shelf_document d = {.version = 1 + octet(in) % 4,
                               .bytes = 1 + octet(in) * 256,
                               .deltas = &delta,
                               .delta_count = 1};
    struct shelf_answer answer = shelf_answer(&d, &a->get);
    require(answer.verdict != SHELF_MALFORMED, "what is asked makes sense");
    if (answer.verdict == SHELF_CHUNK)
        require(pull_chunk(p, &answer.chunk, now_ms) >= 0, "what is answered makes sense");
}

static void run_pull(struct input *in)
{
    struct pull p;
    pull_start(&p, octet(in));
    for (char type[2] = "a"; type[0] < 'd'; type[0]++)
        require(pull_know(&p, type, octet(in) % 2, octet(in) % 3) == 0, "documents are known");
    pull_link_up(&p);
    int64_t now_ms = 0;
    while (in->at < in->len) {
        uint8_t what = octet(in) % 8;
        if (what == 0) {
            struct pull_want w = {.version = number(in), .bytes = number(in)};
            w.type[0] = (char)('a' + octet(in) % 4);
            w.sha256[0] = octet(in) & 1;
            require(pull_wanted(&p, &w, now_ms) <= 1, "a wish has a meaning");
        } else if (what == 1) {
            hear_chunk(&p, in, now_ms);
        } else if (what == 2) {
            now_ms += (int64_t)((uint64_t)number(in) % DAY_MS);
        } else if (what == 3) {
            hear_offer(&p, in, now_ms);
        } else if (what == 4) {
            const char type[2] = {(char)('a' + octet(in) % 4), '\0'};
            pull_broke_off(&p, type, now_ms);
        } else {
            struct pull_action a = pull_next(&p, now_ms);
            if (a.step == PULL_WAIT)
                require(a.until_ms > now_ms, "it never waits for the past");
            else if (a.step == PULL_FINISH)
                require(pull_finish(&p, a.get.type, "", 0, now_ms) == -EBADMSG,
                        "only the right bytes finish a document");
            else
                pull_sent(&p, &a, now_ms);
            if (a.step == PULL_GET)
                ask_shelf(&p, &a, in, now_ms);
        }
        check_pull(&p);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const runs[])(struct input *) = {run_world, run_uplink, run_intake, run_pull};
    struct input in = {.bytes = data, .len = size};
    uint8_t which = octet(&in);
    runs[which % ARRAY_LEN(runs)](&in);
    return 0;
}
