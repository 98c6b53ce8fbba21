/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_user.h"
#include "api_account.h"
#include "api_handlers.h"
#include "api_password.h"
#include "api_quota.h"
#include "api_state.h"

int handle_list_users(struct api_call *call)
{
    return answer_users(call);
}

/* Joins the names by "+", which therefore no name may hold. */
static int join_territories(struct api_call *call, char ret[ACCOUNT_TERRITORIES_SIZE])
{
    size_t len = 0;
    ret[0] = '\0';
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(call->body, "territories"))
    {
        if (strchr(one->valuestring, '+'))
            return api_refuse(call, 422, "territory", "territories", "names without +",
                              "a territory's name holds a +");
        int n = snprintf(ret + len, ACCOUNT_TERRITORIES_SIZE - len, "%s%s", len > 0 ? "+" : "",
                         one->valuestring);
        if (n < 0 || (size_t)n >= ACCOUNT_TERRITORIES_SIZE - len)
            return api_refuse(call, 422, "territory", "territories", "", "there are too many");
        len += (size_t)n;
    }
    return 0;
}

/* The answer, and the audit record with the user as he was and is. */
static int conclude(struct api_call *call, const char *type, const char *user, const char *before)
{
    int err = answer_user(call, call->root, user);
    char *after = err == 0 && call->answer.root ? cJSON_PrintUnformatted(call->answer.root) : NULL;
    if (err < 0 || !after)
        return err < 0 ? err : -ENOMEM;
    char subject[EVENT_SUBJECT_SIZE];
    snprintf(subject, sizeof(subject), "user:%s", user);
    struct api_change change = {.type = type,
                                .subject = subject,
                                .place = "",
                                .why = "asked for",
                                .before = before,
                                .after = after};
    err = api_audit(call, &change);
    free(after);
    return err;
}

int handle_create_user(struct api_call *call)
{
    char territories[ACCOUNT_TERRITORIES_SIZE];
    int err = join_territories(call, territories);
    if (err < 0)
        return err;
    struct account account = {
        .user = api_body_text(call, "user", ""),
        .name = api_body_text(call, "name", ""),
        .territories = territories,
        .password = api_body_text(call, "password", ""),
    };
    if (api_role_parse(api_body_text(call, "role", ""), &account.role) < 0)
        return -EINVAL;
    err = api_quota_check(call, QUOTA_USERS, "user");
    if (err == 0)
        err = account_make(call->s, &account, api_real_ms());
    if (err == -EEXIST)
        return api_refuse(call, 409, "exists", "user", "another name",
                          "there is a user of that name");
    return err < 0 ? err : conclude(call, "UserCreated", account.user, "");
}

/* A distributor without an owner could never be changed again. */
static int check_owner_left(struct api_call *call, const char *user)
{
    static const char select[] = "SELECT count(*) FROM account_user WHERE role = 'owner' AND"
                                 " state = 'active' AND territories = '' AND user_name <> $1";
    bool stays =
        strcmp(api_body_text(call, "role", ""), "owner") == 0 &&
        strcmp(api_body_text(call, "state", ""), "active") == 0 &&
        cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(call->body, "territories")) == 0;
    if (stays)
        return 0;
    AUTO(sql_query) q = sql_query(call->s, select);
    sql_bind_text(q, 1, user);
    int n = sql_step(q);
    if (n < 0)
        return n;
    return sql_int(q, 0) > 0 ? 0
                             : api_refuse(call, 422, "last_owner", "role", "",
                                          "one active owner of all territories must stay");
}

static int update_user(struct api_call *call, const char *user, const char *territories)
{
    static const char update[] =
        "UPDATE account_user SET name = $2, role = $3, territories = $4, state = $5,"
        " password_hash = CASE WHEN $6 = '' THEN password_hash ELSE $6 END, failures = 0,"
        " locked_until_ms = 0, token_version = token_version + 1, changed_ms = $7"
        " WHERE user_name = $1";
    char hash[API_HASH_SIZE] = "";
    const char *password = api_body_text(call, "password", "");
    int err = password[0] != '\0' ? api_password_hash(password, hash) : 0;
    if (err < 0)
        return err;
    AUTO(sql_query) q = sql_query(call->s, update);
    sql_bind_text(q, 1, user);
    sql_bind_text(q, 2, api_body_text(call, "name", ""));
    sql_bind_text(q, 3, api_body_text(call, "role", ""));
    sql_bind_text(q, 4, territories);
    sql_bind_text(q, 5, api_body_text(call, "state", ""));
    sql_bind_text(q, 6, hash);
    sql_bind_int(q, 7, api_real_ms());
    return sql_run(q);
}

int handle_put_user(struct api_call *call)
{
    const char *user = api_arg(call, "user");
    cJSON *was = cJSON_CreateObject();
    int err = was ? answer_user(call, was, user) : -ENOMEM;
    char *before = err == 0 ? cJSON_PrintUnformatted(was) : NULL;
    cJSON_Delete(was);
    if (err != 0)
        return err < 0 ? err : api_absent(call, "user", user);
    char territories[ACCOUNT_TERRITORIES_SIZE];
    err = join_territories(call, territories);
    if (err == 0)
        err = check_owner_left(call, user);
    if (err == 0)
        err = update_user(call, user, territories);
    if (err == 0)
        err = conclude(call, "UserChanged", user, before ? before : "");
    free(before);
    return err;
}
