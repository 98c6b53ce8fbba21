/* SPDX-License-Identifier: Apache-2.0 */
/* inbox/inbox.h -- what syncd keeps beside the journal, in one SQLite file: documents that came
 * from the relay and were checked, parts of those under way, commands, who this appliance is to the
 * relay, the relay's time, and how the link stands. It applies nothing. syncd is its only writer;
 * stationd reads it, and a power cut leaves each of its writes whole or undone. Not thread-safe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "enrolment.h"
#include "sha256.h"

#define INBOX_TYPE_SIZE 17
#define INBOX_DOCUMENTS_MAX 16
#define INBOX_BODY_MAX (8 << 20)
#define INBOX_WORDS_SIZE 161
#define INBOX_BOOT_ID_SIZE 37

struct inbox;

/* The owner's: opens or creates.
 *   -EPROTO   written by another release    -EBADMSG  no inbox, or damaged
 *   else as in libc; *reterr says what was tried */
NODISCARD int inbox_open(const char *path, const char *vfs, struct diag *reterr,
                         struct inbox **ret);

/* To read beside the owner. -ENOENT when there is none yet; else as above. */
NODISCARD int inbox_open_readonly(const char *path, const char *vfs, struct diag *reterr,
                                  struct inbox **ret);

void inbox_free(struct inbox *x); /* NULL is fine */
DEFINE_AUTO(inbox);

/* For a reader: 1 when the owner has committed something since the last call, or at the first. */
NODISCARD int inbox_changed(struct inbox *x);

/* Counts a start of the owner, durably, before it says anything to a relay: 1, 2, 3, ... */
NODISCARD int inbox_begin_life(struct inbox *x, int64_t *ret_life);

/* --- documents: one version of each type, the one that the relay wanted last */

struct inbox_document {
    char type[INBOX_TYPE_SIZE];
    int64_t version;
    uint8_t sha256[SHA256_SIZE];
    int64_t bytes;
};

/* Takes the place of what was there of that type, and drops its part. -EFBIG beyond
 * INBOX_BODY_MAX, -ENOSPC when INBOX_DOCUMENTS_MAX other types are there. */
NODISCARD int inbox_put(struct inbox *x, const char *type, int64_t version, const char *body,
                        size_t len);

/* All that are there. Returns how many. */
NODISCARD int inbox_documents(struct inbox *x, struct inbox_document ret[INBOX_DOCUMENTS_MAX]);

/* The body with a NUL behind it, from malloc(), for the caller to free: 1. 0 when there is none.
 * -EBADMSG when it is not what its digest says. */
NODISCARD int inbox_body(struct inbox *x, const char *type, struct inbox_document *ret,
                         char **ret_body);

/* --- a document under way: pieces behind one another, kept through a power cut */

struct inbox_part {
    char type[INBOX_TYPE_SIZE];
    int64_t version;
    int64_t base; /* 0: a snapshot; else the version that it is a delta from */
    int64_t total;
    int64_t got;
};

/* Adds a piece at part.got; at 0 whatever was there of the type goes. */
NODISCARD int inbox_part_add(struct inbox *x, const struct inbox_part *part, const void *bytes,
                             size_t len);
NODISCARD int inbox_parts(struct inbox *x, struct inbox_part ret[INBOX_DOCUMENTS_MAX]);
NODISCARD int inbox_part_drop(struct inbox *x, const char *type);

/* All pieces as one, from malloc(): 1. 0 when there are none. */
NODISCARD int inbox_part_bytes(struct inbox *x, const char *type, uint8_t **ret_bytes,
                               size_t *ret_len);

/* --- who this appliance is to the relay */

NODISCARD int inbox_enrol(struct inbox *x, const struct enrolment_grant *grant);

/* 1, or 0 when it has not been enrolled. */
NODISCARD int inbox_enrolment(struct inbox *x, struct enrolment_grant *ret);

/* --- the relay's time: the last anchor */

struct inbox_anchor {
    int64_t number; /* 1, 2, ...: by it a reader knows a new one */
    char boot_id[INBOX_BOOT_ID_SIZE];
    int64_t mono_ms; /* CLOCK_MONOTONIC of that boot */
    int64_t wall_ms;
    int64_t error_ms;
};

/* number is given here. */
NODISCARD int inbox_anchor_put(struct inbox *x, const struct inbox_anchor *anchor);
NODISCARD int inbox_anchor(struct inbox *x, struct inbox_anchor *ret); /* 1, or 0: none yet */

/* --- one-shot commands that came: link/one_shot.h says which are to be done. Whether one was done
 * is the journal's to know */

#define INBOX_COMMAND_SIZE 33
#define INBOX_COMMANDS_MAX 32 /* the newest */

struct inbox_command {
    int64_t id;
    int64_t expires_ms; /* UTC */
    char what[INBOX_COMMAND_SIZE];
};

/* Said again it stays as it was. */
NODISCARD int inbox_command_put(struct inbox *x, const struct inbox_command *command);

/* In the order of their ids. Returns how many. */
NODISCARD int inbox_commands(struct inbox *x, struct inbox_command ret[INBOX_COMMANDS_MAX]);

/* --- how the link stands, for the screen */

struct inbox_link {
    char state[INBOX_TYPE_SIZE];    /* uplink_state_name(), or "unclaimed" */
    int64_t acked;                  /* entries that the relay holds */
    int64_t safe;                   /* of them, those that would survive its disk */
    int64_t connected_ms;           /* UTC: since when; 0: not connected */
    int64_t acked_ms;               /* UTC: of the last acknowledgement; 0: never */
    int64_t left_ms;                /* until all is acknowledged at the pace so far; -1: unknown */
    int64_t trouble_ms;             /* UTC: since when what is said below; 0: nothing is wrong */
    char trouble[INBOX_WORDS_SIZE]; /* in plain words */
};

/* Up to which entry the relay has the journal safe, and the chain there: entries may be deleted by
 * a journal whose own chain is the same at that place, and by no other. */
struct inbox_secured {
    int64_t seq;
    uint8_t hash[SHA256_SIZE];
};

NODISCARD int inbox_secured_put(struct inbox *x, const struct inbox_secured *secured);
NODISCARD int inbox_secured(struct inbox *x, struct inbox_secured *ret); /* 1, or 0: nothing yet */

NODISCARD int inbox_link_put(struct inbox *x, const struct inbox_link *link);
NODISCARD int inbox_link(struct inbox *x, struct inbox_link *ret); /* 1, or 0: none yet */
