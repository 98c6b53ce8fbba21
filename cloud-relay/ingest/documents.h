/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/documents.h -- the documents that go down: published as versions, wanted of each device,
 * given in packed pieces. The relay is their only writer; they are desired state, so that nothing
 * is queued and any worker can answer any request. It composes none (plan_document.h). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "catalogue.h"
#include "chunk.h"
#include "control.h"
#include "diag.h"
#include "sql.h"

#define DOCUMENTS_KEPT 50       /* versions of a document: so far back leads a delta */
#define DOCUMENTS_EVERYBODY "*" /* scope of devices that have none of their own */

struct document {
    const char *scope; /* a device, or DOCUMENTS_EVERYBODY */
    enum document_type type;
    const char *body;
    size_t len;
    const char *made_by; /* "user:NAME", "agent:NAME" ... */
};

/* Makes it the newest version, in the caller's write transaction; what is in force already is left.
 * Versions beyond DOCUMENTS_KEPT go.
 *   1        it is in force already: *ret_version is that one
 *   -EINVAL  *reterr: no such document can be read (line, column, what is allowed)
 *   -EFBIG   above CATALOGUE_BODY_MAX */
NODISCARD int documents_publish(struct sql *s, const struct document *d, int64_t now_ms,
                                struct diag *reterr, int64_t *ret_version);

/* What a device is to have: its own documents, and those of everybody where it has none of that
 * type. Fills up to CONTROL_DOCUMENTS_MAX; how many. */
NODISCARD int documents_wanted(struct sql *s, const char *device,
                               struct control_want ret[CONTROL_DOCUMENTS_MAX]);

/* The packed body that a GET asks for: a delta from the version that the device has, where that is
 * kept and worth it, else the snapshot. Keeps the last few, because pieces are asked for one behind
 * the other, and by many devices. */
struct documents;
NODISCARD int documents_open(struct documents **ret); /* -ENOMEM */
void documents_free(struct documents *d);
DEFINE_AUTO(documents);

struct document_piece {
    int64_t from_version;  /* of a delta; 0: the snapshot */
    const uint8_t *packed; /* borrowed until the next call */
    size_t len;
};
/*   -ENOENT  another version is wanted by now: say which by RESUME's want */
NODISCARD int documents_get(struct documents *d, struct sql *s, const char *device,
                            const struct control_get *get, struct document_piece *ret);
