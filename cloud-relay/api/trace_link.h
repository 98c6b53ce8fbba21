/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api/trace_link.h -- the chain from a scan to what it led to, link by link, from either end: which
 * entries brought the goods of a case and what was found, decided, sent, carried out and settled;
 * and what followed from one entry. Relational: every link is a row that is there, found by an
 * index (009_trace.sql). It judges nothing, and whether the caller may see the case or the entry's
 * site is the handler's to ask before.
 *
 * Links come by stages in the order of the tables in trace_stage.c, within one by time. A page ends
 * at "STAGE|NUMBER|ID". What a page reads is bounded by what the case or the entry itself led to.
 */
#pragma once

#include <stdint.h>

#include "api_call.h"
#include "attr.h"
#include "entry.h"

struct trace_case { /* of which the links are wanted */
    char case_id[40];
    char site[ENTRY_PARTY_SIZE];
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
};

struct trace_entry {
    char device[ENTRY_DEVICE_SIZE];
    int64_t epoch;
    int64_t seq;
    char site[ENTRY_PARTY_SIZE];
    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    char document[ENTRY_DOCUMENT_SIZE];
};

/* Adds "items" and "next", by the request's limit and after. Refuses an `after` that is none. */
NODISCARD int trace_links_of_case(struct api_call *call, const struct trace_case *c);
NODISCARD int trace_links_of_entry(struct api_call *call, const struct trace_entry *e);

/* Adds {device, epoch, sequence, chainHash} as "entry". chainHash is the head of the journal's
 * chain at that entry (identity/chain.h), recomputed from the archived batch before it. */
NODISCARD int trace_add_entry(struct api_call *call, cJSON *to, const char *device, int64_t epoch,
                              int64_t seq);
