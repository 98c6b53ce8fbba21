/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest_judge.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "text.h"

int judge_drop(struct judge *j, struct outcome *o, const char *why)
{
    j->group->counts.dropped++;
    o->kind = OUTCOME_NONE;
    text_cut(o->alarm, sizeof(o->alarm), why);
    return 0;
}

/* The journal's row in the group, read at its first message. -ENOENT: of no device. */
static int find_journal(struct judge *j, const char *device, int64_t epoch, size_t *ret)
{
    struct group *g = j->group;
    for (size_t i = 0; i < g->journals_count; i++)
        if (g->journals[i].epoch == epoch && strcmp(g->journals[i].device, device) == 0) {
            *ret = i;
            return 0;
        }
    assert(g->journals_count < ARRAY_LEN(g->journals));
    int err = journal_row_read(j->s, device, epoch, j->secured, &g->journals[g->journals_count]);
    if (err < 0)
        return err;
    g->changed[g->journals_count] = false;
    *ret = g->journals_count++;
    return 0;
}

int judge_admit(struct judge *j, struct outcome *o, const struct origin *origin, size_t *ret)
{
    struct diag why = {0};
    if (topic_check(&o->from, NULL, origin, &why) < 0)
        return judge_drop(j, o, why.text);
    int err = find_journal(j, origin->device, origin->epoch, ret);
    if (err < 0 && err != -ENOENT)
        return err;
    const struct journal_row *row = err == 0 ? &j->group->journals[*ret] : NULL;
    if (!row)
        return judge_drop(j, o, "an unknown or revoked device");
    if (row->shard != o->from.shard)
        return judge_drop(j, o, "a device that speaks in another shard");
    if (row->epoch > row->device_epoch)
        return judge_drop(j, o, "an epoch that was never given");
    o->epoch = origin->epoch;
    return 1;
}
