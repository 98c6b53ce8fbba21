/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "relayctl.h"

int ctl_complain(const char *what, const struct diag *why, int err)
{
    if (why && why->line > 0)
        fprintf(stderr, "relayctl: %s line %d: %s\n", what, why->line, why->text);
    else
        fprintf(stderr, "relayctl: %s: %s\n", what,
                why && why->text[0] ? why->text : strerror(-err));
    return err;
}

int ctl_with(const char *address, const char *tenant, enum sql_mode mode, ctl_work_fn work,
             void *context)
{
    AUTO(sql) s = NULL;
    struct diag why = {0};
    int err = sql_open(address, tenant, &why, &s);
    if (err == 0)
        err = sql_begin(s, mode);
    if (err == 0)
        err = work(s, context, &why);
    if (err == 0 && mode == SQL_WRITE)
        err = sql_commit(s);
    if (err < 0 && why.text[0] == '\0' && s && sql_words(s)[0])
        diag_set(&why, 0, "%s: %.100s", strerror(-err), sql_words(s));
    return err < 0 ? ctl_complain(tenant, &why, err) : 0;
}
