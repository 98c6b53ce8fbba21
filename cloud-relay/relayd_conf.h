/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud-relay/relayd_conf.h -- everything that can be configured of relayd. The table in the .c
 * file is the manual: relayd --print-config prints it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"

#define RELAYD_PATH_SIZE 200
#define RELAYD_WORD_SIZE 68
#define RELAYD_BROKERS_MAX 4

struct relayd_conf {
    /* [relay] */
    char store[RELAYD_PATH_SIZE * 2]; /* address of store/sql.h */
    char role[RELAYD_WORD_SIZE];      /* joined by commas */
    int64_t workers;
    int64_t queue; /* messages that wait for a worker */
    int safe;      /* enum ingest_safe, in its order */

    /* [clock] */
    char clock[RELAYD_WORD_SIZE * 2];

    /* [mqtt] */
    char name[RELAYD_WORD_SIZE];
    char brokers[RELAYD_BROKERS_MAX][RELAYD_WORD_SIZE * 2];
    char ca[RELAYD_PATH_SIZE];
    char certificate[RELAYD_PATH_SIZE];
    char key[RELAYD_PATH_SIZE];
    int64_t keepalive_s;
    int64_t retry_s;

    /* [ingest] */
    int64_t window;
    int64_t flush_ms;

    /* [api] */
    char api_bind[RELAYD_WORD_SIZE];
    int64_t api_port;
    char api_host[RELAYD_WORD_SIZE];
    char api_certificate[RELAYD_PATH_SIZE];
    char api_key[RELAYD_PATH_SIZE];
    char api_secret[RELAYD_PATH_SIZE];
    char api_metrics_token[RELAYD_PATH_SIZE];
    char api_authority[RELAYD_PATH_SIZE];
    char api_console[RELAYD_PATH_SIZE];
    int64_t api_seats;
    int64_t api_connections;
    int64_t api_tenant_per_s;
    int64_t api_user_per_s;

    /* [channels] */
    char channels_folder[RELAYD_PATH_SIZE];
    char channels_url[RELAYD_PATH_SIZE];
    char channels_ca[RELAYD_PATH_SIZE];
};

extern const struct conf_table relayd_conf_table;
