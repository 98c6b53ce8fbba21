/* SPDX-License-Identifier: Apache-2.0 */
/* mqtt/mqtt.h -- one connection to the first of several MQTT 5 brokers that answers, kept up by a
 * thread of its own. It carries messages and decides nothing about them: the broker's PUBACK says
 * that a message was taken, never that anybody stored it. Callers and the thread meet in bounded
 * queues; nothing here blocks but mqtt_free().
 *
 *   clean start, QoS 1, no stored session: what was under way when a connection ended is reported
 *   as failed, and whoever sent it sends it again when its own protocol says so
 *
 * When the caller does not take its events, the thread stops reading from the broker while fewer
 * than the last MQTT_MARGIN places are free, so that TCP holds the rest back; a broker then counts
 * us as silent after one and a half keepalives. No event is ever dropped. A message that is longer
 * than MQTT_PAYLOAD_MAX, or whose topic is, is dropped and counted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define MQTT_TOPIC_SIZE 128
#define MQTT_PAYLOAD_MAX 65536
#define MQTT_NAME_SIZE 67
#define MQTT_BROKERS_MAX 4
#define MQTT_FILTERS_MAX 8
#define MQTT_WORDS_SIZE 128
#define MQTT_INFLIGHT_MAX 512
#define MQTT_MARGIN                                                                                \
    (MQTT_INFLIGHT_MAX + 64) /* packets that one reading of the socket may bring                   \
                              */

struct mqtt;

struct mqtt_conf {
    const char *name;           /* client identifier; with TLS also the certificate's name */
    const char *const *brokers; /* "host:port", the preferred first, ended by NULL */
    const char *ca;             /* PEM files, looked at anew for each connection; all three NULL: */
    const char *certificate;    /* without TLS, for tests on loopback alone */
    const char *key;
    const char *const *filters; /* subscribed at QoS 1 before MQTT_UP; ended by NULL */
    const char *presence;       /* topic of the retained birth and will; NULL: none */
    const char *birth;          /* their texts */
    const char *will;
    int keepalive_s;  /* 5 and more */
    size_t inflight;  /* publishes under way at most, 1..MQTT_INFLIGHT_MAX */
    size_t receiving; /* messages that wait for the caller at most, besides MQTT_MARGIN */
    uint64_t seed;    /* of the jitter between attempts */
    int retry_s;      /* longest pause between attempts, 1 and more; 0: BACKOFF_MAX_MS */
    bool clock_known; /* mqtt_clock() with these from the first attempt on */
    int64_t clock_offset_ms;
    bool doubtful;
};

enum mqtt_event_kind {
    MQTT_UP,        /* connected, all filters granted */
    MQTT_DOWN,      /* err and words say why; the next attempt comes by itself */
    MQTT_MESSAGE,   /* topic, bytes, len, retained */
    MQTT_PUBLISHED, /* token; err 0: the broker took it */
};

/* err of MQTT_DOWN:
 *   0              mqtt_renew() was called
 *   -EHOSTUNREACH  no such name, or no way to it     -ECONNREFUSED, -ETIMEDOUT ... as in libc
 *   -EKEYREJECTED  the certificates were not accepted, by us or by the broker
 *   -EACCES        this name may not connect, or may not read what it asked for
 *   -EEXIST        somebody else came to the broker under the same name, where it says so
 *   -EBUSY         the broker asked to come later
 *   -EIO           the connection ended
 * err of MQTT_PUBLISHED:
 *   -EACCES        not authorised for that topic (reason 135): an error of configuration
 *   -ENOTCONN      there is no connection, or it ended before the broker answered
 *   -EMSGSIZE      larger than the broker takes
 *   -EBUSY         quota, or the broker is going down
 *   -EIO           another reason */
struct mqtt_event {
    enum mqtt_event_kind kind;
    int err;
    int reason; /* MQTT 5 reason code where there was one */
    uint64_t token;
    size_t broker; /* MQTT_UP, MQTT_DOWN: which of the list */
    char words[MQTT_WORDS_SIZE];
    char topic[MQTT_TOPIC_SIZE];
    uint8_t *bytes; /* of MQTT_MESSAGE, from malloc(): the caller's to free(); has a NUL behind */
    size_t len;
    bool retained;
};

/* Copies conf, starts the thread, which begins to connect. -EINVAL with *reterr for a conf that
 * makes no sense, -ENOMEM, or -errno of threads and descriptors. */
NODISCARD int mqtt_open(const struct mqtt_conf *conf, struct diag *reterr, struct mqtt **ret);

/* Readable while events wait. Borrowed. */
int mqtt_fd(const struct mqtt *m);

/* The next event: 1, or 0 when there is none. */
int mqtt_take(struct mqtt *m, struct mqtt_event *ret);

/* Sends a copy at QoS 1; one MQTT_PUBLISHED with that token follows in any case. Any thread.
 *   -EAGAIN  inflight publishes wait for their events
 *   -EMSGSIZE -ENOMEM */
NODISCARD int mqtt_publish(struct mqtt *m, const char *topic, const void *bytes, size_t len,
                           bool retained, uint64_t token);

/* How the time of TLS is told: wall time = CLOCK_MONOTONIC + offset. doubtful: dates of
 * certificates are passed over, all else is checked. The system's clock until called. It holds from
 * the next connection on. */
void mqtt_clock(struct mqtt *m, int64_t offset_ms, bool doubtful);

/* Ends the connection, says so by MQTT_DOWN, and begins anew with the first broker: after new
 * certificates, or to have dates checked. */
void mqtt_renew(struct mqtt *m);

uint64_t mqtt_dropped(const struct mqtt *m); /* messages that were too long */

/* Leaves in order, with the will; waits for the thread, which may be resolving a name. */
void mqtt_free(struct mqtt *m);
DEFINE_AUTO(mqtt);
