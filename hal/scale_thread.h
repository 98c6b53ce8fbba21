/* SPDX-License-Identifier: Apache-2.0 */
/* hal/scale_thread.h -- the one thread of one serial bus (libmodbus blocks): it owns the scales on
 * it, polls them, says when one is lost or back, and opens lost ones again with growing pauses. It
 * judges no weight: settle.h does. All hand-over is through base/queue. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "queue.h"
#include "scale.h"

#define SCALE_THREAD_SCALES_MAX 8
#define SCALE_THREAD_ID_SIZE 32
#define SCALE_THREAD_FAILURES 3 /* in a row: offline; a lost link is so at once */

/* Opens a scale from its configuration: scale_modbus_open() and scale_serial_open() behind a cast
 * that the wiring writes. Called in the thread; may block for its timeout. */
typedef int (*scale_open_fn)(const void *conf, struct scale **ret);

struct scale_thread_scale {
    char id[SCALE_THREAD_ID_SIZE]; /* the site's name of it; goes into every event */
    scale_open_fn open;
    const void *conf;            /* borrowed until scale_thread_free() */
    int32_t calibration_due_day; /* copied into events; CIVIL_NONE: not known */
};

struct scale_thread_conf {
    const struct scale_thread_scale *scales; /* copied, but for their conf */
    size_t count;                            /* 1..SCALE_THREAD_SCALES_MAX */
    int32_t poll_ms;                         /* a round over all scales starts so often; 100..200 */
    struct queue *events; /* of struct scale_event; borrowed, and outlives the thread */
};

enum scale_event_kind {
    SCALE_EVENT_ONLINE,  /* it delivered after it was lost, or for the first time */
    SCALE_EVENT_OFFLINE, /* err says why; the last weight may be shown with its age, not used */
    SCALE_EVENT_READING,
    SCALE_EVENT_REFUSED, /* the scale is there and has no weight: err and status say why */
    SCALE_EVENT_DONE,    /* a command: err is what scale_tare() or scale_zero() returned */
};

enum scale_command { SCALE_COMMAND_TARE, SCALE_COMMAND_ZERO };

struct scale_event {
    char id[SCALE_THREAD_ID_SIZE];
    int32_t calibration_due_day;
    enum scale_event_kind kind;
    int err;
    enum scale_status status;     /* REFUSED */
    enum scale_command command;   /* DONE */
    struct scale_reading reading; /* READING */
    int64_t at_mono_ms;
};

struct scale_thread;

/* Starts polling at once. Readings that find the queue full are dropped: the next is newer. Changes
 * of state are kept and posted when there is room. -ENOMEM, or what pthread_create() says. */
NODISCARD int scale_thread_start(const struct scale_thread_conf *conf, struct scale_thread **ret);

/* Asks for a tare or a zero; its event follows. -EAGAIN when too many wait, -EINVAL for a scale
 * that is not on this bus. Never blocks; from any thread. */
NODISCARD int scale_thread_command(struct scale_thread *t, const char *id,
                                   enum scale_command command);

/* Stops, closes the scales and joins; blocks for one read at most. NULL is fine. */
void scale_thread_free(struct scale_thread *t);
DEFINE_AUTO(scale_thread);
