/* SPDX-License-Identifier: Apache-2.0 */
#include "fetcher.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "document_delta.h"
#include "download.h"
#include "sha256.h"
#include "text.h"

#define DOWNLOAD_MS 100 /* between looks at a fetch */

struct fetcher {
    struct inbox *inbox;
    struct pull pull;
    struct pull_action asked;
    struct relay_server server;
    struct control_fetch offer;
    struct download *download; /* of offer; NULL: none is under way */
    int64_t now_ms;            /* while it steps */
};

static void end_download(struct fetcher *f)
{
    download_free(f->download);
    f->download = NULL;
}

void fetcher_free(struct fetcher *f)
{
    if (!f)
        return;
    end_download(f);
    free(f);
}

/* What is here of a type, whole: a damaged one is not here, and comes again. An error of the inbox.
 */
static int64_t version_of(struct inbox *inbox, const char *type)
{
    struct inbox_document doc;
    char *body = NULL;
    int got = inbox_body(inbox, type, &doc, &body);
    free(body);
    return got == 1 ? doc.version : got == -EBADMSG ? 0 : got;
}

/* A part is kept only when it can be gone on with. */
static int take_up_parts(struct fetcher *f)
{
    struct inbox_part parts[INBOX_DOCUMENTS_MAX];
    int n = inbox_parts(f->inbox, parts);
    for (int i = 0; i < n; i++) {
        const struct inbox_part *p = &parts[i];
        struct pull_chunk last = {.version = p->version, .base = p->base, .total = p->total};
        text_cut(last.type, sizeof(last.type), p->type);
        last.offset = p->got > 0 ? (p->got - 1) / CHUNK_DATA_MAX * CHUNK_DATA_MAX : 0;
        last.len = p->got - last.offset;
        if (pull_keep(&f->pull, &last) == 0)
            continue;
        int err = inbox_part_drop(f->inbox, p->type);
        if (err < 0)
            return err;
    }
    return n < 0 ? n : 0;
}

int fetcher_open(struct inbox *inbox, uint64_t seed, struct fetcher **ret)
{
    assert(inbox && ret);
    AUTO(fetcher) f = calloc(1, sizeof(*f));
    if (!f)
        return -ENOMEM;
    f->inbox = inbox;
    f->server = (struct relay_server){.url = "", .ca = ""};
    pull_start(&f->pull, seed);
    int err = 0;
    for (int t = 0; err == 0 && t < DOCUMENT_TYPE_COUNT; t++) {
        const char *name = document_name((enum document_type)t);
        int64_t version = version_of(inbox, name);
        err = version < 0
                  ? (int)version
                  : pull_know(&f->pull, name, document_rank((enum document_type)t), version);
    }
    if (err == 0)
        err = take_up_parts(f);
    if (err < 0)
        return err;
    *ret = TAKE(f);
    return 0;
}

void fetcher_server(struct fetcher *f, const struct relay_server *server)
{
    assert(f && server && server->url && server->ca);
    f->server = *server;
}

void fetcher_link_up(struct fetcher *f)
{
    pull_link_up(&f->pull);
}

/* A fetch has a connection of its own, but nobody to ask for its ticket any more. */
void fetcher_link_down(struct fetcher *f)
{
    if (f->download)
        pull_broke_off(&f->pull, f->offer.type, f->now_ms);
    end_download(f);
    pull_link_down(&f->pull);
}

size_t fetcher_have(const struct fetcher *f, struct control_have ret[CONTROL_DOCUMENTS_MAX])
{
    assert(f && ret);
    size_t n = 0;
    for (size_t i = 0; i < f->pull.count && n < CONTROL_DOCUMENTS_MAX; i++) {
        const struct pull_item *item = &f->pull.items[i];
        if (item->have == 0)
            continue;
        struct control_have *have = &ret[n++];
        *have = (struct control_have){.version = item->have};
        text_cut(have->type, sizeof(have->type), item->type);
    }
    return n;
}

void fetcher_wanted(struct fetcher *f, const struct control_want *want, size_t count,
                    int64_t now_ms)
{
    assert(f && (want || count == 0));
    for (size_t i = 0; i < count; i++) {
        if (want[i].bytes > INBOX_BODY_MAX)
            continue; /* of a release that has larger ones */
        struct pull_want w = {.version = want[i].version, .bytes = want[i].bytes};
        memcpy(w.sha256, want[i].sha256, sizeof(w.sha256));
        if (text_copy(w.type, sizeof(w.type), want[i].type) < 0)
            continue;
        /* Newer types, versions that are here, and contradictions all leave things as they are. */
        int taken = pull_wanted(&f->pull, &w, now_ms);
        (void)taken;
    }
}

/* 1 when it was kept, 0 when it was not the next. */
static int keep(struct fetcher *f, const struct pull_chunk *piece, const uint8_t *bytes,
                int64_t now_ms)
{
    int next = pull_chunk(&f->pull, piece, now_ms);
    if (next <= 0)
        return next;
    struct inbox_part part = {.version = piece->version,
                              .base = piece->base,
                              .total = piece->total,
                              .got = piece->offset};
    text_cut(part.type, sizeof(part.type), piece->type);
    int err = inbox_part_add(f->inbox, &part, bytes, (size_t)piece->len);
    if (err < 0)
        pull_failed(&f->pull, piece->type, now_ms);
    return err < 0 ? err : 1;
}

int fetcher_chunk(struct fetcher *f, const struct chunk *chunk, int64_t now_ms)
{
    assert(f && chunk);
    struct pull_chunk piece = {.version = chunk->version,
                               .base = chunk->from_version,
                               .total = chunk->bytes,
                               .offset = (int64_t)chunk->number * CHUNK_DATA_MAX,
                               .len = (int64_t)chunk->data_len};
    if (text_copy(piece.type, sizeof(piece.type), chunk->type) < 0)
        return -EBADMSG;
    return keep(f, &piece, chunk->data, now_ms);
}

/* --- by HTTPS */

int fetcher_offered(struct fetcher *f, const struct control_fetch *offer, int64_t now_ms)
{
    assert(f && offer);
    struct pull_offer o = {.version = offer->version, .total = offer->bytes};
    if (text_copy(o.type, sizeof(o.type), offer->type) < 0 || offer->bytes > (int64_t)PACKED_MAX)
        return -EBADMSG;
    int taken = pull_offered(&f->pull, &o, now_ms);
    if (taken == 1) {
        end_download(f);
        f->offer = *offer;
    }
    return taken;
}

static int take_fetched(int64_t offset, const uint8_t *bytes, size_t len, void *context)
{
    struct fetcher *f = context;
    struct pull_chunk piece = {.version = f->offer.version,
                               .base = PULL_BASE_SNAPSHOT,
                               .total = f->offer.bytes,
                               .offset = offset,
                               .len = (int64_t)len};
    memcpy(piece.type, f->offer.type, sizeof(piece.type));
    int kept = keep(f, &piece, bytes, f->now_ms);
    return kept == 0 ? -ESTALE : kept < 0 ? kept : 0; /* another version is wanted by now */
}

static int begin_download(struct fetcher *f, const struct pull_action *a, int64_t now_ms,
                          struct diag *reterr)
{
    struct download_conf conf = {.server = f->server,
                                 .ticket = f->offer.ticket,
                                 .offset = a->get.offset,
                                 .total = f->offer.bytes,
                                 .take = take_fetched,
                                 .context = f};
    end_download(f);
    int err = download_open(&conf, reterr, &f->download);
    if (err == 0)
        pull_sent(&f->pull, a, now_ms);
    else
        pull_broke_off(&f->pull, a->get.type, now_ms);
    return err < 0 ? -EIO : 0;
}

static int step_download(struct fetcher *f, int64_t now_ms, struct diag *reterr)
{
    f->now_ms = now_ms;
    int left = download_step(f->download, reterr);
    if (left == 1)
        return 0;
    end_download(f);
    if (left == 0 || left == -ESTALE)
        return 0;
    pull_broke_off(&f->pull, f->offer.type, now_ms);
    return left == -EACCES || left == -EBADMSG ? -EIO : left;
}

/* The new body out of what came and, for a delta, of what is here. *ret_body stays NULL when it
 * cannot be made. */
static int unpack(struct fetcher *f, const char *type, char **ret_body, size_t *ret_len)
{
    uint8_t *packed = NULL;
    size_t packed_len = 0;
    int got = inbox_part_bytes(f->inbox, type, &packed, &packed_len);
    if (got <= 0)
        return got;
    struct inbox_document old = {.version = 0};
    char *old_body = NULL;
    int had = inbox_body(f->inbox, type, &old, &old_body);
    int err = had < 0 && had != -EBADMSG ? had : 0;
    if (err == 0) {
        int made = document_unpack(packed, packed_len, old_body, (size_t)old.bytes, sha256,
                                   ret_body, ret_len, NULL);
        err = made == -ENOMEM ? made : 0;
    }
    free(old_body);
    free(packed);
    return err;
}

/* 1 when it is stored, 0 when it was not right and will be asked for again. */
static int finish(struct fetcher *f, const struct pull_get *get, int64_t now_ms)
{
    char *body = NULL;
    size_t len = 0;
    int err = unpack(f, get->type, &body, &len);
    if (err == 0) {
        int right = pull_finish(&f->pull, get->type, body, len, now_ms);
        err = right == 1 ? inbox_put(f->inbox, get->type, get->version, body, len)
                         : inbox_part_drop(f->inbox, get->type);
        if (err == 0 && right == 1)
            err = 1;
    }
    free(body);
    return err;
}

static struct control_get get_of(const struct fetcher *f, const struct pull_get *g)
{
    struct control_get get = {.version = g->version, .at = (int32_t)(g->offset / CHUNK_DATA_MAX)};
    get.fetch = *f->server.url && !g->by_messages;
    get.from_version = g->base == PULL_BASE_ANY ? g->have : g->base;
    text_cut(get.type, sizeof(get.type), g->type);
    return get;
}

int fetcher_next(struct fetcher *f, int64_t now_ms, struct control_get *ret_get,
                 char ret_stored[INBOX_TYPE_SIZE], int64_t *ret_until_ms, struct diag *reterr)
{
    assert(f && ret_get && ret_stored && ret_until_ms);
    ret_stored[0] = '\0';
    int err = f->download ? step_download(f, now_ms, reterr) : 0;
    if (err < 0)
        return err;
    struct pull_action a = pull_next(&f->pull, now_ms);
    if (a.step == PULL_FINISH) {
        int done = finish(f, &a.get, now_ms);
        if (done < 0)
            return done;
        if (done == 1)
            text_cut(ret_stored, INBOX_TYPE_SIZE, a.get.type);
        *ret_until_ms = now_ms;
        return 0;
    }
    if (a.step == PULL_FETCH) {
        *ret_until_ms = now_ms + DOWNLOAD_MS;
        return begin_download(f, &a, now_ms, reterr);
    }
    if (a.step == PULL_WAIT) {
        *ret_until_ms = f->download ? now_ms + DOWNLOAD_MS : a.until_ms;
        return 0;
    }
    f->asked = a;
    *ret_get = get_of(f, &a.get);
    return 1;
}

void fetcher_asked(struct fetcher *f, int64_t now_ms)
{
    assert(f);
    pull_sent(&f->pull, &f->asked, now_ms);
}
