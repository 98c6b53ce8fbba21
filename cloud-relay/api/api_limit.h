/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_limit.h -- token buckets by name: how often a tenant, a user or an address may ask.
 * Bounded: when the table is full, the bucket that was full for longest gives way, which forgets
 * nothing. Pure: times are told. One owner. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attr.h"

#define API_LIMIT_NAME_SIZE 96

struct api_limit { /* how fast a bucket fills, and how much it holds */
    int64_t per_s; /* 1 or more */
    int64_t burst; /* 1 or more */
};

struct api_limits;

NODISCARD int api_limits_open(size_t buckets, struct api_limits **ret); /* -ENOMEM */
void api_limits_free(struct api_limits *l);
DEFINE_AUTO(api_limits);

/* 0: go on; else in how many seconds to come again, 1 or more. now_ms never goes back. */
int api_limits_take(struct api_limits *l, const char *name, const struct api_limit *limit,
                    int64_t now_ms);
