/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/trace_stage.h -- for trace_link.c only: the stages of a trace, each one statement over what
 * the store holds, and what each is asked about. The texts, and how their places are bound; it runs
 * none. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sql.h"
#include "trace_link.h"

/* What every stage selects, in this order. */
enum trace_column {
    TRACE_NUMBER, /* of the order within the stage, with ID: unique */
    TRACE_ID,
    TRACE_AT, /* UTC ms */
    TRACE_TYPE,
    TRACE_STATE,
    TRACE_WHO,
    TRACE_SITE,
    TRACE_DOCUMENT,
    TRACE_PARTY,
    TRACE_UNITS,
    TRACE_PAISE,
    TRACE_TEXT,
    TRACE_EVENT, /* its number in the relay's journal; 0: it is none */
    TRACE_TRACE_ID,
    TRACE_CAUSE,
    TRACE_DEVICE, /* of an entry */
    TRACE_EPOCH,
    TRACE_SEQ,  /* 0: it is none */
    TRACE_BODY, /* of an event: its state, units and words are told */
};

struct trace_stage {
    const char *name;
    const char *places; /* of `select` from $4 on, a letter each (trace_stage.c) */
    const char *select; /* $1, $2: NUMBER and ID where the page before ended; $3: how many */
    bool of_parties;    /* those of the caller's territories alone */
};

struct trace_stages {
    const struct trace_stage *at;
    size_t count;
};

/* In their order. */
struct trace_stages trace_stages_of_case(void);
struct trace_stages trace_stages_of_entry(void);

struct trace_subject { /* what the letters of `places` stand for; borrowed */
    const char *case_id;
    const char *cause;
    const struct trace_entry *at; /* goods, and of an entry where it stands */
};

/* Binds the stage's places from $4 on. q: of its `select`. */
void trace_stage_bind(const struct trace_stage *stage, struct sql_query *q,
                      const struct trace_subject *x);
