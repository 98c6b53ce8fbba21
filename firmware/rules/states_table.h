/* SPDX-License-Identifier: Apache-2.0 */
/* rules/states_table.h -- the generated rows behind rules/states.h; for states.c only. */
#pragma once

#include "states.h"

extern const struct states_row states_table[];
extern const size_t states_table_len;
