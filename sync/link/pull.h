/* SPDX-License-Identifier: Apache-2.0 */
/* link/pull.h -- the appliance's side of getting documents: catalogue, orders, plans. They are
 * desired state, not a queue: the relay says which version it wants here, and the machine asks for
 * what is missing, piece by piece, in order of rank, until the digest of the whole is right. It
 * keeps no bytes and applies nothing; pieces go to the caller's storage, so that a transfer goes on
 * after a power cut where it stopped. shelf.h is the other side, control.h and chunk.h of contract
 * are the messages: there `at` and `number` count pieces, here offsets count bytes.
 *
 *   <- RESUME want: type version sha256 bytes
 *      GET    type version have offset      -> base -1: choose delta or snapshot
 *   <- CHUNK  type version base offset total + bytes   base 0: snapshot; else what leads from there
 *      GET    ... offset + len              -> until offset = total
 *
 * A body that is too large for messages is not sent but offered: the relay answers with its size
 * and with what it is fetched by over HTTPS (control.h), from the byte on that is missing here
 * (PULL_FETCH). Its bytes are those that messages would bring, come in by the same pull_chunk(),
 * and either way goes on where the other stopped. GET goes first, because a delta of a large
 * catalogue is small. A fetch that brought nothing is followed by a GET for messages alone, so that
 * a device that HTTPS does not get through to has at least what messages can carry.
 *
 *      GET    type version have offset      ->
 *   <- FETCH  type version total + ticket   the body is a snapshot
 *      HTTPS  Range: bytes=offset-          -> until offset = total
 *
 * A version is one content for ever, and only a higher one replaces it. So no piece can be stale:
 * it fits where the transfer is, or it is dropped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "chunk.h"
#include "control.h"
#include "rng.h"
#include "sha256.h"

#define PULL_DOCUMENTS_MAX CONTROL_DOCUMENTS_MAX
#define PULL_TYPE_SIZE CONTROL_TYPE_SIZE
#define PULL_CHUNK_MAX CHUNK_DATA_MAX /* bytes of one piece: all have so many but the last */
#define PULL_BODY_MAX (64 << 20)
#define PULL_ANSWER_MS 10000
#define PULL_FETCH_MS 60000 /* a fetch that brings nothing for so long is given up */
#define PULL_NEVER_MS INT64_MAX

#define PULL_BASE_ANY (-1)
#define PULL_BASE_SNAPSHOT 0

struct pull_want {
    char type[PULL_TYPE_SIZE];
    int64_t version;             /* 1, 2, ... */
    uint8_t sha256[SHA256_SIZE]; /* of the whole document in that version, not packed ... */
    int64_t bytes;               /* ... and its size */
};

struct pull_get {
    char type[PULL_TYPE_SIZE];
    int64_t have; /* 0: none */
    int64_t version;
    int64_t base; /* of the body under way; PULL_BASE_ANY: none is */
    int64_t offset;
    bool by_messages; /* nothing came of a fetch: do not offer one */
};

struct pull_offer {
    char type[PULL_TYPE_SIZE];
    int64_t version;
    int64_t total; /* bytes of the packed snapshot */
};

struct pull_chunk {
    char type[PULL_TYPE_SIZE];
    int64_t version;
    int64_t base;
    int64_t total; /* bytes of the body: of the snapshot or of the delta */
    int64_t offset;
    int64_t len; /* of this piece, at least 1; PULL_CHUNK_MAX in all but the last */
};

enum pull_step {
    PULL_WAIT,   /* until until_ms, or until something happens */
    PULL_GET,    /* send get */
    PULL_FETCH,  /* fetch what was offered, from get.offset on */
    PULL_FINISH, /* the body is whole: unpack it, then pull_finish() */
};

struct pull_action {
    enum pull_step step;
    int64_t until_ms;
    struct pull_get get;
};

/* One document. Fields belong to pull.c; have, want and the part may be read. */
struct pull_item {
    char type[PULL_TYPE_SIZE];
    int rank;
    int64_t have;
    int64_t want;
    uint8_t sha256[SHA256_SIZE];
    int64_t base; /* of the part; PULL_BASE_ANY: none */
    int64_t total;
    int64_t got;
    int64_t offered;    /* bytes of the body that is fetched; 0: it comes by messages */
    bool brought;       /* something came of the fetch */
    bool by_messages;   /* nothing came of the last one */
    bool snapshot_only; /* a delta did not lead to the digest */
    bool conflict;      /* the relay gave one version two digests */
    uint32_t failures;
    int64_t due_ms; /* not to be asked for before */
};

struct pull {
    struct rng rng;
    struct pull_item items[PULL_DOCUMENTS_MAX];
    size_t count;
    bool up;
    int asked;         /* item whose answer is awaited; -1: none */
    int64_t answer_ms; /* until when */
};

void pull_start(struct pull *p, uint64_t seed);

/* Makes a document known: in which version it is stored here (0: not at all), and its rank: lower
 * ones come first. -ENOSPC beyond PULL_DOCUMENTS_MAX, -EEXIST when known, -ENAMETOOLONG. */
NODISCARD int pull_know(struct pull *p, const char *type, int rank, int64_t have);

/* A part that was kept through a restart: `last` is the piece that was stored last, all before it
 * are. Call it before pull_wanted(). -ENOENT for an unknown document, -EINVAL for numbers that are
 * no part of anything wanted: throw it away. */
NODISCARD int pull_keep(struct pull *p, const struct pull_chunk *last);

void pull_link_up(struct pull *p);
void pull_link_down(struct pull *p);

/* The relay wants this version here. pull_chunk() of another version than the last one is dropped,
 * and its part with it.
 *   1         it is new: it will be pulled
 *   0         it is here, on its way, or older than what is here
 *   -ENOENT   a document of a newer release: ignore it
 *   -EEXIST   the same version with another digest: what is here stays; count it
 *   -EBADMSG  no version */
NODISCARD int pull_wanted(struct pull *p, const struct pull_want *want, int64_t now_ms);

/* A piece came.
 *   1         write its bytes at its offset of the part; at offset 0, throw away what was there
 *   0         it is not the next one: nothing is written
 *   -EBADMSG  it contradicts itself: dropped */
NODISCARD int pull_chunk(struct pull *p, const struct pull_chunk *chunk, int64_t now_ms);

/* The relay offers the body for a fetch.
 *   1         PULL_FETCH follows
 *   0         it is not what is wanted here
 *   -EBADMSG  no size */
NODISCARD int pull_offered(struct pull *p, const struct pull_offer *offer, int64_t now_ms);

struct pull_action pull_next(struct pull *p, int64_t now_ms);

/* The GET is handed to the transport, or the fetch is begun. */
void pull_sent(struct pull *p, const struct pull_action *action, int64_t now_ms);

/* A piece that counted could not be stored: the part is forgotten, and asked for afresh later. */
void pull_failed(struct pull *p, const char *type, int64_t now_ms);

/* The fetch ended, broke off or was refused: what is missing is asked for later, and offered anew.
 * Also due without this word, PULL_FETCH_MS after the last piece. */
void pull_broke_off(struct pull *p, const char *type, int64_t now_ms);

/* After PULL_FINISH: the document, whole; for a delta, what the delta made of version base; NULL
 * when it made nothing. Hashes len bytes.
 *   1         it is the one wanted: store it and drop the part, in one transaction
 *   0         nothing was to be finished
 *   -EBADMSG  it is not: drop the part; the snapshot is asked for */
NODISCARD int pull_finish(struct pull *p, const char *type, const void *bytes, size_t len,
                          int64_t now_ms);
