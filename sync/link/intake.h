/* SPDX-License-Identifier: Apache-2.0 */
/* link/intake.h -- the relay's side of receiving one journal: given the stored watermark row, what
 * a HELLO or a batch means, which of its entries are new, what is written with them, and what is
 * answered. Pure: rows, chains and transactions are the caller's. See link_message.h for the
 * conversation.
 *
 *   batch arrives
 *   intake_batch()     TAKE: decode, hash from batch.prev on, noting the chain at the row's wm ...
 *   intake_chained()   ... TAKE: still. Entries from..to are new.
 *   intake_advance()   the row as it is written in the transaction of those entries
 *   -- durable commit --
 *   intake_owe(), intake_ack_due()   ACK, at most one a second
 *
 *   notice arrives (lane 1, see uplink.h)
 *   intake_keeps()     whether an entry ahead of its turn is kept, beside the ledger: not in it,
 * not in the row, never folded. It goes when the row has passed it, and what was told must then be
 * what came, or a person is told of that
 *
 * There is one row a (tenant, device, epoch), written with the entries that move it and never
 * removed: it is the table that keeps a doubled batch from counting twice. The primary key of the
 * entries is the second belt. Whatever arrives, in whatever order, any number of times: the row
 * moves by whole runs of entries that continue it and its chain, or not at all. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "link_message.h"

#define INTAKE_ACK_MS 1000
#define INTAKE_RETRY_MS                                                                            \
    60000 /* asked of a format that is not read, and of a quota without a time */

enum intake_hold {
    INTAKE_OPEN = 0,
    INTAKE_FORKED = 1, /* set with the alarm, taken back by a person */
    INTAKE_FENCED = 2, /* the device has a newer epoch */
};

/* As stored. A device that was never heard of has zeros and chain_genesis(). */
struct intake_row {
    int64_t wm;
    int64_t safe; /* as the store knows: wm with a synchronous standby, else the last good backup */
    int64_t s;    /* session of the batch that moved wm last: written with wm */
    struct chain_head head; /* of the chain at wm */
    int32_t hold;           /* enum intake_hold */
};

struct intake_conf {
    int32_t window;        /* batches, told to devices; 0: LINK_BATCHES_MAX */
    int32_t flush_ms;      /* told to devices; 0: theirs */
    int32_t schema_oldest; /* wire versions that are read: wire_range() */
    int32_t schema_newest;
    int32_t early;          /* entries of a journal that are kept ahead of their turn, told to
                               devices; at most LINK_EARLY_MAX */
    int32_t quota_retry_ms; /* above 0: this tenant is to wait; what is stored is still answered */
};

enum intake_verdict {
    INTAKE_RESUME,    /* HELLO: answer where to go on */
    INTAKE_LACKING,   /* HELLO: as above, but the device no longer has wm + 1: raise an alarm */
    INTAKE_TAKE,      /* from .. to are new */
    INTAKE_AGAIN,     /* all stored before: acknowledge again */
    INTAKE_GAP,       /* begins beyond wm + 1 */
    INTAKE_FORK,      /* another journal under this name: set it aside, raise an alarm, hold */
    INTAKE_ROLLBACK,  /* the device lost entries that are stored: the same */
    INTAKE_HELD,      /* held since an earlier fork, or fenced by a newer epoch */
    INTAKE_SCHEMA,    /* a format that is not read: keep nothing */
    INTAKE_QUOTA,     /* not now: keep nothing */
    INTAKE_MALFORMED, /* contradicts itself: drop and count, answer nothing */
};
#define INTAKE_VERDICT_COUNT 11

const char *intake_verdict_name(enum intake_verdict verdict); /* static */
bool intake_verdict_alarms(enum intake_verdict verdict);      /* whether a person must know */

enum intake_reply {
    INTAKE_REPLY_NONE,
    INTAKE_REPLY_RESUME,
    INTAKE_REPLY_ACK, /* after the commit, when intake_ack_due() says so */
    INTAKE_REPLY_NACK,
};

struct intake_answer {
    enum intake_verdict verdict;
    int64_t from; /* INTAKE_TAKE: the entries that are new; those before are stored */
    int64_t to;
    enum intake_reply reply;
    union {
        struct link_resume resume;
        struct link_nack nack;
    } send;
};

/* now_ms: the relay's clock, UTC, for the device's. */
struct intake_answer intake_hello(const struct intake_row *row, const struct intake_conf *conf,
                                  const struct link_hello *hello, int64_t now_ms);

/* For INTAKE_AGAIN the caller may compare the stored hash of the last entry with batch.head; a
 * difference is intake_refuse(INTAKE_FORK). Without it a fork shows with its first new entry. */
struct intake_answer intake_batch(const struct intake_row *row, const struct intake_conf *conf,
                                  const struct link_batch *batch);

/* The second look at a batch to TAKE, once its chain is recomputed from batch.prev: at_wm is the
 * chain at the row's wm (batch.prev itself when the batch begins behind it), at_end behind its last
 * entry. INTAKE_TAKE, or INTAKE_FORK when the part that is stored differs, or INTAKE_MALFORMED when
 * the entries are not those that the batch's head names. */
struct intake_answer intake_chained(const struct intake_row *row, const struct intake_conf *conf,
                                    const struct link_batch *batch, const struct chain_head *at_wm,
                                    const struct chain_head *at_end);

/* The answer for a verdict that the caller came to by itself: INTAKE_FORK by a stored hash,
 * INTAKE_SCHEMA by what it could not decode, INTAKE_QUOTA by its disk. */
struct intake_answer intake_refuse(const struct intake_row *row, const struct intake_conf *conf,
                                   int64_t s, enum intake_verdict verdict);

/* The row after a batch to TAKE: write it in the transaction of the entries. */
struct intake_row intake_advance(const struct intake_row *row, const struct link_batch *batch);

/* Whether entry seq, told ahead of its turn, is kept while `kept` others of the journal are.
 * Neither answer changes the row, nor is anything answered: the entry comes again. */
bool intake_keeps(const struct intake_row *row, const struct intake_conf *conf, int64_t seq,
                  int64_t kept);

/* A new backup, or a standby, holds everything up to safe. Never moves back, nor beyond wm. */
void intake_secured(struct intake_row *row, int64_t safe);

/* When to acknowledge; one a device, in memory only. All zero at the start. */
struct intake_pace {
    int64_t sent_ms;
    int64_t owed; /* session that waits for one; 0: none */
    int64_t wm;   /* last acknowledged */
};

/* After the commit of a batch to TAKE, and for INTAKE_AGAIN at once. */
void intake_owe(struct intake_pace *pace, int64_t s);

/* 1 and *ret_ack when one is to be sent now: one is owed, and the last is a second ago, or half the
 * LINK_ENTRIES_MAX is used up (else the device would stand still; with a smaller window it is to).
 * 0 and *ret_due_ms, when to ask again; INT64_MAX when none is owed. now_ms: a monotonic clock. */
NODISCARD int intake_ack_due(struct intake_pace *pace, const struct intake_row *row,
                             const struct intake_conf *conf, int64_t now_ms,
                             struct link_ack *ret_ack, int64_t *ret_due_ms);
