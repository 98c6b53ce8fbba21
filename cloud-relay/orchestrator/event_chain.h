/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/event_chain.h -- the hash chain of the relay's own events, as event.h states it: for
 * event.c, and for whoever checks an export. Pure but for memory. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "event.h"
#include "sha256.h"

void event_chain_genesis(const char *tenant, uint8_t ret[SHA256_SIZE]);

/* The hash of *e (its own hash is not looked at) behind that of the event before. -ENOMEM. */
NODISCARD int event_chain_next(const uint8_t before[SHA256_SIZE], const struct event *e,
                               uint8_t ret[SHA256_SIZE]);
