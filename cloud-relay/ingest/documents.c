/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "documents.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "document_delta.h"
#include "sha256.h"
#include "text.h"

/* ---- publishing ---- */

static int nothing(const void *record, void *context, struct diag *reterr)
{
    (void)record;
    (void)context;
    (void)reterr;
    return 0;
}

/* The newest version and its digest. 1, or 0 when there is none. */
static int newest(struct sql *s, const char *scope, const char *type, int64_t *ret_version,
                  uint8_t ret_sha256[SHA256_SIZE])
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT version, sha256 FROM document WHERE scope = $1 AND type = $2"
                     " ORDER BY version DESC LIMIT 1");
    sql_bind_text(q, 1, scope);
    sql_bind_text(q, 2, type);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    size_t len = 0;
    const void *sha = sql_bytes(q, 1, &len);
    if (len != SHA256_SIZE)
        return -EBADMSG;
    memcpy(ret_sha256, sha, SHA256_SIZE);
    *ret_version = sql_int(q, 0);
    return 1;
}

static int insert_version(struct sql *s, const struct document *d, int64_t version,
                          const uint8_t sha[SHA256_SIZE], int64_t now_ms)
{
    AUTO(sql_query)
    q = sql_query(s, "INSERT INTO document(scope, type, version, sha256, made_ms, made_by, bytes,"
                     " body) VALUES($1, $2, $3, $4, $5, $6, $7, $8)");
    sql_bind_text(q, 1, d->scope);
    sql_bind_text(q, 2, document_name(d->type));
    sql_bind_int(q, 3, version);
    sql_bind_bytes(q, 4, sha, SHA256_SIZE);
    sql_bind_int(q, 5, now_ms);
    sql_bind_text(q, 6, d->made_by);
    sql_bind_int(q, 7, (int64_t)d->len);
    sql_bind_bytes(q, 8, d->body, d->len);
    return sql_run(q);
}

static int drop_old(struct sql *s, const struct document *d, int64_t version)
{
    AUTO(sql_query)
    q = sql_query(s, "DELETE FROM document WHERE scope = $1 AND type = $2 AND version <= $3");
    sql_bind_text(q, 1, d->scope);
    sql_bind_text(q, 2, document_name(d->type));
    sql_bind_int(q, 3, version - DOCUMENTS_KEPT);
    return sql_run(q);
}

int documents_publish(struct sql *s, const struct document *d, int64_t now_ms, struct diag *reterr,
                      int64_t *ret_version)
{
    assert(s && d && d->scope && d->body && d->made_by && ret_version);
    if (d->len > CATALOGUE_BODY_MAX)
        return -EFBIG;
    int err = catalogue_read(d->type, d->body, d->len, nothing, NULL, reterr);
    if (err < 0)
        return err;
    err = sql_lock(s, "document");
    if (err < 0)
        return err;
    uint8_t sha[SHA256_SIZE];
    uint8_t stored[SHA256_SIZE];
    int64_t version = 0;
    sha256(d->body, d->len, sha);
    int got = newest(s, d->scope, document_name(d->type), &version, stored);
    if (got < 0)
        return got;
    bool same = got > 0 && memcmp(sha, stored, SHA256_SIZE) == 0;
    err = same ? 0 : insert_version(s, d, ++version, sha, now_ms);
    if (err == 0 && !same)
        err = drop_old(s, d, version);
    if (err == 0)
        *ret_version = version;
    return err == 0 && same ? 1 : err;
}

/* ---- what is wanted ---- */

/* Ordered so that of each type the device's own row comes last: it stays. */
static const char wanted[] =
    "SELECT d.type, d.version, d.sha256, d.bytes FROM document d"
    " WHERE (d.scope = $1 OR d.scope = '*') AND d.version = (SELECT max(n.version) FROM document n"
    " WHERE n.scope = d.scope AND n.type = d.type)"
    " ORDER BY d.type, CASE WHEN d.scope = '*' THEN 0 ELSE 1 END";

int documents_wanted(struct sql *s, const char *device,
                     struct control_want ret[CONTROL_DOCUMENTS_MAX])
{
    assert(s && device && ret);
    AUTO(sql_query) q = sql_query(s, wanted);
    sql_bind_text(q, 1, device);
    int n = 0;
    int got = 0;
    while ((got = sql_step(q)) > 0) {
        struct control_want want = {.version = sql_int(q, 1), .bytes = sql_int(q, 3)};
        size_t len = 0;
        const void *sha = sql_bytes(q, 2, &len);
        if (len != SHA256_SIZE)
            return -EBADMSG;
        memcpy(want.sha256, sha, SHA256_SIZE);
        sql_copy(q, 0, want.type, sizeof(want.type));
        if (n > 0 && strcmp(ret[n - 1].type, want.type) == 0)
            n--;
        if (n < CONTROL_DOCUMENTS_MAX)
            ret[n++] = want;
    }
    return got < 0 ? got : n;
}

/* ---- giving ---- */

#define PACKS_KEPT 8

struct pack {
    char scope[ENTRY_DEVICE_SIZE];
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
    int64_t asked_from;
    int64_t from_version;
    struct packed packed; /* bytes NULL: free */
};

struct documents {
    struct pack packs[PACKS_KEPT];
    size_t next; /* which is replaced */
};

int documents_open(struct documents **ret)
{
    assert(ret);
    struct documents *d = calloc(1, sizeof(*d));
    if (!d)
        return -ENOMEM;
    *ret = d;
    return 0;
}

void documents_free(struct documents *d)
{
    for (size_t i = 0; d && i < PACKS_KEPT; i++)
        free(d->packs[i].packed.bytes);
    free(d);
}

/* Whose document of that type the device has: its own, or everybody's. 1, or 0: there is none. */
static int scope_of(struct sql *s, const char *device, const char *type,
                    char ret_scope[ENTRY_DEVICE_SIZE], int64_t *ret_version)
{
    uint8_t sha[SHA256_SIZE];
    const char *const scopes[] = {device, DOCUMENTS_EVERYBODY};
    for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
        int got = newest(s, scopes[i], type, ret_version, sha);
        if (got < 0 || (got > 0 && text_copy(ret_scope, ENTRY_DEVICE_SIZE, scopes[i]) < 0))
            return got < 0 ? got : -EBADMSG;
        if (got > 0)
            return 1;
    }
    return 0;
}

/* The body in memory that the caller frees. 1, or 0: that version is not kept. */
static int read_body(struct sql *s, const char *scope, const char *type, int64_t version,
                     char **ret_body, size_t *ret_len)
{
    AUTO(sql_query)
    q = sql_query(s, "SELECT body FROM document WHERE scope = $1 AND type = $2 AND version = $3");
    sql_bind_text(q, 1, scope);
    sql_bind_text(q, 2, type);
    sql_bind_int(q, 3, version);
    int got = sql_step(q);
    if (got <= 0)
        return got;
    size_t len = 0;
    const void *bytes = sql_bytes(q, 0, &len);
    char *body = malloc(len + 1);
    if (!body)
        return -ENOMEM;
    if (len > 0)
        memcpy(body, bytes, len);
    body[len] = '\0';
    *ret_body = body;
    *ret_len = len;
    return 1;
}

/* Fills p->packed and from_version: the shorter way to `body`. */
static int pack_body(struct pack *p, const char *old_body, size_t old_len, const char *body,
                     size_t len)
{
    struct packed snapshot = {0};
    struct packed delta = {0};
    int err = document_snapshot(body, len, sha256, &snapshot);
    if (err == 0 && old_body)
        err = document_delta(old_body, old_len, body, len, sha256, &delta);
    bool worth = err == 0 && old_body && document_delta_is_worth(delta.len, snapshot.len);
    free(worth || err < 0 ? snapshot.bytes : delta.bytes);
    if (err < 0)
        return err;
    p->packed = worth ? delta : snapshot;
    p->from_version = worth ? p->asked_from : 0;
    return 0;
}

static int make_pack(struct sql *s, struct pack *p)
{
    char *body = NULL;
    char *old_body = NULL;
    size_t len = 0;
    size_t old_len = 0;
    int got = read_body(s, p->scope, p->type, p->version, &body, &len);
    int had = got <= 0 || p->asked_from <= 0 || p->asked_from >= p->version
                  ? 0
                  : read_body(s, p->scope, p->type, p->asked_from, &old_body, &old_len);
    int err = got == 0 ? -ENOENT : got < 0 ? got : had < 0 ? had : 0;
    if (err == 0)
        err = pack_body(p, had > 0 ? old_body : NULL, old_len, body, len);
    free(body);
    free(old_body);
    return err;
}

static struct pack *find_pack(struct documents *d, const struct pack *like)
{
    for (size_t i = 0; i < PACKS_KEPT; i++) {
        struct pack *p = &d->packs[i];
        if (p->packed.bytes && p->version == like->version && p->asked_from == like->asked_from &&
            strcmp(p->scope, like->scope) == 0 && strcmp(p->type, like->type) == 0)
            return p;
    }
    return NULL;
}

int documents_get(struct documents *d, struct sql *s, const char *device,
                  const struct control_get *get, struct document_piece *ret)
{
    assert(d && s && device && get && ret);
    struct pack like = {.version = get->version, .asked_from = get->from_version};
    int64_t version = 0;
    memcpy(like.type, get->type, sizeof(like.type));
    int got = scope_of(s, device, like.type, like.scope, &version);
    if (got < 0)
        return got;
    if (got == 0 || version != get->version)
        return -ENOENT;
    struct pack *p = find_pack(d, &like);
    if (!p) {
        int err = make_pack(s, &like);
        if (err < 0)
            return err;
        p = &d->packs[d->next];
        d->next = (d->next + 1) % PACKS_KEPT;
        free(p->packed.bytes);
        *p = like;
    }
    *ret = (struct document_piece){p->from_version, p->packed.bytes, p->packed.len};
    return 0;
}
