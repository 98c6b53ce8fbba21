/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/api_metrics.h -- counts of what the API answered, by route and class of status, how long it
 * took, and what became of providers' callbacks; and their text in Prometheus's exposition format
 * 0.0.4. Thread-safe. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "api_document.h"
#include "attr.h"
#include "channel_message.h"

struct api_metrics;

NODISCARD int api_metrics_open(size_t routes, struct api_metrics **ret); /* -ENOMEM */
void api_metrics_free(struct api_metrics *m);
DEFINE_AUTO(api_metrics);

/* route: its index; `routes` for what is no route. */
void api_metrics_count(struct api_metrics *m, size_t route, unsigned status, int64_t took_us);

enum callback_result { CALLBACK_TAKEN, CALLBACK_REFUSED, CALLBACK_MALFORMED };
#define CALLBACK_RESULT_COUNT 3

/* A body that a provider sent. */
void api_metrics_callback(struct api_metrics *m, enum message_channel channel,
                          enum callback_result result);

/* Writes them, with the ids of the routes. */
void api_metrics_write(const struct api_metrics *m, const struct api_route *routes, FILE *out);

/* Memory and processor time of the process. */
void api_metrics_write_process(FILE *out);
