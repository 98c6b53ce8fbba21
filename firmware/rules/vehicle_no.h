/* SPDX-License-Identifier: Apache-2.0 */
/* rules/vehicle_no.h -- vehicle numbers as the e-way bill takes them. It pads nothing: a district
 * of one digit is refused as typed. Bharat-series plates are not in the published list. Pure.
 * Source: formats of the e-way bill system's vehicle number field. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "attr.h"

#define VEHICLE_NO_LEN_MAX 15
#define VEHICLE_NO_SIZE (VEHICLE_NO_LEN_MAX + 1)

/* Upper case without blanks and hyphens. -ENAMETOOLONG when that does not fit in `size` bytes; buf
 * is then left alone. What was refused can be shown so, too. */
NODISCARD int vehicle_no_normalise(const char *typed, char *buf, size_t size);

/* Whether a normalised number has one of the formats. */
bool vehicle_no_valid(const char *normalised);
