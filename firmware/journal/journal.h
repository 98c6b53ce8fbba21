/* SPDX-License-Identifier: Apache-2.0 */
/* journal/journal.h -- the append-only, hash-chained journal of one appliance and the folds that
 * follow from it, in one SQLite file. It records and answers questions; what may happen is decided
 * by the station before it appends. One owner: not thread-safe. Other processes may read the file.
 *
 * The way of an entry:
 *
 *   append   -> checked, sequenced, encoded, chained, folded    inside the open transaction
 *   append   -> ...                                             (scans that arrive together)
 *   commit   -> WAL written and synced (synchronous=FULL)       only now may anyone say "beep"
 *
 * What was appended and not committed is lost by a power cut, and nobody was told otherwise. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "chain.h"
#include "diag.h"
#include "entry.h"
#include "origin.h"

struct journal;

struct journal_conf {
    const char *path;     /* of journal.db; its folder must exist */
    struct origin origin; /* must be the file's own when it exists */
    const char *site;     /* written into the first entry of a new journal */
    const char *vfs; /* SQLite VFS by name, borrowed; NULL: the system's. Tests inject faults */
    int64_t disk_reserve_bytes; /* new work is refused when less would be left free; 0: none */
    bool alone; /* only while no other process has the file open: -EBUSY otherwise */
};

/* What opening found; the caller logs it and shows it. */
struct journal_opening {
    bool created;
    int32_t migrated_from; /* schema version before, or 0 when none was applied */
    int64_t head;          /* seq of the last entry */
    int64_t verified;      /* entries whose chain was checked, back from the head */
    bool folds_rebuilt;    /* the folds were missing or of another version */
};

#define JOURNAL_OPEN_VERIFIES 10000 /* entries; the rest by journal_verify() when there is time */
#define JOURNAL_CHECK_BYTES_MAX (32 << 20) /* a larger file opens without SQLite's page check */

/* The time that entries of one unit carry. */
struct journal_time {
    int64_t wall_ms; /* one before the last entry's is raised to it: time never steps back */
    int64_t mono_ms;
    int64_t boot;
    enum clock_trust trust;
};

#define JOURNAL_BASE_SUFFIX "-base" /* the file beside it that deleted entries leave (base.h) */

/* Opens or creates. A new journal begins with ENTRY_OPENED at `time`. Blocks for the integrity
 * check, and for migrations and a rebuild where needed.
 *   -EBADMSG  the file or its chain is damaged: *reterr says at which entry; nothing was changed
 *   -EPROTO   written by a newer release
 *   -EINVAL   it is the journal of another tenant, device or epoch
 *   -ENODATA  folds are to be made anew, and what the deleted entries left is not there
 *   -EROFS -ENOSPC -EIO -EBUSY -ENOMEM  as in libc; *reterr says what was tried */
NODISCARD int journal_open(const struct journal_conf *conf, const struct journal_time *time,
                           struct journal_opening *ret_opening, struct diag *reterr,
                           struct journal **ret);

/* Opens a journal to read it, also while its owner writes. Changes and verifies nothing, so that a
 * damaged one can be looked at; appending and rebuilding are -EROFS. Its head is the one on record
 * at this moment. The folder must permit writing while nobody has the file open: SQLite lays its
 * -wal and -shm files there.
 *   -ENOENT -EACCES  as in libc
 *   -EBADMSG  no journal
 *   -EPROTO   of another release: its tables or folds are not those of this one
 *   -EIO -EBUSY -ENOMEM  as in libc; *reterr says what was tried */
NODISCARD int journal_open_readonly(const char *path, const char *vfs, struct origin *ret_origin,
                                    struct diag *reterr, struct journal **ret);

/* Of a journal opened to be read: looks where it ends by now. 1 when entries came since, else 0;
 * the errors of reading. Costs some 20 us. */
NODISCARD int journal_refresh(struct journal *j);

void journal_free(struct journal *j); /* drops what was not committed; NULL is fine */
DEFINE_AUTO(journal);

#define JOURNAL_UNIT_MAX 64 /* entries that one command makes */

/* Appends n entries as one unit, all or none, into the open transaction (one is begun if need be).
 * Sets seq, times and rest in the caller's entries. *ret_seq is the first one's.
 *   -EINVAL   an entry does not pass entry_check(), or corrects one that was deleted; *reterr says
 *             which and why
 *   -ENOSPC   the disk is full or below its reserve
 *   -EROFS    the file system is read-only
 *   -EIO -ENOMEM -EBADMSG
 * After any error the unit is not in the transaction; earlier units of it are, unless the error
 * ended it (journal_pending() is then 0, and those units must be answered as failed too). */
NODISCARD int journal_append(struct journal *j, const struct journal_time *time,
                             struct entry *entries, size_t n, struct diag *reterr,
                             int64_t *ret_seq);

/* Makes all units since the last commit durable; 0 when there are none. Blocks for the disk. On an
 * error none of them happened: the transaction is rolled back. One thing no program can know: when
 * the sync itself failed and the machine then stops before the next commit, what was refused may be
 * on the disk after all, whole and in order, and the next opening finds it. */
NODISCARD int journal_commit(struct journal *j);

/* Moves what the write-ahead log holds into the file when it has grown enough to be worth it, so
 * that no commit has to. To be called when nobody waits, after answers were given; does nothing
 * inside a transaction. Blocks for the disk. An error loses nothing: it is tried again. */
NODISCARD int journal_tidy(struct journal *j);

int32_t journal_schema(void); /* version of the tables that this release writes */

int journal_pending(const struct journal *j); /* units appended and not yet committed */

/* Rolls back all units since the last commit. */
void journal_rollback(struct journal *j);

int64_t
journal_head(const struct journal *j); /* seq of the last entry, committed or not; 0: none */
struct chain_head journal_head_hash(const struct journal *j);
int64_t journal_last_wall_ms(const struct journal *j);
int64_t journal_last_boot(const struct journal *j); /* number of the last boot; 0: none yet */

/* The last entry that was deleted; 0: none was. Entries behind it are there, without a gap. */
int64_t journal_floor(const struct journal *j);

/* The chain's value after entry seq: 1 and *ret; 0 when seq is below the floor or past the head. */
NODISCARD int journal_hash(struct journal *j, int64_t seq, struct chain_head *ret);

/* Seq of the first entry that is there and not older than that instant; past the head: none. */
NODISCARD int journal_first_since(struct journal *j, int64_t wall_ms, int64_t *ret_seq);

#define JOURNAL_TRIM_STEP 64 /* entries that go at once: some milliseconds */

/* Deletes the oldest entries, up to that one, at most JOURNAL_TRIM_STEP of them; whether they may
 * go is the caller's to know: the relay must have them safe. What the folds have of them stays, and
 * the chain is checked first, and from the floor on afterwards. The file does not become smaller:
 * its pages are used again. To be called when nobody waits; blocks for the disk, twice. Returns how
 * many went, 0 when there are none to go.
 *   -EBUSY    something is pending
 *   -EBADMSG  one of them is damaged: it stays
 *   -ENODATA -EPROTO  what earlier ones left is missing, or of another release
 *   else as journal_commit(); nothing is lost, it is tried again */
NODISCARD int journal_trim(struct journal *j, int64_t up_to, int64_t now_ms, struct diag *reterr);

/* Reads entries from seq on, or from behind the floor, in order, until on_entry returns non-zero
 * (passed on) or the head. `raw` are its canonical bytes, `hash` the chain's value after it; both
 * borrowed for the call. */
typedef int (*journal_entry_fn)(const struct entry *e, const uint8_t *raw, size_t raw_len,
                                const struct chain_head *hash, void *context);
NODISCARD int journal_read(struct journal *j, int64_t from_seq, journal_entry_fn on_entry,
                           void *context);

/* Recomputes the chain over at most `count` entries from from_seq on, which is above the floor.
 * Returns how many were good and sets *ret_next to the entry behind them: when that is not past the
 * head and fewer than asked for were good, *ret_next is damaged. */
NODISCARD int64_t journal_verify(struct journal *j, int64_t from_seq, int64_t count,
                                 int64_t *ret_next);

/* Throws every fold away and makes it anew from the entries, and from what deleted ones left, in
 * one transaction. The result is the same to the byte as what was there. Nothing may be pending
 * (-EBUSY). -ENODATA: what deleted ones left is missing. Blocks for all entries. */
NODISCARD int journal_rebuild(struct journal *j);

/* A digest over all rows of all folds, in a fixed order: what "the same to the byte" is compared
 * by. */
NODISCARD int journal_fold_digest(struct journal *j, uint8_t ret[SHA256_SIZE]);

/* Bytes that the journal takes on disk, and days until the reserve is reached at the pace of the
 * last 7 days if nothing were deleted (INT32_MAX: no end in sight). */
struct journal_disk {
    int64_t used_bytes;
    int64_t reusable_bytes; /* of them, what deleted entries left */
    int64_t free_bytes;
    int32_t full_permille; /* of what it could take of this disk; 1000: the reserve is reached */
    int32_t days_left;
};
NODISCARD int journal_disk(struct journal *j, int32_t today, struct journal_disk *ret);
