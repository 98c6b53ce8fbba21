/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/property/shim_agents.h -- the relay's agents over one tenant's store, for Python by ctypes.
 */
#pragma once

#include <stdint.h>

struct agents_shim;

int agents_shim_open(const char *folder, const char *tenant, int64_t now_ms,
                     struct agents_shim **ret);
void agents_shim_close(struct agents_shim *h);
const char *agents_shim_why(struct agents_shim *h);
int agents_shim_run(struct agents_shim *h, const char *text);
const char *agents_shim_lines(struct agents_shim *h, const char *text);
int agents_shim_set(struct agents_shim *h, const char *name, const char *scope, const char *value,
                    int64_t now_ms);
int agents_shim_propose(struct agents_shim *h, const char *sku, const char *batch,
                        int32_t expiry_day, const char *from, const char *to, int64_t units,
                        int64_t landed_paise, int64_t now_ms, char *ret_id);
int agents_shim_approve(struct agents_shim *h, const char *id, const char *by, int64_t now_ms);
int agents_shim_settle(struct agents_shim *h, int64_t now_ms);
