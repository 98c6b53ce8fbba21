/* SPDX-License-Identifier: Apache-2.0 */
/* station/station_state.h -- what a station is inside, for station.c and the files that route its
 * inputs (station_route.c) and draw its screens (station_view.c). For nobody else. */
#pragma once

#include "pin_guard.h"
#include "scan_repeat.h"
#include "station.h"
#include "step.h"

#define TOUCHED_MAX (STATION_GROUP_MAX * JOURNAL_UNIT_MAX)

/* Which frames a post's scanners sent last. */
struct repeats {
    struct scan_repeat seen;
    char devices[SCAN_REPEAT_SCANNERS_MAX][ENTRY_DEVICE_SIZE];
    size_t next; /* device row that makes room when all are taken */
};

struct station {
    struct station_conf conf;
    struct journal *journal;  /* borrowed */
    struct journal_time time; /* of the last input */

    struct post posts[STATION_POSTS_MAX];
    struct post kept[STATION_POSTS_MAX]; /* where they stood before the group */
    struct repeats repeats[STATION_POSTS_MAX];
    struct pin_guard guard;

    struct step step;
    struct station_answer answers[STATION_GROUP_MAX];
    size_t answers_count;
    size_t answers_next;
    bool committed; /* the answers may be given out */

    struct station_label labels[STATION_GROUP_MAX];
    size_t labels_count;
    size_t labels_next;
    char touched[TOUCHED_MAX][ENTRY_SKU_SIZE];
    size_t touched_count;
    size_t touched_next;
};

struct post *station_find_post(struct station *s, const char *name); /* NULL */

/* Makes s->step ready for that post at that time; `in` is borrowed. */
void station_begin_step(struct station *s, struct post *p, const struct journal_time *time,
                        const struct station_input *in);

/* Brings the input of the step to where it belongs: the session, the flow, or what every post can
 * do. Returns as the operations of a flow (flow.h). */
NODISCARD int station_route(struct station *s, struct step *step);
