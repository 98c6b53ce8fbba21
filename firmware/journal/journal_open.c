/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a journal: is it ours, is it whole, what is missing. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "entry_table.h"
#include "floor.h"
#include "fold.h"
#include "journal.h"
#include "journal_state.h"
#include "schema.h"
#include "text.h"

void journal_free(struct journal *j)
{
    if (!j)
        return;
    if (j->open)
        journal_rollback(j);
    base_free(j->base);
    db_free(j->db);
    free(j->base_path);
    free(j->folder);
    free(j);
}

/* SQLite's own check of its pages. All of a file that is small enough; of a large one, opening must
 * not take minutes: the chain covers its entries, and folds can be made anew. */
static int check_pages(struct db *db, struct diag *reterr)
{
    if (db_size_bytes(db) > JOURNAL_CHECK_BYTES_MAX)
        return 0;
    AUTO(query) q = query_of(db, "PRAGMA quick_check(1)");
    int got = query_step(q);
    if (got < 0)
        return journal_failed(reterr, got, "checking the file");
    const char *answer = got > 0 ? query_get_text(q, 0, NULL) : "";
    if (query_get_failed(q) < 0)
        return journal_failed(reterr, query_get_failed(q), "checking the file");
    if (strcmp(answer, "ok") == 0)
        return 0;
    diag_set(reterr, 0, "the file is damaged: %.120s", answer);
    return -EBADMSG;
}

/* 1 and *ret, or 0: none yet. */
static int read_origin(struct db *db, struct origin *ret, struct diag *reterr)
{
    AUTO(query) q = query_of(db, "SELECT tenant, device, epoch FROM origin");
    int got = query_step(q);
    if (got == 0)
        return 0;
    struct origin is = {0};
    if (got > 0) {
        query_copy_text(q, 0, is.tenant, sizeof(is.tenant));
        query_copy_text(q, 1, is.device, sizeof(is.device));
        is.epoch = (uint32_t)query_get_int(q, 2);
        got = query_get_failed(q);
    }
    if (got < 0)
        return journal_failed(reterr, got, "reading the origin");
    *ret = is;
    return 1;
}

/* 1: it is the journal that is asked for; 0: none yet. */
static int check_origin(struct db *db, const struct origin *want, struct diag *reterr)
{
    struct origin is;
    int got = read_origin(db, &is, reterr);
    if (got <= 0)
        return got;
    if (strcmp(is.tenant, want->tenant) == 0 && strcmp(is.device, want->device) == 0 &&
        is.epoch == want->epoch)
        return 1;
    diag_set(reterr, 0, "this is the journal of %s, %s, epoch %" PRIu32, is.tenant, is.device,
             is.epoch);
    return -EINVAL;
}

static int damaged_at(struct diag *reterr, int64_t seq)
{
    diag_set(reterr, 0, "entry %" PRId64 " is damaged", seq);
    return -EBADMSG;
}

/* The row of the head against the last entry: entries that were cut off or put on show here. */
static int check_head(struct db *db, const struct journal_tip *tip, struct diag *reterr)
{
    AUTO(query) q = query_of(db, "SELECT seq, hash FROM head");
    int got = query_step(q);
    if (got < 0)
        return journal_failed(reterr, got, "reading the head");
    int64_t seq = got > 0 ? query_get_int(q, 0) : 0;
    size_t len = 0;
    const void *hash = got > 0 ? query_get_blob(q, 1, &len) : NULL;
    if (seq == tip->seq && len == SHA256_SIZE && memcmp(hash, tip->hash.hash, len) == 0)
        return 0;
    return damaged_at(reterr, seq < tip->seq ? seq + 1 : tip->seq + 1);
}

/* Reads where the journal ends, and checks the chain before that. */
static int read_tip(struct journal *j, struct journal_opening *opening, struct diag *reterr)
{
    struct journal_tip tip = {0};
    int err = entry_table_last(j->db, &tip.seq);
    if (err < 0)
        return journal_failed(reterr, err, "reading the last entry");
    int64_t first = j->floor.seq + 1;
    if (tip.seq < first)
        return damaged_at(reterr, first);
    int64_t from =
        tip.seq - first >= JOURNAL_OPEN_VERIFIES ? tip.seq - JOURNAL_OPEN_VERIFIES + 1 : first;
    int64_t next = from;
    int64_t good = entry_table_verify(j->db, &j->floor, from, tip.seq - from + 1, &next);
    if (good < 0)
        return journal_failed(reterr, (int)good, "reading the last entries");
    if (next <= tip.seq)
        return damaged_at(reterr, next);

    struct entry last;
    int got = entry_table_get(j->db, tip.seq, &last);
    if (got > 0)
        got = entry_table_hash(j->db, tip.seq, &tip.hash);
    if (got <= 0)
        return got < 0 ? journal_failed(reterr, got, "reading the last entry")
                       : damaged_at(reterr, tip.seq);
    tip.wall_ms = last.wall_ms;
    tip.boot = last.boot;
    err = check_head(j->db, &tip, reterr);
    if (err < 0)
        return err;
    j->tip = j->committed = tip;
    opening->verified = good;
    return 0;
}

static int write_origin(struct db *db, const struct origin *origin)
{
    AUTO(query) q = query_of(db, "INSERT INTO origin(tenant, device, epoch) VALUES(?1, ?2, ?3)");
    query_text(q, 1, origin->tenant);
    query_text(q, 2, origin->device);
    query_int(q, 3, origin->epoch);
    return query_run(q);
}

/* The origin and the first entry, in one transaction. */
static int create(struct journal *j, const struct journal_conf *conf,
                  const struct journal_time *time, struct diag *reterr)
{
    struct entry opened = entry_new(ENTRY_OPENED);
    if (!conf->site || text_copy(opened.note, sizeof(opened.note), conf->site) < 0) {
        diag_set(reterr, 0, "site: 1 to %zu bytes", sizeof(opened.note) - 1);
        return -EINVAL;
    }
    j->tip = j->committed = (struct journal_tip){.hash = j->genesis};
    int err = journal_begin(j, reterr);
    if (err < 0)
        return err;
    err = write_origin(j->db, &conf->origin);
    if (err < 0)
        return journal_failed(reterr, err, "writing the origin");
    int64_t seq = 0;
    err = journal_append(j, time, &opened, 1, reterr, &seq);
    if (err < 0)
        return err;
    err = journal_commit(j);
    return err < 0 ? journal_failed(reterr, err, "writing the first entry") : 0;
}

static int take_in(struct journal *j, const struct journal_conf *conf,
                   const struct journal_time *time, struct journal_opening *opening,
                   struct diag *reterr)
{
    int err = check_pages(j->db, reterr);
    if (err == 0)
        err = schema_upgrade(j->db, &opening->migrated_from, reterr);
    if (err < 0)
        return err;
    if (opening->migrated_from == SCHEMA_VERSION)
        opening->migrated_from = 0;
    int known = check_origin(j->db, &conf->origin, reterr);
    if (known < 0)
        return known;
    err = floor_read(j->db, &j->genesis, &j->floor);
    if (err < 0)
        return journal_failed(reterr, err, "reading where it begins");
    if (known > 0) {
        err = read_tip(j, opening, reterr);
        if (err < 0)
            return err;
    }
    struct base_place place = journal_base_place(j);
    int rebuilt = folds_ensure(j->db, &place, false, reterr);
    if (rebuilt == -ENODATA || rebuilt == -EPROTO)
        return rebuilt; /* it was told what is missing */
    if (rebuilt < 0)
        return journal_failed(reterr, rebuilt, "making the folds");
    opening->created = known == 0;
    opening->folds_rebuilt = known > 0 && rebuilt > 0;
    if (known == 0)
        err = create(j, conf, time, reterr);
    opening->head = j->tip.seq;
    return err;
}

static int folder_of(const char *path, char **ret)
{
    char *copy = strdup(path);
    if (!copy)
        return -ENOMEM;
    char *folder = strdup(dirname(copy));
    free(copy);
    if (!folder)
        return -ENOMEM;
    *ret = folder;
    return 0;
}

/* Where the file lies, and the base beside it. */
static int take_paths(struct journal *j, const char *path, const char *vfs)
{
    j->vfs = vfs;
    j->base_path = calloc(1, strlen(path) + sizeof(JOURNAL_BASE_SUFFIX));
    if (!j->base_path)
        return -ENOMEM;
    strcpy(j->base_path, path);
    strcat(j->base_path, JOURNAL_BASE_SUFFIX);
    return folder_of(path, &j->folder);
}

int journal_open(const struct journal_conf *conf, const struct journal_time *time,
                 struct journal_opening *ret_opening, struct diag *reterr, struct journal **ret)
{
    assert(conf && conf->path && time && ret_opening && ret);
    int err = origin_check(&conf->origin, reterr);
    if (err < 0)
        return err;
    AUTO(journal) j = calloc(1, sizeof(*j));
    if (!j)
        return -ENOMEM;
    j->disk_reserve_bytes = conf->disk_reserve_bytes;
    j->genesis = chain_genesis(&conf->origin);
    err = take_paths(j, conf->path, conf->vfs);
    if (err < 0)
        return err;
    err = db_open(conf->path, conf->vfs, conf->alone ? DB_ALONE : DB_OWN, &j->db);
    if (err < 0)
        return journal_failed(reterr, err, conf->path);
    struct journal_opening opening = {0};
    err = take_in(j, conf, time, &opening, reterr);
    if (err < 0)
        return err;
    *ret_opening = opening;
    *ret = TAKE(j);
    return 0;
}

/* The head as its row has it, believed: journal_verify() is for doubts. */
static int read_head(struct journal *j, struct diag *reterr)
{
    AUTO(query) q = query_of(j->db, "SELECT seq, hash FROM head");
    int got = query_step(q);
    size_t len = 0;
    const void *hash = got > 0 ? query_get_blob(q, 1, &len) : NULL;
    if (got >= 0 && len != SHA256_SIZE)
        got = -EBADMSG;
    if (got < 0)
        return journal_failed(reterr, got, "reading the head");
    j->tip.seq = query_get_int(q, 0);
    memcpy(j->tip.hash.hash, hash, len);
    return 0;
}

static int look_into(struct journal *j, struct origin *ret_origin, struct diag *reterr)
{
    int err = schema_check(j->db, reterr);
    int known = err == 0 ? read_origin(j->db, ret_origin, reterr) : err;
    if (known <= 0) {
        if (known == 0)
            diag_set(reterr, 0, "the journal was never begun");
        return known < 0 ? known : -EBADMSG;
    }
    j->genesis = chain_genesis(ret_origin);
    int made = folds_in_place(j->db);
    if (made == 0)
        diag_set(reterr, 0, "its folds are of another release: open it with stationd once");
    if (made <= 0)
        return made < 0 ? journal_failed(reterr, made, "reading the folds") : -EPROTO;
    err = read_head(j, reterr);
    if (err == 0)
        err = floor_read(j->db, &j->genesis, &j->floor);
    if (err < 0)
        return journal_failed(reterr, err, "reading where it begins");
    struct entry last;
    if (entry_table_get(j->db, j->tip.seq, &last) > 0) {
        j->tip.wall_ms = last.wall_ms;
        j->tip.boot = last.boot;
    }
    j->committed = j->tip;
    return 0;
}

int journal_open_readonly(const char *path, const char *vfs, struct origin *ret_origin,
                          struct diag *reterr, struct journal **ret)
{
    assert(path && ret_origin && ret);
    AUTO(journal) j = calloc(1, sizeof(*j));
    if (!j)
        return -ENOMEM;
    int err = take_paths(j, path, vfs);
    if (err < 0)
        return err;
    err = db_open(path, vfs, DB_READ, &j->db);
    if (err < 0)
        return journal_failed(reterr, err, "opening");
    struct origin origin;
    err = look_into(j, &origin, reterr);
    if (err < 0)
        return err;
    *ret_origin = origin;
    *ret = TAKE(j);
    return 0;
}

int32_t journal_schema(void)
{
    return SCHEMA_VERSION;
}

int journal_refresh(struct journal *j)
{
    assert(j && !j->open);
    int64_t before = j->tip.seq;
    int err = read_head(j, NULL);
    if (err == 0)
        err = floor_read(j->db, &j->genesis, &j->floor);
    if (err < 0)
        return err;
    j->committed = j->tip;
    return j->tip.seq > before;
}

int64_t journal_verify(struct journal *j, int64_t from_seq, int64_t count, int64_t *ret_next)
{
    assert(j && ret_next);
    return entry_table_verify(j->db, &j->floor, from_seq, count, ret_next);
}
