/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relayctl.h -- the commands of relayctl, one file a group. Each says on stderr what is
 * wrong and answers 0 or a negative errno. */
#pragma once

#include "attr.h"
#include "diag.h"
#include "sql.h"

struct ctl {
    const char *store;    /* address of store/sql.h */
    const char *channels; /* folder of channels/channel_account.h */
};

int ctl_tenant_add(const struct ctl *c, char **words, int count);
int ctl_tenant_list(const struct ctl *c, char **words, int count);
int ctl_site_put(const struct ctl *c, char **words, int count);
int ctl_device_add(const struct ctl *c, char **words, int count);
int ctl_device_list(const struct ctl *c, char **words, int count);
int ctl_device_epoch(const struct ctl *c, char **words, int count);
int ctl_device_revoke(const struct ctl *c, char **words, int count);
int ctl_device_release(const struct ctl *c, char **words, int count);
int ctl_command_add(const struct ctl *c, char **words, int count);
int ctl_command_list(const struct ctl *c, char **words, int count);
int ctl_document_put(const struct ctl *c, char **words, int count);
int ctl_document_list(const struct ctl *c, char **words, int count);
int ctl_user_add(const struct ctl *c, char **words, int count);
int ctl_claim_create(const struct ctl *c, char **words, int count);
int ctl_claim_list(const struct ctl *c, char **words, int count);
int ctl_claim_revoke(const struct ctl *c, char **words, int count);
int ctl_channel_set(const struct ctl *c, char **words, int count);
int ctl_channel_list(const struct ctl *c, char **words, int count);
int ctl_channel_check(const struct ctl *c, char **words, int count);
int ctl_channel_reports(const struct ctl *c, char **words, int count);
int ctl_quota_set(const struct ctl *c, char **words, int count);
int ctl_quota_list(const struct ctl *c, char **words, int count);
int ctl_store_verify(const struct ctl *c, char **words, int count);
int ctl_store_secured(const struct ctl *c, char **words, int count);
int ctl_store_digest(const struct ctl *c, char **words, int count);
int ctl_store_rebuild(const struct ctl *c, char **words, int count);
int ctl_store_compare(const struct ctl *c, char **words, int count);
int ctl_store_restore(const struct ctl *c, char **words, int count);
int ctl_store_replay(const struct ctl *c, char **words, int count);

/* Says what failed, and returns err. */
int ctl_complain(const char *what, const struct diag *why, int err);

/* A transaction on a tenant's store: `work` in between, committed when it returns 0. */
typedef int (*ctl_work_fn)(struct sql *s, void *context, struct diag *why);
NODISCARD int ctl_with(const char *address, const char *tenant, enum sql_mode mode,
                       ctl_work_fn work, void *context);
