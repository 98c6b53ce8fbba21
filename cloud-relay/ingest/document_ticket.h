/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ingest/document_ticket.h -- what an appliance fetches one version of one document by over HTTPS:
 * a text that the relay signs and sends it over MQTT, where its certificate has been checked, and
 * that any process with the same secret reads back. It does not say whether the device may still
 * have the document: whoever gives it out looks.
 *
 *   1:TENANT:DEVICE:TYPE:VERSION:EXPIRES_S:HMAC-SHA256 in hexadecimal, keyed for this alone */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "control.h"
#include "origin.h"
#include "sha256.h"

#define DOCUMENT_TICKET_SIZE CONTROL_TICKET_SIZE
#define DOCUMENT_TICKET_S 3600 /* how long it holds: a transfer that broke off gets another */

struct document_key {
    uint8_t bytes[SHA256_SIZE];
};

/* The key for tickets out of the relay's secret, which signs other things too. */
struct document_key document_key(const void *secret, size_t len);

struct document_ticket {
    char tenant[ORIGIN_TENANT_SIZE];
    char device[ORIGIN_DEVICE_SIZE];
    char type[CONTROL_TYPE_SIZE];
    int64_t version;
    int64_t expires_s; /* since 1970, real time */
};

void document_ticket_write(const struct document_key *key, const struct document_ticket *ticket,
                           char ret[DOCUMENT_TICKET_SIZE]);

/* -EBADMSG: no ticket of ours; -ETIME: it is over. */
NODISCARD int document_ticket_read(const struct document_key *key, const char *text, int64_t now_s,
                                   struct document_ticket *ret);
