/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest_judge.h"

#include <assert.h>
#include <string.h>

int group_judge(struct judge *j, const struct ingest_message *m)
{
    assert(j && m && m->topic && (m->bytes || m->len == 0));
    struct group *g = j->group;
    struct outcome *o = &g->outcomes[g->outcomes_count++];
    *o = (struct outcome){.kind = OUTCOME_NONE};
    g->counts.messages++;
    if (topic_parse(m->topic, &o->from) < 0 || strcmp(o->from.tenant, sql_tenant(j->s)) != 0) {
        o->from = (struct topic){.kind = TOPIC_PRESENCE};
        return judge_drop(j, o, "a topic of another tenant");
    }
    switch (o->from.kind) {
    case TOPIC_HELLO:
        return judge_control(j, o, m);
    case TOPIC_ENTRIES:
        return judge_batch(j, o, m);
    case TOPIC_NOTICE:
        return judge_notice(j, o, m);
    case TOPIC_CONTROL:
    case TOPIC_CHUNKS:
    case TOPIC_PRESENCE:
        break;
    }
    return judge_drop(j, o, "a topic that goes down");
}
