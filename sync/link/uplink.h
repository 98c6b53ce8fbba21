/* SPDX-License-Identifier: Apache-2.0 */
/* link/uplink.h -- the appliance's side of sending its journal: which entries go when, what an
 * answer means, and what is acknowledged. A stepped machine over sequence numbers in a struct of
 * the caller: it has no socket, clock, memory or entries of its own, and decides nothing about
 * deletion but how far it may go (uplink_deletable).
 *
 *   uplink_next() says what to do; the caller does it and says so with uplink_sent(), or waits and
 *   calls again. Everything that happens is told by the other calls, in any order.
 *
 *   link up    wait 0..1 s ............... so that a broker's restart is no stampede
 *      HELLO   s = boot << 16 | n ........ a new s for each; no answer: 1 s to 5 min, then the next
 *   <- RESUME  of that s, once ........... send from wm + 1, even if wm is less than before: a
 *                                          relay restored from a backup is refilled
 *      BATCH   at most 8, 512 entries .... 64 entries, or the oldest waits flush_ms, or urgent
 *   <- ACK     cumulative ................ no progress in 5 s and 4 round trips: HELLO
 *   <- NACK    gap: once back to wm + 1; quota: pause; schema, fork: stop, say so, ask seldom
 *
 * Two answers stop the sending until a person has acted: one of a relay that holds more than this
 * journal ever had (the storage went back in time, or two of one name), and one of a relay that
 * lacks what was deleted here. HELLO goes on every few minutes, so that a repair is noticed.
 *
 * Urgent entries flush what is before them. Behind a long backlog (early_behind), the few that a
 * person has to decide upon (contract/urgency.h) go ahead of it as well, in order, on lane 1, to a
 * relay whose RESUME says how many it keeps:
 *
 *      NOTICE  entries of the backlog ..... each once a session, as many as the relay has room for;
 *                                           more when the ledger has passed them. No answer
 *
 * A notice is a copy. It moves nothing here but where to look next: acked, safe, next, batches and
 * patience are the ledger's alone, and so are I1 to I7. The relay keeps it beside the ledger
 * (intake.h), folds nothing of it, and compares it when the entry comes in its turn. Where one is
 * lost, a person hears when the entry comes; where it is doubled or late, nothing follows.
 *
 * What is acknowledged is at the relay; only when the relay lost its disk may it be less, until the
 * next RESUME: what is deleted here hangs on safe, not on that. After a new start acked and safe
 * are as they were last written down, and safe is always true.
 *
 * All *_ms are of one monotonic clock of the caller. tests/model/link.pml is this machine and
 * intake.h under an adversary; the names of its steps are the names of these functions. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"
#include "link_message.h"
#include "rng.h"

#define UPLINK_FLUSH_ENTRIES 64
#define UPLINK_FLUSH_LAN_MS 1000
#define UPLINK_FLUSH_METERED_MS 120000
#define UPLINK_FLUSH_MAX_MS 3600000 /* whatever a relay asks for */
#define UPLINK_SPREAD_MS 1000       /* of first HELLOs after a link comes up */
#define UPLINK_PATIENCE_MS 5000     /* for an acknowledgement, and four round trips besides */
#define UPLINK_HALTED_MS 300000     /* between HELLOs after a fork and the like; half is jitter */
#define UPLINK_PAUSE_MAX_MS 3600000
#define UPLINK_REFRESH_MS 21600000 /* HELLO of an idle link: finds a relay that was restored */
#define UPLINK_EARLY_BEHIND LINK_ENTRIES_MAX /* what may be under way at once is no backlog */
#define UPLINK_LOOK_MAX 8192                 /* entries looked at for one notice */

#define UPLINK_NEVER_MS INT64_MAX

struct uplink_conf {
    int64_t boot;          /* counter in durable storage, raised before this start */
    uint64_t seed;         /* of the jitter: any number that differs between appliances */
    int32_t flush_entries; /* UPLINK_FLUSH_ENTRIES */
    int32_t flush_ms;      /* by tariff: UPLINK_FLUSH_METERED_MS or UPLINK_FLUSH_LAN_MS */
    int32_t refresh_ms;    /* UPLINK_REFRESH_MS */
    int32_t early_behind;  /* UPLINK_EARLY_BEHIND; 0: nothing goes ahead of its turn */
};

/* Where the journal stands, and what is known from earlier runs; 0 where nothing is. */
struct uplink_journal {
    int64_t floor; /* the oldest entry that is still there; head + 1 when there is none */
    int64_t head;
    int64_t acked; /* acknowledged */
    int64_t safe;
};

/* The numbers travel to the screen and in reports by name. */
enum uplink_state {
    UPLINK_OFFLINE,  /* no link */
    UPLINK_GREETING, /* HELLO is out, or about to be */
    UPLINK_SYNCED,   /* all acknowledged */
    UPLINK_SENDING,  /* entries gather, or are under way */
    UPLINK_PAUSED,   /* the relay asked to wait */
    UPLINK_SCHEMA,   /* the relay is older than the entries: it must be upgraded */
    UPLINK_FORK,     /* the relay holds other entries under this name: a new epoch is needed */
    UPLINK_ROLLBACK, /* the relay holds more than this journal: its storage went back in time */
    UPLINK_SHORT,    /* the relay lacks entries that were deleted here: restore a newer backup */
};
#define UPLINK_STATE_COUNT 9

const char *uplink_state_name(enum uplink_state state); /* static: "offline", "greeting", ... */

enum uplink_step {
    UPLINK_WAIT,   /* until until_ms, or until something happens */
    UPLINK_HELLO,  /* send HELLO of session s with floor, head and its hash */
    UPLINK_BATCH,  /* send entries first_seq .. first_seq + n - 1 in session s */
    UPLINK_NOTICE, /* look at first_seq .. last_seq, and send the first n at most of those that are
                      early. Then say uplink_noticed() */
    UPLINK_RENEW, /* sessions of this boot are used up: raise the durable counter, uplink_renew() */
};

struct uplink_action {
    enum uplink_step step;
    int64_t until_ms; /* UPLINK_WAIT; UPLINK_NEVER_MS: for an input only */
    int64_t s;
    int64_t floor; /* UPLINK_HELLO */
    int64_t head;
    int64_t first_seq; /* UPLINK_BATCH, UPLINK_NOTICE */
    int64_t n;
    int64_t last_seq; /* UPLINK_NOTICE */
};

struct uplink_status {
    enum uplink_state state;
    int64_t acked;
    int64_t safe;
    int64_t backlog;     /* entries that are not acknowledged */
    int64_t oldest_seq;  /* the first of them, whose age the journal knows; 0 when there is none */
    int64_t last_ack_ms; /* when entries were last acknowledged; UPLINK_NEVER_MS: not yet */
    int64_t left_ms;  /* until the backlog is gone at the pace so far; UPLINK_NEVER_MS: unknown */
    int64_t retry_ms; /* when HELLO goes out or a pause ends; UPLINK_NEVER_MS: nothing waits */
    uint32_t unanswered; /* HELLOs without progress */
    int64_t rtt_ms;      /* of the last HELLO; 0: unknown */
};

/* Fields belong to uplink.c. */
struct uplink {
    struct uplink_conf conf;
    struct rng rng;
    int phase;
    enum uplink_state trouble; /* why it is halted; UPLINK_SYNCED: it is not */
    int64_t boot;
    int64_t hellos; /* of this boot */
    int64_t s;
    int64_t floor;
    int64_t head;
    int64_t acked;
    int64_t safe;
    int64_t next; /* the first entry that is not under way */
    int64_t urgent;
    int64_t turned_back; /* wm of the last gap of this session; -1: none */
    int64_t window;
    int64_t room;       /* entries that may be ahead of their turn */
    int64_t look;       /* the first that was not looked at for a notice */
    int64_t ahead;      /* how many were told, */
    int64_t ahead_last; /* the last of them: behind it in the ledger, there is room again */
    int64_t flush_ms;
    int64_t rtt_ms;
    uint32_t attempt;
    int64_t batch_last[LINK_BATCHES_MAX]; /* last entry of each batch under way, oldest first */
    int batches;
    int64_t hello_ms;   /* sent */
    int64_t due_ms;     /* of the next HELLO, while greeting */
    int64_t answer_ms;  /* when patience ends; UPLINK_NEVER_MS: nothing is under way */
    int64_t paused_ms;  /* until when */
    int64_t gather_ms;  /* since when the oldest entry not yet sent waits */
    int64_t refresh_ms; /* when an idle link greets again */
    int64_t pace_ms;    /* since when, */
    int64_t pace_seq;   /* and from which acknowledgement, the pace is measured */
    int64_t last_ack_ms;
};

/* Where the durable counter begins in a new life of the storage: above all that the lives before it
 * used, so that no answer of theirs is ever taken for one of this. */
int64_t uplink_first_boot(uint32_t epoch);

/* Without a link. The journal must hold what it says; acked and safe beyond head are cut to it. */
void uplink_start(struct uplink *u, const struct uplink_conf *conf,
                  const struct uplink_journal *journal);

void uplink_link_up(struct uplink *u, int64_t now_ms);
void uplink_link_down(struct uplink *u, int64_t now_ms);

/* The journal grew to head, or, if it has not, an entry of it has become urgent. */
void uplink_appended(struct uplink *u, int64_t head, bool urgent, int64_t now_ms);

/* Entries before floor were deleted. floor - 1 <= uplink_deletable(). */
void uplink_trimmed(struct uplink *u, int64_t floor);

/* After UPLINK_RENEW: boot is the raised counter. */
void uplink_renew(struct uplink *u, int64_t boot);

/* What came from the relay.
 *   1         it counts
 *   0         of another session, doubled or overtaken: dropped
 *   -EBADMSG  it contradicts itself: dropped, count it */
NODISCARD int uplink_resume(struct uplink *u, const struct link_resume *resume, int64_t now_ms);
NODISCARD int uplink_ack(struct uplink *u, const struct link_ack *ack, int64_t now_ms);
NODISCARD int uplink_nack(struct uplink *u, const struct link_nack *nack, int64_t now_ms);

/* What to do now. Says the same again until it is done or something happens. */
struct uplink_action uplink_next(struct uplink *u, int64_t now_ms);

/* The HELLO or BATCH that uplink_next() asked for is handed to the transport; a BATCH with fewer
 * entries, at least one, when no more fit a message. Whether it arrives does not matter. When the
 * transport takes nothing, do not call this but uplink_link_down(). */
void uplink_sent(struct uplink *u, const struct uplink_action *action, int64_t now_ms);

/* After UPLINK_NOTICE: its entries up to `looked` were looked at, and n of them are handed to the
 * transport, the last of which is `looked` where others may follow; n 0: none was early. When the
 * transport takes nothing, do not call this but uplink_link_down(). */
void uplink_noticed(struct uplink *u, const struct uplink_action *action, int64_t looked,
                    int64_t n);

/* Up to where entries may be deleted as far as the relay is concerned. */
int64_t uplink_deletable(const struct uplink *u);

struct uplink_status uplink_status(const struct uplink *u, int64_t now_ms);
