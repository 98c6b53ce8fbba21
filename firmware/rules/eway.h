/* SPDX-License-Identifier: Apache-2.0 */
/* rules/eway.h -- the e-way bill: is one needed, until when is it valid, what may still be done
 * with it. It files nothing. Pure; instants are UTC ms, days are Indian civil days. CGST Act 2017,
 * section 68; CGST Rules 138, 138A; GSTN advisory of 17-12-2024 on age and extension. Lists of
 * exempt and state-specific goods are not modelled: the caller leaves their value out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define EWAY_KM_MAX 4000
#define EWAY_SAME_PIN_KM_MAX 100
#define EWAY_PART_B_FREE_KM_MAX 50 /* rule 138(3), third proviso: to or from the transporter */
#define EWAY_PART_A_KEPT_DAYS 15
#define EWAY_INTER_STATE_LIMIT_PAISE INT64_C(5000000) /* rule 138(1): 50,000 rupees */

/* A state's own limit in a period, both days inclusive; to_day CIVIL_NONE: open. */
struct eway_limit {
    uint8_t state;
    int32_t from_day;
    int32_t to_day;
    int64_t limit_paise; /* 0: no bill inside the state at any value */
};

/* A customer's limits. A state without a row for the day has that of rules/states.h; of several
 * rows the first counts. */
struct eway_limits {
    int64_t inter_state_paise;
    const struct eway_limit *rows;
    size_t count;
};

struct eway_need_input {
    int32_t day;
    uint8_t from_state;
    uint8_t to_state;
    int64_t taxable_paise; /* section 15 value without exempt goods on the same document */
    int64_t tax_paise;     /* CGST, SGST, IGST and cess */
    bool job_work;         /* sent by the principal */
    bool motor_vehicle;
};

/* In the order in which they are looked at. */
enum eway_reason {
    EWAY_NON_MOTORISED,
    EWAY_INTER_STATE_JOB_WORK,
    EWAY_STATE_EXEMPT,
    EWAY_UNDER_LIMIT, /* the limit itself is not over it */
    EWAY_OVER_LIMIT,
};

struct eway_need {
    bool required;
    enum eway_reason reason;
    int64_t consignment_paise;
};

/* limits NULL: those of the law and of rules/states.h.
 *   -EINVAL  a state code is unknown or has no limit, or an amount is negative
 *   -ERANGE  the value does not fit */
NODISCARD int eway_need(const struct eway_need_input *in, const struct eway_limits *limits,
                        struct eway_need *ret);

const char *eway_reason_name(enum eway_reason reason); /* "UNDER_LIMIT" ...; static */

/* Whether Part B (the vehicle) may be left out on a leg between consignor or consignee and the
 * transporter's place. */
bool eway_part_b_may_wait(uint8_t from_state, uint8_t to_state, int32_t leg_km);

enum eway_cargo {
    EWAY_REGULAR,
    EWAY_OVER_DIMENSIONAL,
    EWAY_SHIP, /* a leg goes by ship */
};

/* Whether the portal takes the distance. */
bool eway_km_ok(int32_t km, bool same_pin);

/* Rule 138(10): a day for each 200 km, or 20 km, begun. -ERANGE when km is not 1..EWAY_KM_MAX. */
NODISCARD int eway_days(int32_t km, enum eway_cargo cargo, int32_t *ret_days);

/* 23:59 of the last day, counted from the day on which Part B was entered first; 0 km to go is not
 * a distance. Errors of eway_days(). */
NODISCARD int eway_valid_until_ms(int64_t part_b_ms, int32_t km, enum eway_cargo cargo,
                                  int64_t *ret_ms);

/* All limits inclusive. */
bool eway_may_cancel(int64_t generated_ms, int64_t at_ms);       /* 24 h; not once it was checked */
bool eway_may_reject(int64_t generated_ms, int64_t at_ms);       /* 72 h, by the other party */
bool eway_may_extend(int64_t valid_until_ms, int64_t at_ms);     /* 8 h either side of the end */
bool eway_document_age_ok(int32_t document_day, int32_t at_day); /* 0 to 180 days old */
bool eway_may_still_extend(int32_t generated_day, int32_t at_day); /* 0 to 360 days later */

struct eway_extension {
    int64_t generated_ms;
    int64_t valid_until_ms;
    int64_t at_ms;
    int32_t remaining_km;
    int32_t original_km;
    enum eway_cargo cargo;
};

/* The new end: counted from the day of the extension, capped at 360 days after generation.
 *   -ETIME   outside the window around the end, or more than 360 days after generation
 *   -ERANGE  remaining_km is not 1..original_km, or original_km is beyond EWAY_KM_MAX */
NODISCARD int eway_extend(const struct eway_extension *in, int64_t *ret_valid_until_ms);
