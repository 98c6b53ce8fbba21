/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries ahead of their turn. */
#include "ingest_judge.h"

#include "early.h"
#include "notice.h"
#include "urgency.h"

struct keeping {
    struct judge *j;
    struct journal_row *row;
};

/* Those that the ledger has passed, or that there is no room for, come in their turn. */
static int keep_early(const struct entry *e, const uint8_t *raw, size_t raw_len, void *context)
{
    struct keeping *k = context;
    struct journal_row *row = k->row;
    if (entry_urgency(e) != ENTRY_EARLY ||
        !intake_keeps(&row->intake, &k->j->intake, e->seq, row->early))
        return 0;
    int kept = early_keep(k->j->s, row->device, row->epoch, e, raw, raw_len, k->j->group->now_ms);
    row->early += kept > 0;
    k->j->group->counts.early += kept > 0;
    return kept < 0 ? kept : 0;
}

int judge_notice(struct judge *j, struct outcome *o, const struct ingest_message *m)
{
    struct notice n;
    struct diag why = {0};
    size_t journal = 0;
    if (notice_read(m->bytes, m->len, &n, NULL, NULL, &why) < 0)
        return judge_drop(j, o, why.text);
    int got = judge_admit(j, o, &n.origin, &journal);
    if (got <= 0)
        return got;
    struct keeping k = {j, &j->group->journals[journal]};
    return notice_read(m->bytes, m->len, &n, keep_early, &k, &why);
}
