/* SPDX-License-Identifier: Apache-2.0 */
/* link/pull.h -- the appliance's side of getting documents: catalogue, orders, plans. They are
 * desired state, not a queue: the relay says which version it wants here, and the machine asks for
 * what is missing, piece by piece, in order of rank, until the digest of the whole is right. It
 * keeps no bytes and applies nothing; pieces go to the caller's storage, so that a transfer goes on
 * after a power cut where it stopped. shelf.h is the other side.
 *
 *   <- WANT   doc version sha256            (in RESUME, and when something new is there)
 *      GET    doc have version base offset  -> base -1: choose delta or snapshot
 *   <- CHUNK  doc version base total offset + bytes    base 0: snapshot; else delta from version
 * base GET    ... base offset + len         -> until offset = total
 *
 * A CHUNK without bytes and with a total above PULL_MESSAGE_MAX says that the snapshot is fetched
 * by HTTPS ranges under its digest (PULL_FETCH); the bytes come in by the same pull_chunk().
 *
 * A version is one content for ever, and only a higher one replaces it. So no piece can be stale:
 * it fits where the transfer is, or it is dropped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "rng.h"
#include "sha256.h"

#define PULL_DOCUMENTS_MAX 16
#define PULL_NAME_SIZE 17        /* with NUL; as in file names: catalogue, orders, ... */
#define PULL_CHUNK_MAX 32768     /* bytes of one piece; with its header below PULL_MESSAGE_MAX */
#define PULL_MESSAGE_MAX 65536   /* what is larger goes by HTTPS */
#define PULL_BODY_MAX (64 << 20) /* as a documents folder's files */
#define PULL_ANSWER_MS 10000
#define PULL_NEVER_MS INT64_MAX

#define PULL_BASE_ANY (-1)
#define PULL_BASE_SNAPSHOT 0

struct pull_want {
    char doc[PULL_NAME_SIZE];
    int64_t version;             /* 1, 2, ... */
    uint8_t sha256[SHA256_SIZE]; /* of the whole document in that version */
};

struct pull_get {
    char doc[PULL_NAME_SIZE];
    int64_t have; /* 0: none */
    int64_t version;
    int64_t base; /* of the body under way; PULL_BASE_ANY: none is */
    int64_t offset;
};

struct pull_chunk {
    char doc[PULL_NAME_SIZE];
    int64_t version;
    int64_t base;
    int64_t total; /* bytes of the body: of the snapshot or of the delta */
    int64_t offset;
    int64_t len; /* of this piece */
};

enum pull_step {
    PULL_WAIT,   /* until until_ms, or until something happens */
    PULL_GET,    /* send get */
    PULL_FETCH,  /* fetch the snapshot from get.offset on by HTTPS, under sha256 */
    PULL_FINISH, /* the body is whole: apply it to version base, then pull_finish() */
};

struct pull_action {
    enum pull_step step;
    int64_t until_ms;
    struct pull_get get;
    uint8_t sha256[SHA256_SIZE];
};

/* One document. Fields belong to pull.c; have, want and the part may be read. */
struct pull_item {
    char doc[PULL_NAME_SIZE];
    int rank;
    int64_t have;
    int64_t want;
    uint8_t sha256[SHA256_SIZE];
    int64_t base; /* of the part; PULL_BASE_ANY: none */
    int64_t total;
    int64_t got;
    bool elsewhere;     /* by HTTPS */
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
NODISCARD int pull_know(struct pull *p, const char *doc, int rank, int64_t have);

/* A part that was kept through a restart: where the first `got` bytes of version's body lie. Call
 * it before pull_wanted(). -ENOENT for an unknown document, -EINVAL for numbers that are no part:
 * throw it away. */
NODISCARD int pull_keep(struct pull *p, const char *doc, int64_t version, int64_t base,
                        int64_t total, int64_t got);

void pull_link_up(struct pull *p);
void pull_link_down(struct pull *p);

/* The relay wants this version here.
 *   1         it is new: it will be pulled
 *   0         it is here, on its way, or older than what is here
 *   -ENOENT   a document of a newer release: ignore it
 *   -EEXIST   the same version with another digest: what is here stays; count it
 *   -EBADMSG  no version */
NODISCARD int pull_wanted(struct pull *p, const struct pull_want *want, int64_t now_ms);

/* A piece came.
 *   1         write its bytes at its offset of the part; at offset 0, throw away what was there
 *   0         it is not the next one, or says where to fetch: nothing is written
 *   -EBADMSG  it contradicts itself: dropped */
NODISCARD int pull_chunk(struct pull *p, const struct pull_chunk *chunk, int64_t now_ms);

struct pull_action pull_next(struct pull *p, int64_t now_ms);

/* The GET is handed to the transport, or the fetch is begun. */
void pull_sent(struct pull *p, const struct pull_action *action, int64_t now_ms);

/* The fetch ended without all bytes; or what was fetched cannot be stored now. Asked again later,
 * from where it is. */
void pull_failed(struct pull *p, const char *doc, int64_t now_ms);

/* After PULL_FINISH: the document, whole; for a delta, what the delta made of version base; NULL
 * when it made nothing. Hashes len bytes.
 *   1         it is the one wanted: store it and drop the part, in one transaction
 *   0         nothing was to be finished
 *   -EBADMSG  it is not: drop the part; the snapshot is asked for */
NODISCARD int pull_finish(struct pull *p, const char *doc, const void *bytes, size_t len,
                          int64_t now_ms);
