/* SPDX-License-Identifier: Apache-2.0 */
/* contract/topic.h -- the MQTT topics, and the name by which a device is known to the broker:
 * built, read, and held against each other. It subscribes to nothing. Pure.
 *
 *   u/SHARD/TENANT.DEVICE/h    up: HELLO, GET
 *   u/SHARD/TENANT.DEVICE/e    up: batches of entries (lane 0)
 *   u/SHARD/TENANT.DEVICE/n    up: notices of entries ahead of their turn (lane 1, notice.h)
 *   d/TENANT.DEVICE/c          down: RESUME, ACK, NACK, COMMAND
 *   d/TENANT.DEVICE/d          down: chunks of documents
 *   p/TENANT.DEVICE            presence: will and birth, the only retained message
 *
 * TENANT.DEVICE is also the common name of the device's certificate and its MQTT user name, so that
 * one ACL pattern of the broker holds for all (`pattern write u/+/%u/#`). */
#pragma once

#include "attr.h"
#include "origin.h"

#define TOPIC_SHARDS 256 /* 0 to 255, given at enrolment */
#define TOPIC_CLIENT_SIZE                                                                          \
    (ORIGIN_TENANT_SIZE + ORIGIN_DEVICE_SIZE) /* the point takes a NUL's place */
#define TOPIC_SIZE (TOPIC_CLIENT_SIZE + 8)    /* "u/255/" before, "/e" behind */

enum topic_kind {
    TOPIC_HELLO,
    TOPIC_ENTRIES,
    TOPIC_CONTROL,
    TOPIC_CHUNKS,
    TOPIC_PRESENCE,
    TOPIC_NOTICE,
};
#define TOPIC_KIND_COUNT 6

struct topic {
    enum topic_kind kind;
    int shard; /* of what goes up; else 0 */
    char tenant[ORIGIN_TENANT_SIZE];
    char device[ORIGIN_DEVICE_SIZE];
};

/* The shard of a tenant's devices: all share one, so that a worker has the tenant whole. */
int topic_shard(const char *tenant);

/* The topic as text. Names and shard must be good (origin_check). Returns buf. */
const char *topic_format(const struct topic *topic, char buf[TOPIC_SIZE]);

/* Reads exactly such a topic. -EBADMSG for any other. */
NODISCARD int topic_parse(const char *text, struct topic *ret);

/* "TENANT.DEVICE". Returns buf. */
const char *topic_client(const char *tenant, const char *device, char buf[TOPIC_CLIENT_SIZE]);

/* Reads exactly that. -EBADMSG. */
NODISCARD int topic_client_parse(const char *client, char ret_tenant[ORIGIN_TENANT_SIZE],
                                 char ret_device[ORIGIN_DEVICE_SIZE]);

/* Whether topic, client name and payload name one device. `client` is the name of a certificate
 * where the caller sees one, else NULL: the broker's ACL has then held it against the topic. So is
 * `payload` NULL where a message carries no name (it goes down).
 *   -EACCES  they differ: set the message aside and raise an alarm; *reterr says which */
NODISCARD int topic_check(const struct topic *topic, const char *client,
                          const struct origin *payload, struct diag *reterr);

/* What to subscribe to. Returns buf. */
const char *topic_filter_device(const char *tenant, const char *device, char buf[TOPIC_SIZE]);
const char *topic_filter_shard(int shard, char buf[TOPIC_SIZE]); /* of a relay; -1: every shard */
#define TOPIC_FILTER_PRESENCE "p/+"
