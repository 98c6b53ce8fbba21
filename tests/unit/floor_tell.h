/* SPDX-License-Identifier: Apache-2.0 */
/* tests/unit/floor_tell.h -- what came of an input on the floor, in words that a story can be
 * compared with: the answer, the entries, a part of the screen, stock. */
#pragma once

#include "floor.h"

struct floor_text {
    char buf[2048];
};

/* Tone and message of the last answer. */
void floor_tell_answer(const struct floor *f, struct floor_text *t);

/* What the last input booked. */
void floor_tell_entries(struct floor *f, struct floor_text *t);

/* A part of a post's screen: "?prompt", "?text", ... of floor_story.h. */
void floor_tell_screen(struct floor *f, const char *post, const char *part, struct floor_text *t);

/* The quantity of "= SKU BATCH BIN STATUS". */
void floor_tell_stock(struct floor *f, const char *what, struct floor_text *t);
