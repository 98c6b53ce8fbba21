/* SPDX-License-Identifier: Apache-2.0 */
#include "origin.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

static int check_name(const char *what, const char *name, struct diag *reterr)
{
    size_t len = strlen(name);
    if (len > 0 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len)
        return 0;
    diag_set(reterr, 0, "%s \"%s\": 1 to 32 of a-z, 0-9 and -", what, name);
    return -EINVAL;
}

int origin_check(const struct origin *origin, struct diag *reterr)
{
    assert(origin);
    int err = check_name("tenant", origin->tenant, reterr);
    if (err == 0)
        err = check_name("device", origin->device, reterr);
    if (err == 0 && origin->epoch == 0) {
        diag_set(reterr, 0, "epoch 0: epochs are numbered from 1");
        err = -EINVAL;
    }
    return err;
}
