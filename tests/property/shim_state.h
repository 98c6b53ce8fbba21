/* SPDX-License-Identifier: Apache-2.0 */
/* tests/property/shim_state.h -- what shim.c and shim_station.c share of one site. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "detect.h"
#include "journal.h"
#include "station.h"

struct shim {
    struct journal *journal;
    struct detect *detect;
    struct station *station;
    struct diag why;
    int64_t begun_ms; /* wall time at which this run began */
    char *text;       /* the last table */
};

struct journal_time shim_time(const struct shim *s, int64_t wall_ms);

/* A table is written between these two; the end returns it, or NULL with the words of err. */
FILE *shim_begin(struct shim *s, size_t *len);
const char *shim_end(struct shim *s, FILE *out, int err);
