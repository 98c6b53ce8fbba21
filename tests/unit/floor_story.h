/* SPDX-License-Identifier: Apache-2.0 */
/* tests/unit/floor_story.h -- a notation in which what happens on the floor reads line by line:
 * what staff do, what the post says, what is booked.
 *
 *   in | says | entries
 *
 *   in     qty:12               a button or card of post P1; "P2 qty:12" of post P2
 *          <]E08901234000014    a scan by the post's scanner; ~ stands for the separator (GS)
 *          kg 1250              a weight in grams
 *          +700                 so many ms pass (each input takes FLOOR_STEP_MS besides)
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

#include "floor.h"

struct floor_story {
    const char *name;
    const char *script;
};

/* One input of the notation, without a look at what comes of it; "P1 " may stand before it. */
void floor_story_do(struct floor *f, const char *in);

/* Runs stories as named tests, each on a new floor. Returns how many failed. */
int floor_story_run(const char *group, const struct floor_story *stories, size_t count);
