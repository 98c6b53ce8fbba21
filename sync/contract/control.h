/* SPDX-License-Identifier: Apache-2.0 */
/* contract/control.h -- the messages by which device and relay agree where they stand: JSON, short,
 * readable. What is done with them is decided in sync/link. Pure.
 *
 *   device                                              relay
 *   HELLO  {m ten dev ep s floor head hash fw schema ->           u/SHARD/TENANT.DEVICE/h
 *           wire:[oldest,newest] have:{type:version}}
 *                                              <- RESUME {m s wm safe now wire window flush_ms
 *                                                         early want:{type:[version,sha256,bytes]}}
 *   batch (batch.h)                            ->                 u/SHARD/TENANT.DEVICE/e
 *   notice (notice.h)                          ->                 u/SHARD/TENANT.DEVICE/n
 *                                              <- ACK  {m s wm safe}
 *                                              <- NACK {m s wm why retry_ms}
 *   GET    {m ten dev ep s type version from at fetch}  ->
 *                                              <- chunks (chunk.h)   d/TENANT.DEVICE/d
 *                                            or <- FETCH {m s type version bytes ticket}
 *   GET CONTROL_FETCH_PATH over HTTPS, Authorization: Bearer TICKET, Range: bytes=N-
 *                                            -> 206: the packed snapshot from byte N on
 *                                              <- COMMAND {m s id expires what}
 *
 * Every message says what it is in "m". A reader passes over members that it does not know; a
 * member once given never changes its meaning, and one that came later may be left out. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "origin.h"
#include "wire.h"

#define CONTROL_MAX 4096 /* bytes of a message; a RESUME that wants everything has some 1,900 */
#define CONTROL_DEPTH_MAX 4
#define CONTROL_NUMBER_MAX INT64_C(9007199254740991) /* 2^53 - 1: what any JSON reader holds */
#define CONTROL_SHA256_SIZE 32
#define CONTROL_RELEASE_SIZE 33
#define CONTROL_TYPE_SIZE 17 /* name of a document: 1 to 16 of a-z, 0-9, _ and - */
#define CONTROL_DOCUMENTS_MAX 16
#define CONTROL_COMMAND_SIZE 33
#define CONTROL_WINDOW_MAX 64        /* batches in flight */
#define CONTROL_INTERVAL_MAX 3600000 /* ms: flush_ms, retry_ms */
#define CONTROL_EARLY_MAX 4096       /* entries ahead of their turn */
#define CONTROL_TICKET_SIZE 257
#define CONTROL_FETCH_PATH "/sync/v1/document"
#define CONTROL_FETCH_MAX (64 << 20) /* bytes of a body that is fetched */

enum control_kind {
    CONTROL_HELLO,
    CONTROL_RESUME,
    CONTROL_ACK,
    CONTROL_NACK,
    CONTROL_GET,
    CONTROL_COMMAND,
    CONTROL_FETCH,
};
#define CONTROL_KIND_COUNT 7

enum nack_why {
    NACK_GAP,    /* first_seq is behind wm + 1: send from wm + 1 on */
    NACK_FORK,   /* another history under the same numbers: stop, a person must look */
    NACK_SCHEMA, /* the relay cannot read it: keep everything, ask again after retry_ms */
    NACK_QUOTA,  /* later: after retry_ms */
    NACK_OTHER,  /* a reason of a newer release: treat as quota */
};

/* A document by its name, so that one which this release does not know can be told from one that it
 * does (document_parse). */
struct control_have {
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
};

struct control_want {
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
    uint8_t sha256[CONTROL_SHA256_SIZE]; /* of its body */
    int64_t bytes;                       /* of its body */
};

struct control_hello {
    struct origin origin;
    int64_t floor;                     /* seq of the oldest entry that it still has, less one */
    int64_t head;                      /* seq of its last entry; 0: none */
    uint8_t hash[CONTROL_SHA256_SIZE]; /* its chain after head */
    char release[CONTROL_RELEASE_SIZE];
    int32_t schema; /* of its journal */
    struct wire_range wire;
    struct control_have have[CONTROL_DOCUMENTS_MAX];
    size_t have_count;
};

struct control_resume {
    int64_t wm;
    int64_t safe;
    int64_t now_ms; /* UTC at the relay, as the message left */
    int32_t wire;   /* the version to write */
    int32_t window; /* batches in flight, 1 to CONTROL_WINDOW_MAX */
    int32_t flush_ms;
    int32_t early; /* entries ahead of their turn that it keeps; 0: it knows no second lane */
    struct control_want want[CONTROL_DOCUMENTS_MAX];
    size_t want_count;
};

struct control_ack {
    int64_t wm;
    int64_t safe;
};

struct control_nack {
    int64_t wm;
    enum nack_why why;
    int32_t retry_ms;
};

struct control_get {
    struct origin origin;
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
    int64_t from_version; /* what the device has: a delta from it may come; 0: nothing */
    int32_t at;           /* first chunk that is wanted, from 0 */
    int32_t fetch;        /* 1: a FETCH will do as well; 0: messages alone, as old releases */
};

/* What was asked for is too large for messages. */
struct control_fetch {
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
    int64_t bytes;                    /* of the packed snapshot (document_delta.h) */
    char ticket[CONTROL_TICKET_SIZE]; /* proves who may fetch what, for a while; to the device it is
                                         a word */
};

struct control_command {
    int64_t id;                      /* done at most once: kept in the transaction of its effect */
    int64_t expires_ms;              /* UTC; not done after it */
    char what[CONTROL_COMMAND_SIZE]; /* a code: "reboot", "unlock" */
};

struct control {
    enum control_kind kind;
    int64_t session; /* durable boot counter << 16 | connection counter; of the device's HELLO */
    union {
        struct control_hello hello;
        struct control_resume resume;
        struct control_ack ack;
        struct control_nack nack;
        struct control_get get;
        struct control_command command;
        struct control_fetch fetch;
    };
};

const char *control_kind_name(enum control_kind kind); /* static; the value of "m" */
NODISCARD int control_kind_parse(const char *name, enum control_kind *ret); /* -EPROTO: none */
const char *nack_why_name(enum nack_why why);                               /* static */
enum nack_why nack_why_parse(const char *name);

/* Writes one message, without newline. Returns its length: every message whose numbers are in their
 * ranges and whose texts are what control_read() takes fits. */
size_t control_write(const struct control *message, char buf[CONTROL_MAX]);

/* Reads a whole message of len bytes, which need no NUL behind them.
 *   -EBADMSG  no such message: not JSON, too long or too deep, a member missing, doubled, of a
 *             wrong type or out of its range; *reterr names it
 *   -EPROTO   a message of a newer release ("m" is none of these): pass over it
 *   -ENOMEM */
NODISCARD int control_read(const char *text, size_t len, struct control *ret, struct diag *reterr);
