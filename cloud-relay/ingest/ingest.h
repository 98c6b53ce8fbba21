/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/ingest.h -- the appliances' messages of one tenant into its store, exactly once: many in
 * one transaction, answered after its commit. It holds no connection to a broker and no thread;
 * what a batch means for a journal is decided by link/intake.h, what its entries mean by
 * projection.h.
 *
 *   HELLO  u/SHARD/TENANT.DEVICE/h  ->  RESUME | NACK            d/TENANT.DEVICE/c
 *   GET    the same                 ->  chunks of a document     d/TENANT.DEVICE/d
 *                                       | FETCH: by HTTPS        d/TENANT.DEVICE/c
 *   notice u/SHARD/TENANT.DEVICE/n  ->  nothing
 *   batch  u/SHARD/TENANT.DEVICE/e  ->  ACK after the commit, at most one a second | NACK
 *
 * For a batch: topic, certificate and payload name one device that is not revoked; it is decoded
 * within its bounds; the chain is recomputed from the stored head, or over what is stored already
 * compared byte by byte; then entries, the batch as it came (archive), projections, watermark and
 * age of the device are written together. So whatever is delivered, in whatever order and how
 * often: a journal's rows are its entries 1..wm, once.
 *
 * A batch of wire 2 may need entries before it (contract/batch_context.h): they are taken from
 * memory, from the store, or from this transaction. Where one is missing, or the result is not the
 * chain that the batch names, the device is asked again and sends what needs none. So the archive
 * of a journal is read from its beginning.
 *
 * A notice tells entries ahead of their turn (link/uplink.h). They are kept beside the journals
 * (early.h), for agents to tell people, and taken out when their turn has come. One that is not
 * what came then is set aside with an alarm; the journal goes on, for its chain is whole.
 *
 * The watermark is read and written in the same transaction, under a lock: correctness does not
 * rest on there being one relayd. A batch of another history under a known name (a fork) is set
 * aside in dead_letter once, the journal is held until a person decides, nothing is overwritten. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "document_ticket.h"
#include "journal_row.h"
#include "sql.h"

#define INGEST_GROUP_MAX JOURNAL_ROWS_MAX /* messages of one transaction */

struct ingest_conf {
    enum ingest_safe safe;
    int32_t window;         /* batches that a device may have under way; 1 to CONTROL_WINDOW_MAX */
    int32_t flush_ms;       /* how long devices may gather; 0: as each is configured */
    int32_t quota_retry_ms; /* above 0: the tenant is to wait so long */
    /* Snapshots above INGEST_MESSAGE_MAX are offered for a fetch under tickets of this key. NULL:
     * nothing can be fetched, and messages carry what they can. Borrowed. */
    const struct document_key *fetch_key;
};

#define INGEST_MESSAGE_MAX 65536 /* packed bytes of a snapshot in chunks where HTTPS will do */

struct ingest_message {
    const char *topic;
    const void *bytes;
    size_t len;
};

/* Called by ingest_take() and ingest_answer(), never inside a transaction. */
struct ingest_listener {
    void (*reply)(const char *topic, const void *bytes, size_t len, void *context);
    /* Something that a person must know: a fork, a device that lost entries, a stranger's claim. */
    void (*alarm)(const char *device, const char *words, void *context);
    void *context;
};

struct ingest_counts { /* since ingest_open() */
    int64_t messages;
    int64_t transactions;
    int64_t entries;   /* stored */
    int64_t again;     /* batches that were stored before */
    int64_t refused;   /* NACKs */
    int64_t dropped;   /* messages of strangers, revoked devices, or that contradict themselves */
    int64_t set_aside; /* letters */
    int64_t early;     /* entries kept ahead of their turn */
};

struct ingest;

/* Borrows the connection; nobody else uses it meanwhile. -ENOMEM. */
NODISCARD int ingest_open(struct sql *s, const struct ingest_conf *conf, struct ingest **ret);
void ingest_free(struct ingest *x);
DEFINE_AUTO(ingest);

/* Takes 1 to INGEST_GROUP_MAX messages. Blocks for the store. now_ms: UTC; mono_ms: for the pace of
 * answers.
 *   >= 0   all were judged, and what is to be stored is durable; how many entries are new
 *   else   nothing of it happened and nothing was answered: -EBUSY -EIO -ENOSPC ... of the store.
 *          Give them again, or drop them: the appliances have their entries */
NODISCARD int64_t ingest_take(struct ingest *x, const struct ingest_message *messages, size_t n,
                              int64_t now_ms, int64_t mono_ms,
                              const struct ingest_listener *listener);

/* Sends acknowledgements that waited for their time. Returns when to call again; INT64_MAX: when
 * something was taken. */
int64_t ingest_answer(struct ingest *x, int64_t mono_ms, const struct ingest_listener *listener);

/* Tells every device that was heard of since ingest_open() what it should have, when that has
 * changed since it was told, and each command that waits for it, once a session. Reads the store;
 * its errors. */
NODISCARD int ingest_tell_wants(struct ingest *x, int64_t now_ms,
                                const struct ingest_listener *listener);

struct ingest_counts ingest_counts(const struct ingest *x);

/* Whether what was committed last counts as safe by that alone: false while a standby is wanted and
 * there is none. */
bool ingest_secures(const struct ingest *x);
