/* SPDX-License-Identifier: Apache-2.0 */
#include "document_delta.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define SNAPSHOT_LEVEL 12
#define DELTA_LEVEL 9 /* the old body is found again at any level */
#define SNAPSHOT_HEAD (1 + DOCUMENT_SHA256_SIZE)
#define DELTA_HEAD (1 + 2 * DOCUMENT_SHA256_SIZE)

struct zstd_packing { /* a context that frees itself */
    ZSTD_CCtx *c;
};

static void zstd_packing_free(struct zstd_packing *x)
{
    if (x)
        ZSTD_freeCCtx(x->c);
    free(x);
}
DEFINE_AUTO(zstd_packing);

static int zstd_packing_new(int level, size_t history, struct zstd_packing **ret)
{
    AUTO(zstd_packing) x = calloc(1, sizeof(*x));
    if (!x)
        return -ENOMEM;
    x->c = ZSTD_createCCtx();
    if (!x->c || ZSTD_isError(ZSTD_CCtx_setParameter(x->c, ZSTD_c_compressionLevel, level)))
        return -ENOMEM;
    /* The window has to reach back over the new body to the start of the old one. */
    int log = 10;
    while (log < 25 && (size_t)1 << log < history)
        log++;
    if (ZSTD_isError(ZSTD_CCtx_setParameter(x->c, ZSTD_c_windowLog, log)))
        return -ENOMEM;
    *ret = TAKE(x);
    return 0;
}

static int pack(const char *old_body, size_t old_len, const char *body, size_t len,
                document_digest_fn digest, struct packed *ret)
{
    size_t head = old_body ? DELTA_HEAD : SNAPSHOT_HEAD;
    AUTO(zstd_packing) zstd = NULL;
    int err = zstd_packing_new(old_body ? DELTA_LEVEL : SNAPSHOT_LEVEL, old_len + len, &zstd);
    if (err < 0)
        return err;
    if (old_body && ZSTD_isError(ZSTD_CCtx_refPrefix(zstd->c, old_body, old_len)))
        return -ENOMEM;
    size_t room = head + ZSTD_compressBound(len);
    uint8_t *bytes = malloc(room);
    if (!bytes)
        return -ENOMEM;
    size_t packed = ZSTD_compress2(zstd->c, bytes + head, room - head, body, len);
    if (ZSTD_isError(packed)) { /* the room always does: only memory can be short */
        free(bytes);
        return -ENOMEM;
    }
    bytes[0] = old_body ? PACKED_DELTA : PACKED_SNAPSHOT;
    digest(body, len, bytes + 1);
    if (old_body)
        digest(old_body, old_len, bytes + 1 + DOCUMENT_SHA256_SIZE);
    *ret = (struct packed){bytes, head + packed};
    return 0;
}

int document_snapshot(const char *body, size_t len, document_digest_fn digest, struct packed *ret)
{
    assert(body && digest && ret);
    return len > CATALOGUE_BODY_MAX ? -EFBIG : pack(NULL, 0, body, len, digest, ret);
}

int document_delta(const char *old_body, size_t old_len, const char *body, size_t len,
                   document_digest_fn digest, struct packed *ret)
{
    assert(old_body && body && digest && ret);
    return old_len > CATALOGUE_BODY_MAX || len > CATALOGUE_BODY_MAX
               ? -EFBIG
               : pack(old_body, old_len, body, len, digest, ret);
}

bool document_delta_is_worth(size_t delta_bytes, size_t snapshot_bytes)
{
    return delta_bytes <= snapshot_bytes / 2;
}

/* ---- reading ---- */

static int broken(struct diag *reterr, const char *what)
{
    diag_set(reterr, 0, "packed document: %s", what);
    return -EBADMSG;
}

static size_t head_bytes(const struct packed_head *h)
{
    return h->delta ? DELTA_HEAD : SNAPSHOT_HEAD;
}

int packed_read_head(const uint8_t *bytes, size_t len, struct packed_head *ret, struct diag *reterr)
{
    assert((bytes || len == 0) && ret);
    if (len == 0 || (bytes[0] != PACKED_SNAPSHOT && bytes[0] != PACKED_DELTA))
        return broken(reterr, "not one by its first byte");
    struct packed_head h = {.delta = bytes[0] == PACKED_DELTA};
    if (len > PACKED_MAX || len <= head_bytes(&h))
        return broken(reterr, "cut or too long");
    memcpy(h.sha256, bytes + 1, sizeof(h.sha256));
    if (h.delta)
        memcpy(h.old_sha256, bytes + 1 + sizeof(h.sha256), sizeof(h.old_sha256));
    const uint8_t *frame = bytes + head_bytes(&h);
    size_t frame_len = len - head_bytes(&h);
    unsigned long long plain = ZSTD_getFrameContentSize(frame, frame_len);
    if (plain == ZSTD_CONTENTSIZE_ERROR || plain == ZSTD_CONTENTSIZE_UNKNOWN ||
        plain > CATALOGUE_BODY_MAX)
        return broken(reterr, "no zstd frame that says its size, or too large a body");
    if (ZSTD_findFrameCompressedSize(frame, frame_len) != frame_len)
        return broken(reterr, "the zstd frame does not end with it");
    h.bytes = (size_t)plain;
    *ret = h;
    return 0;
}

/* The frame's content into `body`, which has room for h->bytes. -EBADMSG, -ENOMEM. */
static int unpack(const struct packed_head *h, const uint8_t *bytes, size_t len,
                  const char *old_body, size_t old_len, char *body, struct diag *reterr)
{
    ZSTD_DCtx *zstd = ZSTD_createDCtx();
    if (!zstd)
        return -ENOMEM;
    size_t got = h->delta ? ZSTD_DCtx_refPrefix(zstd, old_body, old_len) : 0;
    if (!ZSTD_isError(got))
        got = ZSTD_decompressDCtx(zstd, body, h->bytes, bytes + head_bytes(h), len - head_bytes(h));
    ZSTD_freeDCtx(zstd);
    if (!ZSTD_isError(got) && got == h->bytes)
        return 0;
    return broken(reterr, ZSTD_isError(got) ? ZSTD_getErrorName(got) : "another size than it says");
}

int document_unpack(const uint8_t *bytes, size_t len, const char *old_body, size_t old_len,
                    document_digest_fn digest, char **ret_body, size_t *ret_len,
                    struct diag *reterr)
{
    assert(digest && ret_body && ret_len);
    struct packed_head h;
    int err = packed_read_head(bytes, len, &h, reterr);
    if (err < 0)
        return err;
    uint8_t sum[DOCUMENT_SHA256_SIZE] = {0};
    if (h.delta && old_body)
        digest(old_body, old_len, sum);
    if (h.delta && (!old_body || memcmp(sum, h.old_sha256, sizeof(sum)) != 0)) {
        diag_set(reterr, 0, "packed document: a delta from another version");
        return -ESTALE;
    }
    char *body = malloc(h.bytes + 1);
    if (!body)
        return -ENOMEM;
    err = unpack(&h, bytes, len, old_body, old_len, body, reterr);
    if (err == 0) {
        digest(body, h.bytes, sum);
        if (memcmp(sum, h.sha256, sizeof(sum)) != 0)
            err = broken(reterr, "the body is not what its digest says");
    }
    if (err < 0) {
        free(body);
        return err;
    }
    body[h.bytes] = '\0';
    *ret_body = body;
    *ret_len = h.bytes;
    return 0;
}
