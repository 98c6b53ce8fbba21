/* SPDX-License-Identifier: Apache-2.0 */
/* rules/gstin.h -- the GST identification number of a regular taxpayer: is it well formed, whose is
 * it. It does not know whether the registration is active, and not the other shapes (transporter
 * id, UN body, non-resident). Pure.
 *
 *   27 AAPFU0939F 1 Z V      state, PAN, registration count in the state, Z, check character
 *
 * CGST Rules 2017, rule 10; the check character is Luhn modulo 36. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define GSTIN_LEN 15
#define GSTIN_SIZE (GSTIN_LEN + 1)
#define GSTIN_PAN_LEN 10
#define GSTIN_PAN_SIZE (GSTIN_PAN_LEN + 1)
#define GSTIN_UNREGISTERED "URP" /* stands for a GSTIN on e-way bills and e-invoices; not one */

/* The first step of the validation that fails. */
enum gstin_reason {
    GSTIN_OK,
    GSTIN_LEGACY_STATE, /* sound, but of a state code that was closed: warn on new parties */
    GSTIN_LENGTH,       /* not 15 characters between the blanks */
    GSTIN_FORMAT,
    GSTIN_STATE, /* no state of registration has this code */
    GSTIN_CHECKSUM,
};

struct gstin {
    char text[GSTIN_SIZE]; /* normalised: trimmed, upper case */
    char pan[GSTIN_PAN_SIZE];
    uint8_t state;
};

/* Reads what was typed or scanned. Writes *ret for GSTIN_OK and GSTIN_LEGACY_STATE only. */
enum gstin_reason gstin_read(const char *typed, struct gstin *ret);

/* The value on the wire: "OK", "LEGACY_STATE", "LENGTH" ... Static. */
const char *gstin_reason_name(enum gstin_reason reason);

/* "valid", "legacy" or "invalid". Static. */
const char *gstin_verdict_name(enum gstin_reason reason);

/* The check character of the first 14, which are digits and capital letters. */
char gstin_check_char(const char *first14);

/* Section 25(4) CGST Act: the same PAN is the same legal person, in distinct registrations. */
bool gstin_same_person(const struct gstin *a, const struct gstin *b);
bool gstin_same_registration(const struct gstin *a, const struct gstin *b);
