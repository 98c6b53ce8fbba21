/* SPDX-License-Identifier: Apache-2.0 */
/* tests/unit/floor.h -- a warehouse floor on the bench: a real station over a real journal in a
 * folder of its own, and a notation in which a story reads line by line: what staff do, what the
 * post says, what is booked.
 *
 *   in | says | entries
 *
 *   in     qty:12               a button or card of post P1; "P2 qty:12" of post P2
 *          <]E08901234000014    a scan by the post's scanner; ~ stands for the separator (GS)
 *          kg 1250              a weight in grams
 *          +700                 so many ms pass (each input takes STORY_STEP_MS besides)
 *          day +30              so many days pass
 *          cut                  the power fails, and comes back: what was not committed is gone
 *          hold ... commit      the inputs between share one commit
 *          clock doubtful       the clock is restored, not known
 *          separator #          the scanners send # for the separator
 *          = SKU BATCH BIN STATUS    says: the quantity there; BATCH "-" for none, "*" for any
 *          ?prompt ?text ?answer ?item ?target ?progress ?choices ?doubtful   says: the screen's
 *   says     tone and message of the answer: "accept received"; left out: anything
 *   entries  what the input booked: kind, quantity, batch, @bin>bin, [status], !reason,
 *            #document/line, joined by "; ". Left out: nothing, when `says` is there */
#pragma once

#include <stdio.h>

#include "test.h"

#include "journal.h"
#include "journal_stock.h"
#include "master.h"
#include "station.h"

#define STORY_STEP_MS 1000

struct story {
    const char *name;
    const char *script;
};

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

/* A floor with the documents of floor.c and stock from `opening` (CSV-like rows, see floor.c), with
 * two posts P1 and P2 where MEENA (supervisor) and ANIL (staff) are signed in. */
void floor_open(struct floor *f);
void floor_open_on(struct floor *f, const char *vfs);
void floor_close(struct floor *f);

/* Closes station and journal without a commit; opens both again, after another boot. */
void floor_stop(struct floor *f);
void floor_start(struct floor *f);

/* A document takes effect, and is committed. */
void floor_apply(struct floor *f, enum document_type type, const char *body);

/* One input of the notation, without a look at what comes of it; "P1 " may stand before it. */
void floor_do(struct floor *f, const char *in);

/* One input, committed unless holding. */
void floor_command(struct floor *f, const char *post, const char *command);
void floor_scan(struct floor *f, const char *post, const uint8_t *bytes, size_t len);
void floor_weigh(struct floor *f, const char *post, int64_t grams);

/* On hand must equal what the entries say, for every SKU and batch. */
void floor_assert_balanced(struct floor *f);

/* Runs stories as named tests, each on a new floor. */
int floor_run(const char *group, const struct story *stories, size_t count);
