/* SPDX-License-Identifier: Apache-2.0 */
#include "vector_field.h"

#include <errno.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "gst_tax.h"
#include "states.h"

#define PAISE_PLACES 2

int vector_field_refuse(const struct csv_row *row, const char *column, int err, struct diag *reterr)
{
    diag_set(reterr, csv_row_line(row), "%s cannot be \"%.40s\"", column, csv_row_get(row, column));
    return err;
}

int vector_field_number(const struct csv_row *row, const char *column, unsigned places,
                        int64_t *ret, struct diag *reterr)
{
    const char *text = csv_row_get(row, column);
    int err = decimal_parse(*text ? text : "0", places, ret);
    return err < 0 ? vector_field_refuse(row, column, err, reterr) : 0;
}

int vector_field_paise(const struct csv_row *row, const char *column, int64_t *ret,
                       struct diag *reterr)
{
    return vector_field_number(row, column, PAISE_PLACES, ret, reterr);
}

/* A percentage as parts per million. */
int vector_field_ppm(const struct csv_row *row, const char *column, int32_t *ret,
                     struct diag *reterr)
{
    int64_t ppm = 0;
    int err = vector_field_number(row, column, GST_TAX_PPM_PLACES, &ppm, reterr);
    if (err == 0 && (ppm < 0 || ppm > GST_TAX_RATE_PPM_MAX))
        err = vector_field_refuse(row, column, -ERANGE, reterr);
    if (err == 0)
        *ret = (int32_t)ppm;
    return err;
}

int vector_field_flag(const struct csv_row *row, const char *column, bool *ret, struct diag *reterr)
{
    const char *text = csv_row_get(row, column);
    *ret = strcmp(text, "Y") == 0;
    return *ret || strcmp(text, "N") == 0 || !*text
               ? 0
               : vector_field_refuse(row, column, -EINVAL, reterr);
}

int vector_field_day(const struct csv_row *row, const char *column, int32_t *ret,
                     struct diag *reterr)
{
    int err = civil_parse(csv_row_get(row, column), ret);
    return err < 0 ? vector_field_refuse(row, column, err, reterr) : 0;
}

int vector_field_day_if_known(const struct csv_row *row, const char *column, int32_t *ret,
                              struct diag *reterr)
{
    *ret = CIVIL_NONE;
    return *csv_row_get(row, column) ? vector_field_day(row, column, ret, reterr) : 0;
}

int vector_field_state(const struct csv_row *row, const char *column, uint8_t *ret,
                       struct diag *reterr)
{
    *ret = 0;
    const char *text = csv_row_get(row, column);
    int err = *text ? states_parse(text, ret) : 0;
    return err < 0 ? vector_field_refuse(row, column, err, reterr) : 0;
}

/* The index of the field among names. */
int vector_field_choice(const struct csv_row *row, const char *column, const char *const names[],
                        size_t count, int *ret, struct diag *reterr)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(csv_row_get(row, column), names[i]) == 0) {
            *ret = (int)i;
            return 0;
        }
    return vector_field_refuse(row, column, -EINVAL, reterr);
}

int vector_field_expect(const struct csv_row *row, struct vector_run *run,
                        const struct vector_field_amount *amounts, size_t count,
                        struct diag *reterr)
{
    for (size_t i = 0; i < count; i++) {
        int64_t want = 0;
        int err = vector_field_paise(row, amounts[i].column, &want, reterr);
        if (err < 0)
            return err;
        vector_expect_int(run, amounts[i].column, amounts[i].got, want);
    }
    return 0;
}
