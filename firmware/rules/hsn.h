/* SPDX-License-Identifier: Apache-2.0 */
/* rules/hsn.h -- HSN codes of goods and services: form, and how many digits an invoice must show.
 * It does not know which codes exist. Pure. Notification 78/2020-Central Tax. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define HSN_LEN_MAX 8
#define HSN_SIZE (HSN_LEN_MAX + 1)
#define HSN_TURNOVER_LIMIT_PAISE INT64_C(5000000000) /* 5 crore rupees in the year before */

/* 4, 6 or 8 digits. */
bool hsn_valid(const char *code);

/* Chapter 99: no e-way bill, IsServc = Y on the e-invoice. */
bool hsn_is_service(const char *code);

/* Above the limit 6 digits on every invoice; up to it 4 on those to registered buyers, 0 on
 * others. */
int32_t hsn_digits_needed(int64_t turnover_paise, bool registered_buyer);
