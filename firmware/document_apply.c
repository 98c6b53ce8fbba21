/* SPDX-License-Identifier: Apache-2.0 */
#include "document_apply.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "text.h"
#include "utf8.h"

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

int document_refused(struct journal *j, const struct journal_time *time, const char *name,
                     int64_t version, const struct diag *why)
{
    assert(j && time && name && why && journal_pending(j) == 0);
    struct entry e = entry_new(ENTRY_REFUSED);
    char words[sizeof(why->text) + 32];
    if (why->line > 0)
        snprintf(words, sizeof(words), "line %d: %s", why->line, why->text);
    else
        snprintf(words, sizeof(words), "%s", why->text);
    for (char *c = words; *c && !utf8_is_clean(words); c++) /* a cell that was quoted */
        *c = *c >= ' ' && *c <= '~' ? *c : '?';
    text_cut(e.note, sizeof(e.note), words);
    text_cut(e.reason, sizeof(e.reason), DOCUMENT_REFUSED);
    text_cut(e.document, sizeof(e.document), name);
    e.line = version >= 0 && version <= INT32_MAX ? (int32_t)version : 0;
    struct diag unfit = {0};
    int64_t seq = 0;
    int err = journal_append(j, time, &e, 1, &unfit, &seq);
    if (err < 0) {
        journal_rollback(j);
        return err;
    }
    return journal_commit(j);
}
