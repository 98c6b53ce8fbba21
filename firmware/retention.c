/* SPDX-License-Identifier: Apache-2.0 */
#include "retention.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "civil.h"
#include "journal_stock.h"
#include "log.h"

#define DAY_MS INT64_C(86400000)

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The last entry that is older than it has to be kept. A clock that is not trusted says nothing of
 * ages. */
static int aged(const struct retention *r, struct journal *j, const struct journal_time *time,
                int64_t *ret_seq)
{
    *ret_seq = 0;
    if (r->days == 0 || time->trust <= CLOCK_TRUST_DOUBTFUL)
        return 0;
    int64_t first = 0;
    int err = journal_first_since(j, time->wall_ms - r->days * DAY_MS, &first);
    if (err == 0)
        *ret_seq = first - 1;
    return err;
}

int retention_limit(const struct retention *r, struct journal *j,
                    const struct retention_secured *secured, const struct journal_time *time,
                    const struct journal_disk *disk, int64_t *ret_seq)
{
    assert(r && j && secured && time && disk && ret_seq);
    int64_t floor = journal_floor(j);
    int64_t kept = journal_head(j) - RETENTION_KEPT_MIN;
    int64_t may = least(secured->seq, kept);
    *ret_seq = floor;
    if (may <= floor)
        return 0;
    struct chain_head here;
    int got = journal_hash(j, secured->seq, &here);
    if (got <= 0) /* it has more than is here: the storage went back in time */
        return got;
    if (memcmp(here.hash, secured->hash.hash, sizeof(here.hash)) != 0)
        return 0; /* another journal, or another history of this one */
    int64_t old = may;
    int err = disk->full_permille >= RETENTION_PRESS_PERMILLE ? 0 : aged(r, j, time, &old);
    if (err == 0 && least(may, old) > floor)
        *ret_seq = least(may, old);
    return err;
}

static int is_open(const struct journal_alert *a, void *context)
{
    (void)context;
    return strcmp(a->alert.reason, RETENTION_ALERT) == 0;
}

int retention_warn(struct retention *r, struct journal *j, const struct journal_time *time,
                   const struct journal_disk *disk)
{
    assert(r && j && time && disk);
    if (disk->full_permille < RETENTION_CALM_PERMILLE)
        r->warned = false;
    if (r->warned || disk->full_permille < RETENTION_WARN_PERMILLE)
        return 0;
    int told = journal_alerts(j, is_open, NULL);
    if (told != 0) {
        r->warned = told > 0;
        return told < 0 ? told : 0;
    }
    struct entry e = entry_new(ENTRY_ALERTED);
    struct diag why = {0};
    int64_t seq = 0;
    strcpy(e.reason, RETENTION_ALERT);
    e.line = disk->full_permille / 10;
    int err = journal_append(j, time, &e, 1, &why, &seq);
    if (err < 0) {
        journal_rollback(j);
        return err == -ENOSPC ? 0 : err; /* too late: work is refused already, and says why */
    }
    err = journal_commit(j);
    r->warned = err == 0;
    return err;
}

static int step(struct retention *r, struct journal *j, const struct retention_secured *secured,
                const struct journal_time *time, struct diag *why)
{
    struct journal_disk disk;
    int64_t limit = 0;
    int err = journal_disk(j, civil_ist_day(time->wall_ms), &disk);
    if (err == 0)
        err = retention_warn(r, j, time, &disk);
    if (err == 0)
        err = retention_limit(r, j, secured, time, &disk, &limit);
    int gone = err < 0 ? err : journal_trim(j, limit, time->wall_ms, why);
    if (gone <= 0)
        return gone;
    err = journal_tidy(j); /* what is deleted must not fill the disk by the log of it */
    return err < 0 ? err : gone;
}

int retention_step(struct retention *r, struct journal *j, const struct retention_secured *secured,
                   const struct journal_time *time)
{
    assert(r && j && secured && time && journal_pending(j) == 0);
    struct diag why = {0};
    int64_t before = journal_floor(j);
    int gone = step(r, j, secured, time, &why);
    if (gone < 0 && !r->refused)
        log_line(LOG_LEVEL_WARNING, "journal: old entries stay, retrying: %s",
                 *why.text ? why.text : strerror(-gone));
    r->refused = gone < 0;
    if (gone > 0 && before == 0)
        log_line(LOG_LEVEL_NOTICE,
                 "journal: the oldest entries are deleted: the relay has them up to %" PRId64
                 " safe",
                 secured->seq);
    return gone < 0 ? 0 : gone;
}
