/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/ingest_group.h -- for ingest*.c only: the messages of one transaction, as they are judged,
 * written and answered. */
#pragma once

#include <stdbool.h>

#include "batch.h"
#include "control.h"
#include "entry_rows.h"
#include "ingest.h"
#include "known_journals.h"
#include "projection.h"
#include "topic.h"

/* What follows for one message, once the transaction is durable. */
enum outcome_kind {
    OUTCOME_NONE,
    OUTCOME_SAY,  /* send `say` */
    OUTCOME_ACK,  /* an acknowledgement is owed */
    OUTCOME_GIVE, /* a piece of a document, as `say.get` asks */
};

struct outcome {
    enum outcome_kind kind;
    struct topic from;
    int64_t epoch;
    int64_t session;
    struct intake_row row; /* as it is stored then */
    struct control say;
    char alarm[DIAG_TEXT_MAX]; /* "": none */
};

/* A batch of which entries are new. */
struct run {
    size_t journal;
    size_t first; /* of entry_rows */
    size_t count;
    int64_t first_seq;
    struct chain_head head;
    const void *payload;
    size_t payload_len;
};

/* A batch that is set aside. */
struct fork {
    size_t journal;
    int64_t seq;
    char reason[DIAG_TEXT_MAX];
    const void *payload;
    size_t payload_len;
};

/* What a HELLO says of its device. */
struct greeting {
    char device[ENTRY_DEVICE_SIZE];
    char release[CONTROL_RELEASE_SIZE];
    int64_t wire;
    int64_t head;
    int64_t floor;
};

struct group {
    struct journal_row journals[INGEST_GROUP_MAX];
    bool changed[INGEST_GROUP_MAX];
    size_t journals_count;
    struct run runs[INGEST_GROUP_MAX];
    size_t runs_count;
    struct fork forks[INGEST_GROUP_MAX];
    size_t forks_count;
    struct greeting greetings[INGEST_GROUP_MAX];
    size_t greetings_count;
    struct outcome outcomes[INGEST_GROUP_MAX];
    size_t outcomes_count;
    int64_t now_ms;
    struct ingest_counts counts; /* added when it is durable */
};

/* The entries of the batch that is being judged, as they were decoded. */
struct ingest_batch {
    struct entry entries[BATCH_ENTRIES_MAX];
    size_t count;
};

/* What judging needs; borrowed. */
struct judge {
    struct sql *s;
    const struct ingest_conf *conf;
    bool secured; /* what this transaction commits is safe with it */
    struct intake_conf intake;
    struct batch_decoder *decoder;
    struct ingest_batch *batch;
    struct known_journals *known;
    struct entry_rows *rows;
    struct projection *projection;
    struct group *group;
};

/* Judges one message inside the transaction, into the next outcome. 0, or an error of the store. */
NODISCARD int group_judge(struct judge *j, const struct ingest_message *m);

/* What follows from the entries of j->batch from `at` on, which are the last rows gathered of that
 * journal: into the projection, and into what is known of its device. */
NODISCARD int group_apply(struct judge *j, const struct journal_row *row, size_t at);

/* Writes what was judged. Errors of the store. */
NODISCARD int group_write(struct judge *j);
