/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/agent_feed.h -- what lies before an agent: pages of events and of journal entries
 * behind its positions, read into memory, because an item that fails undoes every open walk. For
 * runtime.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent.h"
#include "attr.h"
#include "sql.h"

#define FEED_PAGE 64
#define FEED_SOURCE_SIZE 48 /* "event", or "DEVICE:EPOCH" */

struct feed_item {
    int64_t seq;
    bool wanted; /* the agent consumes such */
    int fault;   /* 0, or why it cannot be handed over: -EPROTO, -EBADMSG */
    void *bytes; /* of an entry, or an event's body */
    size_t len;
    struct event event; /* of an event */
};

struct feed_page {
    char source[FEED_SOURCE_SIZE];
    char device[33]; /* of entries */
    char site[33];
    int64_t epoch;
    bool early; /* entries ahead of their turn */
    struct feed_item items[FEED_PAGE];
    size_t count;
};

/* A new page, empty. NULL: out of memory. */
struct feed_page *feed_page_new(void);
void feed_page_free(struct feed_page *p);
DEFINE_AUTO(feed_page);

/* The next events behind the agent's position, at most n; 0 items: it has read all. */
NODISCARD int feed_events(struct sql *s, const struct agent *agent, size_t n, struct feed_page *p);

/* The next entries of the first journal, by name, behind `after` that has any. 0 items: none. */
NODISCARD int feed_entries(struct sql *s, const struct agent *agent, const char *after, size_t n,
                           struct feed_page *p);

/* Entries told ahead of their turn that no agent has seen, of the first journal that has any. 0
 * items: none. */
NODISCARD int feed_early(struct sql *s, const struct agent *agent, size_t n, struct feed_page *p);

/* Those up to seq are seen. */
NODISCARD int feed_early_seen(struct sql *s, const struct feed_page *p, int64_t seq);

/* One item by its number, wanted whatever its kind: for a letter that is tried again. device "": an
 * event. -ENOENT: it is not there. */
NODISCARD int feed_one(struct sql *s, const char *device, int64_t epoch, int64_t seq,
                       struct feed_page *p);

/* Whether anything lies before the agent. 1: yes. */
NODISCARD int feed_waits(struct sql *s, const struct agent *agent);
