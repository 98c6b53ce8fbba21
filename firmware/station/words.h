/* SPDX-License-Identifier: Apache-2.0 */
/* station/words.h -- quantities, batches and money as a worker reads them. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "catalogue.h"
#include "station.h"

/* "2 cases + 3 pieces", "1.250 kg"; a negative quantity keeps its sign. Returns buf. */
const char *words_qty(const struct catalogue_sku *product, int64_t qty, bool hindi,
                      char buf[STATION_ARG_SIZE]);

/* "B12, 2026-12-31, MRP 120.00"; parts that are not known are left out. Returns buf. */
const char *words_batch(const struct batch_key *key, bool hindi, char buf[STATION_ARG_SIZE]);

const char *words_status(enum stock_status status, bool hindi); /* static */
const char *words_day(int32_t day, char buf[STATION_ARG_SIZE]);
const char *words_money(int64_t paise, char buf[STATION_ARG_SIZE]); /* rupees, "120.00" */
const char *words_number(int64_t n, char buf[STATION_ARG_SIZE]);
