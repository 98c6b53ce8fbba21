/* SPDX-License-Identifier: Apache-2.0 */
/* tests/vector/vector_field.h -- reads the fields of a row of tax vectors. Each reader returns 0,
 * or a negative errno with *reterr, which names the column and what it holds. An empty field is
 * zero, no, or not known. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vector.h"

/* Fills reterr and returns err. */
int vector_field_refuse(const struct csv_row *row, const char *column, int err,
                        struct diag *reterr);

NODISCARD int vector_field_number(const struct csv_row *row, const char *column, unsigned places,
                                  int64_t *ret, struct diag *reterr);
NODISCARD int vector_field_paise(const struct csv_row *row, const char *column, int64_t *ret,
                                 struct diag *reterr);

/* A percentage as parts per million. */
NODISCARD int vector_field_ppm(const struct csv_row *row, const char *column, int32_t *ret,
                               struct diag *reterr);

NODISCARD int vector_field_flag(const struct csv_row *row, const char *column, bool *ret,
                                struct diag *reterr); /* Y or N */
NODISCARD int vector_field_day(const struct csv_row *row, const char *column, int32_t *ret,
                               struct diag *reterr);
NODISCARD int vector_field_day_if_known(const struct csv_row *row, const char *column, int32_t *ret,
                                        struct diag *reterr); /* CIVIL_NONE */
NODISCARD int vector_field_state(const struct csv_row *row, const char *column, uint8_t *ret,
                                 struct diag *reterr); /* 0: none */

/* The index of the field among names. */
NODISCARD int vector_field_choice(const struct csv_row *row, const char *column,
                                  const char *const names[], size_t count, int *ret,
                                  struct diag *reterr);

struct vector_field_amount {
    const char *column;
    int64_t got; /* paise */
};

/* Compares amounts in paise with what their columns hold in rupees. */
NODISCARD int vector_field_expect(const struct csv_row *row, struct vector_run *run,
                                  const struct vector_field_amount *amounts, size_t count,
                                  struct diag *reterr);
