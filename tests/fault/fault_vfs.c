/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

#define FILES_MAX 8
#define REGIONS_MAX 8
#define SECTOR 512

struct bytes {
    unsigned char *at;
    int64_t size;
};

/* A change that was not synced: bytes written at an offset, or a new size. */
struct change {
    struct change *next;
    int64_t offset;
    int64_t len; /* -1: the file was cut to `offset` bytes */
    unsigned char bytes[];
};

struct file {
    char name[256]; /* "": a free slot */
    bool there;
    bool there_durably;
    struct bytes now;
    struct bytes durable;
    struct change *changes;
    struct change **changes_end;
    void *regions[REGIONS_MAX]; /* shared memory of the WAL */
};

struct handle {
    sqlite3_file base;
    struct file *file;
    bool delete_on_close;
};

static struct {
    struct file files[FILES_MAX];
    enum fault_kind kind;
    int64_t left; /* calls until the fault; 0: none is asked for */
    bool lasting;
    bool failed;
} disk;

/* What a call does, as far as faults care. */
enum call { CALL_READ, CALL_WRITE, CALL_SYNC, CALL_OTHER };

static bool counts(enum call call)
{
    switch (disk.kind) {
    case FAULT_FULL:
        return call == CALL_WRITE;
    case FAULT_READ_ONLY:
        return call == CALL_WRITE || call == CALL_SYNC;
    case FAULT_IO:
    case FAULT_SHORT:
    case FAULT_POWER:
        return true;
    }
    return true;
}

/* Whether this call is to fail. */
static bool fails(enum call call)
{
    if (!counts(call))
        return false;
    if (disk.failed)
        return disk.lasting;
    if (disk.left == 0 || --disk.left > 0)
        return false;
    disk.failed = true;
    return true;
}

static int code(int io_code)
{
    return disk.kind == FAULT_FULL        ? SQLITE_FULL
           : disk.kind == FAULT_READ_ONLY ? SQLITE_READONLY
                                          : io_code;
}

/* By reallocarray, because fault_alloc stands in front of malloc, calloc and realloc and does not
 * mean these. */
static void *sized(void *p, size_t size)
{
    p = reallocarray(p, 1, size);
    if (!p)
        abort();
    return p;
}

static void resize(struct bytes *b, int64_t size)
{
    b->at = sized(b->at, (size_t)size + 1);
    if (size > b->size)
        memset(b->at + b->size, 0, (size_t)(size - b->size));
    b->size = size;
}

static void put(struct bytes *b, int64_t offset, const unsigned char *bytes, int64_t len)
{
    if (offset + len > b->size)
        resize(b, offset + len);
    memcpy(b->at + offset, bytes, (size_t)len);
}

static void copy(struct bytes *to, const struct bytes *from)
{
    resize(to, from->size);
    if (from->size > 0)
        memcpy(to->at, from->at, (size_t)from->size);
}

static void forget_changes(struct file *f)
{
    while (f->changes) {
        struct change *next = f->changes->next;
        free(f->changes);
        f->changes = next;
    }
    f->changes_end = &f->changes;
}

static void note_change(struct file *f, int64_t offset, const unsigned char *bytes, int64_t len)
{
    size_t n = len > 0 ? (size_t)len : 0;
    struct change *c = sized(NULL, sizeof(*c) + n);
    *c = (struct change){.offset = offset, .len = len};
    if (n > 0)
        memcpy(c->bytes, bytes, n);
    *f->changes_end = c;
    f->changes_end = &c->next;
}

static void write_file(struct file *f, int64_t offset, const unsigned char *bytes, int64_t len)
{
    put(&f->now, offset, bytes, len);
    note_change(f, offset, bytes, len);
}

static void cut_file(struct file *f, int64_t size)
{
    resize(&f->now, size);
    note_change(f, size, NULL, -1);
}

static struct file *find(const char *name)
{
    for (int i = 0; i < FILES_MAX; i++)
        if (strcmp(disk.files[i].name, name) == 0)
            return &disk.files[i];
    return NULL;
}

static struct file *find_or_make(const char *name)
{
    struct file *f = find(name);
    if (f)
        return f;
    f = find(""); /* a free slot */
    assert(f && strlen(name) < sizeof(f->name));
    strcpy(f->name, name);
    f->changes_end = &f->changes;
    return f;
}

static void drop_regions(struct file *f)
{
    for (int i = 0; i < REGIONS_MAX; i++) {
        free(f->regions[i]);
        f->regions[i] = NULL;
    }
}

static void drop_file(struct file *f)
{
    forget_changes(f);
    drop_regions(f);
    free(f->now.at);
    free(f->durable.at);
    *f = (struct file){.name = ""};
}

void fault_vfs_clear(void)
{
    for (int i = 0; i < FILES_MAX; i++)
        drop_file(&disk.files[i]);
    fault_vfs_heal();
}

void fault_vfs_fail(enum fault_kind kind, int64_t nth, bool lasting)
{
    disk.kind = kind;
    disk.left = nth;
    disk.lasting = lasting || kind == FAULT_POWER || nth == 0;
    disk.failed = nth == 0;
}

void fault_vfs_heal(void)
{
    disk.left = 0;
    disk.lasting = false;
    disk.failed = false;
}

bool fault_vfs_failed(void)
{
    return disk.failed;
}

/* One change as the platter has it afterwards. */
static void survive(struct file *f, const struct change *c, enum cut_kind kind, struct rng *coin)
{
    if (c->len < 0) {
        if (kind == CUT_ALL || (rng_next(coin) & 1))
            resize(&f->durable, c->offset);
        return;
    }
    for (int64_t done = 0; done < c->len;) {
        int64_t at = c->offset + done;
        int64_t n = SECTOR - at % SECTOR;
        if (n > c->len - done)
            n = c->len - done;
        if (kind == CUT_ALL || (rng_next(coin) & 1))
            put(&f->durable, at, c->bytes + done, n);
        done += n;
    }
}

void fault_vfs_cut(enum cut_kind kind, uint64_t seed)
{
    struct rng coin = rng_seed(seed);
    for (int i = 0; i < FILES_MAX; i++) {
        struct file *f = &disk.files[i];
        if (!f->name[0])
            continue;
        if (kind != CUT_NOTHING) /* names, too, may or may not have reached the folder */
            for (const struct change *c = f->changes; c; c = c->next)
                survive(f, c, kind, &coin);
        if (kind == CUT_ALL || (kind == CUT_SOME && (rng_next(&coin) & 1)))
            f->there_durably = f->there;
        drop_regions(f);
        forget_changes(f);
        f->there = f->there_durably;
        copy(&f->now, &f->durable);
        if (!f->there)
            drop_file(f);
    }
    fault_vfs_heal();
}

/* SQLite's side. */

static struct file *file_of(sqlite3_file *h)
{
    return ((struct handle *)h)->file;
}

static int vfs_close(sqlite3_file *h)
{
    struct handle *handle = (struct handle *)h;
    if (handle->delete_on_close)
        drop_file(handle->file);
    return SQLITE_OK;
}

static int vfs_read(sqlite3_file *h, void *to, int n, sqlite3_int64 offset)
{
    if (fails(CALL_READ))
        return SQLITE_IOERR_READ;
    const struct bytes *b = &file_of(h)->now;
    int64_t got = b->size - offset;
    got = got < 0 ? 0 : got > n ? n : got;
    if (got > 0)
        memcpy(to, b->at + offset, (size_t)got);
    memset((char *)to + got, 0, (size_t)(n - got));
    return got < n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int vfs_write(sqlite3_file *h, const void *from, int n, sqlite3_int64 offset)
{
    struct file *f = file_of(h);
    if (!fails(CALL_WRITE)) {
        write_file(f, offset, from, n);
        return SQLITE_OK;
    }
    if (disk.kind == FAULT_SHORT || disk.kind == FAULT_FULL || disk.kind == FAULT_POWER)
        write_file(f, offset, from, n / 2);
    return code(SQLITE_IOERR_WRITE);
}

static int vfs_truncate(sqlite3_file *h, sqlite3_int64 size)
{
    if (fails(CALL_WRITE))
        return code(SQLITE_IOERR_TRUNCATE);
    cut_file(file_of(h), size);
    return SQLITE_OK;
}

static void sync_folder(void)
{
    for (int i = 0; i < FILES_MAX; i++)
        disk.files[i].there_durably = disk.files[i].there;
}

static int vfs_sync(sqlite3_file *h, int flags)
{
    (void)flags;
    struct file *f = file_of(h);
    if (fails(CALL_SYNC))
        return code(SQLITE_IOERR_FSYNC);
    copy(&f->durable, &f->now);
    if (!f->there_durably) /* SQLite's unix VFS syncs the folder of a new file with it */
        sync_folder();
    forget_changes(f);
    return SQLITE_OK;
}

static int vfs_size(sqlite3_file *h, sqlite3_int64 *ret)
{
    if (fails(CALL_READ))
        return SQLITE_IOERR_FSTAT;
    *ret = file_of(h)->now.size;
    return SQLITE_OK;
}

static int vfs_lock(sqlite3_file *h, int level)
{
    (void)h;
    (void)level;
    return SQLITE_OK; /* one connection at a time */
}

static int vfs_reserved(sqlite3_file *h, int *ret)
{
    (void)h;
    *ret = 0;
    return SQLITE_OK;
}

static int vfs_control(sqlite3_file *h, int op, void *arg)
{
    (void)h;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int vfs_sector(sqlite3_file *h)
{
    (void)h;
    return SECTOR;
}

static int vfs_traits(sqlite3_file *h)
{
    (void)h;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as the unix VFS says of every disk */
}

static int shm_map(sqlite3_file *h, int region, int size, int extend, void volatile **ret)
{
    struct file *f = file_of(h);
    assert(region < REGIONS_MAX);
    if (fails(CALL_OTHER))
        return SQLITE_IOERR_SHMMAP;
    if (!f->regions[region] && extend)
        f->regions[region] = memset(sized(NULL, (size_t)size), 0, (size_t)size);
    *ret = f->regions[region];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *h, int offset, int n, int flags)
{
    (void)h;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *h)
{
    (void)h;
}

static int shm_unmap(sqlite3_file *h, int delete_too)
{
    if (delete_too)
        drop_regions(file_of(h));
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = vfs_close,
    .xRead = vfs_read,
    .xWrite = vfs_write,
    .xTruncate = vfs_truncate,
    .xSync = vfs_sync,
    .xFileSize = vfs_size,
    .xLock = vfs_lock,
    .xUnlock = vfs_lock,
    .xCheckReservedLock = vfs_reserved,
    .xFileControl = vfs_control,
    .xSectorSize = vfs_sector,
    .xDeviceCharacteristics = vfs_traits,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *h, int flags, int *ret_flags)
{
    (void)vfs;
    struct handle *handle = (struct handle *)h;
    *handle = (struct handle){.base.pMethods = NULL};
    if (fails(CALL_OTHER))
        return disk.kind == FAULT_IO ? SQLITE_CANTOPEN : SQLITE_IOERR;
    struct file *f = find_or_make(name ? name : "(temporary)");
    if (!f->there && !(flags & SQLITE_OPEN_CREATE))
        return SQLITE_CANTOPEN;
    if (!f->there) {
        f->there = true;
        cut_file(f, 0);
    }
    *handle = (struct handle){.base.pMethods = &methods, .file = f, .delete_on_close = !name};
    /* As the unix VFS does where a file cannot be written. */
    bool read_only = disk.failed && disk.lasting && disk.kind == FAULT_READ_ONLY;
    if (ret_flags)
        *ret_flags = read_only ? (flags & ~SQLITE_OPEN_READWRITE) | SQLITE_OPEN_READONLY : flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int folder_too)
{
    (void)vfs;
    if (fails(CALL_OTHER))
        return SQLITE_IOERR_DELETE;
    struct file *f = find(name);
    if (!f || !f->there)
        return SQLITE_IOERR_DELETE_NOENT;
    f->there = false;
    if (folder_too)
        sync_folder();
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
    (void)vfs;
    (void)flags;
    if (fails(CALL_OTHER))
        return SQLITE_IOERR_ACCESS;
    const struct file *f = find(name);
    /* As in the unix VFS: an empty file does not count as there. */
    *ret = f && f->there && (flags != SQLITE_ACCESS_EXISTS || f->now.size > 0);
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int n, char *ret)
{
    (void)vfs;
    assert(strlen(name) < (size_t)n);
    strcpy(ret, name);
    return SQLITE_OK;
}

static int vfs_random(sqlite3_vfs *vfs, int n, char *ret)
{
    (void)vfs;
    static struct rng source;
    if (source.s[0] == 0)
        source = rng_seed(1);
    for (int i = 0; i < n; i++)
        ret[i] = (char)rng_next(&source);
    return n;
}

static int vfs_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return us; /* nobody else holds a lock */
}

static int vfs_time(sqlite3_vfs *vfs, double *ret)
{
    (void)vfs;
    *ret = 2461000.5;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int n, char *ret)
{
    (void)vfs;
    (void)n;
    (void)ret;
    return 0;
}

void fault_vfs_install(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = 255,
        .zName = FAULT_VFS,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_name,
        .xRandomness = vfs_random,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
        abort();
}
