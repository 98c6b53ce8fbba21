/* SPDX-License-Identifier: GPL-3.0-or-later */
/* monitoring/anomaly.h -- what is out of the ordinary in an entry, given what is usual. Pure; it
 * raises nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A day's sales so far against the usual rate. A jump is at least factor times the usual day, and
 * three standard deviations of a Poisson stream above it: small items do not jump by one piece. */
bool anomaly_velocity(int64_t units_today, int64_t rate_milli, int64_t factor_permille);

/* Entries of one person in an hour against the mean of that person's other hours; never below
 * ANOMALY_SURGE_LEAST. */
#define ANOMALY_SURGE_LEAST 120
bool anomaly_surge(int64_t entries, int64_t mean_milli, int64_t factor_permille);

/* A printed MRP against the catalogue's; either 0: nothing to compare. */
#define ANOMALY_PRICE_PERMILLE 250
bool anomaly_price(int64_t mrp_paise, int64_t usual_paise);
