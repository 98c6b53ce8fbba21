/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orchestrator/domain_event.h -- the six domain events with exactly the fields that the mission
 * gives them, to and from JSON, and their one way into the relay's journal. Money is paise,
 * quantities are base units, scores 0 to 100. It decides nothing.
 *
 *   field "timestamp"  UTC, "2026-11-21T09:10:11.123Z"
 *   field "eventId"    the first 32 hexadecimal digits of SHA-256 over tenant, type, subject and
 *                      cause, each ended by a newline: whoever tells the same event again gives it
 *                      the same id
 * A field that is not known is 0 or "" in C and null in JSON where it is a text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "diag.h"
#include "entry.h"
#include "event.h"

#define DOMAIN_EVENT_VERSION 1
#define DOMAIN_EVENT_LIST_MAX 5000 /* outlets of a distributor */
#define DOMAIN_ID_SIZE 33
#define DOMAIN_WORD_SIZE 33
#define DOMAIN_TEXT_SIZE 257

/* Texts of a list. What domain_event_read() made owns them; a writer may borrow. */
struct domain_list {
    const char *const *texts;
    size_t count;
};

struct inventory_updated {
    char sku[ENTRY_SKU_SIZE];
    char territory[DOMAIN_WORD_SIZE];
    char batch[ENTRY_BATCH_SIZE];
    int64_t change;
    int64_t balance;
    char cause[EVENT_CAUSE_SIZE];
};

struct domain_impact { /* as rules/financial_impact.h has it */
    int64_t carrying_paise;
    int64_t opportunity_paise;
    int64_t disposal_paise;
    int64_t transport_paise;
    int64_t total_paise;
};

struct dead_stock_detected {
    char sku[ENTRY_SKU_SIZE];
    char territory[DOMAIN_WORD_SIZE];
    int64_t dead_stock_score;
    int64_t days_without_movement;
    struct domain_impact financial_impact; /* {carrying, opportunity, disposal, transport, total} */
    struct domain_list recommended_actions;
};

struct domain_recommendation { /* the mission's ReallocationRecommendation */
    char recommendation_id[DOMAIN_ID_SIZE];
    char source_sku[ENTRY_SKU_SIZE];
    char source_territory[DOMAIN_WORD_SIZE];
    char target_territory[DOMAIN_WORD_SIZE];
    int64_t quantity;
    int64_t transportation_cost_paise;
    int64_t expected_revenue_paise;
    int64_t urgency_score;
    char compliance_status[DOMAIN_WORD_SIZE]; /* compliant, requires_review */
};

struct reallocation_opportunity {
    struct domain_recommendation recommendation; /* recommendationId stands beside it too */
};

struct reallocation_executed {
    char recommendation_id[DOMAIN_ID_SIZE];
    char execution_status[DOMAIN_WORD_SIZE]; /* success, failed, partial */
    int64_t actual_quantity;
    int64_t actual_cost_paise;
    struct domain_list compliance_documents; /* numbers of challans, invoices, e-way bills */
};

struct campaign_triggered {
    char campaign_id[DOMAIN_ID_SIZE];
    struct domain_list skus;
    struct domain_list target_retailers;
    struct domain_list channels;
};

struct compliance_violation {
    char rule[DOMAIN_WORD_SIZE];
    char subject[EVENT_SUBJECT_SIZE];
    char severity[DOMAIN_WORD_SIZE]; /* info, warning, critical */
    bool blocking;
    char evidence[DOMAIN_TEXT_SIZE];
};

enum domain_event_type {
    DOMAIN_INVENTORY_UPDATED,
    DOMAIN_DEAD_STOCK_DETECTED,
    DOMAIN_REALLOCATION_OPPORTUNITY,
    DOMAIN_REALLOCATION_EXECUTED,
    DOMAIN_CAMPAIGN_TRIGGERED,
    DOMAIN_COMPLIANCE_VIOLATION,
};
#define DOMAIN_EVENT_TYPE_COUNT 6
const char *domain_event_name(enum domain_event_type type); /* static; as in event_type.h */

struct domain_event {
    enum domain_event_type type;
    char event_id[DOMAIN_ID_SIZE];
    int64_t timestamp_ms;
    char distributor_id[DOMAIN_WORD_SIZE]; /* the tenant; of the first two types */
    union {
        struct inventory_updated inventory_updated;
        struct dead_stock_detected dead_stock_detected;
        struct reallocation_opportunity reallocation_opportunity;
        struct reallocation_executed reallocation_executed;
        struct campaign_triggered campaign_triggered;
        struct compliance_violation compliance_violation;
    };
};

/* The JSON object, in memory from malloc() that the caller frees. NULL: out of memory. */
NODISCARD char *domain_event_write(const struct domain_event *e);

/* Reads what domain_event_write() wrote, of this version or an older one. The caller frees the
 * event. A field that this version does not know is passed over.
 *   -EPROTO   an unknown type, or a version of a newer release: set it aside
 *   -EBADMSG  *reterr: a field is missing, of another type, or too long */
NODISCARD int domain_event_read(const char *type, int32_t version, const char *json,
                                struct diag *reterr, struct domain_event **ret);
void domain_event_free(struct domain_event *e); /* of domain_event_read(); NULL is fine */
DEFINE_AUTO(domain_event);

/* Gives the event its id, its time and its distributor, and appends it in the caller's write
 * transaction. Answers as event_append(). */
struct domain_event_origin {
    const char *actor, *subject, *cause, *trace;
    int64_t wall_ms;
};
NODISCARD int domain_event_append(struct sql *s, struct domain_event *e,
                                  const struct domain_event_origin *origin, int64_t *ret_seq);
