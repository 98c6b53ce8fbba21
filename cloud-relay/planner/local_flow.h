/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/local_flow.h -- one SKU's network with a plan's transfers in place: what they carry
 * starts where it goes, and what is left to the flow is local. Private to what reads prices from a
 * plan.
 */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "netflow.h"
#include "plan.h"

struct local_flow;

/* Solved. cases: an arc of the problem, of a plan that plan_verify() takes. -EINVAL, -ENOMEM. */
NODISCARD int local_flow_open(const struct plan_problem *p, const int64_t *cases, uint32_t sku,
                              struct local_flow **ret);
void local_flow_free(struct local_flow *f);
DEFINE_AUTO(local_flow);

/* Takes so many cases of a transfer (by its arc of the problem) from its tail to its head, or, with
 * a minus, back. Counts from the next local_flow_cost() on. */
void local_flow_carry(struct local_flow *f, size_t arc, int64_t cases);

/* The capacity of an arc that is no transfer; likewise. */
void local_flow_bound(struct local_flow *f, size_t arc, int64_t capacity);

/* Solves it again: the cost of what is local. */
int64_t local_flow_cost(struct local_flow *f);

/* Prices by node of the SKU, of the last solution (netflow.h). */
void local_flow_prices(const struct local_flow *f, int64_t *ret_lowest, int64_t *ret_highest);
