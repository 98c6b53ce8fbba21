/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/relay_death.h -- a process that is killed at any call of the store. Tests that use it are
 * linked by relay_death_test(), which puts the functions of the .c file in front of the store's. */
#pragma once

#include <stdbool.h>

/* Plays in a child, which dies (SIGKILL) just before or after its n-th sql_run() or sql_commit().
 * False when it got through without so many calls. A test that fails in the child fails here. */
bool relay_death_at(int n, void (*play)(void *context), void *context);
