/* SPDX-License-Identifier: Apache-2.0 */
/* rules/festival_table.h -- the generated rows behind rules/festival.h; for festival.c only. */
#pragma once

#include "festival.h"

extern const struct festival festival_table[];
extern const size_t festival_table_len;
