/* SPDX-License-Identifier: GPL-3.0-or-later */
/* planner/rnet_fields.h -- one line of an rnet text as fields, and fields as numbers in their
 * ranges. It knows no record. Private to rnet*.c. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define RNET_KG_PLACES 6 /* a milligram */
#define RNET_FIELD_MAX 24
#define RNET_FIELDS_MAX 8

struct rnet_fields {
    int line;
    const char *field[RNET_FIELDS_MAX];
    char room[RNET_FIELDS_MAX][RNET_FIELD_MAX];
    size_t count;
    struct diag *reterr;
};

/* -EINVAL with *reterr: longer than any record. */
NODISCARD int rnet_split(struct rnet_fields *f, const char *line, size_t len);

/* Says why, with the line and the record's name. -EINVAL. */
NODISCARD int rnet_refuse(struct rnet_fields *f, const char *why);

/* A number of one record, with its range. */
struct rnet_want {
    unsigned places;
    int64_t min, max;
};

/* All fields from `first` on, which are `count`. -EINVAL with *reterr. */
NODISCARD int rnet_numbers(struct rnet_fields *f, size_t first, const struct rnet_want *want,
                           size_t count, int64_t *ret);
