/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_account.h -- users as they stand in the store. The API's routes make and change them; so
 * does the operator's command that gives a new distributor its first one. */
#pragma once

#include "api_document.h"
#include "api_token.h"
#include "attr.h"
#include "sql.h"

#define ACCOUNT_FAILURES_MAX 10
#define ACCOUNT_LOCK_MS 900000
#define ACCOUNT_TERRITORIES_SIZE 2200

struct account {
    const char *user;
    const char *name;
    enum api_role role;
    const char *territories; /* joined by "+"; "": all */
    const char *password;    /* 12 bytes or more */
};

/* In the caller's write transaction. -EEXIST: there is a user of that name; -EINVAL: the password
 * cannot be hashed. Takes a tenth of a second. */
NODISCARD int account_make(struct sql *s, const struct account *account, int64_t now_ms);
