/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_password.h -- passwords as yescrypt hashes (crypt(5)). Both calls take a tenth of a
 * second and some megabytes, by design. */
#pragma once

#include <stdbool.h>

#include "attr.h"

#define API_HASH_SIZE 128

/* -EINVAL: it cannot be hashed (too long), -EIO: no random bits. */
NODISCARD int api_password_hash(const char *password, char ret[API_HASH_SIZE]);

/* Whether it is that password. With the hash "", of a user that there is not, it is never, and
 * takes as long. */
bool api_password_holds(const char *password, const char *hash);
