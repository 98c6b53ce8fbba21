/* SPDX-License-Identifier: Apache-2.0 */
#include "site_origin.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inbox.h"
#include "journal.h"
#include "text.h"

#define PATH_SIZE (STATIOND_PATH_SIZE + 16)

static int of_journal(const char *folder, struct origin *ret)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/journal.db", folder);
    AUTO(journal) j = NULL;
    return journal_open_readonly(path, NULL, ret, NULL, &j);
}

/* 1, or 0 when nothing was granted yet. */
static int of_grant(const char *folder, struct enrolment_grant *ret)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/inbox.db", folder);
    AUTO(inbox) x = NULL;
    int err = inbox_open_readonly(path, NULL, NULL, &x);
    return err == -ENOENT ? 0 : err < 0 ? err : inbox_enrolment(x, ret);
}

int site_origin(const struct stationd_conf *conf, struct site_origin *ret)
{
    assert(conf && ret);
    struct site_origin o = {.origin = {.epoch = (uint32_t)conf->epoch}};
    text_cut(o.site, sizeof(o.site), conf->site);
    if (*conf->tenant) {
        strcpy(o.origin.tenant, conf->tenant);
        strcpy(o.origin.device, conf->device);
        *ret = o;
        return 0;
    }
    struct enrolment_grant *grant = calloc(1, sizeof(*grant));
    if (!grant)
        return -ENOMEM;
    int granted = of_grant(conf->folder, grant);
    if (granted == 1) {
        o.origin = grant->origin;
        strcpy(o.site, grant->site);
    }
    free(grant);
    /* The journal's word counts; one that this release has to migrate first cannot be read so. */
    int begun = of_journal(conf->folder, &o.origin);
    if (begun < 0 && granted < 0)
        return granted;
    if (begun < 0 && granted == 0)
        return begun == -ENOENT ? -EAGAIN : begun;
    *ret = o;
    return 0;
}
