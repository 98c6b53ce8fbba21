/* SPDX-License-Identifier: Apache-2.0 */
/* rules/nelder_mead.h -- minimises a function of a few variables without derivatives (Nelder &
 * Mead, "A simplex method for function minimization", 1965). Local, unbounded; callers that need
 * positive values search over logarithms. Pure as long as the function is. */
#pragma once

#define NELDER_MEAD_DIMENSION_MAX 4

typedef double (*nelder_mead_fn)(const double *x, void *context);

/* Starts at x[0..n) with a simplex of edge `step`; ends after `evaluations_max` evaluations or when
 * the simplex's values lie within `tolerance` (relative to 1 + |value|). Leaves the best point in x
 * and returns its value. 1 <= n <= NELDER_MEAD_DIMENSION_MAX. */
double nelder_mead(nelder_mead_fn fn, void *context, unsigned n, double step,
                   unsigned evaluations_max, double tolerance, double *x);
