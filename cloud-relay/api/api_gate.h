/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_gate.h -- who may ask: the one place where tokens, users, roles and scopes are looked at.
 * What a territory's user sees inside a route is api_age.h's. */
#pragma once

#include "api_call.h"
#include "attr.h"

/* Reads the bearer token into call->who, and takes from the buckets of user and tenant. Touches no
 * store. API_REFUSED: 401, 429. */
NODISCARD int api_gate_token(struct api_call *call);

/* The same for routes without one: takes from the bucket of the address. API_REFUSED: 429. */
NODISCARD int api_gate_stranger(struct api_call *call);

/* The same for providers, who come from few addresses and often; before anything is read. */
NODISCARD int api_gate_provider(struct api_call *call);

/* Takes from the bucket of a tenant's callbacks: who signs one is believed, not obeyed without end.
 * API_REFUSED: 429. */
NODISCARD int api_gate_callback(struct api_call *call, const char *tenant);

/* For the metrics token of the configuration. API_REFUSED: 401. */
NODISCARD int api_gate_metrics(struct api_call *call);

/* The user as he stands in the store now, in the open transaction: role, territories, and whether
 * the token still holds; then whether the route is for him. API_REFUSED: 401, 403. */
NODISCARD int api_gate_user(struct api_call *call);
