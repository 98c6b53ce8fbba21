/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answer_user.h"

#include <stdio.h>
#include <string.h>

#define USERS_MAX 1000

static const char select_users[] =
    "SELECT user_name, name, role, territories, state, locked_until_ms, changed_ms FROM"
    " account_user WHERE $1 = '' OR user_name = $1 ORDER BY user_name LIMIT $2";

static void add_user(struct api_call *call, cJSON *to, struct sql_query *q)
{
    struct http_json *b = &call->answer;
    http_json_text(b, to, "user", sql_text(q, 0));
    http_json_text(b, to, "name", sql_text(q, 1));
    http_json_text(b, to, "role", sql_text(q, 2));
    cJSON *territories = http_json_add_array(b, to, "territories");
    const char *at = sql_text(q, 3);
    while (at[0] != '\0') {
        char name[API_VALUE_SIZE];
        size_t len = strcspn(at, "+");
        snprintf(name, sizeof(name), "%.*s", (int)len, at);
        http_json_text(b, territories, NULL, name);
        at += len + (at[len] == '+');
    }
    http_json_text(b, to, "state", sql_text(q, 4));
    http_json_text(b, to, "distributorId", call->who.tenant);
    http_json_instant(b, to, "lockedUntil", sql_int(q, 5));
    http_json_instant(b, to, "changedAt", sql_int(q, 6));
}

int answer_user(struct api_call *call, cJSON *to, const char *user)
{
    AUTO(sql_query) q = sql_query(call->s, select_users);
    sql_bind_text(q, 1, user);
    sql_bind_int(q, 2, 1);
    int n = sql_step(q);
    if (n == 1)
        add_user(call, to, q);
    return n < 0 ? n : n == 0;
}

int answer_users(struct api_call *call)
{
    cJSON *items = http_json_add_array(&call->answer, call->root, "items");
    AUTO(sql_query) q = sql_query(call->s, select_users);
    sql_bind_text(q, 1, "");
    sql_bind_int(q, 2, USERS_MAX);
    int n = 0;
    while ((n = sql_step(q)) == 1)
        add_user(call, http_json_add_object(&call->answer, items, NULL), q);
    return n;
}
