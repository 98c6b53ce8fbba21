/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/event.h -- the relay's own journal: what was commanded, what happened and who
 * changed what, each once per cause, in a hash chain that cannot be changed unseen. It is the audit
 * trail, what agents consume and what the API's event stream resumes on. It decides nothing, and
 * does not hold the appliances' entries.
 *
 *   hash(0) = SHA-256("vyapar relay events 1\n" || tenant)
 *   hash(n) = SHA-256(hash(n - 1) || canonical text of event n)
 *   canonical text = seq, wall_ms, kind, type, version, actor, subject, cause, trace and body, each
 *                    as a netstring: length in decimal, ":", its bytes, "," (D. J. Bernstein, 1997)
 *
 * Numbers rise without a gap in the order of commits: who has read up to n never misses one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "sha256.h"
#include "sql.h"

#define EVENT_TYPE_SIZE 49 /* all with the NUL */
#define EVENT_ACTOR_SIZE 97
#define EVENT_SUBJECT_SIZE 161
#define EVENT_CAUSE_SIZE 161
#define EVENT_TRACE_SIZE 65
#define EVENT_BODY_MAX (256 << 10)

enum event_kind {
    EVENT_COMMAND,  /* do: somebody wants it; what came of it is an event of its own */
    EVENT_HAPPENED, /* happened */
    EVENT_AUDIT,    /* who changed what, where, with which device, and why */
};
const char *event_kind_name(enum event_kind kind); /* static: command, event, audit */

/* What is to be said. All texts are borrowed for the call, printable and not longer than the sizes
 * above; trace may be "". */
struct event_draft {
    enum event_kind kind;
    const char *type;    /* one of event_type.h, or an external audit record's own */
    int32_t version;     /* of the body's schema */
    const char *actor;   /* "agent:NAME", "user:NAME", "device:NAME" */
    const char *subject; /* "case:ID", "proposal:ID", "setting:NAME", "agent:NAME" ... */
    const char *cause;   /* "entry:DEVICE:EPOCH:SEQ", "event:N", "request:KEY", "day:N" ... */
    const char *trace;   /* joins what belongs to one piece of work */
    const char *body;    /* a JSON object */
    int64_t wall_ms;
};

/* Appends in the caller's write transaction; on PostgreSQL other appends wait for its end.
 *   1         of this type, subject and cause there is one already: *ret_seq is its number
 *   -EINVAL   a text is missing, too long or not UTF-8
 *   else      as in store/sql.h
 * ret_seq may be NULL. */
NODISCARD int event_append(struct sql *s, const struct event_draft *draft, int64_t *ret_seq);

/* The number that the next append gets, held for the caller until his transaction ends: from it
 * cases and proposals have their ids. */
NODISCARD int event_next(struct sql *s, int64_t *ret_seq);

NODISCARD int event_last(struct sql *s, int64_t *ret_seq); /* 0: none yet */

struct event {
    int64_t seq;
    int64_t wall_ms;
    enum event_kind kind;
    int32_t version;
    char type[EVENT_TYPE_SIZE];
    char actor[EVENT_ACTOR_SIZE];
    char subject[EVENT_SUBJECT_SIZE];
    char cause[EVENT_CAUSE_SIZE];
    char trace[EVENT_TRACE_SIZE];
    const char *body; /* borrowed for the callback */
    uint8_t hash[SHA256_SIZE];
};

/* Fields that are "" or 0 do not restrict. */
struct event_filter {
    int64_t after_seq;
    int64_t before_seq;     /* 0: no end */
    int64_t from_ms, to_ms; /* to_ms 0: no end; both inclusive */
    const char *actor;      /* exact; NULL as "" */
    const char *subject;    /* exact */
    const char *type;       /* exact */
    bool newest_first;
    int64_t limit; /* 1 or more */
};

/* on_event returns non-zero to stop; that is passed on. */
typedef int (*event_fn)(const struct event *e, void *context);
NODISCARD int event_each(struct sql *s, const struct event_filter *filter, event_fn on_event,
                         void *context);

/* Recomputes the chain over all events, as one state of the data. */
struct event_verdict {
    int64_t checked;           /* events that hold, from the first */
    int64_t broken_seq;        /* the first that does not hold, or is missing; 0: all hold */
    uint8_t head[SHA256_SIZE]; /* of the last that holds */
};
/* 0 when all hold, -EBADMSG when not (then *ret_verdict is written too). In a read transaction of
 * its own, unless the caller has one open. */
NODISCARD int event_verify(struct sql *s, struct event_verdict *ret_verdict);

/* One line of who, when, where, with what and why, for each change of a price, a promotion, a rule
 * or stock that is made at the relay (what is done at a site stands in its journal). */
struct audit_record {
    const char *type;    /* "PriceChanged", "CampaignChanged", "StockAdjusted" or an outsider's */
    const char *who;     /* "user:NAME" ... */
    const char *where;   /* site or territory; "" */
    const char *device;  /* from which machine; "" */
    const char *why;     /* needed */
    const char *subject; /* needed */
    const char *before;  /* JSON value; "" as null */
    const char *after;   /* JSON value; "" as null */
    const char *cause;   /* needed: once per cause */
    const char *trace;   /* of the request that it belongs to; NULL as "" */
    int64_t wall_ms;
};
/* The errors of event_append(); -EINVAL with *reterr also when who, why, subject or cause is
 * missing or a value is not JSON. */
NODISCARD int audit_append(struct sql *s, const struct audit_record *record, struct diag *reterr,
                           int64_t *ret_seq);
