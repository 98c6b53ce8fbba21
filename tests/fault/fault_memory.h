/* SPDX-License-Identifier: Apache-2.0 */
/* tests/fault/fault_memory.h -- memory that runs out at the n-th allocation, ours or SQLite's. For
 * programs in which the linker puts its functions in front of malloc and its like (--wrap). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attr.h"

/* SQLite's allocations count too, from here on. Before the first call of SQLite; -EBUSY after it.
 */
NODISCARD int fault_memory_install(void);

/* The n-th allocation from here on fails, once; 0: none does. */
void fault_memory_fail_at(int64_t n);

/* Whether that one has been asked for. */
bool fault_memory_failed(void);
