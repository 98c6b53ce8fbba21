/* SPDX-License-Identifier: Apache-2.0 */
/* tests/fault/journal_story.h -- a day of a small warehouse, as calls of the journal that each may
 * fail, and what must be true of the file afterwards: exactly what was answered is there. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "journal.h"

/* Where the file is, and what was told to the staff. */
struct story {
    const char *vfs; /* NULL: the system's */
    const char *path;
    int64_t answered; /* entries */
    struct chain_head hash;
    int64_t doubtful; /* head of a group whose commit failed as the last thing that was tried */
    int failures;     /* calls that failed */
};

/* Plays the day, over two openings. After a failure the day goes on, as on a real
 * site; only without an open journal it ends. Checks that a failing call leaves what its header
 * says. `story` may hold an earlier day. */
void story_play(struct story *story);

/* Opens the file on a sound disk and checks it against what was answered: whole chain, folds as
 * rebuilt, books that balance. `crashed`: a doubtful group may be there, whole. */
void story_check(const struct story *story, bool crashed);
