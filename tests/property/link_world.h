/* SPDX-License-Identifier: Apache-2.0 */
/* An appliance and a relay made of the machines of sync/link, and between them whatever can go
 * wrong: messages dropped, doubled and overtaken, power cuts, a relay that crashes between commit
 * and acknowledgement, restored backups, lost storage. Every choice comes from a seed or from
 * bytes, and after every step the invariants of tests/model/link.pml are looked at on the machines
 * themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "intake.h"
#include "rng.h"
#include "uplink.h"

#define WORLD_ENTRIES_MAX 400
#define WORLD_EPOCHS_MAX 4 /* epochs and lives count from 1 */
#define WORLD_MAIL_MAX 32

/* What one side does wrong, outside the machines: each must break an invariant. */
enum world_fault {
    WORLD_SOUND,
    WORLD_ACK_BEFORE_COMMIT,
    WORLD_TRUST_PUBACK,
    WORLD_ACCEPT_GAPS,
    WORLD_KEEP_EPOCH,
    WORLD_NO_DEDUPE,
    WORLD_DELETE_AT_ACK,
    WORLD_STALE_RESUME,
    WORLD_COUNT_EARLY,  /* a notice moves the watermark */
    WORLD_FOLD_EARLY,   /* a notice is stored as if it were its entry */
    WORLD_NEVER_PASSED, /* what was told ahead is not taken out in its turn */
};

struct world_choices {
    struct rng rng;
    const uint8_t *bytes; /* NULL: from rng */
    size_t len;
    size_t at;
};

enum world_kind { WORLD_HELLO, WORLD_BATCH, WORLD_NOTICE, WORLD_RESUME, WORLD_ACK, WORLD_NACK };

struct world_mail {
    enum world_kind kind;
    uint32_t epoch;
    uint32_t life; /* BATCH: whose entries these are */
    int restored;  /* downward: how often the relay had been restored */
    union {
        struct link_hello hello;
        struct link_batch batch;
        struct { /* one entry ahead of its turn */
            int64_t seq;
            struct chain_head at;
        } notice;
        struct link_resume resume;
        struct link_ack ack;
        struct link_nack nack;
    } as;
};

struct world_box {
    struct world_mail mail[WORLD_MAIL_MAX];
    size_t count;
};

/* The relay's rows of one epoch. */
struct world_ledger {
    struct intake_row row;
    struct chain_head at[WORLD_ENTRIES_MAX + 1];
    uint8_t copies[WORLD_ENTRIES_MAX + 1];         /* of each entry that is stored */
    bool early[WORLD_ENTRIES_MAX + 1];             /* kept ahead of its turn, */
    struct chain_head told[WORLD_ENTRIES_MAX + 1]; /* and what it was */
    bool differs;                                  /* something came that was not what was told */
};

struct world {
    struct world_choices choices;
    enum world_fault fault;
    int64_t now_ms;

    /* The appliance's storage. */
    uint32_t epoch;
    uint32_t life;
    int64_t boot;
    struct uplink_journal journal; /* acked and safe as last written down */
    struct chain_head at[WORLD_ENTRIES_MAX + 1];
    struct uplink uplink;
    struct uplink_conf conf;
    bool up;
    int told; /* restores before the RESUME of its session; -1: none in this run yet */

    struct world_ledger ledger[WORLD_EPOCHS_MAX + 1];
    struct world_ledger backup[WORLD_EPOCHS_MAX + 1];
    struct intake_pace pace[WORLD_EPOCHS_MAX + 1];
    struct intake_conf relay;
    int restored;

    struct world_box upward;
    struct world_box downward;
    int64_t answers; /* that counted, for the report */
};

void world_start(struct world *w, struct world_choices choices, enum world_fault fault);

/* One thing happens. */
void world_step(struct world *w);

/* The first invariant that does not hold, in words; NULL when all do. */
const char *world_broken(const struct world *w);

/* The link is up and nothing goes wrong any more: runs until all is acknowledged. False when that
 * does not come (I7), or when an invariant breaks on the way: then world_broken() says so. */
bool world_calm(struct world *w);
