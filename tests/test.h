/* SPDX-License-Identifier: Apache-2.0 */
/* tests/test.h -- cmocka, and the four headers that it needs before itself. */
#pragma once

#include <setjmp.h> /* clang-format off: the order is cmocka's */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
/* clang-format on */
