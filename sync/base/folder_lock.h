/* SPDX-License-Identifier: Apache-2.0 */
/* base/folder_lock.h -- keeps a second daemon of the same kind away from a folder: a journal has
 * one writer, and so has an inbox. Readers take no lock. It ends with the process, however that
 * ends. */
#pragma once

#include "attr.h"
#include "diag.h"

/* Takes FOLDER/PROGRAM.lock; *ret_fd is the caller's to close.
 *   -EBUSY  another one of that program has it
 *   else    as open(2); *reterr says which file */
NODISCARD int folder_lock_take(const char *folder, const char *program, struct diag *reterr,
                               int *ret_fd);
