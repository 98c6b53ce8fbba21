/* SPDX-License-Identifier: Apache-2.0 */
/* Documents and the parts of those under way. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inbox_state.h"

#define PART_BYTES_MAX (INBOX_BODY_MAX + (1 << 20)) /* packed, it may be a little longer */

static int delete_of(struct inbox *x, const char *sql, const char *type)
{
    AUTO(query) q = query_of(x->db, sql);
    query_text(q, 1, type);
    return query_run(q);
}

static int drop_part(struct inbox *x, const char *type)
{
    int err = delete_of(x, "DELETE FROM part WHERE type = ?1", type);
    return err < 0 ? err : delete_of(x, "DELETE FROM piece WHERE type = ?1", type);
}

static int check_room(struct inbox *x, const char *sql, const char *type)
{
    AUTO(query) q = query_of(x->db, sql);
    query_text(q, 1, type);
    int got = query_step(q);
    if (got < 0)
        return got;
    return query_get_int(q, 0) < INBOX_DOCUMENTS_MAX ? 0 : -ENOSPC;
}

static int put_document(struct inbox *x, const char *type, int64_t version, const char *body,
                        size_t len)
{
    uint8_t digest[SHA256_SIZE];
    sha256(body, len, digest);
    AUTO(query)
    q = query_of(x->db, "INSERT INTO document(type, version, sha256, body) VALUES(?1, ?2, ?3, ?4)"
                        " ON CONFLICT DO UPDATE SET version = ?2, sha256 = ?3, body = ?4");
    query_text(q, 1, type);
    query_int(q, 2, version);
    query_blob(q, 3, digest, sizeof(digest));
    query_blob(q, 4, body, len);
    return query_run(q);
}

int inbox_put(struct inbox *x, const char *type, int64_t version, const char *body, size_t len)
{
    assert(x && type && body && version > 0);
    if (len > INBOX_BODY_MAX)
        return -EFBIG;
    int err = db_begin(x->db);
    if (err == 0)
        err = check_room(x, "SELECT count(*) FROM document WHERE type <> ?1", type);
    if (err == 0)
        err = put_document(x, type, version, body, len);
    if (err == 0)
        err = drop_part(x, type);
    return inbox_settle(x, err);
}

static int read_document(struct query *q, struct inbox_document *ret)
{
    struct inbox_document d = {.version = query_get_int(q, 1), .bytes = query_get_int(q, 3)};
    query_copy_text(q, 0, d.type, sizeof(d.type));
    size_t len = 0;
    const void *digest = query_get_blob(q, 2, &len);
    int err = query_get_failed(q);
    if (err < 0 || len != sizeof(d.sha256))
        return err < 0 ? err : -EBADMSG;
    memcpy(d.sha256, digest, len);
    *ret = d;
    return 0;
}

int inbox_documents(struct inbox *x, struct inbox_document ret[INBOX_DOCUMENTS_MAX])
{
    assert(x && ret);
    AUTO(query)
    q = query_of(x->db, "SELECT type, version, sha256, length(body) FROM document ORDER BY type");
    int n = 0;
    int got = 0;
    while (n < INBOX_DOCUMENTS_MAX && (got = query_step(q)) > 0) {
        int err = read_document(q, &ret[n]);
        if (err < 0)
            return err;
        n++;
    }
    return got < 0 ? got : n;
}

int inbox_body(struct inbox *x, const char *type, struct inbox_document *ret, char **ret_body)
{
    assert(x && type && ret && ret_body);
    AUTO(query)
    q = query_of(x->db,
                 "SELECT type, version, sha256, length(body), body FROM document WHERE type = ?1");
    query_text(q, 1, type);
    int got = query_step(q);
    if (got <= 0)
        return got;
    struct inbox_document d;
    int err = read_document(q, &d);
    if (err < 0)
        return err;
    size_t len = 0;
    const void *body = query_get_blob(q, 4, &len);
    uint8_t digest[SHA256_SIZE];
    sha256(body, len, digest);
    if (memcmp(digest, d.sha256, sizeof(digest)) != 0)
        return -EBADMSG;
    char *copy = malloc(len + 1);
    if (!copy)
        return -ENOMEM;
    if (len > 0)
        memcpy(copy, body, len);
    copy[len] = '\0';
    *ret_body = copy;
    *ret = d;
    return 1;
}

static int put_part(struct inbox *x, const struct inbox_part *part, size_t len)
{
    AUTO(query)
    q = query_of(x->db,
                 "INSERT INTO part(type, version, base, total, got) VALUES(?1, ?2, ?3, ?4, ?5)"
                 " ON CONFLICT DO UPDATE SET version = ?2, base = ?3, total = ?4, got = ?5");
    query_text(q, 1, part->type);
    query_int(q, 2, part->version);
    query_int(q, 3, part->base);
    query_int(q, 4, part->total);
    query_int(q, 5, part->got + (int64_t)len);
    return query_run(q);
}

static int put_piece(struct inbox *x, const struct inbox_part *part, const void *bytes, size_t len)
{
    AUTO(query)
    q = query_of(x->db, "INSERT OR REPLACE INTO piece(type, at, bytes) VALUES(?1, ?2, ?3)");
    query_text(q, 1, part->type);
    query_int(q, 2, part->got);
    query_blob(q, 3, bytes, len);
    return query_run(q);
}

int inbox_part_add(struct inbox *x, const struct inbox_part *part, const void *bytes, size_t len)
{
    assert(x && part && bytes && part->got >= 0);
    int err = db_begin(x->db);
    if (err == 0)
        err = check_room(x, "SELECT count(*) FROM part WHERE type <> ?1", part->type);
    if (err == 0 && part->got == 0)
        err = drop_part(x, part->type);
    if (err == 0)
        err = put_part(x, part, len);
    if (err == 0)
        err = put_piece(x, part, bytes, len);
    return inbox_settle(x, err);
}

int inbox_parts(struct inbox *x, struct inbox_part ret[INBOX_DOCUMENTS_MAX])
{
    assert(x && ret);
    AUTO(query) q = query_of(x->db, "SELECT type, version, base, total, got FROM part");
    int n = 0;
    int got = 0;
    while (n < INBOX_DOCUMENTS_MAX && (got = query_step(q)) > 0) {
        struct inbox_part p = {.version = query_get_int(q, 1),
                               .base = query_get_int(q, 2),
                               .total = query_get_int(q, 3),
                               .got = query_get_int(q, 4)};
        query_copy_text(q, 0, p.type, sizeof(p.type));
        int err = query_get_failed(q);
        if (err < 0)
            return err;
        ret[n++] = p;
    }
    return got < 0 ? got : n;
}

int inbox_part_drop(struct inbox *x, const char *type)
{
    assert(x && type);
    int err = db_begin(x->db);
    return inbox_settle(x, err < 0 ? err : drop_part(x, type));
}

int inbox_part_bytes(struct inbox *x, const char *type, uint8_t **ret_bytes, size_t *ret_len)
{
    assert(x && type && ret_bytes && ret_len);
    AUTO(query) q = query_of(x->db, "SELECT bytes FROM piece WHERE type = ?1 ORDER BY at");
    query_text(q, 1, type);
    uint8_t *all = NULL;
    size_t len = 0;
    int got = 0;
    while ((got = query_step(q)) > 0) {
        size_t more = 0;
        const void *bytes = query_get_blob(q, 0, &more);
        uint8_t *grown = len + more <= PART_BYTES_MAX ? realloc(all, len + more + 1) : NULL;
        if (!grown) {
            got = -ENOMEM;
            break;
        }
        all = grown;
        if (more > 0)
            memcpy(all + len, bytes, more);
        len += more;
    }
    if (got < 0 || !all) {
        free(all);
        return got;
    }
    *ret_bytes = all;
    *ret_len = len;
    return 1;
}
