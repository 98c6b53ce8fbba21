/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session's beginning, and what is asked for within it: HELLO and GET. */
#include "ingest_judge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "documents.h"

static int judge_hello(struct judge *j, struct outcome *o, const struct control *c,
                       const struct ingest_message *m)
{
    const struct control_hello *h = &c->hello;
    size_t journal = 0;
    int got = judge_admit(j, o, &h->origin, &journal);
    if (got <= 0)
        return got;
    const struct journal_row *row = &j->group->journals[journal];
    int wire = wire_choose(wire_range(WIRE_VERSION), h->wire);
    struct link_hello hello = {.s = c->session,
                               .floor = h->floor + 1,
                               .head = h->head,
                               .schema = wire < 0 ? 0 : wire}; /* 0: nothing in common */
    memcpy(hello.head_hash.hash, h->hash, sizeof(hello.head_hash.hash));
    struct intake_answer a = intake_hello(&row->intake, &j->intake, &hello, j->group->now_ms);
    o->session = c->session;
    judge_answer(j, o, &a);
    judge_hold(j, o, journal, &a, m);
    if (a.verdict == INTAKE_LACKING)
        snprintf(o->alarm, sizeof(o->alarm),
                 "entries behind %" PRId64 " are missing here, and entries up to %" PRId64
                 " are deleted there: only a newer backup has them",
                 row->intake.wm, h->floor);
    struct greeting *g = &j->group->greetings[j->group->greetings_count++];
    *g = (struct greeting){.wire = wire < 0 ? 0 : wire, .head = h->head, .floor = h->floor};
    memcpy(g->device, row->device, sizeof(g->device));
    memcpy(g->release, h->release, sizeof(g->release));
    if (o->kind != OUTCOME_SAY || o->say.kind != CONTROL_RESUME)
        return 0;
    o->row = row->intake;
    o->say.resume.wire = wire;
    int n = documents_wanted(j->s, row->device, o->say.resume.want);
    if (n >= 0)
        o->say.resume.want_count = (size_t)n;
    return n < 0 ? n : 0;
}

int judge_control(struct judge *j, struct outcome *o, const struct ingest_message *m)
{
    struct control c;
    struct diag why = {0};
    int err = control_read(m->bytes, m->len, &c, &why);
    if (err == -ENOMEM)
        return err;
    if (err < 0)
        return judge_drop(j, o, why.text);
    if (c.kind == CONTROL_HELLO)
        return judge_hello(j, o, &c, m);
    if (c.kind != CONTROL_GET)
        return judge_drop(j, o, "a message that only a relay says");
    size_t journal = 0;
    int got = judge_admit(j, o, &c.get.origin, &journal);
    if (got > 0) {
        o->kind = OUTCOME_GIVE;
        o->session = c.session;
        o->say = c;
    }
    return got < 0 ? got : 0;
}
