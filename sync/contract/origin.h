/* SPDX-License-Identifier: Apache-2.0 */
/* contract/origin.h -- which journal an entry stands in: the tenant, the device, and the epoch, one
 * life of the device's storage. With the sequence it identifies an entry for ever. */
#pragma once

#include <stdint.h>

#include "attr.h"
#include "diag.h"

#define ORIGIN_TENANT_SIZE 33 /* with NUL */
#define ORIGIN_DEVICE_SIZE 33

struct origin {
    char tenant[ORIGIN_TENANT_SIZE];
    char device[ORIGIN_DEVICE_SIZE];
    uint32_t epoch; /* 1, 2, ... */
};

/* Names are 1 to 32 of a-z, 0-9 and -, so that they can stand in topics, certificates and file
 * names as they are. -EINVAL with *reterr. */
NODISCARD int origin_check(const struct origin *origin, struct diag *reterr);
