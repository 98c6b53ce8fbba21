/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api_account.h"
#include "relayctl.h"

#define PASSWORD_LEAST 12
#define PASSWORD_SIZE 258 /* with its newline */

struct new_user {
    struct account account;
    char password[PASSWORD_SIZE];
};

static int add_user(struct sql *s, void *context, struct diag *why)
{
    const struct new_user *u = context;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    int err = account_make(s, &u->account, (int64_t)t.tv_sec * 1000);
    if (err == -EEXIST)
        diag_set(why, 0, "user \"%.48s\" is there already", u->account.user);
    return err;
}

/* The password is a line of standard input: a command line can be seen by others. */
int ctl_user_add(const struct ctl *c, char **words, int count)
{
    struct diag why = {0};
    struct new_user u = {
        .account = {.user = words[1], .name = words[1], .territories = count > 3 ? words[3] : ""}};
    u.account.password = u.password;
    if (api_role_parse(words[2], &u.account.role) < 0)
        diag_set(&why, 0,
                 "role \"%.20s\": owner, manager, procurement, field, technician, auditor,"
                 " agent",
                 words[2]);
    else if (strlen(words[1]) >= API_USER_SIZE ||
             strspn(words[1], "abcdefghijklmnopqrstuvwxyz0123456789._@-") != strlen(words[1]))
        diag_set(&why, 0, "user \"%.48s\": 1 to 48 of a-z 0-9 . _ @ -", words[1]);
    else if (!fgets(u.password, sizeof(u.password), stdin))
        diag_set(&why, 0, "its password is wanted on standard input");
    u.password[strcspn(u.password, "\n")] = '\0';
    if (why.text[0] == '\0' && strlen(u.password) < PASSWORD_LEAST)
        diag_set(&why, 0, "a password has at least %d bytes", PASSWORD_LEAST);
    int err = why.text[0] != '\0' ? ctl_complain(words[0], &why, -EINVAL)
                                  : ctl_with(c->store, words[0], SQL_WRITE, add_user, &u);
    explicit_bzero(u.password, sizeof(u.password));
    return err;
}
