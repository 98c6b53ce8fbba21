/* SPDX-License-Identifier: Apache-2.0 */
/* station/pin_guard.h -- how long a worker must wait after wrong PINs, whichever post they were
 * typed at. It lives in memory: who can restart the appliance waits for its start instead. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "entry.h"

#define PIN_GUARD_WORKERS_MAX 64
#define PIN_GUARD_FREE_TRIES 3              /* wrong ones without a wait */
#define PIN_GUARD_FIRST_WAIT_MS 30000       /* then doubled at each further one ... */
#define PIN_GUARD_LONGEST_WAIT_MS (3600000) /* ... up to an hour */

struct pin_guard {
    struct {
        char worker[ENTRY_WORKER_SIZE]; /* "": free */
        int32_t wrong;
        int64_t until_mono_ms;
    } workers[PIN_GUARD_WORKERS_MAX];
};

/* Milliseconds until the worker may try again; 0: now. */
int64_t pin_guard_wait_ms(const struct pin_guard *g, const char *worker, int64_t now_mono_ms);

/* A wrong PIN. When the table is full, the row that has waited out longest makes room. */
void pin_guard_wrong(struct pin_guard *g, const char *worker, int64_t now_mono_ms);

void pin_guard_right(struct pin_guard *g, const char *worker);
