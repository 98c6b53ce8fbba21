/* SPDX-License-Identifier: Apache-2.0 */
/* link/link_message.h -- what appliance and relay say to each other about one journal, as plain
 * values. How they look on the wire is contract's; that topic, certificate and message name the
 * same device has been checked before they come here.
 *
 *   appliance                                             relay
 *   HELLO  s epoch floor head head_hash schema      ->
 *                                                   <-    RESUME s wm safe now_ms window flush_ms
 *                                                                early
 *   NOTICE s epoch, entries ahead of their turn     ->    (no answer: lane 1, see uplink.h)
 *   BATCH  s epoch first_seq n prev head schema     ->    (stored, then)
 *                                                   <-    ACK    s wm safe
 *                                                   <-    NACK   s wm why retry_ms
 *
 * wm: entries 1..wm are durably stored, without a gap. safe <= wm: they would also survive the loss
 * of the relay's disk. s: the session, a new one for every HELLO; an answer belongs to the session
 * whose number it carries, and to no other. */
#pragma once

#include <stdint.h>

#include "chain.h"

/* What one connection may have under way. */
#define LINK_BATCHES_MAX 8
#define LINK_ENTRIES_MAX 512

/* Entries ahead of their turn that a relay keeps of one journal. */
#define LINK_EARLY_MAX 64

/* A session is the durable boot counter, 16 bits aside, and the HELLOs since. Below 2^53, because
 * JSON carries it. */
#define LINK_SESSION_BITS 16
#define LINK_BOOT_MAX ((INT64_C(1) << (53 - LINK_SESSION_BITS)) - 1)

struct link_hello {
    int64_t s;
    int64_t floor; /* the oldest entry that the appliance still has; head + 1 when it has none.
                      On the wire it is one less: the last that is gone */
    int64_t head;  /* the newest; 0 in an empty journal */
    struct chain_head head_hash;
    int32_t schema; /* wire version that both would speak (wire_choose()); 0: none */
};

struct link_resume {
    int64_t s;
    int64_t wm;
    int64_t safe;
    int64_t now_ms;   /* the relay's clock, UTC */
    int32_t window;   /* batches that may be under way; 0: LINK_BATCHES_MAX */
    int32_t flush_ms; /* how long entries may be gathered; 0: as the appliance is configured */
    int32_t early;    /* entries ahead of their turn that are kept; 0: no notices */
};

struct link_batch {
    int64_t s;
    int64_t first_seq;
    int64_t n;
    struct chain_head prev; /* of the chain before first_seq */
    struct chain_head head; /* after first_seq + n - 1 */
    int32_t schema;         /* wire version in which it is written */
};

struct link_ack {
    int64_t s;
    int64_t wm;
    int64_t safe;
};

/* The words on the wire are gap, fork, schema and quota. */
enum link_why {
    LINK_WHY_GAP,    /* entries after wm are missing: go back */
    LINK_WHY_FORK,   /* another journal bears this one's name: stop */
    LINK_WHY_SCHEMA, /* a format that the relay does not read: keep the entries, ask again */
    LINK_WHY_QUOTA,  /* not now: ask again after retry_ms */
};
#define LINK_WHY_COUNT 4

struct link_nack {
    int64_t s;
    int64_t wm;
    int32_t why; /* enum link_why */
    int32_t retry_ms;
};
