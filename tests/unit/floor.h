/* SPDX-License-Identifier: Apache-2.0 */
/* tests/unit/floor.h -- a warehouse floor on the bench: a real station over a real journal in a
 * folder of its own. floor_story.h has a notation for what happens there. */
#pragma once

#include <stdio.h>

#include "test.h"

#include "journal.h"
#include "journal_stock.h"
#include "master.h"
#include "station.h"

#define FLOOR_STEP_MS 1000 /* that every input takes */

struct floor {
    char folder[64];
    char path[96];
    struct journal *journal;
    struct station *station;
    struct station_conf conf;
    struct journal_time now;
    const char *vfs;            /* of the journal; NULL: the system's. Set before floor_start() */
    int64_t disk_reserve_bytes; /* the same */
    bool holding;
    char separator;             /* what the scanners send for GS besides GS */
    struct station_answer last; /* answer of the last input */
};

/* A floor with the documents of floor.c and its opening stock, with
 * two posts P1 and P2 where MEENA (supervisor) and ANIL (staff) are signed in. */
void floor_open(struct floor *f);
void floor_open_on(struct floor *f, const char *vfs);
void floor_close(struct floor *f);

/* Closes station and journal without a commit; opens both again, after another boot. */
void floor_stop(struct floor *f);
void floor_start(struct floor *f);

/* A document takes effect, and is committed. */
void floor_apply(struct floor *f, enum document_type type, const char *body);

/* One input, committed unless holding. */
void floor_command(struct floor *f, const char *post, const char *command);
void floor_scan(struct floor *f, const char *post, const uint8_t *bytes, size_t len);
void floor_weigh(struct floor *f, const char *post, int64_t grams);

/* What was held back; f->last becomes the last answer. */
void floor_commit(struct floor *f);

void floor_wait(struct floor *f, int64_t ms);

/* On hand must equal what the entries say, for every SKU and batch. */
void floor_assert_balanced(struct floor *f);
