/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_keys.h -- remembers what came of the last commands that carried an Idempotency-Key, so
 * that a repetition gets the same answer and books nothing. In memory: after a restart a repetition
 * is a new command, which the screen learns from the new run in the event ids. One owner. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "station.h"
#include "web_exchange.h"

#define WEB_KEYS_MAX 64
#define WEB_KEYS_MS INT64_C(600000)

struct web_key {
    char key[WEB_KEY_SIZE]; /* "": the place is free */
    char post[STATION_POST_SIZE];
    char command[STATION_COMMAND_SIZE];
    int64_t began_mono_ms;
    char *json; /* owned; NULL while the command waits for its commit */
};

struct web_keys { /* all zero: none */
    struct web_key places[WEB_KEYS_MAX];
    size_t next;
};

/* What to do with a command of that key.
 *   1            it was done: *ret_json is what was answered, borrowed
 *   0            it is new, and from now on known
 *   -EINPROGRESS it waits for its commit
 *   -EEXIST      the key was used for another command or post */
NODISCARD int web_keys_begin(struct web_keys *k, const char *key, const char *post,
                             const char *command, int64_t now_mono_ms, const char **ret_json);

/* It was answered with json (copied), or not done at all (NULL): then it may be tried again. */
void web_keys_end(struct web_keys *k, const char *key, const char *json);

void web_keys_clear(struct web_keys *k);
