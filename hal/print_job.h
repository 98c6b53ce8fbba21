/* SPDX-License-Identifier: Apache-2.0 */
/* hal/print_job.h -- what is known of a label: was it printed? A failed print never undoes what it
 * labels, and nothing here ever sends a label twice by itself. Keeps no store and prints nothing.
 * Pure.
 *
 *   QUEUED --sent--> SENT --confirmed--> CONFIRMED
 *     |  ^             |                     ^
 *     |  |   link or printer failed          |
 *     |  |             v                     |
 *     |  +--missing-- UNKNOWN --confirmed----+
 *     +--failed in between--^            nothing left the box: it stays QUEUED */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "printer_status.h"

#define PRINT_REASON_SIZE 64

enum print_state {
    PRINT_QUEUED,    /* nothing was handed over yet */
    PRINT_SENT,      /* handed over whole; nobody has seen it yet */
    PRINT_UNKNOWN,   /* it may be in the printer, or half of it: ask the operator */
    PRINT_CONFIRMED, /* the label was scanned, or the operator says that it came out */
};

struct print_job {
    uint64_t number;  /* printed on nothing, but named to the operator: "did label 17 come out?" */
    uint64_t copy_of; /* the job that this one prints again; 0: none */
    enum print_state state;
    char reason[PRINT_REASON_SIZE]; /* why it is printed again; "" for a first print */
};

/* Gives the numbers of a printer's jobs; start it behind the last number stored. */
struct print_counter {
    uint64_t last;
};

struct print_job print_job_new(struct print_counter *counter);

/* A person wants a label again. -EINVAL without a reason, or with one that is too long; -EBUSY
 * while the first print has not left the box: there is nothing to repeat. */
NODISCARD int print_job_again(struct print_counter *counter, const struct print_job *first,
                              const char *reason, struct print_job *ret);

/* What printer_send() returned. -EINVAL when the job is not queued: then it must not have been
 * sent. */
NODISCARD int print_job_sent(struct print_job *job, int send_err);

/* How the printer was after the label. One that is not ready leaves a sent label unknown. */
void print_job_status(struct print_job *job, const struct printer_status *status);

/* The label was scanned, or the operator says that it came out. -EINVAL for a job not sent yet. */
NODISCARD int print_job_confirmed(struct print_job *job);

/* The operator looked, and it did not come out: it may be sent again. -EINVAL unless it was sent
 * and is not confirmed. */
NODISCARD int print_job_missing(struct print_job *job);

const char *print_state_name(enum print_state state); /* "unknown" */
