/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/folder_lock.h -- keeps a second stationd away from the same folder: a journal has one
 * writer. Readers take no lock. It ends with the process, however that ends. */
#pragma once

#include "attr.h"
#include "diag.h"

/* Takes the lock of the folder; *ret_fd is the caller's to close.
 *   -EBUSY  another stationd has it
 *   else    as open(2); *reterr says which file */
NODISCARD int folder_lock_take(const char *folder, struct diag *reterr, int *ret_fd);
