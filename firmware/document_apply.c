/* SPDX-License-Identifier: Apache-2.0 */
#include "document_apply.h"

#include <assert.h>
#include <errno.h>

int document_apply(struct journal *j, const struct journal_time *time, enum document_type type,
                   int32_t version, const char *text, size_t len, struct diag *reterr)
{
    assert(j && time && text && reterr && journal_pending(j) == 0);
    int32_t in_force = 0;
    int err = master_version(j, type, &in_force);
    if (err == 0 && version < in_force) { /* a stick that was found again */
        diag_set(reterr, 0, "version %d is older than %d, which is in force", (int)version,
                 (int)in_force);
        return -EINVAL;
    }
    if (err == 0)
        err = master_apply(j, time, type, version, text, len, reterr);
    if (err < 0) {
        journal_rollback(j);
        return err;
    }
    return journal_commit(j);
}
