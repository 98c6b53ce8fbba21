/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "api_account.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "api_password.h"

static const char insert_user[] =
    "INSERT INTO account_user(user_name, name, role, territories, password_hash, state, failures,"
    " locked_until_ms, token_version, made_ms, changed_ms)"
    " VALUES($1, $2, $3, $4, $5, 'active', 0, 0, 1, $6, $6)";

int account_make(struct sql *s, const struct account *account, int64_t now_ms)
{
    assert(s && account);
    char hash[API_HASH_SIZE];
    int err = api_password_hash(account->password, hash);
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(s, insert_user);
    sql_bind_text(q, 1, account->user);
    sql_bind_text(q, 2, account->name);
    sql_bind_text(q, 3, api_role_name(account->role));
    sql_bind_text(q, 4, account->territories);
    sql_bind_text(q, 5, hash);
    sql_bind_int(q, 6, now_ms);
    return sql_run(q);
}
