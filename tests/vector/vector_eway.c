/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of the e-way bill: need, validity, windows, vehicle numbers. Times are Indian. */
#include "vector.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "civil.h"
#include "decimal.h"
#include "eway.h"
#include "vector_field.h"
#include "vehicle_no.h"

#define DATE_LEN 10
#define TYPED_MAX 256
#define MS_PER_MINUTE 60000
#define MS_PER_SECOND 1000

/* "YYYY-MM-DD", then perhaps " HH:MM" or " HH:MM:SS"; a "T" may stand for the blank. */
static int ist_ms(const char *text, int64_t *ret_ms)
{
    char date[CIVIL_TEXT_SIZE];
    snprintf(date, sizeof(date), "%.*s", DATE_LEN, text);
    int32_t day = 0;
    int err = civil_parse(date, &day);
    if (err < 0)
        return err;
    const char *time = text + DATE_LEN;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    int used = 0;
    if (*time != '\0' &&
        (!strchr(" T", *time) ||
         sscanf(time + 1, "%2u:%2u%n:%2u%n", &hour, &minute, &used, &second, &used) < 2 ||
         time[1 + used] != '\0' || hour > 23 || minute > 59 || second > 59))
        return -EINVAL;
    *ret_ms = civil_ist_start_ms(day) + ((int64_t)hour * 60 + minute) * MS_PER_MINUTE +
              (int64_t)second * MS_PER_SECOND;
    return 0;
}

static int get_ist_ms(const struct csv_row *row, const char *column, int64_t *ret_ms,
                      struct diag *reterr)
{
    int err = ist_ms(csv_row_get(row, column), ret_ms);
    if (err < 0)
        diag_set(reterr, csv_row_line(row), "%s is no time: \"%.40s\"", column,
                 csv_row_get(row, column));
    return err;
}

static int check_required(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    struct eway_need_input in = {
        .job_work = strcmp(csv_row_get(row, "reason_for_movement"), "JOB_WORK") == 0,
        .motor_vehicle = strcmp(csv_row_get(row, "motor_vehicle"), "N") != 0};
    int64_t exempt = 0; /* must be an amount; what it is does not matter */
    int err = vector_field_state(row, "from_state", &in.from_state, reterr);
    if (err == 0)
        err = vector_field_state(row, "to_state", &in.to_state, reterr);
    if (err == 0)
        err = vector_field_paise(row, "taxable_value", &in.taxable_paise, reterr);
    if (err == 0)
        err = vector_field_paise(row, "tax", &in.tax_paise, reterr);
    if (err == 0)
        err = vector_field_paise(row, "exempt_goods_value_on_same_invoice", &exempt, reterr);
    int64_t want_paise = 0;
    if (err == 0)
        err = vector_field_paise(row, "exp_consignment_value", &want_paise, reterr);
    struct eway_need need;
    if (err == 0)
        err = eway_need(&in, NULL, &need);
    if (err < 0)
        return err;
    vector_expect_int(run, "consignment value", need.consignment_paise, want_paise);
    vector_expect_text(run, "required", need.required ? "Y" : "N",
                       csv_row_get(row, "exp_required"));
    vector_expect_text(run, "reason", eway_reason_name(need.reason),
                       csv_row_get(row, "exp_reason"));
    return 0;
}

static int get_cargo(const struct csv_row *row, enum eway_cargo *ret, struct diag *reterr)
{
    static const char *const names[] = {[EWAY_REGULAR] = "regular",
                                        [EWAY_OVER_DIMENSIONAL] = "odc",
                                        [EWAY_SHIP] = "ship_multimodal"};
    const char *text = csv_row_get(row, "cargo");
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *ret = (enum eway_cargo)i;
            return 0;
        }
    diag_set(reterr, csv_row_line(row), "unknown cargo \"%.40s\"", text);
    return -EINVAL;
}

static int check_validity(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    int64_t part_b_ms = 0;
    int64_t km = 0;
    int64_t want_days = 0;
    int64_t want_ms = 0;
    enum eway_cargo cargo = EWAY_REGULAR;
    int err = get_ist_ms(row, "part_b_generated_ist", &part_b_ms, reterr);
    if (err == 0)
        err = get_ist_ms(row, "valid_upto_ist", &want_ms, reterr);
    if (err == 0)
        err = get_cargo(row, &cargo, reterr);
    if (err == 0)
        err = decimal_parse(csv_row_get(row, "distance_km"), 0, &km);
    if (err == 0)
        err = decimal_parse(csv_row_get(row, "days"), 0, &want_days);
    if (err == 0 && (km < 0 || km > INT32_MAX))
        err = -ERANGE;
    int32_t days = 0;
    int64_t until_ms = 0;
    if (err == 0)
        err = eway_days((int32_t)km, cargo, &days);
    if (err == 0)
        err = eway_valid_until_ms(part_b_ms, (int32_t)km, cargo, &until_ms);
    if (err < 0)
        return err;
    vector_expect_int(run, "days", days, want_days);
    vector_expect_int(run, "valid up to", until_ms, want_ms);
    return 0;
}

static bool document_age(int64_t reference_ms, int64_t attempt_ms)
{
    return eway_document_age_ok(civil_ist_day(reference_ms), civil_ist_day(attempt_ms));
}

static bool extend_total(int64_t reference_ms, int64_t attempt_ms)
{
    return eway_may_still_extend(civil_ist_day(reference_ms), civil_ist_day(attempt_ms));
}

static int check_window(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    static const struct {
        const char *name;
        bool (*allows)(int64_t reference_ms, int64_t attempt_ms);
    } rules[] = {{"cancel", eway_may_cancel},
                 {"reject", eway_may_reject},
                 {"extend", eway_may_extend},
                 {"doc_age", document_age},
                 {"extend_total", extend_total}};
    int64_t reference_ms = 0;
    int64_t attempt_ms = 0;
    int err = get_ist_ms(row, "reference", &reference_ms, reterr);
    if (err == 0)
        err = get_ist_ms(row, "attempt", &attempt_ms, reterr);
    if (err < 0)
        return err;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        if (strcmp(csv_row_get(row, "rule"), rules[i].name) == 0) {
            vector_expect_text(run, rules[i].name,
                               rules[i].allows(reference_ms, attempt_ms) ? "allow" : "deny",
                               csv_row_get(row, "expected"));
            return 0;
        }
    diag_set(reterr, csv_row_line(row), "unknown rule \"%.40s\"", csv_row_get(row, "rule"));
    return -EINVAL;
}

static int check_vehicle(const struct csv_row *row, struct vector_run *run, struct diag *reterr)
{
    char no[TYPED_MAX];
    int err = vehicle_no_normalise(csv_row_get(row, "input"), no, sizeof(no));
    if (err < 0) {
        diag_set(reterr, csv_row_line(row), "the number is too long");
        return err;
    }
    vector_expect_text(run, "verdict", vehicle_no_valid(no) ? "valid" : "invalid",
                       csv_row_get(row, "expected"));
    vector_expect_text(run, "normalised", no, csv_row_get(row, "normalised"));
    return 0;
}

const struct vector_kind vector_eway_kinds[] = {
    {.name = "eway_required",
     .required = (const char *const[]){"case_id", "from_state", "to_state", "taxable_value", "tax",
                                       "exempt_goods_value_on_same_invoice", "reason_for_movement",
                                       "motor_vehicle", "exp_consignment_value", "exp_required",
                                       "exp_reason", NULL},
     .check = check_required,
     .id = "case_id"},
    {.name = "eway_validity",
     .required = (const char *const[]){"case_id", "part_b_generated_ist", "distance_km", "cargo",
                                       "days", "valid_upto_ist", NULL},
     .check = check_validity,
     .id = "case_id"},
    {.name = "eway_window",
     .required = (const char *const[]){"case_id", "rule", "reference", "attempt", "expected", NULL},
     .check = check_window,
     .id = "case_id"},
    {.name = "vehicle_no",
     .required = (const char *const[]){"input", "expected", "normalised", NULL},
     .check = check_vehicle,
     .id = "input"},
    {0},
};
