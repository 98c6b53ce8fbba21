/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt/mqtt_session.h -- for this folder only: one attempt to connect and the connection that may
 * come of it, with one broker. It has no thread: its owner waits for its descriptor and steps it.
 * Hooks are called out of mqtt_session_step() alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mqtt.h"

struct mqtt_session;

struct mqtt_session_hooks {
    void (*on_up)(void *context);
    void (*on_message)(void *context, const char *topic, const void *bytes, size_t len,
                       bool retained);
    void (*on_published)(void *context, uint64_t token, int err, int reason);
    void *context;
};

/* Begins to connect. Blocks while the name is resolved. Errors as err of MQTT_DOWN; ret_words says
 * it. tls_now_ms and doubtful: see mqtt_clock(). */
NODISCARD int mqtt_session_open(const struct mqtt_conf *conf, const char *broker,
                                int64_t tls_now_ms, bool doubtful,
                                const struct mqtt_session_hooks *hooks,
                                char ret_words[MQTT_WORDS_SIZE], struct mqtt_session **ret);

int mqtt_session_fd(const struct mqtt_session *s);
bool mqtt_session_wants_write(const struct mqtt_session *s);

/* Reads and writes what is there, and keeps the connection alive: at least once a second. 0, or why
 * it ended, as err of MQTT_DOWN; then it is only to be freed. */
NODISCARD int mqtt_session_step(struct mqtt_session *s, bool readable, bool writable,
                                int *ret_reason, char ret_words[MQTT_WORDS_SIZE]);

/* Only while up. 0: on_published() will follow unless the session ends before. */
NODISCARD int mqtt_session_publish(struct mqtt_session *s, const char *topic, const void *bytes,
                                   size_t len, bool retained, uint64_t token);

/* The tokens that no on_published() was called for, until 0 is returned. */
int mqtt_session_unanswered(struct mqtt_session *s, uint64_t *ret_token);

void mqtt_session_free(struct mqtt_session *s); /* says goodbye when it is up; NULL is fine */
DEFINE_AUTO(mqtt_session);
