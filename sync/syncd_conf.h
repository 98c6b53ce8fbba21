/* SPDX-License-Identifier: Apache-2.0 */
/* sync/syncd_conf.h -- everything that can be configured of syncd. The table in the .c file is the
 * manual: syncd --print-config prints it. */
#pragma once

#include <stdint.h>

#include "conf.h"

#define SYNCD_PATH_SIZE 200
#define SYNCD_BROKERS_SIZE 520

struct syncd_conf {
    /* [site] */
    char folder[SYNCD_PATH_SIZE]; /* journal.db, read; inbox.db and identity/, written */

    /* [relay] */
    char url[SYNCD_PATH_SIZE];        /* "" none: the identity is laid into the folder by hand */
    char ca[SYNCD_PATH_SIZE];         /* authority of that server; "" the system's */
    char claim[SYNCD_PATH_SIZE];      /* file with the claim code; "" none */
    char brokers[SYNCD_BROKERS_SIZE]; /* instead of those that the relay gave */
    int64_t shard;

    /* [link] */
    int64_t flush_ms;
    int64_t flush_entries;
    int64_t early_behind;
    int64_t keepalive_s;
    int64_t retry_s;
    int wire; /* enum syncd_wire */

    /* [clock] */
    char clock[132];
};

enum syncd_wire { SYNCD_WIRE_ZSTD, SYNCD_WIRE_COLUMNS, SYNCD_WIRE_JSON };

extern const struct conf_table syncd_conf_table;
