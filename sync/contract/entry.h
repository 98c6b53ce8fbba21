/* SPDX-License-Identifier: Apache-2.0 */
/* contract/entry.h -- what a journal is made of: one entry says one thing that happened at a site.
 * All kinds share one record; a table says which fields a kind needs and may carry. The record, its
 * checks, its bytes (entry_codec.h) and its effect on stock (stock_effect.h) all read that table.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "clock_trust.h"
#include "diag.h"
#include "stock_status.h"

/* Sizes with the NUL. A code is printable ASCII without blanks at its ends, a text is UTF-8. */
#define ENTRY_WORKER_SIZE 17
#define ENTRY_DEVICE_SIZE 33
#define ENTRY_SKU_SIZE 25
#define ENTRY_BATCH_SIZE 21 /* GS1 application identifier 10: at most 20 characters */
#define ENTRY_BIN_SIZE 17
#define ENTRY_DOCUMENT_SIZE 33
#define ENTRY_PARTY_SIZE 33
#define ENTRY_REASON_SIZE 33
#define ENTRY_NOTE_SIZE 161
#define ENTRY_SCAN_SIZE 513 /* a scanner's frame holds at most 512 bytes */
#define ENTRY_SHA256_SIZE 32

/* The numbers travel: they never change their meaning, and a new kind takes a new number. */
enum entry_kind {
    /* The journal about itself. */
    ENTRY_OPENED = 1,   /* first of an epoch: note = site */
    ENTRY_BOOTED = 2,   /* the appliance started: note = software version */
    ENTRY_ANCHORED = 3, /* the relay's time: amount = relay wall ms, observed = error ms */
    ENTRY_APPLIED = 4,  /* a document took effect: document, line = version, sha256 */
    ENTRY_SIGNED_IN = 5,
    ENTRY_SIGNED_OUT = 6,

    /* Stock. qty is in base units of the SKU, and positive but in ADJUSTED. */
    ENTRY_OPENING = 10,       /* stock that was there when the journal began */
    ENTRY_RECEIVED = 11,      /* from a supplier: party, document */
    ENTRY_MOVED = 12,         /* bin -> bin_to */
    ENTRY_PICKED = 13,        /* sold: left the warehouse for an outlet */
    ENTRY_RETURNED = 14,      /* came back from an outlet */
    ENTRY_DISPATCHED = 15,    /* left for another site: document = transfer, party = site */
    ENTRY_ARRIVED = 16,       /* came from another site */
    ENTRY_LOST = 17,          /* dispatched to here but not in the load: nothing enters stock */
    ENTRY_SENT_BACK = 18,     /* returned to the supplier */
    ENTRY_DISPOSED = 19,      /* destroyed or given away: reason, note = evidence, witness */
    ENTRY_COUNTED = 20,       /* observed against expected: its effect is the difference */
    ENTRY_ADJUSTED = 21,      /* qty signed, with a reason */
    ENTRY_RESTATED = 22,      /* status -> status_to where it lies */
    ENTRY_CORRECTED_OUT = 23, /* booked under a wrong batch: leaves it ... */
    ENTRY_CORRECTED_IN = 24,  /* ... and, in the same unit of entries, enters the right one */

    /* What was seen, and what follows from it. */
    ENTRY_WEIGHED = 30,  /* amount = grams, device = scale, scan = its frame */
    ENTRY_CAPTURED = 31, /* a code that nothing is known of: scan, qty as counted */
    ENTRY_BOUND = 32,    /* it got its SKU: corrects = seq of the capture, line = units a code */
    ENTRY_REFUSED = 33,  /* a scan or step that was not accepted: reason, scan */
    ENTRY_FLAGGED = 34,  /* a SKU or batch changed its state of risk: reason = new state */
    ENTRY_ALERTED = 35,  /* reason = which alert */
    ENTRY_ACKNOWLEDGED = 36, /* corrects = seq of the alert */
    ENTRY_SNOOZED = 37,      /* corrects = seq of the alert, due_day = silent until */
    ENTRY_PRINTED = 38,      /* document = print job, note = template and version */
    ENTRY_TASK_DONE = 39,    /* document = task, reason = how it ended */
};
#define ENTRY_KIND_MAX 64

/* What a printed date means. They stay distinct for ever, though the first two stop a sale
 * alike. */
enum expiry_kind {
    EXPIRY_USE_BY = 0,      /* expiry or use by: GS1 17 */
    EXPIRY_BEST_BEFORE = 1, /* GS1 15 */
    EXPIRY_SELL_BY = 2,     /* GS1 16 */
    EXPIRY_COMPUTED = 3,    /* manufacture date + shelf life: no date was printed */
};
#define EXPIRY_KIND_COUNT 4

/* Which batch of a SKU: what is printed on the goods. Expiry and MRP are part of the key, because
 * one number is printed on goods of two dates and of two prices often enough. */
struct batch_key {
    char number[ENTRY_BATCH_SIZE]; /* "": goods without a batch number */
    int32_t expiry_day;            /* CIVIL_NONE: no date is known */
    int64_t mrp_paise;             /* per base unit's pack, as printed; 0: not printed */
};

struct entry {
    /* Given by the journal when it appends. */
    int64_t seq;     /* 1, 2, 3, ... within the epoch */
    int64_t wall_ms; /* UTC */
    int64_t mono_ms; /* since boot */
    int64_t boot;    /* number of the boot */
    int32_t trust;   /* enum clock_trust */
    int32_t rest;    /* how many entries of the same unit follow: all of a unit or none */

    int32_t kind;    /* enum entry_kind */
    int32_t version; /* of the kind's meaning; 1 */

    char worker[ENTRY_WORKER_SIZE]; /* who; "": the appliance by itself */
    char device[ENTRY_DEVICE_SIZE]; /* scanner, scale or screen it came by */

    char sku[ENTRY_SKU_SIZE];
    struct batch_key batch;
    int32_t expiry_kind; /* enum expiry_kind */
    int32_t made_day;    /* manufacture; CIVIL_NONE */
    int32_t status;      /* enum stock_status */
    int32_t status_to;
    char bin[ENTRY_BIN_SIZE];
    char bin_to[ENTRY_BIN_SIZE];
    int64_t qty;
    int64_t observed;    /* counted units */
    int64_t expected;    /* what the journal held just before */
    int64_t value_paise; /* landed cost of qty, without credited tax */

    char document[ENTRY_DOCUMENT_SIZE]; /* number of the order, delivery, transfer, task, ... */
    int32_t line;                       /* of the document, or as the kind says */
    char party[ENTRY_PARTY_SIZE];       /* outlet, supplier or site */
    char reason[ENTRY_REASON_SIZE];     /* a code: see reason.h */
    char note[ENTRY_NOTE_SIZE];
    char witness[ENTRY_WORKER_SIZE];
    char proposed[ENTRY_BATCH_SIZE]; /* the batch that FEFO proposed and the worker did not take */
    int64_t corrects;                /* seq of an earlier entry of this journal */
    int64_t amount;                  /* as the kind says */
    int32_t due_day;    /* as the kind says; of goods that come in or are sent on: when they
                           first came to the distributor, so that their age goes with them */
    int32_t score;      /* 0..100 */
    int64_t risk_units; /* base units */
    int64_t risk_paise;

    uint8_t sha256[ENTRY_SHA256_SIZE];
    uint16_t sha256_len;               /* 0 or ENTRY_SHA256_SIZE */
    uint8_t scan[ENTRY_SCAN_SIZE - 1]; /* the untouched bytes of a device */
    uint16_t scan_len;
};

/* An entry of that kind with no date known and all else empty. */
struct entry entry_new(enum entry_kind kind);

/* static; the word used on the wire and in reports. NULL for a number that is no kind. */
const char *entry_kind_name(int32_t kind);

/* -EINVAL for another word. */
NODISCARD int entry_kind_parse(const char *name, enum entry_kind *ret);

const char *expiry_kind_name(int32_t kind); /* static; NULL for a number that is none */

/* Whether the record makes sense: a known kind, every field that the kind needs, none that it does
 * not know, numbers in their ranges, texts that are UTF-8 without control characters. What the
 * journal gives (seq, times, rest) is not looked at.
 *   -EINVAL  with *reterr naming the kind, the field and what is allowed
 *   -EPROTO  a kind or version of a newer release: set aside, do not drop */
NODISCARD int entry_check(const struct entry *e, struct diag *reterr);

bool batch_key_equal(const struct batch_key *a, const struct batch_key *b);

/* The table of fields, for whoever goes through an entry field by field. */
enum entry_field_type {
    ENTRY_FIELD_I32,
    ENTRY_FIELD_I64,
    ENTRY_FIELD_CODE, /* char[]: printable ASCII */
    ENTRY_FIELD_TEXT, /* char[]: UTF-8 */
    ENTRY_FIELD_BYTES,
};

struct entry_field {
    const char *name; /* as in JSON */
    int id;           /* column number on the wire: never changes its meaning */
    enum entry_field_type type;
    size_t offset;
    size_t size;       /* of the array; 0 for numbers */
    size_t len_offset; /* ENTRY_FIELD_BYTES: where its uint16_t length is */
    int64_t absent;    /* the number that stands for "not there" and is not encoded */
    int64_t min;
    int64_t max;
};

/* In ascending order of id, from 1 on without a gap. */
const struct entry_field *entry_fields(size_t *ret_count);

/* NULL: no field has that id. */
const struct entry_field *entry_field_of(int64_t id);

/* A bit for each id: which fields hold something other than "not there". */
uint64_t entry_present(const struct entry *e);

/* Whether the field holds something other than "not there". */
bool entry_field_present(const struct entry *e, const struct entry_field *f);
int64_t entry_field_number(const struct entry *e, const struct entry_field *f);
