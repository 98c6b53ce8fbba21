/* SPDX-License-Identifier: Apache-2.0 */
/* How much room the journal takes and has, and for how many days that will do. */
#include <assert.h>
#include <errno.h>
#include <sys/statvfs.h>

#include "civil.h"
#include "journal.h"
#include "journal_state.h"

#define PACE_DAYS 7

/* Bytes in the file that entries have left: new ones go there first. A file is not made smaller:
 * it would only grow again, and moving pages wears a card as much as writing them. */
static int reusable(struct journal *j, int64_t *ret)
{
    int64_t pages = 0;
    int64_t page_bytes = 0;
    int err = db_number(j->db, "PRAGMA freelist_count", &pages);
    if (err == 0)
        err = db_number(j->db, "PRAGMA page_size", &page_bytes);
    if (err == 0)
        *ret = pages * page_bytes;
    return err;
}

int journal_room(struct journal *j, int64_t *ret_bytes, int64_t *ret_free_bytes)
{
    struct statvfs fs;
    if (statvfs(j->folder, &fs) < 0)
        return -errno;
    uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    int64_t left = free_bytes > INT64_MAX ? INT64_MAX : (int64_t)free_bytes;
    int64_t inside = 0;
    int err = left < j->disk_reserve_bytes ? reusable(j, &inside) : 0;
    if (err < 0)
        return err;
    *ret_free_bytes = left;
    *ret_bytes = left - j->disk_reserve_bytes + inside;
    return 0;
}

/* Times ascend with the sequence, so a binary search does without an index. */
int journal_first_since(struct journal *j, int64_t wall_ms, int64_t *ret_seq)
{
    assert(j && ret_seq);
    int64_t low = j->floor.seq + 1;
    int64_t high = j->tip.seq + 1;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        AUTO(query) q = query_of(j->db, "SELECT wall_ms FROM entry WHERE seq = ?1");
        query_int(q, 1, middle);
        int got = query_step(q);
        if (got <= 0)
            return got < 0 ? got : -EBADMSG;
        if (query_get_int(q, 0) < wall_ms)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_seq = low;
    return 0;
}

/* Days until `room` bytes are used up at the pace of the days before today. */
static int days_left(struct journal *j, int32_t today, int64_t used, int64_t room, int32_t *ret)
{
    *ret = INT32_MAX;
    int64_t since = 0;
    int64_t until = 0;
    int err = journal_first_since(j, civil_ist_start_ms(today - PACE_DAYS), &since);
    if (err == 0)
        err = journal_first_since(j, civil_ist_start_ms(today), &until);
    int64_t entries = j->tip.seq - j->floor.seq;
    if (err < 0 || until <= since || entries == 0)
        return err;
    /* An entry's share of the whole file: folds and free pages grow with the entries. */
    int64_t entry_bytes = used / entries > 0 ? used / entries : 1;
    int64_t span_bytes = 0;
    if (__builtin_mul_overflow(until - since, entry_bytes, &span_bytes))
        return 0;
    int64_t room_days = 0;
    if (room > 0 && __builtin_mul_overflow(room, (int64_t)PACE_DAYS, &room_days))
        return 0;
    int64_t days = room_days / span_bytes;
    *ret = days > INT32_MAX ? INT32_MAX : (int32_t)days;
    return 0;
}

int journal_disk(struct journal *j, int32_t today, struct journal_disk *ret)
{
    assert(j && ret);
    struct journal_disk disk = {.used_bytes = db_size_bytes(j->db)};
    int64_t room = 0;
    int err = reusable(j, &disk.reusable_bytes);
    if (err == 0)
        err = journal_room(j, &room, &disk.free_bytes);
    if (err < 0)
        return err;
    room = disk.free_bytes - j->disk_reserve_bytes + disk.reusable_bytes;
    int64_t live = disk.used_bytes - disk.reusable_bytes;
    disk.full_permille =
        room <= 0 ? 1000 : (int32_t)(1000.0 * (double)live / ((double)live + (double)room));
    err = days_left(j, today, live, room, &disk.days_left);
    if (err < 0)
        return err;
    *ret = disk;
    return 0;
}
