/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ingest_judge.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "text.h"

static enum nack_why why_of(int32_t why)
{
    static const enum nack_why whys[LINK_WHY_COUNT] = {[LINK_WHY_GAP] = NACK_GAP,
                                                       [LINK_WHY_FORK] = NACK_FORK,
                                                       [LINK_WHY_SCHEMA] = NACK_SCHEMA,
                                                       [LINK_WHY_QUOTA] = NACK_QUOTA};
    assert(why >= 0 && why < LINK_WHY_COUNT);
    return whys[why];
}

void judge_answer(struct judge *j, struct outcome *o, const struct intake_answer *a)
{
    switch (a->reply) {
    case INTAKE_REPLY_NONE:
        (void)judge_drop(j, o, intake_verdict_name(a->verdict));
        return;
    case INTAKE_REPLY_NACK:
        j->group->counts.refused++;
        o->kind = OUTCOME_SAY;
        o->say = (struct control){.kind = CONTROL_NACK,
                                  .session = a->send.nack.s,
                                  .nack = {.wm = a->send.nack.wm,
                                           .why = why_of(a->send.nack.why),
                                           .retry_ms = a->send.nack.retry_ms}};
        return;
    case INTAKE_REPLY_ACK:
        o->kind = OUTCOME_ACK;
        return;
    case INTAKE_REPLY_RESUME:
        o->kind = OUTCOME_SAY;
        o->say = (struct control){.kind = CONTROL_RESUME,
                                  .session = a->send.resume.s,
                                  .resume = {.wm = a->send.resume.wm,
                                             .safe = a->send.resume.safe,
                                             .now_ms = a->send.resume.now_ms,
                                             .window = j->conf->window,
                                             .flush_ms = a->send.resume.flush_ms,
                                             .early = a->send.resume.early}};
        return;
    }
}

void judge_hold(struct judge *j, struct outcome *o, size_t journal, const struct intake_answer *a,
                const struct ingest_message *m)
{
    struct group *g = j->group;
    struct journal_row *row = &g->journals[journal];
    if (intake_verdict_alarms(a->verdict))
        snprintf(o->alarm, sizeof(o->alarm), "%s behind entry %" PRId64 " of epoch %" PRId64,
                 intake_verdict_name(a->verdict), row->intake.wm, row->epoch);
    if (a->verdict != INTAKE_FORK && a->verdict != INTAKE_ROLLBACK)
        return;
    struct fork *f = &g->forks[g->forks_count++];
    *f = (struct fork){
        .journal = journal, .seq = row->intake.wm + 1, .payload = m->bytes, .payload_len = m->len};
    text_cut(f->reason, sizeof(f->reason), o->alarm);
    row->fork_seq = f->seq;
    row->intake.hold = INTAKE_FORKED;
    g->changed[journal] = true;
}
