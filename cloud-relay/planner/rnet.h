/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/rnet.h -- plan problems as text, one record a line:
 *   p rnet SITES LANES SKUS           once, first
 *   d SITE ROOM_KG
 *   l LANE FROM TO TRUCKS TRUCK_KG TRUCK_PAISE LEAST_KG
 *   s SKU CASE_KG NODES ARCS          starts a network: its n and a records follow
 *   n NODE SUPPLY                     others 0; the last node is the sink
 *   a TAIL HEAD CAPACITY PAISE LANE   LANE as in l; -1: not a transfer
 * Kilograms have up to 6 decimals, paise and cases none. Does not check what plan_check() does. */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "attr.h"
#include "diag.h"
#include "plan.h"

#define RNET_FILE_MAX (1u << 30)

struct rnet;

/* -EINVAL with *reterr: the line and what is wrong in it; -ENOMEM. text of len bytes is borrowed
 * during the call. */
NODISCARD int rnet_read(const char *text, size_t len, struct rnet **ret, struct diag *reterr);

/* Borrowed from r. */
const struct plan_problem *rnet_problem(const struct rnet *r);

/* Writes what rnet_read() reads back as the same problem. */
void rnet_write(const struct plan_problem *p, FILE *out);

void rnet_free(struct rnet *r);
DEFINE_AUTO(rnet);
