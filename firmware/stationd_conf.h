/* SPDX-License-Identifier: Apache-2.0 */
/* firmware/stationd_conf.h -- everything that can be configured of stationd. The table in the .c
 * file is the manual: stationd --print-config prints it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"

#define STATIOND_PATH_SIZE 200
#define STATIOND_WORD_SIZE 33
#define STATIOND_DEVICE_SIZE 160
#define STATIOND_DEVICES_MAX 4 /* of a kind */
#define STATIOND_POSTS_MAX 4
#define STATIOND_INSTORE_MAX 4

struct stationd_conf {
    /* [site] */
    char tenant[STATIOND_WORD_SIZE];
    char device[STATIOND_WORD_SIZE];
    int64_t epoch;
    char site[STATIOND_WORD_SIZE];
    char folder[STATIOND_PATH_SIZE];    /* journal.db and what belongs to it */
    char documents[STATIOND_PATH_SIZE]; /* folder where documents are laid to be applied; "" none */
    int64_t disk_reserve_mb;

    /* [journal] */
    int64_t retention_days;

    /* [clock] */
    char clock[STATIOND_WORD_SIZE * 4]; /* "system", or a time-lapse for simulations */

    /* [web] */
    char bind[STATIOND_WORD_SIZE * 2];
    int64_t port;

    /* [floor] */
    char posts[STATIOND_POSTS_MAX][STATIOND_DEVICE_SIZE]; /* NAME DOCK_BIN QUARANTINE_BIN */
    int64_t repeat_ms;
    int64_t repeat_count_ms;
    int64_t sign_out_minutes;
    bool pin_required;
    int64_t recount_permille;
    bool fewest_lots;

    /* [barcode] */
    char instore[STATIOND_INSTORE_MAX][STATIOND_WORD_SIZE];
    bool plain_code128;
    bool pad_short_gtin;
    int64_t usual_batch_length;

    /* [devices]: lines as device_line.h reads them; "" is none */
    char scanners[STATIOND_DEVICES_MAX][STATIOND_DEVICE_SIZE];
    char scales[STATIOND_DEVICES_MAX][STATIOND_DEVICE_SIZE];
    char printers[STATIOND_DEVICES_MAX][STATIOND_DEVICE_SIZE];
    char indicators[STATIOND_DEVICES_MAX][STATIOND_DEVICE_SIZE];

    /* [risk] */
    int64_t grace_days;
    int64_t slow_days;
    int64_t dead_days;
    int64_t dead_horizon_days;
    int64_t carrying_permille;
    int64_t skus_max;
    int64_t batches_max;
};

extern const struct conf_table stationd_conf_table;
