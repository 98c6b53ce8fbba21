/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relay_api.h -- the API as relayd is configured to serve it. */
#pragma once

#include "api.h"
#include "attr.h"
#include "diag.h"
#include "relay_clock.h"
#include "relayd_conf.h"

struct relay_api;

/* Listens. conf and clock are borrowed for good. on_write: a request has changed something of the
 * tenant; called from any thread. Errors of api_open(), with *reterr. */
NODISCARD int relay_api_open(const struct relayd_conf *conf, const struct relay_clock *clock,
                             void (*on_write)(const char *tenant, void *context), void *context,
                             struct diag *reterr, struct relay_api **ret);
uint16_t relay_api_port(const struct relay_api *a);
void relay_api_wake(struct relay_api *a, const char *tenant); /* as api_wake() */
void relay_api_free(struct relay_api *a);                     /* NULL is fine */
DEFINE_AUTO(relay_api);
